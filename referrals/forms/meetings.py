"""Several people at an information meeting: what they have in common once, and one line for each."""

import datetime as dt
from collections import Counter
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import (
    BirthYearField,
    DanishDateField,
    DanishEmailField,
    FreeTextField,
    PhoneField,
    PlainTextField,
    PostcodeField,
)
from core.layout import Section, SideBySide, form_helper
from core.submissions import submission_key
from outreach.enums import ActivityState
from outreach.models import Activity
from referrals.enums import HeardAbout, ReferralKind
from referrals.forms.import_columns import split_name
from referrals.forms.kinds import REGISTRATION
from referrals.forms.kinds.fields import NAME_LENGTH, SHORT_TEXT, WORKPLACE_LENGTH
from referrals.forms.registration import PROFESSIONALS, moment_of
from referrals.services import Answers, ListedArrival, ReferrerAnswers

FIRST_LINES = 8
MORE_LINES = 4
MOST_LINES = 60
MOST_PEOPLE = 100_000
# A list of a meeting is typed in while it is remembered.
RECENT = dt.timedelta(days=90)


class EmailOrPhoneField(forms.Field):
    """One field for either: (phone in E.164 form, e-mail), one of them empty."""

    default_error_messages = {
        "required": _("Skriv telefon eller e-mail"),
        "invalid": _("Skriv et telefonnummer med 8 cifre eller en hel e-mailadresse"),
    }
    widget = forms.TextInput(attrs={"autocomplete": "off", "class": "input-width-full"})

    def clean(self, value: Any) -> tuple[str, str]:
        text = super().clean((value or "").strip())
        field: forms.Field = DanishEmailField() if "@" in text else PhoneField()
        try:
            found = field.clean(text)
        except ValidationError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        return ("", found) if "@" in text else (found, "")


