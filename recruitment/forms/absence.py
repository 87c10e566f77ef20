"""The coordinator's forms about time away: who stands in, the programme's holiday, and the week's mail."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Programme, User
from core.forms import DanishDateField
from core.layout import SideBySide, form_helper

# Longer is a leave: then somebody else has the job, and the programme is no longer on holiday.
LONGEST_HOLIDAY_DAYS = 60
LONGEST_AWAY_DAYS = 366


class _DaysForm(forms.Form):
    """A first and a last day, in order and not all past."""

    longest: int
    too_long: Any

    first = DanishDateField(label=_("Første dag"), required_message=_("Skriv den første dag."))
    last = DanishDateField(label=_("Sidste dag"), required_message=_("Skriv den sidste dag."))

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("Skriv en sidste dag, der ikke ligger før den første."))
        elif last and last < self.today:
            self.add_error("last", _("Skriv en sidste dag, der ikke er gået."))
        elif first and last and (last - first).days >= self.longest:
            self.add_error("last", self.too_long)
        return cleaned


class HolidayForm(_DaysForm):
    """The days on which nobody in the programme calls."""

    longest = LONGEST_HOLIDAY_DAYS
    too_long = _("En ferie kan højst vare 60 dage. Skriv en tidligere sidste dag.")

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        initial = {"first": programme.holiday_from, "last": programme.holiday_until}
        super().__init__(*args, initial=initial, prefix="holiday", **kwargs)
        self.helper = form_helper(SideBySide("first", "last"), mark_optional=False)


class DeputyForm(_DaysForm):
    """Who stands in for me, and when."""

    longest = LONGEST_AWAY_DAYS
    too_long = _("En vikar kan højst have et år. Skriv en tidligere sidste dag.")
    NOT_POSSIBLE = _("Vælg en anden: den kollega er selv væk en af dagene eller er ikke koordinator mere.")
    STANDS_IN = _("Du er selv vikar for en kollega en af dagene. Vælg andre dage.")

    deputy = forms.ModelChoiceField(
        label=_("Hvem er vikar?"),
        queryset=User.objects.none(),
        empty_label=_("Vælg en kollega"),
        error_messages={
            "required": _("Vælg, hvem der er vikar."),
            "invalid_choice": _("Vælg en kollega fra listen."),
        },
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        initial = {
            "deputy": membership.deputy_id,
            "first": membership.away_from,
            "last": membership.away_until,
        }
        super().__init__(*args, initial=initial, prefix="deputy", **kwargs)
        colleagues = Membership.objects.at_work().filter(programme=membership.programme_id)
        self.fields["deputy"].queryset = (  # type: ignore[attr-defined]
            User.objects.filter(pk__in=colleagues.values("user"))
            .exclude(pk=membership.user_id)
            .order_by("name", "pk")
        )
        self.order_fields(["deputy", "first", "last"])  # as they are drawn, so their faults are told in order
        self.helper = form_helper("deputy", SideBySide("first", "last"), mark_optional=False)
