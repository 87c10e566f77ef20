"""A form that was sent is stored before its receipt, seen by the coordinator, and let in once."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import Client
from django_scopes import scope

from accounts.models import Programme, User
from messaging import doorbell
from messaging.models import OutboundMessage
from participants.models import Participant
from referrals import tasks
from referrals.enums import ReferralKind
from referrals.models import Referral, WaitingArrival
from referrals.services import Answers, receive_arrival, receive_waiting_arrivals, take_arrival
from referrals.services.arrivals import lock_arrivals
from tests.concurrency import at_once
from tests.factories import make_participant
from tests.outages import redis_refused
from tests.referrals.answers import TYPED_BY_CITIZEN, own_answers, referral_answers
from tests.referrals.pages import as_read
from worklist.enums import TaskKind
from worklist.models import Task

pytestmark = [pytest.mark.usefixtures("in_scope"), pytest.mark.no_worker]


def send(
    programme: Programme, now: dt.datetime, answers: Answers | None = None, key: uuid.UUID | None = None
) -> str:
    return take_arrival(
        programme=programme,
        kind=ReferralKind.SELF if answers is None else ReferralKind.JOBCENTRE,
        answers=answers or own_answers(),
        submission_key=key or uuid.uuid4(),
        suspicions=(),
        address="",
        now=now,
    )


def test_a_form_that_was_sent_is_stored_whole_and_unreadable(programme: Programme, now: dt.datetime) -> None:
    reference = send(programme, now, referral_answers())

    kept = WaitingArrival.objects.get()
    assert (kept.reference, kept.received_at) == (reference, now)
    assert Answers.from_json(kept.answers) == referral_answers()
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM referrals_waitingarrival")
        assert b"Mangler" not in bytes(cursor.fetchone()[0])


def test_a_worker_lets_it_in_under_the_number_of_the_receipt_as_of_when_it_was_sent(
    programme: Programme, now: dt.datetime
) -> None:
    reference = send(programme, now, referral_answers())

    tasks.receive_arrivals()

    referral = Referral.objects.get()
    assert (referral.reference, referral.received_at) == (reference, now)
    assert referral.participant.created_at == now
    assert Task.objects.get().kind == TaskKind.CALL
    assert OutboundMessage.objects.get().kind == "referral_receipt"
    assert not WaitingArrival.objects.exists()


def test_let_in_a_second_time_changes_nothing(programme: Programme, now: dt.datetime) -> None:
    send(programme, now)
    key = WaitingArrival.objects.get().pk

    tasks.receive_one_arrival(key)
    tasks.receive_one_arrival(key)

    assert receive_arrival(arrival_id=key) is None
    assert Referral.objects.count() == 1


def test_sent_again_before_and_after_it_is_let_in_is_the_same_number(
    programme: Programme, now: dt.datetime
) -> None:
    key = uuid.uuid4()
    reference = send(programme, now, key=key)
    assert send(programme, now, key=key) == reference

    receive_waiting_arrivals(programme=programme)

    assert send(programme, now, key=key) == reference
    assert receive_waiting_arrivals(programme=programme) == 0
    assert Referral.objects.count() == 1


def test_a_fault_in_one_stops_no_other_and_tells_nothing_in_the_log(
    programme: Programme, now: dt.datetime, caplog: pytest.LogCaptureFixture
) -> None:
    send(programme, now, own_answers(given_name="Gitte", phone="+4522222222", email=""))
    send(programme, now)
    WaitingArrival.objects.filter(pk=WaitingArrival.objects.earliest("pk").pk).update(answers="{")

    assert receive_waiting_arrivals() == 1

    assert Participant.objects.get().given_name == "Anna"
    assert WaitingArrival.objects.count() == 1
    assert "JSONDecodeError" in caplog.text
    assert "Gitte" not in caplog.text


def test_another_programmes_forms_are_let_in_with_their_own(
    programme: Programme, other_programme: Programme, now: dt.datetime
) -> None:
    send(programme, now)

    assert receive_waiting_arrivals(programme=other_programme) == 0
    assert receive_waiting_arrivals() == 1
    assert Participant.objects.get().programme == programme


@pytest.mark.parametrize("page", ["/overblik/", "/henvisninger/"])
def test_the_coordinator_sees_what_waits_and_lets_it_in_with_one_press(
    page: str,
    client_for: Callable[[User], Client],
    coordinator: User,
    programme: Programme,
) -> None:
    citizen, form = Client(), "/tilmeld/kultur/"
    citizen.post(form, {**as_read(citizen, form), **TYPED_BY_CITIZEN, "step": "send"})
    browser = client_for(coordinator)
    assert "1 henvendelse er lige sendt" in browser.get(page).content.decode()
    assert not Referral.objects.exists()

    answer = browser.post("/henvisninger/paa-vej/", follow=True).content.decode()

    assert "Opgaverne “Ring” ligger klar." in answer
    assert "lige sendt" not in browser.get(page).content.decode()
    assert Task.objects.get().participant.given_name == "Anna"


def test_the_coordinator_is_told_when_it_cannot_be_let_in(
    client_for: Callable[[User], Client], coordinator: User, programme: Programme, now: dt.datetime
) -> None:
    send(programme, now)
    WaitingArrival.objects.update(answers="{")

    answer = client_for(coordinator).post("/henvisninger/paa-vej/", follow=True).content.decode()

    assert "1 venter stadig" in answer
    assert WaitingArrival.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_sent_at_once_and_let_in_at_once_is_one_arrival_and_one_number(
    programme: Programme, now: dt.datetime
) -> None:
    key = uuid.uuid4()

    def send_and_let_in() -> str:
        with scope(programme=programme):
            reference = send(programme, now, key=key)
        receive_waiting_arrivals()
        return reference

    references = at_once(send_and_let_in, times=24, threads=8)

    assert {Referral.objects.get().reference} == set(references)
    assert not WaitingArrival.objects.exists()
    assert Task.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_form_does_not_wait_for_the_one_that_a_worker_lets_in(
    programme: Programme, now: dt.datetime
) -> None:
    """Else the answer would tell how long the one before it took, which depends on whom it was about."""

    def send_impatiently() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '3s'")
        with scope(programme=programme):
            return send(programme, now)

    with transaction.atomic():
        lock_arrivals(programme)
        at_once(send_impatiently, times=1, threads=1)

    assert WaitingArrival.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_redis_it_is_let_in_before_the_answer(
    programme: Programme, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorbell._Doorbell, "quiet_until", 0.0)

    with redis_refused():
        reference = send(programme, now)
        send(programme, now, own_answers(given_name="Bo", phone="+4520998877"))  # the bell rests

    assert {referral.participant.given_name for referral in Referral.objects.all()} == {"Anna", "Bo"}
    assert Referral.objects.filter(reference=reference).exists()
    assert not WaitingArrival.objects.exists()


def test_a_person_who_is_known_gets_no_second_record(programme: Programme, now: dt.datetime) -> None:
    anna = make_participant(
        programme, given_name="Anna", family_name="Sørensen", phone="+4520123456", email=""
    )
    send(programme, now)
    assert Participant.objects.count() == 1

    receive_waiting_arrivals(programme=programme)

    assert Referral.objects.get().participant == anna
