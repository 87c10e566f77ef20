"""Nudges: one message worth reading to each silent referrer, and never one too many."""

import datetime as dt
import re
import threading
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from accounts.models import Programme
from core.danish import COPENHAGEN
from core.tokens import open_token
from messaging import tasks as messaging_tasks
from messaging.channels import open_channel
from messaging.enums import MessageState
from messaging.models import OutboundMessage
from messaging.services import Outcome, cancel_message, deliver_message, deliver_messages, preview_message
from outreach.models import Referrer
from participants.enums import AgreementKind, AgreementMethod
from participants.models import Agreement, Participant
from referrals import tasks
from referrals.enums import MessageKind, Trigger
from referrals.services import (
    pause_reminders,
    plan_nudges,
    resume_reminders,
    stop_reminders,
)
from referrals.services.links import REFERRER_PAGE
from tests.factories import (
    NOW,
    make_cohort,
    make_enrolment,
    make_participant,
    make_programme,
    make_referral,
    make_referrer,
    rule_of,
)
from tests.smtp_sink import SmtpSink, running_sink

LONG_AGO = NOW - dt.timedelta(weeks=20)
WEEK = dt.timedelta(weeks=1)


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    with running_sink() as sink:
        yield sink


@pytest.fixture
def referrer(programme: Programme) -> Referrer:
    """A referrer we have known for twenty weeks and never heard from."""
    return make_referrer(programme, name="Henrik Ærø", created_at=LONG_AGO)


def nudges() -> list[OutboundMessage]:
    with scopes_disabled():
        return list(OutboundMessage.objects.filter(kind=MessageKind.NUDGE).order_by("pk"))


def send(message: OutboundMessage, now: dt.datetime = NOW) -> Outcome:
    with scope(programme=message.programme), open_channel("email") as channel:
        return deliver_message(message_id=message.pk, channel=channel, now=now)


# --- Whom ------------------------------------------------------------------------------------------


def test_a_referrer_who_has_been_silent_for_six_weeks_gets_a_nudge(referrer: Referrer) -> None:
    assert plan_nudges(now=NOW) == 1
    (nudge,) = nudges()
    assert (nudge.referrer, nudge.state, nudge.send_after) == (referrer, MessageState.PLANNED, NOW)


@pytest.mark.parametrize(("weeks", "due"), [(5.9, False), (6, True)])
def test_a_new_referrer_has_six_weeks_to_send_somebody(programme: Programme, weeks: float, due: bool) -> None:
    make_referrer(programme, created_at=NOW - WEEK * weeks)
    assert plan_nudges(now=NOW) == int(due)


@pytest.mark.parametrize(("weeks", "due"), [(5.9, False), (6, True)])
def test_silence_counts_from_the_last_referral(
    programme: Programme, referrer: Referrer, weeks: float, due: bool
) -> None:
    make_referral(programme, referrer=referrer, received_at=LONG_AGO)
    make_referral(programme, referrer=referrer, received_at=NOW - WEEK * weeks)
    assert plan_nudges(now=NOW) == int(due)


def test_the_programme_decides_how_many_weeks(programme: Programme) -> None:
    rule_of(programme, Trigger.SILENT, wait_days=70)
    make_referrer(programme, created_at=NOW - WEEK * 8)
    assert plan_nudges(now=NOW) == 0


def test_a_programme_that_sends_no_nudges_plans_none(referrer: Referrer) -> None:
    Programme.objects.update(nudges_on=False)
    assert plan_nudges(now=NOW) == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"email": ""},
        {"left_on": NOW.date()},
        {"stopped_at": LONG_AGO},
        {"paused_until": NOW + WEEK},
    ],
    ids=["without an address", "who has left", "who said stop", "on pause"],
)
def test_no_nudge_is_planned_for_a_referrer(programme: Programme, fields: dict[str, object]) -> None:
    make_referrer(programme, created_at=LONG_AGO, **{"email": "h@jobcenter.example", **fields})
    assert plan_nudges(now=NOW) == 0


def test_a_referrer_whose_pause_is_over_gets_a_nudge(programme: Programme) -> None:
    make_referrer(programme, created_at=LONG_AGO, paused_until=NOW - WEEK)
    assert plan_nudges(now=NOW) == 1


