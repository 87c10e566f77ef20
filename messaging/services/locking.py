"""The lock that a sender holds while a message is on its way."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import InterfaceError, OperationalError, connection

# PostgreSQL's advisory locks share one space of 64-bit numbers; ours begin far from anybody else's.
LOCK_SPACE = 0x6D73_0000_0000_0000


@contextmanager
def sending_lock(message_pk: int) -> Iterator[bool]:
    """Hold the message's session advisory lock; gives False, and no lock, while another sender has it.

    PostgreSQL lets go of it when the session ends: a killed sender's lock is free, a frozen one's is
    not. Behind a connection pooler this wants session pooling.
    """
    key = LOCK_SPACE + message_pk
    ours = bool(_ask("pg_try_advisory_lock", key))
    try:
        yield ours
    finally:
        if ours:
            with suppress(OperationalError, InterfaceError):  # the session is gone, and the lock with it
                _ask("pg_advisory_unlock", key)


def _ask(function: str, key: int) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [key])
        return cursor.fetchone()[0]
