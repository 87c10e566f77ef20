"""While a colleague types: who is likely the same stands beside the form, and one press joins them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from accounts.models import Programme, User
from participants.models import Participant
from referrals.models import Referral
from tests.factories import make_participant, make_referral
from tests.referrals.pages import form_fields
from tests.referrals.test_same_person import CREATE, KIRSTEN, TYPED, counts

ASK = "/henvisninger/ny/ligner/"


@pytest.fixture
def desk(client_for: Callable[[User], Client], coordinator: User) -> Client:
    return client_for(coordinator)


@pytest.fixture
def kirsten(programme: Programme) -> Participant:
    return make_participant(programme, **KIRSTEN)


def text(response: HttpResponse) -> str:
    return response.content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        {"given_name": "Kirstn", "family_name": "Ågard", "phone": "20123456"},
        {"given_name": "Kirsten", "family_name": "Aagaard", "birth_year": "1961"},
        {"phone": "20 12 34 56"},
        {"given_name": "Kir", "phone": "+4520123456", "email": "halv@"},
    ],
)
def test_half_a_form_is_enough_to_see_who_it_may_be(
    desk: Client, programme: Programme, kirsten: Participant, typed: dict[str, str]
) -> None:
    make_referral(programme, participant=kirsten, workplace="Jobcenter Ribe")

    response = desk.post(ASK, typed)

    assert response.status_code == 200
    for shown in ("Kirsten Ågård", "20 12 34 56", "1961", "Modtaget", "Jobcenter Ribe", "Samme"):
        assert shown in text(response)
    assert f'name="same_person" value="{kirsten.pk}"' in text(response)
    assert 'id="resembling-status"' in text(response)
    assert counts(programme) == (1, 1)


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"given_name": "Kirsten"},
        {"given_name": "Kirsten", "family_name": "Ågård", "birth_year": "1999"},
        {"given_name": "Bo", "family_name": "Holm", "phone": "20123456"},
        {"given_name": "\x00", "family_name": "x" * 5000, "birth_year": "٣٣٣٣", "phone": "112"},
    ],
)
def test_nobody_alike_is_an_empty_answer_that_takes_the_last_one_away(
    desk: Client, kirsten: Participant, typed: dict[str, str]
) -> None:
    response = desk.post(ASK, typed)

    assert response.status_code == 200
    assert "Kirsten" not in text(response)
    assert 'id="resembling-status"' in text(response)


def test_asking_knows_nobody_of_another_programme_and_writes_nothing(
    desk: Client, programme: Programme, other_programme: Programme
) -> None:
    make_participant(other_programme, **KIRSTEN)

    with CaptureQueriesContext(connection) as queries:
        response = desk.post(ASK, TYPED)

    assert "Det er samme person" not in text(response)
    written = [query["sql"] for query in queries if query["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert [sql for sql in written if "participants_" in sql or "referrals_" in sql] == []


def test_asking_is_a_post_so_that_no_name_stands_in_an_address(desk: Client) -> None:
    assert desk.get(ASK).status_code == 405


def test_asking_takes_as_many_queries_with_five_as_with_one(desk: Client, programme: Programme) -> None:
    found = set()
    for rows in (1, 2, 4):
        for _ in range(rows):
            make_referral(programme, participant=make_participant(programme, **KIRSTEN))
        with CaptureQueriesContext(connection) as queries:
            desk.post(ASK, TYPED)
        found.add(len(queries))
    assert len(found) == 1


def test_one_press_beside_the_half_typed_form_joins_the_referral_to_that_person(
    desk: Client, programme: Programme, kirsten: Participant
) -> None:
    half = {"intake": "phone", "kind": "self", "phone": "20123456", "reason": "Ringede igen."}

    response = desk.post(CREATE, {**half, "same_person": str(kirsten.pk)})

    assert response["Location"] == f"/deltagere/{kirsten.pk}/"
    assert counts(programme) == (1, 1)
    with scope(programme=programme):
        kept = Referral.objects.get()
    assert (kept.participant, kept.reason) == (kirsten, "Ringede igen.")


def test_a_press_with_a_fault_keeps_what_is_typed_and_still_shows_the_person(
    desk: Client, programme: Programme, kirsten: Participant
) -> None:
    typed: dict[str, Any] = {**TYPED, "birth_year": "61"}

    response = desk.post(CREATE, {**typed, "same_person": str(kirsten.pk)})

    assert response.status_code == 422
    kept = form_fields(response)
    assert {name: kept[name] for name in ("given_name", "birth_year", "reason")} == {
        "given_name": "Kirstn",
        "birth_year": "61",
        "reason": TYPED["reason"],
    }
    assert f'name="same_person" value="{kirsten.pk}"' in text(response)
    assert counts(programme) == (1, 0)


def test_asking_is_closed_to_those_who_may_not_register(
    client_for: Callable[[User], Client], manager: User, administrator: User, kirsten: Participant
) -> None:
    for user in (manager, administrator):
        assert client_for(user).post(ASK, TYPED).status_code == 403
