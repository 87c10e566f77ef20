"""The coordinator invites, types in, reads and explains; nobody else may."""

import datetime as dt
import re

import pytest
import zxingcpp
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from evaluation.enums import MissingReasonKind, Mode, Occasion
from evaluation.models import Invitation, MissingReason, Response
from messaging.models import OutboundMessage
from participants.enums import Stage
from tests.factories import make_cohort, make_enrolment, make_participant, make_response

WELL = {f"who5_{number}": "4" for number in range(1, 6)} | {"self_rated_health": "2", "comment": ""}


@pytest.fixture
def client(client_for, coordinator):
    return client_for(coordinator)


@pytest.fixture
def anna(programme):
    return make_participant(programme, given_name="Anna", family_name="Ærø", stage=Stage.PLACED)


def address(person, part="", occasion="foer"):
    return f"/deltagere/{person.pk}/maaling/{occasion}/{part}"


def home(person):
    return f"/deltagere/{person.pk}/"


def paper(**changes):
    return WELL | {"mode": "paper", "answered_on": "05.03.2026"} | changes


def rows(programme, model):
    with scope(programme=programme):
        return list(model.objects.all())


def read(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# --- the list ---------------------------------------------------------------------------------------


def test_measure_list_says_so_when_nobody_lacks_anything(client):
    assert "Ingen mangler et skema" in read(client.get("/maalinger/"))


def test_measure_list_shows_who_lacks_what_and_the_cohort(client, programme, anna):
    make_enrolment(make_cohort(programme, name="Holdet ved åen"), anna)
    done = make_participant(programme, family_name="Færdig", stage=Stage.COMPLETED)
    make_response(done, Occasion.BEFORE)
    half = make_participant(programme, family_name="Halvvejs", stage=Stage.ACTIVE)
    make_response(half, Occasion.BEFORE, (1, None, 1, 1, 1))
    make_participant(programme, family_name="Ny", stage=Stage.RECEIVED)
    text = read(client.get("/maalinger/"))
    assert "Anna Ærø Har plads · Holdet ved åen Mangler Indhent svar for Anna Ærø Ikke endnu" in text
    assert "Anna Færdig Gennemført Udfyldt Mangler" in text
    assert "Anna Halvvejs I gang Ufuldstændig Udfyld resten" in text
    assert "Ny" not in text
    assert "Alt, der mangler 3 Førmåling 1 Eftermåling 1 Ufuldstændige 1 Med noteret grund 0" in text


def test_measure_list_narrows_by_what_is_missing(client, programme, anna):
    done = make_participant(programme, family_name="Færdig", stage=Stage.COMPLETED)
    assert "Færdig" not in read(client.get("/maalinger/?mangler=foer"))
    assert "Ærø" not in read(client.get("/maalinger/?mangler=efter"))
    assert "Ingen på denne liste" in read(client.get("/maalinger/?mangler=ufuldstaendige"))
    assert "Færdig" in read(client.get("/maalinger/?mangler=findes-ikke"))
    with scope(programme=programme):
        MissingReason.objects.create(
            programme=programme,
            participant=done,
            occasion=Occasion.AFTER,
            reason="pause",
            noted_at=timezone.now(),
        )
    assert "Pause" in read(client.get("/maalinger/?mangler=forklarede"))


def test_measure_list_tells_when_somebody_was_invited(client, programme, anna):
    with scope(programme=programme):
        Invitation.objects.create(
            programme=programme,
            participant=anna,
            occasion=Occasion.BEFORE,
            created_at=dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC),
        )
    assert "Inviteret 04.03.2026" in read(client.get("/maalinger/"))


def test_measure_list_takes_the_same_number_of_queries_for_any_number_of_rows(client, programme):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/maalinger/").status_code == 200
        return len(captured)

    def add(number):
        cohort = make_cohort(programme, capacity=60)
        for _ in range(number):
            make_enrolment(cohort, make_participant(programme, stage=Stage.PLACED))

    add(1)
    one = queries()
    add(29)
    thirty = queries()
    add(40)
    assert one == thirty == queries()
    assert read(client.get("/maalinger/")).count("Indhent svar") == 50
    assert read(client.get("/maalinger/?page=2")).count("Indhent svar") == 20


def test_measure_list_shows_one_programme(client, other_programme):
    make_participant(other_programme, family_name="Fremmed", stage=Stage.PLACED)
    assert "Fremmed" not in read(client.get("/maalinger/"))


# --- typing in --------------------------------------------------------------------------------------


def test_measure_enter_stores_a_paper_and_goes_home(client, programme, anna, coordinator):
    response = client.post(address(anna), paper(comment="Sov dårligt"))
    assert response.url == home(anna)
    (answer,) = rows(programme, Response)
    assert (answer.percentage_score, answer.mode, answer.entered_by) == (80, Mode.PAPER, coordinator)
    assert (answer.answered_on, answer.comment) == (dt.date(2026, 3, 5), "Sov dårligt")
    assert "Skemaet fra Anna Ærø er gemt." in read(client.get("/maalinger/"))


