"""From when to when a cohort meets, and on which weekdays."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DanishTimeField

WEEKDAYS = (
    (0, _("Mandag")),
    (1, _("Tirsdag")),
    (2, _("Onsdag")),
    (3, _("Torsdag")),
    (4, _("Fredag")),
    (5, _("Lørdag")),
    (6, _("Søndag")),
)
# Nobody meets earlier; and no Danish clock is put forward or back later.
EARLIEST = dt.time(6)

STARTS_MISSING = _("Skriv, hvornår I begynder, for eksempel 10.00.")
ENDS_MISSING = _("Skriv, hvornår I slutter, for eksempel 12.30.")


def weekdays_field(*, required: bool) -> forms.TypedMultipleChoiceField:
    """Return the question on which days of the week a cohort meets; answers are numbers, Monday is 0."""
    return forms.TypedMultipleChoiceField(
        label=_("Ugedage"),
        choices=WEEKDAYS,
        coerce=int,
        required=required,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Vælg mindst én ugedag."),
            "invalid_choice": _("Vælg ugedagene på listen."),
        },
    )


def _clock() -> forms.TimeInput:
    return forms.TimeInput(format="%H.%M", attrs={"class": "input-width-xs"})


class MeetingTimes(forms.Form):
    """Two clock times, the second after the first; a form may ask only where `times_wanted`."""

    starts = DanishTimeField(
        label=_("Fra kl."),
        required_message=STARTS_MISSING,
        help_text=_("For eksempel 10.00"),
        widget=_clock(),
    )
    ends = DanishTimeField(
        label=_("Til kl."), required_message=ENDS_MISSING, help_text=_("For eksempel 12.30"), widget=_clock()
    )

    def times_wanted(self) -> bool:
        """Say whether the times must be answered."""
        return True

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        starts, ends = answers.get("starts"), answers.get("ends")
        if self.times_wanted():
            for name, missing in (("starts", STARTS_MISSING), ("ends", ENDS_MISSING)):
                if answers.get(name) is None and name not in self.errors:
                    self.add_error(name, missing)
        if starts is not None and starts < EARLIEST:
            self.add_error("starts", _("Skriv et tidspunkt efter kl. 6.00, for eksempel 10.00."))
        elif starts is not None and ends is not None and ends <= starts:
            self.add_error("ends", _("Skriv et tidspunkt, der ligger efter begyndelsen."))
        return answers

    def duration(self) -> dt.timedelta:
        """Return how long a session of a valid form lasts."""
        starts, ends = self.cleaned_data["starts"], self.cleaned_data["ends"]
        return dt.timedelta(hours=ends.hour - starts.hour, minutes=ends.minute - starts.minute)
