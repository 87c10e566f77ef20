"""By which way a message goes: e-mail where one works, else SMS where kind and programme allow it."""

import dataclasses
from typing import Any

import pytest
from celery import current_app
from django.db import transaction
from django.test import override_settings

from accounts.models import Programme
from messaging import doorbell, kinds, tasks
from messaging.enums import Channel, MessageState
from messaging.kinds import Kind, Rendered, sms_message
from messaging.models import DeadAddress, OutboundMessage
from messaging.services import Outcome, deliver_message, plan_message
from messaging.services.eligibility import address_hash
from tests.factories import NOW, make_participant
from tests.messaging.conftest import LETTER, Wire
from tests.smtp_sink import SmtpSink

pytestmark = pytest.mark.usefixtures("in_scope")
PHONE = "+4520123456"


def render_text(message: OutboundMessage, now: Any) -> Rendered:
    assert message.participant is not None
    return Rendered(message.participant.phone, "", "Prøve Kommune: æøå", "", "")


def render_mail(message: OutboundMessage, now: Any) -> Rendered:
    assert message.participant is not None
    return Rendered(message.participant.email, "Emne", "Tekst", "<p>Tekst</p>", "k@kommune.example")


SHORT = dataclasses.replace(LETTER, name="test_short", render=render_mail, render_sms=render_text)


@pytest.fixture(autouse=True)
def _ways(monkeypatch: pytest.MonkeyPatch, programme: Programme, tmp_path: Any) -> Any:
    monkeypatch.setattr(kinds, "_kinds", {**kinds._kinds, SHORT.name: SHORT, LETTER.name: LETTER})
    programme.sms_on, programme.sms_sender = True, "Proeve"
    programme.save()
    channels = {
        "email": "messaging.channels.FolderChannel",
        "sms": "messaging.channels.SmsFolderChannel",
    }
    with override_settings(MESSAGE_CHANNELS=channels, MAIL_FOLDER=tmp_path / "mail"):
        yield


def plan(programme: Programme, kind: Kind = SHORT, key: str = "k", **person: Any) -> OutboundMessage:
    participant = make_participant(programme, **{"phone": PHONE, "email": "", **person})
    return plan_message(programme=programme, kind=kind.name, unique_key=key, participant=participant, now=NOW)


def test_a_person_with_an_e_mail_gets_mail(programme: Programme) -> None:
    assert plan(programme, email="anna@borger.example").channel == Channel.EMAIL


def test_a_person_without_an_e_mail_gets_an_sms(programme: Programme, wire: Wire) -> None:
    message = plan(programme)
    assert message.channel == Channel.SMS
    assert deliver_message(message_id=message.pk, channel=wire, now=NOW) is Outcome.SENT
    (envelope,) = wire.sent
    assert (envelope.sender, envelope.to, envelope.text) == ("Proeve", PHONE, "Prøve Kommune: æøå")
    assert (envelope.subject, envelope.html) == ("", "")
    message.refresh_from_db()
    assert (message.address, message.body) == (PHONE, "Prøve Kommune: æøå")


def test_a_person_whose_e_mail_is_dead_gets_an_sms(programme: Programme) -> None:
    DeadAddress.objects.create(
        programme=programme,
        channel=Channel.EMAIL,
        address_hash=address_hash(Channel.EMAIL, "anna@borger.example"),
        since=NOW,
    )
    assert plan(programme, email="anna@borger.example").channel == Channel.SMS


def test_no_sms_where_the_kind_cannot_be_one(programme: Programme) -> None:
    assert plan(programme, LETTER).channel == Channel.EMAIL


def test_no_sms_where_the_programme_has_it_off(programme: Programme) -> None:
    programme.sms_on = False
    programme.save()
    assert plan(programme).channel == Channel.EMAIL


def test_no_sms_where_there_is_no_gateway(programme: Programme) -> None:
    with override_settings(MESSAGE_CHANNELS={"email": "messaging.channels.FolderChannel"}):
        assert plan(programme).channel == Channel.EMAIL


