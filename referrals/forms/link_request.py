"""What somebody types who has lost the link to their own page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DanishEmailField
from core.layout import form_helper


class LinkRequestForm(forms.Form):
    """The address one refers with."""

    email = DanishEmailField(
        label=_("Din e-mail"),
        help_text=_("Den adresse, du plejer at henvise med."),
        required_message=_("Skriv din e-mail, så vi kan sende dig linket"),
        autocomplete="email",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("email")
