"""The page of statistics: whole for the coordinator, protected for the manager, and nobody named."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from evaluation.enums import Occasion
from participants.enums import Stage
from tests.factories import make_cohort, make_enrolment, make_participant, make_referral, make_response
from tests.urlconf import routes

URL = "/statistik/"
BEFORE = [24, 32, 36, 40, 44, 28, 52, 48, 36, 40, 20, 56]
AFTER = [48, 44, 64, 40, 60, 52, 56, 44, 68, 52, 36, 76]


def items_of(score):
    raw = score // 4
    return tuple(raw // 5 + (place < raw % 5) for place in range(5))


def measured(programme, before, after, **referral):
    who = make_participant(programme, stage=Stage.COMPLETED, given_name="Zenobia")
    make_referral(programme, participant=who, **referral)
    make_response(who, Occasion.BEFORE, items_of(before), self_rated_health=4, comment="Zenobias dag")
    make_response(who, Occasion.AFTER, items_of(after), self_rated_health=2)
    return who


@pytest.fixture
def vector(programme):
    """The twelve pairs of the published check of the arithmetic."""
    return [measured(programme, *pair) for pair in zip(BEFORE, AFTER, strict=True)]


def page_of(client, query="?periode=alt"):
    response = client.get(URL + query)
    assert response.status_code == 200
    return response.content.decode()


def words(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_coordinator_sees_exact_results(client_for, coordinator, vector):
    text = words(page_of(client_for(coordinator)))
    for figure in (
        "38,0 Trivsel før",
        "53,3 Trivsel efter",
        "+15,3 Forskel 95 % sikkerhedsinterval 8,2 til 22,4",
        "Spredning (SD) 11,0 12,0",
        "Forskellen delt med dens egen spredning 1,37",
        "95 % sikkerhedsinterval 47 % til 91 % 9 af 12 (75 %)",
        "4 af 12",
        "10, 1, 1",
        "10 af 12 (83 %) 5 af 12 (42 %)",
        "3 af 12 (25 %) 0 af 12 (0 %)",
        "0 af 12 (0 %) 12 af 12 (100 %)",
    ):
        assert figure in text


def test_the_manager_sees_whole_points_and_no_few(client_for, manager, vector):
    text = words(page_of(client_for(manager)))
    for figure in (
        "12 Personer målt før og efter",
        "38 Trivsel før",
        "53 Trivsel efter",
        "+15 Forskel 95 % sikkerhedsinterval 8 til 22",
        "95 % sikkerhedsinterval 47 % til over 90 % 75 %",
        "83 % 42 %",
        "25 % under 10 %",
        "under 10 % over 90 %",
    ):
        assert figure in text
    for hidden in ("Spredning", "d_z", "Bedre, uændret", "9 af 12", "38,0", "53,3", "Hvorfor eftermålingen"):
        assert hidden not in text


@pytest.mark.parametrize("pairs", [0, 1, 9])
def test_below_ten_pairs_the_manager_sees_no_result(client_for, manager, programme, pairs):
    for _ in range(pairs):
        measured(programme, 24, 92)
    page = page_of(client_for(manager))
    text = words(page)
    assert "Vises fra 10 par" in text
    assert "Trivsel før " not in text.replace("Trivsel før og efter", "")
    assert "92" not in re.sub(r"<svg.*?</svg>", "", text)
    assert "Gennemsnitlig trivsel" not in page


def test_ten_pairs_are_enough_for_the_manager(client_for, manager, programme):
    for _ in range(10):
        measured(programme, 24, 92)
    text = words(page_of(client_for(manager)))
    assert "Vises fra 10 par" not in text
    assert "+68 Forskel 95 % sikkerhedsinterval 68 til 68" in text


def measures_on(page):
    return words(page).partition("Trivsel før og efter")[2]


def test_no_choice_of_periods_tells_the_manager_of_the_one_person_between_them(
    client_for, manager, coordinator, programme
):
    """Eleven pairs this year and a twelfth long ago: two pages less than a person apart."""
    now = timezone.now()
    for score in [40] * 11:
        measured(programme, score, 60, received_at=now)
    measured(programme, 0, 4, received_at=now - dt.timedelta(days=3 * 365))

    def pages(client):
        return {measures_on(page_of(client, f"?periode={period}")) for period in ("i-aar", "alt")}

    assert len(pages(client_for(manager))) == 1
    # The control: the coordinator, who knows them all, sees the two periods apart.
    assert len(pages(client_for(coordinator))) == 2


def test_the_mean_of_all_is_hidden_from_the_manager_when_it_tells_of_the_few(client_for, manager, programme):
    for _ in range(10):
        measured(programme, 40, 60)
    alone = make_participant(programme, stage=Stage.ACTIVE)
    make_response(alone, Occasion.BEFORE, (0, 0, 0, 0, 0))
    client = client_for(manager)
    assert "Også dem uden eftermåling skjult" in words(page_of(client))
    for _ in range(9):
        make_response(make_participant(programme), Occasion.BEFORE, (0, 0, 0, 0, 0))
    assert "Også dem uden eftermåling 20" in words(page_of(client))


def test_the_coordinator_sees_a_single_pair_without_deviation(client_for, coordinator, programme):
    measured(programme, 40, 52)
    text = words(page_of(client_for(coordinator)))
    assert "+12,0 Forskel Sikkerhedsinterval kræver mindst to par" in text
    assert "Spredning (SD) – –" in text
    assert "Forskellen delt med dens egen spredning –" in text


@pytest.mark.parametrize("role", ["coordinator", "manager"])
def test_the_caveat_always_stands_there(client_for, request, programme, role):
    text = words(page_of(client_for(request.getfixturevalue(role))))
    assert "Der er ingen kontrolgruppe" in text
    assert "regression mod gennemsnittet" in text


@pytest.mark.parametrize("role", ["coordinator", "manager"])
def test_the_page_names_nobody(client_for, request, programme, vector, role):
    make_enrolment(make_cohort(programme), vector[0])
    page = page_of(client_for(request.getfixturevalue(role)))
    for who in vector:
        for personal in (who.given_name, who.family_name, who.reference, who.email, str(who.pseudonym)):
            assert personal not in page
    assert "Zenobias dag" not in page
    assert "/deltagere/" not in page.replace('href="/deltagere/"', "")


def test_the_funnel_and_seats_are_exact_for_the_manager(client_for, manager, programme):
    make_referral(programme, participant=make_participant(programme, stage=Stage.ACTIVE))
    make_enrolment(make_cohort(programme, name="Holdet ved åen", capacity=8))
    text = words(page_of(client_for(manager)))
    assert "Jobcenter 1 1 1 1 1 0 0 0 0" in text
    assert "Holdet ved åen 24.03.2026 8 1 13 %" in text


def test_the_period_stands_in_the_address_and_an_unknown_one_is_the_last_twelve_months(
    client_for, manager, programme
):
    client = client_for(manager)
    current = 'href="/statistik/?periode={}" aria-current="page"'
    for period in ("i-aar", "12-maaneder", "alt"):
        assert current.format(period) in page_of(client, f"?periode={period}")
    for query in ("", "?periode=", "?periode=<script>"):
        page = page_of(client, query)
        assert current.format("12-maaneder") in page
        assert "<script>" not in page


def test_the_pictures_carry_a_description_and_nothing_that_the_policy_stops(client_for, coordinator, vector):
    page = page_of(client_for(coordinator))
    pictures = re.findall(r'<svg role="img" aria-label="([^"]+)".*?</svg>', page, re.DOTALL)
    assert len(pictures) == 4
    assert "før 38,0, efter 53,3" in pictures[3]
    assert " style=" not in page
    assert "<style" not in page


def test_a_cohorts_name_is_text_in_its_picture_too(client_for, manager, programme):
    make_cohort(programme, name='<script>alert("x")</script> & "co"')
    page = page_of(client_for(manager))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_page_takes_the_same_number_of_queries_for_any_number_of_people(client_for, manager, programme):
    client = client_for(manager)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            page_of(client)
        return len(captured)

    measured(programme, 24, 48)
    one = queries()
    for pair in zip(BEFORE * 2, AFTER * 2, strict=True):
        measured(programme, *pair)
    assert queries() == one


@pytest.mark.parametrize(
    ("role", "status"),
    [("coordinator", 200), ("manager", 200), ("administrator", 403), (None, 302)],
)
def test_who_may_open_the_statistics(client_for, request, programme, role, status):
    user = request.getfixturevalue(role) if role else None
    assert client_for(user).get(URL).status_code == status


def test_the_manager_can_open_no_page_that_names_a_person(client_for, manager, programme, vector):
    """Every staff page with a person in its address, and the lists of persons."""
    make_enrolment(make_cohort(programme), vector[0])
    client = client_for(manager)
    about_people = [
        route
        for route in routes()
        if route.permission is not None and route.permission.value != "see_statistics"
    ]
    assert len(about_people) > 10
    samples = {"pk": vector[0].pk, "occasion": "before"}
    for route in about_people:
        if not set(route.parameters) <= set(samples):
            continue
        address = reverse(route.name, kwargs={name: samples[name] for name in route.parameters})
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code == 403, address
            assert "Zenobia" not in answer.content.decode()
