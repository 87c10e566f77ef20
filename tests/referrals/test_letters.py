"""Letters to the person: neutral, at the right time, once, and never to somebody who wants none."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django_scopes import scope, scopes_disabled

from accounts.models import Programme
from core.tokens import open_token
from courses.models import Cohort, Enrolment
from courses.services import place_participant, release_seat
from messaging.channels import open_channel
from messaging.enums import MessageState
from messaging.models import OutboundMessage
from messaging.services import Outcome as Sending
from messaging.services import deliver_message
from participants.enums import Outcome, Stage
from participants.models import Participant
from participants.services import PARTICIPANT_PAGE, change_stage
from referrals import tasks
from referrals.enums import MessageKind, ReferralKind
from referrals.services import LetterNotPossible, plan_first_letter, plan_letters
from tests.concurrency import at_once
from tests.factories import (
    NOW,
    make_cohort,
    make_participant,
    make_programme,
    make_referral,
    make_session,
    make_user,
    make_venue,
)
from tests.referrals.clock import clock_at
from tests.smtp_sink import SmtpSink, running_sink

SOON = NOW + dt.timedelta(minutes=40)
DAY = dt.timedelta(days=1)


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    with running_sink() as sink:
        yield sink


@pytest.fixture
def anna(in_scope: Programme) -> Participant:
    return make_participant(in_scope, stage=Stage.READY, created_at=NOW - DAY)


@pytest.fixture
def cohort(in_scope: Programme) -> Cohort:
    """A cohort that meets first on Tuesday 24 March at 10, at a place that says a lot."""
    venue = make_venue(in_scope, name="Vikingelandsbyen")
    cohort = make_cohort(in_scope, name="Kunst mod stress")
    make_session(cohort, venue=venue, title="Keramik")
    return cohort


def letters(kind: MessageKind = MessageKind.SEAT_GIVEN) -> list[OutboundMessage]:
    with scopes_disabled():
        return list(OutboundMessage.objects.filter(kind=kind).order_by("pk"))


def send(message: OutboundMessage, now: dt.datetime = SOON) -> Sending:
    with scope(programme=message.programme), open_channel("email") as channel:
        return deliver_message(message_id=message.pk, channel=channel, now=now)


def place(anna: Participant, cohort: Cohort, now: dt.datetime = NOW) -> Enrolment:
    return place_participant(cohort=cohort, participant=anna, by=None, now=now)


def text_of(smtp_sink: SmtpSink, kind: str = "plain") -> str:
    return str(smtp_sink.mails[-1].get_body((kind,)).get_content()).replace("\r\n", "\n")  # type: ignore[union-attr]


# --- You have a seat -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_a_seat_is_told_with_the_first_day_and_a_link(
    anna: Participant, cohort: Cohort, smtp_sink: SmtpSink, kind: str
) -> None:
    place(anna, cohort)
    assert plan_letters(now=SOON) == 1
    assert send(letters()[0]) is Sending.SENT
    text = text_of(smtp_sink, kind)
    assert "Du har fået en plads. Vi ses tirsdag 24.03.2026 kl. 10.00." in text
    found = re.search(r"/mit-forloeb/([a-z2-7]{26})/", text)
    assert found is not None
    assert open_token(found[1], purpose=PARTICIPANT_PAGE, now=SOON).subject_id == anna.pk
    assert smtp_sink.recipients == [anna.email]
    assert smtp_sink.mails[0]["Subject"].strip() == "Besked fra Prøve Kommune: vi ses den 24.03.2026"


def test_a_seat_is_told_without_a_word_of_what_or_where(
    in_scope: Programme, anna: Participant, cohort: Cohort, smtp_sink: SmtpSink
) -> None:
    place(anna, cohort)
    plan_letters(now=SOON)
    send(letters()[0])
    whole = smtp_sink.mails[0].as_string() + text_of(smtp_sink) + text_of(smtp_sink, "html")
    for word in (
        in_scope.name,
        "Vikingelandsbyen",
        "Kunst",
        "Keramik",
        "stress",
        "kultur på",
        anna.family_name,
    ):
        assert word.lower() not in whole.lower()


def test_a_seat_in_a_cohort_without_sessions_is_told_with_its_first_day(
    in_scope: Programme, anna: Participant, smtp_sink: SmtpSink
) -> None:
    place(anna, make_cohort(in_scope, starts_on=dt.date(2026, 3, 24)))
    plan_letters(now=SOON)
    send(letters()[0])
    assert "Vi ses tirsdag 24.03.2026.\n" in text_of(smtp_sink)


def test_a_letter_is_written_in_the_persons_language(
    anna: Participant, cohort: Cohort, smtp_sink: SmtpSink
) -> None:
    Participant.objects.update(language="en")
    place(anna, cohort)
    plan_letters(now=SOON)
    send(letters()[0])
    assert "tirsdag" not in text_of(smtp_sink)
    assert "Tuesday" in text_of(smtp_sink)


def test_a_seat_is_told_half_an_hour_later_and_once(anna: Participant, cohort: Cohort) -> None:
    place(anna, cohort)
    assert plan_letters(now=NOW + dt.timedelta(minutes=20)) == 0
    assert plan_letters(now=SOON) == 1
    assert plan_letters(now=SOON) == 0
    assert plan_letters(now=SOON + DAY) == 0


def test_a_seat_given_in_the_evening_is_told_in_the_morning(anna: Participant, cohort: Cohort) -> None:
    place(anna, cohort, NOW.replace(hour=20))
    plan_letters(now=NOW.replace(hour=21))
    assert letters()[0].send_after == (NOW + DAY).replace(hour=8)


def test_a_seat_that_was_given_long_ago_is_not_told(anna: Participant, cohort: Cohort) -> None:
    place(anna, cohort, NOW - DAY * 15)
    assert plan_letters(now=NOW) == 0


def test_a_seat_given_again_is_told_again(anna: Participant, cohort: Cohort, smtp_sink: SmtpSink) -> None:
    seat = place(anna, cohort)
    plan_letters(now=SOON)
    send(letters()[0])
    release_seat(enrolment=seat, by=None, now=NOW + DAY)
    anna.refresh_from_db()
    place(anna, cohort, NOW + DAY)
    assert plan_letters(now=SOON + DAY) == 1
    assert send(letters()[1], SOON + DAY) is Sending.SENT


def released(anna: Participant, seat: Enrolment) -> None:
    release_seat(enrolment=seat, by=None, now=SOON)


def closed(anna: Participant, seat: Enrolment) -> None:
    change_stage(participant=anna, to_stage=Stage.CLOSED, outcome=Outcome.DECLINED, by=None, now=SOON)


def begun(anna: Participant, seat: Enrolment) -> None:
    seat.cohort.sessions.update(starts_at=SOON - DAY, ends_at=SOON - DAY / 2)


def no_messages(anna: Participant, seat: Enrolment) -> None:
    Participant.objects.update(messages_stopped_at=SOON)


def no_address(anna: Participant, seat: Enrolment) -> None:
    Participant.objects.update(email="", email_hash="")


def cancelled(anna: Participant, seat: Enrolment) -> None:
    Cohort.objects.update(cancelled_at=SOON)


def switched_off(anna: Participant, seat: Enrolment) -> None:
    Programme.objects.update(mail_seat=False)


@pytest.mark.parametrize(
    ("happens", "because"),
    [
        (released, "Deltageren har ikke længere den plads, eller er begyndt."),
        (closed, "Deltageren har ikke længere den plads, eller er begyndt."),
        (cancelled, "Deltageren har ikke længere den plads, eller er begyndt."),
        (begun, "Det første møde er ikke længere forude."),
        (no_messages, "Deltageren ønsker ikke beskeder."),
        (no_address, "Deltageren har ingen e-mailadresse."),
        (switched_off, "Programmet har slået beskeden fra."),
    ],
)
def test_a_seat_is_not_told_when_meanwhile(
    anna: Participant,
    cohort: Cohort,
    smtp_sink: SmtpSink,
    happens: Callable[[Participant, Enrolment], None],
    because: str,
) -> None:
    seat = place(anna, cohort)
    plan_letters(now=SOON)
    happens(anna, seat)
    assert send(letters()[0]) is Sending.CANCELLED
    assert letters()[0].cancelled_because == because
    assert plan_letters(now=SOON) == 0
    assert not smtp_sink.mails


@pytest.mark.django_db(transaction=True)
def test_twenty_planners_and_senders_at_once_send_one_letter(
    programme: Programme, smtp_sink: SmtpSink
) -> None:
    with scope(programme=programme):
        cohort = make_cohort(programme)
        make_session(cohort)
        place(make_participant(programme, stage=Stage.READY), cohort)

    def plan_and_send() -> None:
        plan_letters(now=SOON)
        for message in letters():
            send(message)

    at_once(plan_and_send, times=20, threads=20)
    assert len(letters()) == 1
    assert len(smtp_sink.mails) == 1


# --- As a text message -----------------------------------------------------------------------------


@pytest.fixture
def with_sms(in_scope: Programme, settings: Any, tmp_path: Path) -> None:
    """A programme that sends text messages, and a gateway that keeps them in a folder."""
    in_scope.sms_on, in_scope.sms_sender = True, "Proeve"
    in_scope.save()
    settings.MESSAGE_CHANNELS = {
        "email": "messaging.channels.FolderChannel",
        "sms": "messaging.channels.SmsFolderChannel",
    }
    settings.MAIL_FOLDER = tmp_path / "mail"


def sent_sms(message: OutboundMessage) -> str:
    with scope(programme=message.programme), open_channel("sms") as channel:
        assert deliver_message(message_id=message.pk, channel=channel, now=SOON) is Sending.SENT
    message.refresh_from_db()
    return message.body or ""


@pytest.mark.usefixtures("with_sms")
def test_somebody_without_an_e_mail_is_told_of_the_seat_by_sms(anna: Participant, cohort: Cohort) -> None:
    Participant.objects.update(email="", email_hash="")
    anna.refresh_from_db()
    place(anna, cohort)
    assert plan_letters(now=SOON) == 1
    text = sent_sms(letters()[0])
    assert text.startswith("Prøve Kommune: Du har fået en plads. Vi ses 24.03.2026 kl. 10.00. ")
    assert "/mit-forloeb/" in text
    for word in ("kultur", "vikinge", "keramik", "stress"):
        assert word not in text.lower()


@pytest.mark.usefixtures("with_sms")
def test_somebody_without_an_e_mail_gets_the_first_letter_by_sms(referred: Participant) -> None:
    Participant.objects.update(email="", email_hash="")
    message = plan_first_letter(participant=referred, by=make_user(), now=NOW)
    text = sent_sms(message)
    assert text.startswith("Prøve Kommune: Vi har fået dit navn og ringer til dig senest 12.03.2026. ")
    assert "jobcenter" not in text.lower()


def test_somebody_without_an_e_mail_is_not_planned_for_where_no_sms_is_sent(
    anna: Participant, cohort: Cohort
) -> None:
    Participant.objects.update(email="", email_hash="")
    anna.refresh_from_db()
    place(anna, cohort)
    assert plan_letters(now=SOON) == 0


# --- Thanks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome != Outcome.MERGED])
def test_thanks_go_to_those_who_came_all_the_way(
    in_scope: Programme, smtp_sink: SmtpSink, outcome: Outcome
) -> None:
    anna = make_participant(in_scope, stage=Stage.BRIDGING, created_at=NOW - DAY)
    change_stage(participant=anna, to_stage=Stage.CLOSED, outcome=outcome, by=None, now=NOW)
    thanked = outcome in (Outcome.COMPLETED, Outcome.BRIDGED)
    assert plan_letters(now=SOON) == int(thanked)
    assert plan_letters(now=SOON + DAY) == 0
    for message in letters(MessageKind.THANKS):
        assert send(message) is Sending.SENT
    assert len(smtp_sink.mails) == int(thanked)


def test_thanks_are_not_sent_to_somebody_who_was_taken_up_again(
    in_scope: Programme, smtp_sink: SmtpSink
) -> None:
    anna = make_participant(in_scope, stage=Stage.BRIDGING, created_at=NOW - DAY)
    change_stage(participant=anna, to_stage=Stage.CLOSED, outcome=Outcome.BRIDGED, by=None, now=NOW)
    plan_letters(now=SOON)
    change_stage(participant=anna, to_stage=Stage.READY, by=None, now=SOON)
    (message,) = letters(MessageKind.THANKS)
    assert send(message) is Sending.CANCELLED
    assert letters(MessageKind.THANKS)[0].cancelled_because == "Forløbet er taget op igen."


def test_the_beat_plans_letters(anna: Participant, cohort: Cohort) -> None:
    place(anna, cohort)
    with clock_at(SOON):
        tasks.plan_letters()
        tasks.plan_letters()
    assert len(letters()) == 1


# --- We have your contact --------------------------------------------------------------------------


@pytest.fixture
def referred(in_scope: Programme) -> Participant:
    anna = make_participant(in_scope, created_at=NOW - DAY)
    make_referral(
        in_scope, participant=anna, received_at=NOW - DAY, workplace="Jobcenter Esbjerg", reason="Depression"
    )
    return anna


def test_the_first_letter_says_when_we_call_and_where_the_information_stands(
    referred: Participant, smtp_sink: SmtpSink
) -> None:
    plan_first_letter(participant=referred, by=make_user(), now=NOW)
    plan_first_letter(participant=referred, by=make_user(), now=NOW)
    (message,) = letters(MessageKind.FIRST_LETTER)
    assert send(message) is Sending.SENT
    text = text_of(smtp_sink)
    assert "Vi har fået dit navn fra en, du har talt med." in text
    assert "Du hører fra os senest torsdag 12.03.2026." in text
    assert "/mit-forloeb/" in text
    for word in ("jobcenter", "depression", "kultur på"):
        assert word not in (text + text_of(smtp_sink, "html")).lower()


def test_a_late_first_letter_promises_no_day_that_is_past(referred: Participant, smtp_sink: SmtpSink) -> None:
    later = NOW + DAY * 10  # a Friday
    plan_first_letter(participant=referred, by=make_user(), now=later)
    send(letters(MessageKind.FIRST_LETTER)[0], later)
    assert "Du hører fra os senest fredag 20.03.2026." in text_of(smtp_sink)


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "", "email_hash": ""},
        {"messages_stopped_at": NOW},
        {"stage": Stage.CONVERSATION},
    ],
    ids=["no address", "no messages", "spoken with"],
)
def test_the_first_letter_is_refused_to_somebody_with(
    referred: Participant, fields: dict[str, object]
) -> None:
    Participant.objects.update(**fields)
    with pytest.raises(LetterNotPossible):
        plan_first_letter(participant=referred, by=make_user(), now=NOW)


def test_the_first_letter_is_refused_to_somebody_who_came_by_themselves(in_scope: Programme) -> None:
    anna = make_participant(in_scope)
    make_referral(in_scope, participant=anna, kind=ReferralKind.SELF)
    with pytest.raises(LetterNotPossible):
        plan_first_letter(participant=anna, by=make_user(), now=NOW)


def test_the_first_letter_is_cancelled_when_somebody_has_spoken_with_them(
    referred: Participant, smtp_sink: SmtpSink
) -> None:
    message = plan_first_letter(participant=referred, by=make_user(), now=NOW)
    change_stage(participant=referred, to_stage=Stage.CONVERSATION, by=None, now=NOW)
    assert send(message) is Sending.CANCELLED
    message.refresh_from_db()
    assert (message.state, message.cancelled_because) == (
        MessageState.CANCELLED,
        "I har allerede talt sammen.",
    )


def test_participant_letter_is_offered_and_sent_by_a_button(
    client_for: Callable[..., object], coordinator: object, referred: Participant
) -> None:
    client = client_for(coordinator)
    page = reverse("recruitment:participant_detail", kwargs={"pk": referred.pk})
    url = reverse("recruitment:participant_letter", kwargs={"pk": referred.pk})
    assert url in client.get(page).content.decode()  # type: ignore[attr-defined]
    assert not letters(MessageKind.FIRST_LETTER)
    for _ in range(2):
        answer = client.post(url, follow=True)  # type: ignore[attr-defined]
        assert "Brevet er på vej" in answer.content.decode()
    assert len(letters(MessageKind.FIRST_LETTER)) == 1
    assert url not in client.get(page).content.decode()  # type: ignore[attr-defined]
    Participant.objects.update(messages_stopped_at=NOW)
    answer = client.post(url, follow=True)  # type: ignore[attr-defined]
    assert "Brevet kan ikke sendes" in answer.content.decode()


def test_participant_letter_of_another_programme_is_not_found(
    client_for: Callable[..., object], coordinator: object, in_scope: Programme
) -> None:
    other = make_programme()
    with scope(programme=other):
        theirs = make_participant(other)
        make_referral(other, participant=theirs)
    url = reverse("recruitment:participant_letter", kwargs={"pk": theirs.pk})
    assert client_for(coordinator).post(url).status_code == 404  # type: ignore[attr-defined]
    assert not letters(MessageKind.FIRST_LETTER)
