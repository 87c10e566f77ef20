"""One participant: the path, what was said, what can be done, and who did what."""

import datetime as dt
import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from accounts.models import Programme, User
from courses.enums import EnrolmentState
from messaging.models import OutboundMessage
from participants.enums import AgreementKind, AgreementMethod, ContactMethod, ContactOutcome, Outcome, Stage
from participants.models import Agreement, ContactAttempt, Participant
from participants.services import change_stage, give_agreement, record_contact_attempt, withdraw_agreement
from recruitment.queries.person import participant_page, steps
from referrals.enums import HeardAbout, Intake, ReferralKind
from tests.factories import (
    NOW,
    TODAY,
    make_cohort,
    make_enrolment,
    make_participant,
    make_programme,
    make_referral,
    make_referrer,
    make_response,
    make_task,
    make_user,
)
from tests.recruitment.desk import queries_of
from worklist.enums import TaskKind, TaskState
from worklist.models import Task

DAY = dt.timedelta(days=1)
ClientFor = Callable[[User | None], Client]


def address(participant: Participant, act: str = "") -> str:
    return f"/deltagere/{participant.pk}/{act}"


def text_of(client: Client, participant: Participant) -> str:
    """Return the page as it is read: without tags, white space as single spaces."""
    response = client.get(address(participant))
    assert response.status_code == 200
    return as_read(response.content.decode())


def as_read(page: str) -> str:
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def said_after(client: Client, url: str, data: dict[str, str]) -> str:
    """Post, follow to the page it leads to, and return what the page says first."""
    response = client.post(url, data, follow=True)
    assert response.status_code == 200
    return as_read(response.content.decode())


# --- The page ----------------------------------------------------------------------------------------


def test_participant_detail_has_its_addresses() -> None:
    for name, act in [
        ("detail", ""),
        ("edit", "ret/"),
        ("contact", "kontakt/"),
        ("move", "flyt/"),
        ("agreement", "aftale/"),
        ("task", "ny-opgave/"),
    ]:
        assert reverse(f"recruitment:participant_{name}", kwargs={"pk": 7}) == f"/deltagere/7/{act}"


