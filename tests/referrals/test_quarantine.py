"""What looks like spam is held, answered like any other, and decided by a person."""

import datetime as dt
import uuid

import pytest
from django.db import connection

from accounts.models import Programme, User
from messaging.models import OutboundMessage
from participants.models import Participant
from referrals.enums import ReferralKind
from referrals.models import HeldArrival, Referral
from referrals.services import (
    Answers,
    ArrivalAlreadyDecided,
    discard_arrival,
    hold_arrival,
    receive_waiting_arrivals,
    release_arrival,
    take_arrival,
)
from referrals.services.quarantine import ADDRESS_LIMIT, CONTACT_LIMIT
from tests.referrals.answers import own_answers, referral_answers
from worklist.enums import TaskKind, TaskState
from worklist.models import Task

pytestmark = pytest.mark.usefixtures("in_scope")


def hold(programme: Programme, now: dt.datetime, answers: Answers | None = None) -> HeldArrival:
    return hold_arrival(
        programme=programme,
        kind=ReferralKind.JOBCENTRE,
        answers=answers or referral_answers(),
        submission_key=uuid.uuid4(),
        reasons=["honeypot", "too_fast"],
        now=now,
    )


def take(
    programme: Programme,
    now: dt.datetime,
    answers: Answers | None = None,
    key: uuid.UUID | None = None,
    suspicions: tuple[str, ...] = (),
    address: str = "",
) -> str:
    """Take the arrival and let in what was not held, as a worker does."""
    reference = take_arrival(
        programme=programme,
        kind=ReferralKind.SELF,
        answers=answers or own_answers(),
        submission_key=key or uuid.uuid4(),
        suspicions=suspicions,
        address=address,
        now=now,
    )
    receive_waiting_arrivals(programme=programme)
    return reference


def test_answers_come_back_from_json_as_they_were() -> None:
    for answers in (referral_answers(), own_answers(birth_year=None)):
        assert Answers.from_json(answers.to_json()) == answers


def test_hold_arrival_registers_nobody_and_writes_to_nobody(programme: Programme, now: dt.datetime) -> None:
    hold(programme, now)

    assert not Participant.objects.exists()
    assert not Referral.objects.exists()
    assert not OutboundMessage.objects.exists()


def test_hold_arrival_keeps_the_form_whole_and_unreadable(programme: Programme, now: dt.datetime) -> None:
    held = hold(programme, now)
    held.refresh_from_db()

    assert Answers.from_json(held.answers) == referral_answers()
    assert held.reasons == "honeypot, too_fast"
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM referrals_heldarrival WHERE id = %s", [held.pk])
        assert b"Mangler" not in bytes(cursor.fetchone()[0])


def test_hold_arrival_asks_the_coordinator_to_look_on_the_next_working_day(
    programme: Programme, now: dt.datetime
) -> None:
    hold(programme, now)
    hold(programme, now)

    task = Task.objects.get()
    assert task.kind == TaskKind.HELD_ARRIVAL
    assert task.due_on == dt.date(2026, 3, 11)
    assert "Mangler" not in task.why


def test_release_arrival_receives_it_under_the_number_the_sender_has(
    programme: Programme, coordinator: User, now: dt.datetime
) -> None:
    held = hold(programme, now)
    two_days_later = now + dt.timedelta(days=2)

    referral = release_arrival(held=held, by=coordinator, now=two_days_later)

    assert referral.reference == held.reference
    assert referral.received_at == now
    assert referral.participant.full_name == "Åse-Marie Ærøskøbing"
    assert OutboundMessage.objects.get().kind == "referral_receipt"
    assert Task.objects.open().get().kind == TaskKind.CALL
    held.refresh_from_db()
    assert (held.released_at, held.decided_by) == (two_days_later, coordinator)


def test_release_arrival_a_second_time_is_refused(
    programme: Programme, coordinator: User, now: dt.datetime
) -> None:
    held = hold(programme, now)
    release_arrival(held=held, by=coordinator, now=now)

    with pytest.raises(ArrivalAlreadyDecided):
        release_arrival(held=held, by=coordinator, now=now)

    assert Referral.objects.count() == 1


def test_discard_arrival_registers_nobody(programme: Programme, coordinator: User, now: dt.datetime) -> None:
    held = discard_arrival(held=hold(programme, now), by=coordinator, now=now)

    assert held.discarded_at == now
    assert not Participant.objects.exists()
    with pytest.raises(ArrivalAlreadyDecided):
        release_arrival(held=held, by=coordinator, now=now)


def test_the_task_is_done_with_the_last_decision(
    programme: Programme, coordinator: User, now: dt.datetime
) -> None:
    first, second = hold(programme, now), hold(programme, now)

    discard_arrival(held=first, by=coordinator, now=now)
    assert Task.objects.get().state == TaskState.OPEN

    discard_arrival(held=second, by=coordinator, now=now)
    assert Task.objects.get().state == TaskState.DONE


def test_take_arrival_receives_what_nothing_speaks_against(programme: Programme, now: dt.datetime) -> None:
    reference = take(programme, now)

    assert Referral.objects.get().reference == reference


def test_take_arrival_holds_what_looks_like_spam(programme: Programme, now: dt.datetime) -> None:
    reference = take(programme, now, suspicions=("honeypot",))

    assert HeldArrival.objects.get().reference == reference
    assert not Referral.objects.exists()


@pytest.mark.parametrize(("first", "second"), [((), ("too_fast",)), (("too_fast",), ())])
def test_take_arrival_again_is_the_same_number_whichever_way_it_went(
    programme: Programme, now: dt.datetime, first: tuple[str, ...], second: tuple[str, ...]
) -> None:
    key = uuid.uuid4()
    reference = take(programme, now, key=key, suspicions=first)

    again = take(programme, now, key=key, suspicions=second)

    assert again == reference
    assert Referral.objects.count() + HeldArrival.objects.count() == 1


def test_take_arrival_holds_the_next_one_about_a_telephone_that_came_too_often(
    programme: Programme, now: dt.datetime
) -> None:
    for number in range(CONTACT_LIMIT):
        take(programme, now, own_answers(given_name=f"Anna{number}", email=""))

    take(programme, now, own_answers(given_name="Bo", email=""))

    assert Referral.objects.count() == CONTACT_LIMIT
    assert HeldArrival.objects.get().reasons == "contact_limit"


def test_take_arrival_holds_the_next_one_from_an_address_that_came_too_often(
    programme: Programme, now: dt.datetime
) -> None:
    for number in range(ADDRESS_LIMIT):
        answers = own_answers(phone=f"+45201234{number:02d}", email="")
        take(programme, now, answers, address="192.0.2.1")

    take(programme, now, own_answers(phone="+4530123456", email=""), address="192.0.2.1")
    take(programme, now, own_answers(phone="+4530123457", email=""), address="192.0.2.2")

    assert HeldArrival.objects.get().reasons == "address_limit"
    assert Referral.objects.count() == ADDRESS_LIMIT + 1


def test_take_arrival_pressed_many_times_counts_once(programme: Programme, now: dt.datetime) -> None:
    key = uuid.uuid4()
    for _ in range(CONTACT_LIMIT + 3):
        take(programme, now, key=key)

    take(programme, now)

    assert not HeldArrival.objects.exists()
