"""Several people from a meeting in one go: a line each, asked about before anything is kept, stored once."""

import datetime as dt
import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from accounts.models import Programme, User
from core.dates import format_danish_date
from participants.enums import AgreementKind, AgreementMethod
from participants.models import Agreement, Participant
from referrals.enums import HeardAbout, Intake, ReferralKind
from referrals.models import Referral
from tests.factories import make_activity, make_participant
from tests.html_forms import HtmlForm, forms_on
from worklist.models import Task

pytestmark = pytest.mark.django_db

MEETING = "/henvisninger/moede/"
ANNA = {"name": "Anna Ærø", "contact": "20 12 34 56"}
BO = {"name": "Østergård, Bo", "contact": "bo@borger.example", "birth_year": "1960", "wish": "Efter kl. 10"}
IB = {"name": "Ib Holm", "contact": "20123457"}


@pytest.fixture
def desk(client_for, coordinator: User) -> Client:
    return client_for(coordinator)


def typed(*lines: dict[str, str], **facts: str) -> dict[str, str]:
    """Return what a browser sends with these lines first and the rest of eight empty."""
    data = {
        "received_on": format_danish_date(timezone.localdate()),
        "meeting": "Møde på biblioteket",
        "kind": "self",
        "line-TOTAL_FORMS": str(max(8, len(lines))),
        "line-INITIAL_FORMS": "0",
        "step": "save",
        **facts,
    }
    for place in range(max(8, len(lines))):
        said = lines[place] if place < len(lines) else {}
        for name in ("name", "contact", "birth_year", "postcode", "wish"):
            data[f"line-{place}-{name}"] = said.get(name, "")
    return data


def text(response: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def form_of(response: HttpResponse) -> HtmlForm:
    """Return the page's own form."""
    (form,) = (one for one in forms_on(response.content.decode()) if "line-TOTAL_FORMS" in one.names)
    return form


def referrals(programme: Programme) -> list[Referral]:
    with scope(programme=programme):
        return list(Referral.objects.select_related("participant").order_by("pk"))


def test_meeting_stores_a_referral_with_its_call_for_each_line(
    desk: Client, programme: Programme, coordinator: User
) -> None:
    answer = desk.post(MEETING, typed(ANNA, {}, BO, {"name": " "}, IB), follow=True)

    assert "3 nye personer er oprettet." in text(answer)
    found = {referral.participant.full_name: referral for referral in referrals(programme)}
    assert set(found) == {"Anna Ærø", "Bo Østergård", "Ib Holm"}
    bo = found["Bo Østergård"]
    assert (bo.intake, bo.kind, bo.entered_by) == (Intake.MEETING, ReferralKind.SELF, coordinator)
    assert (bo.heard_about, bo.heard_about_text) == (HeardAbout.VISIT, "Møde på biblioteket")
    assert (bo.participant.email, bo.participant.birth_year) == ("bo@borger.example", 1960)
    assert bo.participant.contact_wishes == "Efter kl. 10"
    assert found["Anna Ærø"].participant.phone == "+4520123456"
    with scope(programme=programme):
        assert Task.objects.open().count() == 3
        assert not Agreement.objects.exists()


def test_meeting_keeps_who_brought_them_the_day_and_what_all_said_yes_to(
    desk: Client, programme: Programme
) -> None:
    day = timezone.localdate() - dt.timedelta(days=2)
    facts = {
        "received_on": format_danish_date(day),
        "kind": "jobcentre",
        "referrer_workplace": "Jobcenter Ribe",
        "referrer_name": "Henrik Holm",
        "agreed": "on",
        "feedback_allowed": "on",
    }

    desk.post(MEETING, typed(ANNA, IB, **facts))

    for referral in referrals(programme):
        assert timezone.localdate(referral.received_at) == day
        assert referral.workplace == "Jobcenter Ribe"
        assert referral.feedback_allowed
    with scope(programme=programme):
        given = Agreement.objects.values_list("kind", "method")
        assert set(given) == {
            (AgreementKind.REFERRED, AgreementMethod.MEETING),
            (AgreementKind.FEEDBACK, AgreementMethod.MEETING),
        }
        assert given.count() == 4


def test_nobody_hears_how_it_goes_with_people_who_came_by_themselves(
    desk: Client, programme: Programme
) -> None:
    desk.post(MEETING, typed(ANNA, agreed="on", feedback_allowed="on"))

    with scope(programme=programme):
        assert list(Agreement.objects.values_list("kind", flat=True)) == [AgreementKind.REFERRED]


# --- Faults ----------------------------------------------------------------------------------------


def test_faults_name_their_line_and_everything_typed_is_kept(desk: Client, programme: Programme) -> None:
    wrong = typed(
        ANNA,
        {"name": "Bo", "contact": "20123457"},
        {},
        {"name": "Ib Holm"},
        {"name": "Eva Lund", "contact": "123", "birth_year": "75"},
        {"name": "Ida Lund", "contact": "20123458", "wish": "Hun er 010182-1234"},
        meeting="Møde i Ribe",
    )

    answer = desk.post(MEETING, wrong)

    assert answer.status_code == 422
    page = text(answer)
    assert "Der er 5 fejl" in page
    for sentence in (
        "Linje 2: Skriv både fornavn og efternavn",
        "Linje 4: Skriv telefon eller e-mail",
        "Linje 5: Skriv et telefonnummer med 8 cifre eller en hel e-mailadresse",
        "Linje 5: Skriv fødselsåret med fire cifre",
        "Linje 6: Det ligner et CPR-nummer.",
    ):
        assert sentence in page
    kept = {name: values[-1] for name, values in form_of(answer).data.items()}
    assert {name: kept[name] for name in wrong if name != "step"} == {
        name: value for name, value in wrong.items() if name != "step"
    }
    assert referrals(programme) == []


def test_meeting_of_nobody_says_what_to_do(desk: Client) -> None:
    answer = desk.post(MEETING, typed())

    assert answer.status_code == 422
    assert "Skriv mindst én person" in text(answer)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"received_on": ""}, "Skriv datoen"),
        ({"received_on": "01.01.2099"}, "Vælg i dag eller en dag, der har været."),
        ({"kind": "jobcentre"}, "Skriv, hvem der henviser, eller hvor de arbejder"),
    ],
)
def test_facts_that_are_wrong_say_what_to_do(desk: Client, facts: dict[str, str], sentence: str) -> None:
    answer = desk.post(MEETING, typed(ANNA, **facts))

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert form_of(answer).data["line-0-name"] == ["Anna Ærø"]


