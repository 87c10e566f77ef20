"""Reference numbers that people read out over the telephone. They open nothing."""

import secrets
from typing import Protocol

from django.db import IntegrityError, models, transaction

# No vowel but Y, so hardly a word; no 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V: nothing that is misheard or misread.
ALPHABET = "34679CDFGHJKMNPQRTWXY"
LENGTH = 7
TRIES = 5


class Referenced(Protocol):
    """A row with a unique reference."""

    reference: str

    def save(self, *, force_insert: bool) -> None: ...


def new_reference() -> str:
    """Return a random reference such as "K7MF-3PQ"; of 1.8 billion, so a clash is left to the unique key."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{drawn[:4]}-{drawn[4:]}"


def new_references(model: type[models.Model], count: int) -> list[str]:
    """Return `count` different references that no row of `model` has, in any programme; one query or few.

    Another transaction may draw one of them at the same time: the unique key then refuses the later one.
    """
    free: set[str] = set()
    while len(free) < count:
        drawn = {new_reference() for _ in range(count - len(free))}
        taken = model._base_manager.filter(reference__in=drawn).values_list("reference", flat=True)
        free |= drawn - set(taken)
    return list(free)


def insert_with_new_reference(row: Referenced) -> None:
    """Insert `row` under a new reference, drawing again where it is taken.

    :raises django.db.IntegrityError: when the database refuses the row, for whatever reason, `TRIES` times.
    """
    for attempt in range(TRIES):
        row.reference = new_reference()
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            if attempt == TRIES - 1:
                raise
        else:
            return
