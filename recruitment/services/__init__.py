"""Writes of the desk that need more than one package."""

from recruitment.services.moves import move_participant
from recruitment.services.own_page import withdraw_own_agreement

__all__ = ["move_participant", "withdraw_own_agreement"]
