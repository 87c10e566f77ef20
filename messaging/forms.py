"""The filters above the list of messages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.layout import form_helper
from messaging.enums import MessageState
from messaging.kinds import known_kinds


class MessageFilterForm(forms.Form):
    """State and kind, both kept in the address; a value we do not know filters nothing."""

    tilstand = forms.ChoiceField(
        label=_("Tilstand"), required=False, choices=[("", _("Alle")), *MessageState.choices]
    )
    slags = forms.ChoiceField(label=_("Slags"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.name, kind.label) for kind in known_kinds()]
        self.fields["slags"].choices = [("", _("Alle")), *kinds]  # type: ignore[attr-defined]
        self.helper = form_helper(mark_optional=False)

    @property
    def conditions(self) -> dict[str, str]:
        """The filters as conditions over OutboundMessage."""
        self.is_valid()
        chosen = {"state": self.cleaned_data.get("tilstand"), "kind": self.cleaned_data.get("slags")}
        return {field: value for field, value in chosen.items() if value}
