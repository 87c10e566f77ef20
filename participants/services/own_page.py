"""The link to a participant's own page: handed over by the coordinator, or written in a message."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from core.tokens import issue_token, revoke_tokens
from participants.models import Participant

PARTICIPANT_PAGE = "participant-page"
# Half a year: from the first talk to the bridge onwards.
LINK_DAYS = 183


@transaction.atomic
def renew_participant_page_link(*, participant: Participant, now: dt.datetime) -> str:
    """Return the token of a new link to the person's own page; earlier links stop working.

    So a link that went astray, or a lost telephone, is shut out by making a new one.
    """
    Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    revoke_tokens(purpose=PARTICIPANT_PAGE, subject_id=participant.pk, now=now)
    return _issue(participant, now)


def participant_page_url(*, participant: Participant, now: dt.datetime) -> str:
    """Return a new full address of the person's own page for a message to them; earlier links go on working.

    Writes the token's hash: call it where the message is rendered, inside the claim's transaction.
    """
    token = _issue(participant, now)
    return f"{settings.SITE_URL}{reverse('recruitment:participant_page_link', args=[token])}"


def _issue(participant: Participant, now: dt.datetime) -> str:
    return issue_token(
        purpose=PARTICIPANT_PAGE,
        programme_id=participant.programme_id,
        subject_id=participant.pk,
        expires_at=now + dt.timedelta(days=LINK_DAYS),
        now=now,
        single_use=False,
    )
