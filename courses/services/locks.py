"""The locks that every write of this package takes, in one order: cohort, participant, enrolment, task.

The cohort's row is the lock on its seats. Whoever gives, frees or counts seats holds it until the end
of the transaction, so two who want the last seat are served one after the other. The database's own
trigger (migration 0002) takes the same lock, for writers who come another way.

Of several rows of one kind the lower key comes first, and every cohort before the first participant:
two who take the same locks then wait for each other in turn, never in a circle. All locks leave the key
alone (`no_key`), so that a row which merely points to a locked one is stored meanwhile.
"""

from collections.abc import Sequence

from courses.models import Cohort, Enrolment
from participants.models import Participant


def lock_cohort(cohort_id: int) -> Cohort:
    """Return the cohort as it stands now, locked."""
    locked: Cohort = Cohort.objects.select_for_update(no_key=True).get(pk=cohort_id)
    return locked


def lock_participant(participant_id: int) -> Participant:
    """Return the participant as they stand now, locked."""
    locked: Participant = Participant.objects.select_for_update(no_key=True).get(pk=participant_id)
    return locked


def lock_enrolment(enrolment: Enrolment) -> Enrolment:
    """Return the enrolment with its cohort and participant, all three locked."""
    cohort = lock_cohort(enrolment.cohort_id)
    participant = lock_participant(enrolment.participant_id)
    locked: Enrolment = Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
    locked.cohort = cohort
    locked.participant = participant
    return locked


def lock_enrolments_of(participant: Participant, states: Sequence[str]) -> list[Enrolment]:
    """Return the person's enrolments in one of `states`, locked after all their cohorts and the person."""
    theirs = Enrolment.objects.filter(participant=participant)
    of_cohorts = theirs.filter(state__in=states).values("cohort")
    cohorts = Cohort.objects.select_for_update(no_key=True).filter(pk__in=of_cohorts).order_by("pk")
    by_id = {cohort.pk: cohort for cohort in cohorts}
    person = lock_participant(participant.pk)
    enrolments = []
    for enrolment in (
        theirs.select_for_update(no_key=True).filter(cohort__in=by_id, state__in=states).order_by("cohort_id")
    ):
        enrolment.cohort = by_id[enrolment.cohort_id]
        enrolment.participant = person
        enrolments.append(enrolment)
    return enrolments


def lock_enrolments(cohort: Cohort) -> dict[int, Enrolment]:
    """Return the enrolments of a locked cohort by id, all locked, with their participants locked first.

    They stand in the order of the participants' keys, which is the order to write to their tasks in.
    """
    people = Enrolment.objects.filter(cohort=cohort).values("participant")
    participants = Participant.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk")
    by_id = {participant.pk: participant for participant in participants}
    enrolments = {}
    locked = Enrolment.objects.select_for_update(no_key=True).filter(cohort=cohort)
    # A place that was never used stays with the record that a merge has closed: nobody stands there.
    for enrolment in locked.filter(participant__in=by_id).order_by("participant_id"):
        enrolment.cohort = cohort
        enrolment.participant = by_id[enrolment.participant_id]
        enrolments[enrolment.pk] = enrolment
    return enrolments


def seats_taken(cohort: Cohort) -> int:
    """Return how many seats are taken; true until the end of the transaction when the cohort is locked."""
    taken: int = Enrolment.objects.filter(cohort=cohort).holding_seat().count()
    return taken
