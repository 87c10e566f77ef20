"""Every staff address × who asks: the table of expected answers.

A new address fails here until it says, by its permission and its parameters, what it wants.
"""

from typing import Any

import pytest
from django.urls import reverse
from django_scopes import scope

from accounts.enums import Role
from accounts.models import Programme
from accounts.permissions import Permission
from courses.enums import EnrolmentState
from evaluation.enums import Occasion
from outreach.posters import Size
from participants.enums import Stage
from participants.models import Participant, PersonMerge
from recruitment.services import merge_persons
from tests import factories
from tests.urlconf import Route, routes

# Written out, not read from the code: what each right's page answers to each role.
ALLOWED: dict[Permission, set[str]] = {
    Permission.SEE_DASHBOARD: {"coordinator"},
    Permission.SEE_PARTICIPANTS: {"coordinator"},
    Permission.CHANGE_PARTICIPANTS: {"coordinator"},
    Permission.MANAGE_COHORTS: {"coordinator"},
    Permission.MANAGE_MEASURES: {"coordinator"},
    Permission.MANAGE_PARTNERS: {"coordinator"},
    Permission.SEE_MESSAGES: {"coordinator"},
    Permission.SEE_STATISTICS: {"coordinator", "manager"},
    Permission.MANAGE_SETTINGS: {"administrator"},
}

STAFF = [route for route in routes() if route.permission is not None]


def rows(programme: Programme) -> dict[str, Any]:
    """Return a row of each kind that an address can name, all of one programme."""
    participant = factories.make_participant(programme, stage=Stage.PLACED)
    venue = factories.make_venue(programme)
    cohort = factories.make_cohort(programme, venue=venue)
    session = factories.make_session(cohort, venue=venue)
    return {
        "participant": participant,
        "other": factories.make_participant(programme),
        "merge": merged(participant),
        "venue": venue,
        "cohort": cohort,
        "session": session,
        "enrolment": factories.make_enrolment(cohort, participant, state=EnrolmentState.ENROLLED),
        "task": factories.make_task(programme, participant=participant),
        "organisation": factories.make_organisation(programme),
        "referrer": factories.make_referrer(programme),
        "channel": factories.make_channel(programme),
        "activity": factories.make_activity(programme),
        "link": factories.make_tracked_link(programme),
        "interested": factories.make_interested(programme),
        "referral": factories.make_referral(programme, participant=participant),
        "message": factories.make_message(programme, participant=participant),
        "nudge": (nudge := factories.make_nudge(programme)),
        "nudge rule": nudge.round.rule,
        "held": factories.make_held_arrival(programme),
        "form version": factories.make_form_version(programme, number=1),
        "draft": factories.make_import_draft(programme),
        "partner draft": factories.make_partner_draft(programme),
        "member": factories.make_user(programme, Role.COORDINATOR).memberships.get(),
    }


def merged(participant: Participant) -> PersonMerge:
    """Return the merge of another record into the participant."""
    with scope(programme=participant.programme):
        absorbed = factories.make_participant(participant.programme)
        return merge_persons(kept=participant, absorbed=absorbed, by=None, now=factories.NOW)


# The row that `pk` means, by the beginning of the address's name.
PK_OF = {
    "recruitment:participant": "participant",
    "recruitment:cohort": "cohort",
    "recruitment:session": "cohort",
    "recruitment:enrolment": "cohort",
    "recruitment:waiting": "cohort",
    "recruitment:venue": "venue",
    "recruitment:task": "task",
    "recruitment:partner_import": "partner draft",
    "recruitment:partner": "organisation",
    "recruitment:referrer": "referrer",
    "recruitment:link": "link",
    "recruitment:channel": "channel",
    "recruitment:activity": "activity",
    "recruitment:interested": "interested",
    "recruitment:year_wheel": "cohort",
    "recruitment:member": "member",
    "messaging:message": "message",
    "referrals:held": "held",
    "referrals:nudge_rule": "nudge rule",
    "referrals:nudge_proposal": "nudge",
    "referrals:import": "draft",
    "referrals:referral": "referral",
    "evaluation:measure": "participant",
}