def test_every_programme_nudges_its_own(
    programme: Programme, other_programme: Programme, referrer: Referrer
) -> None:
    make_referrer(other_programme, created_at=LONG_AGO)
    assert plan_nudges(now=NOW) == 2
    assert {nudge.programme for nudge in nudges()} == {programme, other_programme}


# --- How often -------------------------------------------------------------------------------------


def test_planning_twice_plans_once(referrer: Referrer) -> None:
    plan_nudges(now=NOW)
    plan_nudges(now=NOW)
    plan_nudges(now=NOW + dt.timedelta(days=1))
    assert len(nudges()) == 1


def test_the_next_nudge_comes_six_weeks_after_the_last(referrer: Referrer, smtp_sink: SmtpSink) -> None:
    plan_nudges(now=NOW)
    assert send(nudges()[0]) is Outcome.SENT
    assert plan_nudges(now=NOW + WEEK * 5) == 0
    assert plan_nudges(now=NOW + WEEK * 6) == 1
    assert len(nudges()) == 2


def test_nobody_is_drawn_in_july_and_at_christmas(programme: Programme) -> None:
    make_referrer(programme, created_at=LONG_AGO)
    for day in (dt.date(2026, 7, 1), dt.date(2026, 7, 31), dt.date(2026, 12, 23)):
        assert plan_nudges(now=dt.datetime.combine(day, dt.time(8, 5), tzinfo=COPENHAGEN)) == 0
    Programme.objects.update(quiet_july=False)
    assert plan_nudges(now=dt.datetime(2026, 7, 1, 8, 5, tzinfo=COPENHAGEN)) == 1


def test_a_nudge_planned_late_counts_from_when_it_is_sent(programme: Programme) -> None:
    make_referrer(programme, created_at=LONG_AGO)
    last_of_june = dt.datetime(2026, 6, 30, 20, tzinfo=COPENHAGEN)
    plan_nudges(now=last_of_june)
    (nudge,) = nudges()
    assert nudge.send_after.date() == dt.date(2026, 8, 3)
    with scopes_disabled():
        OutboundMessage.objects.update(state=MessageState.SENT, sent_at=nudge.send_after)
    assert plan_nudges(now=last_of_june + WEEK * 7) == 0
    assert plan_nudges(now=nudge.send_after + WEEK * 6) == 1


def test_a_nudge_the_coordinator_stopped_is_not_planned_again_the_next_day(referrer: Referrer) -> None:
    plan_nudges(now=NOW)
    with scope(programme=referrer.programme):
        cancel_message(message=nudges()[0], because="Kirsten valgte ikke at sende den.", now=NOW)
    assert plan_nudges(now=NOW + dt.timedelta(days=1)) == 0


def test_a_nudge_that_has_waited_for_weeks_is_not_joined_by_another(referrer: Referrer) -> None:
    plan_nudges(now=NOW)
    assert plan_nudges(now=NOW + WEEK * 12) == 0
    assert len(nudges()) == 1


# --- Asked again when it is sent -------------------------------------------------------------------


def left(referrer: Referrer) -> None:
    referrer.left_on = NOW.date()
    referrer.save()


def switched_off(referrer: Referrer) -> None:
    Programme.objects.update(nudges_on=False)


def lost_address(referrer: Referrer) -> None:
    referrer.email = referrer.email_hash = ""
    referrer.save()


@pytest.mark.parametrize(
    ("happens", "because"),
    [
        (left, "Henviseren er stoppet i jobbet."),
        (lambda each: stop_reminders(referrer=each, now=NOW), "Henviseren har frabedt sig påmindelser."),
        (
            lambda each: pause_reminders(referrer=each, months=1, now=NOW),
            "Henviseren holder pause fra påmindelser til 10.04.2026.",
        ),
        (lost_address, "Henviseren har ingen e-mailadresse."),
        (switched_off, "Programmet har slået påmindelser fra."),
        (
            lambda each: make_referral(each.programme, referrer=each, received_at=NOW),
            "Henviseren har sendt en henvisning i mellemtiden.",
        ),
        (
            lambda each: make_referral(each.programme, referrer=each, received_at=NOW - dt.timedelta(days=3)),
            "Henviseren har sendt en henvisning i mellemtiden.",
        ),
    ],
    ids=["left", "stopped", "paused", "lost address", "switched off", "referred", "letter typed in late"],
)
def test_a_nudge_is_cancelled_when_meanwhile_the_referrer(
    referrer: Referrer, smtp_sink: SmtpSink, happens: Callable[[Referrer], object], because: str
) -> None:
    plan_nudges(now=NOW)
    (nudge,) = nudges()
    with scope(programme=referrer.programme):
        happens(referrer)
    assert send(nudge) is Outcome.CANCELLED
    (nudge,) = nudges()
    assert (nudge.state, nudge.cancelled_because) == (MessageState.CANCELLED, because)
    assert not smtp_sink.mails


