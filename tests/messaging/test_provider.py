"""Mail by a provider's API: MailerSend as it documents itself, on a server of our own."""

from collections.abc import Iterator

import pytest
from django.test import override_settings

from messaging.channels import (
    Envelope,
    LastingFault,
    Lookup,
    TemporaryFault,
    UnclearFault,
    open_channel,
)
from tests.http_desk import HttpDesk, running_desk
from tests.smtp_sink import free_port

ENVELOPE = Envelope(
    message_id="<8a0c8a5e-2c71-4f0e-9a43-6a2d0d9c8f11@kultur.example>",
    sender="Solby Kommune <kultur@test.example>",
    to="henrik@jobcenter.example",
    reply_to="kirsten@kommune.example",
    subject="Næste hold",
    text="Kære Henrik. Æbler, øl og å.",
    html="<p>Kære Henrik</p>",
    unsubscribe_url="https://kultur.example/min-side/",
)


def anymail(url: str, **more: object) -> dict[str, object]:
    return {"MAILERSEND_API_TOKEN": "hemmelig", "MAILERSEND_API_URL": f"{url}/v1/", **more}


@pytest.fixture
def provider() -> Iterator[HttpDesk]:
    with (
        running_desk() as desk,
        override_settings(
            MESSAGE_CHANNELS={"email": "messaging.channels.provider.ProviderChannel"},
            MAIL_PROVIDER_BACKEND="anymail.backends.mailersend.EmailBackend",
            ANYMAIL=anymail(desk.url),
        ),
    ):
        desk.status, desk.answer, desk.headers = (
            202,
            b"",
            {"X-Message-Id": "abc", "Content-Type": "text/html"},
        )
        yield desk


def send() -> None:
    with open_channel("email") as channel:
        channel.send(ENVELOPE)


def test_a_mail_is_handed_over_with_our_reference_as_its_tag(provider: HttpDesk) -> None:
    send()
    (asked,) = provider.asked
    assert (asked.path, asked.headers["Authorization"]) == ("/v1/email", "Bearer hemmelig")
    assert asked.body == {
        "from": {"email": "kultur@test.example", "name": "Solby Kommune"},
        "to": [{"email": "henrik@jobcenter.example"}],
        "reply_to": {"email": "kirsten@kommune.example"},
        "subject": "Næste hold",
        "text": "Kære Henrik. Æbler, øl og å.",
        "html": "<p>Kære Henrik</p>",
        "tags": ["8a0c8a5e-2c71-4f0e-9a43-6a2d0d9c8f11"],
    }


def test_a_batch_shares_one_connection(provider: HttpDesk) -> None:
    with open_channel("email") as channel:
        for _ in range(4):
            channel.send(ENVELOPE)
    assert (len(provider.asked), provider.connections) == (4, 1)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (422, LastingFault),
        (401, TemporaryFault),
        (429, TemporaryFault),
        (503, TemporaryFault),
        (500, UnclearFault),
        (502, UnclearFault),
    ],
)
def test_a_refusal_is_told_by_its_code_and_never_by_name(
    provider: HttpDesk, status: int, kind: type[Exception]
) -> None:
    provider.status, provider.answer = status, b'{"message": "henrik@jobcenter.example is bad"}'
    with pytest.raises(kind) as fault:
        send()
    assert "henrik" not in str(fault.value)


def test_an_address_that_the_provider_has_barred_is_refused_for_good(provider: HttpDesk) -> None:
    provider.headers = {"Content-Type": "application/json"}
    provider.answer = (
        b'{"message": "", "warnings": [{"type": "ALL_SUPPRESSED", "recipients": [{"email":'
        b' "henrik@jobcenter.example", "name": "", "reason": ["hard_bounced"]}]}]}'
    )
    with pytest.raises(LastingFault):
        send()


def test_a_provider_that_hangs_up_with_the_mail_in_hand_is_unclear(provider: HttpDesk) -> None:
    provider.hang_up = True
    with pytest.raises(UnclearFault):
        send()


def test_a_provider_that_says_nothing_is_given_up_after_the_time_limit(provider: HttpDesk) -> None:
    provider.silent_for = 1
    with (
        override_settings(ANYMAIL=anymail(provider.url, REQUESTS_TIMEOUT=0.2)),
        pytest.raises(UnclearFault),
    ):
        send()


def test_a_provider_that_is_down_is_unreachable(provider: HttpDesk) -> None:
    nowhere = anymail(f"http://127.0.0.1:{free_port()}")
    with override_settings(ANYMAIL=nowhere), pytest.raises(TemporaryFault) as fault:
        send()
    assert fault.value.unreachable


def test_a_provider_cannot_say_whether_a_mail_was_taken(provider: HttpDesk) -> None:
    with open_channel("email") as channel:
        assert channel.look_up(ENVELOPE.message_id) is Lookup.CANNOT_SAY
