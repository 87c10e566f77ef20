"""What is read about arrivals, the public facts and a referrer's own page."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Programme, User
from outreach.enums import OrganisationKind
from participants.enums import AgreementKind, AgreementMethod, Stage
from participants.models import Participant
from participants.services import give_agreement, withdraw_agreement
from referrals.enums import ReferralKind, ReferralStatus
from referrals.queries import STATUS_OF_STAGE, arrivals, held_arrivals, public_facts, referrer_overview
from tests.factories import (
    TODAY,
    make_cohort,
    make_enrolment,
    make_organisation,
    make_participant,
    make_programme,
    make_referral,
    make_referrer,
    make_venue,
)


def test_every_stage_has_a_coarse_status() -> None:
    assert set(STATUS_OF_STAGE) == set(Stage)


def test_public_facts_name_the_first_cohort_with_a_free_seat(in_scope: Programme) -> None:
    full = make_cohort(in_scope, starts_on=TODAY + dt.timedelta(days=7), capacity=1)
    make_enrolment(full)
    free = make_cohort(in_scope, starts_on=TODAY + dt.timedelta(days=30), capacity=3)
    make_enrolment(free)
    venue = make_venue(in_scope)
    make_venue(make_programme())

    facts = public_facts(in_scope, TODAY)

    assert facts.next_cohort is not None
    assert (facts.next_cohort.cohort, facts.next_cohort.seats_left) == (free, 2)
    assert facts.venues == [venue]


def test_arrivals_come_newest_first_and_are_filtered(in_scope: Programme, now: dt.datetime) -> None:
    old = make_referral(in_scope, received_at=now - dt.timedelta(days=60), kind=ReferralKind.GP)
    new = make_referral(in_scope, received_at=now, kind=ReferralKind.SELF)
    make_referral(make_programme())

    assert list(arrivals(programme=in_scope)) == [new, old]
    assert list(arrivals(programme=in_scope, kind=ReferralKind.GP)) == [old]
    assert list(arrivals(programme=in_scope, since=TODAY - dt.timedelta(days=30))) == [new]


def test_arrivals_since_a_day_begin_at_danish_midnight(in_scope: Programme) -> None:
    before = dt.datetime(2026, 3, 9, 22, 59, tzinfo=dt.UTC)  # 23.59 in Denmark
    make_referral(in_scope, received_at=before)
    first = make_referral(in_scope, received_at=before + dt.timedelta(minutes=1))

    assert list(arrivals(programme=in_scope, since=dt.date(2026, 3, 10))) == [first]


def test_held_arrivals_of_another_programme_are_not_ours(in_scope: Programme) -> None:
    assert list(held_arrivals(in_scope)) == []


@pytest.mark.parametrize(
    ("stage", "status"),
    [
        (Stage.RECEIVED, ReferralStatus.RECEIVED),
        (Stage.CONTACTING, ReferralStatus.RECEIVED),
        (Stage.CONVERSATION, ReferralStatus.CONTACTED),
        (Stage.PLACED, ReferralStatus.SEAT),
        (Stage.PAUSED, ReferralStatus.ACTIVE),
        (Stage.CLOSED, ReferralStatus.ENDED),
    ],
)
def test_referrer_overview_tells_the_status_the_citizen_agreed_to(
    in_scope: Programme, now: dt.datetime, stage: Stage, status: ReferralStatus
) -> None:
    referrer = make_referrer(in_scope)
    participant = make_participant(in_scope, given_name="Anna", family_name="Sø", stage=stage)
    make_referral(in_scope, participant=participant, referrer=referrer, feedback_allowed=True)
    agree(participant, now)

    [own] = referrer_overview(referrer, today=TODAY).referrals

    assert own.initials == "A.S."
    assert own.status == status
    assert [state for _label, state in own.steps].count("current") == 1


def agree(participant: Participant, now: dt.datetime) -> None:
    give_agreement(
        participant=participant,
        kind=AgreementKind.FEEDBACK,
        method=AgreementMethod.REFERRER,
        text_version="1",
        by=None,
        now=now,
    )


def test_referrer_overview_tells_no_status_without_a_yes(in_scope: Programme, now: dt.datetime) -> None:
    referrer = make_referrer(in_scope)
    participant = make_participant(in_scope)
    make_referral(in_scope, participant=participant, referrer=referrer, feedback_allowed=False)
    agree(participant, now)  # given to another referrer

    [own] = referrer_overview(referrer, today=TODAY).referrals

    assert own.status is None
    assert own.steps == []


def test_referrer_overview_tells_no_status_once_the_yes_is_withdrawn(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    referrer = make_referrer(in_scope)
    participant = make_participant(in_scope)
    make_referral(in_scope, participant=participant, referrer=referrer, feedback_allowed=True)
    agree(participant, now)
    withdraw_agreement(participant=participant, kind=AgreementKind.FEEDBACK, by=coordinator, now=now)

    [own] = referrer_overview(referrer, today=TODAY).referrals

    assert own.status is None


def test_referrer_overview_shows_nobody_elses_referrals(in_scope: Programme) -> None:
    make_referral(in_scope, referrer=make_referrer(in_scope))

    assert referrer_overview(make_referrer(in_scope), today=TODAY).referrals == []


def test_referrer_overview_suggests_the_form_used_last(in_scope: Programme, now: dt.datetime) -> None:
    referrer = make_referrer(in_scope, organisation=make_organisation(in_scope, name="Lægehuset"))
    make_referral(in_scope, referrer=referrer, kind=ReferralKind.JOBCENTRE)
    make_referral(in_scope, referrer=referrer, kind=ReferralKind.GP, received_at=now + dt.timedelta(days=1))

    overview = referrer_overview(referrer, today=TODAY)

    assert overview.kind == ReferralKind.GP
    assert overview.workplace == "Lægehuset"


@pytest.mark.parametrize(
    ("organisation_kind", "kind"),
    [
        (OrganisationKind.JOBCENTRE, ReferralKind.JOBCENTRE),
        (OrganisationKind.GP, ReferralKind.GP),
        (OrganisationKind.UNION, ReferralKind.UNION),
        (OrganisationKind.OTHER, ReferralKind.OTHER_PROFESSIONAL),
    ],
)
def test_referrer_overview_suggests_the_form_of_the_workplace_to_a_new_referrer(
    in_scope: Programme, organisation_kind: OrganisationKind, kind: ReferralKind
) -> None:
    organisation = make_organisation(in_scope, kind=organisation_kind)

    assert referrer_overview(make_referrer(in_scope, organisation=organisation), today=TODAY).kind == kind


def test_referrer_overview_takes_as_many_queries_for_any_number(
    in_scope: Programme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    referrer = make_referrer(in_scope)
    for rows in (1, 2, 27):
        for _ in range(rows):
            make_referral(in_scope, referrer=referrer)
        with django_assert_num_queries(4):
            referrer_overview(referrer, today=TODAY)
