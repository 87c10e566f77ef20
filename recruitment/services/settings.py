"""A programme's settings, and the forms that show them."""

import datetime as dt

from django.db import transaction

from accounts.models import Programme, User
from accounts.services import update_programme
from referrals.services import keep_versions


@transaction.atomic
def save_settings(*, programme: Programme, by: User, now: dt.datetime, fields: tuple[str, ...]) -> Programme:
    """Save `fields` of a validated `programme`; forms that show a changed text become new versions.

    What stands open at somebody's desk is kept first, so that it is answered as it was read.
    """
    keep_versions(programme=Programme.objects.get(pk=programme.pk), now=now)
    saved = update_programme(programme=programme, by=by, now=now, fields=fields)
    keep_versions(programme=saved, now=now, by=by)
    return saved