def test_participant_detail_shows_who_it_is_and_how_to_reach_them(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    born = timezone.localdate().year - 44
    anna = make_participant(
        programme,
        given_name="Anna",
        family_name="Ærø",
        phone="+4520123456",
        email="anna@borger.example",
        birth_year=born,
        contact_wishes="Ring efter kl. 12",
    )
    response = client_for(coordinator).get(address(anna))
    page = response.content.decode()

    assert "Anna Ærø" in page
    assert anna.reference in page
    assert f"44 år (født {born})" in page
    assert '<a class="contact-phone" href="tel:+4520123456">20 12 34 56</a>' in page
    assert 'href="mailto:anna@borger.example"' in page
    assert "Ring efter kl. 12" in page
    assert response["Cache-Control"] == "private, no-store"


def test_participant_detail_shows_what_was_said_at_each_referral(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    anna = make_participant(programme)
    referrer = make_referrer(programme, name="Henrik Henviser", title="Konsulent")
    make_referral(
        programme,
        participant=anna,
        referrer=referrer,
        workplace="Jobcenter Esbjerg",
        reason="Savner fællesskab",
        situation="Bor alene",
        considerations="Bliver hurtigt træt",
        criteria_met=["Personen er fyldt 18 år"],
        heard_about=HeardAbout.COLLEAGUE,
        heard_about_text="over frokosten",
        feedback_allowed=True,
        received_at=NOW,
    )
    gp = make_referral(
        programme,
        participant=anna,
        kind=ReferralKind.GP,
        intake=Intake.XREF15,
        entered_by=coordinator,
        received_at=NOW - DAY,
    )

    page = text_of(client_for(coordinator), anna)

    for said in (
        "Jobcenter, 10.03.2026",
        "Henvist af Henrik Henviser , Konsulent",
        "Arbejdssted Jobcenter Esbjerg",
        "Hvorfor Savner fællesskab",
        "Situation Bor alene",
        "Hensyn Bliver hurtigt træt",
        "Kriterier Personen er fyldt 18 år",
        "Hørte om os En kollega: over frokosten",
        "Må henviseren høre, hvordan det går? Ja",
        "Praktiserende læge, 09.03.2026",
        gp.reference,
        "(XREF15), skrevet ind af Kirsten Koordinator",
    ):
        assert said in page
    assert page.index("Jobcenter, 10.03.2026") < page.index("Praktiserende læge, 09.03.2026")


@pytest.mark.parametrize(
    ("stage", "kind", "reminded"),
    [
        (Stage.RECEIVED, ReferralKind.JOBCENTRE, True),
        (Stage.CONTACTING, ReferralKind.GP, True),
        (Stage.CONTACTING, ReferralKind.COORDINATOR, True),
        (Stage.RECEIVED, ReferralKind.SELF, False),
        (Stage.CONVERSATION, ReferralKind.JOBCENTRE, False),
    ],
)
def test_first_contact_reminds_of_the_information_text_when_somebody_else_referred(
    stage: Stage,
    kind: ReferralKind,
    reminded: bool,
    programme: Programme,
    coordinator: User,
    client_for: ClientFor,
) -> None:
    anna = make_participant(programme, stage=stage)
    make_referral(programme, participant=anna, kind=kind)

    page = text_of(client_for(coordinator), anna)

    assert ("Fortæl, hvordan vi behandler oplysninger" in page) == reminded
    assert (programme.information_text[:60] in page) == reminded


@pytest.mark.parametrize("stage", Stage)
def test_participant_detail_opens_at_every_stage(
    stage: Stage, programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    anna = make_participant(programme, stage=stage)

    page = text_of(client_for(coordinator), anna)

    assert str(stage.label if stage != Stage.CLOSED else Outcome.DECLINED.label) in page
    assert ("Afslut forløbet" in page) == (stage != Stage.CLOSED)


def test_participant_detail_shows_the_seat_the_measures_and_the_messages(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    anna = make_participant(programme, stage=Stage.PLACED)
    make_enrolment(make_cohort(programme, name="Sommerholdet"), anna)
    make_response(anna)
    with scope(programme=programme):
        OutboundMessage.objects.create(
            programme=programme,
            kind="referral_receipt",
            unique_key="1",
            participant=anna,
            planned_at=NOW,
            send_after=NOW,
        )

    page = text_of(client_for(coordinator), anna)

    assert "Sommerholdet : har plads. 24.03.2026–05.05.2026." in page
    assert "36 af 100" in page
    assert "Klar til at blive sendt" in page


def test_participant_detail_offers_a_seat_to_those_who_are_ready(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    make_cohort(programme, name="Sommerholdet", starts_on=timezone.localdate() + 14 * DAY)
    ready = make_participant(programme, stage=Stage.READY)
    early = make_participant(programme, stage=Stage.CONVERSATION)
    client = client_for(coordinator)

    assert "Giv plads" in text_of(client, ready)
    assert "Giv plads" not in text_of(client, early)


# --- The path ----------------------------------------------------------------------------------------


def states(participant: Participant) -> list[tuple[str, str, str]]:
    shown = steps(participant, list(participant.stage_changes.all()))
    return [(step.label, step.state, step.note) for step in shown]


def test_steps_show_what_is_behind_where_the_person_stands_and_since_when(in_scope: Programme) -> None:
    anna = make_participant(in_scope)
    change_stage(participant=anna, to_stage=Stage.CONVERSATION, by=None, now=NOW + DAY)

    assert states(anna) == [
        ("Modtaget", "done", "10.03.2026"),
        ("Vi ringer", "done", ""),
        ("Samtale", "current", "11.03.2026"),
        ("Klar til hold", "todo", ""),
        ("Har plads", "todo", ""),
        ("I gang", "todo", ""),
        ("Gennemført", "todo", ""),
        ("Bro videre", "todo", ""),
    ]


def test_steps_show_a_pause_where_the_person_was_active(in_scope: Programme) -> None:
    anna = make_participant(in_scope, stage=Stage.ACTIVE)
    change_stage(participant=anna, to_stage=Stage.PAUSED, by=None, now=NOW + DAY)

    assert states(anna)[5] == ("I gang", "current", "Pause siden 11.03.2026")
    assert {state for _label, state, _note in states(anna)[6:]} == {"todo"}


def test_steps_of_a_closed_path_end_where_it_ended(in_scope: Programme) -> None:
    anna = make_participant(in_scope, stage=Stage.READY)
    change_stage(
        participant=anna, to_stage=Stage.CLOSED, outcome=Outcome.STOPPED_WORK, by=None, now=NOW + DAY
    )

    assert [state for _label, state, _note in states(anna)] == ["done"] * 4 + ["todo"] * 4


def test_steps_of_somebody_who_lost_the_seat_stand_at_ready_again(in_scope: Programme) -> None:
    anna = make_participant(in_scope, stage=Stage.PLACED)
    change_stage(participant=anna, to_stage=Stage.READY, by=None, now=NOW + DAY)

    assert states(anna)[3:5] == [("Klar til hold", "current", "11.03.2026"), ("Har plads", "todo", "")]


# --- Contact -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ContactOutcome)
def test_participant_contact_notes_each_outcome_with_one_click(
    outcome: ContactOutcome, programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    anna = make_participant(programme)
    client = client_for(coordinator)
    assert f'name="outcome" value="{outcome}"' in client.get(address(anna)).content.decode()

    page = said_after(
        client, address(anna, "kontakt/"), {"method": "phone", "note": "", "outcome": outcome.value}
    )

    assert f"Noteret: {str(outcome.label).lower()}." in page
    with scope(programme=programme):
        attempt = ContactAttempt.objects.get()
    assert (attempt.outcome, attempt.by, attempt.participant) == (outcome, coordinator, anna)


def test_participant_contact_pressed_twice_notes_once(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    anna = make_participant(programme)
    client = client_for(coordinator)

    for _click in range(2):
        client.post(address(anna, "kontakt/"), {"method": "phone", "outcome": "no_answer"})

    with scope(programme=programme):
        assert ContactAttempt.objects.count() == 1
        assert Task.objects.open().count() == 1


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"method": "phone"}, "Vælg, hvordan det gik: tryk på en af knapperne."),
        ({"method": "phone", "outcome": "x"}, "Vælg, hvordan det gik: tryk på en af knapperne."),
        ({"method": "pigeon", "outcome": "reached"}, "Vælg, hvordan du tog kontakt."),
        (
            {"method": "phone", "outcome": "reached", "note": "Hendes nummer er 010203-1234"},
            "Det ligner et CPR-nummer. Slet det – vi må ikke modtage CPR-numre her.",
        ),
        ({"method": "phone", "outcome": "reached", "note": "a" * 2001}, "Teksten er 1 tegn for lang."),
        ({"method": "phone", "outcome": "reached", "note": "a\x00b"}, "et tegn, vi ikke kan gemme"),
    ],
)
def test_participant_contact_says_what_to_do_and_keeps_what_was_typed(
    sent: dict[str, str], said: str, programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    anna = make_participant(programme)

    response = client_for(coordinator).post(address(anna, "kontakt/"), sent)

    page = response.content.decode()
    assert response.status_code == 422
    assert said in as_read(page)
    assert "Fejl:" in page
    if "CPR" in said:
        assert "Hendes nummer er 010203-1234" in page
    with scope(programme=programme):
        assert not ContactAttempt.objects.exists()


# --- Moves -------------------------------------------------------------------------------------------


def test_participant_move_moves_and_says_so(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    anna = make_participant(programme, given_name="Anna", stage=Stage.CONVERSATION)

    page = said_after(client_for(coordinator), address(anna, "flyt/"), {"to_stage": "ready"})

    assert "Anna står nu ved “Klar til hold”." in page
    with scope(programme=programme):
        change = Participant.objects.get().stage_changes.last()
    assert (change.to_stage, change.by) == (Stage.READY, coordinator)


def test_participant_move_pressed_twice_moves_once(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    anna = make_participant(programme, stage=Stage.CONVERSATION)
    client = client_for(coordinator)

    for _click in range(2):
        assert "står nu ved “Klar til hold”" in said_after(
            client, address(anna, "flyt/"), {"to_stage": "ready"}
        )

    with scope(programme=programme):
        assert anna.stage_changes.filter(to_stage=Stage.READY).count() == 1
        assert Task.objects.open().count() == 1


def test_participant_move_in_a_second_tab_says_where_the_person_stands(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    anna = make_participant(programme, given_name="Anna", stage=Stage.PAUSED)
    client = client_for(coordinator)
    client.post(address(anna, "flyt/"), {"to_stage": "ready"})

    page = said_after(client, address(anna, "flyt/"), {"to_stage": "active"})

    assert "Anna er allerede flyttet til “Klar til hold”. Ingenting er ændret." in page
    with scope(programme=programme):
        assert Participant.objects.get().stage == Stage.READY


def test_participant_move_closes_with_outcome_and_reason(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    anna = make_participant(programme, stage=Stage.READY)

    page = said_after(
        client_for(coordinator),
        address(anna, "flyt/"),
        {"to_stage": "closed", "outcome": "stopped_work", "reason": "Fik job på havnen"},
    )

    assert "Afsluttet: Stoppet på grund af job eller uddannelse" in page
    assert "Fik job på havnen" in page
    with scope(programme=programme):
        kept = Participant.objects.get()
    assert (kept.stage, kept.outcome) == (Stage.CLOSED, Outcome.STOPPED_WORK)


def test_participant_move_asks_for_the_outcome_when_closing_and_keeps_the_reason(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    anna = make_participant(programme, stage=Stage.READY)

    response = client_for(coordinator).post(
        address(anna, "flyt/"), {"to_stage": "closed", "reason": "Fik job på havnen"}
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "Vælg, hvordan det endte." in page
    assert "Fik job på havnen" in page
    assert '<details class="quiet-details close-path" open>' in page
    with scope(programme=programme):
        assert Participant.objects.get().stage == Stage.READY


@pytest.mark.parametrize("sent", [{}, {"to_stage": "x"}, {"to_stage": "closed", "outcome": "x"}])
def test_participant_move_refuses_what_no_button_sends(
    sent: dict[str, str], programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    anna = make_participant(programme, stage=Stage.READY)

    assert client_for(coordinator).post(address(anna, "flyt/"), sent).status_code == 422

    with scope(programme=programme):
        assert Participant.objects.get().stage == Stage.READY


# --- Agreements --------------------------------------------------------------------------------------


def test_participant_agreement_is_noted_and_taken_back(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    anna = make_participant(programme)
    client = client_for(coordinator)
    url = address(anna, "aftale/")

    assert "Aftalen er noteret." in said_after(client, url, {"kind": "feedback", "method": "phone"})
    with scope(programme=programme):
        given = Agreement.objects.get()
    assert (given.kind, given.method, given.recorded_by) == ("feedback", "phone", coordinator)

    page = said_after(client, url, {"kind": "feedback", "withdraw": "yes"})
    assert "Aftalen er trukket tilbage." in page
    given.refresh_from_db()
    assert given.withdrawn_at is not None


@pytest.mark.parametrize(
    "sent",
    [{}, {"kind": "x", "method": "phone"}, {"kind": "feedback"}, {"kind": "feedback", "method": "form"}],
)
def test_participant_agreement_refuses_what_no_button_sends(
    sent: dict[str, str], programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    anna = make_participant(programme)

    page = said_after(client_for(coordinator), address(anna, "aftale/"), sent)

    assert "Vælg, hvordan personen sagde ja, og tryk igen." in page
    with scope(programme=programme):
        assert not Agreement.objects.exists()


# --- History -----------------------------------------------------------------------------------------


def test_timeline_tells_who_did_what_newest_first(in_scope: Programme, coordinator: User) -> None:
    referrer = make_referrer(in_scope, name="Henrik Henviser")
    anna = make_participant(in_scope)
    make_referral(in_scope, participant=anna, referrer=referrer)
    give_agreement(
        participant=anna,
        kind=AgreementKind.FEEDBACK,
        method=AgreementMethod.FORM,
        text_version="1",
        by=None,
        now=NOW + 1 * DAY,
    )
    record_contact_attempt(
        participant=anna,
        method=ContactMethod.PHONE,
        outcome=ContactOutcome.LEFT_MESSAGE,
        note="Ringer igen",
        by=coordinator,
        now=NOW + 2 * DAY,
    )
    withdraw_agreement(participant=anna, kind=AgreementKind.FEEDBACK, by=coordinator, now=NOW + 3 * DAY)
    make_enrolment(make_cohort(in_scope, name="Sommerholdet"), anna, created_at=NOW + 4 * DAY,
                   state_changed_at=NOW + 5 * DAY, state=EnrolmentState.STARTED,
                   state_changed_by=coordinator)  # fmt: skip
    make_response(anna, recorded_at=NOW + 6 * DAY)
    make_task(in_scope, participant=anna, kind=TaskKind.PLACE, state=TaskState.DONE, closed_at=NOW + 7 * DAY)

    entries = participant_page(anna, TODAY).timeline

    assert [(entry.who, entry.what) for entry in entries] == [
        ("Af sig selv", "Opgave klaret: Find plads på et hold"),
        ("", "Skema besvaret: før forløbet"),
        ("Kirsten Koordinator", "Sommerholdet: i gang"),
        ("", "Kom på hold: Sommerholdet"),
        ("Kirsten Koordinator", "Trak sit ja tilbage: At henviseren hører, hvordan det går"),
        ("Kirsten Koordinator", "Flyttet fra “Modtaget” til “Vi ringer”"),
        ("Kirsten Koordinator", "Telefon: lagde besked"),
        ("", "Sagde ja: At henviseren hører, hvordan det går"),
        ("Henrik Henviser", "Henvist af jobcenter"),
        ("", "Oprettet"),
    ]
    assert entries[6].note == "Ringer igen"


# --- Correcting --------------------------------------------------------------------------------------

CORRECT = {
    "given_name": "Åse",
    "family_name": "Ågård",
    "phone": "30 12 34 56",
    "email": "aase@borger.example",
    "contact_wishes": "Skriv en sms",
    "birth_year": "1975",
    "postcode": "6700",
    "language": "da",
    "note": "Vil gerne have te 🙂",
}


def test_participant_edit_corrects_and_shows_what_is_known(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    anna = make_participant(programme, phone="+4520123456", given_name="Anna")
    client = client_for(coordinator)
    form = client.get(address(anna, "ret/")).content.decode()
    assert 'value="20 12 34 56"' in form
    assert 'value="Anna"' in form

    page = said_after(client, address(anna, "ret/"), CORRECT)

    assert "Oplysningerne er rettet." in page
    assert "30 12 34 56" in page
    with scope(programme=programme):
        kept = Participant.objects.get()
        assert Participant.objects.matching("aase aagaard").get() == kept
    assert (kept.phone, kept.birth_year, kept.note) == ("+4530123456", 1975, "Vil gerne have te 🙂")


def test_participant_edit_takes_the_optional_answers_away(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    anna = make_participant(programme)
    bare = {"given_name": "Anna", "family_name": "Ærø", "language": "en"}

    said_after(client_for(coordinator), address(anna, "ret/"), bare)

    with scope(programme=programme):
        kept = Participant.objects.get()
    assert (kept.phone, kept.email, kept.birth_year, kept.postcode, kept.language) == ("", "", None, "", "en")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("given_name", "", "Skriv fornavnet."),
        ("given_name", "a" * 101, "Teksten er 1 tegn for lang."),
        ("family_name", "\x00", "et tegn, vi ikke kan gemme"),
        ("phone", "112", "Skriv et telefonnummer med 8 cifre"),
        ("phone", "12345678", "Skriv et telefonnummer med 8 cifre"),
        ("email", "anna@", "Skriv en hel e-mailadresse"),
        ("birth_year", "75", "Skriv fødselsåret med fire cifre"),
        ("birth_year", "2099", "Skriv fødselsåret med fire cifre"),
        ("postcode", "67", "Skriv postnummeret med fire cifre"),
        ("note", "010203-1234", "Det ligner et CPR-nummer."),
        ("note", "a" * 10_000, "Teksten er 8000 tegn for lang."),
    ],
)
def test_participant_edit_says_what_to_do_and_keeps_what_was_typed(
    field: str, typed: str, said: str, programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    anna = make_participant(programme, given_name="Anna")

    response = client_for(coordinator).post(address(anna, "ret/"), {**CORRECT, field: typed})

    page = response.content.decode()
    assert response.status_code == 422
    assert said in as_read(page)
    assert "Ågård" in page or field == "family_name"
    with scope(programme=programme):
        assert Participant.objects.get().given_name == "Anna"


# --- Who may, and whose ------------------------------------------------------------------------------

ACTS = {
    "": "get",
    "ret/": "get",
    "ny-opgave/": "get",
    "kontakt/": "post",
    "flyt/": "post",
    "aftale/": "post",
}
SENT = {
    "kontakt/": {"method": "phone", "outcome": "reached"},
    "flyt/": {"to_stage": "ready"},
    "aftale/": {"kind": "feedback", "method": "phone"},
}


@pytest.mark.parametrize(("act", "method"), ACTS.items())
def test_participant_pages_are_the_coordinators_alone(
    act: str,
    method: str,
    programme: Programme,
    manager: User,
    administrator: User,
    client_for: ClientFor,
) -> None:
    anna = make_participant(programme, family_name="Hemmelig")

    for user in (manager, administrator):
        response = getattr(client_for(user), method)(address(anna, act))
        assert response.status_code == 403
        assert "Hemmelig" not in response.content.decode()
    anonymous = getattr(client_for(None), method)(address(anna, act))
    assert anonymous.status_code == (302 if method == "get" else 403)
    assert "Hemmelig" not in anonymous.content.decode()


@pytest.mark.parametrize(("act", "method"), ACTS.items())
def test_participant_pages_of_another_programme_are_not_there(
    act: str,
    method: str,
    programme: Programme,
    other_programme: Programme,
    coordinator: User,
    client_for: ClientFor,
) -> None:
    stranger = make_participant(other_programme, stage=Stage.CONVERSATION)
    data = SENT.get(act)
    client = client_for(coordinator)

    foreign = getattr(client, method)(address(stranger, act), data)
    missing = getattr(client, method)(f"/deltagere/999999999/{act}", data)

    assert (foreign.status_code, missing.status_code) == (404, 404)
    with scope(programme=other_programme):
        assert Participant.objects.get().stage == Stage.CONVERSATION
        assert not ContactAttempt.objects.exists()
        assert not Agreement.objects.exists()
    # The control: at home the same page is there.
    there = getattr(client_for(make_user(other_programme)), method)(address(stranger, act), data)
    assert there.status_code in (200, 302)


@pytest.mark.parametrize(("act", "status"), [("kontakt/", 302), ("flyt/", 302), ("aftale/", 405)])
def test_participant_acts_take_a_post_and_a_get_changes_nothing(
    act: str, status: int, programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    anna = make_participant(programme, stage=Stage.CONVERSATION)

    response = client_for(coordinator).get(address(anna, act), SENT[act])

    assert response.status_code == status
    assert response.get("Location") in (None, address(anna))
    with scope(programme=programme):
        assert Participant.objects.get().stage == Stage.CONVERSATION
        assert not ContactAttempt.objects.exists()
        assert not Agreement.objects.exists()


def test_participant_detail_escapes_what_others_wrote(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    evil = "<script>alert(1)</script>"
    anna = make_participant(
        programme, given_name=evil, family_name="Ærø", contact_wishes=evil, note=evil, stage=Stage.PLACED
    )
    make_referral(
        programme,
        participant=anna,
        referrer=make_referrer(programme, name=evil, title=evil),
        workplace=evil,
        reason=evil,
        situation=evil,
        considerations=evil,
        criteria_met=[evil],
        heard_about_text=evil,
    )
    make_task(programme, participant=anna, why=evil)
    make_enrolment(make_cohort(programme, name=evil), anna)
    make_response(anna, comment=evil)
    client = client_for(coordinator)
    client.post(address(anna, "kontakt/"), {"method": "phone", "outcome": "reached", "note": evil})

    for act in ("", "ret/", "ny-opgave/"):
        page = client.get(address(anna, act)).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def _history(programme: Programme, rows: int) -> Participant:
    anna = make_participant(programme, stage=Stage.READY)
    for number in range(rows):
        at = NOW + number * DAY
        make_referral(programme, participant=anna, referrer=make_referrer(programme), received_at=at)
        make_task(programme, participant=anna, kind=TaskKind.OTHER)
        make_task(programme, participant=anna, state=TaskState.DONE, closed_at=at)
        make_enrolment(make_cohort(programme), anna, state=EnrolmentState.DECLINED)
        with scope(programme=programme):
            anna.stage_changes.create(
                programme=programme, from_stage=Stage.PLACED, to_stage=Stage.READY, at=at
            )
            anna.contact_attempts.create(programme=programme, outcome=ContactOutcome.REACHED, at=at)
            anna.agreements.create(
                programme=programme,
                kind=AgreementKind.FEEDBACK,
                method=AgreementMethod.FORM,
                text_version="1",
                given_at=at,
                withdrawn_at=at,
            )
            OutboundMessage.objects.create(
                programme=programme,
                kind="x",
                unique_key=str(number),
                participant=anna,
                planned_at=at,
                send_after=at,
            )
    return anna


@pytest.mark.django_db
def test_participant_detail_takes_the_same_number_of_queries_with_1_3_and_30_of_everything(
    client_for: ClientFor,
) -> None:
    taken = {}
    for rows in (1, 3, 30):
        programme = make_programme()
        anna = _history(programme, rows)
        taken[rows] = queries_of(client_for(make_user(programme)), address(anna))

    assert len(set(taken.values())) == 1, taken
    assert taken[1] <= 25
