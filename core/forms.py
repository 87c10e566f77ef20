"""Form fields as Danes fill them in; each error says what to do.

All take `required_message`, said when a required field is left empty, and `autocomplete`, the
browser's own name for what is asked ("off" where somebody else's details are typed).
"""

import re
from datetime import date, time
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.dates import InvalidDate, InvalidTime, parse_danish_date, parse_danish_time
from core.phones import InvalidPhone, format_phone, parse_phone

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text

EARLIEST_BIRTH_YEAR = 1900
LONGEST_TYPED = 100  # a date, a phone number: anything longer is not one
DASHES = "\\-\u2010-\u2015\u2212"
_CPR_LIKE = re.compile(rf"\b\d{{6}}(?:[ \u00a0]|[ \u00a0]?[{DASHES}][ \u00a0]?)?\d{{4}}\b")
_COUNTRY_CODE_BEFORE = re.compile(r"(?:\+|\b00)\d{0,3}[ \u00a0]?$")

NUL_MESSAGE = _("Teksten indeholder et tegn, vi ikke kan gemme. Slet det og prøv igen.")
LENGTH_MESSAGE = _("Teksten er %(excess)d tegn for lang. Der er plads til %(limit)d. Gør den kortere.")
CPR_MESSAGE = _("Det ligner et CPR-nummer. Slet det – vi må ikke modtage CPR-numre her.")


def looks_like_cpr(text: str) -> bool:
    """Say whether `text` holds six digits and four as a CPR number has; phone numbers do not count."""
    for found in _CPR_LIKE.finditer(text):
        if _COUNTRY_CODE_BEFORE.search(text, 0, found.start()):
            continue
        if found[0].isdigit() and found[0].startswith("45") and _is_phone(f"+{found[0]}"):
            continue
        return True
    return False


def _is_phone(text: str) -> bool:
    try:
        parse_phone(text)
    except InvalidPhone:
        return False
    return True


class _DanishField(forms.Field):
    """What the fields share: the message for an empty one, and the hints that help a phone's keyboard."""

    default_error_messages = {"required": _("Udfyld feltet.")}
    autocomplete: str | None = None
    inputmode: str | None = None

    def __init__(
        self, *, required_message: "Text | None" = None, autocomplete: str | None = None, **kwargs: Any
    ) -> None:
        self.autocomplete = autocomplete or self.autocomplete
        super().__init__(**kwargs)
        if required_message:
            self.error_messages["required"] = required_message

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        # A browser cuts a pasted text at maxlength without a word; our message says how much to cut.
        attrs.pop("maxlength", None)
        if self.autocomplete:
            attrs["autocomplete"] = self.autocomplete
        if self.inputmode:
            attrs["inputmode"] = self.inputmode
        return attrs


class _TextField(_DanishField, forms.CharField):
    """Text that PostgreSQL can store, no longer than there is room for."""

    default_error_messages = {"null_characters_not_allowed": NUL_MESSAGE}

    def validate(self, value: str) -> None:
        super().validate(value)
        if "\x00" in value:
            raise ValidationError(NUL_MESSAGE, code="null_characters_not_allowed")
        if self.max_length is not None and len(value) > self.max_length:
            room = {"excess": len(value) - self.max_length, "limit": self.max_length}
            raise ValidationError(LENGTH_MESSAGE, code="max_length", params=room)


class PlainTextField(_TextField):
    """A line of text: white space runs become one space; CPR-like numbers are refused."""

    def __init__(self, *, max_length: int = 200, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split())

    def validate(self, value: str) -> None:
        super().validate(value)
        _refuse_cpr(value)


class FreeTextField(_TextField):
    """Text of several lines in a person's own words; CPR-like numbers are refused in place."""

    widget = forms.Textarea

    def __init__(self, *, max_length: int = 2000, rows: int = 5, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        # Browsers send two characters for a line break and count one.
        return (super().to_python(value) or "").replace("\r\n", "\n")

    def validate(self, value: str) -> None:
        super().validate(value)
        _refuse_cpr(value)


def _refuse_cpr(value: str) -> None:
    if looks_like_cpr(value):
        raise ValidationError(CPR_MESSAGE, code="cpr")


class DanishEmailField(_TextField, forms.EmailField):
    """An e-mail address."""

    default_error_messages = {
        "required": _("Skriv e-mailadressen, for eksempel navn@eksempel.dk."),
        "invalid": _("Skriv en hel e-mailadresse, for eksempel navn@eksempel.dk."),
    }
    autocomplete = "email"
    inputmode = "email"

    def __init__(self, *, max_length: int = 254, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)


class PhoneField(_TextField):
    """A telephone number in any Danish spelling; `cleaned_data` holds E.164, such as +4520123456."""

    default_error_messages = {
        "required": _("Skriv telefonnummeret, for eksempel 20 12 34 56."),
        "invalid": _(
            "Skriv et telefonnummer med 8 cifre, for eksempel 20 12 34 56, eller med landekode og +."
        ),
    }
    widget = forms.TextInput(attrs={"type": "tel"})
    autocomplete = "tel"
    inputmode = "tel"

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if not text:
            return ""
        if len(text) > LONGEST_TYPED:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            return parse_phone(text)
        except InvalidPhone as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        stored = isinstance(value, str) and value.startswith("+") and _is_phone(value)
        return format_phone(value) if stored else value


class DanishDateField(_DanishField, forms.DateField):
    """A day as 05.11.2026, 5-11-2026 or 5/11/2026, or as `<input type="date">` sends it."""

    default_error_messages = {
        "required": _("Skriv datoen, for eksempel 05.11.2026."),
        "invalid": _("Skriv datoen som dag, måned og år, for eksempel 05.11.2026."),
    }
    widget = forms.DateInput(format="%d.%m.%Y")

    def to_python(self, value: Any) -> date | None:
        if not isinstance(value, str):
            return super().to_python(value)
        if not value.strip():
            return None
        try:
            return parse_danish_date(value)
        except InvalidDate as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class DanishTimeField(_DanishField, forms.TimeField):
    """A time of day as 14.30, 14:30 or 14."""

    default_error_messages = {
        "required": _("Skriv klokkeslættet, for eksempel 14.30."),
        "invalid": _("Skriv klokkeslættet som timer og minutter, for eksempel 14.30."),
    }
    widget = forms.TimeInput(format="%H.%M")

    def to_python(self, value: Any) -> time | None:
        if not isinstance(value, str):
            return super().to_python(value)
        if not value.strip():
            return None
        try:
            return parse_danish_time(value)
        except InvalidTime as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class BirthYearField(_DanishField, forms.Field):
    """The year somebody was born in, as a number of four digits that is not in the future."""

    default_error_messages = {
        "required": _("Skriv fødselsåret med fire cifre, for eksempel 1975."),
        "invalid": _("Skriv fødselsåret med fire cifre, for eksempel 1975."),
    }
    inputmode = "numeric"
    autocomplete = "bday-year"

    def to_python(self, value: Any) -> int | None:
        text = str(value).strip() if value is not None else ""
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{4}", text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        year = int(text)
        if not EARLIEST_BIRTH_YEAR <= year <= timezone.localdate().year:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return year


class PostcodeField(_TextField):
    """A Danish postcode: four digits, kept as text."""

    default_error_messages = {
        "required": _("Skriv postnummeret med fire cifre, for eksempel 6700."),
        "invalid": _("Skriv postnummeret med fire cifre, for eksempel 6700."),
    }
    inputmode = "numeric"
    autocomplete = "postal-code"

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not re.fullmatch(r"[0-9]{4}", value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
