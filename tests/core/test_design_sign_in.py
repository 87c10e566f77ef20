"""A forgotten password, from the question to the new one."""

import re

import pytest

pytestmark = pytest.mark.django_db


def ask(client, email: str):
    return client.post("/konto/password/reset/", {"email": email}, follow=True)


def test_forgotten_password_is_answered_alike_for_known_and_unknown_addresses(
    client, coordinator, mailoutbox
):
    known, unknown = ask(client, coordinator.email), ask(client, "ukendt@kommune.example")
    assert "Se i din indbakke" in known.content.decode()
    assert known.status_code == unknown.status_code
    assert known.redirect_chain == unknown.redirect_chain
    assert len(known.content) == len(unknown.content)
    assert [mail.to for mail in mailoutbox] == [[coordinator.email], ["ukendt@kommune.example"]]


def test_mail_about_a_forgotten_password_is_danish_and_leads_to_a_new_one(client, coordinator, mailoutbox):
    ask(client, coordinator.email)
    mail = mailoutbox[0]
    assert mail.subject == "Vælg en ny adgangskode"
    assert "example.com" not in mail.body
    path = re.search(r"https?://[^/\s]+(/konto/\S+)", mail.body)[1]
    page = client.get(path, follow=True)
    assert "Vælg en ny adgangskode" in page.content.decode()
    new = {"password1": "en helt ny og lang kode", "password2": "en helt ny og lang kode"}
    done = client.post(page.request["PATH_INFO"], new, follow=True)
    assert "Din adgangskode er ændret" in done.content.decode()
    coordinator.refresh_from_db()
    assert coordinator.check_password("en helt ny og lang kode")


def test_link_to_a_new_password_works_once(client, coordinator, mailoutbox):
    ask(client, coordinator.email)
    path = re.search(r"https?://[^/\s]+(/konto/\S+)", mailoutbox[0].body)[1]
    page = client.get(path, follow=True)
    new = {"password1": "en helt ny og lang kode", "password2": "en helt ny og lang kode"}
    client.post(page.request["PATH_INFO"], new)
    assert "Linket virker ikke" in client.get(path, follow=True).content.decode()


def test_new_passwords_that_differ_are_refused_with_an_error_summary(client, coordinator, mailoutbox):
    ask(client, coordinator.email)
    path = re.search(r"https?://[^/\s]+(/konto/\S+)", mailoutbox[0].body)[1]
    page = client.get(path, follow=True)
    new = {"password1": "en helt ny og lang kode", "password2": "en anden"}
    body = client.post(page.request["PATH_INFO"], new).content.decode()
    assert "Der er 1 fejl" in body
    assert 'href="#id_password2"' in body
