"""Whatever is typed into a public form, the answer is a page: what is wrong and all typed text, or thanks.

Nothing here needs a browser: each form is read from its page and posted as a browser would.
"""

import datetime as dt
import itertools
import re
from urllib.parse import quote_plus

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from accounts.models import Programme
from core.spam import TRAPS
from core.tokens import issue_token
from evaluation.enums import Occasion
from evaluation.models import WHO5_ITEMS
from evaluation.services import invite_to_measure
from participants.services import renew_participant_page_link
from referrals.models import HeldArrival, Referral
from referrals.services import INTERESTED_STOP
from referrals.services.links import REFERRER_PAGE
from tests.factories import make_interested, make_participant, make_referrer
from tests.html_forms import form_on, values_of
from tests.referrals.pages import as_read
from tests.urlconf import routes

pytestmark = pytest.mark.django_db

BAD = {
    "nothing": "",
    "blanks": " \t\u00a0 ",
    "10,000 characters": "æøå og lidt til " * 625,
    "10,000 digits": "1" * 10_000,
    "emoji": "Ærø 😀🧑‍🎨 12",
    "markup": "<script>alert(1)</script>",
    "half an attribute": "\"><img src=x onerror='alert(1)'>",
    "template code": "{{ settings.SECRET_KEY }}{% now %}%s%(x)s{0}",
    "a NUL byte": "Anna\x00Sørensen",
    "control characters": "Anna\x08\x1b[31m\u202eSørensen",
    "line breaks": "Anna\r\nBcc: alle@eksempel.dk",
    "no such day": "31.02.2026",
    "a day long gone": "01.01.0001",
    "no telephone number": "12345678",
    "the emergency number": "112",
    "half an address": "anna@",
    "a CPR number": "010190-1234",
    "SQL": "'; DROP TABLE participants_participant; --",
    "a negative number": "-1",
    "digits of another script": "١٩٧٥",
}
# What a field of free text may well take, so that it must be stored.
STRANGE = ["emoji", "markup", "template code", "a NUL byte", "control characters", "line breaks", "SQL"]
# Ticks and lists, and the version that the page carries: an answer that is none of theirs is not shown again.
CHOICES = ("agreed", "feedback_allowed", "later_contact", "criteria_met", "heard_about", "form_version")
PROFESSIONAL = {
    "given_name": "Åse",
    "family_name": "Ærøskøbing",
    "phone": "20 12 34 56",
    "email": "aase@borger.example",
    "birth_year": "1975",
    "postcode": "6700",
    "contact_wishes": "Ring efter kl. 10.",
    "reason": "Savner nogen at være sammen med.",
    "situation": "Sygedagpenge",
    "considerations": "Hører dårligt.",
    "agreed": "on",
    "feedback_allowed": "on",
    "referrer_name": "Henrik Henviser",
    "referrer_title": "Sagsbehandler",
    "referrer_workplace": "Jobcenter Prøve",
    "referrer_email": "henrik@jobcenter.example",
    "referrer_phone": "75 12 34 56",
}
CITIZEN = {name: PROFESSIONAL[name] for name in list(PROFESSIONAL)[:8]} | {"considerations": "Trapper."}
WHO5 = dict(zip(WHO5_ITEMS, "12053", strict=True))
ARRIVALS = {
    "/henvis/kultur/jobcenter/": PROFESSIONAL,
    "/henvis/kultur/laege/": PROFESSIONAL,
    "/henvis/kultur/anden/": PROFESSIONAL,
    "/tilmeld/kultur/": CITIZEN,
}
LONG_AGO = {"drawn": ""}  # a form without the moment it was drawn is not taken for a hasty one
_visit = itertools.count(1)


@pytest.fixture
def client() -> Client:
    client = Client()
    client.raise_request_exception = False
    return client


@pytest.fixture
def questionnaire(programme: Programme, client: Client) -> str:
    """The path of a questionnaire whose link this client has opened."""
    participant = make_participant(programme)
    with scope(programme=programme):
        _, token = invite_to_measure(
            participant=participant, occasion=Occasion.BEFORE, by=None, now=timezone.now()
        )
    return str(client.get(f"/skema/{token}/").headers["Location"])


@pytest.fixture
def referrers_page(programme: Programme, client: Client) -> str:
    """The path of a referrer's own page whose link this client has opened."""
    referrer = make_referrer(programme)
    token = link_to(programme, referrer.pk, now=timezone.now())
    return str(client.get(f"/min-side/{token}/").headers["Location"])


@pytest.fixture
def participants_page(programme: Programme, client: Client) -> str:
    """The path of a participant's own page whose link this client has opened."""
    participant = make_participant(programme)
    with scope(programme=programme):
        token = renew_participant_page_link(participant=participant, now=timezone.now())
    return str(client.get(f"/mit-forloeb/{token}/").headers["Location"])


