"""Every answer carries the headers that keep it in its frame: pages, redirects, faults and static files."""

import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

pytestmark = pytest.mark.django_db

# Whether any page or file may be kept by a cache is told by itself; of the others nothing may.
FIXED = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ANSWERS: dict[str, tuple[int, Callable[[Client], HttpResponse]]] = {
    "page": (200, lambda browser: browser.get("/tilgaengelighed/")),
    "sign-in": (200, lambda browser: browser.get("/konto/login/")),
    "health": (503, lambda browser: browser.get("/healthz")),
    "to sign-in": (302, lambda browser: browser.get("/overblik/")),
    "redirect without slash": (301, lambda browser: browser.get("/tilgaengelighed")),
    "bad host": (400, lambda browser: browser.get("/", headers={"host": "ond.example"})),
    "signed out": (403, lambda browser: browser.post("/deltagere/1/kontakt/")),
    "refused library page": (403, lambda browser: browser.get("/konto/email/")),
    "foreign form": (403, lambda _: Client(enforce_csrf_checks=True).post("/konto/login/")),
    "unknown address": (404, lambda browser: browser.get("/findes-ikke/")),
    "dead link": (404, lambda browser: browser.get(f"/skema/{'a' * 26}/")),
    "wrong method": (405, lambda browser: browser.post("/tilgaengelighed/")),
}


def check(response: HttpResponse) -> None:
    for name, value in FIXED.items():
        assert response[name] == value, name
    assert response["Referrer-Policy"] in {"same-origin", "no-referrer"}
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"unsafe-|\*|https?:", policy), policy
    if "css" not in response["Content-Type"]:
        assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("name", ANSWERS)
def test_headers_stand_on_every_kind_of_answer(client: Client, name: str) -> None:
    status, ask = ANSWERS[name]
    response = ask(client)
    assert response.status_code == status
    check(response)


def test_headers_stand_on_static_files(settings) -> None:
    settings.WHITENOISE_USE_FINDERS = True
    response = Client().get("/static/css/app.css")
    assert response.status_code == 200
    check(response)
    response.close()


@pytest.mark.urls("tests.core.urls")
@pytest.mark.parametrize(("kind", "status"), [("operational", 503), ("other", 500)])
def test_headers_stand_on_faults(kind: str, status: int) -> None:
    response = Client(raise_request_exception=False).get(f"/fejl/{kind}/")
    assert response.status_code == status
    check(response)


def test_headers_stand_where_the_session_cannot_be_read(database_down) -> None:
    browser = Client(raise_request_exception=False)
    browser.cookies["sessionid"] = "a" * 32
    response = browser.get("/overblik/")
    assert response.status_code == 503
    check(response)


def test_headers_stand_on_the_way_to_https(settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    response = Client().get("/tilgaengelighed/")
    assert response.status_code == 301
    assert response["Location"].startswith("https://")
    check(response)


def test_headers_are_missed_where_a_middleware_that_adds_them_is_gone(settings) -> None:
    """The control."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith("csp.")]
    with pytest.raises(KeyError):
        check(Client().get("/healthz"))
