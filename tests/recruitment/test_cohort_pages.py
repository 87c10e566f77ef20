"""The coordinator makes, finds, corrects, cancels and finishes cohorts."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from courses.enums import AttendanceState, EnrolmentState
from courses.models import Attendance, Cohort, Session
from participants.enums import Stage
from tests.factories import make_cohort, make_enrolment, make_participant, make_session, make_venue
from tests.recruitment.cohorts import address, at, in_days, over, running, text, today, upcoming


@pytest.fixture
def client(client_for, coordinator):
    return client_for(coordinator)


def answers(**changed):
    return {
        "name": "Forårsholdet",
        "starts_on": "05.11.2026",
        "ends_on": "17.12.2026",
        "capacity": "12",
        "venue": "",
        "note": "",
        "starts": "",
        "ends": "",
        **changed,
    }


# --- cohort_list -----------------------------------------------------------------------------------


def test_cohort_list_is_friendly_when_empty(client):
    assert "Ingen hold endnu" in text(client.get(address("cohort_list")))


def test_cohort_list_shows_running_coming_and_past_cohorts(client, programme):
    now_on = running(programme, name="Nuholdet", capacity=8)
    make_enrolment(now_on)
    make_session(now_on, starts_at=at(0, 9))
    full = upcoming(programme, name="Snartholdet", capacity=1)
    make_enrolment(full)
    ready = make_participant(programme, stage=Stage.READY)
    make_enrolment(full, ready, state=EnrolmentState.WAITING)
    over(programme, name="Dengangholdet")
    page = text(client.get(address("cohort_list")))
    assert page.index("Nuholdet") < page.index("Snartholdet") < page.index("Dengangholdet")
    assert "1 af 8" in page
    assert f"{today():%d.%m.%Y} kl.&nbsp;09.00" in page
    assert "Fyldt" in page
    assert "1 på venteliste" in page
    assert "Afsluttet" in page


def test_cohort_list_points_at_a_past_cohort_that_is_not_finished(client, programme):
    cohort = over(programme)
    make_enrolment(cohort, state=EnrolmentState.STARTED)
    page = text(client.get(address("cohort_list")))
    assert "Skal afsluttes" in page
    assert address("cohort_finish", cohort.pk) in page


def test_cohort_list_puts_a_cancelled_cohort_among_the_past(client, programme):
    upcoming(programme, name="Aflyste", cancelled_at=timezone.now())
    page = text(client.get(address("cohort_list")))
    assert page.index("Tidligere") < page.index("Aflyste")
    assert "Aflyst</span>" in page


def test_cohort_list_turns_the_page_of_past_cohorts(client, programme):
    for number in range(21):
        over(programme, name=f"Hold nr {number}", starts_on=in_days(-60 - number))
    assert "Hold nr 20" not in text(client.get(address("cohort_list")))
    assert "Hold nr 20" in text(client.get(address("cohort_list", page=2)))


def test_cohort_list_shows_no_cohort_of_another_programme(client, other_programme):
    upcoming(other_programme, name="Fremmedholdet")
    running(other_programme, name="Fremmedholdet 2")
    assert "Fremmedholdet" not in text(client.get(address("cohort_list")))


def queries_of(client, url):
    client.get(url)  # what is read once a process is read now
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_cohort_list_takes_the_same_queries_for_1_3_and_30_cohorts(client, programme):
    def one_of_each():
        cohorts = (upcoming(programme), running(programme), over(programme))
        for cohort in cohorts:
            make_enrolment(cohort)
            make_session(cohort, starts_at=at(1))

    seen = []
    for number in (1, 2, 27):
        for _ in range(number):
            one_of_each()
        seen.append(queries_of(client, address("cohort_list")))
    assert len(set(seen)) == 1, seen


# --- cohort_create ---------------------------------------------------------------------------------


def test_cohort_create_offers_the_programmes_own_number_of_seats(client, programme):
    programme.default_capacity = 17
    programme.save()
    assert 'value="17"' in text(client.get(address("cohort_create")))


@pytest.mark.parametrize("spelled", ["05.11.2026", "5-11-2026", "5/11/2026"])
def test_cohort_create_reads_dates_in_three_spellings(client, programme, spelled):
    response = client.post(address("cohort_create"), answers(starts_on=spelled))
    assert response.status_code == 302
    with scope(programme=programme):
        assert Cohort.objects.get().starts_on == dt.date(2026, 11, 5)


def test_cohort_create_with_weekdays_makes_the_sessions_and_tells_of_holidays(client, programme):
    venue = make_venue(programme)
    response = client.post(
        address("cohort_create"),
        answers(
            starts_on="27.04.2026",
            ends_on="29.05.2026",
            weekdays=["0", "3"],
            starts="10",
            ends="12:30",
            venue=str(venue.pk),
        ),
        follow=True,
    )
    assert "14.05.2026 (Kristi himmelfartsdag), 25.05.2026 (Anden pinsedag)" in text(response)
    with scope(programme=programme):
        sessions = list(Session.objects.all())
    assert len(sessions) == 8
    assert {session.ends_at - session.starts_at for session in sessions} == {dt.timedelta(hours=2.5)}
    assert {timezone.localtime(session.starts_at).hour for session in sessions} == {10}


def test_cohort_create_twice_by_double_click_makes_one(client, programme):
    first = client.post(address("cohort_create"), answers())
    second = client.post(address("cohort_create"), answers())
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    with scope(programme=programme):
        assert Cohort.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "Skriv holdets navn"),
        ({"name": "å" * 101}, "Teksten er 1 tegn for lang"),
        ({"name": "Hold\x00et"}, "et tegn, vi ikke kan gemme"),
        ({"name": "Ring 010190-1234"}, "CPR-nummer"),
        ({"starts_on": ""}, "Skriv holdets første dag"),
        ({"starts_on": "31.02.2026"}, "Skriv datoen som dag, måned og år"),
        ({"starts_on": "i morgen"}, "Skriv datoen som dag, måned og år"),
        ({"ends_on": ""}, "Skriv holdets sidste dag"),
        ({"ends_on": "04.11.2026"}, "Slutningen ligger før begyndelsen"),
        ({"ends_on": "17.12.2062"}, "Tjek årstallet"),
        ({"capacity": ""}, "Skriv, hvor mange pladser der er."),
        ({"capacity": "0"}, "Skriv mindst 1 plads."),
        ({"capacity": "-3"}, "Skriv mindst 1 plads."),
        ({"capacity": "61"}, "Skriv højst 60 pladser."),
        ({"capacity": "9" * 30}, "Skriv højst 60 pladser."),
        ({"capacity": "tolv"}, "Skriv antallet af pladser som et helt tal"),
        ({"venue": "999999"}, "Vælg et mødested på listen."),
        ({"venue": "\x00"}, "Null-tegn er ikke tilladte."),
        ({"note": "x" * 1001}, "Teksten er 1 tegn for lang"),
        ({"weekdays": ["1"], "ends": "12"}, "Skriv, hvornår I begynder"),
        ({"weekdays": ["1"], "starts": "10"}, "Skriv, hvornår I slutter"),
        ({"weekdays": ["1"], "starts": "12", "ends": "10"}, "der ligger efter begyndelsen"),
        ({"weekdays": ["1"], "starts": "2.30", "ends": "4"}, "Skriv et tidspunkt efter kl. 6.00"),
        ({"weekdays": ["1"], "starts": "25", "ends": "12"}, "Skriv klokkeslættet som timer og minutter"),
        ({"weekdays": ["7"], "starts": "10", "ends": "12"}, "Vælg ugedagene på listen."),
        ({"starts": "10", "ends": "12"}, "Vælg de ugedage, hvor holdet mødes"),
        (
            {
                "starts_on": "24.12.2026",
                "ends_on": "26.12.2026",
                "weekdays": ["4"],
                "starts": "10",
                "ends": "11",
            },
            "Der er ingen mødegange i perioden",
        ),
    ],
)
def test_cohort_create_says_what_to_do_and_keeps_the_answers(client, programme, changed, said):
    response = client.post(address("cohort_create"), answers(**changed))
    page = text(response)
    assert response.status_code == 422
    assert said in page
    assert "Der er 1 fejl" in page
    assert "17.12.2026" in page  # an answer, or the hint where another was given
    with scope(programme=programme):
        assert not Cohort.objects.exists()


def test_cohort_create_refuses_a_venue_of_another_programme(client, other_programme):
    foreign = make_venue(other_programme)
    response = client.post(address("cohort_create"), answers(venue=str(foreign.pk)))
    assert "Vælg et mødested på listen." in text(response)
    assert foreign.name not in text(client.get(address("cohort_create")))


def test_cohort_create_with_nothing_at_all_says_what_is_missing(client):
    response = client.post(address("cohort_create"), {})
    assert response.status_code == 422
    assert "Der er 4 fejl" in text(response)


def test_cohort_create_refuses_a_name_that_is_taken(client, programme):
    make_cohort(programme, name="FORÅRSHOLDET")
    response = client.post(address("cohort_create"), answers())
    assert response.status_code == 422
    assert "Navnet “FORÅRSHOLDET” er allerede brugt" in text(response)


def test_cohort_create_shows_emoji_and_markup_as_text(client, programme):
    client.post(address("cohort_create"), answers(name="🎨 <script>alert(1)</script>"))
    page = text(client.get(address("cohort_list")))
    assert "🎨 &lt;script&gt;" in page
    assert "<script>alert" not in page


# --- cohort_detail ---------------------------------------------------------------------------------


def test_cohort_detail_shows_people_sessions_and_what_is_missing(client, programme):
    venue = make_venue(programme, name="Esbjerg Museum")
    cohort = running(programme, name="Nuholdet", capacity=8, venue=venue, note="Husk kaffe.")
    held = make_session(cohort, starts_at=at(-7))
    make_session(cohort, starts_at=at(-3), title="Sang")
    make_session(cohort, starts_at=at(0))
    make_session(cohort, starts_at=at(7))
    active = make_participant(programme, stage=Stage.ACTIVE, given_name="Åse", family_name="Ærø")
    enrolment = make_enrolment(cohort, active, state=EnrolmentState.STARTED)
    paused = make_participant(programme, stage=Stage.PAUSED)
    make_enrolment(cohort, paused, state=EnrolmentState.STARTED)
    gone = make_participant(programme, given_name="Frida", stage=Stage.CLOSED)
    make_enrolment(cohort, gone, state=EnrolmentState.STOPPED)
    with scope(programme=programme):
        Attendance.objects.create(
            programme=programme,
            session=held,
            enrolment=enrolment,
            state=AttendanceState.PRESENT,
            recorded_at=timezone.now(),
        )
    page = text(client.get(address("cohort_detail", cohort.pk)))
    for shown in (
        "Åse Ærø",
        "Mødt 1 af 1 gang",
        "1 mødt · 0 afbud · 0 udeblevet",
        "Holder pause",
        "Fremmøde mangler",
        "I dag",
        "Kommer",
        "Frida",
        "Husk kaffe.",
        "Esbjerg Museum",
        "2 af 8",
        "6 ledige pladser",
    ):
        assert shown in page, shown


def test_cohort_detail_of_a_full_cohort_offers_the_waiting_list(client, programme):
    cohort = upcoming(programme, capacity=1)
    make_enrolment(cohort)
    make_participant(programme, stage=Stage.READY, given_name="Rita")
    page = text(client.get(address("cohort_detail", cohort.pk)))
    assert "Alle pladser er taget." in page
    assert address("cohort_wait", cohort.pk) in page
    assert ">Giv plads" not in page


def test_cohort_detail_of_a_cohort_that_is_over_gives_no_seats(client, programme):
    cohort = over(programme)
    make_participant(programme, stage=Stage.READY, given_name="Rita")
    page = text(client.get(address("cohort_detail", cohort.pk)))
    assert "Holdet tager ikke flere ind." in page
    assert "Rita" not in page


def test_cohort_detail_explains_a_gap_by_its_holiday(client, programme):
    cohort = make_cohort(programme, starts_on=dt.date(2026, 5, 1), ends_on=dt.date(2026, 6, 10))
    for day in (7, 21):
        make_session(cohort, starts_at=dt.datetime(2026, 5, day, 8, tzinfo=dt.UTC))
    assert "Ingen mødegang 14.05.2026: kristi himmelfartsdag." in text(
        client.get(address("cohort_detail", cohort.pk))
    )


@pytest.mark.parametrize("name", ["cohort_detail", "cohort_place", "cohort_finish", "cohort_cancel"])
def test_cohort_pages_take_the_same_queries_for_1_3_and_30_people(client, programme, name):
    cohort = running(programme, capacity=60, ends_on=today())

    def one_more(number):
        enrolment = make_enrolment(cohort)
        session = make_session(cohort, starts_at=at(-13) + dt.timedelta(hours=number * 4))
        ready = make_participant(programme, stage=Stage.READY)
        make_enrolment(cohort, ready, state=EnrolmentState.WAITING)
        make_participant(programme, stage=Stage.READY)
        with scope(programme=programme):
            Attendance.objects.create(
                programme=programme,
                session=session,
                enrolment=enrolment,
                state=AttendanceState.ABSENT,
                recorded_at=timezone.now(),
            )

    seen, made = [], 0
    for total in (1, 3, 30):
        for number in range(made, total):
            one_more(number)
        made = total
        seen.append(queries_of(client, address(name, cohort.pk)))
    assert len(set(seen)) == 1, seen


# --- cohort_edit -----------------------------------------------------------------------------------


def test_cohort_edit_shows_what_is_known_and_saves_what_is_new(client, programme):
    cohort = upcoming(programme, name="Gammelt navn", starts_on=dt.date(2026, 11, 5))
    url = address("cohort_edit", cohort.pk)
    assert 'value="05.11.2026"' in text(client.get(url))
    response = client.post(url, answers(name="Nyt navn"), follow=True)
    assert "Ændringerne er gemt." in text(response)
    cohort.refresh_from_db()
    assert cohort.name == "Nyt navn"


def test_cohort_edit_refuses_fewer_seats_than_are_taken(client, programme):
    cohort = upcoming(programme)
    for _ in range(3):
        make_enrolment(cohort)
    response = client.post(address("cohort_edit", cohort.pk), answers(capacity="2"))
    assert response.status_code == 422
    assert "3 pladser er allerede givet" in text(response)


def test_cohort_edit_refuses_dates_that_leave_sessions_outside(client, programme):
    cohort = upcoming(programme)
    session = make_session(cohort, starts_at=at(15))
    day = timezone.localtime(session.starts_at)
    changed = answers(starts_on=f"{in_days(16):%d.%m.%Y}", ends_on=f"{in_days(30):%d.%m.%Y}")
    response = client.post(address("cohort_edit", cohort.pk), changed)
    assert response.status_code == 422
    assert f"Disse mødegange ville ligge uden for holdet: {day:%d.%m.%Y}" in text(response)


# --- cohort_cancel ---------------------------------------------------------------------------------


def test_cohort_cancel_asks_first_and_tells_whom_it_concerns(client, programme):
    cohort = upcoming(programme)
    make_enrolment(cohort)
    page = text(client.get(address("cohort_cancel", cohort.pk)))
    assert "Det rammer 1 med plads og 0 på venteliste." in page
    cohort.refresh_from_db()
    assert cohort.cancelled_at is None


def test_cohort_cancel_cancels_once(client, programme):
    cohort = upcoming(programme)
    url = address("cohort_cancel", cohort.pk)
    assert "er aflyst" in text(client.post(url, follow=True))
    cohort.refresh_from_db()
    first = cohort.cancelled_at
    client.post(url)
    cohort.refresh_from_db()
    assert cohort.cancelled_at == first is not None
    assert "Holdet blev aflyst den" in text(client.get(url))


# --- cohort_finish ---------------------------------------------------------------------------------


@pytest.fixture
def finished(programme):
    """A cohort that is over: one came to all, one to none, one never began."""
    cohort = over(programme, name="Vinterholdet")
    people = {}
    for name, stage, state in (
        ("Alle", Stage.ACTIVE, EnrolmentState.STARTED),
        ("Ingen", Stage.ACTIVE, EnrolmentState.STARTED),
        ("Aldrig", Stage.PLACED, EnrolmentState.ENROLLED),
    ):
        person = make_participant(programme, given_name=name, stage=stage)
        people[name] = make_enrolment(cohort, person, state=state)
    session = make_session(cohort, starts_at=at(-50))
    with scope(programme=programme):
        for name, state in (("Alle", AttendanceState.PRESENT), ("Ingen", AttendanceState.ABSENT)):
            Attendance.objects.create(
                programme=programme,
                session=session,
                enrolment=people[name],
                state=state,
                recorded_at=timezone.now(),
            )
    return cohort, people


def test_cohort_finish_proposes_by_the_programmes_rule(client, finished):
    cohort, _ = finished
    page = text(client.get(address("cohort_finish", cohort.pk)))
    assert "mindst 60 %" in page
    assert "Kom til 1 af 1 mødegang (100 %)." in page
    assert '<option value="completed" selected>' in page
    assert '<option value="stopped_other" selected>' in page
    assert '<option value="ready" selected>' in page


def test_cohort_finish_ends_every_place_as_the_coordinator_says(client, finished):
    cohort, people = finished
    endings = {"Alle": "completed", "Ingen": "paused", "Aldrig": "declined"}
    data = {f"place_{people[name].pk}": ending for name, ending in endings.items()}
    response = client.post(address("cohort_finish", cohort.pk), data, follow=True)
    assert "Vinterholdet er afsluttet for 3 personer." in text(response)
    stages = {}
    for name, enrolment in people.items():
        enrolment.participant.refresh_from_db()
        stages[name] = enrolment.participant.stage
    assert stages == {"Alle": Stage.COMPLETED, "Ingen": Stage.PAUSED, "Aldrig": Stage.CLOSED}
    assert "Holdet er afsluttet" in text(client.get(address("cohort_finish", cohort.pk)))


def test_cohort_finish_wants_an_answer_for_each(client, finished):
    cohort, people = finished
    response = client.post(
        address("cohort_finish", cohort.pk),
        {f"place_{people['Alle'].pk}": "completed", f"place_{people['Aldrig'].pk}": "completed"},
    )
    page = text(response)
    assert response.status_code == 422
    assert "Vælg, hvordan det gik for Ingen" in page
    assert "Vælg en af mulighederne for Aldrig" in page


def test_cohort_finish_refuses_a_cohort_with_sessions_to_come(client, programme):
    cohort = running(programme)
    enrolment = make_enrolment(cohort, state=EnrolmentState.STARTED)
    make_session(cohort, starts_at=at(3))
    response = client.post(address("cohort_finish", cohort.pk), {f"place_{enrolment.pk}": "completed"})
    assert response.status_code == 422
    assert "Afslut holdet, når sidste mødegang er holdt" in text(response)
