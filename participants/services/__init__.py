"""Every write to participants: who they are, their path, attempts to reach them, what they agreed to."""

from participants.services.agreements import give_agreement, withdraw_agreement
from participants.services.contact import record_contact_attempt
from participants.services.many import give_first_agreements, register_participants
from participants.services.messages import resume_messages, stop_messages
from participants.services.not_same import SamePersonTwice, note_not_same, take_back_not_same
from participants.services.own_page import (
    LINK_DAYS,
    PARTICIPANT_PAGE,
    participant_page_url,
    renew_participant_page_link,
)
from participants.services.path import MoveNotAllowed, OutcomeMissing, change_stage
from participants.services.people import register_participant, update_participant

__all__ = [
    "LINK_DAYS",
    "PARTICIPANT_PAGE",
    "MoveNotAllowed",
    "OutcomeMissing",
    "SamePersonTwice",
    "change_stage",
    "give_agreement",
    "give_first_agreements",
    "note_not_same",
    "participant_page_url",
    "record_contact_attempt",
    "register_participant",
    "register_participants",
    "renew_participant_page_link",
    "resume_messages",
    "stop_messages",
    "take_back_not_same",
    "update_participant",
    "withdraw_agreement",
]
