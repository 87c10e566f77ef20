"""Planning: one row per thing to say, however often it is asked for."""

import datetime as dt

from django.conf import settings
from django.db import models, transaction
from django_scopes import scope

from accounts.models import Programme, User
from core.danish import next_sending_time
from messaging.doorbell import ring
from messaging.enums import Channel
from messaging.kinds import Kind, get_kind
from messaging.models import OutboundMessage
from messaging.services.eligibility import is_dead


@transaction.atomic
def plan_message(
    *,
    programme: Programme,
    kind: str,
    unique_key: str,
    now: dt.datetime,
    participant: models.Model | None = None,
    referrer: models.Model | None = None,
    interested: models.Model | None = None,
    user: User | None = None,
    subject_ids: dict[str, int] | None = None,
    send_after: dt.datetime | None = None,
) -> OutboundMessage:
    """Return the programme's one message with `unique_key`, planned now unless it was planned before.

    Exactly one of `participant` (a Participant), `referrer` (a Referrer), `interested` (an
    InterestedPerson) and `user` (a colleague) receives it, by e-mail where there is one that works, else
    by SMS where kind and programme allow it; the other way round where the kind says `sms_first`. A worker
    hears of it after commit; where Redis is down the sweeper finds it. A kind that keeps to sending hours
    waits for them.

    :raises messaging.kinds.UnknownKind: when no package has registered `kind`.
    """
    known = get_kind(kind)
    earliest = earliest_sending(known, programme=programme, after=max(now, send_after or now))
    with scope(programme=programme):
        recipient = participant or referrer or interested or user
        way = way_to(programme=programme, kind=known, recipient=recipient) if recipient else None
        message, created = OutboundMessage.objects.get_or_create(
            programme=programme,
            unique_key=unique_key,
            defaults={
                "kind": kind,
                "channel": way or Channel.EMAIL,
                "participant": participant,
                "referrer": referrer,
                "interested": interested,
                "user": user,
                "subject_ids": subject_ids or {},
                "planned_at": now,
                "send_after": earliest,
            },
        )
    if created and earliest <= now:
        ring("messaging.deliver", message.pk)
    return message


def way_to(*, programme: Programme, kind: Kind, recipient: models.Model) -> Channel | None:
    """Return the way by which `recipient` gets a message of `kind`, None when there is none.

    Runs inside the programme's scope.
    """
    email, phone = getattr(recipient, "email", ""), getattr(recipient, "phone", "")
    takes_sms = bool(phone and kind.render_sms and sends_sms(programme))
    if not takes_sms:
        return Channel.EMAIL if email else None
    if kind.sms_first and not is_dead(recipient=recipient, channel=Channel.SMS):
        return Channel.SMS
    if email and not is_dead(recipient=recipient, channel=Channel.EMAIL):
        return Channel.EMAIL
    return Channel.SMS


def sends_sms(programme: Programme) -> bool:
    """Return whether the programme sends text messages and this installation has a gateway for them."""
    return programme.sms_on and Channel.SMS in settings.MESSAGE_CHANNELS


def earliest_sending(kind: Kind, *, programme: Programme, after: dt.datetime) -> dt.datetime:
    """Return the first moment from `after` on at which the programme may send a message of `kind`."""
    if not kind.respects_sending_hours:
        return after
    return next_sending_time(
        after,
        quiet_july=kind.keeps_quiet_periods and programme.quiet_july,
        quiet_christmas=kind.keeps_quiet_periods and programme.quiet_christmas,
    )
