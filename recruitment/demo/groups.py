"""How cohorts are made, held and finished."""

import datetime as dt
from dataclasses import dataclass
from functools import partial

from django.utils.timezone import localdate

from core.dates import danish_moment
from courses.enums import AttendanceState, Ending, EnrolmentState
from courses.models import Cohort, Enrolment, Session, Venue
from courses.queries import attendance_share
from courses.schedule import WeeklyPlan
from courses.services import create_cohort, finish_cohort, record_attendance
from participants.enums import Outcome, Stage
from participants.models import Participant
from recruitment.demo import cast
from recruitment.demo.calendar import working_moment
from recruitment.demo.people import People

WEEKS = 6
MONTHS = (
    *("Januar", "Februar", "Marts", "April", "Maj", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "December"),
)


@dataclass
class Groups(People):
    """Cohorts and the people who join them."""

    def _plan_cohort(
        self, starts_on: dt.date, wanted: int, venues: list[Venue], number: int, opening: dt.date
    ) -> None:
        made: list[Cohort] = []
        name = f"{MONTHS[starts_on.month - 1]}holdet {starts_on.year}"  # eight weeks apart at least
        made_on = max(opening + dt.timedelta(days=1), starts_on - dt.timedelta(weeks=13))
        made_on = min(made_on, self.today - dt.timedelta(days=9))

        def make(now: dt.datetime) -> None:
            made.append(self._make_cohort(name, starts_on, venues[number % len(venues)], now))

        self.at(danish_moment(made_on, dt.time(8, 30)), make)
        people = [self._person(number, place) for place in range(round(wanted * 1.35))]
        for place, person in enumerate(people):
            if place >= wanted:
                person.fate = self.draw.choice(["unreachable", "declined", "redirected"])
            arrival = starts_on - dt.timedelta(days=self.draw.randrange(24, 75))
            if starts_on > self.today:
                arrival = self.today - dt.timedelta(days=self.draw.randrange(9, 40))
            self._plan_arrival(person, arrival, made)
        last = starts_on + dt.timedelta(weeks=WEEKS, days=2)
        self.at(danish_moment(last, dt.time(15, 30)), lambda now: self._finish(made[0], now))

    def _make_cohort(self, name: str, starts_on: dt.date, venue: Venue, now: dt.datetime) -> Cohort:
        weekly = WeeklyPlan(
            weekdays=frozenset({starts_on.weekday()}),
            starts=dt.time(10),
            duration=dt.timedelta(hours=2, minutes=30),
        )
        cohort = create_cohort(
            programme=self.programme,
            name=name,
            starts_on=starts_on,
            ends_on=starts_on + dt.timedelta(weeks=WEEKS - 1),
            capacity=self.programme.default_capacity,
            venue=venue,
            note="",
            weekly=weekly,
            by=self.coordinator,
            now=now,
        )
        for session in Session.objects.filter(cohort=cohort):
            self.at(session.ends_at, partial(self._hold, session))
        return cohort

    def _hold(self, session: Session, now: dt.datetime) -> None:
        """Note who came: most did, some sent an apology; whoever drops out stops after two or three times."""
        enrolments = Enrolment.objects.filter(
            cohort=session.cohort_id, state__in=[EnrolmentState.ENROLLED, EnrolmentState.STARTED]
        ).select_related("participant")
        places = list(enrolments.order_by("pk"))
        states = {place.pk: self._attends(place) for place in places}
        record_attendance(session=session, states=states, by=self.coordinator, now=now)

    def _attends(self, place: Enrolment) -> AttendanceState:
        if place.participant.stage == Stage.PAUSED:
            return AttendanceState.APOLOGISED
        if place.participant.given_name == cast.PAUSED_NAME[0] and place.state == EnrolmentState.ENROLLED:
            return AttendanceState.PRESENT  # one must have begun to pause
        present, apologised, absent = 86, 9, 5
        return self.draw.choices(list(AttendanceState), weights=[present, apologised, absent])[0]

    def _finish(self, cohort: Cohort, now: dt.datetime) -> None:
        """End the cohort by the programme's own rule for having completed."""
        endings = {}
        for place in Enrolment.objects.filter(cohort=cohort).current():
            share = attendance_share(place) or 0
            if place.state != EnrolmentState.STARTED:
                endings[place.pk] = Ending.DECLINED
            elif share * 100 >= self.programme.completed_percent:
                endings[place.pk] = Ending.COMPLETED
            else:
                endings[place.pk] = Ending.PAUSED
        finish_cohort(cohort=cohort, endings=endings, by=self.coordinator, now=now)
        for place in Enrolment.objects.filter(cohort=cohort, state=EnrolmentState.COMPLETED):
            self._plan_bridge(place.participant, now)
        for place in Enrolment.objects.filter(
            pk__in=[pk for pk, end in endings.items() if end == Ending.PAUSED]
        ):
            self._plan_goodbye(place.participant, now)

    def _plan_goodbye(self, participant: Participant, now: dt.datetime) -> None:
        """Whoever stopped is rung within some days, and most often does not come back."""
        rung = working_moment(localdate(now) + dt.timedelta(days=self.draw.randrange(2, 9)), self.draw)
        self.at(rung, lambda at: self._move(participant, Stage.CLOSED, at, Outcome.STOPPED_OTHER))

    def _plan_bridge(self, participant: Participant, now: dt.datetime) -> None:
        if self.draw.random() < 0.7:
            later = working_moment(localdate(now) + dt.timedelta(days=self.draw.randrange(3, 12)), self.draw)
            self.at(later, lambda at: self._move(participant, Stage.BRIDGING, at))
            ended = working_moment(
                localdate(later) + dt.timedelta(days=self.draw.randrange(20, 45)), self.draw
            )
            self.at(ended, lambda at: self._move(participant, Stage.CLOSED, at, Outcome.BRIDGED))
