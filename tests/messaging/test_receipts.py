"""What providers report: signed or refused, kept once, and obeyed from then on."""

import datetime as dt
import hashlib
import hmac
import json
from typing import Any

import jwt
import pytest
from django.test import Client, override_settings
from django_scopes import scopes_disabled

from accounts.models import Programme
from messaging.enums import Channel, MessageState
from messaging.models import DeadAddress, OutboundMessage
from messaging.services import (
    Outcome,
    StillBeingSent,
    deliver_message,
    note_delivered,
    note_returned,
    plan_message,
    reconcile_message,
    retry_message,
)
from messaging.services.eligibility import address_hash
from tests import factories
from tests.factories import NOW, make_referrer
from tests.messaging.conftest import Wire

REFERENCE = "8a0c8a5e-2c71-4f0e-9a43-6a2d0d9c8f11"
ADDRESS = "henrik@jobcenter.example"
LATER = NOW + dt.timedelta(hours=1)
MAIL_SECRET = "underskrift"
SMS_SECRET = "en hemmelighed på mindst 32 tegn!"


@pytest.fixture(autouse=True)
def _configured() -> Any:
    with override_settings(
        MAIL_PROVIDER_WEBHOOK="anymail.webhooks.mailersend.MailerSendTrackingWebhookView",
        ANYMAIL={"MAILERSEND_SIGNING_SECRET": MAIL_SECRET},
        SMS_WEBHOOK_SECRET=SMS_SECRET,
    ):
        yield


def make_left(programme: Programme, state: str = MessageState.SENT, **fields: Any) -> OutboundMessage:
    return factories.make_message(
        programme,
        **{
            "referrer": make_referrer(programme, email=ADDRESS),
            "kind": "test_letter",
            "state": state,
            "claimed_at": NOW,
            "sent_at": NOW if state == MessageState.SENT else None,
            "message_id": f"<{REFERENCE}@testserver>",
            "address": ADDRESS,
            "attempts": 1,
            **fields,
        },
    )


def stored(message: OutboundMessage) -> OutboundMessage:
    with scopes_disabled():
        return OutboundMessage.objects.get(pk=message.pk)


# --- What is kept ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "state", [MessageState.SENT, MessageState.UNCERTAIN, MessageState.FAILED, MessageState.PLANNED]
)
def test_a_delivered_message_is_sent_whatever_we_believed(programme: Programme, state: str) -> None:
    message = make_left(programme, state, fault="Forbindelsen blev afbrudt.")
    assert note_delivered(reference=REFERENCE, now=LATER)
    assert not note_delivered(reference=REFERENCE, now=LATER + dt.timedelta(hours=1)), "told twice"
    kept = stored(message)
    assert (kept.state, kept.sent_at, kept.delivered_at) == (MessageState.SENT, NOW, LATER)
    assert kept.fault == ""


def test_a_receipt_that_overtakes_its_own_sending_settles_a_sender_that_was_killed(
    in_scope: Programme, wire: Wire
) -> None:
    message = make_left(in_scope, MessageState.CLAIMED)
    assert note_delivered(reference=REFERENCE, now=LATER)
    assert stored(message).state == MessageState.CLAIMED, "its sender may be about to note the outcome"
    assert reconcile_message(message_id=message.pk, channel=wire, now=LATER) is Outcome.SENT
    assert stored(message).state == MessageState.SENT


def test_a_returned_message_buries_its_address(programme: Programme) -> None:
    message = make_left(programme)
    assert note_returned(reference=REFERENCE, address_is_dead=True, now=LATER)
    assert not note_returned(reference=REFERENCE, address_is_dead=True, now=LATER), "told twice"
    kept = stored(message)
    assert (kept.state, kept.returned_at) == (MessageState.RETURNED, LATER)
    with scopes_disabled():
        (dead,) = DeadAddress.objects.all()
    assert (dead.programme, dead.channel) == (programme, Channel.EMAIL)
    assert dead.address_hash == address_hash(Channel.EMAIL, ADDRESS)


def test_a_message_lost_on_the_way_failed_and_its_address_lives(programme: Programme) -> None:
    message = make_left(programme)
    note_returned(reference=REFERENCE, address_is_dead=False, now=LATER)
    assert stored(message).state == MessageState.FAILED
    with scopes_disabled():
        assert not DeadAddress.objects.exists()


