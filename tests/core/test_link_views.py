import logging
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import get_scope

from core.link_views import link_view
from core.models import LinkToken
from core.tokens import issue_token, revoke_tokens

pytestmark = [pytest.mark.urls("tests.core.urls"), pytest.mark.django_db]


@pytest.fixture
def issue(programme):
    def issued(**changes):
        now = timezone.now()
        usual = {
            "purpose": "measure",
            "programme_id": programme.pk,
            "subject_id": 7,
            "expires_at": now + timedelta(days=14),
            "now": now,
        }
        return issue_token(**{**usual, **changes})

    return issued


def test_the_first_visit_moves_the_token_from_the_address_into_a_cookie(client, issue):
    raw = issue()
    response = client.get(f"/skema/{raw}/")
    assert (response.status_code, response["Location"]) == (302, "/skema/")
    cookie = response.cookies["link-measure"]
    assert cookie.value == raw
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (
        3600,
        True,
        "Lax",
        "/",
    )
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cache-Control"] == "private, no-store"


def test_with_https_the_cookie_is_bound_to_the_host(client, issue, settings):
    settings.COOKIE_PREFIX = "__Host-"
    cookie = client.get(f"/skema/{issue()}/", secure=True).cookies["__Host-link-measure"]
    assert cookie["secure"]
    assert cookie["path"] == "/"
    assert not cookie["domain"]


def test_the_bare_page_opens_in_the_scope_of_the_links_programme(client, issue, programme):
    response = client.get(f"/skema/{issue()}/", follow=True)
    assert response.content.decode() == f"7 {programme.slug}"
    assert response["Cache-Control"] == "private, no-store"
    assert get_scope() == {}


@pytest.mark.parametrize("spelled", ["{}".upper, "{}.", "{})", "{}>", "{},"])
def test_a_link_mangled_by_a_mail_program_opens_all_the_same(client, issue, spelled):
    raw = issue()
    address = raw.upper() if callable(spelled) else spelled.format(raw)
    response = client.get(f"/skema/{address}/?utm_source=mail", follow=True)
    assert response.redirect_chain[-1][0] == "/skema/"
    assert response.cookies.get("link-measure") is None
    assert client.cookies["link-measure"].value == raw
    assert response.status_code == 200


def test_scanners_that_follow_a_link_use_nothing_up(client, issue):
    raw = issue()
    for _ in range(20):
        for method in (client.get, client.head, client.options):
            method(f"/skema/{raw}/")
            method("/skema/")
    assert LinkToken.objects.get().used_at is None


def test_a_scanner_cannot_answer_at_the_address_of_the_link(client, issue):
    response = client.post(f"/skema/{issue()}/", {"note": "x"})
    assert response.status_code == 405
    assert LinkToken.objects.get().used_at is None


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_refused(client, issue, method):
    assert client.generic(method, f"/skema/{issue()}/").status_code == 405


def test_the_button_uses_the_link_up(client, issue):
    client.get(f"/skema/{issue()}/")
    assert client.post("/skema/", {"note": "glad"}).content.decode() == "svaret glad"
    assert LinkToken.objects.get().used_at is not None


def test_a_second_press_on_the_button_ends_at_the_receipt(client, issue):
    raw = issue()
    client.get(f"/skema/{raw}/")
    client.post("/skema/", {"note": "glad"})
    again = client.post("/skema/", {"note": "glad"})
    assert (again.status_code, again["Location"]) == (302, "/tak/")
    assert client.get(f"/skema/{raw}/")["Location"] == "/tak/"


def test_a_used_link_without_a_receipt_says_what_to_do(client, issue):
    client.get(f"/min-side/{issue(purpose='own-page')}/")
    client.post("/min-side/")
    response = client.post("/min-side/")
    assert response.status_code == 404
    assert "kontakt den, der sendte det" in response.content.decode()


def unusable_links(issue):
    now = timezone.now()
    expired = issue(now=now - timedelta(days=2), expires_at=now - timedelta(days=1))
    revoked = issue(subject_id=9)
    revoke_tokens(purpose="measure", subject_id=9, now=now)
    return {
        "unknown": "a" * 26,
        "malformed": "abc",
        "expired": expired,
        "revoked": revoked,
        "other purpose": issue(purpose="own-page"),
    }


def test_every_unusable_link_gets_the_same_page(issue):
    pages = {}
    for name, raw in unusable_links(issue).items():
        response = Client().get(f"/skema/{raw}/")
        headers = {key: value for key, value in response.headers.items() if key != "Content-Security-Policy"}
        pages[name] = (response.status_code, headers, response.content, sorted(response.cookies))
    assert pages["unknown"][0] == 404
    assert b"Linket virker ikke" in pages["unknown"][2]
    assert all(page == pages["unknown"] for page in pages.values()), pages


def test_a_link_that_expires_while_its_page_stands_open_gets_that_page_too(client, issue):
    client.get(f"/skema/{issue()}/")
    revoke_tokens(purpose="measure", subject_id=7, now=timezone.now())
    assert client.get("/skema/").status_code == 404
    assert client.post("/skema/", {"note": "glad"}).status_code == 404


def test_without_cookies_the_page_says_to_open_the_link_again(client):
    response = client.get("/skema/")
    assert response.status_code == 404
    assert "Åbn linket direkte fra den besked, du fik" in response.content.decode()


def test_an_answer_after_more_than_an_hour_waits_for_the_link_to_be_opened_again(client, issue):
    raw = issue()
    page = client.post("/skema/", {"note": "det går bedre & bedre"}).content.decode()
    assert 'name="note" value="det går bedre &amp; bedre"' in page
    assert 'action="/skema/"' in page
    client.get(f"/skema/{raw}/")
    assert client.post("/skema/", {"note": "det går bedre"}).status_code == 200


def test_no_token_is_written_to_the_log(client, issue, caplog):
    caplog.set_level(logging.DEBUG)
    used = issue()
    client.get(f"/skema/{used}/")
    client.post("/skema/", {"note": "x"})
    raws = {used, *unusable_links(issue).values()} - {"abc"}
    for raw in raws:
        client.get(f"/skema/{raw}/")
        client.get(f"/min-side/{raw}/")
    assert "unusable: expired" in caplog.text
    assert not [raw for raw in raws if raw in caplog.text]


def test_the_pages_form_may_be_posted_in_a_browser(client, issue):
    # Under `no-referrer` browsers send `Origin: null`, which the CSRF check refuses.
    client.get(f"/skema/{issue()}/")
    assert client.get("/skema/")["Referrer-Policy"] == "same-origin"


def test_a_purpose_that_is_no_cookie_name_is_refused_at_import():
    with pytest.raises(ValueError, match="cookie"):
        link_view(purpose="my purpose;", bare_url_name="measure")