def link_to(programme: Programme, referrer_id: int, *, now: dt.datetime) -> str:
    with scope(programme=programme):
        return issue_token(
            purpose=REFERRER_PAGE,
            programme_id=programme.pk,
            subject_id=referrer_id,
            expires_at=now + dt.timedelta(days=30),
            now=now,
            single_use=False,
        )


def send(client: Client, path: str, typed: dict[str, str], step: str = "send"):
    """Post what was typed from an address that nobody has used before, on a page drawn long ago."""
    visitor = next(_visit)
    from_address = f"2001:db8::{visitor:x}"
    carried = as_read(client, path) if path in ARRIVALS else {}
    return client.post(path, {**carried, **typed, "step": step}, REMOTE_ADDR=from_address)


def assert_refused_with_all_that_was_typed(response, typed: dict[str, str]) -> None:
    assert response.status_code == 422
    page = response.content.decode()
    assert "data-error-summary" in page
    kept = set(values_of(form_on(page).data))
    lost = {name for name, value in typed.items() if value and (name, value) not in kept}
    assert lost == set()


def fields_of(client: Client, path: str) -> list[str]:
    """Return the names of every field of the first form on a page, traps and ticks included."""
    names = form_on(client.get(path).content.decode()).names
    return [name for name in names if name != "csrfmiddlewaretoken"]


# --- Anything in any field -------------------------------------------------------------------------


@pytest.mark.parametrize("turn", range(len(BAD)))
@pytest.mark.parametrize("path", ARRIVALS)
def test_nonsense_is_refused_with_all_that_was_typed(
    client: Client, programme: Programme, path: str, turn: int
):
    """Each field gets another nonsense each turn, so that every field meets all of it."""
    nonsense = list(BAD.values())
    typed = {
        name: nonsense[(place + turn) % len(nonsense)]
        for place, name in enumerate(fields_of(client, path))
        if name not in (*TRAPS, *CHOICES)
    }
    assert_refused_with_all_that_was_typed(send(client, path, typed), typed)


# The three forms of professionals ask by the same fields.
@pytest.mark.parametrize("path", ["/henvis/kultur/jobcenter/", "/tilmeld/kultur/"])
@pytest.mark.parametrize("what", STRANGE)
def test_what_is_strange_but_no_fault_is_stored_or_refused(
    client: Client, programme: Programme, path: str, what: str
):
    good = ARRIVALS[path]
    for name in fields_of(client, path):
        typed = {**good, name: BAD[what]}
        response = send(client, path, typed)
        if response.status_code != 302:
            kept = {key: value for key, value in typed.items() if key != name or name not in CHOICES}
            assert_refused_with_all_that_was_typed(response, kept)


@pytest.mark.parametrize("path", ARRIVALS)
@pytest.mark.parametrize("what", BAD)
def test_the_same_nonsense_in_every_field_at_once_is_a_page(
    client: Client, programme: Programme, path: str, what: str
):
    typed = dict.fromkeys(fields_of(client, path), BAD[what])
    for step in ("check", "send", "edit", BAD[what]):
        assert send(client, path, typed, step).status_code in {200, 302, 422}


@pytest.mark.parametrize("path", ARRIVALS)
def test_a_field_that_is_missing_or_sent_twice_is_no_fault_of_ours(
    client: Client, programme: Programme, path: str
):
    good = ARRIVALS[path]
    for name in good:
        without = {key: value for key, value in good.items() if key != name}
        assert send(client, path, without).status_code in {302, 422}
        twice = {**good, name: [good[name], BAD["markup"]]}
        assert send(client, path, twice).status_code in {302, 422}


@pytest.mark.parametrize("path", ARRIVALS)
def test_bytes_that_are_no_text_are_a_page(client: Client, programme: Programme, path: str):
    for raw in (b"\xff\xfe=\xed\xa0\x80", b"given_name=%ED%A0%80&family_name=%FF", b"&&&===", b""):
        response = client.post(path, raw, content_type="application/x-www-form-urlencoded")
        assert response.status_code == 422
    assert client.post(path, b"--x\r\n", content_type="multipart/form-data; boundary=x").status_code in {
        400,
        422,
    }


@pytest.mark.parametrize("path", ARRIVALS)
def test_markup_is_shown_as_text(client: Client, programme: Programme, path: str):
    typed = {**ARRIVALS[path], "reason": BAD["markup"], "given_name": BAD["half an attribute"]}
    for step in ("check", "edit"):
        page = send(client, path, typed, step).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_whatever_stands_in_a_questionnaire_is_a_page(client: Client, questionnaire: str):
    for name, bad in itertools.product([*WHO5, "self_rated_health", "comment"], BAD.values()):
        response = client.post(questionnaire, {"comment": "En god dag.", name: bad})
        assert response.status_code in {302, 422}
        if response.status_code == 422:
            assert "data-error-summary" in response.content.decode()


