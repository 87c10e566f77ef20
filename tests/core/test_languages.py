"""Public pages speak the visitor's language, staff pages Danish, and only a button changes it."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core.languages import for_staff

pytestmark = pytest.mark.django_db

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en-GB,en;q=0.9"}
STATEMENT = "/tilgaengelighed/"


def language_of(response) -> str:
    page = response.content.decode()
    return page.split('<html lang="', 1)[1].split('"', 1)[0]


def choose(client: Client, code: str, **posted):
    return client.post(reverse("core:language"), {"page_language": code, **posted})


@pytest.mark.parametrize(
    ("browser", "shown"),
    [
        ("", "da"),
        ("da-DK,da;q=0.9,en;q=0.8", "da"),
        ("en-GB,en;q=0.9,da;q=0.8", "en"),
        ("pl,en;q=0.5", "en"),
        ("pl", "da"),
        ("x;;q=nonsense", "da"),
    ],
)
def test_first_visit_is_danish_unless_the_browser_prefers_english(client, browser, shown):
    response = client.get(STATEMENT, HTTP_ACCEPT_LANGUAGE=browser)
    assert language_of(response) == shown
    assert response["Content-Language"] == shown
    assert {"Accept-Language", "Cookie"} <= {part.strip() for part in response["Vary"].split(",")}


def test_button_changes_the_language_and_leads_back(client):
    response = choose(client, "en", next="/tilgaengelighed/?a=b")
    assert (response.status_code, response["Location"]) == (302, "/tilgaengelighed/?a=b")
    cookie = response.cookies["django_language"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("en", True, "Lax")
    assert language_of(client.get(STATEMENT)) == "en"
    choose(client, "da", next=STATEMENT)
    assert language_of(client.get(STATEMENT, **ENGLISH)) == "da"


def test_button_works_with_csrf_checks_on():
    """The page that carries it needs no cookie, and another site could change nothing but the language."""
    strict = Client(enforce_csrf_checks=True)
    assert choose(strict, "en", next=STATEMENT).status_code == 302
    assert language_of(strict.get(STATEMENT)) == "en"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "", "\\\\evil.example"]
)
def test_button_leads_to_no_other_site(client, elsewhere):
    assert choose(client, "en", next=elsewhere)["Location"] == "/"


def test_button_without_an_address_leads_back_to_the_page_it_stood_on(client):
    response = client.post(
        reverse("core:language"), {"page_language": "en"}, HTTP_REFERER=f"http://testserver{STATEMENT}"
    )
    assert response["Location"] == STATEMENT


@pytest.mark.parametrize("code", ["", "xx", "de", "../../etc", "en\r\nSet-Cookie: a=b", "EN"])
def test_a_language_that_is_not_offered_changes_nothing(client, code):
    response = choose(client, code, next=STATEMENT)
    assert response.status_code == 302
    assert "django_language" not in response.cookies


def test_reading_changes_no_language(client):
    assert client.get(reverse("core:language")).status_code == 405
    assert "django_language" not in client.get(f"{STATEMENT}?page_language=en").cookies
    assert language_of(client.get(f"{STATEMENT}?page_language=en")) == "da"


def test_staff_pages_are_danish_whatever_the_visitor_chose(client_for, coordinator):
    client = client_for(coordinator)
    choose(client, "en")
    assert language_of(client.get(STATEMENT)) == "en"
    for path in ("/overblik/", "/deltagere/", "/deltagere/999999/", "/konto/password/change/"):
        page = client.get(path, **ENGLISH)
        assert language_of(page) == "da", path


def test_staff_pages_take_no_language_from_a_button(client_for, coordinator):
    client = client_for(coordinator)
    client.post("/opgaver/ny/", {"page_language": "en"})
    assert "django_language" not in client.cookies


def test_sign_in_is_danish(client):
    assert language_of(client.get("/konto/login/", **ENGLISH)) == "da"


def test_an_address_that_does_not_exist_answers_in_the_visitors_language(client):
    response = client.get("/findes-ikke/", **ENGLISH)
    assert (response.status_code, language_of(response)) == (404, "en")


def test_one_visitors_language_is_not_the_next_ones(client):
    """A worker's thread answers one after another."""
    before = translation.get_language()
    client.get(STATEMENT, **ENGLISH)
    assert translation.get_language() == before
    assert language_of(Client().get(STATEMENT)) == "da"


def test_what_a_service_writes_for_staff_is_danish():
    with translation.override("en"):
        assert for_staff(translation.get_language)() == "da"
        assert translation.get_language() == "en"
