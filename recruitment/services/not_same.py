"""Two who resemble each other are told apart, and the question leaves the worklist."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from participants.models import NotSamePerson, Participant
from participants.services import note_not_same
from referrals.services import settle_resemblance


@transaction.atomic
def tell_apart(
    *, participant: Participant, other: Participant, by: User | None, now: dt.datetime
) -> NotSamePerson:
    """Note that the two are not one person; a call task that asked it of either asks no more.

    :raises SamePersonTwice: when both are the same record.
    """
    note = note_not_same(participant=participant, other=other, by=by, now=now)
    for person in sorted((participant, other), key=lambda person: person.pk):
        settle_resemblance(participant=person, by=by, now=now)
    return note