def test_answers_of_a_questionnaire_are_kept_when_one_is_refused(client: Client, questionnaire: str):
    typed = {**WHO5, "self_rated_health": "3", "comment": "Mit nummer er 010190-1234"}
    assert_refused_with_all_that_was_typed(client.post(questionnaire, typed), typed)


@pytest.mark.parametrize("what", BAD)
def test_whatever_a_referrers_page_is_sent_it_changes_nothing_and_says_so(
    client: Client, referrers_page: str, what: str
):
    assert client.post(referrers_page, {"choice": BAD[what]}).status_code == 400


@pytest.mark.parametrize("what", BAD)
def test_whatever_stands_for_somebody_to_ask_instead_is_noted_or_given_back(
    client: Client, referrers_page: str, what: str
):
    good = {"name": "Åse Ærø", "email": "aase@jobcenter.example", "phone": "20 12 34 56"}
    for name in good:
        typed = {**good, name: BAD[what]}
        response = client.post("/min-side/ikke-relevant/", typed)
        if response.status_code != 302:
            assert_refused_with_all_that_was_typed(response, typed)


@pytest.mark.parametrize("what", BAD)
def test_whatever_is_sent_with_a_no_it_is_a_no(client: Client, programme: Programme, what: str):
    person = make_interested(programme)
    with scope(programme=programme):
        token = issue_token(
            purpose=INTERESTED_STOP,
            programme_id=programme.pk,
            subject_id=person.pk,
            expires_at=timezone.now() + dt.timedelta(days=1),
            now=timezone.now(),
            single_use=False,
        )
    path = client.get(f"/nej-tak/{token}/").headers["Location"]
    assert client.post(path, {"act": BAD[what], BAD["emoji"]: BAD[what]}).status_code == 302
    with scope(programme=programme):
        person.refresh_from_db()
    assert person.stopped_at is not None


@pytest.mark.parametrize("what", BAD)
def test_whatever_a_participants_page_is_sent_is_refused_or_leads_back_to_it(
    client: Client, participants_page: str, what: str
):
    bad = BAD[what]
    assert client.post(participants_page, {"act": bad}).status_code == 400
    for typed in ({"act": "apologise", "session": bad}, {"act": "withdraw", "agreement": bad}):
        assert client.post(participants_page, typed).status_code in {302, 400}


@pytest.mark.parametrize("path", ["/konto/login/", "/konto/password/reset/"])
@pytest.mark.parametrize("what", BAD)
def test_whatever_is_typed_at_sign_in_is_a_page(client: Client, programme: Programme, path: str, what: str):
    for name in fields_of(client, path):
        typed = {"login": "anna@kommune.example", "password": "noget", "email": "anna@kommune.example"}
        assert client.post(path, {**typed, name: BAD[what]}).status_code in {200, 302, 422, 429}


@pytest.mark.parametrize("what", BAD)
def test_whatever_stands_in_an_address_is_a_page(client: Client, programme: Programme, what: str):
    bad = quote_plus(BAD[what][:500])
    for path in (
        f"/om/{bad}/",
        f"/henvis/{bad}/",
        f"/henvis/kultur/{bad}/",
        f"/tilmeld/{bad}/",
        f"/skema/{bad}/",
        f"/skema/tak/{bad}/",
        f"/min-side/{bad}/",
        f"/mit-forloeb/{bad}/",
        f"/henvis/kultur/kvittering/?kvittering={bad}",
    ):
        assert client.get(path).status_code in {200, 301, 404}, path


@pytest.mark.parametrize("what", BAD)
def test_nonsense_is_no_address_for_a_new_link(client: Client, programme: Programme, what: str):
    typed = {"email": BAD[what]}
    assert_refused_with_all_that_was_typed(client.post("/henvis/kultur/mit-link/", typed), typed)


@pytest.mark.parametrize("what", BAD)
def test_whatever_is_typed_to_be_written_up_is_taken_or_given_back(
    client: Client, programme: Programme, what: str
):
    path = "/skriv-dig-op/kultur/"
    good = {"name": "Åse Ærø", "phone": "20 12 34 56", "email": "aase@borger.example", "agreed": "on"}
    everywhere = dict.fromkeys(fields_of(client, path), BAD[what])
    assert client.post(path, everywhere).status_code in {302, 422}
    for name in good:
        typed = {**good, name: BAD[what]}
        response = client.post(path, typed)
        if response.status_code != 302:
            kept = {key: value for key, value in typed.items() if key != "agreed"}
            assert_refused_with_all_that_was_typed(response, kept)


