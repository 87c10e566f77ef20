"""The coordinator gives seats, keeps the waiting list and ends places."""

import datetime as dt

import pytest
from django.utils import timezone
from django_scopes import scope

from courses.enums import EnrolmentState
from courses.models import Enrolment
from participants.enums import Stage
from tests.courses.racing import at_once, last_seat, seats_given
from tests.factories import make_enrolment, make_participant
from tests.recruitment.cohorts import address, in_days, over, running, text, today, upcoming


@pytest.fixture
def client(client_for, coordinator):
    return client_for(coordinator)


@pytest.fixture
def rita(programme):
    return make_participant(programme, stage=Stage.READY, given_name="Rita", family_name="Østergård")


def state_of(programme, person):
    with scope(programme=programme):
        enrolment = Enrolment.objects.filter(participant=person).first()
    return enrolment.state if enrolment else None


# --- cohort_place and cohort_wait ------------------------------------------------------------------


def test_cohort_place_gives_the_seat(client, programme, rita):
    cohort = upcoming(programme)
    response = client.post(address("cohort_place", cohort.pk), {"participant": rita.pk}, follow=True)
    assert "Rita Østergård har fået plads." in text(response)
    assert state_of(programme, rita) == EnrolmentState.ENROLLED


def test_cohort_place_finds_people_by_any_part_of_the_name(client, programme, rita):
    make_participant(programme, stage=Stage.READY, given_name="Bo", family_name="Holm")
    make_participant(programme, stage=Stage.CONVERSATION, given_name="Ritva", family_name="Østergård")
    url = address("cohort_place", upcoming(programme).pk)
    assert "Bo Holm" in text(client.get(url))
    page = text(client.get(url, {"q": "østerg"}))
    assert "Rita Østergård" in page
    assert "Bo Holm" not in page
    assert "Ritva" not in page


def test_cohort_place_says_when_nobody_has_the_name(client, programme, rita):
    page = text(client.get(address("cohort_place", upcoming(programme).pk), {"q": "<b>"}))
    assert "Ingen, der er klar, hedder “&lt;b&gt;”" in page


def test_cohort_place_says_that_nobody_is_ready(client, programme):
    assert "Ingen er klar lige nu" in text(client.get(address("cohort_place", upcoming(programme).pk)))


@pytest.mark.parametrize("query", ["\x00", "x" * 5000, "1' OR 1=1"])
def test_cohort_place_takes_any_search(client, programme, rita, query):
    assert client.get(address("cohort_place", upcoming(programme).pk), {"q": query}).status_code == 200


def test_cohort_place_turns_the_page(client, programme):
    for number in range(21):
        made = timezone.now() - dt.timedelta(days=30 - number)
        make_participant(
            programme, stage=Stage.READY, given_name=f"Nr{number:02d}", created_at=made, family_name="Holm"
        )
    url = address("cohort_place", upcoming(programme).pk)
    assert "Nr20 Holm" not in text(client.get(url))
    assert "Nr20 Holm" in text(client.get(url, {"page": 2}))


def test_cohort_place_in_a_cohort_that_was_filled_says_so_and_offers_the_waiting_list(
    client, programme, rita
):
    cohort = upcoming(programme, capacity=1)
    make_enrolment(cohort)
    response = client.post(address("cohort_place", cohort.pk), {"participant": rita.pk})
    page = text(response)
    assert response.status_code == 422
    assert "Holdet blev fyldt, mens du sad her" in page
    assert "Rita Østergård har ikke fået plads" in page
    assert address("cohort_wait", cohort.pk) in page
    assert state_of(programme, rita) is None


def test_cohort_place_says_why_it_refuses(client, programme, rita):
    placed = upcoming(programme, name="Aprilholdet")
    client.post(address("cohort_place", placed.pk), {"participant": rita.pk})
    again = client.post(address("cohort_place", upcoming(programme).pk), {"participant": rita.pk})
    assert again.status_code == 422
    assert "Rita Østergård har allerede plads på Aprilholdet" in text(again)


def test_cohort_place_refuses_a_cohort_that_is_over(client, programme, rita):
    response = client.post(address("cohort_place", over(programme).pk), {"participant": rita.pk})
    assert response.status_code == 422
    assert "er slut" in text(response)


