"""Every write to users, programmes and memberships."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction

from accounts.enums import Role
from accounts.models import Membership, Programme, User


class LastAdministrator(Exception):
    """A programme keeps at least one administrator."""


@transaction.atomic
def create_user(*, email: str, name: str, password: str | None, now: dt.datetime) -> User:
    """Return the user with `email` (any case), made if missing; an existing one keeps name and password."""
    existing = User.objects.filter(email__iexact=email.strip()).first()
    if existing is not None:
        return existing
    try:
        with transaction.atomic():
            return User.objects.create_user(email=email, password=password, name=name, created_at=now)
    except IntegrityError:  # made by another request in this moment
        return User.objects.get(email__iexact=email.strip())


@transaction.atomic
def create_programme(*, administrator: User, now: dt.datetime, **fields: Any) -> Programme:
    """Return a new programme with `administrator` as its first member.

    :raises django.core.exceptions.ValidationError: when a field is wrong or the slug is taken.
    """
    programme = Programme(created_at=now, **fields)
    programme.full_clean()
    programme.save()
    set_member(programme=programme, user=administrator, role=Role.ADMINISTRATOR, by=administrator, now=now)
    return programme


@transaction.atomic
def set_member(*, programme: Programme, user: User, role: Role, by: User, now: dt.datetime) -> Membership:
    """Give `user` the one role `role` in `programme`.

    :raises LastAdministrator: when this would leave the programme without an administrator.
    """
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    membership = Membership.objects.filter(programme=programme, user=user).first()
    if membership is None:
        return Membership.objects.create(programme=programme, user=user, role=role, created_at=now)
    if membership.role == Role.ADMINISTRATOR and role != Role.ADMINISTRATOR:
        _refuse_last_administrator(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    return membership


@transaction.atomic
def remove_member(*, membership: Membership, by: User, now: dt.datetime) -> None:
    """Take the member's access away; the user's account stays.

    :raises LastAdministrator: when this would leave the programme without an administrator.
    """
    Programme.objects.select_for_update(no_key=True).get(pk=membership.programme_id)
    if membership.role == Role.ADMINISTRATOR:
        _refuse_last_administrator(membership)
    membership.delete()


def _refuse_last_administrator(membership: Membership) -> None:
    others = Membership.objects.filter(
        programme=membership.programme_id, role=Role.ADMINISTRATOR, user__is_active=True
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise LastAdministrator


@transaction.atomic
def update_programme(
    *, programme: Programme, by: User, now: dt.datetime, fields: tuple[str, ...]
) -> Programme:
    """Save `fields` of a validated `programme` alone, so that two sections may be edited at once."""
    programme.save(update_fields=list(fields))
    return programme


# --- Away ------------------------------------------------------------------------------------------


class DeputyNotPossible(Exception):
    """The chosen colleague is no other coordinator of the programme, or is away on one of the days."""


class StandsInMeanwhile(Exception):
    """Whoever wants to be away stands in for a colleague on one of the days."""


@transaction.atomic
def choose_digest(*, membership: Membership, wanted: bool, now: dt.datetime) -> Membership:
    """Switch the week's overview by mail on or off; wanted already, the first moment stands."""
    locked = Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
    locked.digest_since = (locked.digest_since or now) if wanted else None
    locked.save(update_fields=["digest_since"])
    return locked


@transaction.atomic
def name_deputy(
    *,
    membership: Membership,
    deputy: User,
    away_from: dt.date,
    away_until: dt.date,
    by: User,
    now: dt.datetime,
) -> Membership:
    """Let `deputy` stand in for the member from the first day to the last; what was arranged before ends.

    :raises DeputyNotPossible: when the colleague cannot.
    :raises StandsInMeanwhile: when somebody counts on the member then.
    """
    Programme.objects.select_for_update(no_key=True).get(pk=membership.programme_id)  # one after the other
    members = Membership.objects.filter(programme=membership.programme_id)
    then = members.filter(away_from__lte=away_until, away_until__gte=away_from)
    possible = members.at_work().filter(user=deputy).exclude(pk=membership.pk)
    if not possible.exists() or then.filter(user=deputy).exists():
        raise DeputyNotPossible
    if then.filter(deputy=membership.user_id).exists():
        raise StandsInMeanwhile
    locked = members.select_for_update(no_key=True).get(pk=membership.pk)
    locked.deputy, locked.away_from, locked.away_until = deputy, away_from, away_until
    locked.save(update_fields=["deputy", "away_from", "away_until"])
    return locked


@transaction.atomic
def end_deputy(*, membership: Membership, by: User, now: dt.datetime) -> Membership:
    """Let the member do their own work again; safe to run twice."""
    locked = Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
    locked.deputy = locked.away_from = locked.away_until = None
    locked.save(update_fields=["deputy", "away_from", "away_until"])
    return locked


@transaction.atomic
def set_holiday(
    *, programme: Programme, days: tuple[dt.date, dt.date] | None, by: User, now: dt.datetime
) -> Programme:
    """Let nobody be promised a call from the first to the last of `days`; None ends the holiday.

    What has been promised stays promised: the tasks that are open keep their days.
    """
    locked = Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    locked.holiday_from, locked.holiday_until = days or (None, None)
    locked.save(update_fields=["holiday_from", "holiday_until"])
    return locked
