"""News to a referrer: one mail a day, the latest truth once, and only what the citizen agreed to."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope, scopes_disabled

from accounts.models import Programme
from core.tokens import open_token
from messaging.channels import SmtpChannel, open_channel
from messaging.enums import MessageState
from messaging.models import LEASE, DeadAddress, OutboundMessage
from messaging.services import Outcome as Sending
from messaging.services import (
    cancel_message,
    deliver_message,
    preview_message,
    reconcile_message,
    retry_message,
    send_message_again,
)
from outreach.models import Referrer
from outreach.services import mark_referrer_left
from participants.enums import AgreementKind, Outcome, Stage
from participants.services import change_stage, withdraw_agreement
from referrals import tasks
from referrals.enums import MessageKind, News, ToldEnding
from referrals.models import NewsTold, Referral
from referrals.news import EVENTS, TELL_WITHIN, TOLD_ENDINGS
from referrals.services import choose_news, plan_referrer_news
from referrals.services.links import REFERRER_PAGE
from tests.concurrency import at_once
from tests.factories import NOW, make_participant, make_referral, make_referrer, make_user
from tests.referrals.clock import clock_at
from tests.referrals.paths import HOUR, close, reach, refer_with_a_yes, say_yes, walk_to
from tests.smtp_sink import SmtpSink, running_sink

DAY = dt.timedelta(days=1)
AFTERNOON = NOW.replace(hour=15)
BEFORE = NOW - DAY  # when people were referred, the day before

SENTENCES = {
    News.CONTACT: "Vi har talt med borgeren.",
    News.PLACED: "Borgeren har fået en plads på et hold.",
    News.STARTED: "Borgeren er begyndt på et hold.",
}


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    with running_sink() as sink:
        yield sink


@pytest.fixture
def referrer(in_scope: Programme) -> Referrer:
    return make_referrer(in_scope, name="Henrik Ærø")


@pytest.fixture
def referral(in_scope: Programme, referrer: Referrer) -> Referral:
    """Somebody sent yesterday with a yes to being told of."""
    return refer_with_a_yes(in_scope, referrer, received_at=BEFORE)


def mails() -> list[OutboundMessage]:
    with scopes_disabled():
        return list(OutboundMessage.objects.filter(kind=MessageKind.REFERRER_NEWS).order_by("pk"))


def send(message: OutboundMessage, now: dt.datetime = AFTERNOON) -> Sending:
    with scope(programme=message.programme), open_channel("email") as channel:
        return deliver_message(message_id=message.pk, channel=channel, now=now)


def send_all(now: dt.datetime = AFTERNOON) -> None:
    """Plan and send as the beat of that day does."""
    plan_referrer_news(now=now)
    for message in mails():
        send(message, now)


def texts(sink: SmtpSink) -> list[str]:
    return [str(mail.get_body(("plain",)).get_content()).replace("\r\n", "\n") for mail in sink.mails]  # type: ignore[union-attr]


def told(sink: SmtpSink) -> list[str]:
    """Return what the mails say of referrals, line by line."""
    return re.findall(r"^([A-Z0-9]{4}-[A-Z0-9]{3}: .+)$", "\n".join(texts(sink)), re.MULTILINE)


# --- What is told ----------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", [Stage.CONVERSATION, Stage.PLACED, Stage.ACTIVE])
def test_a_step_on_the_path_is_told_with_the_number_and_a_neutral_sentence(
    referral: Referral, smtp_sink: SmtpSink, stage: Stage
) -> None:
    walk_to(referral.participant, stage, BEFORE)
    send_all()
    news = next(event.news for event in EVENTS if stage in event.stages)
    assert told(smtp_sink) == [f"{referral.reference}: {SENTENCES[news]}"]


@pytest.mark.parametrize("outcome", list(TOLD_ENDINGS))
def test_the_closing_note_tells_the_outcome_as_coarsely_as_a_referrer_may_know_it(
    referral: Referral, smtp_sink: SmtpSink, outcome: Outcome
) -> None:
    reach(referral.participant, BEFORE)
    close(referral.participant, outcome, NOW)
    send_all()
    assert told(smtp_sink) == [f"{referral.reference}: {TOLD_ENDINGS[outcome].label}"]


def test_neither_illness_nor_a_no_can_be_read_from_how_it_ended() -> None:
    """Whoever stops, for whatever reason, and whoever says no is told of in the same words."""
    stops = {outcome for outcome in Outcome if outcome.name.startswith("STOPPED")} | {Outcome.DECLINED}
    assert len(stops) == 4
    assert {TOLD_ENDINGS[outcome] for outcome in stops} == {ToldEnding.ENDED}


def test_every_outcome_is_told_but_a_mistake_and_a_record_that_goes_on_in_another() -> None:
    assert set(Outcome) - set(TOLD_ENDINGS) == {Outcome.MISTAKE, Outcome.MERGED}


def test_what_was_made_by_mistake_is_not_told(referral: Referral) -> None:
    close(referral.participant, Outcome.MISTAKE, NOW)
    assert plan_referrer_news(now=AFTERNOON) == 0


def test_attempts_that_reached_nobody_are_no_news(referral: Referral) -> None:
    change_stage(participant=referral.participant, to_stage=Stage.CONTACTING, by=None, now=NOW)
    assert plan_referrer_news(now=AFTERNOON) == 0


def test_a_pause_and_its_end_are_no_news(referral: Referral, smtp_sink: SmtpSink) -> None:
    walk_to(referral.participant, Stage.ACTIVE, BEFORE)
    send_all()
    change_stage(participant=referral.participant, to_stage=Stage.PAUSED, by=None, now=NOW + DAY)
    send_all(AFTERNOON + DAY)
    change_stage(participant=referral.participant, to_stage=Stage.ACTIVE, by=None, now=NOW + DAY * 2)
    send_all(AFTERNOON + DAY * 2)
    assert len(smtp_sink.mails) == 1


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_the_mail_says_whom_to_ask_and_where_to_choose(
    referral: Referral, referrer: Referrer, smtp_sink: SmtpSink, kind: str
) -> None:
    reach(referral.participant, NOW)
    send_all()
    (mail,) = smtp_sink.mails
    text = str(mail.get_body((kind,)).get_content())  # type: ignore[union-attr]
    for words in ("Hej Henrik Ærø", "ring på 20 12 34 56", "Kirsten Koordinator", "Prøve Kommune"):
        assert words in text
    found = re.search(r"/min-side/([a-z2-7]{26})/", text)
    assert found is not None
    assert open_token(found[1], purpose=REFERRER_PAGE, now=AFTERNOON).subject_id == referrer.pk
    assert found[1] in mail["List-Unsubscribe"]
    assert mail["Subject"].strip() == f"Nyt om din henvisning {referral.reference}"
    assert mail["From"] == "Prøve Kommune <kultur@test.example>"


def test_the_mail_names_no_citizen_and_quotes_nothing_of_them(
    in_scope: Programme, referrer: Referrer, smtp_sink: SmtpSink
) -> None:
    person = make_participant(
        in_scope,
        given_name="Mærkenavn",
        family_name="Mærkesen",
        phone="+4520998877",
        email="maerke@borger.example",
        contact_wishes="Mærkeønske",
        note="Mærkenote",
    )
    refer_with_a_yes(
        in_scope,
        referrer,
        participant=person,
        received_at=BEFORE,
        reason="Mærkegrund: depression",
        situation="Mærkesituation",
        considerations="Mærkehensyn",
        criteria_met=["Mærkekriterium"],
    )
    walk_to(person, Stage.ACTIVE, BEFORE)
    change_stage(
        participant=person,
        to_stage=Stage.CLOSED,
        outcome=Outcome.STOPPED_ILLNESS,
        reason="Mærkesygdom",
        by=None,
        now=NOW,
    )
    send_all()
    (mail,) = smtp_sink.mails
    whole = mail.as_string() + "".join(str(part.get_content()) for part in mail.iter_parts())
    assert "M.M." not in whole
    for mark in ("mærke", "maerke", "20998877", "20 99 88 77", "sygdom", "depression", "who-5", "trivsel"):
        assert mark not in whole.lower()


# --- Once, together, and the latest truth ----------------------------------------------------------


def test_what_happened_to_several_on_one_day_is_one_mail(
    in_scope: Programme, referrer: Referrer, smtp_sink: SmtpSink
) -> None:
    sent = [refer_with_a_yes(in_scope, referrer, received_at=BEFORE + HOUR * hours) for hours in range(3)]
    reach(sent[0].participant, NOW)
    walk_to(sent[1].participant, Stage.PLACED, BEFORE)
    close(sent[2].participant, Outcome.UNREACHABLE, NOW)
    send_all()
    assert told(smtp_sink) == [
        f"{sent[0].reference}: Vi har talt med borgeren.",
        f"{sent[1].reference}: Borgeren har fået en plads på et hold.",
        f"{sent[2].reference}: Vi har ikke kunnet få kontakt med borgeren.",
    ]
    assert [mail["Subject"].strip() for mail in smtp_sink.mails] == ["Nyt om 3 af dine henvisninger"]


def test_each_step_is_told_once_on_its_day(referral: Referral, smtp_sink: SmtpSink) -> None:
    person = referral.participant
    days: list[Callable[[dt.datetime], object]] = [
        lambda at: reach(person, at),
        lambda at: change_stage(participant=person, to_stage=Stage.READY, by=None, now=at),
        lambda at: change_stage(participant=person, to_stage=Stage.PLACED, by=None, now=at),
        lambda at: change_stage(participant=person, to_stage=Stage.ACTIVE, by=None, now=at),
    ]
    for day, happens in enumerate(days):
        happens(NOW + DAY * day)
        send_all(AFTERNOON + DAY * day)
        send_all(AFTERNOON + DAY * day + dt.timedelta(minutes=20))
    assert [line.split(": ")[1] for line in told(smtp_sink)] == list(SENTENCES.values())


def test_of_two_steps_before_the_mail_the_latest_is_told(referral: Referral, smtp_sink: SmtpSink) -> None:
    reach(referral.participant, NOW)
    plan_referrer_news(now=AFTERNOON)
    walk_to(referral.participant, Stage.ACTIVE, NOW)
    send(mails()[0], AFTERNOON + HOUR / 2)
    send_all(AFTERNOON + DAY)
    assert told(smtp_sink) == [f"{referral.reference}: Borgeren er begyndt på et hold."]


def test_a_seat_that_is_taken_back_before_the_mail_is_not_told(
    referral: Referral, smtp_sink: SmtpSink
) -> None:
    reach(referral.participant, BEFORE)
    send_all(AFTERNOON - DAY)
    walk_to(referral.participant, Stage.PLACED, BEFORE)
    plan_referrer_news(now=AFTERNOON)
    change_stage(participant=referral.participant, to_stage=Stage.READY, by=None, now=AFTERNOON)
    assert send(mails()[-1]) is Sending.CANCELLED
    assert mails()[-1].cancelled_because == "Der er ikke længere noget nyt at fortælle."
    assert len(smtp_sink.mails) == 1
    change_stage(participant=referral.participant, to_stage=Stage.PLACED, by=None, now=NOW + DAY)
    send_all(AFTERNOON + DAY)
    assert told(smtp_sink)[-1] == f"{referral.reference}: Borgeren har fået en plads på et hold."


def test_a_day_without_a_beat_is_made_up_for(referral: Referral, smtp_sink: SmtpSink) -> None:
    reach(referral.participant, NOW)
    send_all(AFTERNOON + TELL_WITHIN - DAY)
    assert len(smtp_sink.mails) == 1


def test_old_news_is_no_news(referral: Referral) -> None:
    reach(referral.participant, NOW)
    assert plan_referrer_news(now=NOW + TELL_WITHIN) == 0


def test_after_the_closing_note_nothing_more_is_told_of_a_referral(
    referral: Referral, smtp_sink: SmtpSink
) -> None:
    close(referral.participant, Outcome.DECLINED, NOW)
    send_all()
    change_stage(participant=referral.participant, to_stage=Stage.READY, by=None, now=NOW + DAY)
    change_stage(participant=referral.participant, to_stage=Stage.PLACED, by=None, now=NOW + DAY)
    send_all(AFTERNOON + DAY)
    assert len(smtp_sink.mails) == 1


def test_what_happened_before_the_referral_is_not_told(
    in_scope: Programme, referrer: Referrer, smtp_sink: SmtpSink
) -> None:
    person = make_participant(in_scope, created_at=BEFORE)
    walk_to(person, Stage.ACTIVE, BEFORE)
    refer_with_a_yes(in_scope, referrer, participant=person, received_at=NOW + HOUR)
    send_all()
    assert not smtp_sink.mails


def test_a_mail_waits_for_a_working_day_and_does_not_mind_july(
    in_scope: Programme, referrer: Referrer
) -> None:
    friday = dt.datetime(2026, 7, 3, 17, tzinfo=ZoneInfo("Europe/Copenhagen"))
    referral = refer_with_a_yes(in_scope, referrer, received_at=friday - DAY)
    reach(referral.participant, friday)
    plan_referrer_news(now=friday)
    (message,) = mails()
    assert message.send_after == dt.datetime(2026, 7, 6, 8, tzinfo=ZoneInfo("Europe/Copenhagen"))


def test_while_one_waits_no_other_is_planned_nor_a_second_on_its_day(
    in_scope: Programme, referral: Referral, referrer: Referrer, smtp_sink: SmtpSink
) -> None:
    evening = AFTERNOON + HOUR * 4
    reach(referral.participant, NOW)
    plan_referrer_news(now=evening)
    assert plan_referrer_news(now=evening + HOUR * 6) == 0
    assert send(mails()[0], NOW + DAY - HOUR) is Sending.SENT
    another = refer_with_a_yes(in_scope, referrer, received_at=BEFORE)
    reach(another.participant, NOW + DAY)
    assert plan_referrer_news(now=AFTERNOON + DAY) == 0
    send_all(AFTERNOON + DAY * 2)
    assert len(smtp_sink.mails) == 2


def test_every_programme_tells_its_own(
    referral: Referral, other_programme: Programme, smtp_sink: SmtpSink
) -> None:
    reach(referral.participant, NOW)
    with scope(programme=other_programme):
        theirs = refer_with_a_yes(other_programme, make_referrer(other_programme), received_at=BEFORE)
        reach(theirs.participant, NOW)
    assert plan_referrer_news(now=AFTERNOON) == 2
    assert {message.programme for message in mails()} == {referral.programme, other_programme}


def test_the_beat_plans(referral: Referral) -> None:
    reach(referral.participant, NOW)
    with clock_at(AFTERNOON):
        tasks.plan_news()
        tasks.plan_news()
    assert len(mails()) == 1


# --- Held to what was agreed, at the moment of sending ---------------------------------------------


def withdraw(referral: Referral) -> None:
    withdraw_agreement(participant=referral.participant, kind=AgreementKind.FEEDBACK, by=None, now=NOW)


@pytest.mark.parametrize(
    ("happens", "because"),
    [
        (withdraw, "Borgeren har ikke sagt ja til, at henviseren hører, hvordan det går."),
        (
            lambda each: mark_referrer_left(referrer=each.referrer, left_on=NOW.date(), by=None, now=NOW),
            "Henviseren er stoppet i jobbet.",
        ),
        (
            lambda each: Referrer.objects.update(email="", email_hash=""),
            "Henviseren har ingen e-mailadresse.",
        ),
        (
            lambda each: Programme.objects.update(news_contact=False),
            "Programmet har slået beskeden fra.",
        ),
        (
            lambda each: choose_news(referrer=each.referrer, wanted={"news_contact": False}, now=NOW),
            "Henviseren har slået beskeden fra.",
        ),
    ],
    ids=["withdrawn", "left", "lost address", "programme off", "referrer off"],
)
def test_nothing_is_planned_and_what_is_planned_is_cancelled_when(
    referral: Referral, smtp_sink: SmtpSink, happens: Callable[[Referral], object], because: str
) -> None:
    reach(referral.participant, NOW)
    assert plan_referrer_news(now=AFTERNOON) == 1
    happens(referral)
    assert send(mails()[0]) is Sending.CANCELLED
    assert mails()[0].cancelled_because == because
    assert plan_referrer_news(now=AFTERNOON + DAY) == 0
    assert not smtp_sink.mails
    assert not NewsTold.objects.exists()


def test_a_yes_that_was_given_to_another_referrer_tells_this_one_nothing(
    in_scope: Programme, referral: Referral, smtp_sink: SmtpSink
) -> None:
    second = make_referral(
        in_scope,
        participant=referral.participant,
        referrer=make_referrer(in_scope),
        feedback_allowed=True,
        received_at=BEFORE + HOUR,
    )
    reach(referral.participant, NOW)
    send_all()
    assert smtp_sink.recipients == [referral.referrer.email]
    assert second.reference not in "".join(texts(smtp_sink))


def test_a_referrer_from_whom_mail_came_back_is_not_planned_for(referral: Referral) -> None:
    reach(referral.participant, NOW)
    DeadAddress.objects.create(
        programme=referral.programme,
        channel="email",
        address_hash=referral.referrer.email_hash,
        since=NOW,
    )
    assert plan_referrer_news(now=AFTERNOON) == 0


def test_only_those_who_agreed_stand_in_the_mail(
    in_scope: Programme, referral: Referral, referrer: Referrer, smtp_sink: SmtpSink
) -> None:
    silent = make_referral(in_scope, referrer=referrer, feedback_allowed=True, received_at=BEFORE)
    say_yes(silent.participant, BEFORE, AgreementKind.REFERRED)
    say_yes(silent.participant, BEFORE, AgreementKind.LATER_CONTACT)
    for person in (referral.participant, silent.participant):
        reach(person, NOW)
    send_all()
    assert told(smtp_sink) == [f"{referral.reference}: Vi har talt med borgeren."]


def test_news_that_is_switched_off_is_left_out_and_the_rest_told(
    in_scope: Programme, referral: Referral, referrer: Referrer, smtp_sink: SmtpSink
) -> None:
    choose_news(referrer=referrer, wanted={"news_contact": False}, now=NOW)
    placed = refer_with_a_yes(in_scope, referrer, received_at=BEFORE)
    reach(referral.participant, NOW)
    walk_to(placed.participant, Stage.PLACED, BEFORE)
    send_all()
    assert told(smtp_sink) == [f"{placed.reference}: Borgeren har fået en plads på et hold."]


def test_reminders_that_are_stopped_do_not_stop_an_answer(referral: Referral, smtp_sink: SmtpSink) -> None:
    Referrer.objects.update(stopped_at=NOW)
    reach(referral.participant, NOW)
    send_all()
    assert len(smtp_sink.mails) == 1


# --- Faults ----------------------------------------------------------------------------------------


def test_a_mail_that_is_put_off_tells_the_truth_of_when_it_leaves(
    referral: Referral, smtp_sink: SmtpSink
) -> None:
    """A first attempt that the server refused for now has told nothing."""
    walk_to(referral.participant, Stage.PLACED, BEFORE)
    plan_referrer_news(now=AFTERNOON)
    smtp_sink.data_answer = "451 try later"
    assert send(mails()[0]) is Sending.POSTPONED
    change_stage(participant=referral.participant, to_stage=Stage.READY, by=None, now=AFTERNOON)
    smtp_sink.data_answer = "250 OK"
    assert send(mails()[0], AFTERNOON + HOUR / 2) is Sending.SENT
    change_stage(participant=referral.participant, to_stage=Stage.PLACED, by=None, now=NOW + DAY)
    send_all(AFTERNOON + DAY)
    assert [line.split(": ")[1] for line in told(smtp_sink)] == [
        "Vi har talt med borgeren.",
        "Borgeren har fået en plads på et hold.",
    ]


def test_a_mail_that_failed_is_not_tried_each_day_but_by_a_person(
    referral: Referral, smtp_sink: SmtpSink
) -> None:
    reach(referral.participant, NOW)
    smtp_sink.recipient_answer = "550 no such mailbox"
    send_all()
    send_all(AFTERNOON + DAY)
    (message,) = mails()
    assert message.state == MessageState.FAILED
    smtp_sink.recipient_answer = "250 OK"
    retry_message(message=message, by=make_user(), now=AFTERNOON + DAY)
    assert send(message, AFTERNOON + DAY) is Sending.SENT
    assert told(smtp_sink) == [f"{referral.reference}: Vi har talt med borgeren."]


def test_a_mail_the_coordinator_stopped_is_told_the_next_day(referral: Referral, smtp_sink: SmtpSink) -> None:
    reach(referral.participant, NOW)
    plan_referrer_news(now=AFTERNOON)
    cancel_message(message=mails()[0], because="Ikke i dag.", now=AFTERNOON)
    send_all(AFTERNOON + DAY)
    assert len(smtp_sink.mails) == 1


def test_a_look_at_the_mail_tells_nobody(referral: Referral, smtp_sink: SmtpSink) -> None:
    reach(referral.participant, NOW)
    plan_referrer_news(now=AFTERNOON)
    preview = preview_message(message=mails()[0], now=AFTERNOON)
    assert preview.rendered is not None
    assert referral.reference in preview.rendered.text
    assert not NewsTold.objects.exists()
    assert send(mails()[0]) is Sending.SENT


@pytest.mark.django_db(transaction=True)
def test_twenty_planners_and_senders_at_once_send_one_mail(programme: Programme, smtp_sink: SmtpSink) -> None:
    with scope(programme=programme):
        referral = refer_with_a_yes(programme, make_referrer(programme), received_at=BEFORE)
        reach(referral.participant, NOW)
    at_once(lambda: send_all(), times=20, threads=20)
    assert len(mails()) == 1
    assert len(smtp_sink.mails) == 1


@pytest.mark.django_db(transaction=True)
def test_two_mails_of_different_days_written_at_once_tell_once(
    programme: Programme, smtp_sink: SmtpSink
) -> None:
    """One failed and is sent again by hand in the moment in which the next day's leaves."""
    with scope(programme=programme):
        referrer = make_referrer(programme)
        reach(refer_with_a_yes(programme, referrer, received_at=BEFORE).participant, NOW)
        for day in ("2026-03-09", "2026-03-10"):
            OutboundMessage.objects.create(
                programme=programme,
                kind=MessageKind.REFERRER_NEWS,
                unique_key=f"news:{referrer.pk}:{day}",
                referrer=referrer,
                planned_at=NOW,
                send_after=NOW,
            )
    waiting = mails()
    at_once(lambda: send(waiting.pop()), times=2, threads=2)
    for message in mails():
        send(message, AFTERNOON + HOUR / 2)
    assert len(smtp_sink.mails) == 1
    assert {message.state for message in mails()} == {MessageState.SENT, MessageState.CANCELLED}


