"""Whom a referrer would rather have us ask."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DanishEmailField, PhoneField, PlainTextField
from core.layout import SideBySide, form_helper


class ElsewhereForm(forms.Form):
    """A colleague's name and how to reach them; all empty where the referrer knows nobody."""

    name = PlainTextField(label=_("Hvem skal vi hellere spørge?"), max_length=150, required=False)
    email = DanishEmailField(label=_("Kollegaens e-mail"), required=False, autocomplete="off")
    phone = PhoneField(label=_("Kollegaens telefon"), required=False, autocomplete="off")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("name", SideBySide("email", "phone"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        reachable = cleaned.get("email") or cleaned.get("phone")
        if self.errors:
            return cleaned
        if reachable and not cleaned.get("name"):
            self.add_error("name", _("Skriv, hvad kollegaen hedder."))
        if cleaned.get("name") and not reachable:
            self.add_error(
                "email", _("Skriv kollegaens e-mail eller telefon, så vi kan få fat på vedkommende.")
            )
        return cleaned