@pytest.mark.parametrize("day", ["05.03.2026", "5-3-2026", "5/3/2026", "2026-03-05"])
def test_measure_enter_takes_dates_as_danes_write_them(client, programme, anna, day):
    client.post(address(anna), paper(answered_on=day))
    assert rows(programme, Response)[0].answered_on == dt.date(2026, 3, 5)


def test_measure_enter_preselects_nothing(client, anna):
    page = client.get(address(anna)).content.decode()
    assert page.count('type="radio"') == 5 * 6 + 5 + 2
    assert "checked" not in page


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"mode": ""}, "Vælg, hvordan skemaet er besvaret."),
        ({"mode": "own_phone"}, "Vælg et af svarene."),
        ({"answered_on": ""}, "Skriv den dag, skemaet er besvaret"),
        ({"answered_on": "31.02.2026"}, "Skriv datoen som dag, måned og år"),
        ({"answered_on": "05.11.2099"}, "Datoen ligger ude i fremtiden."),
        ({"who5_3": "9"}, "Vælg et af svarene."),
    ],
)
def test_measure_enter_says_what_to_do_about_a_fault(client, programme, anna, changes, complaint):
    response = client.post(address(anna), paper(**changes))
    assert response.status_code == 422
    assert complaint in read(response)
    assert rows(programme, Response) == []


def test_measure_enter_asks_about_blanks_before_it_keeps_them(client, programme, anna):
    asked = client.post(address(anna), paper(who5_2=""))
    assert asked.status_code == 422
    assert "Der mangler svar på … har jeg følt mig rolig og afslappet" in read(asked)
    assert rows(programme, Response) == []
    kept = client.post(address(anna), paper(who5_2="", send_anyway="1"))
    assert kept.url == home(anna)
    assert not rows(programme, Response)[0].is_complete
    assert "gemt som ufuldstændigt, uden score" in read(client.get("/maalinger/"))


def test_measure_enter_fills_in_the_blanks_of_an_incomplete_answer(client, programme, anna):
    make_response(anna, Occasion.BEFORE, (4, None, 4, 4, 0), mode=Mode.OWN_PHONE)
    page = client.get(address(anna)).content.decode()
    assert "Skemaet er ufuldstændigt" in page
    assert page.count("checked") == 4
    client.post(address(anna), paper(mode="interview"))
    (answer,) = rows(programme, Response)
    assert (answer.items, answer.mode) == ((4, 4, 4, 4, 4), Mode.INTERVIEW)


def test_measure_enter_shows_a_complete_answer_and_never_changes_it(client, programme, anna):
    make_response(anna, Occasion.BEFORE, (2, 2, 1, 2, 2), comment="En grå dag", self_rated_health=4)
    text = read(client.get(address(anna)))
    assert "36 WHO-5, af 100 Risiko" in text
    assert "Lidt mindre end halvdelen af tiden" in text
    assert "Mindre godt" in text
    assert "En grå dag" in text
    again = client.post(address(anna), paper())
    assert again.url == address(anna)
    assert "Skemaet er allerede besvaret." in read(client.get(address(anna)))
    assert rows(programme, Response)[0].items == (2, 2, 1, 2, 2)


def test_measure_enter_tells_which_question_was_left_blank(client, anna):
    make_response(anna, Occasion.BEFORE, (2, 2, 1, 2, 2))
    assert "dit helbred er alt i alt? Ikke besvaret" in read(client.get(address(anna)))


# --- inviting ---------------------------------------------------------------------------------------


def test_measure_invite_plans_one_mail_however_often_it_is_pressed(client, programme, anna):
    for _ in range(2):
        assert client.post(address(anna, "invitation/")).url == home(anna)
    (message,) = rows(programme, OutboundMessage)
    assert (message.kind, message.participant_id) == ("measure_invitation", anna.pk)
    assert "bliver sendt til Anna Ærø på e-mail" in read(client.get("/maalinger/"))


def test_measure_invite_says_why_nothing_was_sent(client, programme):
    without = make_participant(programme, given_name="Ulla", family_name="Uden", email="")
    stopped = make_participant(programme, messages_stopped_at=timezone.now())
    answered = make_participant(programme)
    make_response(answered, Occasion.BEFORE)
    for person, reason in (
        (without, "Ulla Uden har ingen e-mail."),
        (stopped, "ønsker ikke beskeder"),
        (answered, "allerede besvaret"),
    ):
        client.post(address(person, "invitation/"))
        assert reason in read(client.get("/maalinger/"))
    assert rows(programme, OutboundMessage) == []


def test_measure_invite_leads_back_to_where_it_was_pressed(client, anna):
    assert client.post(address(anna, "invitation/"), {"from_list": "1"}).url == "/maalinger/"


