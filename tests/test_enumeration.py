"""No public form tells whether an address or a number is known: same answer, same work.

Time is measured by `python -m bench.enumeration`; here the questions to the database are compared, since
a test that reads the clock fails for other reasons.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.middleware import OPEN_LIBRARY_VIEWS
from accounts.models import Programme
from referrals.services import answer_link_request, waiting_link_requests
from referrals.views import referrer as referrer_views
from tests import factories
from tests.alike import told
from tests.referrals.answers import TYPED_BY_CASEWORKER, TYPED_BY_CITIZEN
from tests.referrals.pages import as_read
from tests.urlconf import Route, routes

KNOWN, UNKNOWN = "kendt@sted.example", "ukend@sted.example"  # alike in length
KNOWN_PHONE, UNKNOWN_PHONE = "+4520445566", "+4520445567"


@dataclass(frozen=True)
class PublicForm:
    """Where a form is, and what is posted about somebody with that address and number."""

    url: str
    typed: Callable[[str, str], dict[str, Any]]


FORMS = {
    "referrals:referrer_link": PublicForm("/henvis/kultur/mit-link/", lambda email, phone: {"email": email}),
    "account_reset_password": PublicForm("/konto/password/reset/", lambda email, phone: {"email": email}),
    "referrals:sign_up": PublicForm(
        "/tilmeld/kultur/",
        lambda email, phone: {**TYPED_BY_CITIZEN, "email": email, "phone": phone, "step": "send"},
    ),
    "referrals:interested": PublicForm(
        "/skriv-dig-op/kultur/",
        lambda email, phone: {"name": "Anna Sørensen", "email": email, "phone": phone, "agreed": "on"},
    ),
    "referrals:refer_form": PublicForm(
        "/henvis/kultur/jobcenter/",
        lambda email, phone: {**TYPED_BY_CASEWORKER, "email": email, "phone": phone, "step": "send"},
    ),
    "the referrer's own address": PublicForm(
        "/henvis/kultur/jobcenter/",
        lambda email, phone: {**TYPED_BY_CASEWORKER, "referrer_email": email, "step": "send"},
    ),
}
# Public addresses that take a post and no address of anybody's, or that lead to a form above.
NO_ADDRESS = {
    "account_login",  # asks for a password; tests/accounts tells of its limits
    "account_logout",
    "account_change_password",
    "account_reset_password_from_key",  # behind a key
    "accounts:switch_programme",  # names a programme
    "referrals:sign_up_only",
    "core:language",  # names a language
}


@pytest.fixture
def somebody(programme: Programme) -> None:
    """A participant, a referrer and a colleague with the known address."""
    factories.make_participant(
        programme, given_name="Anna", family_name="Sørensen", email=KNOWN, phone=KNOWN_PHONE
    )
    factories.make_participant(
        programme,
        given_name="Åse-Marie",
        family_name="Ærøskøbing",
        birth_year=1979,
        email=KNOWN,
        phone=KNOWN_PHONE,
    )
    factories.make_referrer(programme, name="Henrik Holm", email=KNOWN)
    factories.make_user(programme, email=KNOWN)
    factories.make_interested(programme, name="Anna Sørensen", email=KNOWN, phone=KNOWN_PHONE)


def posted(form: PublicForm, email: str, phone: str) -> HttpResponse:
    """Fill in the form and send it, in a browser of its own."""
    browser = Client()
    carried = as_read(browser, form.url) if "step" in form.typed(email, phone) else {}
    return browser.post(form.url, {**carried, **form.typed(email, phone)})


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_form_answers_the_known_and_the_unknown_alike(form: PublicForm, somebody: None) -> None:
    known, unknown = posted(form, KNOWN, KNOWN_PHONE), posted(form, UNKNOWN, UNKNOWN_PHONE)
    assert known.status_code == 302
    assert list(told(known, KNOWN, UNKNOWN)) == list(told(unknown, KNOWN, UNKNOWN))


def takes_posts(route: Route) -> bool:
    """Say whether the route is open to everybody and answers a post otherwise than by refusing it."""
    if not (hasattr(route.view, "public_reason") or route.name in OPEN_LIBRARY_VIEWS):
        return False
    filled = {"programme": "kultur", "kind": "jobcenter"}
    url = reverse(route.name, kwargs={name: filled.get(name, "x") for name in route.parameters})
    return Client().post(url).status_code not in {404, 405}


def test_every_public_form_is_tried_here(programme: Programme) -> None:
    """A new form that everybody may send fails here until it is among them, or asks for no address."""
    found = {route.name for route in routes() if route.name not in NO_ADDRESS and takes_posts(route)}
    assert found == set(FORMS) - {"the referrer's own address"}


def work(form: PublicForm, email: str, phone: str) -> list[str]:
    """Return the questions that a posting asks the database, values left out."""
    with CaptureQueriesContext(connection) as asked:
        posted(form, email, phone)
    return [_shape(str(query["sql"])) for query in asked]


def _shape(sql: str) -> str:
    return re.sub(r"'(?:[^']|'')*'(?:::\w+)?|\"s\d+_x\d+\"|_django_curs_\w+|\b\d+\b", "?", sql)


@pytest.mark.no_worker
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_form_is_the_same_work_for_the_known_and_the_unknown(form: PublicForm, somebody: None) -> None:
    posted(form, "varm@sted.example", "+4520445500")  # what the first of a process alone asks
    assert work(form, KNOWN, KNOWN_PHONE) == work(form, UNKNOWN, UNKNOWN_PHONE)


@pytest.mark.parametrize("name", ["referrals:sign_up", "referrals:refer_form", "the referrer's own address"])
def test_an_arrival_that_is_let_in_before_the_answer_would_be_found(name: str, somebody: None) -> None:
    """The control: here the fixture lets it in at once, as a page would that did the work itself."""
    form = FORMS[name]
    posted(form, "varm@sted.example", "+4520445500")
    assert work(form, KNOWN, KNOWN_PHONE) != work(form, UNKNOWN, UNKNOWN_PHONE)


def test_asking_for_a_link_that_looks_it_up_at_once_would_be_found(
    somebody: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a page that plans the mail itself asks more about the known."""
    keep = referrer_views.request_referrer_link

    def naive(**asked: Any) -> None:
        keep(**asked)
        for key in waiting_link_requests():
            answer_link_request(request_id=key, now=asked["now"])

    monkeypatch.setattr(referrer_views, "request_referrer_link", naive)
    form = FORMS["referrals:referrer_link"]
    assert work(form, KNOWN, KNOWN_PHONE) != work(form, UNKNOWN, UNKNOWN_PHONE)
