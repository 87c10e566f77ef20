"""Writes of the desk that need more than one package."""

from recruitment.services.moves import move_participant
from recruitment.services.own_page import (
    LINK_DAYS,
    PARTICIPANT_PAGE,
    renew_participant_page_link,
    withdraw_own_agreement,
)

__all__ = [
    "LINK_DAYS",
    "PARTICIPANT_PAGE",
    "move_participant",
    "renew_participant_page_link",
    "withdraw_own_agreement",
]
