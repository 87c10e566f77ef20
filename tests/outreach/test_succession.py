"""Somebody leaves and a colleague takes over: in a line, never in a circle, and never by what a form says."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection, transaction
from django_scopes import scope

from accounts.models import Programme, User
from outreach.models import Organisation, Referrer
from outreach.queries import followed_by, possible_successors, recipients_of
from outreach.services import (
    SuccessorNotPossible,
    ask_who_takes_over,
    mark_referrer_here,
    mark_referrer_left,
    note_referral,
    update_referrer,
)
from tests.concurrency import at_once
from tests.factories import (
    NOW,
    TODAY,
    make_organisation,
    make_programme,
    make_referrer,
    make_tracked_link,
)
from worklist.enums import TaskKind
from worklist.models import Task


@pytest.fixture
def jobcentre(in_scope: Programme) -> Organisation:
    return make_organisation(in_scope, name="Jobcenter Esbjerg")


@pytest.fixture
def line(jobcentre: Organisation) -> list[Referrer]:
    """Anna, Bo and Carl, who work at the same place."""
    names = ("Anna Afgang", "Bo Bliver", "Carl Kommer")
    return [make_referrer(jobcentre.programme, name=name, organisation=jobcentre) for name in names]


def leaves(referrer: Referrer, successor: Referrer | None = None) -> Referrer:
    return mark_referrer_left(referrer=referrer, left_on=TODAY, successor=successor, by=None, now=NOW)


def follows(referrer: Referrer) -> set[str]:
    return {found.name for found in Referrer.objects.filter(pk__in=followed_by(referrer.pk))}


def open_kinds() -> list[str]:
    return sorted(task.kind for task in Task.objects.open())


def test_mark_referrer_left_keeps_the_first_day(line: list[Referrer], coordinator: User) -> None:
    leaves(line[0])

    left = mark_referrer_left(referrer=line[0], left_on=TODAY + dt.timedelta(days=9), by=coordinator, now=NOW)

    assert left.left_on == TODAY
    assert line[0] not in Referrer.objects.reachable(NOW)


def test_who_leaves_with_nobody_to_take_over_opens_one_task_however_often_it_is_noted(
    line: list[Referrer],
) -> None:
    leaves(line[0])
    leaves(line[0])

    task = Task.objects.open().get()
    assert (task.kind, task.referrer) == (TaskKind.REFERRER_SUCCESSOR, line[0])
    assert recipients_of([line[0].pk]) == {}


def test_a_successor_chosen_later_closes_the_task_and_hears_the_news(line: list[Referrer]) -> None:
    anna, bo, carl = line
    leaves(anna)
    leaves(anna, bo)

    assert open_kinds() == []
    assert follows(bo) == {anna.name, bo.name}
    assert recipients_of([anna.pk, bo.pk, carl.pk]) == {anna.pk: bo, bo.pk: bo, carl.pk: carl}


def test_a_successor_who_leaves_in_turn_hands_everything_on(line: list[Referrer]) -> None:
    anna, bo, carl = line
    leaves(anna, bo)
    leaves(bo, carl)

    assert follows(carl) == {anna.name, bo.name, carl.name}
    assert recipients_of([anna.pk, bo.pk]) == {anna.pk: carl, bo.pk: carl}


def test_a_line_that_ends_with_somebody_who_left_ends_with_nobody(line: list[Referrer]) -> None:
    anna, bo, carl = line
    leaves(anna, bo)
    leaves(bo)

    assert recipients_of([anna.pk, bo.pk]) == {}
    assert follows(carl) == {carl.name}
    assert Task.objects.open().get().referrer == bo


def test_er_her_stadig_takes_everything_back(line: list[Referrer], coordinator: User) -> None:
    anna, bo, _ = line
    leaves(anna, bo)
    leaves(bo)
    note_referral(referrer=bo, now=NOW)

    mark_referrer_here(referrer=bo, by=coordinator, now=NOW)

    assert open_kinds() == []
    assert recipients_of([anna.pk, bo.pk]) == {anna.pk: bo, bo.pk: bo}
    mark_referrer_here(referrer=anna, by=coordinator, now=NOW)
    assert follows(bo) == {bo.name}
    anna.refresh_from_db()
    assert (anna.left_on, anna.successor) == (None, None)


def test_nobody_takes_over_after_themself_elsewhere_or_after_having_left(line: list[Referrer]) -> None:
    anna, bo, carl = line
    elsewhere = make_referrer(anna.programme, organisation=make_organisation(anna.programme))
    unplaced = make_referrer(anna.programme)
    leaves(carl)

    for impossible in (anna, elsewhere, unplaced, carl):
        with pytest.raises(SuccessorNotPossible):
            leaves(anna, impossible)

    anna.refresh_from_db()
    assert anna.left_on is None
    assert list(possible_successors(anna)) == [bo]
    assert list(possible_successors(unplaced)) == []


def test_a_circle_is_refused_by_the_rule_and_by_the_database(line: list[Referrer]) -> None:
    anna, bo, _ = line
    leaves(anna, bo)

    with pytest.raises(SuccessorNotPossible):
        leaves(bo, anna)
    for wrong in ({"successor": anna}, {"successor": bo}):  # themself; somebody for one who is here
        with pytest.raises(IntegrityError), transaction.atomic():
            Referrer.objects.filter(pk=bo.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Referrer.objects.filter(pk=anna.pk).update(successor=anna)


def test_a_circle_made_behind_our_backs_ends_the_walk(line: list[Referrer]) -> None:
    anna, bo, _ = line
    Referrer.objects.filter(pk=anna.pk).update(left_on=TODAY, successor=bo)
    Referrer.objects.filter(pk=bo.pk).update(left_on=TODAY, successor=anna)

    assert recipients_of([anna.pk, bo.pk]) == {}
    assert follows(anna) == {anna.name, bo.name}


def test_a_successor_of_another_programme_is_refused_by_the_database(
    line: list[Referrer], other_programme: Programme
) -> None:
    stranger = make_referrer(other_programme)

    def hand_over() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            Referrer.objects.filter(pk=line[0].pk).update(left_on=TODAY, successor=stranger.pk)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError):
        hand_over()


def test_a_successor_who_moves_to_another_place_follows_no_longer_and_a_task_asks(
    line: list[Referrer], coordinator: User
) -> None:
    anna, bo, _ = line
    leaves(anna, bo)

    update_referrer(referrer=bo, organisation=make_organisation(bo.programme), by=coordinator, now=NOW)

    assert follows(bo) == {bo.name}
    assert recipients_of([anna.pk]) == {}
    task = Task.objects.open().get()
    assert (task.kind, task.referrer) == (TaskKind.REFERRER_SUCCESSOR, anna)


def test_who_takes_over_is_asked_once_with_every_reason(line: list[Referrer]) -> None:
    leaves(line[0])
    for _ in range(2):
        ask_who_takes_over(referrer=line[0], why="Skriver selv, at en anden overtager.", now=NOW)

    assert len(Task.objects.open().get().reasons) == 2


def test_note_referral_keeps_the_latest_time(line: list[Referrer]) -> None:
    note_referral(referrer=line[0], now=NOW)
    note_referral(referrer=line[0], now=NOW - dt.timedelta(days=3))

    line[0].refresh_from_db()
    assert line[0].last_referral_at == NOW
    assert open_kinds() == []


def test_a_form_in_the_name_of_somebody_who_left_asks_the_coordinator_and_wakes_nobody(
    line: list[Referrer],
) -> None:
    """Anybody can type an address; who has left is reminded of nothing and their link stays shut."""
    anna, bo, _ = line
    leaves(anna, bo)

    note_referral(referrer=anna, now=NOW)
    note_referral(referrer=anna, now=NOW)

    anna.refresh_from_db()
    assert (anna.left_on, anna.successor) == (TODAY, bo)
    assert anna not in Referrer.objects.reachable(NOW)
    task = Task.objects.open().get()
    assert (task.kind, task.referrer) == (TaskKind.REFERRER_RETURNED, anna)


@pytest.mark.django_db(transaction=True)
def test_two_who_take_over_from_each_other_at_once_never_make_a_circle() -> None:
    programme = make_programme()
    with scope(programme=programme):
        place = make_organisation(programme)
        for _ in range(5):
            pair = [make_referrer(programme, organisation=place) for _ in range(2)]
            turns = iter([(0, 1), (1, 0)])

            def attempt(pair: list[Referrer] = pair, turns: Iterator[tuple[int, int]] = turns) -> str:
                leaving, taking = next(turns)
                with scope(programme=programme):
                    try:
                        leaves(pair[leaving], pair[taking])
                    except SuccessorNotPossible:
                        return "refused"
                return "left"

            assert sorted(at_once(attempt, times=2, threads=2)) == ["left", "refused"]
            assert len(recipients_of([referrer.pk for referrer in pair])) == 2


# --- What else a successor takes on ------------------------------------------------------------------


def test_a_successor_may_become_key_person_and_carry_on_the_chosen_links(line: list[Referrer]) -> None:
    anna, bo, carl = line
    chosen, other = (
        make_tracked_link(anna.programme, label=f"Mail fra {anna.name} {number}") for number in (1, 2)
    )
    mark_referrer_left(
        referrer=anna,
        left_on=TODAY,
        successor=bo,
        as_key_person=True,
        links=[chosen],
        by=None,
        now=NOW,
    )
    for row in (bo, carl, chosen, other):
        row.refresh_from_db()
    assert (bo.is_key_person, carl.is_key_person) == (True, False)
    assert (chosen.label, other.label) == ("Mail fra Bo Bliver 1", "Mail fra Anna Afgang 2")


def test_without_a_successor_nobody_becomes_key_person_and_links_keep_their_name(
    line: list[Referrer],
) -> None:
    anna, bo, _ = line
    link = make_tracked_link(anna.programme, label=anna.name)
    mark_referrer_left(referrer=anna, left_on=TODAY, as_key_person=True, links=[link], by=None, now=NOW)
    bo.refresh_from_db()
    link.refresh_from_db()
    assert (bo.is_key_person, link.label) == (False, anna.name)


def test_a_long_name_on_a_link_is_cut_to_what_there_is_room_for(line: list[Referrer]) -> None:
    anna, bo, _ = line
    Referrer.objects.filter(pk=bo.pk).update(name="Å" * 150)
    bo.refresh_from_db()
    link = make_tracked_link(anna.programme, label=anna.name)
    mark_referrer_left(referrer=anna, left_on=TODAY, successor=bo, links=[link], by=None, now=NOW)
    link.refresh_from_db()
    assert link.label == "Å" * 100
