"""A person says that they cannot come to a session, and that they can after all."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from courses.enums import AttendanceState
from courses.models import Attendance, Enrolment, Session
from courses.services.attendance import record_attendance
from courses.services.locks import lock_cohort
from courses.services.refusals import ApologyNotPossible
from participants.models import Participant


@transaction.atomic
def apologise(*, participant: Participant, session: Session, by: User | None, now: dt.datetime) -> bool:
    """Note that the person cannot come; return whether that is news. The seat stays theirs.

    :raises ApologyNotPossible: see `_place_of`.
    """
    place = _place_of(participant, session, now)
    states = {place.pk: AttendanceState.APOLOGISED}
    return bool(record_attendance(session=session, states=states, by=by, now=now))


@transaction.atomic
def take_back_apology(
    *, participant: Participant, session: Session, by: User | None, now: dt.datetime
) -> bool:
    """Take the apology away again, whoever noted it; return whether there was one.

    :raises ApologyNotPossible: see `_place_of`.
    """
    place = _place_of(participant, session, now)
    return bool(record_attendance(session=session, states={place.pk: None}, by=by, now=now))


def _place_of(participant: Participant, session: Session, now: dt.datetime) -> Enrolment:
    """Return the person's current place in the session's cohort, which is locked until the end.

    :raises ApologyNotPossible: without such a place, when the session has ended or its cohort is
        cancelled, and when the coordinator has already noted who came.
    """
    cohort = lock_cohort(session.cohort_id)
    place: Enrolment | None = (
        Enrolment.objects.current().filter(cohort=cohort, participant=participant).first()
    )
    to_come = Session.objects.filter(pk=session.pk, ends_at__gt=now).exists()
    noted = Attendance.objects.filter(session=session, enrolment=place).exclude(
        state=AttendanceState.APOLOGISED
    )
    if place is None or cohort.cancelled_at or not to_come or noted.exists():
        raise ApologyNotPossible(session)
    return place
