"""Writes of the desk that need more than one package."""

from recruitment.services.merging import (
    AnotherInForce,
    ChosenDetails,
    MergedAlready,
    MergedOnward,
    UndoRefused,
    UndoTooLate,
    merge_persons,
    undo_merge,
)
from recruitment.services.moves import move_participant
from recruitment.services.not_same import tell_apart
from recruitment.services.own_page import (
    change_own_contact,
    give_own_agreement,
    withdraw_own_agreement,
)
from recruitment.services.programmes import set_up_programme
from recruitment.services.tasks import finish_task, move_task, set_task_aside
from recruitment.services.week import postpone_what_does_not_fit

__all__ = [
    "AnotherInForce",
    "ChosenDetails",
    "MergedAlready",
    "MergedOnward",
    "UndoRefused",
    "UndoTooLate",
    "change_own_contact",
    "finish_task",
    "give_own_agreement",
    "merge_persons",
    "move_participant",
    "move_task",
    "postpone_what_does_not_fit",
    "set_task_aside",
    "set_up_programme",
    "tell_apart",
    "undo_merge",
    "withdraw_own_agreement",
]
