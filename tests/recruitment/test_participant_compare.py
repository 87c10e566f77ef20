"""Somebody who came by a public form and resembles somebody known: told on the desk, never in public."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django_scopes import scope

from accounts.models import Programme, User
from participants.enums import Stage
from participants.models import Participant
from referrals.enums import Intake, ReferralKind
from referrals.models import Referral
from referrals.services import receive_referral
from tests.factories import make_participant, make_referral
from tests.recruitment.desk import queries_of
from tests.referrals.answers import own_answers
from tests.referrals.pages import as_read, main_text

KIRSTEN: dict[str, Any] = {
    "given_name": "Kirsten",
    "family_name": "Ågård",
    "phone": "+4520123456",
    "email": "",
    "birth_year": 1961,
    "postcode": "6700",
}
LINK = "se dem side om side"


@pytest.fixture
def desk(client_for: Callable[[User], Client], coordinator: User) -> Client:
    return client_for(coordinator)


@pytest.fixture
def kirsten(programme: Programme) -> Participant:
    return make_participant(programme, **KIRSTEN)


def arrive(programme: Programme, now: dt.datetime, **more: Any) -> Referral:
    """Let a person in whose name is Kirsten's with a slip, by the public form."""
    said = {**KIRSTEN, "given_name": "Kirstn", "family_name": "Ågard"}
    with scope(programme=programme):
        return receive_referral(
            programme=programme,
            kind=ReferralKind.SELF,
            answers=own_answers(**said),
            submission_key=uuid.uuid4(),
            now=now,
            **more,
        )


def compare(participant: Participant) -> str:
    return f"/deltagere/{participant.pk}/ligner/"


def page_of(desk: Client, participant: Participant) -> HttpResponse:
    return desk.get(f"/deltagere/{participant.pk}/")


def test_participant_detail_and_the_call_lead_to_the_comparison(
    desk: Client, programme: Programme, kirsten: Participant, now: dt.datetime
) -> None:
    newcomer = arrive(programme, now).participant

    assert newcomer != kirsten
    page = page_of(desk, newcomer)
    assert "Ligner Kirsten Ågård – se dem side om side" in main_text(page)
    assert page.content.decode().count(f'href="{compare(newcomer)}"') == 2
    tasks = desk.get("/opgaver/").content.decode()
    assert f'href="{compare(newcomer)}">Ligner en, der er her i forvejen – se dem side om side</a>' in tasks


def test_participant_detail_says_nothing_where_nobody_is_alike(
    desk: Client, programme: Programme, other_programme: Programme, now: dt.datetime
) -> None:
    make_participant(other_programme, **KIRSTEN)

    newcomer = arrive(programme, now).participant

    assert LINK not in main_text(page_of(desk, newcomer))


def test_participant_detail_says_nothing_where_a_colleague_has_been_asked(
    desk: Client, programme: Programme, kirsten: Participant, coordinator: User, now: dt.datetime
) -> None:
    newcomer = arrive(programme, now, by=coordinator, intake=Intake.PHONE).participant

    assert LINK not in main_text(page_of(desk, newcomer))


def test_participant_detail_asks_until_somebody_has_spoken_with_the_person(
    desk: Client, programme: Programme, kirsten: Participant
) -> None:
    for stage, asked in ((Stage.RECEIVED, True), (Stage.CONTACTING, True), (Stage.CONVERSATION, False)):
        newcomer = make_participant(programme, **{**KIRSTEN, "postcode": "6800"}, stage=stage)
        make_referral(programme, participant=newcomer, intake=Intake.WEB)

        assert (LINK in main_text(page_of(desk, newcomer))) is asked


def test_participant_compare_shows_both_side_by_side_and_leads_to_each(
    desk: Client, programme: Programme, kirsten: Participant, now: dt.datetime
) -> None:
    make_referral(programme, participant=kirsten, workplace="Jobcenter Ribe")
    newcomer = arrive(programme, now).participant

    page = desk.get(compare(newcomer)).content.decode()

    for shown in ("Kirstn Ågard", "Kirsten Ågård", "Samme telefonnummer", "Jobcenter Ribe", "20 12 34 56"):
        assert shown in page
    for one in (newcomer, kirsten):
        assert f'href="/deltagere/{one.pk}/"' in page


def test_participant_compare_of_somebody_unlike_anybody_says_so(desk: Client, kirsten: Participant) -> None:
    assert "Ingen ligner" in main_text(desk.get(compare(kirsten)))


def test_participant_compare_knows_nobody_of_another_programme(
    desk: Client, programme: Programme, other_programme: Programme, kirsten: Participant
) -> None:
    elsewhere = make_participant(other_programme, **KIRSTEN)

    assert desk.get(compare(elsewhere)).status_code == 404
    assert "Ingen ligner" in main_text(desk.get(compare(kirsten)))


def test_participant_compare_is_closed_to_an_administrator(
    client_for: Callable[[User], Client], administrator: User, kirsten: Participant
) -> None:
    assert client_for(administrator).get(compare(kirsten)).status_code == 403


def test_participant_compare_takes_as_many_queries_with_many_as_with_one(
    desk: Client, programme: Programme, kirsten: Participant
) -> None:
    counts = set()
    for rows in (1, 2, 4):
        for _ in range(rows):
            make_referral(programme, participant=make_participant(programme, **KIRSTEN))
        counts.add(queries_of(desk, compare(kirsten)))

    assert len(counts) == 1


def test_sign_up_answers_alike_whether_the_person_is_known_or_resembled(
    client: Client, programme: Programme, other_programme: Programme, kirsten: Participant
) -> None:
    typed = {
        "given_name": "Kirstn",
        "family_name": "Ågard",
        "phone": "20123456",
        "birth_year": "1961",
        "postcode": "6700",
        "agreed": "on",
    }

    def pages(slug: str) -> list[tuple[int, str]]:
        form = f"/tilmeld/{slug}/"
        said = {**as_read(client, form), **typed}
        check = client.post(form, said)
        sent = client.post(form, {**said, "step": "send"}, follow=True)
        return [
            (page.status_code, re.sub(r"\b[A-Z0-9-]{6,12}\b", "", main_text(page))) for page in (check, sent)
        ]

    known, unknown = pages(programme.slug), pages(other_programme.slug)

    names = {programme.name: "", other_programme.name: "", programme.municipality: ""}
    names[other_programme.municipality] = ""
    for one, other in zip(known, unknown, strict=True):
        texts = [said for _, said in (one, other)]
        for name in names:
            texts = [said.replace(name, "") for said in texts]
        assert one[0] == other[0] == 200
        assert texts[0] == texts[1]
        assert "igner" not in texts[0]
