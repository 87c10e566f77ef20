"""What a participant does on their own page."""

from typing import Any

from django import forms

from courses.models import Session
from participants.enums import AgreementKind
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
        self.fields["agreement"].required = act == OwnAct.WITHDRAW

    @property
    def session_is_gone(self) -> bool:
        """Whether the session that the button named is no longer there, and nothing else is wrong."""
        return set(self.errors) == {"session"} and self.has_error("session", "invalid_choice")