@pytest.mark.parametrize("spoilt", ["", "x", "-1", "99999"])
def test_count_of_lines_that_was_tampered_with_breaks_nothing(desk: Client, spoilt: str) -> None:
    answer = desk.post(MEETING, {**typed(ANNA), "line-TOTAL_FORMS": spoilt})

    assert answer.status_code in {302, 422}


# --- More lines ------------------------------------------------------------------------------------


def test_more_lines_come_without_losing_what_is_typed_right_or_wrong(
    desk: Client, programme: Programme
) -> None:
    wrong = {"name": "Bo", "contact": "abc", "birth_year": "75"}

    answer = desk.post(MEETING, typed(ANNA, {}, wrong, meeting="Møde i Ribe", agreed="on", step="more"))

    assert answer.status_code == 200
    data = form_of(answer).data
    assert data["line-TOTAL_FORMS"] == ["12"]
    assert "line-11-name" in data
    assert data["line-0-name"] == ["Anna Ærø"]
    assert [data[f"line-2-{name}"] for name in wrong] == [[value] for value in wrong.values()]
    assert data["meeting"] == ["Møde i Ribe"]
    assert data["agreed"] == ["on"]
    assert referrals(programme) == []
    sent = {name: values[-1] for name, values in data.items()} | {
        "line-2-name": "Bo Holm",
        "line-2-contact": "20123457",
        "line-2-birth_year": "",
        "line-11-name": "Ib Holm",
        "line-11-contact": "20123458",
    }
    desk.post(MEETING, {**sent, "step": "save"})
    assert len(referrals(programme)) == 3


# --- Somebody known --------------------------------------------------------------------------------


