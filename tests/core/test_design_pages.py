"""The pages of core: styleguide, accessibility statement, faults."""

from html.parser import HTMLParser

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Membership

pytestmark = pytest.mark.django_db


def test_styleguide_is_shown_in_the_demonstration(client):
    response = client.get(reverse("core:styleguide"))
    assert response.status_code == 200
    assert "Der er 9 fejl" in response.content.decode()


def test_styleguide_does_not_exist_outside_the_demonstration(client, settings):
    settings.DEMO = False
    assert client.get("/stil/").status_code == 404


def test_styleguide_has_no_id_twice(client):
    ids: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            ids.extend(value for name, value in attrs if name == "id")

    Reader().feed(client.get("/stil/").content.decode())
    assert len(ids) == len(set(ids))


def test_was_leads_to_the_accessibility_statement(client):
    response = client.get("/was", follow=True)
    assert response.redirect_chain == [("/tilgaengelighed/", 302)]
    assert "WCAG 2.1" in response.content.decode()


def test_unknown_address_gets_a_danish_page_that_repeats_nothing(client):
    response = client.get("/findes-ikke-hemmelig/")
    assert response.status_code == 404
    body = response.content.decode()
    assert "Vi kan ikke finde siden" in body
    assert "hemmelig" not in body


@pytest.mark.parametrize("name", ["400", "403", "404", "500", "503", "core/link_unusable"])
def test_fault_page_needs_neither_request_nor_database(name, django_db_blocker):
    with django_db_blocker.block():
        body = render_to_string(f"{name}.html")
    assert 'lang="da"' in body
    assert body.count("<h1>") == 1


def test_fault_page_gives_back_what_was_typed_as_text():
    body = render_to_string("503.html", {"typed": [("note", "Hej <b>du</b>\nfarvel nu")]})
    assert "Hej &lt;b&gt;du&lt;/b&gt;<br>farvel nu" in body


def test_database_that_does_not_answer_gives_a_signed_in_member_the_503_page_and_their_words(
    client_for, administrator, monkeypatch
):
    client = client_for(administrator)

    def gone(*_args, **_kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr(SessionStore, "load", gone)
    response = client.post("/indstillinger/tekster/", {"about": "Vi mødes på museet."})
    assert response.status_code == 503
    body = response.content.decode()
    assert "er det ikke modtaget" in body
    assert "Vi mødes på museet." in body


def test_form_from_an_old_page_can_be_sent_again():
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/konto/login/", {"login": "kirsten@example.dk", "password": "hemmelig kode"})
    assert response.status_code == 403
    body = response.content.decode()
    assert 'name="login" value="kirsten@example.dk"' in body
    assert "hemmelig kode" not in body


def test_form_from_another_site_cannot_be_sent_again():
    strict = Client(enforce_csrf_checks=True, headers={"origin": "https://ond.example"})
    response = strict.post("/konto/login/", {"login": "kirsten@example.dk", "note": "en lang tekst"})
    assert response.status_code == 403
    body = response.content.decode()
    assert "en lang tekst" in body
    assert "<form" not in body


def test_sign_in_shows_the_demonstration_sign_ins_only_there(client, settings):
    assert "koordinator@demo.dk" in client.get("/konto/login/").content.decode()
    settings.DEMO = False
    assert "koordinator@demo.dk" not in client.get("/konto/login/").content.decode()


@pytest.mark.parametrize(
    "path", ["login", "password/reset", "password/reset/done", "password/reset/key/1-x-y"]
)
def test_sign_in_page_is_in_our_layout(client, path):
    response = client.get(f"/konto/{path}/", follow=True)
    assert response.status_code == 200
    assert "portal-info" in response.content.decode()


def test_staff_layout_offers_the_other_programmes_of_a_member(client_for, administrator, other_programme):
    Membership.objects.create(user=administrator, programme=other_programme, role=Role.ADMINISTRATOR)
    body = client_for(administrator).get("/indstillinger/").content.decode()
    assert body.count('<select class="form-select" id="membership-') == 2
    assert "Sund med Kultur, administrator" in body


def test_staff_layout_offers_no_switch_to_a_member_of_one_programme(client_for, administrator):
    body = client_for(administrator).get("/indstillinger/").content.decode()
    assert "Ada Administrator" in body
    assert 'name="membership"' not in body
