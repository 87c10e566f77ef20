"""How invented people arrive, are reached and answer questionnaires."""

import datetime as dt
import random
import uuid
from dataclasses import dataclass, field
from functools import partial

from django.utils.timezone import localdate

from core.danish import add_working_days
from core.dates import danish_moment
from courses.enums import Ending, EnrolmentState
from courses.models import Cohort, Enrolment
from courses.services import Refused, end_enrolment, place_participant
from evaluation.enums import MissingReasonKind, Mode, Occasion
from evaluation.services import note_missing_reason, record_response
from participants.enums import ContactMethod, ContactOutcome, Outcome, Stage
from participants.models import Participant
from participants.services import MoveNotAllowed, change_stage, record_contact_attempt
from recruitment.demo import cast
from recruitment.demo.calendar import working_moment
from recruitment.demo.outreach import Outreach
from referrals.enums import HeardAbout, ReferralKind
from referrals.services import (
    Answers,
    ReferrerAnswers,
    current_form,
    keep_version,
    receive_referral,
)
from worklist.enums import TaskKind
from worklist.models import Task
from worklist.services import close_tasks

COMPLETING_SHARE = 0.75  # of those who start
AFTER_SHARE = 0.85  # of those who complete

# Who sends a person: the kind of form, and the partner and colleague where it is not the person.
Source = tuple[ReferralKind, cast.Partner | None, tuple[str, str] | None]


@dataclass
class Person:
    """One invented person and what the story has decided about them."""

    given_name: str
    family_name: str
    fate: str  # "joins", "unreachable", "declined" or "redirected"
    completes: bool = True
    incomplete_before: bool = False
    pauses: bool = False
    twice: bool = False
    participant: Participant | None = None
    before_raw: int = 0

    @property
    def draw(self) -> random.Random:
        """Draws of the person's own, so that scores do not hang on the day the story is told."""
        return random.Random(f"{self.given_name} {self.family_name} {self.before_raw}")  # noqa: S311