def test_a_return_before_the_sending_is_noted_must_be_told_again(programme: Programme) -> None:
    message = make_left(programme, MessageState.CLAIMED)
    with pytest.raises(StillBeingSent):
        note_returned(reference=REFERENCE, address_is_dead=True, now=LATER)
    assert stored(message).state == MessageState.CLAIMED


@pytest.mark.parametrize("reference", ["", "%", "8a0c", "x' OR 1=1", "00000000-0000-0000-0000-000000000000"])
def test_an_unknown_reference_changes_nothing(programme: Programme, reference: str) -> None:
    message = make_left(programme)
    assert not note_delivered(reference=reference, now=LATER)
    assert not note_returned(reference=reference, address_is_dead=True, now=LATER)
    assert stored(message).delivered_at is None


# --- What follows ----------------------------------------------------------------------------------


def plan_letter(programme: Programme, message: OutboundMessage, key: str = "next") -> OutboundMessage:
    return plan_message(
        programme=programme, kind="test_letter", unique_key=key, referrer=message.referrer, now=NOW
    )


def test_a_dead_address_is_not_written_to_until_it_is_corrected(in_scope: Programme, wire: Wire) -> None:
    message = make_left(in_scope)
    note_returned(reference=REFERENCE, address_is_dead=True, now=LATER)
    following = plan_letter(in_scope, message)
    assert deliver_message(message_id=following.pk, channel=wire, now=NOW) is Outcome.CANCELLED
    following.refresh_from_db()
    assert following.cancelled_because.startswith("Adressen virker ikke")
    assert not wire.sent

    referrer = message.referrer
    referrer.email, referrer.email_hash = (
        "ny@jobcenter.example",
        address_hash(Channel.EMAIL, "ny@jobcenter.example"),
    )
    referrer.save()
    corrected = plan_letter(in_scope, message, "corrected")
    assert deliver_message(message_id=corrected.pk, channel=wire, now=NOW) is Outcome.SENT


def test_a_dead_address_is_dead_in_its_own_programme_alone(
    in_scope: Programme, other_programme: Programme, wire: Wire
) -> None:
    make_left(other_programme)
    note_returned(reference=REFERENCE, address_is_dead=True, now=LATER)
    mine = plan_message(
        programme=in_scope,
        kind="test_letter",
        unique_key="k",
        referrer=make_referrer(in_scope, email=ADDRESS),
        now=NOW,
    )
    assert deliver_message(message_id=mine.pk, channel=wire, now=NOW) is Outcome.SENT


def test_trying_a_returned_message_again_gives_its_address_a_new_chance(
    in_scope: Programme, wire: Wire, coordinator: Any
) -> None:
    message = make_left(in_scope)
    note_returned(reference=REFERENCE, address_is_dead=True, now=LATER)
    retry_message(message=stored(message), by=coordinator, now=LATER)
    assert deliver_message(message_id=message.pk, channel=wire, now=LATER) is Outcome.SENT
    kept = stored(message)
    assert (kept.state, kept.returned_at) == (MessageState.SENT, None)
    assert kept.message_id != f"<{REFERENCE}@testserver>", "a late report of the first try is not about this"


# --- The mail provider's report --------------------------------------------------------------------


def mail_report(kind: str, **data: Any) -> bytes:
    """Return a report as MailerSend documents its activity webhooks."""
    report = {
        "type": f"activity.{kind}",
        "created_at": "2026-03-10T10:00:00.000000Z",
        "webhook_id": "7z3m5jgrogdpyo6n",
        "data": {
            "object": "activity",
            "id": "62f114f8165fe0d8db0288e3",
            "type": kind,
            "created_at": "2026-03-10T10:00:00.000000Z",
            "email": {
                "object": "email",
                "from": "kultur@test.example",
                "subject": "Næste hold",
                "status": "rejected",
                "tags": [REFERENCE],
                "message": {"object": "message", "id": "62f114f7165fe0d8db0288e2"},
                "recipient": {"object": "recipient", "email": ADDRESS},
            },
            "morph": None,
            **data,
        },
    }
    return json.dumps(report).encode()