def test_a_referral_by_somebody_else_changes_nothing(referrer: Referrer, smtp_sink: SmtpSink) -> None:
    plan_nudges(now=NOW)
    colleague = make_referrer(referrer.programme)
    make_referral(referrer.programme, referrer=colleague, received_at=NOW)
    assert send(nudges()[0]) is Outcome.SENT


def test_a_nudge_comes_back_when_reminders_are_resumed(referrer: Referrer, smtp_sink: SmtpSink) -> None:
    plan_nudges(now=NOW)
    with scope(programme=referrer.programme):
        stop_reminders(referrer=referrer, now=NOW)
    send(nudges()[0])
    with scope(programme=referrer.programme):
        resume_reminders(referrer=referrer, now=NOW + WEEK * 7)
    assert plan_nudges(now=NOW + WEEK * 7) == 1


# --- What it says ----------------------------------------------------------------------------------


def text_of(smtp_sink: SmtpSink, kind: str = "plain") -> str:
    (mail,) = smtp_sink.mails
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def nudge_now(smtp_sink: SmtpSink, kind: str = "plain") -> str:
    plan_nudges(now=NOW)
    assert send(nudges()[0]) is Outcome.SENT
    return text_of(smtp_sink, kind)


def test_a_nudge_tells_the_next_start_and_the_seats_left(
    programme: Programme, referrer: Referrer, smtp_sink: SmtpSink
) -> None:
    cohort = make_cohort(programme, capacity=9)
    make_enrolment(cohort)
    text = nudge_now(smtp_sink)
    assert "Næste hold i Kultur på Recept begynder 24.03.2026, og der er 8 ledige pladser." in text
    subject = smtp_sink.mails[0]["Subject"].strip()
    assert subject == "Kender du en, der kunne have glæde af at komme med?"


def test_a_nudge_counts_one_seat_in_the_singular(
    programme: Programme, referrer: Referrer, smtp_sink: SmtpSink
) -> None:
    make_cohort(programme, capacity=1)
    assert "og der er 1 ledig plads. Kender du en" in nudge_now(smtp_sink)


def test_a_nudge_without_a_cohort_still_asks(referrer: Referrer, smtp_sink: SmtpSink) -> None:
    told = "Næste hold i Kultur på Recept begynder senere, og der er plads til flere."
    assert told in nudge_now(smtp_sink)


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_a_nudge_holds_criteria_the_form_whom_to_ask_and_why_it_came(
    programme: Programme, referrer: Referrer, smtp_sink: SmtpSink, kind: str
) -> None:
    text = re.sub(r"\s+", " ", nudge_now(smtp_sink, kind))
    for words in (
        "Hej Henrik Ærø",
        *programme.criteria_list,
        f"{settings.SITE_URL}/henvis/kultur/",
        "ring på 20 12 34 56",
        "Kirsten Koordinator",
        "Du får denne mail, fordi du står som henviser hos Kultur på Recept i Prøve Kommune.",
        "mindst 21 dage mellem vores påmindelser",
        f"{settings.SITE_URL}/min-side/",
        f"{settings.SITE_URL}/min-side/ikke-relevant/",
    ):
        assert words in text


def test_a_nudge_comes_from_the_municipality_and_answers_reach_the_coordinator(
    programme: Programme, referrer: Referrer, smtp_sink: SmtpSink
) -> None:
    nudge_now(smtp_sink)
    (mail,) = smtp_sink.mails
    assert mail["From"] == "Prøve Kommune <kultur@test.example>"
    assert mail["Reply-To"] == programme.contact_email
    assert mail["To"] == referrer.email


def test_a_nudge_links_to_the_referrers_own_page_where_it_can_be_stopped(
    referrer: Referrer, smtp_sink: SmtpSink
) -> None:
    text = nudge_now(smtp_sink)
    found = re.search(r"/min-side/([a-z2-7]{26})/", text)
    assert found is not None
    link = open_token(found[1], purpose=REFERRER_PAGE, now=NOW + WEEK)
    assert link.subject_id == referrer.pk
    assert found[1] in smtp_sink.mails[0]["List-Unsubscribe"]


