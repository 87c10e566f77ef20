"""What the coordinator decides about reminders that a rule has proposed."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from accounts.models import Programme, User
from messaging.doorbell import ringing_once
from referrals.enums import NudgeState
from referrals.models import Nudge
from referrals.services.nudges import drop, plan

CHOSEN_AWAY = "Valgt fra på listen."


class NudgeHasMovedOn(Exception):
    """The reminder is no longer proposed: somebody has decided, or it has lapsed."""


def approve_nudges(*, programme: Programme, nudges: Iterable[int], by: User, now: dt.datetime) -> int:
    """Plan those of `nudges` (their keys) that are still proposed; return how many that were."""
    with ringing_once(), transaction.atomic():
        proposed = (
            Nudge.objects.select_for_update(no_key=True, of=("self",))
            .select_related("referrer", "programme")
            .filter(programme=programme, pk__in=list(nudges), state=NudgeState.PROPOSED)
            .order_by("pk")
        )
        approved = list(proposed)
        for nudge in approved:
            plan(nudge, by=by, now=now)
    return len(approved)


@transaction.atomic
def reword_nudge(*, nudge: Nudge, subject: str, body: str, by: User, now: dt.datetime) -> Nudge:
    """Give one proposed reminder words of its own.

    :raises NudgeHasMovedOn: when it is no longer proposed.
    """
    locked = _proposed(nudge)
    locked.subject, locked.body = subject, body
    locked.save(update_fields=["subject", "body"])
    return locked


@transaction.atomic
def drop_nudge(*, nudge: Nudge, by: User, now: dt.datetime) -> Nudge:
    """Choose a proposed reminder away.

    :raises NudgeHasMovedOn: when it is no longer proposed.
    """
    locked = _proposed(nudge)
    drop(locked, CHOSEN_AWAY, by=by, now=now)
    return locked


def _proposed(nudge: Nudge) -> Nudge:
    locked: Nudge = Nudge.objects.select_for_update(no_key=True).get(pk=nudge.pk)
    if locked.state != NudgeState.PROPOSED:
        raise NudgeHasMovedOn
    return locked
