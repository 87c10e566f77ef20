"""The rows of the outbox's benches: one programme, referrers by the thousand, and what became of them."""

import datetime as dt
import time
from pathlib import Path

from django.core.management import call_command
from django.db import Error, connections, transaction
from django_scopes import scope, scopes_disabled

from accounts.models import Programme
from bench.actors import MORNING, arrived
from bench.stage import Count, tally
from core.danish import name_key
from core.lookups import email_hash
from messaging.enums import MessageState
from messaging.models import OutboundMessage
from outreach.models import Referrer
from recruitment.services.unsent import open_tasks_for_unsent
from referrals.enums import NudgeMode
from referrals.models import NudgeRule
from tests.factories import make_programme

LONG_AGO = MORNING - dt.timedelta(weeks=30)


def make_town() -> Programme:
    """Return the programme of an empty database; every rule of reminders is on and sends by itself."""
    call_command("migrate", interactive=False, verbosity=0)
    programme = make_programme(name="Kultur på Recept", slug="bench")
    with scope(programme=programme):
        NudgeRule.objects.update(is_on=True, is_measured=False, mode=NudgeMode.AUTOMATIC)
    return programme


@transaction.atomic
def make_silent_referrers(programme: Programme, *, first: int, number: int) -> None:
    """Make `number` referrers with addresses counted from `first` on."""
    with scope(programme=programme):
        Referrer.objects.bulk_create(
            Referrer(
                programme=programme,
                name=f"Henviser {each}",
                name_key=name_key(f"Henviser {each}"),
                email=address(each),
                email_hash=email_hash(address(each)),
                created_at=LONG_AGO,
            )
            for each in range(first, first + number)
        )


def address(number: int) -> str:
    return f"r{number}@jobcenter.example"


def unsettled() -> bool:
    """Return whether any message is still on its way; patient while PostgreSQL recovers."""
    try:
        with scopes_disabled():
            on_their_way = [MessageState.PLANNED, MessageState.CLAIMED]
            return OutboundMessage.objects.filter(state__in=on_their_way).exists()
    except Error:
        connections.close_all()
        time.sleep(0.5)
        return True


def count_messages(programme: Programme, book: Path, now: dt.datetime) -> Count:
    """Return what became of every message, once the app's own task has asked about those that want it."""
    with scope(programme=programme):
        open_tasks_for_unsent(programme=programme, now=now)
        rows = OutboundMessage.objects.values_list("referrer__email", "participant__email", "state", "tasks")
        states = [(sent_to or own, state, task is not None) for sent_to, own, state, task in rows]
    return tally(states, arrived(book))  # read last: a mail is written down before its message is marked
