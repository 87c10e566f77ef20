"""Letters to the person: planned by the clock or by the coordinator."""

import datetime as dt

from django.db import transaction
from django_scopes import scope

from accounts.models import Programme, User
from messaging.kinds import get_kind
from messaging.models import OutboundMessage
from messaging.services import plan_message, way_to
from participants.enums import Stage
from participants.models import Participant
from referrals.enums import MessageKind, ReferralKind
from referrals.letters import unthanked_endings, untold_seats
from referrals.models import Referral

NOT_REACHED = (Stage.RECEIVED, Stage.CONTACTING)


class LetterNotPossible(Exception):
    """Nobody referred the person, somebody has spoken with them, or mail does not reach them."""


def plan_letters(*, now: dt.datetime) -> int:
    """Plan what each programme has to write to people who got a seat or came all the way; return how many.

    Safe to run twice and at once: the key is the seat with the moment it was given, or the end.
    """
    planned = 0
    for programme in Programme.objects.order_by("pk"):
        with scope(programme=programme):
            if programme.mail_seat:
                planned += _plan_seats(programme, now)
            if programme.mail_thanks:
                planned += _plan_thanks(programme, now)
    return planned


def _plan_seats(programme: Programme, now: dt.datetime) -> int:
    kind = get_kind(MessageKind.SEAT_GIVEN)
    seats = [
        seat
        for seat in untold_seats(now)
        if way_to(programme=programme, kind=kind, recipient=seat.participant) is not None
    ]
    for seat in seats:
        given_at = seat.state_changed_at.astimezone(dt.UTC)
        plan_message(
            programme=programme,
            kind=MessageKind.SEAT_GIVEN,
            unique_key=f"seat:{seat.pk}:{given_at:%Y%m%dT%H%M%S.%f}",
            participant=seat.participant,
            subject_ids={"enrolment": seat.pk},
            now=now,
        )
    return len(seats)


def _plan_thanks(programme: Programme, now: dt.datetime) -> int:
    endings = [ending for ending in unthanked_endings(now) if ending.participant.email]
    for ending in endings:
        plan_message(
            programme=programme,
            kind=MessageKind.THANKS,
            unique_key=f"thanks:{ending.pk}",
            participant=ending.participant,
            subject_ids={"stage_change": ending.pk},
            now=now,
        )
    return len(endings)


@transaction.atomic
def plan_first_letter(*, participant: Participant, by: User, now: dt.datetime) -> OutboundMessage:
    """Plan the letter "Vi har fået din kontakt" to somebody whom another has referred; once for a referral.

    :raises LetterNotPossible: when it makes no sense to write it.
    """
    locked: Participant = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    referral = (
        Referral.objects.filter(participant=locked).exclude(kind=ReferralKind.SELF).newest_first().first()
    )
    programme = locked.programme
    way = way_to(programme=programme, kind=get_kind(MessageKind.FIRST_LETTER), recipient=locked)
    possible = way is not None and locked.messages_stopped_at is None and locked.stage in NOT_REACHED
    if referral is None or not possible or not programme.mail_contact:
        raise LetterNotPossible
    return plan_message(
        programme=programme,
        kind=MessageKind.FIRST_LETTER,
        unique_key=f"first_letter:{referral.pk}",
        participant=locked,
        subject_ids={"referral": referral.pk},
        now=now,
    )
