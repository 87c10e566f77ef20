"""The link to a participant's own page, and what they do there that needs more than one package."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from core.danish import add_working_days
from core.tokens import issue_token, revoke_tokens
from participants.enums import AgreementKind
from participants.models import Participant
from participants.services import withdraw_agreement
from worklist.enums import TaskKind
from worklist.services import open_task

PARTICIPANT_PAGE = "participant-page"
# Half a year: from the first talk to the bridge onwards.
LINK_DAYS = 183
NO_LONGER_REFERRED = "Har trukket sit ja til at blive henvist tilbage. Ring, og hør, hvad personen ønsker."


@transaction.atomic
def renew_participant_page_link(*, participant: Participant, now: dt.datetime) -> str:
    """Return the token of a new link to the person's own page; earlier links stop working.

    So a link that went astray, or a lost telephone, is shut out by making a new one.
    """
    Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    revoke_tokens(purpose=PARTICIPANT_PAGE, subject_id=participant.pk, now=now)
    return issue_token(
        purpose=PARTICIPANT_PAGE,
        programme_id=participant.programme_id,
        subject_id=participant.pk,
        expires_at=now + dt.timedelta(days=LINK_DAYS),
        now=now,
        single_use=False,
    )


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
