"""Planning: one row per thing to say, however often it is asked for."""

import datetime as dt

from django.db import models, transaction
from django_scopes import scope

from accounts.models import Programme
from core.danish import next_sending_time
from messaging.doorbell import ring
from messaging.kinds import Kind, get_kind
from messaging.models import OutboundMessage


@transaction.atomic
def plan_message(
    *,
    programme: Programme,
    kind: str,
    unique_key: str,
    now: dt.datetime,
    participant: models.Model | None = None,
    referrer: models.Model | None = None,
    subject_ids: dict[str, int] | None = None,
    send_after: dt.datetime | None = None,
) -> OutboundMessage:
    """Return the programme's one message with `unique_key`, planned now unless it was planned before.

    Exactly one of `participant` (a Participant) and `referrer` (a Referrer) receives it. A worker hears
    of it after commit; where Redis is down the sweeper finds it. A kind that keeps to sending hours
    waits for them.

    :raises messaging.kinds.UnknownKind: when no package has registered `kind`.
    """
    earliest = earliest_sending(get_kind(kind), programme=programme, after=max(now, send_after or now))
    with scope(programme=programme):
        message, created = OutboundMessage.objects.get_or_create(
            programme=programme,
            unique_key=unique_key,
            defaults={
                "kind": kind,
                "participant": participant,
                "referrer": referrer,
                "subject_ids": subject_ids or {},
                "planned_at": now,
                "send_after": earliest,
            },
        )
    if created and earliest <= now:
        ring("messaging.deliver", message.pk)
    return message


def earliest_sending(kind: Kind, *, programme: Programme, after: dt.datetime) -> dt.datetime:
    """Return the first moment from `after` on at which the programme may send a message of `kind`."""
    if not kind.respects_sending_hours:
        return after
    return next_sending_time(
        after,
        quiet_july=kind.keeps_quiet_periods and programme.quiet_july,
        quiet_christmas=kind.keeps_quiet_periods and programme.quiet_christmas,
    )
