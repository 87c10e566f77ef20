"""The participant's own page, behind the link that the coordinator hands over."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Programme, User
from core.danish import add_working_days
from core.models import LinkToken
from core.tokens import issue_token
from courses.enums import AttendanceState, EnrolmentState
from courses.models import Attendance, Session
from evaluation.services import LINK_PURPOSE as QUESTIONNAIRE
from messaging.models import OutboundMessage
from participants.enums import AgreementKind, AgreementMethod, Stage
from participants.models import Correction, Participant
from participants.services import (
    LINK_DAYS,
    PARTICIPANT_PAGE,
    give_agreement,
    participant_page_url,
    renew_participant_page_link,
)
from recruitment.queries.own_page import AGREED, OWN_STEPS, READABLE_AFTER_CLOSING_DAYS, STANDING
from recruitment.queries.person import participant_page as desk_page
from recruitment.queries.timeline import recent_activity
from recruitment.services.own_page import OWN_PAGE_TEXTS
from tests import factories
from tests.referrals.clock import clock_at
from tests.referrals.pages import lix, main_text
from worklist.enums import TaskKind
from worklist.models import Task

PAGE = "/mit-forloeb/"
DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.usefixtures("in_scope")


@pytest.fixture
def anna(programme: Programme) -> Participant:
    """Anna has a place; her cohort meets in a week and the week after."""
    return factories.make_participant(
        programme, given_name="Anna", family_name="Ærø", stage=Stage.PLACED, note="Ked af det"
    )


@pytest.fixture
def session(programme: Programme, anna: Participant) -> Session:
    venue = factories.make_venue(
        programme, name="Biblioteket", address="Torvet 2, 6700 Esbjerg", directions="Gå ind ad porten."
    )
    cohort = factories.make_cohort(programme, starts_on=timezone.localdate())
    factories.make_enrolment(cohort, anna)
    factories.make_session(cohort, starts_at=timezone.now() + 14 * DAY, title="Sang")
    return factories.make_session(cohort, venue=venue, starts_at=timezone.now() + 7 * DAY)


def link_to(participant: Participant) -> str:
    return f"{PAGE}{renew_participant_page_link(participant=participant, now=timezone.now())}/"


def open_page(client: Client, participant: Participant) -> HttpResponse:
    return client.get(link_to(participant), follow=True)


def text(response: HttpResponse) -> str:
    return response.content.decode()


def press(client: Client, act: str, **about: object) -> HttpResponse:
    return client.post(PAGE, {"act": act, **about}, follow=True)


def say_yes(participant: Participant, kind: AgreementKind) -> None:
    give_agreement(
        participant=participant,
        kind=kind,
        method=AgreementMethod.PHONE,
        text_version="1",
        by=None,
        now=timezone.now(),
    )


# --- Reading ---


def test_a_link_for_a_message_opens_the_page_and_leaves_earlier_links_alone(
    client: Client, anna: Participant
) -> None:
    handed_over = link_to(anna)

    written = participant_page_url(participant=anna, now=timezone.now())

    assert written.startswith(f"{settings.SITE_URL}{PAGE}")
    for link in (written.removeprefix(settings.SITE_URL), handed_over):
        assert client.get(link, follow=True).status_code == 200


def test_participant_page_opens_by_the_link_many_times_and_hides_the_token(anna: Participant) -> None:
    link = link_to(anna)
    for browser in (Client(), Client(), Client()):
        response = browser.get(link, follow=True)
        assert response.status_code == 200
        assert response.redirect_chain == [(PAGE, 302)]
        assert response.headers["Cache-Control"] == "private, no-store"
    assert "<title>Din side</title>" in text(response)


def test_participant_page_tells_when_where_and_how_to_find_it(
    client: Client, anna: Participant, session: Session
) -> None:
    page = text(open_page(client, anna))

    starts = timezone.localtime(session.starts_at)
    for told in (f"{starts:%d.%m.%Y}", f"{starts:%H.%M}", "Biblioteket", "Torvet 2", "Gå ind ad porten."):
        assert told in page
    assert "Jeg kan ikke komme" in page
    assert f"{starts + 7 * DAY:%d.%m.%Y}" in page
    assert "20 12 34 56" in page
    assert "mandag–torsdag kl. 9–12" in page
    assert "70 20 12 01" in page


def test_participant_page_says_that_we_meet_right_now(
    client: Client, anna: Participant, session: Session
) -> None:
    link = link_to(anna)
    with clock_at(session.starts_at + dt.timedelta(minutes=5)):
        page = text(client.get(link, follow=True))
    assert "Vi mødes lige nu" in page
    with clock_at(session.ends_at):
        page = text(client.get(link, follow=True))
    assert "Vi mødes lige nu" not in page
    assert "Sang" in page


def test_participant_page_with_a_place_and_no_session_says_that_we_will_tell(
    client: Client, anna: Participant
) -> None:
    factories.make_enrolment(factories.make_cohort(anna.programme), anna)
    assert "Der er ikke sat en dag på endnu." in text(open_page(client, anna))


def test_participant_page_tells_nothing_of_others_or_of_health(
    client: Client, anna: Participant, session: Session
) -> None:
    factories.make_enrolment(
        session.cohort,
        factories.make_participant(anna.programme, given_name="Bodil", family_name="Borg"),
    )
    referrer = factories.make_referrer(anna.programme, name="Henrik Holm")
    factories.make_referral(
        anna.programme, participant=anna, referrer=referrer, reason="Stress efter en fyring"
    )
    factories.make_response(anna)

    page = text(open_page(client, anna))

    for secret in ("Bodil", "Borg", "Henrik", "Stress", "Ked af det", "WHO", "Ærø"):
        assert secret not in page


@pytest.mark.parametrize("stage", Stage)
def test_participant_page_says_in_plain_words_where_i_stand(
    client: Client, programme: Programme, stage: Stage
) -> None:
    now = timezone.now()
    page = text(open_page(client, factories.make_participant(programme, stage=stage, created_at=now)))

    assert str(STANDING[stage]) in page
    assert page.count('aria-current="step"') == (stage != Stage.CLOSED)


def test_every_open_stage_stands_on_exactly_one_step() -> None:
    covered = [stage for _, stages in OWN_STEPS for stage in stages]
    assert sorted(covered) == sorted(set(Stage) - {Stage.CLOSED})
    assert set(AGREED) == set(AgreementKind)


def test_participant_page_of_somebody_waiting_says_so(client: Client, programme: Programme) -> None:
    waiting = factories.make_participant(programme, stage=Stage.READY)
    cohort = factories.make_cohort(programme)
    factories.make_enrolment(cohort, waiting, state=EnrolmentState.WAITING)

    assert "Du står på venteliste" in text(open_page(client, waiting))


def test_participant_page_of_somebody_closed_says_so_and_whom_to_call(
    client: Client, programme: Programme
) -> None:
    closed = factories.make_participant(programme, stage=Stage.CLOSED, created_at=timezone.now())
    say_yes(closed, AgreementKind.LATER_CONTACT)

    page = text(open_page(client, closed))

    assert "Dit forløb er afsluttet." in page
    assert "20 12 34 56" in page
    assert "Dit næste møde" not in page
    assert "Træk dit ja tilbage" in page
    assert "Takkede nej" not in page


def test_participant_page_is_easy_to_read(client: Client, anna: Participant, session: Session) -> None:
    say_yes(anna, AgreementKind.FEEDBACK)
    words = main_text(open_page(client, anna))
    assert len(words.split()) > 100
    assert lix(words) < 35


def test_participant_page_takes_the_same_queries_with_many_sessions(
    client: Client, anna: Participant, session: Session
) -> None:
    open_page(client, anna)
    counts = []
    for number in (1, 3, 30):
        for place in range(number):
            starts_at = timezone.now() + dt.timedelta(days=20 + number, hours=4 * place)
            factories.make_session(session.cohort, starts_at=starts_at)
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        counts.append(len(queries))
    assert len(set(counts)) == 1


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_reading_the_page_changes_nothing(
    client: Client, anna: Participant, session: Session, method: str
) -> None:
    link = link_to(anna)
    say_yes(anna, AgreementKind.FEEDBACK)
    before = list(LinkToken.objects.values())
    act = {"act": "apologise", "session": session.pk}
    for address in (link, PAGE, PAGE):
        getattr(client, method)(address, act if method != "options" else None)
        getattr(client, method)(address, {"act": "stop_messages"} if method != "options" else None)

    anna.refresh_from_db()
    assert anna.messages_stopped_at is None
    assert not Attendance.objects.exists()
    assert anna.agreements.get().withdrawn_at is None
    assert list(LinkToken.objects.values()) == before


@pytest.mark.parametrize("why", ["unknown", "expired", "renewed", "another purpose", "erased", "no link"])
def test_an_unusable_link_opens_a_page_that_says_what_to_do(
    client: Client, anna: Participant, why: str
) -> None:
    link, moment = link_to(anna), timezone.now()
    if why == "unknown":
        link = f"{PAGE}{'a' * 26}/"
    elif why == "expired":
        moment += (LINK_DAYS + 1) * DAY
    elif why == "renewed":
        link_to(anna)
    elif why == "another purpose":
        raw = issue_token(
            purpose=QUESTIONNAIRE,
            programme_id=anna.programme_id,
            subject_id=anna.pk,
            expires_at=moment + DAY,
            now=moment,
        )
        link = f"{PAGE}{raw}/"
    elif why == "erased":
        Participant.objects.filter(pk=anna.pk).delete()
    else:
        link = PAGE

    with clock_at(moment):
        response = client.get(link, follow=True)

    assert response.status_code == 404
    assert "Anna" not in text(response)


def test_without_a_link_no_button_does_anything(client: Client, anna: Participant) -> None:
    assert press(client, "stop_messages").status_code == 404
    anna.refresh_from_db()
    assert anna.messages_stopped_at is None


# --- Buttons ---


def test_cannot_come_is_noted_and_can_be_taken_back(
    client: Client, anna: Participant, session: Session
) -> None:
    open_page(client, anna)

    for _press in range(2):
        page = text(press(client, "apologise", session=session.pk))
        assert "Vi ved nu, at du ikke kommer." in page
        assert "Jeg kan komme alligevel" in page
    note = Attendance.objects.get()
    assert (note.session, note.state, note.recorded_by) == (session, AttendanceState.APOLOGISED, None)

    for _press in range(2):
        page = text(press(client, "come_after_all", session=session.pk))
        assert "Jeg kan ikke komme" in page
    assert not Attendance.objects.exists()


def test_apology_is_seen_by_the_coordinator(client: Client, anna: Participant, session: Session) -> None:
    open_page(client, anna)
    press(client, "apologise", session=session.pk)

    what = f"Meldte afbud til mødegangen {timezone.localtime(session.starts_at):%d.%m.%Y}"
    assert what in [entry.what for entry in desk_page(anna, timezone.localdate()).timeline]
    assert (what, anna) in [(entry.what, entry.participant) for entry in recent_activity(8)]


def test_apology_to_anothers_session_is_refused(client: Client, anna: Participant, session: Session) -> None:
    not_mine = factories.make_session(factories.make_cohort(anna.programme))
    open_page(client, anna)

    for act in ("apologise", "come_after_all"):
        assert "Ring til os i stedet." in text(press(client, act, session=not_mine.pk))
    assert not Attendance.objects.exists()


def test_apology_to_a_session_of_another_programme_or_none_is_refused(
    client: Client, anna: Participant, session: Session, other_programme: Programme
) -> None:
    foreign = factories.make_session(factories.make_cohort(other_programme))
    open_page(client, anna)

    for pk in (foreign.pk, 987_654_321):
        assert "Mødet er flyttet eller aflyst." in text(press(client, "apologise", session=pk))
    assert not Attendance.objects.exists()


@pytest.mark.parametrize("kind", AgreementKind)
def test_one_button_withdraws_one_agreement(client: Client, anna: Participant, kind: AgreementKind) -> None:
    for given in AgreementKind:
        say_yes(anna, given)
    open_page(client, anna)

    for _press in range(2):
        page = text(press(client, "withdraw", agreement=kind.value))
        assert "Dit ja er trukket tilbage." in page
        assert page.count("Du trak dit ja tilbage den") == 1

    in_force = anna.agreements.filter(withdrawn_at=None)
    assert {given.kind for given in in_force} == set(AgreementKind) - {kind}
    timeline = [entry.what for entry in desk_page(anna, timezone.localdate()).timeline]
    assert timeline.count(f"Trak sit ja tilbage: {kind.label}") == 1


def test_withdrawing_the_yes_to_being_referred_asks_the_coordinator_to_call(
    client: Client, anna: Participant
) -> None:
    for kind in AgreementKind:
        say_yes(anna, kind)
    open_page(client, anna)

    press(client, "withdraw", agreement=AgreementKind.FEEDBACK.value)
    assert not Task.objects.exists()
    for _press in range(2):
        press(client, "withdraw", agreement=AgreementKind.REFERRED.value)
    task = Task.objects.get()
    today = add_working_days(timezone.localdate(), 0)
    assert (task.kind, task.participant, task.due_on) == (TaskKind.CALL, anna, today)


def test_one_button_stops_messages_and_another_brings_them_back(client: Client, anna: Participant) -> None:
    open_page(client, anna)

    for _press in range(2):
        page = text(press(client, "stop_messages"))
        assert "Du får ingen beskeder fra os." in page
    anna.refresh_from_db()
    assert anna.messages_stopped_at is not None
    timeline = desk_page(anna, timezone.localdate()).timeline
    assert [entry.what for entry in timeline].count("Sagde nej til beskeder") == 1

    for _press in range(2):
        press(client, "resume_messages")
    anna.refresh_from_db()
    assert anna.messages_stopped_at is None


# --- Saying yes (again) ---


def test_a_yes_taken_back_is_given_again_as_easily(client: Client, anna: Participant) -> None:
    for kind in AgreementKind:
        say_yes(anna, kind)
    open_page(client, anna)
    press(client, "withdraw", agreement=AgreementKind.FEEDBACK.value)

    for _press in range(2):
        page = text(press(client, "agree", agreement=AgreementKind.FEEDBACK.value))
        assert "Vi har skrevet dit ja ned." in page

    assert "Det sagde du her på siden." in page
    given = anna.agreements.get(kind=AgreementKind.FEEDBACK, withdrawn_at=None)
    assert (given.method, given.recorded_by) == (AgreementMethod.OWN_PAGE, None)
    assert given.text_version == OWN_PAGE_TEXTS


def test_what_can_be_said_yes_to_is_what_makes_sense_for_the_person(
    client: Client, programme: Programme, anna: Participant
) -> None:
    page = text(open_page(client, anna))
    offered = [kind for kind in AgreementKind if str(AGREED[kind]) in page]
    assert offered == [AgreementKind.LATER_CONTACT]

    factories.make_referral(programme, participant=anna, referrer=factories.make_referrer(programme))
    page = text(open_page(client, anna))
    offered = [kind for kind in AgreementKind if str(AGREED[kind]) in page]
    assert offered == [AgreementKind.FEEDBACK, AgreementKind.LATER_CONTACT]


def test_the_desk_sees_who_took_a_yes_back_and_under_which_text_it_was_given(
    client: Client, client_for, coordinator: User, anna: Participant
) -> None:
    say_yes(anna, AgreementKind.FEEDBACK)
    say_yes(anna, AgreementKind.REFERRED)
    open_page(client, anna)
    press(client, "withdraw", agreement=AgreementKind.FEEDBACK.value)

    page = main_text(client_for(coordinator).get(f"/deltagere/{anna.pk}/"))

    assert "af personen selv" in page
    assert "Tekst 1" in page


# --- How to be reached ---

CONTACT = {
    "phone": "20 99 99 99",
    "email": "ny@borger.example",
    "contact_wishes": "Efter 12",
    "language": "en",
}


def test_the_person_corrects_how_they_are_reached_and_it_is_kept_and_called_about(
    client: Client, anna: Participant
) -> None:
    was = {"phone": anna.phone, "email": anna.email, "contact_wishes": "", "language": "da"}
    open_page(client, anna)

    for _press in range(2):
        page = press(client, "change_contact", **CONTACT)
        assert page.status_code == 200

    anna.refresh_from_db()
    assert (anna.phone, anna.email) == ("+4520999999", "ny@borger.example")
    assert (anna.contact_wishes, anna.language) == ("Efter 12", "en")
    kept = Correction.objects.get()
    assert (kept.former_values, kept.by) == (was, None)
    task = Task.objects.get()
    assert task.kind == TaskKind.CALL
    assert task.reasons == ["Har selv rettet sit telefonnummer og sin e-mail. Ring, og hør, om det passer."]
    assert not OutboundMessage.objects.exists(), "the old address is told nothing"


def test_other_wishes_alone_ask_nobody_to_call(client: Client, anna: Participant) -> None:
    Participant.objects.filter(pk=anna.pk).update(phone="+4520123456")
    anna.refresh_from_db()
    open_page(client, anna)

    same = {"phone": anna.phone, "email": anna.email, "language": "da"}
    press(client, "change_contact", **same, contact_wishes="Skriv en sms først.")

    assert Correction.objects.get().former_values == {"contact_wishes": ""}
    assert not Task.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"phone": "112"}, "Skriv et telefonnummer med 8 cifre"),
        ({"email": "halv@"}, "Skriv en hel e-mailadresse"),
        ({"phone": "", "email": ""}, "Skriv dit telefonnummer eller din e-mail"),
        ({"language": "xx"}, "Vælg dit sprog."),
        ({"contact_wishes": "010190-1234"}, "CPR-nummer"),
    ],
)
def test_a_contact_typed_wrongly_is_told_what_to_do_and_kept(
    client: Client, anna: Participant, wrong: dict[str, str], said: str
) -> None:
    open_page(client, anna)

    page = press(client, "change_contact", **{**CONTACT, **wrong})

    assert page.status_code == 422
    assert said in text(page)
    typed = {**CONTACT, **wrong}
    for name in ("phone", "email"):
        shown = re.search(rf'<input[^>]*name="{name}"[^>]*>', text(page))
        assert shown is not None
        assert f'value="{typed[name]}"' in shown[0] or not typed[name]
    assert f">\n{typed['contact_wishes']}</textarea>" in text(page)
    assert "Hej Anna" in text(page)
    assert not Correction.objects.exists()


# --- After the end ---


def test_a_closed_path_is_readable_for_a_season_and_then_the_link_opens_nothing(
    client: Client, anna: Participant
) -> None:
    link, now = link_to(anna), timezone.now()
    closed = {"stage": Stage.CLOSED, "outcome": "completed"}

    for days, status in ((READABLE_AFTER_CLOSING_DAYS - 1, 200), (READABLE_AFTER_CLOSING_DAYS + 1, 404)):
        Participant.objects.filter(pk=anna.pk).update(**closed, stage_changed_at=now - days * DAY)
        assert client.get(link, follow=True).status_code == status
        assert press(client, "agree", agreement=AgreementKind.LATER_CONTACT.value).status_code == status
    assert anna.agreements.count() == 1

    Participant.objects.filter(pk=anna.pk).update(stage=Stage.CONTACTING, outcome="")
    assert client.get(link, follow=True).status_code == 200


@pytest.mark.parametrize(
    "sent",
    [{}, {"act": "erase"}, {"act": "apologise"}, {"act": "withdraw"}, {"act": "apologise", "session": "x'"}],
)
def test_a_button_that_is_not_on_the_page_changes_nothing(
    client: Client, anna: Participant, sent: dict[str, str]
) -> None:
    open_page(client, anna)
    response = client.post(PAGE, sent)
    assert response.status_code == (302 if "session" in sent else 400)
    assert not Attendance.objects.exists()


# --- The coordinator's side ---


def test_participant_link_is_shown_once_with_a_code_and_closes_earlier_ones(
    client_for, client: Client, coordinator: User, anna: Participant
) -> None:
    desk = client_for(coordinator)
    earlier = link_to(anna)

    offer = desk.get(f"/deltagere/{anna.pk}/egen-side/")
    assert "Lav link og QR-kode" in text(offer)
    assert client.get(earlier).status_code == 302

    shown = desk.post(f"/deltagere/{anna.pk}/egen-side/")
    assert 'class="qr-code"' in text(shown)
    link = shown.context["link"]
    assert f'value="{link}"' in text(shown)
    assert client.get(earlier).status_code == 404
    path = link.removeprefix("http://testserver")
    assert "Hej Anna" in text(client.get(path, follow=True))
    token = LinkToken.objects.get(revoked_at=None)
    assert (token.purpose, token.subject_id, token.single_use) == (PARTICIPANT_PAGE, anna.pk, False)


def test_participant_detail_leads_to_the_link_and_says_that_messages_are_stopped(
    client_for, coordinator: User, anna: Participant
) -> None:
    desk = client_for(coordinator)
    page = text(desk.get(f"/deltagere/{anna.pk}/"))
    assert f'href="/deltagere/{anna.pk}/egen-side/"' in page
    assert "Ønsker ikke beskeder" not in page

    Participant.objects.filter(pk=anna.pk).update(messages_stopped_at=timezone.now())
    assert "Ønsker ikke beskeder" in text(desk.get(f"/deltagere/{anna.pk}/"))
