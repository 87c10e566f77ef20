"""What the tests of the desk share: a programme filled with any number of rows, and counted queries."""

import datetime as dt
import uuid

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from accounts.models import Programme
from core.danish import fold, name_key
from courses.enums import EnrolmentState
from courses.models import Enrolment
from participants.enums import ContactOutcome, Stage
from participants.models import ContactAttempt, Participant, StageChange
from referrals.enums import ReferralKind
from referrals.models import Referral
from tests.factories import make_cohort, make_referrer
from worklist.enums import TaskKind, TaskState
from worklist.models import Task


def fill(programme: Programme, rows: int, now: dt.datetime) -> list[Participant]:
    """Make `rows` participants, each with a referral, an attempt, a move, a task and a place in a cohort."""
    with scope(programme=programme):
        people = [_person(programme, number, now) for number in range(rows)]
        Participant.objects.bulk_create(people)
        plain = [{"programme": programme, "participant": person} for person in people]
        referrer = make_referrer(programme)
        Referral.objects.bulk_create(
            Referral(
                **about,
                reference=f"R-{about['participant'].pk}",
                kind=ReferralKind.JOBCENTRE,
                referrer=referrer,
                submission_key=uuid.uuid4(),
                received_at=now,
            )
            for about in plain
        )
        StageChange.objects.bulk_create(
            StageChange(**about, from_stage=Stage.CONVERSATION, to_stage=Stage.READY, at=now)
            for about in plain
        )
        ContactAttempt.objects.bulk_create(
            ContactAttempt(**about, outcome=ContactOutcome.REACHED, at=now) for about in plain
        )
        Task.objects.bulk_create(
            Task(**about, kind=TaskKind.CALL, why="Ring.", due_on=now.date(), created_at=now)
            for about in plain[::2]  # the others have no next step
        )
        Task.objects.bulk_create(
            Task(
                **about,
                kind=TaskKind.PLACE,
                state=TaskState.DONE,
                due_on=now.date(),
                created_at=now,
                closed_at=now,
            )
            for about in plain
        )
        cohort = make_cohort(programme, name=f"Hold med {rows}", capacity=max(rows, 1) % 60 + 1)
        Enrolment.objects.bulk_create(
            Enrolment(
                **about,
                cohort=cohort,
                state=EnrolmentState.WAITING,
                state_changed_at=now,
                created_at=now,
            )
            for about in plain
        )
    return people


def _person(programme: Programme, number: int, now: dt.datetime) -> Participant:
    family_name = f"Sørensen {number}"
    return Participant(
        programme=programme,
        reference=f"P{programme.pk}-{number}",
        given_name="Anna",
        family_name=family_name,
        name_key=name_key(f"{family_name} Anna"),
        name_folded=fold(f"Anna {family_name}"),
        birth_year=1950 + number % 50,
        stage=(Stage.READY, Stage.CONVERSATION)[number % 2],
        stage_changed_at=now,
        created_at=now,
    )


def queries_of(client: Client, address: str) -> int:
    """Return how many SQL queries the page takes."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200
    return len(captured)
