"""Planning: one row per thing to say, however often it is asked for."""

import datetime as dt
import threading
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django_scopes import scope, scopes_disabled

from accounts.models import Programme
from messaging.enums import MessageState
from messaging.kinds import UnknownKind
from messaging.models import OutboundMessage
from messaging.services import plan_message
from tests.factories import NOW, make_programme, make_referrer

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def test_a_planned_message_waits_to_be_sent_now(programme: Programme, now: dt.datetime) -> None:
    message = plan_message(
        programme=programme,
        kind="test_letter",
        unique_key="letter:1",
        referrer=make_referrer(programme),
        subject_ids={"cohort": 7},
        now=now,
    )
    assert (message.state, message.planned_at, message.send_after) == (MessageState.PLANNED, now, now)
    assert message.subject_ids == {"cohort": 7}
    assert message.address is None


def test_planning_the_same_message_twice_gives_one(programme: Programme, now: dt.datetime) -> None:
    referrer = make_referrer(programme)
    first, second = (
        plan_message(
            programme=programme, kind="test_letter", unique_key="letter:1", referrer=referrer, now=now
        )
        for _ in range(2)
    )
    assert first.pk == second.pk


def test_the_same_key_in_another_programme_is_another_message(
    programme: Programme, other_programme: Programme, now: dt.datetime
) -> None:
    planned = {
        plan_message(
            programme=each, kind="test_letter", unique_key="k", referrer=make_referrer(each), now=now
        ).pk
        for each in (programme, other_programme)
    }
    assert len(planned) == 2


def test_a_message_to_nobody_or_to_two_is_refused_by_the_database(
    programme: Programme, now: dt.datetime
) -> None:
    with pytest.raises(IntegrityError, match="one_recipient"), transaction.atomic():
        plan_message(programme=programme, kind="test_letter", unique_key="nobody", now=now)


def test_a_message_to_another_programmes_referrer_is_refused_by_the_database(
    programme: Programme, other_programme: Programme, now: dt.datetime
) -> None:
    foreign = make_referrer(other_programme)
    plan_message(programme=programme, kind="test_letter", unique_key="k", referrer=foreign, now=now)
    with pytest.raises(IntegrityError, match="same_programme"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_kind_nobody_registered_is_refused(programme: Programme, now: dt.datetime) -> None:
    with pytest.raises(UnknownKind):
        plan_message(
            programme=programme, kind="gossip", unique_key="k", referrer=make_referrer(programme), now=now
        )


def test_a_later_moment_is_kept(programme: Programme, now: dt.datetime) -> None:
    later = now + dt.timedelta(days=3)
    message = plan_message(
        programme=programme,
        kind="test_letter",
        unique_key="k",
        referrer=make_referrer(programme),
        now=now,
        send_after=later,
    )
    assert message.send_after == later


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("2026-03-10T17:30", "2026-03-11T08:00"),  # after hours
        ("2026-03-13T16:00", "2026-03-16T08:00"),  # Friday at four
        ("2026-04-02T09:00", "2026-04-07T08:00"),  # Maundy Thursday, until after Easter
        ("2026-07-01T09:00", "2026-08-03T08:00"),  # July is quiet
        ("2026-12-23T09:00", "2027-01-04T08:00"),  # and Christmas
    ],
)
def test_a_nudge_waits_for_a_danish_working_day(programme: Programme, asked: str, sent: str) -> None:
    at = dt.datetime.fromisoformat(asked).replace(tzinfo=COPENHAGEN)
    message = plan_message(
        programme=programme, kind="test_nudge", unique_key="k", referrer=make_referrer(programme), now=at
    )
    assert message.send_after == dt.datetime.fromisoformat(sent).replace(tzinfo=COPENHAGEN)


def test_a_programme_that_is_open_in_july_sends_then(db: None) -> None:
    programme = make_programme(quiet_july=False)
    at = dt.datetime(2026, 7, 1, 9, tzinfo=COPENHAGEN)
    message = plan_message(
        programme=programme, kind="test_nudge", unique_key="k", referrer=make_referrer(programme), now=at
    )
    assert message.send_after == at


@pytest.mark.django_db(transaction=True)
def test_twenty_planners_at_once_make_one_message() -> None:
    programme = make_programme()
    referrer = make_referrer(programme)
    together = threading.Barrier(20)
    faults: list[BaseException] = []

    def plan() -> None:
        together.wait()
        try:
            plan_message(
                programme=programme, kind="test_letter", unique_key="once", referrer=referrer, now=NOW
            )
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=plan) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    with scopes_disabled():
        assert OutboundMessage.objects.count() == 1


def test_planning_leaves_the_callers_scope_alone(
    programme: Programme, other_programme: Programme, now: dt.datetime
) -> None:
    with scope(programme=other_programme):
        plan_message(
            programme=programme,
            kind="test_letter",
            unique_key="k",
            referrer=make_referrer(programme),
            now=now,
        )
        assert not OutboundMessage.objects.exists()
