"""People whom a referrer sent, on their way along the path by the services that move them."""

import datetime as dt
from typing import Any

from accounts.models import Programme
from outreach.models import Referrer
from participants.enums import AgreementKind, AgreementMethod, ContactMethod, ContactOutcome, Outcome, Stage
from participants.models import Participant
from participants.services import change_stage, give_agreement, record_contact_attempt
from referrals.models import Referral
from tests.factories import NOW, make_participant, make_referral

HOUR = dt.timedelta(hours=1)
# What happens one after the other; each is an hour after the one before.
PATH = (Stage.CONVERSATION, Stage.READY, Stage.PLACED, Stage.ACTIVE)


def refer_with_a_yes(programme: Programme, referrer: Referrer, **fields: Any) -> Referral:
    """Return a referral of somebody who agreed, with it, that this referrer hears how it goes."""
    at = fields.pop("received_at", NOW)
    participant = fields.pop("participant", None) or make_participant(programme, created_at=at)
    referral = make_referral(
        programme,
        participant=participant,
        referrer=referrer,
        feedback_allowed=True,
        received_at=at,
        **fields,
    )
    say_yes(participant, at)
    return referral


def say_yes(participant: Participant, at: dt.datetime, kind: AgreementKind = AgreementKind.FEEDBACK) -> None:
    give_agreement(
        participant=participant, kind=kind, method=AgreementMethod.FORM, text_version="1", by=None, now=at
    )


def reach(participant: Participant, at: dt.datetime) -> None:
    """Ring, and talk with the person."""
    record_contact_attempt(
        participant=participant, method=ContactMethod.PHONE, outcome=ContactOutcome.REACHED, by=None, now=at
    )


def walk_to(participant: Participant, stage: Stage, start: dt.datetime) -> dt.datetime:
    """Let the person get as far as `stage`; return the moment of the last step."""
    participant.refresh_from_db()
    at = start
    if participant.stage in (Stage.RECEIVED, Stage.CONTACTING):
        at += HOUR
        reach(participant, at)
    order = list(PATH)
    for step in order[order.index(Stage(participant.stage)) + 1 : order.index(stage) + 1]:
        at += HOUR
        change_stage(participant=participant, to_stage=step, by=None, now=at)
    return at


def close(participant: Participant, outcome: Outcome, at: dt.datetime) -> None:
    change_stage(participant=participant, to_stage=Stage.CLOSED, outcome=outcome, by=None, now=at)
