"""Deltagere: found by name, number or reference; narrowed and sorted; the address keeps it all."""

import datetime as dt
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Programme, User
from courses.enums import EnrolmentState
from participants.enums import Stage
from participants.models import Participant
from recruitment.enums import AgeBand, ParticipantSort
from recruitment.queries.participants import (
    ParticipantFilter,
    as_reference,
    participant_lines,
    participants_matching,
)
from referrals.enums import ReferralKind
from tests.factories import (
    NOW,
    TODAY,
    make_cohort,
    make_enrolment,
    make_participant,
    make_referral,
    make_task,
    make_user,
)

DAY = dt.timedelta(days=1)
ClientFor = Callable[[User | None], Client]
ADDRESS = "/deltagere/"


def found(**wanted: object) -> list[Participant]:
    return list(participants_matching(ParticipantFilter(**wanted), TODAY))  # type: ignore[arg-type]


def page_of(client: Client, **asked: object) -> str:
    response = client.get(f"{ADDRESS}?{urlencode(asked)}")
    assert response.status_code == 200
    return response.content.decode()


def test_participant_list_has_its_address() -> None:
    assert reverse("recruitment:participant_list") == ADDRESS


@pytest.mark.parametrize(
    "text",
    ["Ærø", "aeroe", "AERØ", "søren", "soeren ærø", "ærø søren", "ren", "+45 20 12 34 56", "20123456",
     "0045 2012 3456", "20-12-34-56", "SOEREN@Borger.example", "k7mf-3pq", "K7MF3PQ", "k7mf 3pq",
     "MMMM-777", "mmmm777"],
)  # fmt: skip
def test_search_finds_a_person_by_name_number_mail_or_reference(text: str, in_scope: Programme) -> None:
    soeren = make_participant(
        in_scope,
        given_name="Søren",
        family_name="Ærø",
        phone="+4520123456",
        email="soeren@borger.example",
    )
    Participant.objects.filter(pk=soeren.pk).update(reference="K7MF-3PQ")
    referral = make_referral(in_scope, participant=soeren)
    type(referral).objects.filter(pk=referral.pk).update(reference="MMMM-777")
    make_participant(in_scope, given_name="Bo", family_name="Lund")

    assert found(search=text) == [soeren]


@pytest.mark.parametrize(
    "text",
    ["Sørine", "søren lund", "20 12 34 57", "2012", "123456", "K7MF-3PR", "soeren@borger", "%", "_",
     "' OR 1=1 --", "\\", "🙂"],
)  # fmt: skip
def test_search_misses_everybody_else(text: str, in_scope: Programme) -> None:
    soeren = make_participant(
        in_scope,
        given_name="Søren",
        family_name="Ærø",
        phone="+4520123456",
        email="soeren@borger.example",
    )
    Participant.objects.filter(pk=soeren.pk).update(reference="K7MF-3PQ")

    assert found(search=text) == []


@pytest.mark.parametrize(
    ("typed", "reference"),
    [("k7mf3pq", "K7MF-3PQ"), (" K7MF – 3PQ ", "K7MF-3PQ"), ("K7MF-3P", ""), ("Annesen", ""), ("", "")],
)
def test_as_reference_knows_a_reference_in_any_spelling(typed: str, reference: str) -> None:
    assert as_reference(typed) == reference


@pytest.mark.parametrize("stage", Stage)
def test_filter_by_stage(stage: Stage, in_scope: Programme) -> None:
    people = {each: make_participant(in_scope, stage=each) for each in Stage}

    assert found(stage=stage) == [people[stage]]


@pytest.mark.parametrize("kind", ReferralKind)
def test_filter_by_source_finds_each_person_once_and_by_any_of_their_referrals(
    kind: ReferralKind, in_scope: Programme
) -> None:
    person = make_participant(in_scope)
    for each in (kind, kind, ReferralKind.OTHER_PROFESSIONAL):
        make_referral(in_scope, participant=person, kind=each)
    make_participant(in_scope)

    assert found(source=kind) == [person]


@pytest.mark.parametrize("state", EnrolmentState)
def test_filter_by_cohort_finds_those_who_are_on_it_or_wait_for_it(
    state: EnrolmentState, in_scope: Programme
) -> None:
    cohort, other = make_cohort(in_scope), make_cohort(in_scope)
    person = make_enrolment(cohort, state=state).participant
    make_enrolment(other, state=state)

    gone = state in (EnrolmentState.DECLINED, EnrolmentState.STOPPED)
    assert found(cohort=cohort.pk) == ([] if gone else [person])


@pytest.mark.parametrize(
    ("band", "ages"),
    [
        (AgeBand.UNDER_30, [18, 29]),
        (AgeBand.THIRTIES, [30, 39]),
        (AgeBand.FORTIES, [40, 49]),
        (AgeBand.FIFTIES, [50, 59]),
        (AgeBand.SIXTIES, [60, 69]),
        (AgeBand.OVER_70, [70, 101]),
        (AgeBand.UNKNOWN, [None]),
    ],
)
def test_filter_by_age_takes_both_ends_of_the_ten_years(
    band: AgeBand, ages: list[int | None], in_scope: Programme
) -> None:
    everybody = [18, 29, 30, 39, 40, 49, 50, 59, 60, 69, 70, 101, None]
    for age in everybody:
        make_participant(in_scope, birth_year=None if age is None else TODAY.year - age)

    lines = participant_lines(participants_matching(ParticipantFilter(age=band), TODAY), TODAY)

    assert [line.age for line in lines] == ages


