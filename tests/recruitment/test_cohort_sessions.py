"""The coordinator plans sessions and notes who came, on a phone."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from courses.enums import EnrolmentState
from courses.models import Attendance, Session
from courses.services import apologise
from participants.enums import Stage
from tests.factories import make_enrolment, make_participant, make_session, make_venue
from tests.recruitment.cohorts import address, at, in_days, running, text, upcoming
from tests.referrals.pages import form_fields


@pytest.fixture
def client(client_for, coordinator):
    return client_for(coordinator)


@pytest.fixture
def cohort(programme):
    return running(programme, name="Nuholdet")


def spelled(days):
    return f"{in_days(days):%d.%m.%Y}"


def answers(**changed):
    return {
        "held_on": spelled(1),
        "starts": "10",
        "ends": "12.30",
        "title": "Keramik",
        "venue": "",
        **changed,
    }


# --- session_create, session_edit, session_remove --------------------------------------------------


def test_session_create_adds_the_session_by_danish_clocks(client, programme, cohort):
    venue = make_venue(programme)
    response = client.post(address("session_create", cohort.pk), answers(venue=str(venue.pk)), follow=True)
    assert "Mødegangen er tilføjet." in text(response)
    with scope(programme=programme):
        session = Session.objects.get()
    assert (session.starts_at, session.title, session.venue) == (at(1), "Keramik", venue)
    assert session.ends_at - session.starts_at == dt.timedelta(hours=2.5)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"held_on": ""}, "Skriv datoen, for eksempel"),
        ({"held_on": "32.1.2026"}, "Skriv datoen som dag, måned og år"),
        ({"starts": ""}, "Skriv, hvornår I begynder"),
        ({"ends": ""}, "Skriv, hvornår I slutter"),
        ({"ends": "10"}, "der ligger efter begyndelsen"),
        ({"title": "\x00"}, "et tegn, vi ikke kan gemme"),
        ({"title": "x" * 151}, "Teksten er 1 tegn for lang"),
        ({"venue": "0"}, "Vælg et mødested på listen."),
        ({"held_on": "01.01.2020"}, "ligger uden for holdet"),
    ],
)
def test_session_create_says_what_to_do(client, programme, cohort, changed, said):
    response = client.post(address("session_create", cohort.pk), answers(**changed))
    assert response.status_code == 422
    assert said in text(response)
    with scope(programme=programme):
        assert not Session.objects.exists()


def test_session_create_twice_by_double_click_makes_one(client, programme, cohort):
    url = address("session_create", cohort.pk)
    client.post(url, answers())
    assert "Holdet har allerede en mødegang den" in text(client.post(url, answers()))
    with scope(programme=programme):
        assert Session.objects.count() == 1


def weekly(**changed):
    return {
        "first_on": spelled(0),
        "count": "3",
        "weekdays": [str(in_days(0).weekday())],
        "starts": "10",
        "ends": "12",
        "title": "",
        "venue": "",
        **changed,
    }


def test_session_create_weekly_adds_them_all(client, programme, cohort):
    response = client.post(
        address("session_create_weekly", cohort.pk), weekly(weekdays=["0", "1", "2", "3", "4"]), follow=True
    )
    assert "3 mødegange er tilføjet." in text(response)
    with scope(programme=programme):
        assert Session.objects.count() == 3


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"weekdays": []}, "Vælg mindst én ugedag."),
        ({"count": ""}, "Skriv, hvor mange mødegange der skal være."),
        ({"count": "0"}, "Skriv mindst 1 mødegang."),
        ({"count": "105"}, "Skriv højst 104 mødegange."),
        ({"count": "104"}, "ligger uden for holdet"),
        ({"count": "mange"}, "Skriv antallet som et helt tal"),
        ({"first_on": "01.01.2050"}, "Der er ingen mødegange i perioden"),
        ({"starts": "3"}, "Skriv et tidspunkt efter kl. 6.00"),
    ],
)
def test_session_create_weekly_says_what_to_do(client, programme, cohort, changed, said):
    response = client.post(address("session_create_weekly", cohort.pk), weekly(**changed))
    assert response.status_code == 422
    assert said in text(response)
    with scope(programme=programme):
        assert not Session.objects.exists()


def test_session_edit_shows_what_is_known_and_saves_what_is_new(client, cohort):
    session = make_session(cohort, starts_at=at(1))
    url = address("session_edit", cohort.pk, session.pk)
    page = text(client.get(url))
    assert f'value="{spelled(1)}"' in page
    assert 'value="10.00"' in page
    client.post(url, answers(held_on=spelled(2), title="Sang"))
    session.refresh_from_db()
    assert (session.starts_at, session.title) == (at(2), "Sang")


def test_session_edit_refuses_a_day_outside_the_cohort(client, cohort):
    session = make_session(cohort, starts_at=at(1))
    url = address("session_edit", cohort.pk, session.pk)
    assert "ligger uden for holdet" in text(client.post(url, answers(held_on="01.01.2020")))


def test_session_remove_deletes_it(client, programme, cohort):
    session = make_session(cohort, starts_at=at(1))
    response = client.post(address("session_remove", cohort.pk, session.pk), follow=True)
    assert "Mødegangen er slettet." in text(response)
    assert client.post(address("session_remove", cohort.pk, session.pk)).status_code == 404


def test_session_remove_refuses_where_attendance_is_noted(client, programme, cohort):
    session = make_session(cohort, starts_at=at(-1))
    enrolment = make_enrolment(cohort)
    client.post(address("session_attendance", cohort.pk, session.pk), {f"place_{enrolment.pk}": "absent"})
    response = client.post(address("session_remove", cohort.pk, session.pk), follow=True)
    assert "kan ikke slettes" in text(response)
    session.refresh_from_db()


# --- session_attendance ----------------------------------------------------------------------------


def notes(programme):
    with scope(programme=programme):
        return dict(Attendance.objects.values_list("enrolment", "state"))


def test_session_attendance_preselects_nothing(client, cohort):
    make_enrolment(cohort)
    session = make_session(cohort, starts_at=at(-1))
    page = text(client.get(address("session_attendance", cohort.pk, session.pk)))
    for answer in ("Mødt", "Afbud", "Udeblevet", "Ikke noteret"):
        assert answer in page
    assert page.count(" checked") == 1
    assert 'value="" class="form-radio" required' not in page


def test_session_attendance_keeps_each_tick_and_starts_the_place(client, programme, cohort):
    came, sorry, silent = (make_enrolment(cohort) for _ in range(3))
    session = make_session(cohort, starts_at=at(-1))
    url = address("session_attendance", cohort.pk, session.pk)
    ticks = {f"place_{came.pk}": "present", f"place_{sorry.pk}": "apologised", f"place_{silent.pk}": ""}
    assert "Fremmødet er gemt." in text(client.post(url, ticks, follow=True))
    assert notes(programme) == {came.pk: "present", sorry.pk: "apologised"}
    came.refresh_from_db()
    came.participant.refresh_from_db()
    assert (came.state, came.participant.stage) == (EnrolmentState.STARTED, Stage.ACTIVE)
    assert text(client.get(url)).count(" checked") == 3


def test_session_attendance_with_the_rest_present_wants_only_the_exceptions(client, programme, cohort):
    came, sorry = make_enrolment(cohort), make_enrolment(cohort)
    session = make_session(cohort, starts_at=at(-1))
    client.post(
        address("session_attendance", cohort.pk, session.pk),
        {f"place_{sorry.pk}": "apologised", "rest_present": "yes"},
    )
    assert notes(programme) == {came.pk: "present", sorry.pk: "apologised"}


def test_session_attendance_can_be_corrected_and_taken_back(client, programme, cohort):
    first, second = make_enrolment(cohort), make_enrolment(cohort)
    session = make_session(cohort, starts_at=at(-1))
    url = address("session_attendance", cohort.pk, session.pk)
    client.post(url, {f"place_{first.pk}": "absent", f"place_{second.pk}": "absent"})
    client.post(url, {f"place_{first.pk}": "apologised", f"place_{second.pk}": ""})
    assert notes(programme) == {first.pk: "apologised"}


def test_session_attendance_before_the_day_takes_apologies_alone(client, programme, cohort):
    enrolment = make_enrolment(cohort)
    session = make_session(cohort, starts_at=at(2))
    url = address("session_attendance", cohort.pk, session.pk)
    page = text(client.get(url))
    assert "Indtil da kan du kun notere afbud" in page
    assert "resten er mødt" not in page
    refused = client.post(url, {f"place_{enrolment.pk}": "present"})
    assert refused.status_code == 422
    assert f"Mødegangen er først den {spelled(2)}" in text(refused)
    client.post(url, {f"place_{enrolment.pk}": "apologised"})
    assert notes(programme) == {enrolment.pk: "apologised"}


@pytest.mark.parametrize("button", [{}, {"rest_present": "yes"}])
def test_session_attendance_keeps_an_apology_that_came_while_the_page_stood_open(
    client, programme, cohort, button
):
    came, sorry = make_enrolment(cohort), make_enrolment(cohort)
    session = make_session(cohort, starts_at=at(-1), ends_at=timezone.now() + dt.timedelta(hours=1))
    url = address("session_attendance", cohort.pk, session.pk)
    opened = form_fields(client.get(url))
    with scope(programme=programme):
        apologise(participant=sorry.participant, session=session, by=None, now=timezone.now())

    client.post(url, {**opened, **button, f"place_{came.pk}": "present"})

    assert notes(programme) == {came.pk: "present", sorry.pk: "apologised"}


@pytest.mark.parametrize(("button", "left"), [({}, None), ({"rest_present": "yes"}, "present")])
def test_session_attendance_takes_away_an_apology_that_the_coordinator_saw(
    client, programme, cohort, button, left
):
    sorry = make_enrolment(cohort)
    session = make_session(cohort, starts_at=at(-1))
    url = address("session_attendance", cohort.pk, session.pk)
    client.post(url, {f"place_{sorry.pk}": "apologised"})
    opened = form_fields(client.get(url))

    client.post(url, {**opened, **button, f"place_{sorry.pk}": ""})

    assert notes(programme) == ({sorry.pk: left} if left else {})


def test_session_attendance_refuses_an_unknown_answer(client, programme, cohort):
    enrolment = make_enrolment(cohort)
    session = make_session(cohort, starts_at=at(-1))
    response = client.post(
        address("session_attendance", cohort.pk, session.pk), {f"place_{enrolment.pk}": "late"}
    )
    assert response.status_code == 422
    assert "Vælg mødt, afbud eller udeblevet." in text(response)


def test_session_attendance_passes_over_a_stranger_in_the_answers(client, programme, cohort):
    stranger = make_enrolment(upcoming(programme))
    make_enrolment(cohort)
    session = make_session(cohort, starts_at=at(-1))
    client.post(address("session_attendance", cohort.pk, session.pk), {f"place_{stranger.pk}": "present"})
    assert notes(programme) == {}


def test_session_attendance_without_people_says_what_to_do(client, cohort):
    session = make_session(cohort, starts_at=at(-1))
    page = text(client.get(address("session_attendance", cohort.pk, session.pk)))
    assert "Ingen har plads på holdet" in page


def test_session_attendance_leaves_out_who_had_stopped_and_keeps_who_was_noted(client, programme, cohort):
    stopped_at = timezone.now() - dt.timedelta(days=5)

    def stopped(name):
        person = make_participant(programme, given_name=name, stage=Stage.CLOSED)
        return make_enrolment(cohort, person, state=EnrolmentState.STOPPED, state_changed_at=stopped_at)

    stopped("Ude")
    noted = stopped("Noteret")
    session = make_session(cohort, starts_at=at(-1))
    with scope(programme=programme):
        Attendance.objects.create(
            programme=programme, session=session, enrolment=noted, state="absent", recorded_at=timezone.now()
        )
    page = text(client.get(address("session_attendance", cohort.pk, session.pk)))
    assert "Noteret Sørensen" in page
    assert "Ude Sørensen" not in page


def test_session_attendance_takes_the_same_queries_for_1_3_and_30_people(client, cohort):
    session = make_session(cohort, starts_at=at(-1))
    url = address("session_attendance", cohort.pk, session.pk)
    cohort.capacity = 60
    cohort.save()
    seen = []
    for number in (1, 2, 27):
        for _ in range(number):
            make_enrolment(cohort)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        seen.append(len(queries))
    assert len(set(seen)) == 1, seen
