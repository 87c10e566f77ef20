"""Who may open the cohort pages, and that another programme's rows do not exist here."""

import pytest
from django_scopes import scope

from courses.enums import EnrolmentState
from courses.models import Enrolment, Session
from participants.enums import Stage
from tests.factories import make_enrolment, make_participant, make_session, make_venue
from tests.recruitment.cohorts import address, at, upcoming


@pytest.fixture
def pages(programme):
    """Return every page of cohorts with the keys of rows that exist in `programme`."""
    return keys_in(programme)


def keys_in(programme):
    cohort = upcoming(programme)
    session = make_session(cohort, starts_at=at(15))
    enrolment = make_enrolment(cohort)
    waiting = make_enrolment(
        cohort, make_participant(programme, stage=Stage.READY), state=EnrolmentState.WAITING
    )
    ready = make_participant(programme, stage=Stage.READY)
    return {
        "cohort_list": (),
        "cohort_create": (),
        "venue_list": (),
        "venue_create": (),
        "venue_edit": (make_venue(programme).pk,),
        "cohort_detail": (cohort.pk,),
        "cohort_edit": (cohort.pk,),
        "cohort_cancel": (cohort.pk,),
        "cohort_finish": (cohort.pk,),
        "cohort_place": (cohort.pk,),
        "cohort_wait": (cohort.pk,),
        "waiting_leave": (cohort.pk, waiting.pk),
        "enrolment_end": (cohort.pk, enrolment.pk),
        "session_create": (cohort.pk,),
        "session_create_weekly": (cohort.pk,),
        "session_attendance": (cohort.pk, session.pk),
        "session_edit": (cohort.pk, session.pk),
        "session_remove": (cohort.pk, session.pk),
        "participant_place": (ready.pk,),
    }


GET_ONLY = {"cohort_detail"}
POST_ONLY = {"cohort_wait", "waiting_leave", "session_remove"}


def test_cohort_pages_open_for_the_coordinator(client_for, coordinator, pages):
    client = client_for(coordinator)
    for name, keys in pages.items():
        expected = 405 if name in POST_ONLY else 200
        assert client.get(address(name, *keys)).status_code == expected, name


@pytest.mark.parametrize("role", ["manager", "administrator"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_cohort_pages_are_refused_to_other_roles(client_for, request, role, method, pages):
    client = client_for(request.getfixturevalue(role))
    for name, keys in pages.items():
        assert getattr(client, method)(address(name, *keys)).status_code == 403, name


def test_cohort_pages_send_strangers_to_sign_in(client_for, db, pages):
    client = client_for(None)
    for name, keys in pages.items():
        response = client.get(address(name, *keys))
        assert response.status_code == 302, name
        assert response["Location"].startswith("/konto/"), name


@pytest.mark.parametrize("method", ["get", "post"])
def test_cohort_pages_of_another_programme_do_not_exist(client_for, coordinator, other_programme, method):
    client = client_for(coordinator)
    for name, keys in keys_in(other_programme).items():
        if not keys or name in (POST_ONLY if method == "get" else GET_ONLY):
            continue
        assert getattr(client, method)(address(name, *keys)).status_code == 404, name
    with scope(programme=other_programme):
        assert Session.objects.count() == 1
        states = set(Enrolment.objects.values_list("state", flat=True))
    assert states == {EnrolmentState.ENROLLED, EnrolmentState.WAITING}


def test_cohort_pages_of_a_number_too_large_do_not_exist(client_for, coordinator):
    client = client_for(coordinator)
    assert client.get(address("cohort_detail", 10**30)).status_code == 404
    assert client.get(address("enrolment_end", 10**30, 10**30)).status_code == 404
