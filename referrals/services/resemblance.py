"""The question whether a newcomer is somebody known already, once it has been answered."""

import datetime as dt

from accounts.models import User
from participants.models import Participant
from participants.queries import find_likely_same_as
from referrals.enums import RESEMBLES_SOMEBODY
from worklist.enums import TaskKind
from worklist.services import drop_reason


def settle_resemblance(*, participant: Participant, by: User | None, now: dt.datetime) -> bool:
    """Take the question off the call task when they resemble nobody (any more); say whether it was there."""
    if find_likely_same_as(participant):
        return False
    return drop_reason(kind=TaskKind.CALL, why=RESEMBLES_SOMEBODY, by=by, now=now, participant=participant)
