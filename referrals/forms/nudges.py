"""The coordinator's forms about reminders: a rule, and the words of one proposal."""

import re
from difflib import get_close_matches
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.forms import FreeTextField, PlainTextField
from core.layout import Section, SideBySide, form_helper
from outreach.enums import OrganisationKind
from outreach.models import Referrer
from referrals.enums import Audience, NudgeMode, Trigger
from referrals.models import BODY_LENGTH, SUBJECT_LENGTH, NudgeRule
from referrals.nudge_texts import PLACEHOLDERS, STANDARD, Words, has_stray_brace, unknown_placeholders
from referrals.triggers import TRIGGERS

LANGUAGES = {"da": "dansk", "en": "engelsk"}
MOST_DAYS = 364
LEAST_CAP = 14
# A list of thousands helps nobody: those who referred last come first.
OFFERED_FOR_PREVIEW = 100


def _refuse_unknown(text: str) -> None:
    unknown = unknown_placeholders(text)
    if unknown:
        near = get_close_matches(unknown[0], PLACEHOLDERS, n=1)
        meant = f" Mente du {{{near[0]}}}?" if near else ""
        raise ValidationError(
            f"Pladsholderen {{{unknown[0]}}} findes ikke.{meant} "
            "Brug en af dem, der står under “Pladsholdere, du kan bruge”."
        )
    if has_stray_brace(text):
        raise ValidationError(
            "Et { eller } står alene. Skriv pladsholderen helt ud, for eksempel {navn}, eller slet tegnet."
        )


class NudgeSubjectField(PlainTextField):
    """One line that may hold placeholders."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=SUBJECT_LENGTH, required=False, **kwargs)
        self.widget.attrs["class"] = "input-width-xl"

    def validate(self, value: str) -> None:
        super().validate(value)
        _refuse_unknown(value)


class NudgeBodyField(FreeTextField):
    """A text that may hold placeholders."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=BODY_LENGTH, required=False, rows=14, **kwargs)

    def to_python(self, value: Any) -> str:
        return re.sub(r"\n{3,}", "\n\n", super().to_python(value))

    def validate(self, value: str) -> None:
        super().validate(value)
        _refuse_unknown(value)


class DaysField(forms.IntegerField):
    """A number of days from `least` on, with one sentence for whatever is wrong."""

    def __init__(self, *, least: int, **kwargs: Any) -> None:
        wrong = f"Skriv et helt tal fra {least} til {MOST_DAYS}."
        messages = dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong)
        super().__init__(min_value=least, max_value=MOST_DAYS, error_messages=messages, **kwargs)
        self.widget.attrs.update({"inputmode": "numeric", "class": "input-width-xs"})


class NudgeRuleForm(forms.Form):
    """A rule of reminders. A text that is emptied, or left as it stands, is the standard one."""

    is_on = forms.BooleanField(label="Slået til", required=False)
    mode = forms.ChoiceField(
        label="Hvornår sendes de?",
        choices=NudgeMode.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg, om de sendes af sig selv, eller når du har godkendt dem."},
    )
    audience = forms.ChoiceField(
        label="Til hvem?",
        choices=Audience.choices,
        error_messages={"required": "Vælg, hvem der får dem.", "invalid_choice": "Vælg en på listen."},
    )
    organisation_kind = forms.ChoiceField(
        label="Kun fra én slags arbejdssted",
        choices=[("", "Alle slags"), *OrganisationKind.choices],
        required=False,
        error_messages={"invalid_choice": "Vælg en slags på listen."},
    )
    is_measured = forms.BooleanField(
        label="Mål, om det virker: halvdelen får den 21 dage senere",
        required=False,
        help_text="Lodtrækning afgør hvem, så ingen bliver glemt. Slå det fra, når det haster.",
    )

    def __init__(self, data: Any = None, *, rule: NudgeRule) -> None:
        self.rule = rule
        trigger = Trigger(rule.trigger)
        names = ("is_on", "mode", "audience", "organisation_kind", "is_measured", "wait_days", "cap_days")
        known: dict[str, Any] = {name: getattr(rule, name) for name in names}
        spec = TRIGGERS[trigger]
        texts: dict[str, forms.Field] = {}
        for language, name in LANGUAGES.items():
            texts[f"subject_{language}"] = NudgeSubjectField(label=f"Emne på {name}")
            texts[f"body_{language}"] = NudgeBodyField(label=f"Tekst på {name}")
            for part in ("subject", "body"):
                field = f"{part}_{language}"
                known[field] = getattr(rule, field) or getattr(STANDARD[trigger][language], part)
        super().__init__(data, initial=known)
        self.fields["wait_days"] = DaysField(label=spec.wait_label, least=spec.least_wait)
        self.fields["cap_days"] = DaysField(label="Dage, før samme person får den igen", least=LEAST_CAP)
        self.fields |= texts
        self.fields["preview_for"] = _referrer_choice()
        self.helper = form_helper(
            Section("Hvornår", "is_on", "mode", SideBySide("wait_days", "cap_days"), "is_measured"),
            Section("Til hvem", SideBySide("audience", "organisation_kind")),
            Section(
                "Hvad der står",
                *texts,
                hint="Tøm et felt for at få standardteksten tilbage. Hvorfor mailen kommer, og hvordan "
                "den stoppes, står altid nederst af sig selv.",
            ),
            Section("Se den, før du gemmer", "preview_for"),
            mark_optional=False,
        )

    def changes(self) -> dict[str, Any]:
        """Return the rule's fields as they were typed; a text like the standard one is kept as none."""
        fields = {name: value for name, value in self.cleaned_data.items() if name != "preview_for"}
        for language in LANGUAGES:
            standard = STANDARD[Trigger(self.rule.trigger)][language]
            for part in ("subject", "body"):
                if fields[f"{part}_{language}"].strip() == getattr(standard, part).strip():
                    fields[f"{part}_{language}"] = ""
        return fields

    def words(self, language: str) -> Words:
        """Return the words of the language as they would be sent."""
        standard = STANDARD[Trigger(self.rule.trigger)][language]
        typed = self.cleaned_data
        return Words(
            typed[f"subject_{language}"] or standard.subject, typed[f"body_{language}"] or standard.body
        )


def _referrer_choice() -> forms.ModelChoiceField:
    last = Referrer.objects.filter(left_on=None).order_by("-last_referral_at", "pk")
    offered = list(last.values_list("pk", flat=True)[:OFFERED_FOR_PREVIEW])
    return forms.ModelChoiceField(
        label="Vis den, som den ser ud for",
        queryset=Referrer.objects.filter(pk__in=offered).by_name(),
        required=False,
        empty_label="Vælg en henviser",
        error_messages={"invalid_choice": "Vælg en henviser på listen."},
    )


class NudgeWordsForm(forms.Form):
    """The words of one reminder that waits for a yes."""

    subject = NudgeSubjectField(label="Emne")
    body = NudgeBodyField(label="Tekst")

    def __init__(self, data: Any = None, *, words: Words) -> None:
        super().__init__(data, initial={"subject": words.subject, "body": words.body})
        for name, wanted in (("subject", "Skriv et emne."), ("body", "Skriv, hvad der skal stå i mailen.")):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = wanted
        self.helper = form_helper("subject", "body")
