"""The coordinator's forms about sessions, and the list of who came."""

import datetime as dt
from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from core.dates import danish_moment
from core.forms import DanishDateField, PlainTextField
from core.layout import SideBySide, form_helper
from courses.enums import AttendanceState
from courses.models import Venue
from courses.schedule import MOST_SESSIONS
from courses.services import EndsBeforeStart, NoSessionDays, SessionOutsideCohort, SessionOverlaps
from recruitment.forms.cohorts import RefusalForm, VenueChoiceField, field_name
from recruitment.forms.times import MeetingTimes, weekdays_field
from recruitment.queries.cohorts import Presence


class SessionForm(MeetingTimes, RefusalForm):
    """When and where one session is, and what it is about."""

    held_on = DanishDateField(
        label=_("Dato"),
        required_message=_("Skriv datoen, for eksempel 05.11.2026."),
        help_text=_("For eksempel 05.11.2026"),
    )
    title = PlainTextField(
        label=_("Indhold"), required=False, max_length=150, help_text=_("For eksempel Keramik på museet")
    )
    venue = VenueChoiceField(label=_("Mødested"))
    field_order = ("held_on", "starts", "ends", "title", "venue")
    refusal_fields = {SessionOutsideCohort: "held_on", SessionOverlaps: "starts", EndsBeforeStart: "ends"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["venue"].queryset = Venue.objects.order_by("name", "pk")  # type: ignore[attr-defined]
        self.helper = form_helper("held_on", SideBySide("starts", "ends"), "title", "venue")

    def answers(self) -> dict[str, Any]:
        """Return what `add_session` and `change_session` take; the moments by Danish clocks."""
        starts_at = danish_moment(self.cleaned_data["held_on"], self.cleaned_data["starts"])
        return {
            "title": self.cleaned_data["title"],
            "venue": self.cleaned_data["venue"],
            "starts_at": starts_at,
            "ends_at": starts_at + self.duration(),
        }


class WeeklySessionsForm(MeetingTimes, RefusalForm):
    """Several sessions at the same hour, week by week."""

    first_on = DanishDateField(
        label=_("Fra og med"),
        required_message=_("Skriv den første dato, for eksempel 05.11.2026."),
        help_text=_("For eksempel 05.11.2026"),
    )
    count = forms.IntegerField(
        label=_("Antal mødegange"),
        validators=[
            MinValueValidator(1, _("Skriv mindst 1 mødegang.")),
            MaxValueValidator(MOST_SESSIONS, _("Skriv højst 104 mødegange.")),
        ],
        error_messages={
            "required": _("Skriv, hvor mange mødegange der skal være."),
            "invalid": _("Skriv antallet som et helt tal, for eksempel 6."),
        },
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 1, "max": MOST_SESSIONS}),
    )
    weekdays = weekdays_field(required=True)
    title = PlainTextField(label=_("Indhold"), required=False, max_length=150)
    venue = VenueChoiceField(label=_("Mødested"))
    field_order = ("first_on", "count", "weekdays", "starts", "ends", "title", "venue")
    refusal_fields = {
        SessionOutsideCohort: "count",
        SessionOverlaps: "starts",
        EndsBeforeStart: "ends",
        NoSessionDays: "weekdays",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["venue"].queryset = Venue.objects.order_by("name", "pk")  # type: ignore[attr-defined]
        self.helper = form_helper(
            SideBySide("first_on", "count"),
            Field("weekdays", wrapper_class="inline-choices"),
            SideBySide("starts", "ends"),
            "title",
            "venue",
        )

    def answers(self) -> dict[str, Any]:
        """Return what `add_weekly_sessions` takes."""
        first_starts_at: dt.datetime = danish_moment(
            self.cleaned_data["first_on"], self.cleaned_data["starts"]
        )
        return {
            "first_starts_at": first_starts_at,
            "duration": self.duration(),
            "count": self.cleaned_data["count"],
            "weekdays": self.cleaned_data["weekdays"],
            "title": self.cleaned_data["title"],
            "venue": self.cleaned_data["venue"],
        }


# Nothing is preselected for a person about whom nothing is noted.
NOT_NOTED = ("", _("Ikke noteret"))


class AttendanceForm(RefusalForm):
    """Who came to a session: one line a person, made to be ticked on a phone.

    A person may apologise on their own page while this one stands open. `shown` tells which apologies
    the coordinator saw, so that a line left blank takes away none that they did not.
    """

    def __init__(self, *args: Any, presences: list[Presence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.apologised = {
            field_name(presence.enrolment)
            for presence in presences
            if presence.state == AttendanceState.APOLOGISED
        }
        for presence in presences:
            self.fields[field_name(presence.enrolment)] = forms.ChoiceField(
                label=presence.enrolment.participant.full_name,
                choices=[*AttendanceState.choices, NOT_NOTED],
                initial=presence.state,
                required=False,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": _("Vælg mødt, afbud eller udeblevet.")},
            )
        self.helper = form_helper(
            "shown", *[Field(name, wrapper_class="tick-line") for name in self.fields], mark_optional=False
        )
        self.fields["shown"] = forms.CharField(
            required=False, widget=forms.HiddenInput, initial=" ".join(sorted(self.apologised))
        )

    def states(self, *, rest_present: bool) -> dict[int, AttendanceState | None]:
        """Return the note of each enrolment by its id; with `rest_present` those without one have come."""
        rest = AttendanceState.PRESENT if rest_present else None
        answers = dict(self.cleaned_data)
        unseen = self.apologised - set(answers.pop("shown").split())
        blank = {name: AttendanceState.APOLOGISED if name in unseen else rest for name in answers}
        return {
            int(name.removeprefix("place_")): AttendanceState(answer) if answer else blank[name]
            for name, answer in answers.items()
        }
