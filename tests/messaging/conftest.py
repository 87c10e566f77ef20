"""Kinds of message that only the tests know, so that a test of the outbox leans on no other package."""

import dataclasses
import datetime as dt
from collections.abc import Iterator

import pytest
from django.db.models import Q

from messaging import kinds
from messaging.channels import Channel, Envelope, Lookup
from messaging.kinds import Kind, Rendered
from messaging.models import OutboundMessage
from tests.smtp_sink import SmtpSink, running_sink


def render_letter(message: OutboundMessage, now: dt.datetime) -> Rendered:
    assert message.referrer is not None
    return Rendered(
        address=message.referrer.email,
        subject="Næste hold på museet",
        text=f"Hej {message.referrer.name}\n\nÆbler, øl og å.\n",
        html=f"<p>Hej {message.referrer.name}</p>",
        reply_to=message.programme.contact_email,
    )


LETTER = Kind("test_letter", "Prøvebrev", kinds.always_eligible, render_letter, False)
NUDGE = Kind(
    "test_nudge",
    "Prøvepåmindelse",
    lambda now: Q(referrer__stopped_at=None),
    render_letter,
    True,
    lambda message, now: "Henviseren har frabedt sig påmindelser.",
)


@pytest.fixture(autouse=True)
def test_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter that anybody gets at any hour, and a nudge with a condition and sending hours."""
    monkeypatch.setattr(kinds, "_kinds", {**kinds._kinds, LETTER.name: LETTER, NUDGE.name: NUDGE})


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    """A mail server that keeps what it gets; the app sends to it."""
    with running_sink() as sink:
        yield sink


@dataclasses.dataclass
class Wire(Channel):
    """A channel in memory that fails as it is told to, and can look up when it is allowed to."""

    sent: list[Envelope] = dataclasses.field(default_factory=list)
    fault: Exception | None = None
    can_look_up: bool = False

    def send(self, envelope: Envelope) -> None:
        if self.fault is not None:
            raise self.fault
        self.sent.append(envelope)

    def look_up(self, message_id: str) -> Lookup:
        if not self.can_look_up:
            return Lookup.CANNOT_SAY
        arrived = message_id in {envelope.message_id for envelope in self.sent}
        return Lookup.FOUND if arrived else Lookup.NOT_FOUND


@pytest.fixture
def wire() -> Wire:
    return Wire()
