"""Two people and one seat, and acts that begin at the same moment on connections of their own."""

import datetime as dt
import threading
from collections.abc import Callable

from django.db import connection
from django_scopes import scope

from accounts.models import Programme
from courses.models import Cohort, Enrolment
from participants.enums import Stage
from participants.models import Participant
from tests.factories import TODAY, make_cohort, make_participant


def last_seat(programme: Programme, today: dt.date = TODAY) -> tuple[Cohort, list[Participant]]:
    """Return a cohort with one seat left, and the two who want it."""
    cohort = make_cohort(programme, capacity=1, starts_on=today)
    return cohort, [make_participant(programme, stage=Stage.READY) for _ in range(2)]


def at_once(acts: list[Callable[[], str]]) -> list[str]:
    """Return what came of the acts, each begun at the same moment on a connection of its own."""
    together = threading.Barrier(len(acts), timeout=20)
    results: list[str] = []

    def run(act: Callable[[], str]) -> None:
        try:
            connection.ensure_connection()
            together.wait()
            results.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(results)


def seats_given(cohort: Cohort) -> int:
    with scope(programme=cohort.programme):
        return Enrolment.objects.filter(cohort=cohort).holding_seat().count()
