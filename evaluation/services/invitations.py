"""Asking a person for a measure: the invitation, its link, and the mail that carries it."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from core.tokens import issue_token, revoke_tokens
from evaluation.enums import Occasion
from evaluation.models import Invitation, Response
from messaging.enums import Channel
from messaging.kinds import get_kind
from messaging.models import OutboundMessage
from messaging.services import plan_message, way_to
from participants.models import Participant

LINK_PURPOSE = "questionnaire"
LINK_DAYS = 60  # long enough for a holiday, an illness and a reminder
MESSAGE_KIND = "measure_invitation"


class AlreadyAnswered(Exception):
    """The person has answered on this occasion; each occasion is measured once."""


class NoEmailAddress(Exception):
    """We have no e-mail address to send the invitation to."""


class MessagesStopped(Exception):
    """The person has asked not to be sent messages."""


@transaction.atomic
def invite_to_measure(
    *, participant: Participant, occasion: Occasion, by: User | None, now: dt.datetime
) -> tuple[Invitation, str]:
    """Return the person's invitation for the occasion and the token of its new link, which is not kept.

    There is one invitation per person and occasion. The newest link works and every earlier one stops.

    :raises AlreadyAnswered: when there is an answer, also an incomplete one.
    """
    invitation = _open_invitation(participant, occasion, by, now)
    return invitation, _new_link(invitation, now)


@transaction.atomic
def plan_measure_invitation(
    *, participant: Participant, occasion: Occasion, by: User | None, now: dt.datetime
) -> OutboundMessage:
    """Plan the mail or SMS with the link and return it; asked twice on one day, it is one message.

    :raises AlreadyAnswered: when there is an answer, also an incomplete one.
    :raises NoEmailAddress: when the person has no e-mail address, and no SMS can be sent either.
    :raises MessagesStopped: when the person wants no messages.
    """
    if way_to_invite(participant=participant) is None:
        raise NoEmailAddress
    if participant.messages_stopped_at is not None:
        raise MessagesStopped
    invitation = _open_invitation(participant, occasion, by, now)
    return plan_message(
        programme=participant.programme,
        kind=MESSAGE_KIND,
        unique_key=f"{MESSAGE_KIND}:{invitation.pk}:{localdate(now).isoformat()}",
        participant=participant,
        subject_ids={"invitation": invitation.pk},
        now=now,
    )


def way_to_invite(*, participant: Participant) -> Channel | None:
    """Return how the invitation would go, None where the person has no address that we write to."""
    kind = get_kind(MESSAGE_KIND)
    return way_to(programme=participant.programme, kind=kind, recipient=participant)


@transaction.atomic
def renew_invitation_link(*, invitation: Invitation, now: dt.datetime) -> str:
    """Return the token of a new link to the invitation; earlier links stop working.

    :raises AlreadyAnswered: when there is an answer in the meantime.
    """
    lock_participant(invitation.participant_id)
    _refuse_when_answered(invitation.participant_id, Occasion(invitation.occasion))
    return _new_link(invitation, now)


def lock_participant(participant_id: int) -> Participant:
    """Return the participant, locked: every write about their measures takes this lock first."""
    locked: Participant = (
        Participant.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme")
        .get(pk=participant_id)
    )
    return locked


def _open_invitation(
    participant: Participant, occasion: Occasion, by: User | None, now: dt.datetime
) -> Invitation:
    lock_participant(participant.pk)
    _refuse_when_answered(participant.pk, occasion)
    invitation: Invitation
    invitation, _ = Invitation.objects.get_or_create(
        programme_id=participant.programme_id,
        participant_id=participant.pk,
        occasion=occasion,
        defaults={"created_at": now, "created_by": by},
    )
    return invitation


def _refuse_when_answered(participant_id: int, occasion: Occasion) -> None:
    if Response.objects.filter(participant_id=participant_id, occasion=occasion).exists():
        raise AlreadyAnswered


def _new_link(invitation: Invitation, now: dt.datetime) -> str:
    revoke_tokens(purpose=LINK_PURPOSE, subject_id=invitation.pk, now=now)
    return issue_token(
        purpose=LINK_PURPOSE,
        programme_id=invitation.programme_id,
        subject_id=invitation.pk,
        expires_at=now + dt.timedelta(days=LINK_DAYS),
        now=now,
        single_use=True,
    )
