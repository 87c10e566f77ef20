"""The locks that every write of this package takes, in one order: cohort, participant, enrolment, task.

The cohort's row is the lock on its seats. Whoever gives, frees or counts seats holds it until the end
of the transaction, so two who want the last seat are served one after the other. The database's own
trigger (migration 0002) takes the same lock, for writers who come another way.
"""

from courses.models import Cohort, Enrolment
from participants.models import Participant


def lock_cohort(cohort_id: int) -> Cohort:
    """Return the cohort as it stands now, locked."""
    locked: Cohort = Cohort.objects.select_for_update(no_key=True).get(pk=cohort_id)
    return locked


def lock_participant(participant_id: int) -> Participant:
    """Return the participant as they stand now, locked."""
    locked: Participant = Participant.objects.select_for_update().get(pk=participant_id)
    return locked


def lock_enrolment(enrolment: Enrolment) -> Enrolment:
    """Return the enrolment with its cohort and participant, all three locked."""
    cohort = lock_cohort(enrolment.cohort_id)
    participant = lock_participant(enrolment.participant_id)
    locked: Enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    locked.cohort = cohort
    locked.participant = participant
    return locked


def lock_enrolments(cohort: Cohort) -> dict[int, Enrolment]:
    """Return the enrolments of a locked cohort by id, all locked, with their participants locked first."""
    people = Enrolment.objects.filter(cohort=cohort).values("participant")
    participants = Participant.objects.select_for_update().filter(pk__in=people).order_by("pk")
    by_id = {participant.pk: participant for participant in participants}
    enrolments = {}
    for enrolment in Enrolment.objects.select_for_update().filter(cohort=cohort).order_by("pk"):
        enrolment.cohort = cohort
        enrolment.participant = by_id[enrolment.participant_id]
        enrolments[enrolment.pk] = enrolment
    return enrolments


def seats_taken(cohort: Cohort) -> int:
    """Return how many seats are taken; true until the end of the transaction when the cohort is locked."""
    taken: int = Enrolment.objects.filter(cohort=cohort).holding_seat().count()
    return taken
