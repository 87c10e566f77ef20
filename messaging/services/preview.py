"""A look at a message before it is sent, which leaves nothing behind."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from messaging.kinds import Rendered, UnknownKind, get_kind
from messaging.models import OutboundMessage
from messaging.services.eligibility import may_leave, why_held_back
from messaging.services.rendering import RenderFailed, render


@dataclass(frozen=True)
class Preview:
    """What would be sent now, None when it cannot be written; and why it would be cancelled, "" if not."""

    rendered: Rendered | None
    unwanted_because: str


def preview_message(*, message: OutboundMessage, now: dt.datetime) -> Preview:
    """Return the message as it would be sent at `now`.

    Whatever writing it stores, such as link tokens, is rolled back: the links it shows never work.
    """
    try:
        kind = get_kind(message.kind)
    except UnknownKind:
        return Preview(None, "")
    wanted = OutboundMessage.objects.filter(kind.eligible(now), may_leave(), pk=message.pk).exists()
    because = "" if wanted else why_held_back(message) or kind.why_not(message, now)
    try:
        with transaction.atomic():
            rendered = render(message, kind, now)
            transaction.set_rollback(True)
    except RenderFailed:
        return Preview(None, because)
    return Preview(rendered, because)
