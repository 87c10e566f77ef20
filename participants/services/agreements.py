"""What a citizen agrees to, and withdraws as easily."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from participants.enums import AgreementKind, AgreementMethod
from participants.models import Agreement, Participant


@transaction.atomic
def give_agreement(
    *,
    participant: Participant,
    kind: AgreementKind,
    method: AgreementMethod,
    text_version: str,
    by: User | None,
    now: dt.datetime,
) -> Agreement:
    """Return the agreement in force; a second yes to the same thing keeps the first."""
    Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    in_force: Agreement | None = Agreement.objects.filter(
        participant=participant, kind=kind, withdrawn_at=None
    ).first()
    if in_force is not None:
        return in_force
    given: Agreement = Agreement.objects.create(
        programme_id=participant.programme_id,
        participant=participant,
        kind=kind,
        method=method,
        text_version=text_version,
        given_at=now,
        recorded_by=by,
    )
    return given


@transaction.atomic
def withdraw_agreement(
    *, participant: Participant, kind: AgreementKind, by: User | None, now: dt.datetime
) -> bool:
    """End the agreement in force from `now` on; return whether there was one.

    Without `by` the citizen withdrew it themselves, on their own page.
    """
    ended = Agreement.objects.filter(participant=participant, kind=kind, withdrawn_at=None).update(
        withdrawn_at=now, withdrawn_by=by
    )
    return bool(ended)
