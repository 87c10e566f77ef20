"""Entry points for Celery. Each may run twice, at once or not at all: the rows say what is left to do."""

import time
from collections import defaultdict
from collections.abc import Sequence

from celery import shared_task
from django.conf import settings
from django.utils import timezone
from django_scopes import scope

from accounts.models import Programme
from messaging.batches import Pace, next_batch
from messaging.bounces import read_returned
from messaging.channels import open_channel
from messaging.mailbox import read_mailbox
from messaging.queries import Waiting, abandoned_messages, due_among, due_messages
from messaging.services import (
    Outcome,
    StillBeingSent,
    deliver_messages,
    forget_old_texts,
    note_returned,
    reconcile_message,
)

_paces: defaultdict[str, Pace] = defaultdict(Pace)  # by channel
SWEEP_SECONDS = 50.0  # the next sweep comes after 60 and goes on where this one stopped


@shared_task(name="messaging.deliver")
def deliver(*message_ids: int) -> None:
    """Send messages that have just been planned, those of a channel over one connection."""
    due = due_among(message_ids, timezone.now())
    until = time.monotonic() + SWEEP_SECONDS
    for channel_name in settings.MESSAGE_CHANNELS:
        waiting = [each for each in due if each.channel == channel_name]
        if waiting:
            _deliver_all(channel_name, waiting, until)


@shared_task(name="messaging.sweep")
def sweep() -> None:
    """Send all that is due, whatever the doorbell missed, until done or nearly a minute has passed."""
    until = time.monotonic() + SWEEP_SECONDS
    for channel_name in settings.MESSAGE_CHANNELS:
        _sweep(channel_name, until)


def _sweep(channel_name: str, until: float) -> None:
    looked_at: set[int] = set()
    while True:
        due = due_messages(channel_name, timezone.now())
        waiting = [each for each in due if each.pk not in looked_at]
        if not waiting or not _deliver_all(channel_name, waiting, until):
            return
        looked_at.update(each.pk for each in waiting)


def _deliver_all(channel_name: str, waiting: Sequence[Waiting], until: float) -> bool:
    """Send what waits over one connection, batch by batch; False when there is no use in going on now."""
    pace, rest = _paces[channel_name], list(waiting)
    with open_channel(channel_name) as channel:
        while rest:
            batch, began = next_batch(rest, pace), time.monotonic()
            if began > until:
                return False
            with scope(programme=batch[0].programme_id):
                outcomes = deliver_messages(
                    message_ids=[each.pk for each in batch], channel=channel, clock=timezone.now
                )
            if Outcome.UNREACHABLE in outcomes.values():
                pace.note_nobody_there()
                return False
            left = len(rest)
            rest = [each for each in rest if outcomes.get(each.pk, Outcome.GIVEN_BACK) is Outcome.GIVEN_BACK]
            pace.note(left - len(rest), time.monotonic() - began)
    return True


@shared_task(name="messaging.reconcile")
def reconcile() -> None:
    """Settle what killed senders left behind."""
    for channel_name in settings.MESSAGE_CHANNELS:
        with open_channel(channel_name) as channel:
            for waiting in abandoned_messages(channel_name, timezone.now()):
                with scope(programme=waiting.programme_id):
                    reconcile_message(message_id=waiting.pk, channel=channel, now=timezone.now())


@shared_task(name="messaging.read_bounces")
def read_bounces() -> None:
    """Note which mails have come back, where the installation has a mailbox for them."""
    if settings.BOUNCE_MAILBOX is not None:
        read_mailbox(settings.BOUNCE_MAILBOX, take_bounce)


def take_bounce(raw: bytes) -> bool:
    """Note what a mail in the bounce mailbox says; False when it must be read again in a while."""
    returned = read_returned(raw)
    if returned is not None:
        try:
            note_returned(reference=returned.reference, address_is_dead=returned.is_dead, now=timezone.now())
        except StillBeingSent:
            return False
    return True


@shared_task(name="messaging.forget_texts")
def forget_texts() -> None:
    """Delete the texts whose retention has ended."""
    now = timezone.now()
    for programme in Programme.objects.all():
        with scope(programme=programme):
            forget_old_texts(programme=programme, now=now)