@pytest.mark.parametrize(
    ("agreeing", "told"),
    [
        (3, "Så vidt vi må fortælle, er 3 begyndt på et hold."),
        (2, ""),  # a number of one or two points to a person
    ],
)
def test_a_nudge_tells_what_became_of_them_only_as_far_as_they_agreed(
    programme: Programme, referrer: Referrer, smtp_sink: SmtpSink, agreeing: int, told: str
) -> None:
    cohort = make_cohort(programme)
    silent, withdrawn = (False, False), (True, True)
    for agreed, taken_back in (*[(True, False)] * agreeing, silent, withdrawn):
        participant = make_participant(programme)
        make_referral(
            programme,
            participant=participant,
            referrer=referrer,
            received_at=LONG_AGO,
            feedback_allowed=agreed,
        )
        make_enrolment(cohort, participant, started_at=LONG_AGO + WEEK)
        if agreed:
            agree(participant, withdrawn_at=NOW if taken_back else None)
    text = nudge_now(smtp_sink)
    assert f"Du har indtil nu henvist {agreeing + 2} borgere til os. Tak for det!" in text
    assert ("Så vidt vi må fortælle" in text) == bool(told)
    assert told in text


def agree(participant: Participant, withdrawn_at: dt.datetime | None) -> None:
    with scope(programme=participant.programme):
        Agreement.objects.create(
            programme=participant.programme,
            participant=participant,
            kind=AgreementKind.FEEDBACK,
            text_version="1",
            method=AgreementMethod.values[0],
            given_at=LONG_AGO,
            withdrawn_at=withdrawn_at,
        )


def test_a_nudge_says_nothing_of_results_where_nobody_agreed(
    programme: Programme, referrer: Referrer, smtp_sink: SmtpSink
) -> None:
    for _ in range(2):
        participant = make_participant(programme)
        make_referral(programme, participant=participant, referrer=referrer, received_at=LONG_AGO)
        make_enrolment(make_cohort(programme), participant, started_at=LONG_AGO + WEEK)
    text = nudge_now(smtp_sink)
    assert "2 borgere" in text
    assert "vi må fortælle" not in text


def test_a_person_referred_twice_counts_once(
    programme: Programme, referrer: Referrer, smtp_sink: SmtpSink
) -> None:
    participant = make_participant(programme)
    for weeks in (0, 1):
        make_referral(
            programme, participant=participant, referrer=referrer, received_at=LONG_AGO + WEEK * weeks
        )
    assert "Du har indtil nu henvist 1 borger til os." in nudge_now(smtp_sink)


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_a_nudge_names_no_participant_and_nothing_about_one(
    programme: Programme, referrer: Referrer, smtp_sink: SmtpSink, kind: str
) -> None:
    marked = make_participant(
        programme, given_name="Hemmelige", family_name="Navnesen", phone="+4521098765", postcode="6791"
    )
    referral = make_referral(
        programme,
        participant=marked,
        referrer=referrer,
        received_at=LONG_AGO,
        reason="Sover ikke om natten.",
        feedback_allowed=True,
    )
    make_enrolment(make_cohort(programme), marked, started_at=LONG_AGO)
    agree(marked, withdrawn_at=None)
    text = nudge_now(smtp_sink, kind) + str(smtp_sink.mails[0])
    for mark in ("Hemmelige", "Navnesen", "H.N.", "21 09 87 65", "+4521098765", marked.email, "Sover ikke"):
        assert mark not in text
    assert referral.reference not in text


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "Ole & Bo"])
def test_a_nudge_escapes_names_in_html_and_not_in_plain_text(
    programme: Programme, smtp_sink: SmtpSink, name: str
) -> None:
    make_referrer(programme, name=name, created_at=LONG_AGO)
    text = nudge_now(smtp_sink)
    assert f"Hej {name}" in text
    assert name not in text_of(smtp_sink, "html")


def test_a_nudge_can_be_previewed(referrer: Referrer) -> None:
    plan_nudges(now=NOW)
    with scope(programme=referrer.programme):
        preview = preview_message(message=nudges()[0], now=NOW)
    assert preview.rendered is not None
    assert preview.unwanted_because == ""
    assert "\n\n\n" not in preview.rendered.text


# --- At once ---------------------------------------------------------------------------------------


