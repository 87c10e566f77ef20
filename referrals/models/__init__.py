"""The forms people arrive by, their arrivals, and reminders to those who refer."""

from referrals.models.arrivals import (
    SAID,
    FormVersion,
    HeldArrival,
    ImportDraft,
    LinkRequest,
    NewsTold,
    Referral,
    WaitingArrival,
)
from referrals.models.nudges import BODY_LENGTH, SUBJECT_LENGTH, Nudge, NudgeRound, NudgeRule

__all__ = [
    "BODY_LENGTH",
    "SAID",
    "SUBJECT_LENGTH",
    "FormVersion",
    "HeldArrival",
    "ImportDraft",
    "LinkRequest",
    "NewsTold",
    "Nudge",
    "NudgeRound",
    "NudgeRule",
    "Referral",
    "WaitingArrival",
]