def test_an_sms_is_not_sent_after_the_programme_has_turned_it_off(programme: Programme, wire: Wire) -> None:
    message = plan(programme)
    programme.sms_on = False
    programme.save()
    assert deliver_message(message_id=message.pk, channel=wire, now=NOW) is Outcome.CANCELLED
    message.refresh_from_db()
    assert message.cancelled_because == "Programmet sender ikke sms."
    assert not wire.sent


def test_a_number_an_sms_came_back_from_is_not_written_to_again(programme: Programme, wire: Wire) -> None:
    message = plan(programme)
    DeadAddress.objects.create(
        programme=programme, channel=Channel.SMS, address_hash=address_hash(Channel.SMS, PHONE), since=NOW
    )
    assert deliver_message(message_id=message.pk, channel=wire, now=NOW) is Outcome.CANCELLED


def test_an_sms_without_a_number_says_so(programme: Programme, wire: Wire) -> None:
    message = plan(programme)
    message.participant.phone = ""
    message.participant.save()
    assert deliver_message(message_id=message.pk, channel=wire, now=NOW) is Outcome.FAILED
    message.refresh_from_db()
    assert message.fault == "Modtageren har intet telefonnummer."


def test_the_sweeper_sends_by_each_way(programme: Programme, tmp_path: Any) -> None:
    plan(programme, key="sms")
    plan(programme, key="mail", email="anna@borger.example")
    tasks.sweep()
    assert sorted(file.suffix for file in (tmp_path / "mail").iterdir()) == [".eml", ".sms"]
    assert "Proeve\n+4520123456\n\nPrøve" in next((tmp_path / "mail").glob("*.sms")).read_text()


def test_a_ring_for_many_sends_them_over_one_connection(programme: Programme, smtp_sink: SmtpSink) -> None:
    ids = [plan(programme, key=str(n), email=f"anna{n}@borger.example").pk for n in range(7)]
    with override_settings(MESSAGE_CHANNELS={"email": "messaging.channels.SmtpChannel"}):
        tasks.deliver(*ids)
    assert (len(smtp_sink.mails), smtp_sink.connections) == (7, 1)


def test_a_text_message_is_one_line_in_letters_that_sms_has(programme: Programme) -> None:
    context = {"programme": programme, "call_by": NOW.date()}
    rendered = sms_message("referrals/messages/signup_receipt/sms.txt", context, phone=PHONE)
    assert rendered.text == (
        "Prøve Kommune: Tak, fordi du skrev til os. Vi ringer til dig senest den 10.03.2026. "
        "Vil du tale med os før, så ring 20 12 34 56."
    )
    assert programme.name not in rendered.text


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[int, ...]]]:
    """The rings that would have been sent."""
    rings: list[tuple[str, tuple[int, ...]]] = []
    monkeypatch.setattr(doorbell._Doorbell, "quiet_until", 0.0)
    monkeypatch.setattr(current_app, "send_task", lambda name, args, **_: rings.append((name, tuple(args))))
    return rings


@pytest.mark.django_db(transaction=True)
def test_planning_many_rings_once_a_hundred(
    programme: Programme, rung: list[tuple[str, tuple[int, ...]]]
) -> None:
    with doorbell.ringing_once():
        ids = [plan(programme, key=str(number)).pk for number in range(3)]
        assert rung == []
        for number in range(1000, 1100):
            doorbell.ring("messaging.deliver", number)
    assert rung == [
        ("messaging.deliver", (*ids, *range(1000, 1097))),
        ("messaging.deliver", (1097, 1098, 1099)),
    ]
    plan(programme, key="alone")
    assert len(rung) == 3


@pytest.mark.django_db(transaction=True)
def test_what_was_planned_in_a_transaction_is_rung_for_when_it_has_committed(
    programme: Programme, rung: list[tuple[str, tuple[int, ...]]]
) -> None:
    with transaction.atomic():
        with doorbell.ringing_once():
            message = plan(programme)
        assert rung == []
    assert rung == [("messaging.deliver", (message.pk,))]


def test_a_message_planned_by_sms_is_kept_planned_where_no_gateway_is(programme: Programme) -> None:
    message = plan(programme)
    with override_settings(MESSAGE_CHANNELS={"email": "messaging.channels.FolderChannel"}):
        tasks.sweep()
        tasks.deliver(message.pk)
    message.refresh_from_db()
    assert message.state == MessageState.PLANNED
