"""Every write to participants: who they are, their path, attempts to reach them, what they agreed to."""

from participants.services.agreements import give_agreement, withdraw_agreement
from participants.services.contact import record_contact_attempt
from participants.services.messages import resume_messages, stop_messages
from participants.services.path import MoveNotAllowed, OutcomeMissing, change_stage
from participants.services.people import register_participant, update_participant

__all__ = [
    "MoveNotAllowed",
    "OutcomeMissing",
    "change_stage",
    "give_agreement",
    "record_contact_attempt",
    "register_participant",
    "resume_messages",
    "stop_messages",
    "update_participant",
    "withdraw_agreement",
]