class MeetingForm(forms.Form):
    """What holds for everybody on the list."""

    FUTURE = _("Vælg i dag eller en dag, der har været.")
    NO_SENDER = _("Skriv, hvem der henviser, eller hvor de arbejder")
    WHICH_ACTIVITY = _("Vælg den aktivitet, som så mange kom til.")

    received_on = DanishDateField(label=_("Hvornår var mødet?"), autocomplete="off")
    meeting = PlainTextField(
        label=_("Hvilket møde, og hvor?"),
        max_length=WORKPLACE_LENGTH,
        required=False,
        help_text=_("For eksempel: Informationsmøde på biblioteket"),
        autocomplete="off",
    )
    # What was planned and done; the figures then tell what the meeting brought.
    activity: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Aktivitet"),
        queryset=None,
        required=False,
        empty_label=_("Ingen bestemt"),
        help_text=_("Så kan I se, hvad mødet bragte."),
        error_messages={"invalid_choice": _("Vælg en aktivitet på listen.")},
    )
    people_reached = forms.IntegerField(
        label=_("Hvor mange kom i alt?"),
        required=False,
        min_value=0,
        max_value=MOST_PEOPLE,
        help_text=_("Også dem, der ikke skrev sig på."),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Skriv, hvor mange der kom, som et helt tal.")
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("Hvem kom de fra?"),
        choices=[(kind.value, kind.label) for kind in REGISTRATION.kinds],
        initial=ReferralKind.SELF.value,
        error_messages={"invalid_choice": _("Vælg, hvem de kom fra")},
    )
    referrer_workplace = PlainTextField(
        label=_("Arbejdssted"), max_length=WORKPLACE_LENGTH, required=False, autocomplete="off"
    )
    referrer_name = PlainTextField(
        label=_("Henviserens navn"), max_length=WORKPLACE_LENGTH, required=False, autocomplete="off"
    )
    agreed = forms.BooleanField(label=_("Alle på listen har sagt ja til at blive henvist"), required=False)
    feedback_allowed = forms.BooleanField(
        label=_("Henviseren, og den kollega, der overtager, må høre, hvordan det går med dem alle"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["received_on"].initial = timezone.localdate()
        recent = timezone.localdate() - RECENT
        self.fields["activity"].queryset = (  # type: ignore[attr-defined]
            Activity.objects.exclude(state=ActivityState.DROPPED)
            .filter(planned_on__range=(recent, timezone.localdate()))
            .order_by("-planned_on", "-pk")
        )
        self.fields["referrer_workplace"].widget.attrs["list"] = "known-workplaces"

    @property
    def helper(self) -> FormHelper:
        return form_helper(
            Section("Mødet", SideBySide("received_on", "meeting"), SideBySide("activity", "people_reached")),
            Section(
                "Hvem kom de fra?",
                "kind",
                SideBySide("referrer_workplace", "referrer_name"),
                "agreed",
                "feedback_allowed",
                hint="Kom de selv, så spring arbejdssted og henviser over.",
            ),
        )

    @property
    def quiet_helper(self) -> FormHelper:
        """The same without a summary of its own: the page tells the faults of facts and lines together."""
        helper = self.helper
        helper.template = "referrals/_fields_alone.html"
        return helper

    def clean_received_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise ValidationError(self.FUTURE, code="future")
        return day

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        wrongly_typed = {"referrer_name", "referrer_workplace"} & set(self.errors)
        named = said.get("referrer_name") or said.get("referrer_workplace")
        if said.get("people_reached") is not None and said.get("activity") is None and not self.errors:
            self.add_error("activity", self.WHICH_ACTIVITY)
        if said.get("kind") in PROFESSIONALS and not named and not wrongly_typed:
            self.add_error("referrer_workplace", self.NO_SENDER)
        return said

    def referrer(self) -> ReferrerAnswers | None:
        """Return who brought everybody, None when they came by themselves."""
        said = self.cleaned_data
        name, workplace = said["referrer_name"], said["referrer_workplace"]
        kind = ReferralKind(said["kind"])
        if kind not in PROFESSIONALS or not (name or workplace):
            return None
        return ReferrerAnswers(name=name, workplace=workplace, organisation_kind=PROFESSIONALS[kind])


class MeetingLineForm(forms.Form):
    """One person: a name and how to reach them; the rest may stay empty."""

    name = PlainTextField(
        label=_("Navn"),
        max_length=2 * NAME_LENGTH,
        required_message=_("Skriv navnet"),
        autocomplete="off",
        widget=forms.TextInput(attrs={"class": "input-width-full"}),
    )
    contact = EmailOrPhoneField(label=_("Telefon eller e-mail"))
    birth_year = BirthYearField(label=_("Fødselsår"), required=False, autocomplete="off")
    postcode = PostcodeField(label=_("Postnr."), required=False, autocomplete="off")
    wish = FreeTextField(
        label=_("Ønsker"),
        max_length=SHORT_TEXT,
        required=False,
        autocomplete="off",
        widget=forms.TextInput(attrs={"class": "input-width-full"}),
    )

    def clean_name(self) -> tuple[str, str]:
        return split_name(self.cleaned_data["name"])


class MeetingLines(forms.BaseFormSet):
    """The lines; empty ones are ignored, wherever they stand."""

    NOBODY = _("Skriv mindst én person")

    def initial_form_count(self) -> int:
        return 0  # none is required, also those that were typed before more lines were asked for

    def filled(self) -> list[tuple[int, MeetingLineForm]]:
        """Return each line that is not empty with its number."""
        return [(number, form) for number, form in enumerate(self.forms, start=1) if form.has_changed()]

    def clean(self) -> None:
        if not self.filled():
            raise ValidationError(self.NOBODY, code="nobody")

    def faults(self, common: forms.Form) -> list[tuple[str, str]]:
        """Return each fault as (sentence, id of the field): of `common` above the lines, of each line with
        its number, and the formset's own last; `core/_fault_list.html` takes them.
        """
        above = [
            (str(text), common[name].id_for_label) for name, texts in common.errors.items() for text in texts
        ]
        found = [
            (f"Linje {number}: {text}", form[name].id_for_label)
            for number, form in enumerate(self.forms, start=1)
            for name, texts in form.errors.items()
            for text in texts
        ]
        first = self.forms[0]["name"].id_for_label if self.forms else ""
        return [*above, *found, *((str(text), first) for text in self.non_form_errors())]


def blank_lines(count: int = FIRST_LINES, typed: list[dict[str, Any]] | None = None) -> MeetingLines:
    """Return `count` lines that nobody has sent yet, the first with what was `typed`."""
    return _lines(extra=count)(prefix="line", initial=typed or None)


def sent_lines(data: Any) -> MeetingLines:
    """Return the lines that were sent."""
    return _lines(extra=0)(data, prefix="line")


def more_lines(data: Any) -> MeetingLines:
    """Return the lines as they were typed, right or wrong, with some empty ones after them."""
    sent = sent_lines(data)
    count = sent.total_form_count() if sent.management_form.is_valid() else FIRST_LINES
    names = MeetingLineForm.base_fields
    typed = [{name: data.get(f"line-{place}-{name}", "") for name in names} for place in range(count)]
    return blank_lines(min(count + MORE_LINES, MOST_LINES), typed)


def _lines(extra: int) -> Any:
    return forms.formset_factory(
        MeetingLineForm, MeetingLines, extra=extra, max_num=MOST_LINES, absolute_max=MOST_LINES
    )


def listed_of(facts: MeetingForm, lines: MeetingLines) -> list[ListedArrival]:
    """Return every line that is filled in as an arrival; both forms are valid."""
    common, today = facts.cleaned_data, timezone.localdate()
    referrer, day = facts.referrer(), common["received_on"]
    equal_before: Counter[str] = Counter()
    listed: list[ListedArrival] = []
    for number, form in lines.filled():
        said = form.cleaned_data
        answers = Answers(
            given_name=said["name"][0],
            family_name=said["name"][1],
            phone=said["contact"][0],
            email=said["contact"][1],
            birth_year=said["birth_year"],
            postcode=said["postcode"],
            contact_wishes=said["wish"],
            agreed=common["agreed"],
            feedback_allowed=common["feedback_allowed"] and referrer is not None,
            heard_about=HeardAbout.VISIT.value,
            heard_about_text=common["meeting"],
            referrer=referrer,
        )
        words = answers.to_json()
        equal_before[words] += 1
        key = submission_key(MeetingLineForm, {"answers": words, "place": equal_before[words]}, on=day)
        listed.append(
            ListedArrival(
                line=number,
                kind=ReferralKind(common["kind"]),
                answers=answers,
                submission_key=key,
                received_on=day,
                received_at=moment_of(day) if day < today else None,
            )
        )
    return listed
