"""The coordinator's list of arrivals, own form, and what is held as likely spam."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from accounts.models import Programme, User
from participants.models import Participant
from referrals.enums import ReferralKind
from referrals.models import HeldArrival, Referral
from referrals.services import hold_arrival
from tests.factories import make_participant, make_referral, make_referrer
from tests.referrals.answers import referral_answers
from tests.referrals.pages import form_fields

LIST = "/henvisninger/"
CREATE = "/henvisninger/ny/"
HELD = "/henvisninger/tilbageholdt/"
TYPED = {
    "intake": "phone",
    "kind": "self",
    "given_name": "Anna",
    "family_name": "Sørensen",
    "phone": "20123456",
    "reason": "Har set plakaten på biblioteket.",
    "heard_about": "poster",
}


@pytest.fixture
def desk(client_for: Callable[[User], Client], coordinator: User) -> Client:
    return client_for(coordinator)


def text(response: HttpResponse) -> str:
    return response.content.decode()


def hold(programme: Programme, **changed: Any) -> HeldArrival:
    with scope(programme=programme):
        return hold_arrival(
            programme=programme,
            kind=ReferralKind.JOBCENTRE,
            answers=referral_answers(**changed),
            submission_key=uuid.uuid4(),
            reasons=["honeypot", "contact_limit"],
            now=timezone.now(),
        )


# --- The list --------------------------------------------------------------------------------------


def test_arrival_list_shows_who_came_from_whom_and_leads_to_the_person(
    desk: Client, programme: Programme
) -> None:
    participant = make_participant(programme, given_name="Åse", family_name="Ærø")
    referrer = make_referrer(programme, name="Henrik Holm")
    referral = make_referral(
        programme, participant=participant, referrer=referrer, workplace="Jobcenter Esbjerg"
    )

    page = text(desk.get(LIST))

    for shown in ("Åse Ærø", "Henrik Holm", "Jobcenter Esbjerg", referral.reference, "Modtaget"):
        assert shown in page
    assert f'href="/deltagere/{participant.pk}/"' in page


def test_arrival_list_filters_by_kind_and_period_in_the_address(desk: Client, programme: Programme) -> None:
    today = timezone.now()
    gp = make_referral(programme, kind=ReferralKind.GP, received_at=today - dt.timedelta(days=3))
    old_gp = make_referral(programme, kind=ReferralKind.GP, received_at=today - dt.timedelta(days=80))
    own = make_referral(programme, kind=ReferralKind.SELF, received_at=today)

    page = text(desk.get(LIST, {"kind": "gp", "period": "30"}))

    assert gp.reference in page
    assert old_gp.reference not in page
    assert own.reference not in page


def test_arrival_list_ignores_a_filter_it_does_not_understand(desk: Client, programme: Programme) -> None:
    referral = make_referral(programme)

    page = desk.get(LIST, {"kind": "ukendt", "period": "aldrig", "page": "99"})

    assert referral.reference in text(page)


def test_arrival_list_pages_keep_the_filter(desk: Client, programme: Programme) -> None:
    for _ in range(31):
        make_referral(programme, kind=ReferralKind.GP)

    page = text(desk.get(LIST, {"kind": "gp"}))

    assert "?kind=gp&amp;page=2" in page


def test_arrival_list_says_what_to_do_when_it_is_empty(desk: Client) -> None:
    assert "Ingen henvisninger endnu" in text(desk.get(LIST))
    assert "Ingen henvisninger passer" in text(desk.get(LIST, {"kind": "gp"}))


def test_arrival_list_tells_of_held_arrivals(desk: Client, programme: Programme) -> None:
    hold(programme)

    assert "1 henvendelse ligner spam" in " ".join(text(desk.get(LIST)).replace("</a>", "").split())


def test_arrival_list_shows_nothing_of_another_programme(desk: Client, other_programme: Programme) -> None:
    elsewhere = make_referral(other_programme)
    hold(other_programme)

    page = text(desk.get(LIST))

    assert elsewhere.reference not in page
    assert "ligner spam" not in page


@pytest.mark.parametrize("path", [LIST, HELD])
def test_lists_take_as_many_queries_with_many_rows_as_with_one(
    desk: Client, programme: Programme, path: str
) -> None:
    counts = []
    for rows in (1, 2, 27):
        for _ in range(rows):
            make_referral(programme, referrer=make_referrer(programme))
            hold(programme)
        with CaptureQueriesContext(connection) as queries:
            desk.get(path)
        counts.append(len(queries))

    assert len(set(counts)) == 1


# --- The coordinator's own form --------------------------------------------------------------------


def test_arrival_create_registers_a_caller_and_leads_to_the_person(
    desk: Client, programme: Programme, coordinator: User
) -> None:
    response = desk.post(CREATE, TYPED)

    with scope(programme=programme):
        referral = Referral.objects.select_related("participant").get()
    assert response.status_code == 302
    assert response["Location"] == f"/deltagere/{referral.participant_id}/"
    assert (referral.kind, referral.intake) == ("self", "phone")
    assert referral.entered_by == coordinator
    assert referral.heard_about == "poster"
    assert referral.participant.full_name == "Anna Sørensen"


def test_arrival_create_registers_a_letter_from_a_practice(desk: Client, programme: Programme) -> None:
    typed = {**TYPED, "intake": "xref15", "kind": "gp", "referrer_workplace": "Lægehuset i Ribe"}

    desk.post(CREATE, {**typed, "referrer_name": "Dr. Holm", "agreed": "on", "feedback_allowed": "on"})

    with scope(programme=programme):
        referral = Referral.objects.select_related("referrer__organisation").get()
        kinds = set(referral.participant.agreements.values_list("kind", flat=True))
    assert (referral.kind, referral.intake) == ("gp", "xref15")
    assert referral.referrer.organisation.kind == "gp"
    assert kinds == {"referred", "feedback"}


def test_arrival_create_of_a_known_person_says_so(desk: Client, programme: Programme) -> None:
    make_participant(programme, given_name="Anna", family_name="Sørensen", phone="+4520123456")

    response = desk.post(CREATE, TYPED)

    messages = [str(message) for message in response.wsgi_request._messages]
    assert messages == ["Personen var her i forvejen. Henvendelsen er lagt til."]
    with scope(programme=programme):
        assert Participant.objects.count() == 1


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("intake", "Vælg, hvordan henvendelsen kom til dig"),
        ("kind", "Vælg, hvem henvendelsen kom fra"),
        ("given_name", "Skriv personens fornavn"),
        ("family_name", "Skriv personens efternavn"),
        ("phone", "Skriv et telefonnummer eller en e-mail, så du kan få fat i personen"),
    ],
)
def test_arrival_create_says_what_to_do_about_each_missing_answer(
    desk: Client, programme: Programme, missing: str, sentence: str
) -> None:
    response = desk.post(CREATE, {name: said for name, said in TYPED.items() if name != missing})

    assert response.status_code == 422
    assert sentence in text(response)
    kept = form_fields(response)
    assert kept["reason"] == TYPED["reason"]
    with scope(programme=programme):
        assert not Referral.objects.exists()


def test_arrival_create_asks_who_referred_where_somebody_did(desk: Client) -> None:
    response = desk.post(CREATE, {**TYPED, "kind": "jobcentre"})

    assert response.status_code == 422
    assert "Skriv, hvem der henviser, eller hvor de arbejder" in text(response)


@pytest.mark.parametrize("kind", ["jobcentre", "gp", "other_professional"])
def test_arrival_create_knows_what_kind_of_place_sent_the_person(
    desk: Client, programme: Programme, kind: str
) -> None:
    desk.post(CREATE, {**TYPED, "kind": kind, "referrer_name": "Bo", "referrer_workplace": "Stedet"})

    expected = {"jobcentre": "jobcentre", "gp": "gp", "other_professional": "other"}
    with scope(programme=programme):
        assert Referral.objects.get().referrer.organisation.kind == expected[kind]


def test_arrival_create_by_a_double_click_is_one_referral(desk: Client, programme: Programme) -> None:
    first, second = desk.post(CREATE, TYPED), desk.post(CREATE, TYPED)

    assert first["Location"] == second["Location"]
    with scope(programme=programme):
        assert Referral.objects.count() == 1


def test_arrival_create_when_signed_out_keeps_what_was_typed(client: Client, programme: Programme) -> None:
    response = client.post(CREATE, TYPED)

    assert response.status_code == 403
    assert "Har set plakaten på biblioteket." in text(response)


# --- Held arrivals ---------------------------------------------------------------------------------


def test_held_arrival_detail_shows_everything_typed_and_why_it_was_held(
    desk: Client, programme: Programme
) -> None:
    held = hold(programme)
    assert "Åse-Marie" in text(desk.get(HELD))

    page = text(desk.get(f"{HELD}{held.pk}/"))

    for shown in ("Åse-Marie", "20 12 34 56", "Mangler et sted at komme.", "Henrik Holm", held.reference):
        assert shown in page
    assert "Et felt, som mennesker ikke kan se, var udfyldt" in page
    assert "Mange henvendelser med samme telefon eller e-mail på et døgn" in page


def test_held_arrival_is_released_with_one_click(desk: Client, programme: Programme) -> None:
    held = hold(programme)

    response = desk.post(f"{HELD}{held.pk}/frigiv/")

    with scope(programme=programme):
        referral = Referral.objects.get()
    assert response["Location"] == f"/deltagere/{referral.participant_id}/"
    assert referral.reference == held.reference
    assert "Ingen henvendelser er holdt tilbage" in text(desk.get(HELD))


def test_held_arrival_is_discarded_with_one_click(desk: Client, programme: Programme) -> None:
    held = hold(programme)

    response = desk.post(f"{HELD}{held.pk}/kasser/", follow=True)

    assert "Henvendelsen er lagt til side som spam." in text(response)
    with scope(programme=programme):
        assert not Referral.objects.exists()
    assert "lagt til side som spam" in text(desk.get(f"{HELD}{held.pk}/"))


@pytest.mark.parametrize("second", ["frigiv", "kasser"])
def test_held_arrival_decided_by_a_colleague_says_so(desk: Client, programme: Programme, second: str) -> None:
    held = hold(programme)
    desk.post(f"{HELD}{held.pk}/frigiv/")

    response = desk.post(f"{HELD}{held.pk}/{second}/", follow=True)

    assert "En anden har allerede taget stilling til henvendelsen." in text(response)
    with scope(programme=programme):
        assert Referral.objects.count() == 1


def test_a_link_decides_nothing_about_a_held_arrival(desk: Client, programme: Programme) -> None:
    held = hold(programme)

    assert desk.get(f"{HELD}{held.pk}/frigiv/").status_code == 405
    assert desk.get(f"{HELD}{held.pk}/kasser/").status_code == 405


# --- Who may ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["", "frigiv/", "kasser/"])
def test_a_held_arrival_of_another_programme_is_not_found(
    desk: Client, other_programme: Programme, action: str
) -> None:
    held = hold(other_programme)
    path = f"{HELD}{held.pk}/{action}"

    assert (desk.post(path) if action else desk.get(path)).status_code == 404


@pytest.mark.parametrize("path", [LIST, CREATE, HELD])
@pytest.mark.parametrize("role", ["manager", "administrator"])
def test_nobody_but_the_coordinator_opens_a_page_that_names_people(
    request: pytest.FixtureRequest, client_for: Callable[[User], Client], path: str, role: str
) -> None:
    client = client_for(request.getfixturevalue(role))

    assert client.get(path).status_code == 403


@pytest.mark.parametrize("action", ["", "frigiv/", "kasser/"])
def test_the_manager_decides_about_no_held_arrival(
    client_for: Callable[[User], Client], manager: User, programme: Programme, action: str
) -> None:
    path = f"{HELD}{hold(programme).pk}/{action}"
    client = client_for(manager)

    assert (client.post(path) if action else client.get(path)).status_code == 403
