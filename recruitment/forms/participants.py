"""The coordinator's forms about a participant: find, correct, note a contact, move, agree."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import (
    BirthYearField,
    DanishEmailField,
    FreeTextField,
    PhoneField,
    PlainTextField,
    PostcodeField,
)
from core.layout import Section, SideBySide, form_helper
from participants.enums import (
    CHOSEN_OUTCOMES,
    AgreementKind,
    AgreementMethod,
    ContactMethod,
    ContactOutcome,
    Stage,
)
from participants.models import Participant
from recruitment.enums import AgeBand, ParticipantSort
from recruitment.queries.participants import ParticipantFilter, cohort_choices
from referrals.enums import ReferralKind

NOTE_LENGTH = 2000


class ParticipantFilterForm(forms.Form):
    """Search and filters; what an old or foreign address asks for wrongly narrows nothing."""

    search = PlainTextField(
        label=_("Søg"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        help_text=_("Navn, helt telefonnummer, e-mail eller referencenummer"),
    )
    stage = forms.ChoiceField(label=_("Trin"), required=False, choices=[("", _("Alle trin")), *Stage.choices])
    source = forms.ChoiceField(
        label=_("Kom fra"), required=False, choices=[("", _("Alle veje")), *ReferralKind.choices]
    )
    cohort = forms.TypedChoiceField(label=_("Hold"), required=False, coerce=int, empty_value=None)
    age = forms.ChoiceField(
        label=_("Alder"), required=False, choices=[("", _("Alle aldre")), *AgeBand.choices]
    )
    sort = forms.ChoiceField(label=_("Sortér efter"), required=False, choices=ParticipantSort.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Alle hold")), *cohort_choices()]
        self.fields["cohort"].choices = choices  # type: ignore[attr-defined]
        self.helper = form_helper(mark_optional=False)

    def wanted(self) -> ParticipantFilter:
        """Return what is looked for."""
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        return ParticipantFilter(**chosen)

    def is_narrowed(self) -> bool:
        """Say whether anything but the order was asked for."""
        return bool(self.errors) or self.wanted() != ParticipantFilter(sort=self.wanted().sort)


class ParticipantForm(forms.Form):
    """What we know of the person. Neither stage nor reference can be corrected here."""

    given_name = PlainTextField(
        label=_("Fornavn"), max_length=100, required_message=_("Skriv fornavnet."), autocomplete="off"
    )
    family_name = PlainTextField(
        label=_("Efternavn"), max_length=100, required_message=_("Skriv efternavnet."), autocomplete="off"
    )
    phone = PhoneField(label=_("Telefon"), required=False, autocomplete="off")
    email = DanishEmailField(label=_("E-mail"), required=False, autocomplete="off")
    contact_wishes = FreeTextField(
        label=_("Ønsker til kontakt"),
        required=False,
        rows=3,
        max_length=500,
        help_text=_("For eksempel: ring efter kl. 12, skriv en sms først."),
    )
    birth_year = BirthYearField(label=_("Fødselsår"), required=False, autocomplete="off")
    postcode = PostcodeField(label=_("Postnummer"), required=False, max_length=4, autocomplete="off")
    language = forms.ChoiceField(label=_("Sprog"), choices=settings.LANGUAGES)
    note = FreeTextField(
        label=_("Din note"),
        required=False,
        max_length=NOTE_LENGTH,
        help_text=_("Det, der er godt at huske. Personen har ret til at se det."),
    )

    def __init__(self, *args: Any, participant: Participant | None = None, **kwargs: Any) -> None:
        if participant is not None:
            kwargs["initial"] = {name: getattr(participant, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        self.helper = form_helper(
            Section(gettext("Navn"), SideBySide("given_name", "family_name")),
            Section(gettext("Kontakt"), SideBySide("phone", "email"), "contact_wishes"),
            Section(gettext("Om personen"), SideBySide("birth_year", "postcode"), "language", "note"),
        )


class ContactForm(forms.Form):
    """How an attempt to reach the person went; each outcome is a button."""

    method = forms.ChoiceField(
        label=_("Hvordan?"),
        choices=ContactMethod.choices,
        initial=ContactMethod.PHONE,
        widget=forms.Select(attrs={"class": "input-width-s"}),
        error_messages={
            "required": _("Vælg, hvordan du tog kontakt."),
            "invalid_choice": _("Vælg, hvordan du tog kontakt."),
        },
    )
    note = FreeTextField(label=_("Note"), required=False, rows=2, max_length=NOTE_LENGTH)
    outcome = forms.ChoiceField(
        choices=ContactOutcome.choices,
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Vælg, hvordan det gik: tryk på en af knapperne."),
            "invalid_choice": _("Vælg, hvordan det gik: tryk på en af knapperne."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("method", "note")
        self.helper.render_hidden_fields = False  # the pressed button carries the outcome


class MoveForm(forms.Form):
    """Where on the path the person goes; a path that closes needs an outcome."""

    to_stage = forms.ChoiceField(
        choices=Stage.choices,
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Tryk på en af knapperne under “Næste trin”."),
            "invalid_choice": _("Tryk på en af knapperne under “Næste trin”."),
        },
    )
    outcome = forms.ChoiceField(
        label=_("Hvordan endte det?"),
        choices=CHOSEN_OUTCOMES,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Vælg, hvordan det endte.")},
    )
    reason = FreeTextField(label=_("Hvad var grunden?"), required=False, rows=2, max_length=NOTE_LENGTH)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("outcome", "reason", mark_optional=False)
        self.helper.render_hidden_fields = False  # the button carries the stage

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        closing = cleaned.get("to_stage") == Stage.CLOSED
        if closing and not cleaned.get("outcome") and "outcome" not in self.errors:
            self.add_error("outcome", _("Vælg, hvordan det endte."))
        if not closing:
            cleaned["outcome"] = ""
        return cleaned


# How a yes reaches the coordinator; the public forms and the participant's own page keep their own.
WRITTEN_BY_CITIZENS = (AgreementMethod.FORM, AgreementMethod.OWN_PAGE)
SPOKEN_METHODS = [
    (method.value, method.label) for method in AgreementMethod if method not in WRITTEN_BY_CITIZENS
]


class AgreementForm(forms.Form):
    """A yes, with how it was said; or the end of one."""

    kind = forms.ChoiceField(choices=AgreementKind.choices)
    method = forms.ChoiceField(
        choices=SPOKEN_METHODS,
        required=False,
    )
    withdraw = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("withdraw") and not cleaned.get("method"):
            self.add_error("method", _("Vælg, hvordan personen sagde ja."))
        return cleaned
