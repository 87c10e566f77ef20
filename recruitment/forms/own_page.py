"""What a participant does on their own page."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.forms import DanishEmailField, FreeTextField, PhoneField
from core.layout import form_helper
from courses.models import Session
from participants.enums import AgreementKind
from participants.models import Participant
from recruitment.enums import OwnAct


class OwnActForm(forms.Form):
    """One of the buttons; an apology names its session and a withdrawal its agreement.

    Only a session that has gone in the meantime is a fault that a person can meet: `session_is_gone`.
    """

    act = forms.ChoiceField(choices=OwnAct.choices)
    session = forms.ModelChoiceField(queryset=Session.objects.none(), required=False)
    agreement = forms.ChoiceField(choices=AgreementKind.choices, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"].queryset = Session.objects.all()  # type: ignore[attr-defined]
        act = self.data.get("act")
        self.fields["session"].required = act in (OwnAct.APOLOGISE, OwnAct.COME_AFTER_ALL)
        self.fields["agreement"].required = act in (OwnAct.WITHDRAW, OwnAct.AGREE)

    @property
    def session_is_gone(self) -> bool:
        """Whether the session that the button named is no longer there, and nothing else is wrong."""
        return set(self.errors) == {"session"} and self.has_error("session", "invalid_choice")


class OwnContactForm(forms.Form):
    """How a person wants to be reached, as they correct it themselves; one way at least has to be left."""

    NO_CONTACT = _("Skriv dit telefonnummer eller din e-mail, så vi kan få fat i dig")

    phone = PhoneField(label=_("Telefon"), required=False)
    email = DanishEmailField(label=_("E-mail"), required=False)
    contact_wishes = FreeTextField(
        label=_("Hvornår må vi ringe?"),
        required=False,
        rows=3,
        max_length=500,
        help_text=_("For eksempel: om formiddagen, eller send en sms først."),
    )
    language = forms.ChoiceField(
        label=_("Sprog"),
        choices=settings.LANGUAGES,
        error_messages={"required": _("Vælg dit sprog."), "invalid_choice": _("Vælg dit sprog.")},
    )

    def __init__(self, data: Any = None, *, participant: Participant) -> None:
        super().__init__(data, initial={name: getattr(participant, name) for name in self.base_fields})
        self.helper = form_helper("phone", "email", "contact_wishes", "language", mark_optional=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not {"phone", "email"} & set(self.errors) and not (cleaned["phone"] or cleaned["email"]):
            self.add_error("phone", self.NO_CONTACT)
        return cleaned
