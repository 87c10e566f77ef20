"""What is agreed with a partner, what was talked about, and what comes next."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django_scopes import scope

from accounts.models import Programme, User
from outreach.enums import ActivityKind, ActivityState
from outreach.models import Activity, CooperationAgreement, Organisation
from outreach.services import (
    ReviewNotLater,
    agree_on_cooperation,
    end_cooperation,
    note_contact,
    plan_activity,
    set_next_step,
    update_activity,
)
from tests.concurrency import at_once
from tests.factories import (
    NOW,
    TODAY,
    make_cooperation_agreement,
    make_organisation,
    make_programme,
    make_referrer,
    make_task,
)
from worklist.enums import TaskKind, TaskState
from worklist.models import Task
from worklist.services import keep_reasons, restate_task

LATER = NOW + dt.timedelta(minutes=5)


@pytest.fixture
def partner(in_scope: Programme) -> Organisation:
    return make_organisation(in_scope, name="Jobcenter Ærø")


def agree(partner: Organisation, **changed) -> CooperationAgreement:
    said = {
        "they_do": "Nævner os på teammødet.",
        "we_do": "Kommer hver sjette uge.",
        "agreed_on": TODAY,
        "review_on": TODAY + dt.timedelta(days=180),
        "by": None,
        "now": NOW,
        **changed,
    }
    return agree_on_cooperation(organisation=partner, **said)


# --- The agreement ---------------------------------------------------------------------------------


def test_a_new_agreement_is_in_force_and_the_earlier_ones_are_kept(partner, coordinator):
    with_whom = make_referrer(partner.programme, organisation=partner, is_leader=True)
    first = agree(partner)
    second = agree(partner, we_do="Kommer hver måned.", agreed_with=with_whom, by=coordinator, now=LATER)

    kept = list(CooperationAgreement.objects.order_by("pk"))
    assert [(one.pk, one.ended_at) for one in kept] == [(first.pk, LATER), (second.pk, None)]
    assert (kept[0].we_do, kept[1].agreed_with, kept[1].created_by) == (
        "Kommer hver sjette uge.",
        with_whom,
        coordinator,
    )


def test_the_same_agreement_again_is_one(partner):
    assert agree(partner) == agree(partner, now=LATER)
    assert CooperationAgreement.objects.get().ended_at is None


def test_an_agreement_whose_review_is_no_later_is_refused_by_the_rule_and_by_the_database(partner):
    standing = agree(partner)
    for day in (TODAY, TODAY - dt.timedelta(days=1)):
        with pytest.raises(ReviewNotLater):
            agree(partner, review_on=day)
        with pytest.raises(IntegrityError), transaction.atomic():
            CooperationAgreement.objects.filter(pk=standing.pk).update(review_on=day)
    assert CooperationAgreement.objects.get() == standing


def test_two_agreements_in_force_are_refused_by_the_database(partner):
    agree(partner)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_cooperation_agreement(partner.programme, organisation=partner)


def test_a_review_is_done_by_agreeing_anew(partner, coordinator):
    agree(partner)
    task = make_task(partner.programme, kind=TaskKind.AGREEMENT_REVIEW, organisation=partner)
    agree(partner, review_on=TODAY + dt.timedelta(days=365), by=coordinator, now=LATER)
    task.refresh_from_db()
    assert (task.state, task.closed_by) == (TaskState.DONE, coordinator)


def test_an_agreement_that_ended_is_kept_and_asks_for_no_review(partner, coordinator):
    agree(partner)
    task = make_task(partner.programme, kind=TaskKind.AGREEMENT_REVIEW, organisation=partner)
    for now in (LATER, LATER + dt.timedelta(days=1)):
        end_cooperation(organisation=partner, by=coordinator, now=now)
    assert CooperationAgreement.objects.get().ended_at == LATER
    task.refresh_from_db()
    assert task.state == TaskState.DONE


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_agree_at_once_leave_one_agreement():
    programme = make_programme()
    partner = make_organisation(programme)

    def press() -> None:
        with scope(programme=programme):
            agree(partner)

    at_once(press, times=4, threads=4)
    with scope(programme=programme):
        assert CooperationAgreement.objects.count() == 1


# --- Contact ---------------------------------------------------------------------------------------


def talk(partner: Organisation, **changed) -> Activity:
    said = {
        "kind": ActivityKind.PHONE,
        "held_on": TODAY,
        "note": "Vil gerne høre mere.",
        "by": None,
        "now": NOW,
    }
    return note_contact(organisation=partner, **said | changed)


def test_a_call_noted_afterwards_is_an_activity_that_is_done(partner, coordinator):
    noted = talk(partner, by=coordinator)
    assert (noted.state, noted.held_on, noted.minutes, noted.created_by) == (
        ActivityState.DONE,
        TODAY,
        10,
        coordinator,
    )
    assert noted.title == "Telefonsamtale"
    assert not Task.objects.exists()


def test_a_second_press_notes_nothing_more_and_other_words_are_another_call(partner):
    first = talk(partner)
    assert talk(partner) == first
    assert talk(partner, note="Ring igen.") != first
    assert talk(partner, now=LATER) != first
    assert Activity.objects.count() == 3


@pytest.mark.parametrize("is_leader", [True, False])
def test_whoever_is_a_leader_is_contact_with_the_leaders(partner, is_leader):
    person = make_referrer(partner.programme, organisation=partner, is_leader=is_leader)
    assert talk(partner, referrer=person).with_leader is is_leader
    planned = plan_activity(
        programme=partner.programme,
        kind=ActivityKind.VISIT,
        title="Besøg",
        planned_on=TODAY,
        organisation=partner,
        by=None,
        now=NOW,
    )
    assert planned.with_leader is False
    assert update_activity(activity=planned, referrer=person, by=None, now=NOW).with_leader is is_leader


def test_leaders_may_be_met_who_are_not_on_the_list(partner):
    assert talk(partner, with_leader=True).with_leader is True


# --- The next step ---------------------------------------------------------------------------------


def test_there_is_one_next_step_and_the_last_said_stands(partner, coordinator: User):
    later = TODAY + dt.timedelta(days=9)
    set_next_step(organisation=partner, what="Send folderen", due_on=TODAY, by=coordinator, now=NOW)
    set_next_step(organisation=partner, what="Ring  til\nlederen", due_on=later, by=coordinator, now=LATER)
    task = Task.objects.open().get()
    assert (task.kind, task.organisation, task.why, task.due_on) == (
        TaskKind.PARTNER_STEP,
        partner,
        "Ring til lederen",
        later,
    )


# --- What the worklist gives -----------------------------------------------------------------------


def step(partner: Organisation, why: str) -> None:
    restate_task(
        programme=partner.programme,
        kind=TaskKind.TEND_PARTNER,
        why=why,
        due_on=TODAY,
        by=None,
        now=NOW,
        organisation=partner,
    )


def test_keep_reasons_takes_off_what_no_longer_holds_and_closes_what_has_none_left(partner):
    other = make_organisation(partner.programme)
    for place in (partner, other):
        step(place, "Besøg.\nLeder.")

    def keep(still: set[str]) -> Task:
        keep_reasons(kind=TaskKind.TEND_PARTNER, still=still, now=NOW, organisation=partner)
        return Task.objects.get(organisation=partner)

    assert keep({"Besøg.", "Leder.", "Andet."}).reasons == ["Besøg.", "Leder."]
    assert keep({"Leder."}).reasons == ["Leder."]
    closed = keep({"Besøg."})
    assert (closed.state, closed.reasons, closed.closed_by) == (TaskState.DONE, ["Leder."], None)
    assert keep(set()).closed_at == NOW
    assert Task.objects.get(organisation=other).reasons == ["Besøg.", "Leder."]
