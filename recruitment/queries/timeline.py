"""Who did what, when: the history of one participant, and what has happened lately in the programme."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate

from accounts.models import User
from core.dates import format_danish_date
from core.phones import format_phone
from courses.enums import AttendanceState, EnrolmentState
from courses.models import Attendance, Enrolment
from evaluation.models import Response
from messaging.enums import MessageState
from messaging.kinds import kind_label
from messaging.models import OutboundMessage
from participants.enums import Stage
from participants.models import (
    Agreement,
    ContactAttempt,
    Correction,
    MessageStop,
    Participant,
    StageChange,
)
from referrals.enums import ReferralKind
from referrals.models import Referral
from worklist.enums import TaskState
from worklist.models import Task

BY_ITSELF = "Af sig selv"
ON_OWN_PAGE = "På sin egen side"
UNTOLD = ("note", "contact_wishes", "language")  # long, or a code: that it was corrected is enough


@dataclass(frozen=True)
class Entry:
    """One thing that happened: when, by whom ("" when it says so itself), what, and in what words."""

    at: dt.datetime
    who: str
    what: str
    note: str = ""
    participant: Participant | None = None


def who(user: User | None, otherwise: str = "") -> str:
    """Return the colleague's name, or who else it was."""
    return str(user) if user is not None else otherwise


