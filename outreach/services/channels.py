"""Every write to the ways out."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import Programme, User
from core.danish import name_key
from outreach.catalogue import STARTING_CHANNELS
from outreach.enums import Arena, Strategy
from outreach.models import Channel, Organisation, Referrer
from outreach.services.partners import KEY_LENGTH, refuse_unknown

EDITABLE_OF_CHANNEL = ("name", "arena", "strategy", "organisation", "referrer", "is_active")


class ChannelNameTaken(Exception):
    """The programme has a way out of that name, however it is spelled."""


@transaction.atomic
def create_starting_channels(*, programme: Programme, now: dt.datetime) -> int:
    """Give the programme the catalogue of ways out; return how many were new.

    Safe to run again: what the programme has, renamed or out of use as it may be, stays as it is, and a
    programme that has any way out is given none: what was renamed would come back under its old name.
    """
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)  # a second run waits
    if Channel.objects.filter(programme=programme).exists():
        return 0
    rows = [
        Channel(
            programme=programme,
            name=name,
            name_key=name_key(name)[:KEY_LENGTH],
            arena=arena,
            strategy=strategy,
            created_at=now,
        )
        for arena, channels in STARTING_CHANNELS.items()
        for name, strategy in channels
    ]
    return len(Channel.objects.bulk_create(rows))


@transaction.atomic
def create_channel(
    *,
    programme: Programme,
    name: str,
    arena: Arena,
    strategy: Strategy,
    organisation: Organisation | None = None,
    referrer: Referrer | None = None,
    is_active: bool = True,
    by: User | None,
    now: dt.datetime,
) -> Channel:
    """Return a new way out.

    :raises ChannelNameTaken: when the programme has one of that name.
    """
    return _save(
        Channel(
            programme=programme,
            name=name,
            arena=arena,
            strategy=strategy,
            organisation=organisation,
            referrer=referrer,
            is_active=is_active,
            created_at=now,
        )
    )


@transaction.atomic
def update_channel(*, channel: Channel, by: User | None, now: dt.datetime, **fields: Any) -> Channel:
    """Correct the way out, who holds it, or whether it is in use.

    :raises ChannelNameTaken: when another way out of the programme has that name.
    :raises TypeError: when asked to change anything but `EDITABLE_OF_CHANNEL`.
    """
    refuse_unknown(fields, EDITABLE_OF_CHANNEL)
    locked: Channel = Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)
    for name, value in fields.items():
        setattr(locked, name, value)
    return _save(locked)


def _save(channel: Channel) -> Channel:
    channel.name_key = name_key(channel.name)[:KEY_LENGTH]
    try:
        with transaction.atomic():
            channel.save()
    except IntegrityError as error:
        raise ChannelNameTaken from error
    return channel
