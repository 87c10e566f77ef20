"""Setting up a programme with all it starts with."""

import datetime as dt
from typing import Any

from django.db import transaction
from django_scopes import scope

from accounts.models import Programme, User
from accounts.services import create_programme
from outreach.services import create_starting_channels
from referrals.services import create_ready_rules


@transaction.atomic
def set_up_programme(*, administrator: User, now: dt.datetime, **fields: Any) -> Programme:
    """Return a new programme with an administrator, the catalogue of ways out and the rules of reminders.

    :raises django.core.exceptions.ValidationError: when a field is wrong or the slug is taken.
    """
    programme = create_programme(administrator=administrator, now=now, **fields)
    with scope(programme=programme):
        create_starting_channels(programme=programme, now=now)
        create_ready_rules(programme=programme, now=now)
    return programme