def ask(desk: Client, programme: Programme) -> tuple[Participant, HttpResponse]:
    """Send three lines, of whom the first resembles somebody known and the third the second."""
    known = make_participant(
        programme, given_name="Anna", family_name="Ærö", phone="+4520123456", birth_year=None
    )
    twin = {"name": "Bo Ostergaard", "contact": "bo@borger.example"}
    return known, desk.post(MEETING, typed(ANNA, BO, twin))


def test_known_persons_and_twins_among_the_lines_are_asked_about_before_anything_is_kept(
    desk: Client, programme: Programme
) -> None:
    known, answer = ask(desk, programme)

    assert answer.status_code == 200
    page = text(answer)
    assert f"Samme som {known.full_name}" in page
    assert "Linje 3: Bo Ostergaard" in page
    assert "Samme som linje 2" in page
    assert referrals(programme) == []


def test_answers_are_stored_all_at_once_and_once(desk: Client, programme: Programme) -> None:
    known, page = ask(desk, programme)
    sent: dict[str, Any] = {name: values[-1] for name, values in form_of(page).data.items()}
    sent |= {"line-1": f"p{known.pk}", "line-3": "l2", "step": "save"}

    answer = desk.post(MEETING, sent, follow=True)
    again = desk.post(MEETING, sent, follow=True)

    assert "1 ny person er oprettet. 2 er lagt til personer" in text(answer)
    assert "3 var gemt i forvejen." in text(again)
    assert len(referrals(programme)) == 3
    with scope(programme=programme):
        assert Participant.objects.count() == 2
        assert known.referrals.count() == 1


def test_question_that_is_not_answered_is_asked_again(desk: Client, programme: Programme) -> None:
    known, page = ask(desk, programme)
    sent = {name: values[-1] for name, values in form_of(page).data.items()}
    sent |= {"line-1": f"p{known.pk}", "line-3": "somebody", "step": "save"}

    answer = desk.post(MEETING, sent)

    assert answer.status_code == 422
    assert "Linje 3: Vælg et af svarene" in text(answer)
    assert form_of(answer).data["line-0-name"] == ["Anna Ærø"]
    assert referrals(programme) == []


def test_lines_can_be_corrected_from_the_question(desk: Client, programme: Programme) -> None:
    _, page = ask(desk, programme)
    sent = {name: values[-1] for name, values in form_of(page).data.items()}

    answer = desk.post(MEETING, {**sent, "step": "edit"})

    assert answer.status_code == 200
    assert form_of(answer).data["line-1-name"] == ["Østergård, Bo"]
    assert form_of(answer).data["meeting"] == ["Møde på biblioteket"]


def test_nobody_of_another_programme_is_asked_about(
    desk: Client, programme: Programme, other_programme: Programme
) -> None:
    make_participant(other_programme, given_name="Anna", family_name="Ærø", phone="+4520123456")

    answer = desk.post(MEETING, typed(ANNA), follow=True)

    assert "1 ny person er oprettet." in text(answer)


# --- What the meeting was --------------------------------------------------------------------------


def test_meeting_of_an_activity_gives_each_its_origin_and_notes_who_came(desk: Client, programme: Programme):
    make_participant(programme, given_name="Anna", family_name="Ærø", phone="+4520123456")
    activity = make_activity(programme, title="Åbent møde", planned_on=timezone.localdate())
    page = desk.get(f"{MEETING}?aktivitet={activity.pk}")
    assert form_of(page).data["meeting"] == ["Åbent møde"]
    answer = desk.post(MEETING, typed(BO, IB, activity=str(activity.pk), people_reached="14"))
    assert answer.status_code == 302
    with scope(programme=programme):
        assert {referral.activity for referral in Referral.objects.all()} == {activity}
        activity.refresh_from_db()
    assert (activity.people_reached, activity.held_on) == (14, timezone.localdate())


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"people_reached": "14"}, "Vælg den aktivitet, som så mange kom til."),
        ({"people_reached": "mange"}, "Skriv, hvor mange der kom, som et helt tal."),
        ({"activity": "999999"}, "Vælg en aktivitet på listen."),
    ],
)
def test_meeting_says_what_to_do_about_the_activity(desk: Client, facts: dict[str, str], told: str):
    answer = desk.post(MEETING, typed(BO, **facts))
    assert answer.status_code == 422
    assert told in text(answer)
