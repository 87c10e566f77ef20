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
