"""Who came to a session."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from courses.enums import ATTENDING, AttendanceState, EnrolmentState
from courses.models import Attendance, Enrolment, Session
from courses.services.locks import lock_cohort, lock_enrolments
from courses.services.refusals import NotOnCohort, SessionNotHeld
from courses.services.states import set_state
from participants.enums import Stage
from participants.services import change_stage

# The moves by which somebody who came is *active*, from where they stand.
_TO_ACTIVE: dict[str, tuple[Stage, ...]] = {
    Stage.READY: (Stage.PLACED, Stage.ACTIVE),
    Stage.PLACED: (Stage.ACTIVE,),
}


@transaction.atomic
def record_attendance(
    *,
    session: Session,
    states: Mapping[int, AttendanceState | None],
    by: User | None,
    now: dt.datetime,
) -> int:
    """Note for each enrolment id whether the person came; None takes a note away again.

    The first time a person comes their place is *started* and they are *active*; coming back ends a
    pause. A later correction changes the note alone: what has started stays started. Running it again
    changes nothing. Return how many notes changed.

    :raises NotOnCohort: when an id is not an enrolment of the session's cohort with a seat.
    :raises SessionNotHeld: when anything but an apology is noted before the session's day.
    """
    cohort = lock_cohort(session.cohort_id)
    held = localdate(session.starts_at) <= localdate(now)
    if not held and not set(states.values()) <= {AttendanceState.APOLOGISED, None}:
        raise SessionNotHeld(session)
    enrolments = lock_enrolments(cohort)
    if any(pk not in enrolments or enrolments[pk].state not in ATTENDING for pk in states):
        raise NotOnCohort
    notes = {note.enrolment_id: note for note in Attendance.objects.filter(session=session)}
    changed = {
        pk: state
        for pk, state in states.items()
        if (notes[pk].state if pk in notes else None) != (state.value if state else None)
    }
    _write(session, changed, by, now)
    for pk, enrolment in enrolments.items():
        if changed.get(pk) == AttendanceState.PRESENT:
            _has_come(enrolment, session, by, now)
    return len(changed)


def _write(
    session: Session, changed: Mapping[int, AttendanceState | None], by: User | None, now: dt.datetime
) -> None:
    taken_away = [pk for pk, state in changed.items() if state is None]
    Attendance.objects.filter(session=session, enrolment__in=taken_away).delete()
    Attendance.objects.bulk_create(
        [
            Attendance(
                programme_id=session.programme_id,
                session=session,
                enrolment_id=pk,
                state=state,
                recorded_at=now,
                recorded_by=by,
            )
            for pk, state in changed.items()
            if state is not None
        ],
        update_conflicts=True,
        unique_fields=["session", "enrolment"],
        update_fields=["state", "recorded_at", "recorded_by"],
    )


def _has_come(enrolment: Enrolment, session: Session, by: User | None, now: dt.datetime) -> None:
    person = enrolment.participant
    if enrolment.state in (EnrolmentState.OFFERED, EnrolmentState.ENROLLED):
        enrolment.started_at = session.starts_at
        set_state(enrolment, EnrolmentState.STARTED, by, now)
        for stage in _TO_ACTIVE.get(person.stage, ()):
            change_stage(participant=person, to_stage=stage, by=by, now=now)
    back = enrolment.state == EnrolmentState.STARTED and person.stage_changed_at < session.ends_at
    if back and person.stage == Stage.PAUSED:
        change_stage(participant=person, to_stage=Stage.ACTIVE, by=by, now=now)
