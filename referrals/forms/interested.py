"""The short form of those who wish to hear of the next cohorts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DanishEmailField, PhoneField, PlainTextField
from core.layout import SideBySide, form_helper
from core.spam import TRAPS, SpamGuardMixin
from core.submissions import SubmissionKeyMixin
from outreach.interest_texts import interest_texts

NAME_LENGTH = 100


class InterestForm(SpamGuardMixin, SubmissionKeyMixin, forms.Form):
    """The citizen's own: a name, a way to reach them, and the yes; a minute on a phone."""

    NO_CONTACT = _("Skriv dit telefonnummer eller din e-mail, så vi kan få fat i dig")

    # The code of the poster or address that led here, as on the other forms.
    origin = forms.Field(required=False, widget=forms.HiddenInput)
    beside_the_answers = TRAPS | {"origin"}
    names_of_people = ("name",)

    name = PlainTextField(
        label=_("Navn"), max_length=NAME_LENGTH, required_message=_("Skriv dit navn"), autocomplete="name"
    )
    phone = PhoneField(label=_("Telefon"), required=False, autocomplete="tel")
    email = DanishEmailField(label=_("E-mail"), required=False, autocomplete="email")
    agreed = forms.BooleanField(error_messages={"required": _("Sæt hak, hvis vi må kontakte dig")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreed"].label = interest_texts().own
        for name in ("phone", "email"):
            self.fields[name].either_or = True  # type: ignore[attr-defined]  # neither is marked as optional
        self.helper = form_helper("name", SideBySide("phone", "email"), "agreed")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        wrongly_typed = {"phone", "email"} & set(self.errors)
        if not wrongly_typed and not (said.get("phone") or said.get("email")):
            self.add_error("phone", self.NO_CONTACT)
        return said
