"""GatewayAPI as its documentation describes it, on a server of our own: what each answer is taken for."""

from collections.abc import Iterator

import httpx
import pytest
from django.test import override_settings

from messaging.channels import (
    Envelope,
    LastingFault,
    Lookup,
    TemporaryFault,
    UnclearFault,
    gatewayapi,
    open_channel,
)
from tests.http_desk import HttpDesk, running_desk
from tests.smtp_sink import free_port

TAKEN = b'{"ids": [421332671], "usage": {"countries": {"DK": 1}, "currency": "DKK", "total_cost": 0.12}}'
ENVELOPE = Envelope(
    message_id="<8a0c8a5e-2c71-4f0e-9a43-6a2d0d9c8f11@kultur.example>",
    sender="Solby",
    to="+4520123456",
    reply_to="",
    subject="",
    text="Solby Kommune: Vi ringer på torsdag. æøå",
    html="",
)


@pytest.fixture
def gateway() -> Iterator[HttpDesk]:
    """The gateway, which takes what it gets; the app sends to it."""
    with (
        running_desk() as desk,
        override_settings(
            MESSAGE_CHANNELS={"sms": "messaging.channels.gatewayapi.GatewayApiChannel"},
            SMS_API_URL=desk.url,
            SMS_API_TOKEN="hemmelig",
        ),
    ):
        desk.answer = TAKEN
        yield desk


def send() -> None:
    with open_channel("sms") as channel:
        channel.send(ENVELOPE)


def test_an_order_holds_what_the_gateway_asks_for_and_our_reference(gateway: HttpDesk) -> None:
    send()
    (asked,) = gateway.asked
    assert (asked.path, asked.basic_auth) == ("/rest/mtsms", "hemmelig:")
    assert asked.body == {
        "sender": "Solby",
        "message": "Solby Kommune: Vi ringer på torsdag. æøå",
        "recipients": [{"msisdn": 4520123456}],
        "userref": "8a0c8a5e-2c71-4f0e-9a43-6a2d0d9c8f11",
    }


def test_a_batch_shares_one_connection(gateway: HttpDesk) -> None:
    with open_channel("sms") as channel:
        for _ in range(5):
            channel.send(ENVELOPE)
    assert (len(gateway.asked), gateway.connections) == (5, 1)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, LastingFault),
        (422, LastingFault),
        (401, TemporaryFault),
        (403, TemporaryFault),
        (429, TemporaryFault),
        (500, TemporaryFault),
        (503, TemporaryFault),
        (302, UnclearFault),
        (502, UnclearFault),
        (504, UnclearFault),
    ],
)
def test_a_refusal_is_told_by_its_code(gateway: HttpDesk, status: int, kind: type[Exception]) -> None:
    gateway.status = status
    gateway.answer = b'{"code": "0x0213", "message": "Bad number 4520123456", "variables": []}'
    with pytest.raises(kind) as fault:
        send()
    assert "20123456" not in str(fault.value)
    assert "hemmelig" not in str(fault.value)


@pytest.mark.parametrize("answer", [b"", b"<html>OK</html>", b"[]", b'{"ids": []}', b'{"ids": [4'])
def test_an_answer_that_is_none_is_unclear(gateway: HttpDesk, answer: bytes) -> None:
    gateway.answer = answer
    with pytest.raises(UnclearFault):
        send()


def test_a_gateway_that_hangs_up_with_the_order_in_hand_is_unclear(gateway: HttpDesk) -> None:
    gateway.hang_up = True
    with pytest.raises(UnclearFault):
        send()
    assert len(gateway.asked) == 1, "an order that may have been taken is not given again"


def test_a_gateway_that_says_nothing_is_given_up_after_the_time_limit(
    gateway: HttpDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert gatewayapi.TIME_LIMIT.read == 30
    monkeypatch.setattr(gatewayapi, "TIME_LIMIT", httpx.Timeout(0.2))
    gateway.silent_for = 1
    with pytest.raises(UnclearFault):
        send()


def test_a_gateway_that_is_down_is_unreachable(gateway: HttpDesk) -> None:
    with (
        override_settings(SMS_API_URL=f"http://127.0.0.1:{free_port()}"),
        pytest.raises(TemporaryFault) as fault,
    ):
        send()
    assert fault.value.unreachable


def test_the_gateway_cannot_say_whether_a_reference_was_taken(gateway: HttpDesk) -> None:
    with open_channel("sms") as channel:
        assert channel.look_up(ENVELOPE.message_id) is Lookup.CANNOT_SAY
