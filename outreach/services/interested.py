"""Every write to people who have shown interest: written up, told to stop, come after all, forgotten."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django_scopes import scope

from accounts.models import Programme, User
from core.danish import fold, name_key
from core.lookups import email_hash, phone_hash
from outreach.enums import InterestAgreed
from outreach.interest_texts import AGREEMENT_LASTS, CURRENT
from outreach.models import InterestedPerson
from outreach.services.partners import KEY_LENGTH

ORIGINS = ("tracked_link", "activity", "channel", "organisation")


class InterestEnded(Exception):
    """The person has come, was forgotten, or is held: there is nothing to do with them here."""


@transaction.atomic
def add_interested(
    *,
    programme: Programme,
    name: str,
    phone: str = "",
    email: str = "",
    note: str = "",
    language: str = "da",
    agreed_how: InterestAgreed,
    agreement_text: str = CURRENT,
    submission_key: uuid.UUID,
    held_reasons: Sequence[str] = (),
    by: User | None,
    now: dt.datetime,
    **origin: Any,
) -> InterestedPerson:
    """Return the person written up: one, however often the same is sent; `phone` in E.164 form.

    Whom a colleague writes up and who stands there already, by name and contact, has said yes anew, and
    keeps the place where we met first. What a public form sends is kept as it is, the same work for
    whoever is known and whoever is not; `join_twins` sees to the rest. With `held_reasons` the person
    waits until a colleague has looked. `origin` is one of `ORIGINS`, or nothing.

    :raises TypeError: when asked to keep another origin than `ORIGINS`.
    """
    if unknown := set(origin) - set(ORIGINS):
        raise TypeError(f"No origin: {', '.join(sorted(unknown))}.")
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)  # the second press waits
    sent_before: InterestedPerson | None = InterestedPerson.objects.filter(
        submission_key=submission_key
    ).first()
    if sent_before is not None:
        return sent_before
    person = InterestedPerson(
        programme=programme,
        name=name,
        name_key=name_key(name)[:KEY_LENGTH],
        phone=phone,
        phone_hash=phone_hash(phone),
        email=email,
        email_hash=email_hash(email),
        note=note,
        language=language,
        agreed_at=now,
        agreed_how=agreed_how,
        agreement_text=agreement_text,
        submission_key=submission_key,
        held_reasons=", ".join(held_reasons)[:200],
        created_at=now,
        created_by=by,
        **origin,
    )
    known = None if held_reasons or by is None else _written_up_before(person)
    if known is not None:
        return _said_yes_again(known, person, by)
    person.save(force_insert=True)
    return person


def _written_up_before(person: InterestedPerson) -> InterestedPerson | None:
    """Return whoever has the same number or address and the same first name: a household shares a number."""
    same_contact = Q()
    for field in ("phone_hash", "email_hash"):
        if getattr(person, field):
            same_contact |= Q(**{field: getattr(person, field)})
    waiting = InterestedPerson.objects.filter(
        same_contact, held_reasons="", turned_at=None, forgotten_at=None
    )
    found = waiting.select_for_update(no_key=True).order_by("pk")
    return next((one for one in found if _first_name(one) == _first_name(person)), None)


def _first_name(person: InterestedPerson) -> str:
    return next(iter(fold(person.name).split()), "")


def _said_yes_again(known: InterestedPerson, said: InterestedPerson, by: User | None) -> InterestedPerson:
    """Let the later yes stand. A no is lifted by a colleague alone, who has heard it: anybody may fill in a
    form, so of that we only remember that it came."""
    if known.stopped_at is not None and by is None:
        known.asked_again_at = said.agreed_at
        known.save(update_fields=["asked_again_at"])
        return known
    known.agreed_at = said.agreed_at
    known.agreed_how, known.agreement_text = said.agreed_how, said.agreement_text
    known.stopped_at = known.asked_again_at = None
    if by is not None:  # another number or address is taken over from a colleague's hand alone
        for field in ("phone", "phone_hash", "email", "email_hash"):
            setattr(known, field, getattr(known, field) or getattr(said, field))
        known.note = "\n".join(line for line in (known.note, said.note) if line)
    known.save()
    return known


@transaction.atomic
def join_twins(*, programme: Programme, now: dt.datetime) -> int:
    """Let those who wrote themselves up although they stood there be one again; return how many.

    Runs inside the programme's scope, after the answer to the form and before anybody is written to.
    """
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    waiting = InterestedPerson.objects.filter(held_reasons="", turned_at=None, forgotten_at=None)
    first: dict[tuple[str, str], int] = {}
    joined = 0
    for person in waiting.only("pk", "name", "phone_hash", "email_hash", "created_by").order_by("pk"):
        keys = [(one, _first_name(person)) for one in (person.phone_hash, person.email_hash) if one]
        earlier = next((first[key] for key in keys if key in first), None)
        if earlier is not None and person.created_by_id is None:
            said = InterestedPerson.objects.get(pk=person.pk)
            _said_yes_again(InterestedPerson.objects.get(pk=earlier), said, None)
            said.delete()
            joined += 1
            continue
        for key in keys:
            first.setdefault(key, person.pk)
    return joined


# --- Yes and no ------------------------------------------------------------------------------------


@transaction.atomic
def stop_interest(*, person: InterestedPerson, by: User | None, now: dt.datetime) -> InterestedPerson:
    """Contact the person no more; the first time stands. Without `by` they said so themselves."""
    locked = _lock(person)
    if locked.stopped_at is None:
        locked.stopped_at = now
        locked.asked_again_at = None
        locked.save(update_fields=["stopped_at", "asked_again_at"])
    return locked


@transaction.atomic
def resume_interest(*, person: InterestedPerson, by: User, now: dt.datetime) -> InterestedPerson:
    """Note that the person has told a colleague yes again.

    :raises InterestEnded: when they have come, or were forgotten.
    """
    locked = _lock(person)
    if locked.turned_at or locked.forgotten_at:
        raise InterestEnded
    if locked.stopped_at is not None:
        locked.stopped_at = locked.asked_again_at = None
        locked.agreed_at, locked.agreed_how, locked.agreement_text = now, InterestAgreed.PHONE, CURRENT
        locked.save()
    return locked


@transaction.atomic
def release_interested(*, person: InterestedPerson, by: User, now: dt.datetime) -> InterestedPerson:
    """Take in somebody whose form looked like spam; taken in before, nothing changes."""
    locked = _lock(person)
    locked.held_reasons = ""
    locked.save(update_fields=["held_reasons"])
    return locked


@transaction.atomic
def discard_interested(*, person: InterestedPerson, by: User, now: dt.datetime) -> None:
    """Delete what a colleague has seen to be spam.

    :raises InterestEnded: when somebody has taken the person in meanwhile.
    """
    held = InterestedPerson.objects.select_for_update(no_key=True).filter(pk=person.pk).first()
    if held is None:
        return
    if not held.held_reasons:
        raise InterestEnded
    held.delete()


def mark_turned(*, person: InterestedPerson, now: dt.datetime) -> None:
    """Note that the person has become an arrival; the first time stands."""
    InterestedPerson.objects.filter(pk=person.pk, turned_at=None).update(turned_at=now)


def _lock(person: InterestedPerson) -> InterestedPerson:
    locked: InterestedPerson = InterestedPerson.objects.select_for_update(no_key=True).get(pk=person.pk)
    return locked


# --- Forgetting ------------------------------------------------------------------------------------

FORGOTTEN = {
    "name": "",
    "name_key": "",
    "phone": "",
    "phone_hash": "",
    "email": "",
    "email_hash": "",
    "note": "",
}


def forget_rows(rows: QuerySet[InterestedPerson], *, now: dt.datetime) -> int:
    """Forget who these people are; who came stays as a number with its origin, the others are deleted."""
    came = rows.filter(turned_at__isnull=False).update(**FORGOTTEN, forgotten_at=now)
    gone, _ = rows.filter(turned_at=None).delete()
    return came + gone


def join_twins_of_all(*, now: dt.datetime) -> int:
    """Join the twins of every programme; return how many there were."""
    joined = 0
    for programme in Programme.objects.order_by("pk"):
        with scope(programme=programme):
            joined += join_twins(programme=programme, now=now)
    return joined


def forget_old_interest(*, now: dt.datetime) -> int:
    """Forget everybody whose yes is too old to be used, in every programme; return how many rows.

    A no is kept as long as the yes would have been, so that a list typed in again does not undo it.
    """
    forgotten = 0
    for programme in Programme.objects.order_by("pk"):
        with scope(programme=programme), transaction.atomic():
            old = InterestedPerson.objects.filter(agreed_at__lte=now - AGREEMENT_LASTS, forgotten_at=None)
            forgotten += forget_rows(old, now=now)
    return forgotten
