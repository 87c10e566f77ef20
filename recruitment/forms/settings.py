"""The administrator's forms: a programme's settings and its members."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import Programme
from core.forms import DanishEmailField, PhoneField, PlainTextField
from core.layout import form_helper
from recruitment.settings_sections import Section

SHORT_TEXTS = ("target_group", "phone_hours")


class SettingsForm(forms.ModelForm):
    """The fields of one section."""

    class Meta:
        model = Programme
        fields = "__all__"  # narrowed to the section's below  # noqa: DJ007

    def __init__(self, *args: Any, section: Section, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(section.fields):
            del self.fields[name]
        self.order_fields(section.fields)
        for name, field in self.fields.items():
            self._replace_contact(name)
            if isinstance(field, forms.IntegerField):
                field.error_messages["required"] = _("Skriv et helt tal.")
                field.error_messages["invalid"] = _("Skriv et helt tal, for eksempel 3.")
            else:
                field.error_messages["required"] = _("Udfyld feltet, før du gemmer.")
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 3 if name in SHORT_TEXTS else 6
        self.helper = form_helper(*section.fields)

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
