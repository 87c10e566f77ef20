"""Ways out: what reaches the other side, and what each fault is taken for."""

import dataclasses
import email
import email.policy
import threading
from pathlib import Path

import pytest
from django.test import override_settings

from messaging.channels import (
    Envelope,
    FolderChannel,
    LastingFault,
    Lookup,
    SmtpChannel,
    TemporaryFault,
    UnclearFault,
    open_channel,
)
from tests.smtp_sink import SmtpSink, free_port

ENVELOPE = Envelope(
    message_id="<0b5f@kultur.example>",
    sender="=?utf-8?q?=C3=86r=C3=B8_Kommune?= <kultur@test.example>",
    to="henrik@jobcenter.example",
    reply_to="kirsten@kommune.example",
    subject="Næste hold på museet",
    text="Kære Henrik\n\nÆbler, øl og å.\n",
    html="<p>Kære Henrik</p>",
    unsubscribe_url="https://kultur.example/min-side/",
)


def another(number: int) -> Envelope:
    return dataclasses.replace(ENVELOPE, message_id=f"<{number}@kultur.example>")


def test_a_mail_arrives_with_sender_reply_address_and_both_texts(smtp_sink: SmtpSink) -> None:
    with open_channel("email") as channel:
        channel.send(ENVELOPE)
    (mail,) = smtp_sink.mails
    assert mail["From"] == "Ærø Kommune <kultur@test.example>"
    assert mail["To"] == "henrik@jobcenter.example"
    assert mail["Reply-To"] == "kirsten@kommune.example"
    assert mail["Subject"] == "Næste hold på museet"
    assert mail["Message-ID"] == "<0b5f@kultur.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == "<https://kultur.example/min-side/>"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "Æbler, øl og å." in text.get_content()
    assert html.get_content().strip() == "<p>Kære Henrik</p>"


def test_a_mail_that_nobody_can_unsubscribe_from_says_nothing_of_it(smtp_sink: SmtpSink) -> None:
    with open_channel("email") as channel:
        channel.send(dataclasses.replace(ENVELOPE, unsubscribe_url=""))
    assert smtp_sink.mails[0]["List-Unsubscribe"] is None


def test_a_batch_shares_one_connection(smtp_sink: SmtpSink) -> None:
    with open_channel("email") as channel:
        for number in range(5):
            channel.send(another(number))
    assert (len(smtp_sink.mails), smtp_sink.connections) == (5, 1)


def test_a_server_that_takes_two_mails_a_connection_gets_a_new_connection(smtp_sink: SmtpSink) -> None:
    smtp_sink.mails_per_connection = 2
    with open_channel("email") as channel:
        for number in range(5):
            channel.send(another(number))
    assert [mail["Message-ID"] for mail in smtp_sink.mails] == [
        f"<{number}@kultur.example>" for number in range(5)
    ]
    assert smtp_sink.connections == 3


def test_a_server_that_always_hangs_up_is_tried_once_more_and_no_longer(smtp_sink: SmtpSink) -> None:
    smtp_sink.mails_per_connection = 0
    with open_channel("email") as channel, pytest.raises(TemporaryFault) as fault:
        channel.send(ENVELOPE)
    assert fault.value.unreachable
    assert not smtp_sink.mails


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("450 4.2.0 <henrik@jobcenter.example> greylisted", TemporaryFault),
        ("550 5.1.1 <henrik@jobcenter.example> unknown", LastingFault),
    ],
)
def test_a_refused_address_is_told_by_its_code_and_never_by_name(
    smtp_sink: SmtpSink, answer: str, kind: type[Exception]
) -> None:
    smtp_sink.recipient_answer = answer
    with open_channel("email") as channel, pytest.raises(kind) as fault:
        channel.send(ENVELOPE)
    assert f"(svarkode {answer[:3]})" in str(fault.value)
    assert "henrik" not in str(fault.value)


