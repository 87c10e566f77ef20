"""Rules for what is written to a referrer: asked inside the statement that claims the message."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localdate

from messaging.kinds import Rule
from messaging.models import OutboundMessage
from outreach.models import Referrer

ON_PAUSE = "Henviseren holder pause fra påmindelser"


def _referrer_where(condition: Q) -> Q:
    # The base manager: the condition is part of a message's own query, which keeps to the programme.
    return Q(Exists(Referrer._base_manager.filter(condition, pk=OuterRef("referrer_id"))))


def _why_on_pause(message: OutboundMessage, now: dt.datetime) -> str:
    until = message.referrer.paused_until if message.referrer else None
    return f"{ON_PAUSE} til {localdate(until):%d.%m.%Y}." if until else f"{ON_PAUSE}."


# Whoever reads the mailbox of somebody who has left is somebody else.
STILL_THERE = Rule(
    "referrer_there", lambda now: _referrer_where(Q(left_on=None)), "Henviseren er stoppet i jobbet."
)
HAS_ADDRESS = Rule(
    "referrer_address", lambda now: _referrer_where(~Q(email_hash="")), "Henviseren har ingen e-mailadresse."
)
NOT_STOPPED = Rule(
    "reminders_not_stopped",
    lambda now: _referrer_where(Q(stopped_at=None)),
    "Henviseren har frabedt sig påmindelser.",
)
RELEVANT = Rule(
    "reminders_relevant",
    lambda now: _referrer_where(Q(not_relevant_at=None)),
    "Henviseren har sagt, at det ikke er relevant, og peget på en anden.",
)
NOT_ON_PAUSE = Rule(
    "reminders_not_on_pause",
    lambda now: _referrer_where(Q(paused_until=None) | Q(paused_until__lte=now)),
    f"{ON_PAUSE}.",
    _why_on_pause,
)


def wants(field: str) -> Rule:
    """Return the rule that the referrer has their switch `field` on."""
    return Rule(
        "referrer_on", lambda now: _referrer_where(Q(**{field: True})), "Henviseren har slået beskeden fra."
    )
