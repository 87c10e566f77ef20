"""One-time messages name people: they are read on the next page, and nowhere else."""

import pytest
from django.contrib.sessions.models import Session
from django.core.signing import BadSignature, get_cookie_signer
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.sessions import SessionStore
from participants.enums import Stage
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def placed(client_for, coordinator, programme) -> Client:
    """A browser in which somebody has just been given a seat."""
    browser = client_for(coordinator)
    anna = factories.make_participant(programme, stage=Stage.READY, given_name="Ørnhild", family_name="Sø")
    cohort = factories.make_cohort(programme, starts_on=timezone.localdate())
    browser.post(reverse("recruitment:cohort_place", args=[cohort.pk]), {"participant": anna.pk})
    return browser


def test_flash_names_the_person_on_the_next_page_and_only_there(placed):
    page = placed.get("/overblik/").content.decode()
    assert "Ørnhild Sø har fået plads." in page
    assert "flash" not in {name for name, cookie in placed.cookies.items() if cookie.value}


def test_flash_stands_readable_neither_in_the_cookie_nor_in_the_session(placed):
    cookie = placed.cookies["flash"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    for session in Session.objects.all():
        assert "_messages" not in SessionStore().decode(session.session_data)
    with pytest.raises(BadSignature):
        get_cookie_signer(salt="django.contrib.messages").unsign_object(cookie.value)


@pytest.mark.parametrize(
    "spoil", [lambda value: value[:-8] + "AAAAAAAA", lambda _: "æøå", lambda _: "AQA", str.swapcase]
)
def test_flash_that_was_altered_says_nothing_and_is_no_fault(placed, spoil):
    placed.cookies["flash"] = spoil(placed.cookies["flash"].value)
    response = placed.get("/overblik/")
    assert response.status_code == 200
    assert "har fået plads" not in response.content.decode()


def test_flash_is_bound_to_the_host_where_there_is_https(client_for, coordinator, settings):
    settings.COOKIE_PREFIX = "__Host-"
    settings.SESSION_COOKIE_SECURE = True
    browser = client_for(coordinator)
    browser.post(reverse("recruitment:venue_create"), {"name": "Museet"})
    cookie = browser.cookies["__Host-flash"]
    assert cookie["secure"]
    assert cookie["path"] == "/"
    assert not cookie["domain"]


def test_flash_in_the_session_would_be_in_every_dump(settings, client_for, coordinator):
    """The control: Django's own storage writes the words into the table of sessions."""
    settings.MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
    browser = client_for(coordinator)
    browser.post(reverse("recruitment:venue_create"), {"name": "Museet ved skoven"})
    kept = [SessionStore().decode(session.session_data) for session in Session.objects.all()]
    assert any("ved skoven" in str(content) for content in kept)