def test_planning_takes_as_many_queries_a_referrer_however_many_there_are(programme: Programme) -> None:
    counts = []
    for more in (2, 12, 22):
        for _ in range(more):
            make_referrer(programme, created_at=LONG_AGO)
        with CaptureQueriesContext(connection) as queries:
            assert plan_nudges(now=NOW) == more
        counts.append(len(queries))
    opening = 3
    assert counts[2] - counts[1] == counts[1] - (counts[0] - opening)


def test_reminders_that_leave_together_take_one_query_each_and_tell_each_their_own(
    programme: Programme, smtp_sink: SmtpSink
) -> None:
    counts = []
    for more in (2, 12):
        people = [make_referrer(programme, created_at=LONG_AGO) for _ in range(more)]
        for number, referrer in enumerate(people):
            for _ in range(number):
                make_referral(programme, referrer=referrer, received_at=LONG_AGO)
        plan_nudges(now=NOW)
        waiting = [nudge.pk for nudge in nudges() if nudge.state == MessageState.PLANNED]
        assert len(waiting) == more
        with scope(programme=programme), open_channel("email") as channel:
            with CaptureQueriesContext(connection) as queries:
                deliver_messages(message_ids=waiting, channel=channel, clock=lambda: NOW)
            counts.append(len(queries) - more)
        told = {mail["To"]: mail.get_body(("plain",)).get_content() for mail in smtp_sink.mails}
        for number, referrer in enumerate(people):
            said = f"henvist {number} borger" in told[referrer.email]
            assert said is (number > 0)
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_twenty_runs_at_once_send_each_referrer_one_mail(smtp_sink: SmtpSink) -> None:
    now = timezone.now()
    programme = make_programme(quiet_july=False, quiet_christmas=False)
    referrers = [make_referrer(programme, created_at=now - WEEK * 20) for _ in range(3)]
    sending_time = timezone.localtime(now).replace(hour=10) + dt.timedelta(days=(7 - now.weekday()) % 7)
    together = threading.Barrier(20)
    faults: list[BaseException] = []

    def plan_and_send() -> None:
        together.wait()
        try:
            plan_nudges(now=sending_time)
            for nudge in nudges():
                send(nudge, now=nudge.send_after)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=plan_and_send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, faults
    assert sorted(smtp_sink.recipients) == sorted(referrer.email for referrer in referrers)


@pytest.mark.django_db(transaction=True)
def test_a_planner_that_waits_too_long_for_another_goes_on_to_the_next_programme() -> None:
    busy, free = make_programme(), make_programme(slug="andetsteds", name="Sund med Kultur")
    for programme in (busy, free):
        make_referrer(programme, created_at=LONG_AGO)
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT FROM referrals_nudgerule WHERE programme_id = %s FOR UPDATE", [busy.pk])
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        assert plan_nudges(now=NOW) == 1
        assert [nudge.programme for nudge in nudges()] == [free]
    finally:
        other.rollback()
        other.close()
        connection.close()  # and the short patience with it
    assert plan_nudges(now=NOW) == 1
    assert {nudge.programme for nudge in nudges()} == {busy, free}


@pytest.mark.django_db(transaction=True)
def test_twenty_runs_without_a_key_would_plan_many(smtp_sink: SmtpSink) -> None:
    """The control: planning that only looks whether a nudge is there makes several for one referrer."""
    programme = make_programme()
    referrer = make_referrer(programme, created_at=LONG_AGO)
    together = threading.Barrier(20)

    def look_and_plan(number: int) -> None:
        with scope(programme=programme):
            already_there = OutboundMessage.objects.filter(referrer=referrer).exists()
            together.wait()
            if not already_there:
                OutboundMessage.objects.create(
                    programme=programme,
                    kind=MessageKind.NUDGE,
                    unique_key=f"no key: {number}",
                    referrer=referrer,
                    planned_at=NOW,
                    send_after=NOW,
                )
        connection.close()

    threads = [threading.Thread(target=look_and_plan, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(nudges()) > 1


def test_the_daily_task_plans_and_the_sweeper_sends_within_hours(
    programme: Programme, smtp_sink: SmtpSink
) -> None:
    make_referrer(programme, created_at=timezone.now() - WEEK * 20)
    tasks.plan_nudges()
    tasks.plan_nudges()
    (nudge,) = nudges()
    messaging_tasks.sweep()
    assert len(smtp_sink.mails) == int(nudge.send_after <= timezone.now())
