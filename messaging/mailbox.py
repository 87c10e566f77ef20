"""The mailbox to which mail that could not be delivered comes back, read by IMAP over TLS."""

import contextlib
import imaplib
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass

TIME_LIMIT = 30
AT_MOST = 200  # a round ends within minutes, and the next one goes on


@dataclass(frozen=True)
class Mailbox:
    """Where the mailbox is, and how we get in."""

    host: str
    port: int
    user: str
    password: str
    use_tls: bool = True


def read_mailbox(mailbox: Mailbox, take: Callable[[bytes], bool]) -> int:
    """Hand each unseen mail to `take` and mark as seen those that it took; return how many were taken.

    A mail that `take` leaves, or at which it fails, stays unseen for the next round.

    :raises OSError: when the server does not answer.
    :raises imaplib.IMAP4.error: when it refuses us.
    """
    taken = 0
    with _signed_in(mailbox) as connection:
        for number in _unseen(connection)[:AT_MOST]:
            content = _content(connection, number)
            if content is not None and take(content):
                connection.uid("STORE", number, "+FLAGS", r"(\Seen)")
                taken += 1
    return taken


@contextlib.contextmanager
def _signed_in(mailbox: Mailbox) -> Iterator[imaplib.IMAP4]:
    connection = _connect(mailbox)
    try:
        connection.login(mailbox.user, mailbox.password)
        connection.select("INBOX")
        yield connection
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            connection.logout()


def _connect(mailbox: Mailbox) -> imaplib.IMAP4:
    if not mailbox.use_tls:
        return imaplib.IMAP4(mailbox.host, mailbox.port, timeout=TIME_LIMIT)
    trusted = ssl.create_default_context()  # imaplib's own would take any certificate
    return imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=trusted, timeout=TIME_LIMIT)


def _unseen(connection: imaplib.IMAP4) -> list[str]:
    _answer, found = connection.uid("SEARCH", "UNSEEN")
    return found[0].decode().split() if found and found[0] else []


def _content(connection: imaplib.IMAP4, number: str) -> bytes | None:
    _answer, parts = connection.uid("FETCH", number, "(BODY.PEEK[])")
    return next((part[1] for part in parts if isinstance(part, tuple)), None)
