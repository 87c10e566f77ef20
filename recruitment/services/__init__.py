"""Writes of the desk that need more than one package."""

from recruitment.services.moves import move_participant

__all__ = ["move_participant"]