def parameters(route: Route, known: dict[str, Any]) -> dict[str, Any]:
    """Return the route's parameters, pointing at the rows of `known`."""
    values: dict[str, Any] = {}
    for parameter in route.parameters:
        if parameter == "pk":
            kind = next(kind for start, kind in PK_OF.items() if route.name.startswith(start))
            values["pk"] = known[kind].pk
        elif parameter.endswith("_pk"):
            values[parameter] = known[parameter.removesuffix("_pk")].pk
        elif parameter == "occasion":
            values["occasion"] = Occasion.BEFORE.value
        else:
            values[parameter] = FIXED[parameter]
    return values


FIXED = {
    "section": "program",
    "name": "funnel",
    "kind": "jobcenter",
    "number": 1,
    "size": Size.A4,
    "drawn_as": "svg",
    "ending": "csv",
}

# What a button sends besides the address.
POSTED = {
    "recruitment:cohort_place": ["participant"],
    "recruitment:cohort_wait": ["participant"],
    "recruitment:participant_not_same": ["other"],
}
OPEN_TO_ALLOWED = {200, 302, 405, 422}


@pytest.fixture
def users(client_for, coordinator, manager, administrator, coordinator_elsewhere) -> dict[str, Any]:
    return {
        "anonymous": client_for(None),
        "coordinator": client_for(coordinator),
        "manager": client_for(manager),
        "administrator": client_for(administrator),
        "elsewhere": client_for(coordinator_elsewhere),
        "nobody": client_for(factories.make_user()),
    }


def statuses(url: str, posted: dict[str, Any], users: dict[str, Any]) -> dict[str, tuple[int, int]]:
    return {
        who: (browser.get(url).status_code, browser.post(url, posted).status_code)
        for who, browser in users.items()
    }


@pytest.mark.parametrize("route", STAFF, ids=lambda route: route.name)
def test_staff_address_answers_each_role_as_the_table_says(
    route: Route, users: dict[str, Any], programme: Programme
):
    known = rows(programme)
    url = reverse(route.name, kwargs=parameters(route, known))
    got = statuses(url, {name: known[name].pk for name in POSTED.get(route.name, [])}, users)
    allowed = ALLOWED[route.permission]

    assert got["anonymous"] == (302, 403), "anonymous: to sign-in, and what was typed is kept"
    assert got["nobody"] == (403, 403), "a member of nothing"
    for role in ("coordinator", "manager", "administrator"):
        if role in allowed:
            assert set(got[role]) <= OPEN_TO_ALLOWED, f"{role}: {got[role]}"
        else:
            assert got[role] == (403, 403), f"{role}: {got[role]}"


@pytest.mark.parametrize(
    "route", [route for route in STAFF if set(route.parameters) - set(FIXED)], ids=lambda route: route.name
)
def test_staff_address_of_another_programmes_row_is_not_found(
    route: Route, client_for, programme: Programme, other_programme: Programme
):
    """The row exists, its own coordinator opens it, and a colleague elsewhere sees a missing row."""
    known = rows(programme)
    url = reverse(route.name, kwargs=parameters(route, known))
    missing = reverse(
        route.name,
        kwargs={
            name: 987_654_321 if isinstance(value, int) else value
            for name, value in parameters(route, known).items()
        },
    )
    role = Role(next(iter(ALLOWED[route.permission])))
    foreigner = client_for(factories.make_user(other_programme, role))
    for method in ("get", "post"):
        foreign, absent = getattr(foreigner, method)(url), getattr(foreigner, method)(missing)
        assert foreign.status_code in {404, 405}
        assert foreign.status_code == absent.status_code
    assert 404 in {foreigner.get(url).status_code, foreigner.post(url).status_code}


def test_manager_opens_no_page_that_names_a_person(client_for, manager, programme):
    known = rows(programme)
    browser = client_for(manager)
    opened = 0
    for route in STAFF:
        response = browser.get(reverse(route.name, kwargs=parameters(route, known)))
        if response.status_code == 200:
            opened += 1
            page = response.content.decode(errors="replace")
            assert known["participant"].family_name not in page, route.name
    assert opened >= 1