@dataclass
class People(Outreach):
    """The paths of persons, from arrival to the last questionnaire."""

    names_used: set[tuple[str, str]] = field(default_factory=set)

    def _person(self, cohort: int, place: int) -> Person:
        special = {
            (0, 0): cast.DANISH_LETTERS_NAME,
            (1, 0): cast.TWICE_REFERRED_NAME,
            (2, 0): cast.PAUSED_NAME,
            (3, 0): cast.LONG_NAME,
        }.get((cohort, place))
        given, family = special or self._new_name()
        return Person(
            given,
            family,
            "joins",
            completes=special is not None or self.draw.random() < COMPLETING_SHARE,
            incomplete_before=place == 3 and cohort in (0, 2),
            pauses=special == cast.PAUSED_NAME,
            twice=special == cast.TWICE_REFERRED_NAME,
        )

    def _new_name(self) -> tuple[str, str]:
        while True:
            name = self.draw.choice(cast.GIVEN_NAMES), self.draw.choice(cast.FAMILY_NAMES)
            if name not in self.names_used:
                self.names_used.add(name)
                return name

    def _plan_arrival(self, person: Person, day: dt.date, made: list[Cohort]) -> None:
        arrives = working_moment(day, self.draw)
        source = self._source(arrives)
        answers = self._answers(person, source)
        kind = source[0]

        def arrive(now: dt.datetime) -> None:
            self._arrive(person, kind, answers, now)
            self._plan_contact(person, now, made)

        self.at(arrives, arrive)
        if person.twice:
            again = working_moment(day + dt.timedelta(days=6), self.draw)
            gp = cast.PARTNERS[1]
            second = self._answers(person, (gp.referral_kind, gp, gp.people[0]), like=answers)
            self.at(again, lambda now: self._arrive(person, gp.referral_kind, second, now))
            answered = working_moment(add_working_days(localdate(again), 1), self.draw)
            self.at(answered, lambda now: self._try(person, ContactOutcome.REACHED, now))

    def _arrive(self, person: Person, kind: ReferralKind, answers: Answers, now: dt.datetime) -> None:
        referral = receive_referral(
            programme=self.programme,
            kind=kind,
            answers=answers,
            submission_key=uuid.UUID(int=self.draw.getrandbits(128)),
            form_version=keep_version(
                programme=self.programme, shown=current_form(self.programme, kind), now=now
            ),
            tracked_link=self._link_of(f"{person.given_name} {person.family_name}", kind),
            now=now,
        )
        person.participant = referral.participant

    def _source(
        self, arrives: dt.datetime
    ) -> tuple[ReferralKind, cast.Partner | None, tuple[str, str] | None]:
        """Return who sends the person; those who fell silent sent nobody for the last twelve weeks."""
        recent = arrives > self.now - dt.timedelta(weeks=12)
        choices = [
            (partner, colleague)
            for partner in cast.PARTNERS
            for colleague in partner.people
            if not (recent and colleague[0] in (*cast.SILENT, cast.LEFT_THE_JOB))
        ]
        weights = [partner.weight / len(partner.people) for partner, _ in choices]
        if self.draw.random() < cast.SELF_WEIGHT / (cast.SELF_WEIGHT + sum(weights)):
            return ReferralKind.SELF, None, None
        partner, colleague = self.draw.choices(choices, weights)[0]
        return partner.referral_kind, partner, colleague

    def _answers(
        self,
        person: Person,
        source: tuple[ReferralKind, cast.Partner | None, tuple[str, str] | None],
        like: Answers | None = None,
    ) -> Answers:
        _, partner, colleague = source
        number = next(self.count)
        referrer = None
        if partner is not None and colleague is not None:
            referrer = ReferrerAnswers(
                name=colleague[0],
                title=colleague[1],
                workplace=partner.name,
                organisation_kind=partner.kind,
                email=f"{_ascii(colleague[0])}@{_ascii(partner.name)}.example",
                phone="+4576100000",
            )
        return Answers(
            given_name=person.given_name,
            family_name=person.family_name,
            phone=like.phone if like else f"+4520{100_000 + number:06d}",
            email=like.email if like else f"{_ascii(person.given_name)}{number}@borger.example",
            birth_year=like.birth_year if like else self.now.year - round(self.draw.triangular(21, 66, 45)),
            postcode="6999",
            contact_wishes=self.draw.choice(cast.WISHES),
            reason=self.draw.choice(cast.REASONS if referrer else cast.OWN_WORDS),
            situation=self.draw.choice(cast.SITUATIONS) if referrer else "",
            considerations=self.draw.choice(cast.CONSIDERATIONS),
            criteria_met=tuple(self.programme.criteria_list[: self.draw.randrange(2, 5)]) if referrer else (),
            agreed=True,
            feedback_allowed=referrer is not None and self.draw.random() < 0.8,
            later_contact=referrer is None,
            heard_about=self.draw.choice(list(HeardAbout)).value,
            referrer=referrer,
        )

    def _plan_contact(self, person: Person, arrived: dt.datetime, made: list[Cohort]) -> None:
        day = localdate(arrived)
        tries = 3 if person.fate == "unreachable" else self.draw.choices([0, 1, 2], [6, 3, 1])[0]
        for _ in range(tries):
            day = add_working_days(day, self.draw.randrange(1, 3))
            self.at(
                working_moment(day, self.draw),
                lambda now: self._try(person, ContactOutcome.NO_ANSWER, now),
            )
        day = add_working_days(day, self.draw.randrange(1, 3))
        moment = working_moment(day, self.draw)
        if person.fate == "unreachable":
            self.at(moment, lambda now: self._close(person, Outcome.UNREACHABLE, now))
            return
        self.at(moment, lambda now: self._try(person, ContactOutcome.REACHED, now))
        later = working_moment(add_working_days(day, self.draw.randrange(1, 5)), self.draw)
        if person.fate != "joins":
            outcome = Outcome.DECLINED if person.fate == "declined" else Outcome.REDIRECTED
            self.at(later, lambda now: self._close(person, outcome, now))
            return
        self.at(later, lambda now: self._get_ready(person, now, made))

    def _try(self, person: Person, outcome: ContactOutcome, now: dt.datetime) -> None:
        record_contact_attempt(
            participant=known(person),
            method=ContactMethod.PHONE,
            outcome=outcome,
            note=self.draw.choice(cast.NOTES[outcome.value]),
            by=self.coordinator,
            now=now,
        )

    def _close(self, person: Person, outcome: Outcome, now: dt.datetime) -> None:
        self._move(known(person), Stage.CLOSED, now, outcome)

    def _move(
        self, participant: Participant, stage: Stage, now: dt.datetime, outcome: Outcome | str = ""
    ) -> None:
        """Move the participant, unless what has happened meanwhile leaves no such move."""
        try:
            change_stage(
                participant=participant, to_stage=stage, outcome=outcome, by=self.coordinator, now=now
            )
        except MoveNotAllowed:
            return

    def _get_ready(self, person: Person, now: dt.datetime, made: list[Cohort]) -> None:
        self._move(known(person), Stage.READY, now)
        if made:
            placed = working_moment(add_working_days(localdate(now), self.draw.randrange(1, 3)), self.draw)
            if localdate(placed) < made[0].starts_on:
                self.at(placed, lambda at: self._place(person, made[0], at))

    def _place(self, person: Person, cohort: Cohort, now: dt.datetime) -> None:
        try:
            place_participant(cohort=cohort, participant=known(person), by=self.coordinator, now=now)
        except Refused:
            return  # stays ready, and shows up among those who wait for a seat
        first, last = self._days(cohort)
        self.at(danish_moment(first, dt.time(9, 40)), lambda at: self._measure_before(person, at))
        if not person.completes:
            stops = first + dt.timedelta(weeks=self.draw.randrange(1, 4), days=1)
            self.at(danish_moment(stops, dt.time(11)), lambda at: self._stop(person, cohort, at))
            return
        if person.pauses:
            self.at(
                danish_moment(first + dt.timedelta(weeks=1, days=1), dt.time(11)),
                lambda at: self._move(known(person), Stage.PAUSED, at),
            )
        self.at(danish_moment(last, dt.time(12, 45)), lambda at: self._measure_after(person, at))

    def _days(self, cohort: Cohort) -> tuple[dt.date, dt.date]:
        return cohort.starts_on, cohort.ends_on

    def _stop(self, person: Person, cohort: Cohort, now: dt.datetime) -> None:
        place = Enrolment.objects.filter(cohort=cohort, participant=known(person)).first()
        if place is not None and place.state == EnrolmentState.STARTED:
            ending = self.draw.choice([Ending.STOPPED_ILLNESS, Ending.STOPPED_WORK, Ending.STOPPED_OTHER])
            end_enrolment(enrolment=place, ending=ending, by=self.coordinator, now=now)

    # --- Measures ------------------------------------------------------------------------------

    def _measure_before(self, person: Person, now: dt.datetime) -> None:
        person.before_raw = cast.who5_before(person.draw)
        items: list[int | None] = list(cast.who5_items(person.before_raw, self.draw))
        if person.incomplete_before:
            items[3] = None
        self._respond(person, Occasion.BEFORE, items, now)

    def _measure_after(self, person: Person, now: dt.datetime) -> None:
        participant = known(person)
        participant.refresh_from_db()
        if participant.stage not in (Stage.ACTIVE, Stage.COMPLETED):
            return
        if self.draw.random() > AFTER_SHARE:
            note_missing_reason(
                participant=participant,
                occasion=Occasion.AFTER,
                reason=self.draw.choice([MissingReasonKind.NOT_BOOKED, MissingReasonKind.DOES_NOT_WISH]),
                by=self.coordinator,
                now=now,
            )
            return
        raw = cast.who5_after(person.before_raw, person.draw)
        self._respond(person, Occasion.AFTER, list(cast.who5_items(raw, self.draw)), now)

    def _respond(self, person: Person, occasion: Occasion, items: list[int | None], now: dt.datetime) -> None:
        own_phone = self.draw.random() < 0.6
        record_response(
            participant=known(person),
            occasion=occasion,
            items=items,
            self_rated_health=self.draw.choices(
                [1, 2, 3, 4, 5], [0, 2, 6, 8, 3] if occasion == Occasion.BEFORE else [1, 5, 8, 4, 1]
            )[0],
            comment=self.draw.choice(cast.COMMENTS),
            language="da",
            mode=Mode.OWN_PHONE if own_phone else Mode.PAPER,
            entered_by=None if own_phone else self.coordinator,
            answered_on=localdate(now),
            now=now,
        )
        follow_up = working_moment(add_working_days(localdate(now), self.draw.randrange(1, 3)), self.draw)
        self.at(follow_up, partial(self._follow_up, person))

    def _follow_up(self, person: Person, now: dt.datetime) -> None:
        """Ring somebody whose score was low; for everybody else there is nothing to do."""
        asked = Task.objects.open().filter(kind=TaskKind.FOLLOW_UP_LOW_SCORE, participant=known(person))
        if asked.exists():
            self._try(person, ContactOutcome.REACHED, now)
            close_tasks(
                kind=TaskKind.FOLLOW_UP_LOW_SCORE, participant=known(person), by=self.coordinator, now=now
            )


def known(person: Person) -> Participant:
    """Return the person's row.

    :raises LookupError: when the story lets something happen to somebody before they arrive.
    """
    if person.participant is None:
        raise LookupError(f"{person.given_name} {person.family_name} has not arrived yet.")
    return person.participant


def _ascii(text: str) -> str:
    """Return `text` as part of an invented address."""
    letters = text.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    return "".join(letter for letter in letters if letter.isascii() and letter.isalnum())