def post_mail_report(body: bytes, secret: str = MAIL_SECRET, **headers: str) -> int:
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return (
        Client(enforce_csrf_checks=True)
        .post(
            "/modtaget/mail/",
            body,
            content_type="application/json",
            headers={"Signature": signature, **headers},
        )
        .status_code
    )


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("delivered", MessageState.SENT),
        ("opened", MessageState.UNCERTAIN),
        ("soft_bounced", MessageState.FAILED),
        ("hard_bounced", MessageState.RETURNED),
        ("spam_complaint", MessageState.RETURNED),
    ],
)
def test_a_signed_mail_report_is_obeyed(programme: Programme, kind: str, state: str) -> None:
    message = make_left(programme, MessageState.UNCERTAIN)
    morph = {"object": "recipient_bounce", "reason": "Host or domain name not found"}
    assert post_mail_report(mail_report(kind, morph=morph if "bounced" in kind else None)) == 200
    assert post_mail_report(mail_report(kind)) == 200, "told twice"
    assert stored(message).state == state


def test_a_mail_report_that_is_not_signed_is_refused(programme: Programme) -> None:
    message = make_left(programme)
    body = mail_report("hard_bounced")
    assert post_mail_report(body, secret="en anden") == 403
    assert Client().post("/modtaget/mail/", body, content_type="application/json").status_code == 403
    assert stored(message).state == MessageState.SENT
    assert post_mail_report(body) == 200, "the same report, signed"
    assert stored(message).state == MessageState.RETURNED


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"data": 1}', b"\xff", b'{"type": "inbound.message"}'])
def test_a_signed_mail_report_of_nonsense_is_a_bad_request(db: None, body: bytes) -> None:
    assert post_mail_report(body) == 400


def test_a_mail_report_of_a_message_still_being_sent_is_asked_for_again(programme: Programme) -> None:
    make_left(programme, MessageState.CLAIMED)
    assert post_mail_report(mail_report("hard_bounced")) == 503


@pytest.mark.parametrize("path", ["/modtaget/mail/", "/modtaget/sms/"])
def test_reports_are_not_taken_where_nobody_is_known_to_send_them(db: None, path: str) -> None:
    assert Client().post(path).status_code == 403
    with override_settings(MAIL_PROVIDER_WEBHOOK="", SMS_WEBHOOK_SECRET=""):
        assert Client().post(path).status_code == 404


# --- The SMS gateway's report ----------------------------------------------------------------------


def post_sms_report(status: str, secret: str = SMS_SECRET, algorithm: str = "HS256", **more: Any) -> int:
    report = {"id": 1000001, "msisdn": 4520123456, "time": 1450000000, "status": status, "userref": REFERENCE}
    signed = jwt.encode({**report, **more}, secret, algorithm=algorithm)
    browser = Client(enforce_csrf_checks=True)
    return browser.post(
        "/modtaget/sms/",
        json.dumps(report),
        content_type="application/json",
        headers={"X-Gwapi-Signature": signed},
    ).status_code


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("DELIVERED", MessageState.SENT),
        ("ENROUTE", MessageState.UNCERTAIN),
        ("EXPIRED", MessageState.FAILED),
        ("REJECTED", MessageState.FAILED),
        ("UNDELIVERABLE", MessageState.RETURNED),
    ],
)
def test_a_signed_sms_report_is_obeyed(programme: Programme, status: str, state: str) -> None:
    message = make_left(programme, MessageState.UNCERTAIN, channel=Channel.SMS, address="+4520123456")
    assert post_sms_report(status) == 200
    assert post_sms_report(status) == 200, "told twice"
    assert stored(message).state == state


def test_an_sms_report_that_is_not_signed_by_the_gateway_is_refused(programme: Programme) -> None:
    message = make_left(programme)
    assert post_sms_report("UNDELIVERABLE", secret="en anden hemmelighed på 32 tegn!!") == 403
    assert post_sms_report("UNDELIVERABLE", secret="", algorithm="none") == 403
    assert stored(message).state == MessageState.SENT
    assert post_sms_report("UNDELIVERABLE") == 200
    assert stored(message).state == MessageState.RETURNED


def test_an_sms_that_somebody_wrote_to_us_is_taken_and_forgotten(programme: Programme) -> None:
    message = make_left(programme)
    assert post_sms_report("", message="STOP", userref=None) == 200
    assert stored(message).state == MessageState.SENT
