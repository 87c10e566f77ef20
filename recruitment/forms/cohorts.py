"""The coordinator's forms about cohorts and the people in them."""

import datetime as dt
from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Programme
from core.dates import format_danish_date
from core.forms import DanishDateField, FreeTextField, PlainTextField
from core.layout import Section, SideBySide, form_helper
from courses.enums import ENDINGS_NOT_STARTED, ENDINGS_STARTED, Ending, EnrolmentState
from courses.models import Cohort, Enrolment, Venue
from courses.queries import CohortSeats, current_cohorts
from courses.schedule import WeeklyPlan
from courses.services import (
    CapacityTooSmall,
    CohortFull,
    CohortTooLong,
    EndsBeforeStart,
    NameTaken,
    NoSessionDays,
    Refused,
)
from participants.models import Participant
from recruitment.forms.times import MeetingTimes, weekdays_field
from recruitment.queries.cohorts import Choice

MOST_SEATS = 60


class RefusalForm(forms.Form):
    """A form that can say why a service refused, beside the question it is about."""

    # Where the refusal belongs; others are said above the form.
    refusal_fields: dict[type[Refused], str] = {}

    def refuse(self, refusal: Refused) -> None:
        """Show the refusal's own sentence."""
        name = self.refusal_fields.get(type(refusal))
        self.add_error(name if name in self.fields else None, str(refusal))