@pytest.mark.parametrize("name", ["cohort_place", "cohort_wait"])
@pytest.mark.parametrize("key", ["", "abc", "\x00", "999999", "9" * 40, "-1"])
def test_cohort_place_of_nobody_is_404(client, programme, name, key):
    cohort = upcoming(programme)
    assert client.post(address(name, cohort.pk), {"participant": key}).status_code == 404


@pytest.mark.parametrize("name", ["cohort_place", "cohort_wait"])
def test_cohort_place_of_another_programmes_person_is_404(client, programme, other_programme, name):
    stranger = make_participant(other_programme, stage=Stage.READY)
    response = client.post(address(name, upcoming(programme).pk), {"participant": stranger.pk})
    assert response.status_code == 404
    assert state_of(other_programme, stranger) is None


def test_cohort_wait_puts_the_person_on_the_list(client, programme, rita):
    cohort = upcoming(programme, capacity=1)
    make_enrolment(cohort)
    response = client.post(address("cohort_wait", cohort.pk), {"participant": rita.pk}, follow=True)
    assert "Rita Østergård står nu på ventelisten." in text(response)
    assert state_of(programme, rita) == EnrolmentState.WAITING


def test_cohort_wait_while_there_is_a_seat_says_so(client, programme, rita):
    response = client.post(address("cohort_wait", upcoming(programme).pk), {"participant": rita.pk})
    assert response.status_code == 422
    assert "Giv den i stedet for at bruge ventelisten" in text(response)


def test_waiting_leave_takes_the_person_off_the_list(client, programme, rita):
    cohort = upcoming(programme)
    wait = make_enrolment(cohort, rita, state=EnrolmentState.WAITING)
    response = client.post(address("waiting_leave", cohort.pk, wait.pk), follow=True)
    assert "Rita Østergård står ikke længere på ventelisten." in text(response)
    assert state_of(programme, rita) == EnrolmentState.DECLINED


def test_waiting_leave_refuses_a_seat_holder(client, programme):
    cohort = upcoming(programme)
    seat = make_enrolment(cohort)
    response = client.post(address("waiting_leave", cohort.pk, seat.pk), follow=True)
    assert "så det kan ikke lade sig gøre" in text(response)


# --- enrolment_end ---------------------------------------------------------------------------------


def test_enrolment_end_asks_what_suits_where_the_place_stands(client, programme):
    cohort = running(programme)
    unused = make_enrolment(cohort)
    begun = make_enrolment(
        cohort, make_participant(programme, stage=Stage.ACTIVE), state=EnrolmentState.STARTED
    )
    unused_page = text(client.get(address("enrolment_end", cohort.pk, unused.pk)))
    begun_page = text(client.get(address("enrolment_end", cohort.pk, begun.pk)))
    assert "Frigiv pladsen" in unused_page
    assert "Har gennemført" not in unused_page
    assert "Stop forløbet" in begun_page
    assert "Har gennemført" in begun_page


def test_enrolment_end_frees_the_seat(client, programme):
    cohort = upcoming(programme)
    enrolment = make_enrolment(cohort)
    url = address("enrolment_end", cohort.pk, enrolment.pk)
    assert client.post(url, {"ending": "ready"}).status_code == 302
    enrolment.participant.refresh_from_db()
    assert enrolment.participant.stage == Stage.READY
    assert "står som “frameldt”" in text(client.get(url))


@pytest.mark.parametrize(("ending", "said"), [("", "Vælg, hvad der er sket."), ("completed", "Vælg en af")])
def test_enrolment_end_wants_an_answer_that_suits(client, programme, ending, said):
    cohort = upcoming(programme)
    enrolment = make_enrolment(cohort)
    response = client.post(address("enrolment_end", cohort.pk, enrolment.pk), {"ending": ending})
    assert response.status_code == 422
    assert said in text(response)


def test_enrolment_end_after_somebody_else_ended_it_says_where_it_stands(client, programme):
    cohort = upcoming(programme)
    enrolment = make_enrolment(cohort, state=EnrolmentState.COMPLETED)
    response = client.post(address("enrolment_end", cohort.pk, enrolment.pk), {"ending": "ready"})
    assert response.status_code == 422
    assert "står som “Gennemført”" in text(response)


def test_enrolment_end_belongs_to_its_cohort(client, programme):
    enrolment = make_enrolment(upcoming(programme))
    assert client.get(address("enrolment_end", upcoming(programme).pk, enrolment.pk)).status_code == 404


# --- participant_place -----------------------------------------------------------------------------