def test_measure_qr_is_made_by_the_button_alone(client, programme, anna):
    page = client.get(address(anna, "qr/"))
    assert page.status_code == 200
    assert "qr-code" not in page.content.decode()
    assert rows(programme, Invitation) == []


def test_measure_qr_leads_a_scanning_phone_to_the_questionnaire(client, anna, tmp_path):
    page = client.post(address(anna, "qr/")).content.decode()
    link = re.search(r'id="questionnaire-link" value="([^"]+)"', page)[1]
    scanned = scan(re.search(r'<svg [^>]*class="qr-code".*?</svg>', page, re.DOTALL)[0])
    assert scanned == link
    phone = Client()
    address_on_phone = scanned.removeprefix("http://testserver")
    assert phone.get(address_on_phone).url == "/skema/"
    assert "I de sidste 2 uger" in phone.get("/skema/").content.decode()


def test_measure_qr_closes_the_code_before_it(client, anna):
    def link():
        page = client.post(address(anna, "qr/")).content.decode()
        return re.search(r'value="http://testserver([^"]+)"', page)[1]

    old, new = link(), link()
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 302


def test_measure_qr_of_an_answered_questionnaire_shows_the_answers(client, anna):
    make_response(anna, Occasion.BEFORE)
    assert client.post(address(anna, "qr/")).url == address(anna)


def scan(svg):
    """Return what a scanner reads in the code: its dark runs are drawn into a picture of grey tones."""
    size = int(re.search(r'viewBox="0 0 (\d+) ', svg)[1])
    path = re.search(r'stroke="#000" d="([^"]+)"', svg)[1]
    dark = set()
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([^Mmhz]*)", path):
        values = [float(value) for value in re.findall(r"-?\d*\.?\d+", numbers)]
        if command == "h":
            dark |= {(int(x) + step, int(y)) for step in range(int(values[0]))}
            x += values[0]
        elif command == "M":
            x, y = values
        else:
            x, y = x + values[0], y + values[1]
    scale = 4
    width = size * scale
    pixels = bytes(
        0 if (column // scale, line // scale) in dark else 255
        for line in range(width)
        for column in range(width)
    )
    return zxingcpp.read_barcode(memoryview(pixels).cast("B", (width, width))).text


# --- why it is missing ------------------------------------------------------------------------------


def test_measure_missing_notes_the_reason(client, programme, anna, coordinator):
    response = client.post(address(anna, "mangler/"), {"reason": "does_not_wish"})
    assert response.url == home(anna)
    (noted,) = rows(programme, MissingReason)
    assert (noted.reason, noted.noted_by) == (MissingReasonKind.DOES_NOT_WISH, coordinator)
    assert "Noteret nu: Ønsker det ikke" in read(client.get(address(anna)))


@pytest.mark.parametrize(
    ("reason", "complaint"),
    [("", "Vælg, hvorfor målingen mangler."), ("krig", "Vælg en af grundene på listen.")],
)
def test_measure_missing_asks_for_a_reason(client, programme, anna, reason, complaint):
    response = client.post(address(anna, "mangler/"), {"reason": reason})
    assert response.status_code == 422
    assert complaint in read(response)
    assert rows(programme, MissingReason) == []


def test_measure_missing_is_refused_for_a_measure_that_is_there(client, programme, anna):
    make_response(anna, Occasion.BEFORE)
    assert client.post(address(anna, "mangler/"), {"reason": "other"}).url == address(anna)
    assert rows(programme, MissingReason) == []


# --- who may ----------------------------------------------------------------------------------------

PARTS = ["", "invitation/", "qr/", "mangler/"]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("role", ["manager", "administrator"])
def test_other_roles_are_refused(client_for, request, anna, part, role):
    client = client_for(request.getfixturevalue(role))
    for answer in (client.get(address(anna, part)), client.post(address(anna, part), paper())):
        assert answer.status_code == 403
    assert client.get("/maalinger/").status_code == 403


@pytest.mark.parametrize("part", PARTS)
def test_another_programmes_people_do_not_exist(client_for, coordinator_elsewhere, programme, anna, part):
    make_response(anna, Occasion.AFTER, comment="Hemmelig")
    client = client_for(coordinator_elsewhere)
    for occasion in ("foer", "efter"):
        answer = client.post(address(anna, part, occasion), paper(reason="other"))
        assert answer.status_code == 404
        assert "Hemmelig" not in answer.content.decode()
    assert rows(programme, Invitation) == []
    assert len(rows(programme, Response)) == 1


@pytest.mark.parametrize("part", PARTS)
def test_whoever_is_not_signed_in_is_sent_to_sign_in(anna, part):
    assert "/konto/login/" in Client().get(address(anna, part)).url


def test_an_occasion_that_does_not_exist_is_no_page(client, anna):
    assert client.get(address(anna, occasion="midt")).status_code == 404
    assert client.get(address(anna, occasion="senere")).status_code == 200