@pytest.mark.django_db(transaction=True)
def test_a_sender_that_is_gone_leaves_nothing_told_twice(programme: Programme, smtp_sink: SmtpSink) -> None:
    """The server took the mail and hung up: nobody knows, a person decides, and the next day waits."""
    with scope(programme=programme):
        referral = refer_with_a_yes(programme, make_referrer(programme), received_at=BEFORE)
        reach(referral.participant, NOW)
    smtp_sink.hang_up_before_answer = True
    send_all()
    (message,) = mails()
    assert message.state == MessageState.UNCERTAIN
    smtp_sink.hang_up_before_answer = False
    send_all(AFTERNOON + DAY)
    assert len(smtp_sink.mails) == 1
    with scope(programme=programme):
        send_message_again(message=message, by=make_user(), now=AFTERNOON + DAY)
    assert send(message, AFTERNOON + DAY) is Sending.SENT
    assert told(smtp_sink) == [f"{referral.reference}: Vi har talt med borgeren."] * 2


@pytest.mark.django_db(transaction=True)
def test_a_claim_whose_sender_died_is_neither_planned_again_nor_lost(
    programme: Programme, smtp_sink: SmtpSink
) -> None:
    with scope(programme=programme):
        referral = refer_with_a_yes(programme, make_referrer(programme), received_at=BEFORE)
        reach(referral.participant, NOW)
    plan_referrer_news(now=AFTERNOON)
    with scopes_disabled():
        OutboundMessage.objects.update(state=MessageState.CLAIMED, claimed_at=AFTERNOON)
    assert plan_referrer_news(now=AFTERNOON + DAY) == 0
    (message,) = mails()
    with scope(programme=programme):
        outcome = reconcile_message(
            message_id=message.pk, channel=SmtpChannel(), now=AFTERNOON + LEASE + HOUR
        )
    assert outcome is Sending.UNCERTAIN


def test_a_mail_asks_the_database_as_often_for_one_as_for_many(
    in_scope: Programme, referrer: Referrer
) -> None:
    counts = []
    for day, number in enumerate((1, 5)):
        for _ in range(number):
            reach(refer_with_a_yes(in_scope, referrer, received_at=BEFORE).participant, NOW)
        plan_referrer_news(now=AFTERNOON + DAY * day)
        with CaptureQueriesContext(connection) as queries:
            preview_message(message=mails()[-1], now=AFTERNOON + DAY * day)
        counts.append(len(queries))
        OutboundMessage.objects.update(state=MessageState.CANCELLED)
    assert counts[0] == counts[1]
