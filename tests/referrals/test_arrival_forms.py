"""The forms people arrive by, from the empty page to the receipt, without JavaScript."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope, scopes_disabled

from accounts.models import Programme
from messaging.models import OutboundMessage
from participants.models import Agreement, Participant
from referrals.models import HeldArrival, Referral
from tests import factories
from tests.concurrency import at_once
from tests.factories import make_participant, make_programme
from tests.referrals.answers import TYPED_BY_CASEWORKER, TYPED_BY_CITIZEN
from tests.referrals.clock import clock_at
from tests.referrals.pages import as_read, form_fields
from worklist.models import Task

REFER = "/henvis/kultur/jobcenter/"
SIGN_UP = "/tilmeld/kultur/"
TUESDAY = factories.NOW
pytestmark = pytest.mark.usefixtures("programme")


def check(client: Client, path: str, typed: dict[str, Any]) -> HttpResponse:
    return client.post(path, {**as_read(client, path), **typed, "step": "check"})


def send(client: Client, path: str, typed: dict[str, Any]) -> HttpResponse:
    return client.post(path, {**as_read(client, path), **typed, "step": "send"})


def text(response: HttpResponse) -> str:
    return response.content.decode()


def told(receipt: HttpResponse) -> str:
    """Return what a receipt says, without its own signed address in the button for another language."""
    return re.sub(r'name="next" value="[^"]*"', "", text(receipt))


def referrals() -> list[Referral]:
    with scopes_disabled():
        return list(Referral.objects.all())


# --- The way from form to receipt ------------------------------------------------------------------


def test_refer_form_leads_over_the_check_page_to_the_receipt(client: Client, programme: Programme) -> None:
    empty = form_fields(client.get(REFER))
    checked = check(client, REFER, {**empty, **TYPED_BY_CASEWORKER})
    assert checked.status_code == 200
    assert "Tjek dine svar" in text(checked)
    assert referrals() == []

    with clock_at(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=2)):
        sent = send(client, REFER, form_fields(checked))
    assert sent.status_code == 302
    receipt = client.get(sent["Location"])

    assert receipt.status_code == 200
    [referral] = referrals()
    assert referral.reference in text(receipt)
    assert "Det sker der nu" in text(receipt)
    assert "Henvis en til" in text(receipt)


def test_refer_form_writes_what_was_typed_into_the_database(client: Client, programme: Programme) -> None:
    checked = check(client, REFER, TYPED_BY_CASEWORKER)
    send(client, REFER, form_fields(checked))

    with scope(programme=programme):
        referral = Referral.objects.select_related("participant", "referrer").get()
        task = Task.objects.get()
    assert referral.kind == "jobcentre"
    assert referral.participant.full_name == "Åse-Marie Ærøskøbing"
    assert referral.participant.phone == "+4520123456"
    assert referral.participant.birth_year == 1979
    assert referral.participant.contact_wishes == "Ring efter kl. 10"
    assert referral.reason == "Mangler et sted at komme."
    assert referral.situation == "Sygedagpenge"
    assert referral.criteria_met == ["Personen er fyldt 18 år"]
    assert referral.feedback_allowed is True
    assert referral.heard_about == "colleague"
    assert referral.referrer.name == "Henrik Holm"
    assert referral.referrer.email == "henrik@jobcenter.example"
    assert referral.referrer.phone == "+4575123456"
    assert referral.referrer.organisation.name == "Jobcenter Esbjerg"
    assert task.participant_id == referral.participant_id


@pytest.mark.parametrize(
    ("path", "kind", "place"),
    [
        ("jobcenter", "jobcentre", "jobcentre"),
        ("laege", "gp", "gp"),
        ("psykolog", "psychologist", "psychologist"),
        ("fagforening", "union", "union"),
        ("boligforening", "housing", "housing"),
        ("forening", "association", "association"),
        ("uddannelse", "education", "education"),
        ("kommune", "municipality", "municipality"),
        ("anden", "other_professional", "other"),
    ],
)
def test_refer_form_of_each_kind_is_kept_as_that_kind_and_place(
    client: Client, programme: Programme, path: str, kind: str, place: str
) -> None:
    send(client, f"/henvis/kultur/{path}/", TYPED_BY_CASEWORKER)

    with scope(programme=programme):
        referral = Referral.objects.select_related("referrer__organisation").get()
    assert referral.kind == kind
    assert referral.referrer.organisation.kind == place


def test_the_citizen_may_be_written_to_about_later_cohorts_when_they_say_so(
    client: Client, programme: Programme
) -> None:
    send(client, SIGN_UP, {**TYPED_BY_CITIZEN, "later_contact": "on"})
    send(client, SIGN_UP, {**TYPED_BY_CITIZEN, "given_name": "Bo", "phone": "20123457", "email": ""})

    with scope(programme=programme):
        agreement = Agreement.objects.get()
    assert (agreement.kind, agreement.method, agreement.text_version) == ("later_contact", "form", "2")
    assert agreement.participant.given_name == "Anna"


def test_no_professional_agrees_to_later_contact_for_a_citizen(client: Client, programme: Programme) -> None:
    send(client, REFER, {**TYPED_BY_CASEWORKER, "later_contact": "on"})

    with scope(programme=programme):
        assert set(Agreement.objects.values_list("kind", flat=True)) == {"referred", "feedback"}


def test_sign_up_is_received_and_answered(client: Client, programme: Programme) -> None:
    checked = check(client, SIGN_UP, TYPED_BY_CITIZEN)
    receipt = client.get(send(client, SIGN_UP, form_fields(checked))["Location"])

    [referral] = referrals()
    assert referral.kind == "self"
    assert referral.reference in text(receipt)
    assert "Vi har fået din tilmelding" in text(receipt)
    assert "Henvis en til" not in text(receipt)


def test_the_bare_path_takes_a_sign_up_too(client: Client) -> None:
    assert send(client, "/tilmeld/", TYPED_BY_CITIZEN).status_code == 302
    assert len(referrals()) == 1


def test_refer_form_takes_people_who_meet_no_criterion(client: Client) -> None:
    typed = {**TYPED_BY_CASEWORKER, "criteria_met": []}

    assert send(client, REFER, typed).status_code == 302


def test_refer_form_takes_a_criterion_that_was_changed_meanwhile(client: Client) -> None:
    typed = {**TYPED_BY_CASEWORKER, "criteria_met": ["Personen er fyldt 18 år", "Et gammelt kriterium"]}

    assert send(client, REFER, typed).status_code == 302
    assert referrals()[0].criteria_met == ["Personen er fyldt 18 år"]


# --- The check page --------------------------------------------------------------------------------


def test_the_check_page_reads_everything_back(client: Client) -> None:
    page = text(check(client, REFER, TYPED_BY_CASEWORKER))

    for said in (
        "Åse-Marie",
        "20 12 34 56",
        "1979",
        "Ring efter kl. 10",
        "Mangler et sted at komme.",
        "Personen er fyldt 18 år",
        "Henrik Holm",
        "En kollega",
    ):
        assert said in page
    assert "Ikke udfyldt" in page  # the citizen's e-mail


def test_the_check_page_carries_every_answer_and_the_session_none(client: Client) -> None:
    carried = form_fields(check(client, REFER, TYPED_BY_CASEWORKER))

    for name in ("given_name", "phone", "reason", "considerations", "referrer_email", "criteria_met"):
        expected = TYPED_BY_CASEWORKER[name]
        assert carried[name] == (expected[0] if isinstance(expected, list) else expected)
    assert not client.session.keys()


def test_the_check_page_leads_back_with_everything_kept(client: Client) -> None:
    carried = form_fields(check(client, REFER, TYPED_BY_CASEWORKER))

    again = client.post(REFER, {**carried, "step": "edit"})

    assert again.status_code == 200
    kept = form_fields(again)
    for name, typed in TYPED_BY_CASEWORKER.items():
        assert kept[name] == (typed[0] if isinstance(typed, list) else typed), name
    assert "Fejl" not in text(again)


def test_what_was_unticked_stays_unticked_through_the_check_page(client: Client) -> None:
    typed = {name: said for name, said in TYPED_BY_CASEWORKER.items() if name != "feedback_allowed"}

    send(client, REFER, form_fields(check(client, REFER, typed)))

    assert referrals()[0].feedback_allowed is False


# --- Errors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("given_name", "Skriv borgerens fornavn"),
        ("family_name", "Skriv borgerens efternavn"),
        ("reason", "Skriv kort, hvorfor du tænker på borgeren"),
        ("agreed", "Tal med borgeren først."),
        ("referrer_name", "Skriv dit navn"),
        ("referrer_workplace", "Skriv, hvilket jobcenter du arbejder på"),
        ("referrer_email", "Skriv din e-mail, så vi kan sende dig en kvittering"),
    ],
)
def test_refer_form_says_what_to_do_about_each_missing_answer(
    client: Client, field: str, sentence: str
) -> None:
    typed = {name: said for name, said in TYPED_BY_CASEWORKER.items() if name != field}

    response = check(client, REFER, typed)

    assert response.status_code == 422
    assert sentence in text(response)
    assert "Der er 1 fejl" in text(response)
    assert referrals() == []


@pytest.mark.parametrize(
    ("field", "sentence"),
    [("given_name", "Skriv dit fornavn"), ("family_name", "Skriv dit efternavn")],
)
def test_sign_up_says_what_to_do_about_each_missing_answer(client: Client, field: str, sentence: str) -> None:
    response = check(client, SIGN_UP, {**TYPED_BY_CITIZEN, field: "  "})

    assert response.status_code == 422
    assert sentence in text(response)


@pytest.mark.parametrize(
    ("path", "typed", "sentence"),
    [
        (REFER, TYPED_BY_CASEWORKER, "Skriv borgerens telefonnummer eller e-mail"),
        (SIGN_UP, TYPED_BY_CITIZEN, "Skriv dit telefonnummer eller din e-mail"),
    ],
)
def test_a_person_needs_a_telephone_or_an_address(
    client: Client, path: str, typed: dict[str, Any], sentence: str
) -> None:
    neither = check(client, path, {**typed, "phone": "", "email": ""})
    assert neither.status_code == 422
    assert sentence in text(neither)

    for one in ({"phone": ""}, {"email": ""}):
        both = {**typed, "phone": "20123456", "email": "a@borger.example", **one}
        assert check(client, path, both).status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("phone", "112", "Skriv et telefonnummer med 8 cifre"),
        ("phone", "12345678", "Skriv et telefonnummer med 8 cifre"),
        ("phone", "ring på døren", "Skriv et telefonnummer med 8 cifre"),
        ("email", "anna@", "Skriv en hel e-mailadresse"),
        ("birth_year", "05.11.1979", "Skriv fødselsåret med fire cifre"),
        ("birth_year", "3000", "Skriv fødselsåret med fire cifre"),
        ("postcode", "67", "Skriv postnummeret med fire cifre"),
        ("reason", "Cpr er 010203-1234", "Det ligner et CPR-nummer."),
        ("considerations", "0102031234", "Det ligner et CPR-nummer."),
        ("contact_wishes", "010203 1234", "Det ligner et CPR-nummer."),
        ("reason", "x" * 10_000, "Teksten er 8.000 tegn for lang."),
        ("reason", "a\x00b", "Teksten indeholder et tegn, vi ikke kan gemme."),
        ("given_name", "x" * 101, "Teksten er 1 tegn for lang."),
        ("referrer_email", "henrik", "Skriv en hel e-mailadresse"),
        ("heard_about", "rygter", "Vælg et af svarene på listen"),
    ],
)
def test_refer_form_answers_bad_input_with_help(
    client: Client, field: str, value: str, sentence: str
) -> None:
    response = check(client, REFER, {**TYPED_BY_CASEWORKER, field: value})

    assert response.status_code == 422
    assert sentence.replace("8.000", "8000") in text(response).replace("8.000", "8000")
    assert referrals() == []


@pytest.mark.parametrize(
    "phone", ["20123456", "20 12 34 56", "0045 20123456", "+45 20 12 34 56", "20-12-34-56"]
)
def test_refer_form_takes_a_telephone_in_any_danish_spelling(
    client: Client, programme: Programme, phone: str
) -> None:
    send(client, REFER, {**TYPED_BY_CASEWORKER, "phone": phone})

    with scope(programme=programme):
        assert Participant.objects.get().phone == "+4520123456"


def test_an_error_keeps_every_answer(client: Client) -> None:
    long_text = "Æ" * 10_000
    typed = {**TYPED_BY_CASEWORKER, "reason": long_text, "email": "forkert@"}

    kept = form_fields(check(client, REFER, typed))

    for name, said in typed.items():
        assert kept[name] == (said[0] if isinstance(said, list) else said), name


def test_an_error_at_sending_shows_the_form_again(client: Client) -> None:
    response = send(client, REFER, {**TYPED_BY_CASEWORKER, "given_name": ""})

    assert response.status_code == 422
    assert "Skriv borgerens fornavn" in text(response)
    assert referrals() == []


def test_emoji_and_markup_are_kept_as_typed_and_shown_as_text(client: Client, programme: Programme) -> None:
    typed = {**TYPED_BY_CASEWORKER, "reason": "🎨🎶 <script>alert(1)</script>", "given_name": "<b>Åse</b>"}

    page = text(check(client, REFER, typed))
    send(client, REFER, form_fields(check(client, REFER, typed)))

    assert "<script>alert(1)</script>" not in page
    assert "<b>Åse" not in page
    assert "🎨🎶 &lt;script&gt;" in page
    with scope(programme=programme):
        assert Referral.objects.get().reason == "🎨🎶 <script>alert(1)</script>"


# --- The number that was typed twice ---------------------------------------------------------------


def test_a_referrer_who_types_their_own_number_for_the_citizen_is_asked(client: Client) -> None:
    typed = {**TYPED_BY_CASEWORKER, "referrer_phone": "+45 20123456"}

    asked = check(client, REFER, typed)

    assert asked.status_code == 422
    assert "Er det borgerens telefonnummer?" in text(asked)
    assert 'name="same_phone_confirmed"' in text(asked)

    confirmed = check(client, REFER, {**typed, "same_phone_confirmed": "on"})
    assert confirmed.status_code == 200
    assert send(client, REFER, form_fields(confirmed)).status_code == 302


def test_the_question_about_the_number_is_not_asked_of_others(client: Client) -> None:
    assert 'name="same_phone_confirmed"' not in text(client.get(REFER))
    assert 'name="same_phone_confirmed"' not in text(client.get(SIGN_UP))


# --- Once ------------------------------------------------------------------------------------------


def test_a_double_click_is_one_referral_and_the_same_receipt(client: Client) -> None:
    ready = form_fields(check(client, REFER, TYPED_BY_CASEWORKER))

    first, second = send(client, REFER, ready), send(client, REFER, ready)

    assert len(referrals()) == 1
    reference = referrals()[0].reference
    assert reference in text(client.get(first["Location"]))
    assert reference in text(client.get(second["Location"]))


def test_going_back_and_sending_again_is_one_referral(client: Client) -> None:
    ready = form_fields(check(client, REFER, TYPED_BY_CASEWORKER))
    send(client, REFER, ready)

    # The browser's back button shows the form; it is checked and sent once more.
    edited = form_fields(client.post(REFER, {**ready, "step": "edit"}))
    again = form_fields(check(client, REFER, edited))
    send(client, REFER, again)

    assert len(referrals()) == 1


def test_going_back_to_correct_the_number_is_a_second_arrival_of_the_same_person(
    client: Client, programme: Programme
) -> None:
    typed = {**TYPED_BY_CITIZEN, "phone": "20 12 34 56"}
    send(client, SIGN_UP, typed)

    send(client, SIGN_UP, {**typed, "phone": "20 12 34 57"})

    with scope(programme=programme):
        assert Participant.objects.count() == 1
        assert "Et andet telefonnummer i henvisningen: 20 12 34 57." in Task.objects.get().reasons


def test_the_next_form_is_another_referral(client: Client) -> None:
    for given_name in ("Anna", "Bo"):
        empty = form_fields(client.get(REFER))
        typed = {**empty, **TYPED_BY_CASEWORKER, "given_name": given_name, "drawn": ""}
        send(client, REFER, typed)

    assert len(referrals()) == 2


def test_the_same_words_to_two_programmes_are_two_arrivals(
    client: Client, other_programme: Programme
) -> None:
    ready = form_fields(check(client, SIGN_UP, TYPED_BY_CITIZEN))
    there = form_fields(check(client, "/tilmeld/andetsteds/", TYPED_BY_CITIZEN))

    assert send(client, SIGN_UP, ready).status_code == 302
    assert send(client, "/tilmeld/andetsteds/", there).status_code == 302

    assert len(referrals()) == 2


@pytest.mark.django_db(transaction=True)
def test_twenty_posts_at_once_are_one_referral_and_one_receipt() -> None:
    ready = form_fields(check(Client(), REFER, TYPED_BY_CASEWORKER))

    locations = at_once(lambda: send(Client(), REFER, ready).status_code, times=20, threads=10)

    assert set(locations) == {302}
    with scopes_disabled():
        assert Referral.objects.count() == Participant.objects.count() == 1
        assert OutboundMessage.objects.count() == 1
        assert HeldArrival.objects.count() == 0


# --- Spam ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trap", ["honeypot", "too fast", "altered"])
def test_a_form_that_looks_like_spam_is_held_and_answered_alike(client: Client, trap: str) -> None:
    human = client.get(send(client, REFER, {**TYPED_BY_CASEWORKER, "given_name": "Bo"})["Location"])
    drawn = form_fields(client.get(REFER))["drawn"]
    caught = {"honeypot": {"website": "x"}, "too fast": {"drawn": drawn}, "altered": {"drawn": "nu"}}[trap]

    sent = send(client, REFER, {**TYPED_BY_CASEWORKER, **caught})
    receipt = client.get(sent["Location"])

    assert len(referrals()) == 1
    with scopes_disabled():
        held = HeldArrival.objects.get()
        assert OutboundMessage.objects.count() == 1  # the human's
    assert sent.status_code == 302
    assert told(receipt) == told(human).replace(referrals()[0].reference, held.reference)


def test_a_form_that_stood_open_for_three_hours_is_no_spam(client: Client) -> None:
    with clock_at(TUESDAY):
        empty = form_fields(client.get(REFER))
    with clock_at(TUESDAY + dt.timedelta(hours=3)):
        send(client, REFER, {**empty, **TYPED_BY_CASEWORKER})

    assert len(referrals()) == 1


def test_a_known_person_is_answered_like_an_unknown_one(client: Client, programme: Programme) -> None:
    make_participant(programme, given_name="Anna", family_name="Sørensen", phone="+4520123456")

    known = client.get(send(client, SIGN_UP, TYPED_BY_CITIZEN)["Location"])
    stranger = {**TYPED_BY_CITIZEN, "given_name": "Ny", "phone": "30123456", "email": ""}
    unknown = client.get(send(client, SIGN_UP, stranger)["Location"])

    first, second = (referral.reference for referral in reversed(referrals()))
    references = {first, second}
    cleaned = [told(page) for page in (known, unknown)]
    for reference in references:
        cleaned = [page.replace(reference, "X") for page in cleaned]
    assert cleaned[0] == cleaned[1]


# --- The receipt -----------------------------------------------------------------------------------


def test_the_receipt_says_by_when_we_call(client: Client) -> None:
    with clock_at(TUESDAY):
        location = send(client, REFER, TYPED_BY_CASEWORKER)["Location"]
        receipt = text(client.get(location))

    assert "13.03.2026" in receipt


def test_the_receipt_names_nobody(client: Client) -> None:
    receipt = text(client.get(send(client, REFER, TYPED_BY_CASEWORKER)["Location"]))

    for said in ("Åse-Marie", "Ærøskøbing", "Mangler", "Henrik"):
        assert said not in receipt


def test_the_receipt_can_be_read_again_for_a_day_only(client: Client) -> None:
    with clock_at(TUESDAY):
        location = send(client, REFER, TYPED_BY_CASEWORKER)["Location"]
    with clock_at(TUESDAY + dt.timedelta(hours=23)):
        assert client.get(location).status_code == 200
    with clock_at(TUESDAY + dt.timedelta(hours=25)):
        late = client.get(location)
    assert late.status_code == 404
    assert "Kvitteringen kan ikke vises mere" in text(late)


@pytest.mark.parametrize("query", ["", "?kvittering=", "?kvittering=opfundet", "?nummer=K7MF-3PQ"])
def test_a_receipt_cannot_be_made_up(client: Client, query: str) -> None:
    assert client.get(f"/henvis/kultur/kvittering/{query}").status_code == 404


def test_a_receipt_of_another_programme_is_none_here(client: Client) -> None:
    make_programme(slug="andet")
    location = send(client, "/tilmeld/andet/", TYPED_BY_CITIZEN)["Location"]

    assert client.get(location).status_code == 200
    assert client.get(location.replace("/andet/", "/kultur/")).status_code == 404


# --- Faults ----------------------------------------------------------------------------------------


def test_a_form_whose_csrf_cookie_is_gone_keeps_what_was_typed() -> None:
    client = Client(enforce_csrf_checks=True)

    response = send(client, REFER, TYPED_BY_CASEWORKER)

    assert response.status_code == 403
    assert "Mangler et sted at komme." in text(response)
    assert referrals() == []


def test_the_page_for_an_outdated_form_sends_it_again() -> None:
    client = Client(enforce_csrf_checks=True)
    refused = send(client, REFER, TYPED_BY_CASEWORKER)
    kept = form_fields(refused)
    client.get(REFER)
    token = client.cookies["csrftoken"].value

    again = client.post(REFER, {**kept, "csrfmiddlewaretoken": token})

    assert again.status_code == 302
    assert len(referrals()) == 1


def test_no_page_with_answers_is_kept_by_the_browser(client: Client) -> None:
    assert "no-store" in check(client, REFER, TYPED_BY_CASEWORKER)["Cache-Control"]
    assert "no-store" in check(client, REFER, {**TYPED_BY_CASEWORKER, "given_name": ""})["Cache-Control"]


def test_sending_takes_as_many_queries_with_many_people_as_with_few(
    client: Client, programme: Programme
) -> None:
    counts = []
    send(client, SIGN_UP, {**TYPED_BY_CITIZEN, "given_name": "Først"})  # and keeps the form's version
    for number, people in enumerate((1, 30)):
        for _ in range(people):
            make_participant(programme)
        with CaptureQueriesContext(connection) as queries:
            send(client, SIGN_UP, {**TYPED_BY_CITIZEN, "given_name": f"Ny{number}"})
        counts.append(len(queries))

    assert counts[0] == counts[1]
