"""Two who resemble each other and are not one person: noted, so that nobody is asked again."""

import datetime as dt

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from participants.models import NotSamePerson, Participant


class SamePersonTwice(Exception):
    """A person cannot be told apart from themselves."""


@transaction.atomic
def note_not_same(
    *, participant: Participant, other: Participant, by: User | None, now: dt.datetime
) -> NotSamePerson:
    """Return the note that the two are not one person; said twice, and by either name first, it is one.

    :raises SamePersonTwice: when both are the same record.
    """
    first, second = _lock_pair(participant, other)
    pair = {"one": first, "other": second, "ended_at": None}
    note: NotSamePerson | None = NotSamePerson.objects.filter(**pair).first()
    if note is not None:
        return note
    noted: NotSamePerson = NotSamePerson.objects.create(
        programme_id=first.programme_id, **pair, noted_at=now, noted_by=by
    )
    return noted


@transaction.atomic
def take_back_not_same(
    *, participant: Participant, other: Participant, by: User | None, now: dt.datetime
) -> bool:
    """Ask again whether the two are one person; return whether it had been answered.

    :raises SamePersonTwice: when both are the same record.
    """
    first, second = _lock_pair(participant, other)
    noted = NotSamePerson.objects.filter(one=first, other=second, ended_at=None)
    return bool(noted.update(ended_at=now, ended_by=by))


def forget_not_same(*, participant: Participant, now: dt.datetime) -> int:
    """End every such note about the person, of whom something else is known now; return how many."""
    about = NotSamePerson.objects.filter(Q(one=participant) | Q(other=participant), ended_at=None)
    return int(about.update(ended_at=now))


def _lock_pair(participant: Participant, other: Participant) -> tuple[Participant, Participant]:
    """Return both as they stand now, locked, the lower key first."""
    if participant.pk == other.pk:
        raise SamePersonTwice
    keys = sorted((participant.pk, other.pk))
    rows = Participant.objects.select_for_update(no_key=True)
    first, second = (rows.get(pk=key) for key in keys)
    return first, second