@pytest.mark.parametrize("what", BAD)
def test_nonsense_for_a_language_leads_back_to_our_own_pages(client: Client, programme: Programme, what: str):
    answer = client.post("/sprog/", {"page_language": BAD[what], "next": f"//{BAD[what]}"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert answer.cookies == {}


def test_every_public_form_is_tried_here(client: Client, programme: Programme):
    """A new public page that takes a form must be added to this file."""
    some = {"programme": "kultur", "kind": "jobcenter", "token": "a" * 26, "code": "k7mf3p"}
    open_forms = set()
    for route in routes():
        if hasattr(route.view, "public_reason"):
            path = reverse(route.name, kwargs={name: some[name] for name in route.parameters})
            if client.post(path).status_code != 405:
                open_forms.add(route.name)
    assert open_forms == {
        "referrals:refer_form",
        "referrals:sign_up",
        "referrals:sign_up_only",
        "referrals:referrer_link",
        "referrals:interested",
        "accounts:switch_programme",
        "core:language",
        # What is reported there and is not signed is refused: tests/messaging/test_receipts.py.
        "messaging:mail_receipt",
        "messaging:sms_receipt",
    }
    behind_links = {route.name for route in routes() if hasattr(route.view, "link_purpose")}
    assert behind_links == {
        "referrals:referrer_page",
        "referrals:referrer_page_link",
        "referrals:not_relevant",
        "referrals:not_relevant_link",
        "referrals:interested_stop",
        "referrals:interested_stop_link",
        "evaluation:questionnaire",
        "evaluation:questionnaire_bare",
        "recruitment:participant_page",
        "recruitment:participant_page_link",
    }


# --- Sent twice ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ARRIVALS)
def test_a_form_that_is_sent_twice_is_one_referral_with_one_number(
    client: Client, programme: Programme, path: str
):
    receipts = [client.get(send(client, path, ARRIVALS[path]).headers["Location"]) for _ in range(3)]
    numbers = {re.search(r"<strong>(.{5,20}?)</strong>", page.content.decode())[1] for page in receipts}
    assert len(numbers) == 1
    with scope(programme=programme):
        assert Referral.objects.count() == 1
        assert HeldArrival.objects.count() == 0


def test_going_back_from_the_receipt_and_sending_again_is_one_referral(client: Client, programme: Programme):
    """The browser shows the form as it was left; its button leads over the check page again."""
    for _ in range(2):
        checked = form_on(send(client, "/tilmeld/kultur/", CITIZEN, "check").content.decode())
        answer = client.post("/tilmeld/kultur/", {**checked.data, "step": "send", **LONG_AGO})
        assert answer.status_code == 302
    with scope(programme=programme):
        assert Referral.objects.count() == 1


# --- Links -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["/skema/", "/min-side/", "/mit-forloeb/"])
def test_an_unknown_link_says_what_to_do(client: Client, programme: Programme, page: str):
    assert_says_what_to_do(client.get(f"{page}{'a' * 26}/"))


def test_an_expired_link_says_what_to_do(client: Client, programme: Programme):
    months_ago = timezone.now() - dt.timedelta(days=90)
    token = link_to(programme, make_referrer(programme).pk, now=months_ago)
    assert_says_what_to_do(client.get(f"/min-side/{token}/"))


def test_a_page_without_its_link_asks_for_it_to_be_opened_again(client: Client, programme: Programme):
    answer = client.get("/skema/")
    assert answer.status_code == 404
    assert "Åbn linket direkte fra den besked, du fik" in answer.content.decode()


def assert_says_what_to_do(answer) -> None:
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "Linket virker ikke" in page
    assert "Åbn linket igen direkte fra beskeden" in page
    # Who sent it can make another; a referrer gets one by mail.
    assert "Så får du et nyt" in page or "få et nyt link på mail" in page


# --- Pages that stood open too long ----------------------------------------------------------------


@pytest.mark.parametrize("path", ARRIVALS)
def test_a_page_that_stood_open_too_long_keeps_what_was_typed_and_sends_it_again(
    programme: Programme, path: str
):
    browser = Client(enforce_csrf_checks=True)
    typed = {**ARRIVALS[path], "reason": "Første linje\r\n\r\n<b>Tredje</b> & sidste"}
    refused = browser.post(path, {**typed, "step": "check", "csrfmiddlewaretoken": "x" * 64})
    assert refused.status_code == 403
    assert "Det, du skrev, er her endnu" in refused.content.decode()
    again = form_on(refused.content.decode())
    assert again.action == path
    checked = form_on(browser.post(again.action, again.data).content.decode())
    assert browser.post(path, {**checked.data, "step": "send", **LONG_AGO}).status_code == 302
    with scope(programme=programme):
        assert Referral.objects.get().reason == "Første linje\n\n<b>Tredje</b> & sidste"
