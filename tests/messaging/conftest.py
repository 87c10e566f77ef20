"""Kinds of message that only the tests know, so that a test of the outbox leans on no other package."""

import datetime as dt

import pytest
from django.db.models import Q

from messaging import kinds
from messaging.kinds import Kind, Rendered
from messaging.models import OutboundMessage


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
