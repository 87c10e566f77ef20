"""The coordinator tells two apart, merges them and takes it back: pages, refusals and what they say."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from accounts.models import Programme, User
from evaluation.enums import Mode
from evaluation.models import Response
from participants.models import NotSamePerson, Participant, PersonMerge
from participants.services import renew_participant_page_link
from tests.factories import (
    make_cohort,
    make_enrolment,
    make_participant,
    make_referral,
    make_response,
)
from tests.recruitment.desk import queries_of
from tests.referrals.pages import main_text

KIRSTEN: dict[str, Any] = {
    "given_name": "Kirsten",
    "family_name": "Ågård",
    "phone": "+4520123456",
    "email": "",
    "birth_year": 1961,
}
CHOSEN = {"stays": "one", "name": "one", "phone": "other"}


@pytest.fixture
def desk(client_for: Callable[[User], Client], coordinator: User) -> Client:
    return client_for(coordinator)


@pytest.fixture
def kirsten(programme: Programme) -> Participant:
    return make_participant(programme, **KIRSTEN)


@pytest.fixture
def kirstn(programme: Programme) -> Participant:
    return make_participant(programme, **{**KIRSTEN, "given_name": "Kirstn", "phone": "+4520999999"})


def address(one: Participant, other: Participant) -> str:
    return f"/deltagere/{one.pk}/saml/{other.pk}/"


def compare(participant: Participant) -> str:
    return f"/deltagere/{participant.pk}/ligner/"


def text(response: HttpResponse) -> str:
    return response.content.decode()


# --- Told apart ------------------------------------------------------------------------------------


def test_two_told_apart_are_not_proposed_and_can_be_asked_about_again(
    desk: Client, programme: Programme, kirsten: Participant, coordinator: User
) -> None:
    other = make_participant(programme, **KIRSTEN)
    said = {"other": other.pk}
    assert "Ja, saml dem" in text(desk.get(compare(kirsten)))

    page = desk.post(f"/deltagere/{kirsten.pk}/ikke-samme/", said, follow=True)

    assert "Ja, saml dem" not in text(page)
    assert "det er to personer" in main_text(page) + text(page)
    with scope(programme=programme):
        assert NotSamePerson.objects.get().noted_by == coordinator

    page = desk.post(f"/deltagere/{kirsten.pk}/ikke-samme/", {**said, "take_back": "yes"}, follow=True)
    assert "Ja, saml dem" in text(page)


@pytest.mark.parametrize("said", [{}, {"other": "x"}, {"other": "987654321"}])
def test_a_forged_answer_is_a_bad_request(desk: Client, kirsten: Participant, said: dict[str, str]) -> None:
    assert desk.post(f"/deltagere/{kirsten.pk}/ikke-samme/", said).status_code == 400
    assert desk.post(f"/deltagere/{kirsten.pk}/ikke-samme/", {"other": kirsten.pk}).status_code == 400


def test_somebody_of_another_programme_is_nobody(
    desk: Client, kirsten: Participant, other_programme: Programme
) -> None:
    elsewhere = make_participant(other_programme, **KIRSTEN)

    assert desk.post(f"/deltagere/{kirsten.pk}/ikke-samme/", {"other": elsewhere.pk}).status_code == 400
    assert desk.post(address(kirsten, elsewhere), CHOSEN).status_code == 404
    page = desk.post(compare(kirsten), {"search": elsewhere.reference})
    assert "Ingen andre passer" in main_text(page)


# --- Found -----------------------------------------------------------------------------------------


def test_the_comparison_finds_somebody_unlike_by_name_or_reference(
    desk: Client, programme: Programme, kirsten: Participant
) -> None:
    married = make_participant(programme, given_name="Kit", family_name="Holm")

    for asked in ("Holm", married.reference.lower().replace("-", "")):
        page = text(desk.post(compare(kirsten), {"search": asked}))
        assert f'href="{address(kirsten, married)}"' in page
    assert f'href="{address(kirsten, kirsten)}"' not in text(desk.post(compare(kirsten), {"search": "Ågård"}))
    nothing = desk.post(compare(kirsten), {"search": " "})
    assert nothing.status_code == 422
    assert "Skriv et navn" in text(nothing)


def test_the_comparison_takes_as_many_queries_with_many_as_with_one(
    desk: Client, programme: Programme, kirsten: Participant
) -> None:
    counts = set()
    for rows in (1, 3):
        for _ in range(rows):
            other = make_participant(programme, **KIRSTEN)
            apart = make_participant(programme, **KIRSTEN)
            make_referral(programme, participant=other)
            desk.post(f"/deltagere/{kirsten.pk}/ikke-samme/", {"other": apart.pk})
        counts.add(queries_of(desk, compare(kirsten)))
    assert len(counts) == 1


# --- Merged ----------------------------------------------------------------------------------------


def test_the_merge_page_shows_before_what_differs_and_what_moves_and_changes_nothing(
    desk: Client, programme: Programme, kirsten: Participant, kirstn: Participant
) -> None:
    for _ in range(3):
        make_referral(programme, participant=kirstn)

    page = desk.get(address(kirsten, kirstn))

    told = main_text(page)
    for shown in ("Kirsten Ågård", "Kirstn Ågård", "20 12 34 56", "20 99 99 99", "Henvisninger"):
        assert shown in told
    assert "Postnummer" not in told.split("Hvad er rigtigt?")[1].split("Et telefonnummer")[0]
    with scope(programme=programme):
        assert not PersonMerge.objects.exists()


def test_one_button_merges_and_the_other_page_leads_to_the_one_that_stays(
    desk: Client, programme: Programme, kirsten: Participant, kirstn: Participant, coordinator: User
) -> None:
    make_referral(programme, participant=kirstn)

    response = desk.post(address(kirsten, kirstn), CHOSEN, follow=True)

    assert response.redirect_chain == [(f"/deltagere/{kirsten.pk}/", 302)]
    page = text(response)
    assert "Samlet af to" in page
    assert "20 99 99 99" in page
    assert "Andet telefonnummer: 20 12 34 56" in page
    led = desk.get(f"/deltagere/{kirstn.pk}/", follow=True)
    assert led.redirect_chain == [(f"/deltagere/{kirsten.pk}/", 302)]
    assert f"{kirstn.reference} er samlet med denne person." in text(led)
    for gone in ("ret", "ligner", "egen-side"):
        assert desk.get(f"/deltagere/{kirstn.pk}/{gone}/").status_code == 404
    listed = main_text(desk.get("/deltagere/"))
    assert kirsten.full_name in listed
    assert kirstn.full_name not in listed
    with scope(programme=programme):
        assert PersonMerge.objects.get().merged_by == coordinator


def test_the_button_pressed_twice_merges_once_and_undone_twice_undoes_once(
    desk: Client, programme: Programme, kirsten: Participant, kirstn: Participant
) -> None:
    for one, other in ((kirsten, kirstn), (kirsten, kirstn), (kirstn, kirsten)):
        response = desk.post(address(one, other), CHOSEN)
        assert response["Location"] == f"/deltagere/{kirsten.pk}/"
    with scope(programme=programme):
        merge = PersonMerge.objects.get()

    for _press in range(2):
        page = desk.post(f"/deltagere/{kirsten.pk}/skil-ad/{merge.pk}/", follow=True)
        assert page.status_code == 200

    assert "Samlet af to" not in text(page)
    assert desk.get(f"/deltagere/{kirstn.pk}/").status_code == 200


def test_the_record_that_is_chosen_stays_whichever_page_it_is_chosen_on(
    desk: Client, kirsten: Participant, kirstn: Participant
) -> None:
    response = desk.post(address(kirsten, kirstn), {**CHOSEN, "stays": "other"})

    assert response["Location"] == f"/deltagere/{kirstn.pk}/"


def test_what_cannot_be_merged_says_what_to_do_first_before_and_after_the_button(
    desk: Client, programme: Programme, kirsten: Participant, kirstn: Participant
) -> None:
    for person in (kirsten, kirstn):
        make_enrolment(make_cohort(programme), person)

    before, after = desk.get(address(kirsten, kirstn)), desk.post(address(kirsten, kirstn), CHOSEN)

    assert (before.status_code, after.status_code) == (200, 422)
    for page in (before, after):
        assert "Afslut den ene plads, før du samler dem." in text(page)


def test_of_two_answers_the_coordinator_chooses_by_how_they_came_about(
    desk: Client, programme: Programme, kirsten: Participant, kirstn: Participant
) -> None:
    make_response(kirsten, mode=Mode.PAPER, answered_on=dt.date(2026, 3, 2))
    make_response(kirstn, mode=Mode.OWN_PHONE, answered_on=dt.date(2026, 3, 9), items=(1, 2, 3, 4, None))

    page = main_text(desk.get(address(kirsten, kirstn)))
    assert "De to kan ikke samles endnu" not in page
    assert "02.03.2026, på papir, skrevet ind, alle spørgsmål besvaret" in page
    assert "09.03.2026, på egen telefon, ikke alle spørgsmål besvaret" in page
    unsaid = desk.post(address(kirsten, kirstn), CHOSEN)
    assert unsaid.status_code == 422
    assert "Vælg, hvilket svar der gælder." in text(unsaid)

    desk.post(address(kirsten, kirstn), {**CHOSEN, "answer_before": "other"})

    with scope(programme=programme):
        assert Response.objects.get(participant=kirsten).mode == Mode.OWN_PHONE
        assert Response.objects.get(participant=kirstn).mode == Mode.PAPER
        merge = PersonMerge.objects.get()
    desk.post(f"/deltagere/{kirsten.pk}/skil-ad/{merge.pk}/")
    with scope(programme=programme):
        assert Response.objects.get(participant=kirsten).mode == Mode.PAPER
        assert Response.objects.get(participant=kirstn).mode == Mode.OWN_PHONE


def test_a_choice_left_out_is_asked_for_and_the_others_are_kept(
    desk: Client, kirsten: Participant, kirstn: Participant
) -> None:
    response = desk.post(address(kirsten, kirstn), {"stays": "other", "phone": "one"})

    assert response.status_code == 422
    page = text(response)
    assert "Vælg, hvilken af de to der er den rigtige." in page
    assert 'name="stays" value="other"' in page.replace("\n", " ")
    assert page.count("checked") == 2


def test_the_personal_link_of_the_absorbed_record_opens_nothing_until_it_is_undone(
    desk: Client, client: Client, programme: Programme, kirsten: Participant, kirstn: Participant
) -> None:
    with scope(programme=programme):
        link = renew_participant_page_link(participant=kirstn, now=timezone.now())
    assert client.get(f"/mit-forloeb/{link}/", follow=True).status_code == 200

    desk.post(address(kirsten, kirstn), CHOSEN)
    assert client.get(f"/mit-forloeb/{link}/", follow=True).status_code == 404

    with scope(programme=programme):
        merge = PersonMerge.objects.get()
    desk.post(f"/deltagere/{kirsten.pk}/skil-ad/{merge.pk}/")
    assert client.get(f"/mit-forloeb/{link}/", follow=True).status_code == 200
