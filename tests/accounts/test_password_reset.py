"""A forgotten password leads to our own host, no mail is claimed that never left, failures are counted."""

import re

import pytest
from django.test import Client

from accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db

ADDRESS = "/konto/password/reset/"
UNKNOWN = "ukendt@kommune.example"


def without_what_differs(page: bytes, email: str) -> str:
    """Return the page without tokens, nonces and the address that was typed."""
    text = re.sub(r'(name="csrfmiddlewaretoken" value|nonce|x-csrftoken)[^>]*', "", page.decode())
    return text.replace(email, "")


def answers(coordinator: User) -> list[tuple[int, str, str]]:
    """Return status, place and page of the answers to a known and an unknown address."""
    found = []
    for email in (coordinator.email, UNKNOWN):
        response = Client().post(ADDRESS, {"email": email})
        found.append(
            (
                response.status_code,
                response.get("Location", ""),
                without_what_differs(response.content, email),
            )
        )
    return found


def test_password_reset_leads_to_our_own_host_whatever_the_request_says(coordinator, mailoutbox, settings):
    settings.SITE_URL = "https://kultur.kommune.example"
    settings.ALLOWED_HOSTS = ["*"]
    Client().post(ADDRESS, {"email": coordinator.email}, headers={"host": "ond.example"})
    (link,) = re.findall(r"\S+/reset/key/\S+", mailoutbox[0].body)
    assert link.startswith("https://kultur.kommune.example/konto/password/reset/key/")
    page = Client().get(link.removeprefix("https://kultur.kommune.example"), follow=True)
    assert page.status_code == 200
    assert 'name="password1"' in page.content.decode()


def test_password_reset_claims_no_mail_when_the_mail_server_is_down(coordinator, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    known, unknown = answers(coordinator)
    assert known == unknown
    assert known[0] == 503
    assert "Mailen kunne ikke sendes lige nu" in known[2]


def failed_sign_in(address: str) -> str:
    """Return the page after a wrong password, sent from `address` through our proxy."""
    response = Client().post(
        "/konto/login/",
        {"login": factories.make_user().email, "password": "forkert"},
        headers={"x-forwarded-for": f"10.9.9.9, {address}"},
    )
    return response.content.decode()


@pytest.mark.parametrize(("proxies", "locked_out"), [(1, False), (0, True)])
def test_sign_in_counts_failures_by_the_client_and_not_by_our_proxy(settings, proxies, locked_out):
    """With the proxy unknown, the control, everybody behind it is locked out by one who guesses."""
    settings.TRUSTED_PROXIES = proxies
    guesses = [failed_sign_in("203.0.113.7") for _ in range(12)]
    assert "for mange mislykkede" in guesses[-1]
    assert ("for mange mislykkede" in failed_sign_in("203.0.113.8")) is locked_out
