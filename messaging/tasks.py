"""Entry points for Celery. Each may run twice, at once or not at all: the rows say what is left to do."""

import time
from collections.abc import Iterable

from celery import shared_task
from django.utils import timezone
from django_scopes import scope

from accounts.models import Programme
from messaging.channels import open_channel
from messaging.enums import Channel
from messaging.queries import Waiting, abandoned_messages, due_message, due_messages
from messaging.services import Outcome, deliver_message, forget_old_texts, reconcile_message

SWEEP_SECONDS = 50.0  # the next sweep comes after 60 and goes on where this one stopped


@shared_task(name="messaging.deliver")
def deliver(message_id: int) -> None:
    """Send one message that has just been planned."""
    waiting = due_message(message_id, timezone.now())
    if waiting is not None:
        _deliver_batch(waiting.channel, [waiting], time.monotonic() + SWEEP_SECONDS)


@shared_task(name="messaging.sweep")
def sweep() -> None:
    """Send all that is due, whatever the doorbell missed, until done or nearly a minute has passed."""
    until = time.monotonic() + SWEEP_SECONDS
    for channel_name in Channel.values:
        _sweep(channel_name, until)


def _sweep(channel_name: str, until: float) -> None:
    looked_at: set[int] = set()
    while True:
        due = due_messages(channel_name, timezone.now())
        batch = [waiting for waiting in due if waiting.pk not in looked_at]
        if not batch or not _deliver_batch(channel_name, batch, until):
            return
        looked_at.update(waiting.pk for waiting in batch)


def _deliver_batch(channel_name: str, batch: Iterable[Waiting], until: float) -> bool:
    """Send the batch over one connection; False when there is no use in going on now."""
    with open_channel(channel_name) as channel:
        for waiting in batch:
            if time.monotonic() > until:
                return False
            with scope(programme=waiting.programme_id):
                outcome = deliver_message(message_id=waiting.pk, channel=channel, now=timezone.now())
            if outcome is Outcome.UNREACHABLE:
                return False
    return True


@shared_task(name="messaging.reconcile")
def reconcile() -> None:
    """Settle what killed senders left behind."""
    for channel_name in Channel.values:
        with open_channel(channel_name) as channel:
            for waiting in abandoned_messages(channel_name, timezone.now()):
                with scope(programme=waiting.programme_id):
                    reconcile_message(message_id=waiting.pk, channel=channel, now=timezone.now())


@shared_task(name="messaging.forget_texts")
def forget_texts() -> None:
    """Delete the texts whose retention has ended."""
    now = timezone.now()
    for programme in Programme.objects.all():
        with scope(programme=programme):
            forget_old_texts(programme=programme, now=now)
