"""Forms about tasks: a new one, another day, and which ones to show."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.danish import add_working_days
from core.forms import DanishDateField, FreeTextField, PlainTextField
from core.layout import SideBySide, form_helper
from participants.models import Participant
from recruitment.enums import TaskFilter
from recruitment.queries.participants import search_condition
from worklist.enums import TaskKind

LONGEST_TASK = 480  # minutes: a working day


class TaskFilterForm(forms.Form):
    """Which tasks to show; a wrong address narrows nothing."""

    kind = forms.ChoiceField(
        label=_("Slags"), required=False, choices=[("", _("Alle slags")), *TaskKind.choices]
    )
    when = forms.ChoiceField(
        label=_("Hvornår"), required=False, choices=[("", _("Alle dage")), *TaskFilter.choices]
    )

    def __init__(self, *args: Any, closed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if closed:
            del self.fields["when"]
        self.helper = form_helper(mark_optional=False)

    def wanted(self) -> dict[str, str]:
        """Return the filters that are set."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class TaskForm(forms.Form):
    """A task of the coordinator's own, about somebody or nobody."""

    why = FreeTextField(
        label=_("Hvad skal gøres?"), rows=3, max_length=500, required_message=_("Skriv, hvad der skal gøres.")
    )
    about = PlainTextField(
        label=_("Hvem handler det om?"),
        required=False,
        max_length=100,
        help_text=_("Navn, helt telefonnummer eller referencenummer."),
        autocomplete="off",
    )
    due_on = DanishDateField(label=_("Senest"), required_message=_("Skriv, hvornår det skal være gjort."))
    minutes = forms.IntegerField(
        label=_("Minutter"),
        min_value=1,
        max_value=LONGEST_TASK,
        initial=15,
        widget=forms.NumberInput(attrs={"class": "input-width-xs", "inputmode": "numeric"}),
        error_messages={
            "required": _("Skriv, hvor mange minutter det tager."),
            "invalid": _("Skriv et helt antal minutter, for eksempel 15."),
            "min_value": _("Skriv mindst 1 minut."),
            "max_value": _("Skriv højst 480 minutter, eller del opgaven i flere."),
        },
    )

    def __init__(
        self, *args: Any, today: dt.date, participant: Participant | None = None, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", {"due_on": add_working_days(today, 1), "minutes": 15})
        super().__init__(*args, **kwargs)
        self.today = today
        self.participant = participant
        if participant is not None:
            del self.fields["about"]
        rows = ["why", *(["about"] if participant is None else []), SideBySide("due_on", "minutes")]
        self.helper = form_helper(*rows)

    def clean_due_on(self) -> dt.date:
        return _not_past(self.cleaned_data["due_on"], self.today)

    def clean_about(self) -> str:
        """Find the one person meant."""
        text: str = self.cleaned_data["about"]
        if not text:
            return text
        found = list(Participant.objects.filter(search_condition(text)).by_name()[:10])
        if not found:
            raise forms.ValidationError(
                _("Vi kender ingen med det navn eller nummer. Ret det, eller lad feltet stå tomt.")
            )
        if len(found) > 1:
            raise forms.ValidationError(
                _("Flere passer: %(names)s. Skriv referencenummeret på den rigtige."),
                params={"names": ", ".join(f"{person} ({person.reference})" for person in found)},
            )
        self.participant = found[0]
        return text


class PostponeForm(forms.Form):
    """Another day for a task: some working days from today, or a date."""

    days = forms.TypedChoiceField(
        choices=[(1, _("I morgen")), (5, _("Om en uge"))], coerce=int, empty_value=None, required=False
    )
    due_on = DanishDateField(label=_("Anden dag"), required=False)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("days"):
            cleaned["due_on"] = add_working_days(self.today, cleaned["days"])
        elif cleaned.get("due_on"):
            _not_past(cleaned["due_on"], self.today)
        elif not self.errors:
            raise forms.ValidationError(_("Vælg en dag, eller skriv en dato som 05.11.2026."))
        return cleaned


def _not_past(day: dt.date, today: dt.date) -> dt.date:
    if day < today:
        raise forms.ValidationError(_("Dagen er gået. Vælg i dag eller en senere dag."))
    return day
