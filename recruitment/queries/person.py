"""Everything a participant's page shows; a fixed number of queries however long the history is."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.timezone import localdate

from core.dates import format_danish_date
from courses.enums import CURRENT, EnrolmentState
from courses.models import Enrolment
from evaluation.queries.participant import ParticipantMeasures, participant_measures
from messaging.enums import MessageState
from messaging.kinds import kind_label
from messaging.models import OutboundMessage
from messaging.services import sends_sms
from participants.enums import AgreementKind, Stage
from participants.models import Agreement, Participant, PersonMerge, StageChange
from participants.queries import LikelySame, find_likely_same_as
from participants.transitions import BY_THEMSELVES, STEPS, TRANSITIONS
from recruitment.queries.merging import merges_in_force, undo_until
from recruitment.queries.participants import age_this_year
from recruitment.queries.tasks import TaskLine, task_lines, with_subjects
from recruitment.queries.timeline import (
    Entry,
    newest_first,
    of_agreement,
    of_apology,
    of_attempt,
    of_closed_task,
    of_correction,
    of_enrolment,
    of_message,
    of_message_stop,
    of_referral,
    of_response,
    of_stage_change,
    recorded_apologies,
)
from referrals.enums import Intake, MessageKind, ReferralKind
from referrals.models import Referral
from referrals.news import what_was_told
from worklist.enums import TaskState

# Nobody is asked how they feel before somebody has spoken with them.
BEFORE_MEASURES = (Stage.RECEIVED, Stage.CONTACTING)
PLACES = (*CURRENT, EnrolmentState.WAITING)
MESSAGE_BADGES: dict[MessageState, str] = {
    MessageState.PLANNED: "info",
    MessageState.CLAIMED: "info",
    MessageState.SENT: "success",
    MessageState.FAILED: "error",
    MessageState.UNCERTAIN: "warning",
    MessageState.CANCELLED: "neutral",
    MessageState.RETURNED: "error",
}
# What the button of each move says.
MOVE_LABELS: dict[tuple[Stage, Stage], str] = {
    (Stage.RECEIVED, Stage.CONTACTING): "Begynd at ringe",
    (Stage.RECEIVED, Stage.CONVERSATION): "Videre til samtale",
    (Stage.CONTACTING, Stage.CONVERSATION): "Videre til samtale",
    (Stage.CONVERSATION, Stage.READY): "Klar til hold",
    (Stage.PLACED, Stage.READY): "Giv pladsen fri",
    (Stage.ACTIVE, Stage.PAUSED): "Sæt på pause",
    (Stage.ACTIVE, Stage.COMPLETED): "Har gennemført",
    (Stage.PAUSED, Stage.ACTIVE): "Er tilbage på holdet",
    (Stage.PAUSED, Stage.READY): "Klar til et nyt hold",
    (Stage.COMPLETED, Stage.BRIDGING): "Byg bro videre",
    (Stage.CLOSED, Stage.CONTACTING): "Tag op igen: ring",
    (Stage.CLOSED, Stage.READY): "Tag op igen: klar til hold",
}
# What the coordinator does at each stage, in a sentence above the buttons.
WHAT_NOW: dict[Stage, str] = {
    Stage.RECEIVED: "Ring og fortæl om forløbet. Notér, hvordan det gik.",
    Stage.CONTACTING: "Prøv igen. Notér hvert forsøg, så ingen bliver glemt.",
    Stage.CONVERSATION: "Tal sammen om forløbet. Passer det, er personen klar til et hold.",
    Stage.READY: "Find en plads på et hold.",
    Stage.PLACED: "Forløbet går i gang, når I noterer fremmøde første gang.",
    Stage.ACTIVE: "Forløbet er i gang.",
    Stage.PAUSED: "Hold kontakten, og hør, hvornår det passer at komme tilbage.",
    Stage.COMPLETED: "Hjælp videre til en forening eller et andet fællesskab.",
    Stage.BRIDGING: "Følg personen det første stykke. Afslut, når broen holder.",
    Stage.CLOSED: "Forløbet er afsluttet. Det kan tages op igen.",
}


@dataclass(frozen=True)
class Step:
    """One step of the path; `state` is done, current or todo, `note` says since when."""

    label: str
    state: str
    note: str


@dataclass(frozen=True)
class Move:
    """A move that a button offers."""

    to_stage: Stage
    label: str
    primary: bool


@dataclass(frozen=True)
class AgreementLine:
    """One kind of agreement: the one in force, else the last that ended, else neither."""

    kind: AgreementKind
    in_force: Agreement | None
    ended: Agreement | None


@dataclass(frozen=True)
class MessageLine:
    """A message, what it is called, when it went or was planned, and the kind of badge for its state."""

    message: OutboundMessage
    label: str
    at: dt.datetime
    badge: str


@dataclass(frozen=True)
class MergeLine:
    """Another record that became part of this person, and until when that can be taken back."""

    merge: PersonMerge
    until: dt.datetime
    can_undo: bool


@dataclass(frozen=True)
class ParticipantPage:
    """All that the page says; lists are newest first unless a page needs them otherwise."""

    participant: Participant
    age: int | None
    what_now: str
    steps: list[Step]
    step_number: int
    moves: list[Move]
    can_close: bool
    since: dt.date
    tasks: list[TaskLine]
    referrals: list[Referral]
    referred_by_others: bool
    first_contact: bool
    attempts: int
    agreements: list[AgreementLine]
    messages: list[MessageLine]
    place: Enrolment | None
    measures: ParticipantMeasures | None
    timeline: list[Entry]
    resembles: list[LikelySame]
    merges: list[MergeLine]

    @property
    def first_letter_possible(self) -> bool:
        """Whether "Vi har fået din kontakt" can be sent; `plan_first_letter` asks again."""
        person = self.participant
        written = any(line.message.kind == MessageKind.FIRST_LETTER for line in self.messages)
        reachable = bool(person.email) or bool(person.phone and sends_sms(person.programme))
        wanted = self.first_contact and self.referred_by_others and person.programme.mail_contact
        return wanted and reachable and person.messages_stopped_at is None and not written


def participant_page(participant: Participant, today: dt.date) -> ParticipantPage:
    """Return the page of `participant`, who is in the active scope."""
    # By way of the person, so that each row knows whose it is without asking again. (The types of
    # django-stubs do not know our QuerySets behind a related manager.)
    of_person: Any = participant
    changes = list(participant.stage_changes.select_related("by"))
    attempts = list(participant.contact_attempts.select_related("by"))
    tasks = list(with_subjects(of_person.tasks.in_order()))
    referrals = list(
        of_person.referrals.select_related(
            "referrer__organisation", "entered_by", "form_version", "tracked_link"
        )
        .defer("form_version__content")
        .prefetch_related(Prefetch("news_told", what_was_told()))
        .newest_first()
    )
    agreements = list(participant.agreements.select_related("recorded_by", "withdrawn_by"))
    stops = list(participant.message_stops.select_related("stopped_by", "resumed_by"))
    messages = list(of_person.messages.newest_first())
    places = list(
        participant.enrolments.select_related("cohort", "state_changed_by").order_by("-created_at", "-pk")
    )
    measures = participant_measures(participant, today)
    answers = [measure.response for measure in (measures.later, measures.after, measures.before)]
    responses = [answer for answer in answers if answer is not None]
    stage = Stage(participant.stage)
    place = next((place for place in places if place.state in PLACES), None)
    # Of what happened at one moment, what followed stands above what caused it.
    entries = [
        *[of_closed_task(task) for task in tasks if task.state != TaskState.OPEN],
        *[entry for place in places for entry in of_enrolment(place)],
        *map(of_apology, recorded_apologies().filter(enrolment__participant=participant)),
        *[entry for stop in stops for entry in of_message_stop(stop)],
        *map(of_correction, participant.corrections.select_related("by")),
        *[entry for agreement in agreements for entry in of_agreement(agreement)],
        *map(of_message, messages),
        *map(of_response, responses),
        *[of_stage_change(change) for change in reversed(changes) if change.from_stage],
        *map(of_attempt, reversed(attempts)),
        *map(of_referral, referrals),
        *[of_stage_change(change) for change in changes if not change.from_stage],
    ]
    return ParticipantPage(
        participant=participant,
        age=age_this_year(participant.birth_year, today),
        what_now=WHAT_NOW[stage],
        steps=steps(participant, changes),
        step_number=_standing(_last_open_stage(stage, changes)) + 1,
        moves=moves_by_hand(stage, has_place=place is not None),
        can_close=stage != Stage.CLOSED,
        since=localdate(participant.stage_changed_at),
        tasks=task_lines([task for task in tasks if task.state == TaskState.OPEN], today),
        referrals=referrals,
        referred_by_others=any(referral.kind != ReferralKind.SELF for referral in referrals),
        first_contact=stage in BEFORE_MEASURES,
        attempts=len(attempts),
        agreements=_agreement_lines(agreements),
        messages=[_message_line(message) for message in messages],
        place=place,
        measures=measures if responses or stage not in BEFORE_MEASURES else None,
        timeline=newest_first(entries),
        resembles=_resembles(participant, referrals),
        merges=[
            MergeLine(merge, undo_until(merge), can_undo=localdate(undo_until(merge)) >= today)
            for merge in merges_in_force(participant)
        ],
    )


def _resembles(participant: Participant, referrals: list[Referral]) -> list[LikelySame]:
    """Return who the person is likely the same as, until somebody has spoken with them.

    A colleague who registers an arrival has been asked already, so it is about the public forms alone.
    """
    if participant.stage not in BEFORE_MEASURES or not referrals or referrals[-1].intake != Intake.WEB:
        return []
    return find_likely_same_as(participant)


def moves_by_hand(stage: Stage, *, has_place: bool) -> list[Move]:
    """Return the moves of the table that a person makes, in the order of the path; closing stands apart.

    Somebody whose place ended while they paused has no cohort to come back to.
    """
    targets = [to for to in Stage if to in TRANSITIONS[stage] and to != Stage.CLOSED]
    offered = [to for to in targets if (stage, to) not in BY_THEMSELVES]
    if stage == Stage.PAUSED and not has_place:
        offered.remove(Stage.ACTIVE)
    return [
        Move(to, MOVE_LABELS[stage, to], primary=stage == Stage.CONVERSATION and to == Stage.READY)
        for to in offered
    ]


def steps(participant: Participant, changes: list[StageChange]) -> list[Step]:
    """Return the path with what is behind, where the person stands, and since when.

    A pause is shown at "I gang"; of a closed path every step up to the last one reached is behind.
    """
    stage = Stage(participant.stage)
    reached = {change.to_stage: localdate(change.at) for change in changes}
    standing = _standing(_last_open_stage(stage, changes))
    shown = []
    for place, step in enumerate(STEPS):
        current = place == standing and stage != Stage.CLOSED
        state = "current" if current else "done" if place <= standing else "todo"
        note = format_danish_date(reached[step]) if state != "todo" and step in reached else ""
        if current and stage == Stage.PAUSED:
            note = f"Pause siden {format_danish_date(localdate(participant.stage_changed_at))}"
        shown.append(Step(str(step.label), state, note))
    return shown


def _standing(stage: Stage) -> int:
    return STEPS.index(Stage.ACTIVE if stage == Stage.PAUSED else stage)


def _last_open_stage(stage: Stage, changes: list[StageChange]) -> Stage:
    if stage != Stage.CLOSED:
        return stage
    before = [change.from_stage for change in changes if change.to_stage == Stage.CLOSED]
    return Stage(before[-1]) if before and before[-1] else Stage.RECEIVED


def _agreement_lines(agreements: list[Agreement]) -> list[AgreementLine]:
    in_force = {agreement.kind: agreement for agreement in agreements if agreement.withdrawn_at is None}
    ended = {agreement.kind: agreement for agreement in agreements if agreement.withdrawn_at is not None}
    return [AgreementLine(kind, in_force.get(kind), ended.get(kind)) for kind in AgreementKind]


def _message_line(message: OutboundMessage) -> MessageLine:
    at = message.sent_at or message.planned_at
    badge = MESSAGE_BADGES[MessageState(message.state)]
    return MessageLine(message, kind_label(message.kind), at, badge)
