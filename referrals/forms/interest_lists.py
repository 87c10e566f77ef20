"""A colleague's list of those who wish to hear of the next cohorts, and one of them who comes after all."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import FreeTextField, PlainTextField
from core.keys import key_in
from core.layout import Section, SideBySide, form_helper
from core.phones import format_phone
from core.submissions import submission_key
from outreach.enums import ActivityState, InterestAgreed
from outreach.interest_texts import interest_texts
from outreach.models import Activity, Channel, InterestedPerson, Organisation
from referrals.enums import Intake, ReferralKind
from referrals.forms.import_columns import split_name
from referrals.forms.interested import NAME_LENGTH
from referrals.forms.meetings import RECENT, EmailOrPhoneField, MeetingLines

LINES = 8
MOST_LINES = 40
NOTE_LENGTH = 200

ORIGINS = {"organisation": Organisation, "channel": Channel, "activity": Activity}


class InterestListForm(forms.Form):
    """What holds for everybody on the list: where we met, how they said yes, and that they did."""

    origin = forms.ChoiceField(
        label=_("Hvor mødte du dem?"),
        required=False,
        help_text=_("Så kan I se, hvad der virker."),
        error_messages={"invalid_choice": _("Vælg noget på listen.")},
    )
    agreed_how = forms.ChoiceField(
        label=_("Hvordan sagde de ja?"),
        choices=[(how.value, how.label) for how in (InterestAgreed.MEETING, InterestAgreed.PHONE)],
        initial=InterestAgreed.MEETING.value,
        error_messages={"required": _("Vælg, hvordan de sagde ja."), "invalid_choice": _("Vælg på listen.")},
    )
    agreed = forms.BooleanField(
        error_messages={
            "required": _("Sæt hak, når alle har sagt ja. Skriv kun dem, der har sagt ja, på listen.")
        }
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreed"].label = interest_texts().noted
        self.fields["origin"].choices = [  # type: ignore[attr-defined]
            ("", _("Ikke noget bestemt sted")),
            (_("Aktiviteter"), _options("activity", _recent())),
            (_("Organisationer"), _options("organisation", Organisation.objects.order_by("name_key", "pk"))),
            (_("Kanaler"), _options("channel", Channel.objects.in_use().by_arena())),
        ]

    @property
    def quiet_helper(self) -> Any:
        """The layout without a summary of its own: the page tells all faults together."""
        helper = form_helper(Section("Fælles for alle", SideBySide("origin", "agreed_how"), "agreed"))
        helper.template = "referrals/_fields_alone.html"
        return helper

    def where(self) -> dict[str, Any]:
        """Return the origin as `add_interested` takes it."""
        kind, _sign, key = self.cleaned_data["origin"].partition("-")
        return {kind: ORIGINS[kind].objects.get(pk=key)} if kind else {}


def _recent() -> Any:
    today = timezone.localdate()
    near = Activity.objects.exclude(state=ActivityState.DROPPED).filter(
        planned_on__range=(today - RECENT, today)
    )
    return near.order_by("-planned_on", "-pk")


def _options(kind: str, rows: Any) -> list[tuple[str, str]]:
    return [(f"{kind}-{row.pk}", str(row)) for row in rows]


class InterestLineForm(forms.Form):
    """One person: a name and how to reach them."""

    name = PlainTextField(
        label=_("Navn"),
        max_length=NAME_LENGTH,
        required_message=_("Skriv navnet"),
        autocomplete="off",
        widget=forms.TextInput(attrs={"class": "input-width-full"}),
    )
    contact = EmailOrPhoneField(label=_("Telefon eller e-mail"))
    note = FreeTextField(
        label=_("Note"),
        max_length=NOTE_LENGTH,
        required=False,
        autocomplete="off",
        widget=forms.TextInput(attrs={"class": "input-width-full"}),
    )

    def said(self) -> dict[str, Any]:
        """Return what a valid line said, as `add_interested` takes it."""
        phone, email = self.cleaned_data["contact"]
        said = {"name": self.cleaned_data["name"], "phone": phone, "email": email}
        key = submission_key(InterestLineForm, said, on=timezone.localdate())
        return {**said, "note": self.cleaned_data["note"], "submission_key": key}


def interest_lines(data: Any = None) -> Any:
    """Return the lines: empty ones, or those that were sent."""
    lines = forms.formset_factory(
        InterestLineForm,
        MeetingLines,
        extra=0 if data else LINES,
        max_num=MOST_LINES,
        absolute_max=MOST_LINES,
    )
    return lines(data or None, prefix="line")


# --- One who comes after all -----------------------------------------------------------------------


def interested_of(address: QueryDict) -> InterestedPerson | None:
    """Return whom `?interesseret=` names, who has not come yet; anything else names nobody."""
    key = key_in(address.get("interesseret", ""))
    if key is None:
        return None
    found: InterestedPerson | None = InterestedPerson.objects.filter(
        pk=key, forgotten_at=None, held_reasons=""
    ).first()
    return found


def known_of(person: InterestedPerson | None) -> dict[str, Any]:
    """Return what we know of them, as the registration form is filled in."""
    if person is None:
        return {}
    given_name, family_name = split_name(person.name)
    return {
        "given_name": given_name,
        "family_name": family_name,
        "phone": format_phone(person.phone) if person.phone else "",
        "email": person.email,
        "kind": ReferralKind.SELF.value,
        "intake": Intake.PHONE.value,
    }
