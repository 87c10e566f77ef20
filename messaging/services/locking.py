"""The lock that a sender holds while a message is on its way."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from django.db import InterfaceError, OperationalError, connection

# PostgreSQL's advisory locks share one space of 64-bit numbers; ours begin far from anybody else's.
LOCK_SPACE = 0x6D73_0000_0000_0000
# The keys come as an array and not from a table: no plan can ask for a lock whose row is then left out.
TAKE = "SELECT pk, pg_try_advisory_lock(%s + pk) FROM unnest(%s::bigint[]) AS pk"
LET_GO = "SELECT pk, pg_advisory_unlock(%s + pk) FROM unnest(%s::bigint[]) AS pk"


@contextmanager
def sending_locks(message_pks: Sequence[int]) -> Iterator[list[int]]:
    """Hold the session advisory locks of those messages that no other sender has; gives their keys.

    PostgreSQL lets go of them when the session ends: a killed sender's locks are free, a frozen one's are
    not. Behind a connection pooler this wants session pooling.
    """
    ours = _ask(TAKE, message_pks)
    try:
        yield ours
    finally:
        with suppress(OperationalError, InterfaceError):  # the session is gone, and the locks with it
            _ask(LET_GO, ours)


def _ask(query: str, message_pks: Sequence[int]) -> list[int]:
    """Return those of the messages of whose lock PostgreSQL says yes."""
    with connection.cursor() as cursor:
        cursor.execute(query, [LOCK_SPACE, list(message_pks)])
        return [pk for pk, said_yes in cursor.fetchall() if said_yes]
