"""The places where cohorts meet."""

import datetime as dt

from django.db import IntegrityError, transaction

from accounts.models import Programme, User
from courses.models import Venue
from courses.services.refusals import NameTaken


@transaction.atomic
def create_venue(
    *, programme: Programme, name: str, address: str, directions: str, by: User | None, now: dt.datetime
) -> Venue:
    """Return the new venue.

    :raises NameTaken: when the programme has a venue of that name, in any case.
    """
    venue = Venue(programme=programme, name=name, address=address, directions=directions)
    return _save(venue)


@transaction.atomic
def update_venue(
    *, venue: Venue, name: str, address: str, directions: str, by: User | None, now: dt.datetime
) -> Venue:
    """Return the venue as corrected.

    :raises NameTaken: when another venue of the programme has the name, in any case.
    """
    locked: Venue = Venue.objects.select_for_update(no_key=True).get(pk=venue.pk)
    locked.name = name
    locked.address = address
    locked.directions = directions
    return _save(locked)


def _save(venue: Venue) -> Venue:
    same_name = Venue.objects.filter(programme_id=venue.programme_id, name__iexact=venue.name)
    taken = same_name.exclude(pk=venue.pk).first()
    if taken is not None:
        raise NameTaken(taken)
    try:
        with transaction.atomic():
            venue.save()
    except IntegrityError as error:  # somebody took the name in the meantime
        raise NameTaken(same_name.exclude(pk=venue.pk).get()) from error
    return venue