@pytest.mark.parametrize(
    ("answer", "kind"), [("452 4.3.1 Full", TemporaryFault), ("554 5.7.1 Spam", LastingFault)]
)
def test_a_refused_mail_is_temporary_or_lasting_by_its_code(
    smtp_sink: SmtpSink, answer: str, kind: type[Exception]
) -> None:
    smtp_sink.data_answer = answer
    with open_channel("email") as channel, pytest.raises(kind):
        channel.send(ENVELOPE)


def test_the_next_mail_gets_out_after_one_was_refused(smtp_sink: SmtpSink) -> None:
    with open_channel("email") as channel:
        smtp_sink.recipient_answer = "550 5.1.1 unknown"
        with pytest.raises(LastingFault):
            channel.send(another(1))
        smtp_sink.recipient_answer = "250 OK"
        channel.send(another(2))
    assert [mail["Message-ID"] for mail in smtp_sink.mails] == ["<2@kultur.example>"]


def test_a_server_that_is_down_is_unreachable() -> None:
    with override_settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=free_port()), open_channel("email") as channel:
        with pytest.raises(TemporaryFault, match="svarer ikke") as fault:
            channel.send(ENVELOPE)
        assert fault.value.unreachable


def test_a_server_that_says_nothing_is_given_up_after_the_time_limit(smtp_sink: SmtpSink) -> None:
    answered = threading.Event()
    smtp_sink.on_data = lambda: (answered.wait(5), None)[1]
    with override_settings(EMAIL_TIMEOUT=0.3), open_channel("email") as channel:
        with pytest.raises(UnclearFault):
            channel.send(ENVELOPE)
        answered.set()


def test_a_line_that_breaks_while_the_server_holds_the_mail_is_unclear(smtp_sink: SmtpSink) -> None:
    smtp_sink.hang_up_before_answer = True
    with open_channel("email") as channel, pytest.raises(UnclearFault):
        channel.send(ENVELOPE)
    assert len(smtp_sink.mails) == 1


@pytest.mark.parametrize("field", ["subject", "to", "reply_to"])
def test_a_line_break_in_a_header_is_refused_for_good(smtp_sink: SmtpSink, field: str) -> None:
    forged = dataclasses.replace(ENVELOPE, **{field: "a@b.example\nBcc: alle@kommune.example"})
    with open_channel("email") as channel, pytest.raises(LastingFault):
        channel.send(forged)
    assert not smtp_sink.mails


def test_smtp_cannot_say_whether_a_mail_was_sent() -> None:
    assert SmtpChannel().look_up(ENVELOPE.message_id) is Lookup.CANNOT_SAY


@pytest.fixture
def mail_folder(tmp_path: Path) -> Path:
    return tmp_path / "mails æøå"


def test_the_folder_holds_one_whole_mail_for_each_message_id(mail_folder: Path) -> None:
    with override_settings(MAIL_FOLDER=mail_folder):
        channel = FolderChannel()
        assert channel.look_up(ENVELOPE.message_id) is Lookup.NOT_FOUND
        channel.send(ENVELOPE)
        channel.send(ENVELOPE)
        assert channel.look_up(ENVELOPE.message_id) is Lookup.FOUND
        assert channel.look_up("<ukendt@kultur.example>") is Lookup.NOT_FOUND
    (file,) = mail_folder.iterdir()
    mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert mail["Message-ID"] == ENVELOPE.message_id


def test_a_folder_that_cannot_be_written_is_unreachable(tmp_path: Path) -> None:
    in_the_way = tmp_path / "mail"
    in_the_way.write_text("not a folder")
    with override_settings(MAIL_FOLDER=in_the_way), pytest.raises(TemporaryFault):
        FolderChannel().send(ENVELOPE)


def test_a_forged_header_reaches_no_folder(mail_folder: Path) -> None:
    forged = dataclasses.replace(ENVELOPE, subject="a\nBcc: b")
    with override_settings(MAIL_FOLDER=mail_folder), pytest.raises(LastingFault):
        FolderChannel().send(forged)
