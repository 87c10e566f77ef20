"""The coordinator keeps the places where cohorts meet."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from courses.models import Venue
from tests.factories import make_venue
from tests.recruitment.cohorts import address, text, upcoming


@pytest.fixture
def client(client_for, coordinator):
    return client_for(coordinator)


def answers(**changed):
    return {"name": "Museet", "address": "Torvegade 1", "directions": "Ring på.", **changed}


def test_venue_list_is_friendly_when_empty(client):
    assert "Ingen mødesteder endnu" in text(client.get(address("venue_list")))


def test_venue_list_counts_what_meets_there(client, programme):
    venue = make_venue(programme, name="Biblioteket")
    upcoming(programme, venue=venue)
    page = text(client.get(address("venue_list")))
    assert "Biblioteket" in page
    assert '<td class="number" data-title="Hold">1</td>' in page


def test_venue_list_takes_the_same_queries_for_1_and_30_venues(client, programme):
    seen = []
    for number in (1, 29):
        for _ in range(number):
            make_venue(programme)
        client.get(address("venue_list"))
        with CaptureQueriesContext(connection) as queries:
            client.get(address("venue_list"))
        seen.append(len(queries))
    assert len(set(seen)) == 1, seen


def test_venue_create_keeps_every_answer(client, programme):
    assert client.post(address("venue_create"), answers()).status_code == 302
    with scope(programme=programme):
        venue = Venue.objects.get()
    assert (venue.name, venue.address, venue.directions) == ("Museet", "Torvegade 1", "Ring på.")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": " "}, "Skriv stedets navn"),
        ({"name": "OPTAGET"}, "Navnet “Optaget” er allerede brugt"),
        ({"name": "x" * 101}, "Teksten er 1 tegn for lang"),
        ({"address": "\x00"}, "et tegn, vi ikke kan gemme"),
        ({"directions": "x" * 1001}, "Teksten er 1 tegn for lang"),
    ],
)
def test_venue_create_says_what_to_do(client, programme, changed, said):
    make_venue(programme, name="Optaget")
    response = client.post(address("venue_create"), answers(**changed))
    assert response.status_code == 422
    assert said in text(response)


def test_venue_edit_shows_what_is_known_and_saves_what_is_new(client, programme):
    venue = make_venue(programme, name="Gammelt")
    url = address("venue_edit", venue.pk)
    assert 'value="Gammelt"' in text(client.get(url))
    assert client.post(url, answers(name="Nyt")).status_code == 302
    venue.refresh_from_db()
    assert venue.name == "Nyt"


def test_venue_edit_refuses_anothers_name(client, programme):
    make_venue(programme, name="Optaget")
    response = client.post(address("venue_edit", make_venue(programme).pk), answers(name="optaget"))
    assert response.status_code == 422