def test_participant_place_offers_the_cohorts_one_can_join(client, programme, rita):
    upcoming(programme, name="Majholdet", capacity=3)
    full = upcoming(programme, name="Junihold", capacity=1)
    make_enrolment(full)
    over(programme, name="Gammelhold")
    running(programme, name="Nuholdet", capacity=1)
    page = text(client.get(address("participant_place", rita.pk)))
    assert f"Majholdet – starter {in_days(14):%d.%m.%Y} – 3 ledige pladser" in page
    assert "fyldt, kun venteliste" in page
    assert f"Nuholdet – i gang siden {in_days(-14):%d.%m.%Y} – 1 ledig plads" in page
    assert "Gammelhold" not in page


def test_participant_place_without_cohorts_says_what_to_do(client, rita):
    assert "Opret det næste hold" in text(client.get(address("participant_place", rita.pk)))


def test_participant_place_says_when_the_person_is_not_ready(client, programme):
    upcoming(programme)
    person = make_participant(programme, given_name="Bo", stage=Stage.CONVERSATION)
    assert "Bo kan få en plads, når trinnet er" in text(client.get(address("participant_place", person.pk)))


def test_participant_place_gives_the_seat_and_goes_back_to_the_person(client, programme, rita):
    cohort = upcoming(programme, name="Majholdet")
    response = client.post(address("participant_place", rita.pk), {"cohort": cohort.pk}, follow=True)
    assert response.redirect_chain == [(address("participant_detail", rita.pk), 302)]
    assert "Rita Østergård har fået plads på Majholdet." in text(response)


def test_participant_place_twice_by_double_click_says_that_the_person_has_a_seat(client, programme, rita):
    cohort = upcoming(programme, name="Majholdet")
    url = address("participant_place", rita.pk)
    client.post(url, {"cohort": cohort.pk})
    again = client.post(url, {"cohort": cohort.pk}, follow=True)
    assert "Rita Østergård har allerede plads på Majholdet." in text(again)
    with scope(programme=programme):
        assert Enrolment.objects.count() == 1


def test_participant_place_can_put_on_the_waiting_list(client, programme, rita):
    cohort = upcoming(programme, capacity=1, name="Majholdet")
    make_enrolment(cohort)
    response = client.post(
        address("participant_place", rita.pk), {"cohort": cohort.pk, "wait": "yes"}, follow=True
    )
    assert "Rita Østergård står nu på venteliste til Majholdet." in text(response)
    assert state_of(programme, rita) == EnrolmentState.WAITING


def test_participant_place_in_a_cohort_that_was_filled_keeps_the_choice(client, programme, rita):
    cohort = upcoming(programme, capacity=1)
    make_enrolment(cohort)
    response = client.post(address("participant_place", rita.pk), {"cohort": cohort.pk})
    page = text(response)
    assert response.status_code == 422
    assert "Holdet blev fyldt, mens du sad her. Vælg et andet hold eller sæt Rita på venteliste." in page
    assert page.count(" checked") == 1


@pytest.mark.parametrize("key", ["", "0", "abc", "9" * 40, "\x00"])
def test_participant_place_wants_a_cohort_on_the_list(client, programme, rita, key):
    upcoming(programme)
    response = client.post(address("participant_place", rita.pk), {"cohort": key})
    assert response.status_code == 422
    assert state_of(programme, rita) is None


def test_participant_place_refuses_another_programmes_cohort(client, programme, other_programme, rita):
    upcoming(programme)
    foreign = upcoming(other_programme)
    response = client.post(address("participant_place", rita.pk), {"cohort": foreign.pk})
    assert response.status_code == 422
    assert state_of(programme, rita) is None


@pytest.mark.django_db(transaction=True)
def test_participant_place_by_two_browsers_for_the_last_seat_gives_ten_winners_and_ten_refusals(
    programme, coordinator, client_for
):
    def wanting(cohort, person):
        client = client_for(coordinator)

        def act():
            response = client.post(address("participant_place", person.pk), {"cohort": cohort.pk})
            if response.status_code == 302:
                return "placed"
            clear = "Holdet blev fyldt, mens du sad her. Vælg et andet hold eller sæt Anna på venteliste."
            page = text(response)
            refused = response.status_code == 422 and clear in page and page.count(" checked") == 1
            return "refused" if refused else page

        return act

    for _ in range(10):
        cohort, people = last_seat(programme, today())
        assert at_once([wanting(cohort, person) for person in people]) == ["placed", "refused"]
        assert seats_given(cohort) == 1
