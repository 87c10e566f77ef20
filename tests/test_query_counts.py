"""Lists and the overview ask the database the same number of questions, however many rows there are."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope

from core.danish import fold, name_key
from core.references import new_reference
from courses.enums import EnrolmentState
from courses.models import Cohort, Enrolment
from messaging.models import OutboundMessage
from outreach.models import Organisation, Referrer
from participants.enums import ContactOutcome, Stage
from participants.models import ContactAttempt, Participant, StageChange
from referrals.enums import NudgeState, ReferralKind
from referrals.models import Referral
from tests import factories
from tests.urlconf import routes
from worklist.models import Task

LISTS = {
    "coordinator": (
        "recruitment:dashboard",
        "recruitment:participant_list",
        "recruitment:task_list",
        "recruitment:week_plan",
        "recruitment:cohort_list",
        "recruitment:cohort_forecast",
        "recruitment:partner_list",
        "recruitment:link_list",
        "recruitment:channel_list",
        "recruitment:activity_list",
        "recruitment:what_works",
        "recruitment:interested_list",
        "recruitment:year_wheel",
        "recruitment:ready_text_list",
        "messaging:message_list",
        "referrals:arrival_list",
        "referrals:held_arrival_list",
        "referrals:nudge_rule_list",
        "referrals:nudge_proposal_list",
        "referrals:nudge_unsent_list",
        "evaluation:measure_list",
        "recruitment:statistics",
    ),
    "manager": ("recruitment:statistics", "recruitment:what_works"),
    "administrator": ("recruitment:member_list", "referrals:form_list"),
}
# The desk's lists again, searched, filtered, sorted and turned over.
FILTERED = (
    "/deltagere/?search=fyld&stage=ready&source=jobcentre&age=70-&sort=stage",
    "/deltagere/?sort=arrival&page=2",
    "/opgaver/?kind=call&when=today",
    "/opgaver/?tab=closed",
    "/beskeder/?state=planned",
    "/henvisninger/?kind=gp",
)
STAGES = [stage for stage in Stage if stage != Stage.CLOSED]


def fill(programme, count):
    """Add `count` people on their way, each with a referral, a task, an attempt, a message and a seat."""
    now = dt.datetime.now(dt.UTC)
    today = now.date()
    with scope(programme=programme):
        numbers = range(count)
        name = f"Fyld {uuid.uuid4().hex[:8]}"
        people = Participant.objects.bulk_create(
            Participant(
                programme=programme,
                reference=new_reference(),
                given_name=f"Nr {number}",
                family_name=name,
                name_key=name_key(f"{name} {number}"),
                name_folded=fold(f"{number} {name}"),
                phone=f"+4521{number:06d}",
                stage=STAGES[number % len(STAGES)],
                stage_changed_at=now,
                created_at=now,
            )
            for number in numbers
        )
        organisations = Organisation.objects.bulk_create(
            Organisation(
                programme=programme,
                name=f"{name} {number}",
                name_key=name_key(f"{name} {number}"),
                name_folded=fold(f"{name} {number}"),
                kind="gp",
                created_at=now,
            )
            for number in numbers
        )
        referrers = Referrer.objects.bulk_create(
            Referrer(
                programme=programme,
                organisation=organisation,
                name=organisation.name,
                name_key=organisation.name_key,
                created_at=now,
            )
            for organisation in organisations
        )
        cohorts = Cohort.objects.bulk_create(
            Cohort(
                programme=programme,
                name=f"{name} {number}",
                starts_on=today + dt.timedelta(days=number % 60 - 30),
                ends_on=today + dt.timedelta(days=number % 60),
                capacity=12,
                created_at=now,
            )
            for number in numbers
        )
        common = [{"programme": programme, "participant": person} for person in people]
        Referral.objects.bulk_create(
            Referral(
                referrer=referrer,
                reference=new_reference(),
                kind=ReferralKind.values[number % 3],
                submission_key=uuid.uuid4(),
                received_at=now,
                **row,
            )
            for number, (row, referrer) in enumerate(zip(common, referrers, strict=True))
        )
        Task.objects.bulk_create(Task(kind="call", due_on=today, created_at=now, **row) for row in common)
        StageChange.objects.bulk_create(StageChange(to_stage="received", at=now, **row) for row in common)
        ContactAttempt.objects.bulk_create(
            ContactAttempt(outcome=ContactOutcome.NO_ANSWER, at=now, **row) for row in common
        )
        OutboundMessage.objects.bulk_create(
            OutboundMessage(
                kind="signup_receipt", unique_key=str(uuid.uuid4()), planned_at=now, send_after=now, **row
            )
            for row in common
        )
        Enrolment.objects.bulk_create(
            Enrolment(
                cohort=cohort,
                state=EnrolmentState.ENROLLED,
                state_changed_at=now,
                created_at=now,
                **row,
            )
            for row, cohort in zip(common, cohorts, strict=True)
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as PostgreSQL does by itself soon after so many rows
    for _ in range(min(count, 30)):
        factories.make_held_arrival(programme)
        factories.make_nudge(programme)
        factories.make_nudge(programme, state=NudgeState.DROPPED, dropped_because="Fordi.")
        factories.make_user(programme)


@pytest.fixture
def browsers(client_for, coordinator, manager, administrator):
    users = {"coordinator": coordinator, "manager": manager, "administrator": administrator}
    return {role: client_for(user) for role, user in users.items()}


def questions(browsers):
    pages = [(role, reverse(name)) for role, names in LISTS.items() for name in names]
    pages += [("coordinator", url) for url in FILTERED]
    counts = {}
    for role, url in pages:
        with CaptureQueriesContext(connection) as asked:
            response = browsers[role].get(url)
        assert response.status_code == 200, url
        counts[f"{role} {url}"] = len(asked)
    return counts


def test_lists_take_the_same_queries_with_1_30_and_3000_rows_of_each_stage(browsers, programme):
    fill(programme, len(STAGES))  # one at each stage: a section without a single row asks less
    questions(browsers)  # what is asked once and kept
    one = questions(browsers)
    fill(programme, 30)
    thirty = questions(browsers)
    fill(programme, 3000)
    three_thousand = questions(browsers)
    assert one == thirty == three_thousand
    assert max(one.values()) <= 30


def test_lists_of_ours_are_all_counted():
    """A new list fails here until it is counted above."""
    lists = {
        route.name
        for route in routes()
        if route.permission is not None and route.name.endswith("_list") and not route.parameters
    }
    assert lists - {"recruitment:venue_list"} <= {name for names in LISTS.values() for name in names}


def test_lists_that_ask_once_per_row_would_be_found(programme):
    """The control: a naive list asks more with more rows."""

    def naive():
        with scope(programme=programme), CaptureQueriesContext(connection) as asked:
            assert [task.participant.full_name for task in Task.objects.open()]
        return len(asked)

    fill(programme, 1)
    one = naive()
    fill(programme, 2)
    assert naive() == one + 2
