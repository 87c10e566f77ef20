"""The one place where an enrolment's state is written; the callers hold the locks and know the rules."""

import datetime as dt

from accounts.models import User
from courses.enums import EnrolmentState
from courses.models import Cohort, Enrolment
from participants.models import Participant


def new_enrolment(cohort: Cohort, participant: Participant, now: dt.datetime) -> Enrolment:
    """Return an unsaved enrolment of the person in the cohort."""
    return Enrolment(programme_id=cohort.programme_id, cohort=cohort, participant=participant, created_at=now)


def set_state(enrolment: Enrolment, state: EnrolmentState, by: User | None, now: dt.datetime) -> Enrolment:
    """Save the enrolment with its new state, when, and by whom."""
    enrolment.state = state
    enrolment.state_changed_at = now
    enrolment.state_changed_by = by
    if state == EnrolmentState.COMPLETED:
        enrolment.completed_at = now
    enrolment.save()
    return enrolment
