"""Registering a person and correcting what we know of them."""

import datetime as dt
from typing import Any

from django.db import transaction

from accounts.models import Programme, User
from core.danish import fold, name_key
from core.lookups import email_hash, phone_hash
from core.references import insert_with_new_reference
from participants.enums import Stage
from participants.models import Participant, StageChange

EDITABLE = (
    "given_name",
    "family_name",
    "phone",
    "email",
    "birth_year",
    "postcode",
    "language",
    "contact_wishes",
    "note",
)
KEY_LENGTH = 600  # a letter of another alphabet takes eight places in the key


@transaction.atomic
def register_participant(
    *,
    programme: Programme,
    given_name: str,
    family_name: str,
    phone: str = "",
    email: str = "",
    birth_year: int | None = None,
    postcode: str = "",
    language: str = "da",
    contact_wishes: str = "",
    by: User | None,
    now: dt.datetime,
) -> Participant:
    """Return a new participant at stage *received*; `phone` in E.164 form, `birth_year` with four digits."""
    participant = Participant(
        programme=programme,
        given_name=given_name,
        family_name=family_name,
        phone=phone,
        email=email,
        birth_year=birth_year,
        postcode=postcode,
        language=language,
        contact_wishes=contact_wishes,
        stage=Stage.RECEIVED,
        stage_changed_at=now,
        created_at=now,
    )
    _derive(participant)
    insert_with_new_reference(participant)
    StageChange.objects.create(
        programme=programme, participant=participant, to_stage=Stage.RECEIVED, at=now, by=by
    )
    return participant


@transaction.atomic
def update_participant(
    *, participant: Participant, by: User | None, now: dt.datetime, **fields: Any
) -> Participant:
    """Correct what is known of the person; look-ups and sorting follow.

    :raises TypeError: when asked to change anything but `EDITABLE`.
    """
    unknown = set(fields) - set(EDITABLE)
    if unknown:
        raise TypeError(f"Not editable: {', '.join(sorted(unknown))}.")
    locked: Participant = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    for name, value in fields.items():
        setattr(locked, name, value)
    _derive(locked)
    locked.save()
    return locked


def _derive(participant: Participant) -> None:
    participant.name_key = name_key(f"{participant.family_name} {participant.given_name}")[:KEY_LENGTH]
    participant.name_folded = fold(f"{participant.given_name} {participant.family_name}")[:KEY_LENGTH]
    participant.phone_hash = phone_hash(participant.phone or "")
    participant.email_hash = email_hash(participant.email or "")
