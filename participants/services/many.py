"""Registering many people at once, each just as `register_participant` and `give_agreement` would."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from accounts.models import Programme, User
from core.references import new_references
from participants.enums import AgreementKind, AgreementMethod, Stage
from participants.models import Agreement, Participant, StageChange
from participants.services.people import _derive

AT_A_TIME = 500


@transaction.atomic
def register_participants(
    *, programme: Programme, people: Sequence[dict[str, Any]], by: User | None, now: dt.datetime
) -> list[Participant]:
    """Return new participants at stage *received*, in the order of `people`.

    Each of `people` is what `register_participant` takes about the person.
    """
    references = new_references(Participant, len(people))
    made = [
        Participant(
            programme=programme,
            reference=reference,
            stage=Stage.RECEIVED,
            stage_changed_at=now,
            created_at=now,
            **person,
        )
        for person, reference in zip(people, references, strict=True)
    ]
    for participant in made:
        _derive(participant)
    Participant.objects.bulk_create(made, batch_size=AT_A_TIME)
    StageChange.objects.bulk_create(
        [
            StageChange(programme=programme, participant=participant, to_stage=Stage.RECEIVED, at=now, by=by)
            for participant in made
        ],
        batch_size=AT_A_TIME,
    )
    return made


def give_first_agreements(
    *,
    programme: Programme,
    given: Sequence[tuple[Participant, AgreementKind, AgreementMethod, str]],
    by: User | None,
    now: dt.datetime,
) -> None:
    """Keep what people agreed to, how, under which text, who have just been registered.

    They have agreed to nothing before, so no yes is in force already.
    """
    Agreement.objects.bulk_create(
        [
            Agreement(
                programme=programme,
                participant=participant,
                kind=kind,
                method=method,
                text_version=text_version,
                given_at=now,
                recorded_by=by,
            )
            for participant, kind, method, text_version in given
        ],
        batch_size=AT_A_TIME,
    )
