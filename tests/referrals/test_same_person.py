"""Before a person is registered: "Er det en af dem?", and what each answer does."""

import datetime as dt
import uuid
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
from referrals.enums import Intake, ReferralKind
from referrals.models import Referral
from referrals.services import receive_referral
from tests.factories import make_participant, make_referral
from tests.referrals.answers import own_answers
from tests.referrals.pages import form_fields
from worklist.models import Task

CREATE = "/henvisninger/ny/"
TYPED = {
    "intake": "phone",
    "kind": "self",
    "given_name": "Kirstn",
    "family_name": "Ågard",
    "phone": "20123456",
    "birth_year": "1961",
    "reason": "Har set plakaten på biblioteket.",
    "heard_about": "poster",
}
KIRSTEN: dict[str, Any] = {
    "given_name": "Kirsten",
    "family_name": "Ågård",
    "phone": "+4520123456",
    "birth_year": 1961,
    "email": "",
}


@pytest.fixture
def desk(client_for: Callable[[User], Client], coordinator: User) -> Client:
    return client_for(coordinator)


@pytest.fixture
def kirsten(programme: Programme) -> Participant:
    return make_participant(programme, **KIRSTEN)


def text(response: HttpResponse) -> str:
    return response.content.decode()


def counts(programme: Programme) -> tuple[int, int]:
    with scope(programme=programme):
        return Participant.objects.count(), Referral.objects.count()


# --- The question ----------------------------------------------------------------------------------


def test_arrival_create_shows_who_is_likely_the_same_before_anything_is_kept(
    desk: Client, programme: Programme, kirsten: Participant
) -> None:
    make_referral(programme, participant=kirsten, workplace="Jobcenter Ribe")

    response = desk.post(CREATE, TYPED)

    assert response.status_code == 200
    page = text(response)
    for shown in (
        "Er det den samme person?",
        "Navnet ligner (Kirstn Ågard / Kirsten Ågård)",
        "Samme telefonnummer",
        "Samme fødselsår",
        "20 12 34 56",
        "1961",
        "Modtaget",
        "Jobcenter Ribe",
    ):
        assert shown in page
    assert counts(programme) == (1, 1)


def test_arrival_create_loses_nothing_typed_on_the_way(desk: Client, kirsten: Participant) -> None:
    carried = form_fields(desk.post(CREATE, TYPED))
    assert {name: carried[name] for name in TYPED} == TYPED

    again = desk.post(CREATE, {**carried, "same_person": "edit"})

    assert again.status_code == 200
    kept = form_fields(again)
    assert {name: kept[name] for name in TYPED if name in kept} == {**TYPED, "phone": "20123456"}
    assert "same_person" not in kept


def test_arrival_create_of_somebody_unknown_asks_nothing(desk: Client, programme: Programme) -> None:
    assert desk.post(CREATE, TYPED).status_code == 302
    assert counts(programme) == (1, 1)


def test_arrival_create_asks_nothing_about_another_programmes_people(
    desk: Client, programme: Programme, other_programme: Programme
) -> None:
    make_participant(other_programme, **KIRSTEN)

    assert desk.post(CREATE, TYPED).status_code == 302


def test_arrival_create_asks_about_each_of_several(desk: Client, programme: Programme) -> None:
    for family_name in ("Aagaard", "Ågaard"):
        make_participant(programme, **{**KIRSTEN, "family_name": family_name})

    page = text(desk.post(CREATE, TYPED))

    assert "Er det en af dem?" in page
    assert page.count("Ja, det er samme person") == 2


# --- The answers -----------------------------------------------------------------------------------


def test_yes_joins_the_referral_to_that_person(
    desk: Client, programme: Programme, kirsten: Participant
) -> None:
    response = desk.post(CREATE, {**TYPED, "same_person": str(kirsten.pk)})

    assert response["Location"] == f"/deltagere/{kirsten.pk}/"
    assert counts(programme) == (1, 1)
    with scope(programme=programme):
        assert Referral.objects.get().participant == kirsten
        kept = Participant.objects.get()
        reasons = Task.objects.get().reasons
    assert kept.full_name == "Kirsten Ågård"
    assert reasons == ["Har selv henvendt sig igen.", "Et andet navn i henvisningen: Kirstn Ågard."]


def test_no_registers_a_new_person(desk: Client, programme: Programme, kirsten: Participant) -> None:
    response = desk.post(CREATE, {**TYPED, "same_person": "new"})

    assert response.status_code == 302
    assert response["Location"] != f"/deltagere/{kirsten.pk}/"
    assert counts(programme) == (2, 1)


@pytest.mark.parametrize("answer", ["new", "yes"])
def test_an_answer_by_a_double_click_is_one_referral(
    desk: Client, programme: Programme, kirsten: Participant, answer: str
) -> None:
    said = {**TYPED, "same_person": str(kirsten.pk) if answer == "yes" else answer}

    first, second = desk.post(CREATE, said), desk.post(CREATE, said)

    assert first["Location"] == second["Location"]
    assert counts(programme)[1] == 1


@pytest.mark.parametrize("answer", ["999999999", "somebody", "٣"])
def test_an_answer_that_names_none_of_them_is_asked_again(
    desk: Client, programme: Programme, kirsten: Participant, answer: str
) -> None:
    response = desk.post(CREATE, {**TYPED, "same_person": answer})

    assert "Er det den samme person?" in text(response)
    assert counts(programme) == (1, 0)


def test_an_answer_cannot_name_another_programmes_person(
    desk: Client, programme: Programme, other_programme: Programme, kirsten: Participant
) -> None:
    elsewhere = make_participant(other_programme, **KIRSTEN)

    response = desk.post(CREATE, {**TYPED, "same_person": str(elsewhere.pk)})

    assert response.status_code == 200
    assert counts(programme) == (1, 0)
    assert counts(other_programme) == (1, 0)


def test_the_question_takes_as_many_queries_with_five_as_with_one(desk: Client, programme: Programme) -> None:
    found = []
    for rows in (1, 2, 4):
        for _ in range(rows):
            make_referral(programme, participant=make_participant(programme, **KIRSTEN))
        with CaptureQueriesContext(connection) as queries:
            assert desk.post(CREATE, TYPED).status_code == 200
        found.append(len(queries))

    assert len(set(found)) == 1


def test_receive_referral_joins_the_person_a_colleague_recognised(
    in_scope: Programme, kirsten: Participant, coordinator: User, now: dt.datetime
) -> None:
    referral = receive_referral(
        programme=in_scope,
        kind=ReferralKind.SELF,
        intake=Intake.PHONE,
        answers=own_answers(given_name="K.", family_name="Aagaard", phone="+4521212121", postcode="6800"),
        submission_key=uuid.uuid4(),
        participant=kirsten,
        by=coordinator,
        now=now,
    )

    assert referral.participant == kirsten
    assert Participant.objects.count() == 1
