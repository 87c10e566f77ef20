"""Every field that a form people arrive by may ask for, once; a `FormKind` says which are asked and how."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from core.forms import (
    BirthYearField,
    DanishEmailField,
    FreeTextField,
    PhoneField,
    PlainTextField,
    PostcodeField,
)
from core.templatetags.languages import lang_of
from referrals.forms.kinds.spec import FormKind, Wording

NAME_LENGTH = 100
WORKPLACE_LENGTH = 150
SHORT_TEXT = 1000
LONG_TEXT = 2000
_TICKS = ("agreed", "feedback_allowed", "later_contact", "same_phone_confirmed")


class CriteriaField(forms.MultipleChoiceField):
    """Ticks beside the criteria, kept as the sentences themselves; it refuses nothing.

    A sentence that is none of them is left out: criteria never block a form.
    """

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, criteria: tuple[tuple[str, Any], ...], **kwargs: Any) -> None:
        super().__init__(choices=criteria, **kwargs)
        self.criteria = [kept for kept, _ in criteria]

    def to_python(self, value: Any) -> list[str]:
        ticked = super().to_python(value)
        return [criterion for criterion in self.criteria if criterion in ticked]


def _in_its_language(criterion: Any, spec: FormKind) -> Any:
    """Return the sentence, marked as Danish where it is read on a page in another language."""
    language = lang_of(spec, "criteria")
    return format_html("<span{}>{}</span>", language, criterion) if language else criterion


def _texts(words: Wording, **more: Any) -> dict[str, Any]:
    """Return the arguments that every field of core.forms takes."""
    return {
        "label": words.label,
        "help_text": words.hint,
        "required": bool(words.missing),
        "required_message": words.missing or None,
        "autocomplete": words.autocomplete,
        **more,
    }


def _tick(words: Wording) -> forms.BooleanField:
    messages = {"required": words.missing} if words.missing else {}
    return forms.BooleanField(
        label=words.label,
        help_text=words.hint,
        required=bool(words.missing),
        error_messages=messages,
    )


def _choice(words: Wording, options: tuple[Any, ...]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=words.label,
        help_text=words.hint,
        required=False,
        choices=[("", gettext_lazy("Vælg")), *((option.value, option.label) for option in options)],
        error_messages={"invalid_choice": gettext_lazy("Vælg et af svarene på listen")},
    )


def make_field(name: str, words: Wording, spec: FormKind) -> forms.Field:
    """Return the field called `name` as `spec` asks it.

    :raises KeyError: when no field has that name.
    """
    if name == "criteria_met":
        read = tuple((kept, _in_its_language(read, spec)) for kept, read in spec.criteria)
        return CriteriaField(label=words.label, help_text=words.hint, required=False, criteria=read)
    if name == "heard_about":
        return _choice(words, spec.heard_about)
    if name in ("intake", "kind"):
        options = spec.intakes if name == "intake" else spec.kinds
        choices: list[Any] = [(option.value, option.label) for option in options]
        messages = {"required": words.missing, "invalid_choice": words.missing}
        return forms.ChoiceField(
            label=words.label, choices=choices, initial=options[0].value, error_messages=messages
        )
    if name in _TICKS:
        return _tick(words)
    return _TEXT_FIELDS[name](words)


_TEXT_FIELDS: dict[str, Any] = {
    "given_name": lambda words: PlainTextField(**_texts(words, max_length=NAME_LENGTH)),
    "family_name": lambda words: PlainTextField(**_texts(words, max_length=NAME_LENGTH)),
    "phone": lambda words: PhoneField(**_texts(words)),
    "email": lambda words: DanishEmailField(**_texts(words)),
    "birth_year": lambda words: BirthYearField(**_texts(words)),
    "postcode": lambda words: PostcodeField(**_texts(words)),
    "contact_wishes": lambda words: FreeTextField(**_texts(words, max_length=SHORT_TEXT, rows=2)),
    "reason": lambda words: FreeTextField(**_texts(words, max_length=LONG_TEXT, rows=4)),
    "situation": lambda words: PlainTextField(**_texts(words, max_length=200)),
    "considerations": lambda words: FreeTextField(**_texts(words, max_length=SHORT_TEXT, rows=2)),
    "referrer_name": lambda words: PlainTextField(**_texts(words, max_length=WORKPLACE_LENGTH)),
    "referrer_title": lambda words: PlainTextField(**_texts(words, max_length=NAME_LENGTH)),
    "referrer_workplace": lambda words: PlainTextField(**_texts(words, max_length=WORKPLACE_LENGTH)),
    "referrer_email": lambda words: DanishEmailField(**_texts(words)),
    "referrer_phone": lambda words: PhoneField(**_texts(words)),
}
