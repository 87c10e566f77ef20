"""Whatever staff type into any form behind sign-in, the answer is a page.

A crawler walks every page it finds links to, reads the forms on it, and posts nonsense to each: in all
fields at once, and in one field of a form that is otherwise as it was drawn.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone

from accounts.models import Programme, User
from evaluation.enums import Occasion
from messaging.enums import MessageState
from participants.enums import Stage
from tests import factories
from tests.html_forms import HtmlForm, forms_on
from tests.journeys.test_bad_input import BAD
from worklist.enums import TaskKind

pytestmark = pytest.mark.django_db

EVERYWHERE = [
    "nothing",
    "10,000 characters",
    "10,000 digits",
    "a NUL byte",
    "no such day",
    "a negative number",
    "digits of another script",
]
# In one field of a form that is otherwise right: strange but no fault, so it is stored, and must be storable.
ALONE = ["a NUL byte", "strange"]
FEWEST_FORMS = {"coordinator": 38, "administrator": 9}  # or the crawler has lost its way
STRANGE = "Ærø 😀🧑‍🎨\x08\x1b[31m\u202e\r\n<script>alert(1)</script> {{ x }} %s '; --"
LOOKED_AT_PER_ROUTE = 8  # there are as many sections of settings
# Signing out ends the walk; the public forms have a test of their own.
LEFT_ALONE = {"account_logout", "referrals:refer_form", "referrals:sign_up"}


@pytest.fixture
def busy_programme(programme: Programme) -> Programme:
    """A programme with something of everything, so that every page has its forms."""
    now = timezone.now()
    venue = factories.make_venue(programme)
    cohort = factories.make_cohort(programme, starts_on=now.date() - dt.timedelta(days=7), venue=venue)
    coming = factories.make_cohort(programme, starts_on=now.date() + dt.timedelta(days=20))
    for days in (-7, 7):
        factories.make_session(cohort, starts_at=now + dt.timedelta(days=days))
    factories.make_session(coming, starts_at=now + dt.timedelta(days=21))
    organisation = factories.make_organisation(programme)
    referrer = factories.make_referrer(programme, organisation=organisation)
    for stage in (Stage.RECEIVED, Stage.READY, Stage.CLOSED):
        participant = factories.make_participant(programme, stage=stage)
        factories.make_referral(programme, participant=participant, referrer=referrer)
        factories.make_task(programme, participant=participant)
    enrolled = factories.make_enrolment(cohort).participant
    factories.make_response(enrolled, Occasion.BEFORE, (1, 1, None, 1, 1))
    factories.make_task(programme, participant=enrolled, kind=TaskKind.BEFORE_MEASURE)
    factories.make_held_arrival(programme)
    for state in (MessageState.PLANNED, MessageState.FAILED):
        factories.make_message(programme, referrer=referrer, state=state)
    factories.make_message(programme, referrer=referrer, state=MessageState.UNCERTAIN, claimed_at=now)
    return programme


def route_of(path: str) -> str | None:
    """Return the full name of the URL pattern behind a path of ours."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return None


def pages_from(client: Client, start: str) -> Iterator[tuple[str, str]]:
    """Give path and text of each page that links lead to, a few for each URL pattern."""
    waiting, met, looked_at = [start], {start}, dict[str, int]()
    while waiting:
        path = waiting.pop(0)
        route = route_of(urlsplit(path).path)
        if route is None or looked_at.get(route, 0) >= LOOKED_AT_PER_ROUTE:
            continue
        looked_at[route] = looked_at.get(route, 0) + 1
        answer = client.get(path)
        assert answer.status_code < 500, path
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        text = answer.content.decode()
        yield path, text
        for address in re.findall(r'href="(/[^"#]*)', text):
            if address not in met and not address.startswith("/static/"):
                met.add(address)
                waiting.append(address.replace("&amp;", "&"))


def staff_forms(client: Client, start: str) -> dict[tuple[str, tuple[str, ...]], tuple[str, HtmlForm]]:
    """Return one form for each address that forms post to, with the path it is posted to."""
    found: dict[tuple[str, tuple[str, ...]], tuple[str, HtmlForm]] = {}
    for path, text in pages_from(client, start):
        for form in forms_on(text):
            action = form.action or path
            route = route_of(urlsplit(action).path)
            if form.method == "post" and route not in LEFT_ALONE:
                names = tuple(sorted(re.sub(r"\d+", "n", name) for name in form.names))
                found.setdefault((str(route), names), (action, form))
    return found


@pytest.mark.parametrize("role", ["coordinator", "administrator"])
def test_whatever_staff_type_is_a_page(
    request: pytest.FixtureRequest,
    client_for: Callable[[User], Client],
    busy_programme: Programme,
    role: str,
):
    client = client_for(request.getfixturevalue(role))
    client.raise_request_exception = False
    start = {"coordinator": "/overblik/", "administrator": "/indstillinger/"}[role]
    forms = staff_forms(client, start)
    assert len(forms) >= FEWEST_FORMS[role]
    faults = [
        f"{what} sent to {route} ({action})"
        for (route, _), (action, form) in forms.items()
        for what, typed in nonsense_for(form)
        if client.post(action, typed).status_code >= 500
    ]
    assert faults == []


def nonsense_for(form: HtmlForm) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Give each thing to post, and what to call it."""
    drawn = {name: values for name, values in form.data.items() if name != "csrfmiddlewaretoken"}
    names = [name for name in form.names if name != "csrfmiddlewaretoken"]
    yield "the form as drawn", drawn
    for what in EVERYWHERE:
        yield f"{what} everywhere", {name: [BAD[what]] for name in names}
    for name in names:
        for what in ALONE:
            yield f"{what} in {name}", {**drawn, name: [BAD.get(what, STRANGE)]}