class VenueChoiceField(forms.ModelChoiceField):
    """One of the programme's venues, or none yet."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Venue.objects.none(),
            required=False,
            empty_label=_("Ikke valgt endnu"),
            error_messages={"invalid_choice": _("Vælg et mødested på listen.")},
            **kwargs,
        )


class CohortForm(RefusalForm):
    """What a cohort is called, when it runs, how many it takes and where it meets."""

    name = PlainTextField(
        label=_("Holdets navn"),
        max_length=100,
        required_message=_("Skriv holdets navn, for eksempel Forårsholdet 2027."),
        help_text=_("For eksempel Forårsholdet 2027."),
    )
    starts_on = DanishDateField(
        label=_("Første dag"),
        required_message=_("Skriv holdets første dag, for eksempel 05.11.2026."),
        help_text=_("For eksempel 05.11.2026"),
    )
    ends_on = DanishDateField(
        label=_("Sidste dag"),
        required_message=_("Skriv holdets sidste dag, for eksempel 17.12.2026."),
        help_text=_("For eksempel 17.12.2026"),
    )
    capacity = forms.IntegerField(
        label=_("Antal pladser"),
        validators=[
            MinValueValidator(1, _("Skriv mindst 1 plads.")),
            MaxValueValidator(MOST_SEATS, _("Skriv højst 60 pladser.")),
        ],
        error_messages={
            "required": _("Skriv, hvor mange pladser der er."),
            "invalid": _("Skriv antallet af pladser som et helt tal, for eksempel 12."),
        },
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 1, "max": MOST_SEATS}),
    )
    venue = VenueChoiceField(label=_("Mødested"), help_text=_("Hver mødegang kan have sit eget sted."))
    note = FreeTextField(
        label=_("Note til dig selv"),
        required=False,
        max_length=1000,
        rows=3,
        help_text=_("Skriv ikke om deltagerne her."),
    )
    refusal_fields = {
        NameTaken: "name",
        EndsBeforeStart: "ends_on",
        CohortTooLong: "ends_on",
        CapacityTooSmall: "capacity",
        NoSessionDays: "weekdays",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["venue"].queryset = Venue.objects.order_by("name", "pk")  # type: ignore[attr-defined]
        self.helper = form_helper(*self.sections())

    def sections(self) -> list[Any]:
        """Return the layout."""
        return [
            Section(
                str(_("Holdet")),
                "name",
                SideBySide("starts_on", "ends_on"),
                SideBySide("capacity", "venue"),
                "note",
            )
        ]

    def answers(self) -> dict[str, Any]:
        """Return what `create_cohort` and `update_cohort` take."""
        names = ("name", "starts_on", "ends_on", "capacity", "venue", "note")
        return {name: self.cleaned_data[name] for name in names}


class NewCohortForm(MeetingTimes, CohortForm):
    """A cohort, and with it the weekly sessions if the days are known."""

    weekdays = weekdays_field(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts"].required = self.fields["ends"].required = False

    def sections(self) -> list[Any]:
        return [
            *super().sections(),
            Section(
                str(_("Mødegange")),
                Field("weekdays", wrapper_class="inline-choices"),
                SideBySide("starts", "ends"),
                hint=str(
                    _(
                        "Vælg ugedage, så opretter vi en mødegang på hver af dem fra første til sidste dag. "
                        "Helligdage springer vi over. Du kan rette og tilføje mødegange bagefter."
                    )
                ),
            ),
        ]

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        timed = answers.get("starts") or answers.get("ends")
        if timed and not answers.get("weekdays") and "weekdays" not in self.errors:
            self.add_error("weekdays", _("Vælg de ugedage, hvor holdet mødes, eller slet klokkeslættene."))
        return answers

    def times_wanted(self) -> bool:
        return bool(self.cleaned_data.get("weekdays"))

    def weekly_plan(self) -> WeeklyPlan | None:
        """Return when the cohort meets each week, None when no days were chosen."""
        if not self.cleaned_data["weekdays"]:
            return None
        return WeeklyPlan(
            weekdays=frozenset(self.cleaned_data["weekdays"]),
            starts=self.cleaned_data["starts"],
            duration=self.duration(),
        )


class PersonForm(forms.Form):
    """The person whom a button on a cohort's page is about."""

    participant = forms.ModelChoiceField(queryset=Participant.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["participant"].queryset = Participant.objects.all()  # type: ignore[attr-defined]


class PersonSearchForm(forms.Form):
    """Find somebody who is ready, by name."""

    q = PlainTextField(label=_("Navn"), required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("q", mark_optional=False)


class PlaceParticipantForm(RefusalForm):
    """Choose a cohort for one person, on the person's own page."""

    cohort = forms.TypedChoiceField(
        label=_("Hold"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Vælg et hold."),
            "invalid_choice": _("Holdet kan ikke vælges længere. Vælg et andet hold."),
        },
    )
    refusal_fields = {CohortFull: "cohort"}

    def __init__(
        self,
        data: Any = None,
        *,
        participant: Participant,
        programme: Programme,
        today: dt.date | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.participant = participant
        today = today or timezone.localdate()
        self.cohorts = current_cohorts(programme, today)
        choices = [(seats.cohort.pk, _cohort_label(seats, today)) for seats in self.cohorts]
        self.fields["cohort"].choices = choices  # type: ignore[attr-defined]
        self.helper = form_helper(Field("cohort", wrapper_class="choice-cards"))

    @property
    def has_cohorts(self) -> bool:
        """Whether there is any cohort to choose."""
        return bool(self.cohorts)

    def chosen(self) -> Cohort:
        """Return the cohort of a valid form."""
        return next(seats.cohort for seats in self.cohorts if seats.cohort.pk == self.cleaned_data["cohort"])

    def refuse(self, refusal: Refused) -> None:
        if isinstance(refusal, CohortFull):
            text = _(
                "Holdet blev fyldt, mens du sad her. Vælg et andet hold eller sæt %(name)s på venteliste."
            )
            self.add_error("cohort", text % {"name": self.participant.given_name})
        else:
            super().refuse(refusal)


def _cohort_label(seats: CohortSeats, today: dt.date) -> str:
    first_day = format_danish_date(seats.cohort.starts_on)
    when = _("i gang siden %(day)s") if seats.cohort.starts_on <= today else _("starter %(day)s")
    free = ngettext("%(left)d ledig plads", "%(left)d ledige pladser", seats.seats_left)
    room = free % {"left": seats.seats_left} if seats.seats_left else _("fyldt, kun venteliste")
    return f"{seats.cohort.name} – {when % {'day': first_day}} – {room}"


class EnrolmentEndForm(RefusalForm):
    """How one person's place ends."""

    ending = forms.TypedChoiceField(
        label=_("Hvad er der sket?"),
        coerce=Ending,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Vælg, hvad der er sket."),
            "invalid_choice": _("Vælg en af mulighederne på listen."),
        },
    )

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ending"].choices = endings_for(enrolment)  # type: ignore[attr-defined]
        self.helper = form_helper(Field("ending", wrapper_class="choice-cards"))


def endings_for(enrolment: Enrolment) -> list[tuple[str, Any]]:
    """Return the endings that suit where the place stands."""
    started = enrolment.state == EnrolmentState.STARTED
    return [(ending.value, ending.label) for ending in (ENDINGS_STARTED if started else ENDINGS_NOT_STARTED)]


class FinishForm(RefusalForm):
    """How it ended for each person of a cohort; what the programme's rule makes of it is filled in."""

    def __init__(self, *args: Any, choices: list[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for choice in choices:
            name = choice.enrolment.participant.full_name
            self.fields[field_name(choice.enrolment)] = forms.TypedChoiceField(
                label=name,
                coerce=Ending,
                choices=endings_for(choice.enrolment),
                initial=choice.proposed.value,
                help_text=_attended_text(choice),
                error_messages={
                    "required": _("Vælg, hvordan det gik for %(name)s.") % {"name": name},
                    "invalid_choice": _("Vælg en af mulighederne for %(name)s.") % {"name": name},
                },
            )
        self.helper = form_helper()

    def endings(self) -> dict[int, Ending]:
        """Return the ending of each enrolment by its id."""
        return {int(name.removeprefix("place_")): ending for name, ending in self.cleaned_data.items()}


def field_name(enrolment: Enrolment) -> str:
    """Return the name of the question about this enrolment."""
    return f"place_{enrolment.pk}"


def _attended_text(choice: Choice) -> Any:
    attended = choice.attended
    if not attended.held:
        return _("Der er ikke noteret fremmøde på holdet.")
    text = ngettext(
        "Kom til %(present)d af %(held)d mødegang (%(percent)d %%).",
        "Kom til %(present)d af %(held)d mødegange (%(percent)d %%).",
        attended.held,
    )
    return text % {
        "present": attended.present,
        "held": attended.held,
        "percent": attended.percent,
    }