def newest_first(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries in the order a history is read."""
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def of_stage_change(change: StageChange) -> Entry:
    """Tell of a move; the first one is the arrival, which the referral tells of."""
    stage = str(change.get_to_stage_display())
    if change.to_stage == Stage.CLOSED:
        what = f"Afsluttet: {change.get_outcome_display()}"
    elif not change.from_stage:
        what = "Oprettet"
    else:
        what = f"Flyttet fra “{change.get_from_stage_display()}” til “{stage}”"
    return Entry(change.at, who(change.by), what, change.reason or "", change.participant)


def of_attempt(attempt: ContactAttempt) -> Entry:
    what = f"{attempt.get_method_display()}: {str(attempt.get_outcome_display()).lower()}"
    return Entry(attempt.at, who(attempt.by), what, attempt.note or "", attempt.participant)


def of_referral(referral: Referral) -> Entry:
    """Tell of an arrival; it was the referrer's doing, or the person's own."""
    sender = str(referral.referrer) if referral.referrer else who(referral.entered_by)
    kind = str(referral.get_kind_display())
    if referral.kind == ReferralKind.SELF:
        what = "Tilmeldte sig selv"
    elif referral.kind == ReferralKind.COORDINATOR:
        what = kind
    else:
        what = f"Henvist af {kind.lower()}"
    return Entry(referral.received_at, sender, what, participant=referral.participant)


def of_message(message: OutboundMessage) -> Entry:
    """Tell of a message as it stands now, at the time of its latest step."""
    label = kind_label(message.kind)
    at = message.sent_at or message.planned_at
    states = {
        MessageState.SENT: "sendt",
        MessageState.FAILED: "kunne ikke sendes",
        MessageState.UNCERTAIN: "måske sendt",
        MessageState.CANCELLED: "ikke sendt",
        MessageState.RETURNED: "kom retur",
    }
    state = states.get(MessageState(message.state), "venter på at blive sendt")
    note = message.fault or message.cancelled_because
    to = f" til {message.referrer}" if message.referrer_id else ""
    return Entry(at, "", f"Besked “{label}”{to}: {state}", note, message.participant)


def of_agreement(agreement: Agreement) -> list[Entry]:
    """Tell of a yes, and of its end."""
    kind = agreement.get_kind_display()
    how = f"{agreement.get_method_display()}"
    entries = [Entry(agreement.given_at, who(agreement.recorded_by), f"Sagde ja: {kind}", how)]
    if agreement.withdrawn_at is not None:
        ended_by = who(agreement.withdrawn_by, ON_OWN_PAGE)
        entries.append(Entry(agreement.withdrawn_at, ended_by, f"Trak sit ja tilbage: {kind}"))
    return entries


def of_enrolment(enrolment: Enrolment) -> list[Entry]:
    """Tell of a place in a cohort, and of the state it has reached since."""
    name = enrolment.cohort.name
    by = who(enrolment.state_changed_by)
    first = "Sat på venteliste til" if enrolment.state == EnrolmentState.WAITING else "Kom på hold:"
    if enrolment.state_changed_at <= enrolment.created_at:
        return [Entry(enrolment.created_at, by, f"{first} {name}")]
    return [
        Entry(enrolment.created_at, "", f"Kom på hold: {name}"),
        Entry(enrolment.state_changed_at, by, f"{name}: {str(enrolment.get_state_display()).lower()}"),
    ]


def of_apology(apology: Attendance) -> Entry:
    """Tell that somebody cannot come to a session; on their own page they say so themselves."""
    what = "Meldte afbud" if apology.recorded_by is None else "Noterede afbud"
    day = format_danish_date(localdate(apology.session.starts_at))
    person = apology.enrolment.participant
    return Entry(apology.recorded_at, who(apology.recorded_by), f"{what} til mødegangen {day}", "", person)


def of_message_stop(stop: MessageStop) -> list[Entry]:
    """Tell that the person wants no messages, and that they do again."""
    entries = [Entry(stop.stopped_at, who(stop.stopped_by, ON_OWN_PAGE), "Sagde nej til beskeder")]
    if stop.resumed_at is not None:
        entries.append(Entry(stop.resumed_at, who(stop.resumed_by, ON_OWN_PAGE), "Vil have beskeder igen"))
    return entries


def of_correction(correction: Correction) -> Entry:
    """Tell what was corrected, and what stood there before."""
    fields: Any = Participant._meta
    labels = {name: str(fields.get_field(name).verbose_name) for name in correction.former_values}
    before = [
        f"{labels[name].capitalize()} var: {_told(name, value)}"
        for name, value in correction.former_values.items()
        if value and name not in UNTOLD
    ]
    what = f"Rettede {', '.join(labels.values())}"
    return Entry(correction.at, who(correction.by, "Egen side eller formular"), what, " · ".join(before))


def _told(name: str, value: Any) -> str:
    return format_phone(value) if name == "phone" else str(value)


def of_response(response: Response) -> Entry:
    """Tell that a measure was answered, never what."""
    what = f"Skema besvaret: {str(response.get_occasion_display()).lower()}"
    return Entry(response.recorded_at, who(response.entered_by), what)


def of_closed_task(task: Task) -> Entry:
    state = "klaret" if task.state == TaskState.DONE else "ikke nødvendig"
    what = f"Opgave {state}: {task.get_kind_display()}"
    return Entry(task.closed_at or task.created_at, who(task.closed_by, BY_ITSELF), what)


def recent_activity(limit: int) -> list[Entry]:
    """Return the latest moves, calls, referrals, messages and apologies of the programme; five queries."""
    changes: QuerySet[StageChange] = StageChange.objects.select_related("participant", "by")
    attempts: QuerySet[ContactAttempt] = ContactAttempt.objects.select_related("participant", "by")
    referrals: QuerySet[Referral] = Referral.objects.select_related("participant", "referrer", "entered_by")
    messages: QuerySet[OutboundMessage] = OutboundMessage.objects.select_related("participant", "referrer")
    apologies: QuerySet[Attendance] = recorded_apologies()
    entries = [
        *map(of_stage_change, changes.exclude(from_stage="").order_by("-at", "-pk")[:limit]),
        *map(of_attempt, attempts.order_by("-at", "-pk")[:limit]),
        *map(of_referral, referrals.order_by("-received_at", "-pk")[:limit]),
        *map(of_message, messages.order_by("-planned_at", "-pk")[:limit]),
        *map(of_apology, apologies.order_by("-recorded_at", "-pk")[:limit]),
    ]
    return newest_first(entries)[:limit]


def recorded_apologies() -> QuerySet[Attendance]:
    """Return the apologies that stand, with all that an entry tells of them."""
    apologies: QuerySet[Attendance] = Attendance.objects.filter(state=AttendanceState.APOLOGISED)
    return apologies.select_related("session", "enrolment__participant", "recorded_by")
