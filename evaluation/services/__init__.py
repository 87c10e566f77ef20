"""Every write to measures: invitations and their links, answers, and why an answer is missing."""

from evaluation.services.invitations import (
    LINK_DAYS,
    LINK_PURPOSE,
    AlreadyAnswered,
    MessagesStopped,
    NoEmailAddress,
    invite_to_measure,
    plan_measure_invitation,
    renew_invitation_link,
    way_to_invite,
)
from evaluation.services.missing import note_missing_reason, open_measure_task
from evaluation.services.responses import (
    AnsweredInFuture,
    NotAnsweredYet,
    NothingAnswered,
    answer_by_link,
    correct_response,
    record_response,
)

__all__ = [
    "AlreadyAnswered",
    "AnsweredInFuture",
    "LINK_DAYS",
    "LINK_PURPOSE",
    "MessagesStopped",
    "NoEmailAddress",
    "NotAnsweredYet",
    "NothingAnswered",
    "answer_by_link",
    "correct_response",
    "invite_to_measure",
    "note_missing_reason",
    "open_measure_task",
    "plan_measure_invitation",
    "record_response",
    "renew_invitation_link",
    "way_to_invite",
]
