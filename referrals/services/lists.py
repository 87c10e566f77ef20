"""Many arrivals at once: those from a meeting, and a waiting list that was kept in a spreadsheet."""

import datetime as dt
import math
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import Programme, User
from core.lookups import email_hash, phone_hash
from core.references import new_references
from outreach.models import Activity
from participants.enums import AgreementMethod
from participants.models import Participant
from participants.queries import Likely, Listed, find_likely_same_of_many
from participants.services import give_first_agreements, register_participants
from referrals.enums import Intake, ReferralKind
from referrals.models import Referral
from referrals.services import arrivals
from referrals.services.answers import Answers
from worklist.services import open_calls

# Of the coordinator's hours, half may go to ringing through a list; the rest are sessions and newcomers.
SHARE_FOR_CALLS = 0.5
WORKING_DAYS_A_WEEK = 5
AT_A_TIME = 500


class AnswerMissing(Exception):
    """Somebody resembles another, and nobody has said whether they are the same; `lines` says who."""

    def __init__(self, lines: Sequence[int]) -> None:
        super().__init__(f"{len(lines)} lines")
        self.lines = list(lines)


@dataclass(frozen=True, kw_only=True)
class ListedArrival:
    """One line of a list: who it is about, who sent them, and when they came (None for now)."""

    line: int
    kind: ReferralKind
    answers: Answers
    submission_key: uuid.UUID
    received_on: dt.date | None = None
    received_at: dt.datetime | None = None


@dataclass(frozen=True)
class Decision:
    """What a colleague said of one line: exactly one of these, or that it is somebody new."""

    participant: Participant | None = None
    same_as_line: int | None = None
    left_out: bool = False


@dataclass(frozen=True)
class ListResult:
    """What became of the lines."""

    new: int = 0
    joined: int = 0
    left_out: int = 0
    known_before: int = 0


def likely_same_of_list(listed: Sequence[ListedArrival]) -> list[Likely]:
    """Return for each line who it likely is, among those known and among the lines above; one query."""
    return find_likely_same_of_many(
        [
            Listed(
                given_name=arrival.answers.given_name,
                family_name=arrival.answers.family_name,
                phone_hash=phone_hash(arrival.answers.phone),
                email_hash=email_hash(arrival.answers.email),
                birth_year=arrival.answers.birth_year,
                postcode=arrival.answers.postcode,
            )
            for arrival in listed
        ]
    )


