"""Mail that comes back into a mailbox: read from a real IMAP server, understood, and read once."""

import contextlib
import imaplib
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from django.test import override_settings
from django_scopes import scopes_disabled

from accounts.models import Programme
from messaging import tasks
from messaging.bounces import read_returned
from messaging.channels import open_channel
from messaging.enums import MessageState
from messaging.mailbox import Mailbox
from messaging.models import DeadAddress
from tests.config.processes import eventually
from tests.messaging.test_channels import ENVELOPE
from tests.messaging.test_receipts import ADDRESS, REFERENCE, make_left, stored
from tests.smtp_sink import SmtpSink, free_port


def dsn(
    action: str = "failed", status: str = "5.1.1", *, whole: bool = True, names: str = REFERENCE
) -> bytes:
    """Return a notification as RFC 3464 lays it out, with the mail itself or its headers alone."""
    original = EmailMessage()
    original["Message-ID"], original["To"], original["Subject"] = (
        f"<{names}@testserver>",
        ADDRESS,
        "Næste hold",
    )
    original.set_content("Kære Henrik")
    report = MIMEMultipart("report", report_type="delivery-status")
    report["From"], report["Subject"] = "MAILER-DAEMON@kommune.example", "Undelivered Mail Returned to Sender"
    report.attach(MIMEText("I'm sorry to have to inform you that your message could not be delivered."))
    about = (
        "Reporting-MTA: dns; mx.kommune.example\n\n"
        f"Final-Recipient: rfc822; {ADDRESS}\nAction: {action}\nStatus: {status}\n"
        "Diagnostic-Code: smtp; 550 5.1.1 unknown\n"
    )
    block = MIMEMessage(EmailMessage())
    block.set_type("message/delivery-status")
    report.attach(block)
    returned = (
        MIMEMessage(original) if whole else MIMEText(original.as_string().split("\n\n")[0], "rfc822-headers")
    )
    report.attach(returned)
    # The status blocks are header blocks of their own, which the email package reads but does not write.
    written = report.as_bytes()
    head, found, tail = written.partition(b"Content-Type: message/delivery-status")
    assert found
    ends = tail.index(b"\n\n")
    boundary = tail.index(b"\n--" + report.get_boundary().encode())
    return head + found + tail[: ends + 2] + about.encode() + tail[boundary:]


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize(
    ("status", "is_dead"),
    [
        ("5.1.1", True),
        ("5.0.0", True),
        ("5.2.1", True),
        ("5.4.4", True),
        ("5.2.2", False),
        ("5.7.1", False),
        ("4.4.7", False),
    ],
)
def test_a_notification_says_which_mail_came_back_and_why(whole: bool, status: str, is_dead: bool) -> None:
    returned = read_returned(dsn(status=status, whole=whole))
    assert returned is not None
    assert (returned.reference, returned.status, returned.is_dead) == (REFERENCE, status, is_dead)


def test_a_notification_with_a_comment_in_its_status_is_read() -> None:
    returned = read_returned(dsn(status="5.1.1 (bad destination mailbox address)"))
    assert returned is not None
    assert returned.status == "5.1.1"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: Ikke til stede\nIn-Reply-To: <x@y>\n\nJeg holder ferie.",
        dsn(action="delayed", status="4.4.1"),
        dsn(action="delivered", status="2.0.0"),
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x--",
    ],
)
def test_what_is_no_failure_says_nothing(raw: bytes) -> None:
    assert read_returned(raw) is None


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mailbox on a real IMAP server, which the app reads."""
    port = free_port()
    run = "import sys; from pymap.main import main; sys.exit(main())"
    command = [sys.executable, "-c", run, "--host", "127.0.0.1", "--port", str(port), "dict"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        found = Mailbox("127.0.0.1", port, "demouser", "demopass", use_tls=False)
        try:
            assert eventually(lambda: _answers(found))
            with override_settings(BOUNCE_MAILBOX=found):
                yield found
        finally:
            server.terminate()


def _answers(mailbox: Mailbox) -> bool:
    with contextlib.suppress(OSError, imaplib.IMAP4.error), opened(mailbox):
        return True
    return False


@contextlib.contextmanager
def opened(mailbox: Mailbox) -> Iterator[imaplib.IMAP4]:
    with imaplib.IMAP4(mailbox.host, mailbox.port) as connection:
        connection.login(mailbox.user, mailbox.password)
        yield connection


def put(mailbox: Mailbox, raw: bytes) -> None:
    with opened(mailbox) as connection:
        assert connection.append("INBOX", "", "", raw.replace(b"\n", b"\r\n"))[0] == "OK"


def unseen(mailbox: Mailbox) -> int:
    with opened(mailbox) as connection:
        connection.select("INBOX", readonly=True)
        return len(connection.search(None, "UNSEEN")[1][0].split())


def test_a_mail_that_came_back_is_noted_once_and_its_address_buried(
    programme: Programme, mailbox: Mailbox
) -> None:
    message = make_left(programme)
    put(mailbox, b"Subject: Ikke til stede\n\nJeg holder ferie.")
    put(mailbox, dsn())
    assert unseen(mailbox) == 2
    tasks.read_bounces()
    assert (stored(message).state, unseen(mailbox)) == (MessageState.RETURNED, 0)
    put(mailbox, dsn())
    tasks.read_bounces()
    with scopes_disabled():
        assert DeadAddress.objects.count() == 1
    assert unseen(mailbox) == 0


def test_a_mail_that_came_back_before_its_sending_was_noted_waits_in_the_mailbox(
    programme: Programme, mailbox: Mailbox
) -> None:
    message = make_left(programme, MessageState.CLAIMED)
    put(mailbox, dsn())
    tasks.read_bounces()
    assert (stored(message).state, unseen(mailbox)) == (MessageState.CLAIMED, 1)
    with scopes_disabled():
        type(message).objects.filter(pk=message.pk).update(
            state=MessageState.SENT, sent_at=message.claimed_at
        )
    tasks.read_bounces()
    assert (stored(message).state, unseen(mailbox)) == (MessageState.RETURNED, 0)


def test_without_a_mailbox_nothing_is_read(db: None) -> None:
    tasks.read_bounces()


@override_settings(BOUNCE_ADDRESS="retur@kommune.example")
def test_a_mail_names_the_mailbox_as_where_it_comes_back_to(smtp_sink: SmtpSink) -> None:
    with open_channel("email") as channel:
        channel.send(ENVELOPE)
    assert smtp_sink.mails[0]["From"] == "Ærø Kommune <kultur@test.example>"
    assert smtp_sink.envelope_senders == ["retur@kommune.example"]
