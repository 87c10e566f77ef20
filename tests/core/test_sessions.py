"""Sessions hold what opens an account: sealed in the table, forgotten when they have ended."""

import datetime as dt
import re

import pytest
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from core.sessions import SessionStore
from core.tasks import delete_old_sessions

pytestmark = pytest.mark.django_db


def tables_say() -> str:
    return " ".join(Session.objects.values_list("session_data", flat=True))


def opened_password_link(user, mailoutbox) -> tuple[Client, str]:
    """Return a browser that has opened the link of a forgotten password, and the link's key."""
    browser = Client()
    browser.post("/konto/password/reset/", {"email": user.email})
    (key,) = re.findall(r"/reset/key/\w+?-([\w-]+)/", mailoutbox[-1].body)
    link = re.findall(r"(/konto/password/reset/key/\S+)", mailoutbox[-1].body)[0]
    assert browser.get(link, follow=True).status_code == 200
    return browser, key


def test_session_holds_the_key_of_a_password_link_and_no_dump_shows_it(coordinator, mailoutbox):
    browser, key = opened_password_link(coordinator, mailoutbox)
    assert key in str(dict(browser.session))
    assert key not in tables_say()
    # Nor is it hidden in Django's own encoding.
    assert [db.SessionStore().decode(session.session_data) for session in Session.objects.all()] == [{}]


def test_session_of_django_shows_the_key_to_whoever_reads_the_table(coordinator, mailoutbox, settings):
    """The control."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    _, key = opened_password_link(coordinator, mailoutbox)
    kept = [db.SessionStore().decode(session.session_data) for session in Session.objects.all()]
    assert any(key in str(content) for content in kept)


def test_session_comes_back_as_it_was():
    store = SessionStore()
    store["programme_id"], store["text"] = 7, "Åse 😀"
    store.create()
    again = SessionStore(store.session_key)
    assert (again["programme_id"], again["text"]) == (7, "Åse 😀")


@pytest.mark.parametrize("content", ["", "x", "AQRuZXcx", "eyJhIjoxfQ==", "æøå"])
def test_session_that_does_not_open_is_empty(content):
    assert SessionStore().decode(content) == {}


@pytest.mark.parametrize("cookie", ['"\\000abcdefgh"', "a" * 5000, "../../../etc", "' OR 1=1 --", "ø" * 32])
def test_session_cookie_of_nonsense_is_a_stranger(cookie):
    response = Client().get("/overblik/", headers={"cookie": f"sessionid={cookie}"})
    assert response.status_code == 302
    assert response["Location"].startswith("/konto/login/")


def test_sessions_that_have_ended_are_forgotten(client_for, coordinator):
    client_for(coordinator)
    ended = SessionStore()
    ended.create()
    Session.objects.filter(pk=ended.session_key).update(expire_date=timezone.now() - dt.timedelta(days=1))
    delete_old_sessions()
    assert Session.objects.count() == 1
    assert not Session.objects.filter(pk=ended.session_key).exists()
