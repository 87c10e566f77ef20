"""The coordinator's forms about a partnership: a contact, the next step, and what is agreed."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.danish import add_working_days
from core.forms import DanishDateField, FreeTextField, PlainTextField
from core.layout import SideBySide, form_helper
from outreach.enums import CONTACT_KINDS, ActivityKind
from outreach.models import CooperationAgreement, Organisation, Referrer
from outreach.services.activities import MINUTES_OF_A_CONTACT, TITLES_OF_CONTACTS
from recruitment.forms.outreach import MOST_MINUTES, WholeNumberField

# Half a year: often enough to change what does not work, seldom enough to have tried it.
REVIEW_AFTER = dt.timedelta(weeks=26)
# What is noted afterwards is mostly a call.
CONTACTS = sorted(CONTACT_KINDS, key=lambda kind: kind != ActivityKind.PHONE)
NOT_YET = _("Dagen er ikke kommet endnu. Skriv i dag eller en tidligere dag.")


def person_field(organisation: Organisation, *, label: Any, chosen: Referrer | None = None) -> Any:
    """Return a field to choose one of the people there, or nobody; who was chosen before may have left."""
    here = Q(left_on=None) | Q(pk=chosen.pk if chosen else None)
    return forms.ModelChoiceField(
        label=label,
        queryset=Referrer.objects.filter(here, organisation=organisation).by_name(),
        required=False,
        empty_label=_("Ingen bestemt"),
        error_messages={"invalid_choice": _("Vælg en person på listen.")},
    )


class ContactForm(forms.Form):
    """What was talked about with somebody there, noted afterwards."""

    kind = forms.ChoiceField(
        label=_("Hvad var det?"),
        choices=[(kind.value, TITLES_OF_CONTACTS[kind]) for kind in CONTACTS],
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Vælg, hvordan I talte sammen.")),
    )
    held_on = DanishDateField(label=_("Hvornår?"))
    with_leader = forms.BooleanField(label=_("Ledelsen var med"), required=False)
    minutes = WholeNumberField(
        label=_("Minutter"),
        most=MOST_MINUTES,
        message=_("Skriv minutterne som et helt tal, højst 1440."),
    )
    note = FreeTextField(
        label=_("Note"),
        required=False,
        max_length=1000,
        rows=4,
        help_text=_("Det, der er godt at huske til næste gang. Skriv ikke om borgere her."),
    )

    def __init__(self, data: Any = None, *, organisation: Organisation, today: dt.date) -> None:
        known = {"held_on": today, "minutes": MINUTES_OF_A_CONTACT}
        super().__init__(data, initial=known)
        self.today = today
        self.fields["referrer"] = person_field(organisation, label=_("Hvem talte du med?"))
        self.fields["minutes"].widget.attrs["class"] = "input-width-xs"
        self.helper = form_helper(SideBySide("kind", "held_on"), "referrer", "with_leader", "minutes", "note")

    def clean_held_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["held_on"]
        if day > self.today:
            raise ValidationError(NOT_YET)
        return day


class StepForm(forms.Form):
    """What comes next with the partner, and by when."""

    what = PlainTextField(
        label=_("Hvad er det næste?"),
        max_length=200,
        help_text=_("For eksempel: Send den nye folder til teamet"),
        required_message=_("Skriv, hvad du vil gøre, for eksempel: Ring til teamlederen."),
    )
    due_on = DanishDateField(label=_("Senest"))

    def __init__(self, data: Any = None, *, today: dt.date, current: Any = None) -> None:
        known = {"due_on": add_working_days(today, 5)}
        if current is not None:
            known = {"what": current.why, "due_on": current.due_on}
        super().__init__(data, initial=known)
        self.today = today
        self.helper = form_helper("what", "due_on")

    def clean_due_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["due_on"]
        if day < self.today:
            raise ValidationError(_("Dagen er gået. Vælg i dag eller en senere dag."))
        return day


class AgreementForm(forms.Form):
    """Who does what on each side, since when, and when it is looked at again."""

    they_do = FreeTextField(
        label=_("Det gør de"),
        max_length=2000,
        help_text=_("For eksempel: Nævner os på hvert teammøde. Spørger nye sygemeldte."),
        required_message=_("Skriv, hvad de gør, for eksempel: Nævner os på hvert teammøde."),
    )
    we_do = FreeTextField(
        label=_("Det gør I"),
        max_length=2000,
        help_text=_("For eksempel: Kommer hver sjette uge. Fortæller, hvordan det går."),
        required_message=_("Skriv, hvad I gør, for eksempel: Kommer hver sjette uge."),
    )
    agreed_on = DanishDateField(label=_("Aftalt den"))
    review_on = DanishDateField(label=_("Gennemgås næste gang"), help_text=_("Du får en opgave 14 dage før."))

    def __init__(
        self,
        data: Any = None,
        *,
        organisation: Organisation,
        current: CooperationAgreement | None,
        today: dt.date,
    ) -> None:
        known: dict[str, Any] = {"agreed_on": today, "review_on": today + REVIEW_AFTER}
        if current is not None:
            known |= {name: getattr(current, name) for name in ("they_do", "we_do", "agreed_with")}
        super().__init__(data, initial=known)
        self.today = today
        chosen = current.agreed_with if current else None
        self.fields["agreed_with"] = person_field(organisation, label=_("Aftalt med"), chosen=chosen)
        self.helper = form_helper("they_do", "we_do", "agreed_with", SideBySide("agreed_on", "review_on"))

    def clean_agreed_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["agreed_on"]
        if day > self.today:
            raise ValidationError(NOT_YET)
        return day

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        review_on = said.get("review_on")
        if review_on and review_on <= self.today:
            self.add_error("review_on", _("Vælg en dag, der kommer, så I får set på aftalen igen."))
        return said
