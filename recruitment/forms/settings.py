"""The administrator's forms: a programme's settings and its members."""

import itertools
from typing import Any

from crispy_forms.layout import LayoutObject
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import Programme
from accounts.translation import TRANSLATED
from core.forms import DanishEmailField, PhoneField, PlainTextField
from core.layout import SideBySide, form_helper
from recruitment.settings_sections import NOTED_ONLY, Section

SHORT_TEXTS = ("target_group", "phone_hours")
# One criterion or step a line: the English line stands for the Danish one beside it.
LINE_BY_LINE = ("criteria", "procedure")
LANGUAGE_NAMES = {"da": _("dansk"), "en": _("engelsk")}
MISSING = {
    "name": _("Skriv programmets navn."),
    "slug": _("Skriv det navn, der skal stå i adressen, for eksempel solby."),
    "municipality": _("Skriv kommunens navn."),
    "municipality_code": _("Skriv kommunekoden, fire cifre."),
    "contact_name": _("Skriv, hvem folk kan ringe til."),
    "about": _("Skriv, hvad programmet er."),
    "target_group": _("Skriv, hvem det er for."),
    "criteria": _("Skriv mindst ét kriterium."),
    "procedure": _("Skriv, hvad der sker efter en henvisning."),
    "information_text": _("Skriv, hvordan I behandler oplysninger."),
    "crisis_text": _("Skriv, hvor man får hjælp, når det haster."),
}


LINES_DIFFER = _(
    "Skriv lige så mange linjer på engelsk som på dansk, i samme rækkefølge. "
    "Nu er der %(danish)s på dansk og %(english)s på engelsk."
)


def _base_of(name: str) -> str:
    """Return the text that `name` is in one language, else `name` itself."""
    base, _underscore, language = name.rpartition("_")
    return base if language in LANGUAGE_NAMES and base in TRANSLATED else name


def _rows(names: tuple[str, ...]) -> list[str | LayoutObject]:
    """Return the fields in order, a text's languages side by side."""
    grouped = itertools.groupby(names, key=_base_of)
    rows = [(base, list(group)) for base, group in grouped]
    return [group[0] if len(group) == 1 else SideBySide(*group) for _base, group in rows]


def _lines(text: str | None) -> int:
    return sum(1 for line in (text or "").splitlines() if line.strip())


class SettingsForm(forms.ModelForm):
    """The fields of one section."""

    class Meta:
        model = Programme
        fields = "__all__"  # narrowed to the section's below  # noqa: DJ007
        error_messages = {"slug": {"unique": _("Et andet program bruger den adresse. Vælg et andet navn.")}}

    def __init__(self, *args: Any, section: Section, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(section.fields):
            del self.fields[name]
        self.order_fields(section.fields)
        for name, field in self.fields.items():
            self._replace_contact(name)
            if name == "sms_on" and "sms" not in settings.MESSAGE_CHANNELS:
                field.help_text = _(
                    "Her er endnu ingen sms-tjeneste, så der sendes ingen. Spørg it-afdelingen."
                )
            if name in NOTED_ONLY:
                field.help_text = str(NOTED_ONLY[name])
            if isinstance(field, forms.IntegerField):
                field.error_messages["required"] = _("Skriv et helt tal.")
                field.error_messages["invalid"] = _("Skriv et helt tal, for eksempel 3.")
                field.error_messages["min_value"] = _("Skriv mindst %(limit_value)s.")
                field.error_messages["max_value"] = _("Skriv højst %(limit_value)s.")
            else:
                base = _base_of(name)
                field.error_messages["required"] = MISSING.get(base, _("Udfyld feltet, før du gemmer."))
                field.error_messages["max_length"] = _("Gør det kortere: højst %(limit_value)d tegn.")
                self._name_language(name)
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 3 if _base_of(name) in SHORT_TEXTS else 6
        self.helper = form_helper(*_rows(section.fields))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for base in LINE_BY_LINE:
            danish, english = _lines(cleaned.get(f"{base}_da")), _lines(cleaned.get(f"{base}_en"))
            if danish and english and danish != english:
                self.add_error(f"{base}_en", LINES_DIFFER % {"danish": danish, "english": english})
        return cleaned

    def _name_language(self, name: str) -> None:
        """Say which language a text is asked in, to the eye, the screen reader and the spelling check."""
        language = name.removeprefix(f"{_base_of(name)}_")
        if language in LANGUAGE_NAMES:
            field, original = self.fields[name], Programme._meta.get_field(_base_of(name))
            text = str(original.verbose_name)  # type: ignore[union-attr]  # a column, and columns have names
            field.label = f"{text[:1].upper()}{text[1:]}, {LANGUAGE_NAMES[language]}"
            field.widget.attrs["lang"] = language

    def _replace_contact(self, name: str) -> None:
        plain = self.fields[name]
        if name == "contact_phone":
            self.fields[name] = PhoneField(
                label=plain.label, required_message=_("Skriv det nummer, folk kan ringe på.")
            )
        if name == "contact_email":
            self.fields[name] = DanishEmailField(
                label=plain.label,
                help_text=plain.help_text,
                required_message=_("Skriv den e-mail, svar skal lande i."),
            )


class MemberForm(forms.Form):
    """A new member: who, and which role."""

    name = PlainTextField(label=_("Navn"), max_length=150, required_message=_("Skriv medarbejderens navn."))
    email = DanishEmailField(label=_("Arbejdsmail"), required_message=_("Skriv medarbejderens arbejdsmail."))
    role = forms.ChoiceField(
        label=_("Rolle"),
        choices=Role.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Vælg en rolle.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("name", "email", "role")


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(label=_("Rolle"), choices=Role.choices)
