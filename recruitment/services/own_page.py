"""What a participant does on their own page that needs more than one package."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from core.danish import add_working_days
from participants.enums import AgreementKind
from participants.models import Participant
from participants.services import withdraw_agreement
from worklist.enums import TaskKind
from worklist.services import open_task

NO_LONGER_REFERRED = "Har trukket sit ja til at blive henvist tilbage. Ring, og hør, hvad personen ønsker."


@transaction.atomic
def withdraw_own_agreement(*, participant: Participant, kind: AgreementKind, now: dt.datetime) -> bool:
    """End the agreement as the person wishes; return whether it was in force.

    Without the yes to being referred nobody may go on as if nothing had happened: a call is due today, or
    on the next working day.
    """
    withdrawn = withdraw_agreement(participant=participant, kind=kind, by=None, now=now)
    if withdrawn and kind == AgreementKind.REFERRED:
        open_task(
            programme=participant.programme,
            kind=TaskKind.CALL,
            why=NO_LONGER_REFERRED,
            due_on=add_working_days(localdate(now), 0),
            now=now,
            participant=participant,
        )
    return withdrawn
