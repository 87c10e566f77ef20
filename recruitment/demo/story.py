"""The story of a programme, event by event, up to now."""

import datetime as dt
import uuid
from dataclasses import dataclass
from functools import partial

from django.utils.timezone import localdate

from core.danish import add_working_days
from core.dates import danish_moment
from courses.models import Enrolment, Venue
from courses.services import create_venue
from evaluation.enums import Mode, Occasion, SelfRatedHealth
from evaluation.services import record_response
from outreach.enums import OrganisationKind
from outreach.models import Referrer
from outreach.services import mark_referrer_left, update_referrer
from participants.enums import ContactOutcome, Stage
from recruitment.demo import cast
from recruitment.demo.by_hand import ByHand
from recruitment.demo.calendar import monday_of, working_moment
from recruitment.demo.people import Person, known
from recruitment.services.digest import plan_week_digests
from referrals.enums import ReferralKind
from referrals.models import Nudge
from referrals.services import (
    Answers,
    approve_nudges,
    hold_arrival,
    plan_letters,
    plan_nudges,
    plan_referrer_news,
)

# For how long referrers and people have been told how it goes: a full story of it would only take time.
TOLD_FOR = dt.timedelta(weeks=8)
# Who came lately: days ago, and how far they have got beyond having been received.
PIPELINE: tuple[tuple[int, Stage | None], ...] = (
    (13, Stage.READY),
    (12, Stage.READY),
    (9, Stage.CONVERSATION),
    (8, None),
    (6, Stage.CONTACTING),
    (5, Stage.CONVERSATION),
    (4, None),
    (3, None),
    (2, None),
    (1, None),
    (1, None),
    (0, None),
)


@dataclass
class Story(ByHand):
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
        self._plan_messages()
        self._plan_pipeline()
        self._plan_partners(opening)
        self._plan_outreach(opening)
        self._plan_by_hand()
        self._plan_kept_partners()

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
                self._remind,
            )
            monday += dt.timedelta(weeks=1)
        self.at(self.now - dt.timedelta(hours=1), self._remind)
        self.at(working_moment(self.today - dt.timedelta(weeks=5), self.draw), self._referrer_leaves)
        self.at(working_moment(self.today - dt.timedelta(weeks=6), self.draw), self._note_key_persons)

    def _remind(self, now: dt.datetime) -> None:
        """Draw who is due; Kirsten says yes to what is proposed, but has not seen to the last week's yet."""
        plan_nudges(now=now)
        if now < self.now - dt.timedelta(days=7):
            waiting = list(Nudge.objects.proposed().values_list("pk", flat=True))
            approve_nudges(programme=self.programme, nudges=waiting, by=self.coordinator, now=now)

    def _referrer_leaves(self, now: dt.datetime) -> None:
        for referrer in Referrer.objects.filter(name=cast.LEFT_THE_JOB):
            mark_referrer_left(
                referrer=referrer,
                left_on=localdate(now),
                successor=Referrer.objects.filter(name=cast.TAKES_OVER).first(),
                by=self.coordinator,
                now=now,
            )

    def _note_key_persons(self, now: dt.datetime) -> None:
        for partner in cast.PARTNERS:
            if partner.kind == OrganisationKind.PSYCHOLOGIST:  # sends people, but is nobody's fixed contact
                continue
            for referrer in Referrer.objects.filter(name=partner.people[0][0]):
                update_referrer(
                    referrer=referrer,
                    is_key_person=True,
                    is_ambassador=partner.weight >= 9,
                    onboarded_on=localdate(now) - dt.timedelta(weeks=20),
                    by=self.coordinator,
                    now=now,
                )

    def _plan_messages(self) -> None:
        """What referrers and people are told of themselves, each afternoon of the last weeks."""
        day = self.today - TOLD_FOR
        while (day := add_working_days(day, 1)) <= self.today:
            self.at(danish_moment(day, dt.time(15)), self._tell)
            self.at(danish_moment(day, dt.time(8)), self._send_digests)

    def _send_digests(self, now: dt.datetime) -> None:
        plan_week_digests(now=now)

    def _tell(self, now: dt.datetime) -> None:
        plan_referrer_news(now=now)
        plan_letters(now=now)

    # --- Those on their way --------------------------------------------------------------------

    def _plan_pipeline(self) -> None:
        """New people of the last days, at every step before a cohort; the oldest call is overdue."""
        for days_ago, reached in PIPELINE:
            person = Person(*self._new_name(), "joins")
            day = self.today - dt.timedelta(days=days_ago)
            arrives = min(working_moment(day, self.draw), self.now - dt.timedelta(minutes=40 + days_ago))
            source = self._source(arrives)
            self.at(arrives, partial(self._arrive, person, source[0], self._answers(person, source)))
            if reached is not None:
                self._plan_last_step(person, localdate(arrives), reached)
        self.at(self.now - dt.timedelta(hours=20), self._answer_early)
        spam = Person("Casino", "Bonus", "joins")
        self.at(
            working_moment(self.today - dt.timedelta(days=2), self.draw),
            partial(self._hold_back, self._answers(spam, (ReferralKind.SELF, None, None))),
        )

    def _plan_last_step(self, person: Person, arrived: dt.date, reached: Stage) -> None:
        """Let the person get as far as `reached`, and no further yet."""
        called = working_moment(add_working_days(arrived, 1), self.draw)
        if reached == Stage.CONTACTING:
            self.at(called, partial(self._try, person, ContactOutcome.NO_ANSWER))
            return
        self.at(called, partial(self._try, person, ContactOutcome.REACHED))
        if reached == Stage.READY:
            decided = working_moment(add_working_days(localdate(called), 1), self.draw)
            self.at(decided, lambda now: self._move(known(person), Stage.READY, now))

    def _answer_early(self, now: dt.datetime) -> None:
        """One who waits for the next cohort answers at home, so low that somebody should call first."""
        place = Enrolment.objects.filter(cohort__starts_on__gt=self.today).current().order_by("pk").first()
        if place is not None:
            record_response(
                participant=place.participant,
                occasion=Occasion.BEFORE,
                items=(1, 1, 1, 2, 1),
                self_rated_health=SelfRatedHealth.FAIR,
                comment="",
                language="da",
                mode=Mode.OWN_PHONE,
                entered_by=None,
                answered_on=localdate(now),
                now=now,
            )

    def _hold_back(self, answers: Answers, now: dt.datetime) -> None:
        hold_arrival(
            programme=self.programme,
            kind=ReferralKind.SELF,
            answers=answers,
            submission_key=uuid.UUID(int=self.draw.getrandbits(128)),
            reasons=["honeypot"],
            now=now,
        )
