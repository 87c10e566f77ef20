"""Registering a person and correcting what we know of them."""

import datetime as dt
import json
from typing import Any

from django.db import transaction

from accounts.models import Programme, User
from core.danish import fold, name_key
from core.lookups import email_hash, phone_hash
from core.references import insert_with_new_reference
from participants.enums import Stage
from participants.models import Correction, Participant, StageChange
from participants.services.not_same import forget_not_same

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
# What tells whether two are one person; a change of it asks the question anew.
RECOGNISED_BY = {"given_name", "family_name", "phone", "email"}
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
    """Correct what is known of the person and keep what it was; look-ups and sorting follow.

    What was noted of those they are not is asked anew when they get another name or contact. Without
    `by` the person did it themselves, or a form filled a gap.

    :raises TypeError: when asked to change anything but `EDITABLE`.
    """
    unknown = set(fields) - set(EDITABLE)
    if unknown:
        raise TypeError(f"Not editable: {', '.join(sorted(unknown))}.")
    locked: Participant = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    former = {name: getattr(locked, name) for name, value in fields.items() if getattr(locked, name) != value}
    if not former:
        return locked
    for name, value in fields.items():
        setattr(locked, name, value)
    _derive(locked)
    locked.save()
    Correction.objects.create(
        programme_id=locked.programme_id,
        participant=locked,
        former=json.dumps(former, ensure_ascii=False),
        at=now,
        by=by,
    )
    if former.keys() & RECOGNISED_BY:
        forget_not_same(participant=locked, now=now)
    return locked


def _derive(participant: Participant) -> None:
    participant.name_key = name_key(f"{participant.family_name} {participant.given_name}")[:KEY_LENGTH]
    participant.name_folded = fold(f"{participant.given_name} {participant.family_name}")[:KEY_LENGTH]
    participant.phone_hash = phone_hash(participant.phone or "")
    participant.email_hash = email_hash(participant.email or "")