def call_days(programme: Programme, count: int, *, first: dt.date) -> list[dt.date]:
    """Return the day by which each of `count` people is called, who came on one list, in their order.

    As many a day as fit in half of the coordinator's hours at the programme's minutes a call; nobody
    sooner than an arrival by itself. A handful is so due like any arrival, and 300 over some weeks.
    """
    minutes = programme.coordinator_hours * 60 / WORKING_DAYS_A_WEEK * SHARE_FOR_CALLS
    a_day = max(1, int(minutes // max(1, programme.task_minutes_call)))
    waits = (max(programme.first_contact_days, math.ceil(place / a_day)) for place in range(1, count + 1))
    days: dict[int, dt.date] = {}
    return [days.setdefault(wait, programme.call_by(first, wait)) for wait in waits]


@transaction.atomic
def receive_list(
    *,
    programme: Programme,
    listed: Sequence[ListedArrival],
    decisions: dict[int, Decision],
    intake: Intake,
    agreement_method: AgreementMethod | None = None,
    activity: Activity | None = None,
    by: User,
    now: dt.datetime,
) -> ListResult:
    """Receive every line that is not left out, all or nothing; a line that was received before is one.

    `decisions` has what a colleague said of a line, by its number; a line without one is somebody new.
    Each line leaves the rows that `receive_referral` would leave; nobody is sent a receipt. The calls are
    spread by `call_days`: who has waited longest is called first. `activity` is the meeting they came to.

    :raises AnswerMissing: when a line is said to be the same as one that is left out.
    """
    arrivals.lock_arrivals(programme)
    keys = [arrival.submission_key for arrival in listed]
    before = set(Referral.objects.filter(submission_key__in=keys).values_list("submission_key", flat=True))
    _refuse_left_out_twins(listed, decisions)
    coming = [
        arrival
        for arrival in listed
        if arrival.submission_key not in before and not _said(decisions, arrival).left_out
    ]
    waiting = sorted(coming, key=lambda arrival: (arrival.received_on or localdate(now), arrival.line))
    spread = zip(waiting, call_days(programme, len(waiting), first=localdate(now)), strict=True)
    due = {arrival.line: day for arrival, day in spread}
    new = [arrival for arrival in coming if _said(decisions, arrival) == Decision()]
    people = _receive_new(programme, new, due, intake, agreement_method, activity, by, now)
    known = [arrival for arrival in coming if _said(decisions, arrival) != Decision()]
    for arrival in known:
        person = _person(listed, arrival, decisions, people)
        referral = arrivals.receive_referral(
            programme=programme,
            kind=arrival.kind,
            answers=arrival.answers,
            submission_key=arrival.submission_key,
            intake=intake,
            received_at=arrival.received_at,
            participant=person,
            call_due_on=due[arrival.line],
            agreement_method=agreement_method,
            activity=activity,
            by=by,
            now=now,
        )
        people[arrival.line] = referral.participant
    return ListResult(
        new=len(new),
        joined=len(known),
        left_out=sum(_said(decisions, arrival).left_out for arrival in listed),
        known_before=len(before),
    )


def _said(decisions: dict[int, Decision], arrival: ListedArrival) -> Decision:
    return decisions.get(arrival.line, Decision())


def _refuse_left_out_twins(listed: Sequence[ListedArrival], decisions: dict[int, Decision]) -> None:
    left_out = {arrival.line for arrival in listed if _said(decisions, arrival).left_out}
    orphans = [arrival.line for arrival in listed if _said(decisions, arrival).same_as_line in left_out]
    if orphans:
        raise AnswerMissing(orphans)


def _person(
    listed: Sequence[ListedArrival],
    arrival: ListedArrival,
    decisions: dict[int, Decision],
    people: dict[int, Participant],
) -> Participant:
    """Return the person whom the line joins: a known one, or whoever the line above became."""
    said = _said(decisions, arrival)
    if said.participant is not None:
        return said.participant
    line = said.same_as_line
    if line in people:
        return people[line]
    # The line above was received before this list came: its person is known by its referral.
    twin = next(other for other in listed if other.line == line)
    referral = Referral.objects.select_related("participant").get(submission_key=twin.submission_key)
    person: Participant = referral.participant
    return person


# --- Those who are new -----------------------------------------------------------------------------


def _receive_new(
    programme: Programme,
    new: Sequence[ListedArrival],
    due: dict[int, dt.date],
    intake: Intake,
    method: AgreementMethod | None,
    activity: Activity | None,
    by: User,
    now: dt.datetime,
) -> dict[int, Participant]:
    """Register the persons of these lines with all that follows, a few queries for them all.

    The rows are those of `receive_referral`; a test holds the two to each other.
    """
    made = register_participants(
        programme=programme, people=[_about(arrival.answers) for arrival in new], by=by, now=now
    )
    referrals = _referrals(programme, new, made, intake, activity, by, now)
    Referral.objects.bulk_create(referrals, batch_size=AT_A_TIME)
    agreed = (
        (referral, kind)
        for referral, arrival in zip(referrals, new, strict=True)
        for kind in arrivals.agreed_kinds(arrival.answers)
    )
    give_first_agreements(
        programme=programme,
        given=[
            (
                referral.participant,
                kind,
                method or arrivals.agreement_method_of(referral),
                referral.agreement_text,
            )
            for referral, kind in agreed
        ],
        by=by,
        now=now,
    )
    calls = [
        (referral.participant, arrivals.why_call(referral, None), due[arrival.line])
        for referral, arrival in zip(referrals, new, strict=True)
    ]
    open_calls(programme=programme, calls=calls, now=now)
    return {arrival.line: participant for arrival, participant in zip(new, made, strict=True)}


def _about(answers: Answers) -> dict[str, Any]:
    names = ("given_name", "family_name", "phone", "email", "birth_year", "postcode", "contact_wishes")
    return {name: getattr(answers, name) for name in names}


def _referrals(
    programme: Programme,
    new: Sequence[ListedArrival],
    people: Sequence[Participant],
    intake: Intake,
    activity: Activity | None,
    by: User,
    now: dt.datetime,
) -> list[Referral]:
    references = new_references(Referral, len(new))
    senders = _Senders(programme, now)
    return [
        arrivals.referral_of(
            arrival.answers,
            programme=programme,
            reference=reference,
            participant=participant,
            referrer=senders.of(arrival),
            kind=arrival.kind,
            intake=intake,
            activity=activity,
            submission_key=arrival.submission_key,
            received_at=arrival.received_at or now,
            entered_by=by,
        )
        for arrival, participant, reference in zip(new, people, references, strict=True)
    ]


class _Senders:
    """Who referred, asked for once however many they sent; the latest day stands."""

    def __init__(self, programme: Programme, now: dt.datetime) -> None:
        self._programme = programme
        self._now = now
        self._found: dict[Any, tuple[Any, dt.datetime]] = {}

    def of(self, arrival: ListedArrival) -> Any:
        """Return the referrer of the line, None where nobody is named."""
        came = arrival.received_at or self._now
        referrer, latest = self._found.get(arrival.answers.referrer, (None, None))
        if latest is None or came > latest:
            referrer = arrivals.referrer_of(self._programme, arrival.answers, came, self._now)
            self._found[arrival.answers.referrer] = (referrer, came)
        return referrer
