"""The story of a programme, event by event, up to now."""

import datetime as dt
from dataclasses import dataclass

from core.danish import add_working_days
from core.dates import danish_moment
from courses.models import Venue
from courses.services import create_venue
from outreach.models import Referrer
from outreach.services import mark_referrer_left, update_referrer
from participants.enums import ContactOutcome
from recruitment.demo import cast
from recruitment.demo.calendar import monday_of, working_moment
from recruitment.demo.groups import Groups
from recruitment.demo.people import Person
from referrals.services.nudges import plan_silent_referrer_nudges


@dataclass
class Story(Groups):
    """The whole story: partners, cohorts, and those on their way."""

    def tell(self, *, past_cohorts: int, per_cohort: int) -> None:
        """Plan the whole story: `past_cohorts` that are over, one running, one filling, one to come."""
        starts = [
            monday_of(self.today) + dt.timedelta(weeks=weeks, days=1)
            for weeks in [-12 * number - 6 for number in range(past_cohorts, 0, -1)] + [-3, 3, 11]
        ]
        opening = starts[0] - dt.timedelta(weeks=12)
        venues: list[Venue] = []
        self.at(working_moment(opening, self.draw), lambda now: venues.extend(self._open_venues(now)))
        for number, starts_on in enumerate(starts):
            wanted = (
                per_cohort if number <= past_cohorts else per_cohort // 2 if number == past_cohorts + 1 else 0
            )
            self._plan_cohort(starts_on, wanted, venues, number, opening)
        self._plan_pipeline()
        self._plan_partners(opening)

    def _open_venues(self, now: dt.datetime) -> list[Venue]:
        return [
            create_venue(
                programme=self.programme,
                name=name,
                address=address,
                directions=directions,
                by=self.coordinator,
                now=now,
            )
            for name, address, directions in cast.VENUES
        ]

    def _plan_partners(self, opening: dt.date) -> None:
        """Reminders each Monday, key persons noted, and one referrer who leaves."""
        monday = monday_of(opening) + dt.timedelta(weeks=8)
        while monday <= self.today:
            self.at(
                danish_moment(add_working_days(monday - dt.timedelta(days=1), 1), dt.time(8, 5)),
                lambda now: plan_silent_referrer_nudges(now=now) and None,
            )
            monday += dt.timedelta(weeks=1)
        self.at(working_moment(self.today - dt.timedelta(weeks=5), self.draw), self._referrer_leaves)
        self.at(working_moment(self.today - dt.timedelta(weeks=6), self.draw), self._note_key_persons)

    def _referrer_leaves(self, now: dt.datetime) -> None:
        for referrer in Referrer.objects.filter(name=cast.LEFT_THE_JOB):
            mark_referrer_left(referrer=referrer, left_on=now.date(), by=self.coordinator, now=now)

    def _note_key_persons(self, now: dt.datetime) -> None:
        for partner in cast.PARTNERS:
            for referrer in Referrer.objects.filter(name=partner.people[0][0]):
                update_referrer(
                    referrer=referrer,
                    is_key_person=True,
                    is_ambassador=partner.weight >= 9,
                    onboarded_on=now.date() - dt.timedelta(weeks=20),
                    by=self.coordinator,
                    now=now,
                )

    # --- Those on their way --------------------------------------------------------------------

    def _plan_pipeline(self) -> None:
        """New people of the last days, at every step before a cohort; the oldest call is overdue."""
        for days_ago in (8, 6, 5, 4, 3, 2, 1, 1, 0):
            given, family = self._new_name()
            person = Person(given, family, "joins")
            day = self.today - dt.timedelta(days=days_ago)
            arrives = min(working_moment(day, self.draw), self.now - dt.timedelta(minutes=40 + days_ago))
            source = self._source(arrives)
            answers = self._answers(person, source)
            self.at(
                arrives,
                lambda now, person=person, kind=source[0], answers=answers: self._arrive(  # type: ignore[misc]
                    person, kind, answers, now
                ),
            )
            if days_ago in (6, 4):
                called = working_moment(add_working_days(arrives.date(), 1), self.draw)
                outcome = ContactOutcome.NO_ANSWER if days_ago == 6 else ContactOutcome.REACHED
                self.at(called, lambda now, person=person, outcome=outcome: self._try(person, outcome, now))  # type: ignore[misc]