def test_filters_are_joined(in_scope: Programme) -> None:
    wanted = make_participant(in_scope, given_name="Anna", stage=Stage.READY, birth_year=1980)
    make_participant(in_scope, given_name="Anna", stage=Stage.READY, birth_year=1950)
    make_participant(in_scope, given_name="Bo", stage=Stage.READY, birth_year=1980)
    make_participant(in_scope, given_name="Anna", stage=Stage.ACTIVE, birth_year=1980)

    assert found(search="anna", stage=Stage.READY, age=AgeBand.FORTIES) == [wanted]


def test_sorting_by_name_arrival_and_stage(in_scope: Programme) -> None:
    aagaard = make_participant(in_scope, family_name="Aagaard", stage=Stage.READY, created_at=NOW - DAY)
    aeroe = make_participant(in_scope, family_name="Ærø", stage=Stage.CLOSED, created_at=NOW)
    bech = make_participant(in_scope, family_name="Bech", stage=Stage.READY, created_at=NOW - 5 * DAY)

    assert found(sort=ParticipantSort.NAME) == [bech, aeroe, aagaard]
    assert found(sort=ParticipantSort.ARRIVAL) == [aeroe, aagaard, bech]
    assert found(sort=ParticipantSort.STAGE) == [bech, aagaard, aeroe]


def test_line_tells_source_cohort_age_and_the_next_task(in_scope: Programme) -> None:
    anna = make_participant(in_scope, birth_year=1982)
    make_referral(in_scope, participant=anna, kind=ReferralKind.GP, received_at=NOW - DAY)
    make_referral(in_scope, participant=anna, kind=ReferralKind.JOBCENTRE, received_at=NOW)
    make_enrolment(make_cohort(in_scope, name="Sommerholdet"), anna)
    make_task(in_scope, participant=anna, kind="place", due_on=TODAY + DAY)
    make_task(in_scope, participant=anna, kind="call", due_on=TODAY - 2 * DAY)

    line = participant_lines(participants_matching(ParticipantFilter(), TODAY), TODAY)[0]

    assert (line.age, line.source, line.cohort) == (44, "Jobcenter", "Sommerholdet")
    assert (line.next_due, str(line.next_urgency)) == ("2 dage over tiden", "error")


def test_participant_list_keeps_what_was_asked_for_in_the_address_and_in_the_form(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    for _number in range(30):
        make_participant(programme, stage=Stage.READY)

    page = page_of(client_for(coordinator), search="anna", stage="ready", sort="arrival")

    assert '<option value="ready" selected>' in page
    assert 'value="anna"' in page
    assert "<strong>30</strong> deltagere, der passer" in page
    assert "search=anna&amp;stage=ready&amp;sort=arrival&amp;page=2" in page


def test_participant_list_second_page_has_the_rest(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    for number in range(30):
        make_participant(programme, family_name=f"Lund {number:02d}")

    page = page_of(client_for(coordinator), page=2)

    assert "Lund 29" in page
    assert "Lund 24" not in page


def test_participant_list_of_a_new_programme_says_what_comes_here(
    coordinator: User, client_for: ClientFor
) -> None:
    page = page_of(client_for(coordinator))

    assert "Her kommer jeres deltagere" in page
    assert "Ryd filtre" not in page


def test_participant_list_without_a_match_offers_to_clear_the_filters(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    make_participant(programme)

    page = page_of(client_for(coordinator), search="ingen hedder sådan")

    assert "Ingen passer til det, du søger" in page
    assert f'href="{ADDRESS}"' in page
    assert "Ryd filtre" in page


@pytest.mark.parametrize(
    "asked",
    [
        {"stage": "nonsense"},
        {"cohort": "999999"},
        {"cohort": "x"},
        {"age": "12"},
        {"sort": "phone"},
        {"page": "-1"},
        {"page": "x"},
        {"search": "a" * 10_000},
        {"search": "\x00"},
        {"search": "010203-1234"},
    ],
)
def test_participant_list_survives_an_address_that_makes_no_sense(
    asked: dict[str, str], programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    make_participant(programme, family_name="Ærø")

    assert "Ærø" in page_of(client_for(coordinator), **asked)


def test_participant_list_says_why_it_did_not_search_for_a_cpr_number(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    assert "Det ligner et CPR-nummer" in page_of(client_for(coordinator), search="010203-1234")


def test_participant_list_shows_no_other_programmes_people_or_cohorts(
    programme: Programme, other_programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    stranger = make_participant(
        other_programme, given_name="Frida", family_name="Fremmed", phone="+4520123456"
    )
    cohort = make_cohort(other_programme, name="Fremmed hold")
    make_enrolment(cohort, stranger)
    client = client_for(coordinator)

    for asked in ({}, {"search": "20123456"}, {"search": stranger.reference}, {"cohort": cohort.pk}):
        assert "Fremmed" not in page_of(client, **asked)

    # The control: where the rows belong, they are found.
    assert "Fremmed" in page_of(client_for(make_user(other_programme)), search="20123456")


def test_participant_list_escapes_names(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    anna = make_participant(programme, given_name="<script>alert(1)</script>")
    make_enrolment(make_cohort(programme, name="<script>alert(2)</script>"), anna)

    page = page_of(client_for(coordinator), search="<script>alert(3)</script>")
    everybody = page_of(client_for(coordinator))

    assert "<script>alert" not in page + everybody
    assert "&lt;script&gt;alert(1)" in everybody


def test_participant_list_is_the_coordinators_alone(
    coordinator: User, manager: User, administrator: User, client_for: ClientFor
) -> None:
    assert client_for(coordinator).get(ADDRESS).status_code == 200
    assert client_for(manager).get(ADDRESS).status_code == 403
    assert client_for(administrator).get(ADDRESS).status_code == 403
    anonymous = client_for(None).get(ADDRESS)
    assert (anonymous.status_code, anonymous["Location"]) == (302, f"/konto/login/?next={ADDRESS}")
