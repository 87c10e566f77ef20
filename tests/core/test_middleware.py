import time

import pytest
from django.test import override_settings

pytestmark = pytest.mark.urls("tests.core.urls")

TYPED = {"note": "Jeg vil gerne med & være <glad>\r\nhver uge", "day": ["man", "ons"], "website": ""}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["operational", "interface"])
def test_a_fault_of_the_database_is_an_honest_danish_page(client, kind):
    response = client.get(f"/fejl/{kind}/")
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert response["Cache-Control"] == "private, no-store"
    body = response.content.decode()
    assert "Siden er lukket et øjeblik" in body
    assert "er det ikke modtaget" in body
    assert "Send igen" not in body  # nothing was typed


@pytest.mark.django_db
def test_another_fault_is_not_blamed_on_the_database(browser):
    response = browser.get("/fejl/other/")
    assert response.status_code == 500
    assert "Der gik noget galt hos os" in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_query_that_takes_too_long_is_the_same_page(client):
    assert client.post("/langsom/", TYPED).status_code == 503


def test_a_database_that_is_away_answers_in_time_and_without_thanks(browser, database_down):
    began = time.monotonic()
    response = browser.get("/gem/")
    assert time.monotonic() - began < 3
    assert response.status_code == 503
    assert b"gemt" not in response.content


def test_what_was_typed_is_sent_again_when_the_database_is_back(browser, database_down, form_on):
    outdated = form_on(browser.post("/gem/", TYPED).content.decode())
    token = outdated.data["csrfmiddlewaretoken"]
    page = browser.post("/gem/?trin=2", {**TYPED, "csrfmiddlewaretoken": token})
    assert page.status_code == 503

    form = form_on(page.content.decode())
    assert form.action == "/gem/?trin=2"
    assert form.data["day"] == ["man", "ons"]
    assert form.data["website"] == [""]
    database_down.back()
    received = browser.post(form.action, form.data)
    assert received.content.decode() == f"gemt: {TYPED['note']}"


@pytest.mark.django_db(transaction=True)
def test_a_member_whose_session_cannot_be_read_gets_the_same_page(browser, administrator, database_down):
    database_down.back()
    browser.force_login(administrator, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.get("/hvem/").content.decode() == "Ada Administrator"
    database_down.again()
    response = browser.get("/hvem/")
    assert response.status_code == 503
    assert b"Ada" not in response.content


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_middleware_that_the_database_fails_gives_the_same_page(browser, settings, method):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.core.urls.middleware_without_database"]
    response = getattr(browser, method)("/ekko/")
    assert response.status_code == 503
    assert "Siden er lukket et øjeblik" in response.content.decode()
    assert response["Content-Security-Policy"]


@pytest.mark.django_db
def test_no_page_is_kept_by_a_cache(client):
    for path in ["/ekko/", "/findes-ikke/", "/tilgaengelighed/", "/healthz"]:
        assert client.get(path)["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
@override_settings(DATA_UPLOAD_MAX_NUMBER_FIELDS=2)
def test_a_post_too_large_to_read_is_no_fault_of_ours(client):
    assert client.post("/ekko/", {"a": "1", "b": "2", "c": "3"}).status_code == 400
