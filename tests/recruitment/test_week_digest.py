"""The week's overview by mail: at choice, on Monday, once, to who does the work, and with nobody's name."""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope, scopes_disabled

from accounts.enums import Role
from accounts.models import Membership, Programme, User
from accounts.services import choose_digest, name_deputy
from core.lookups import email_hash
from messaging.channels import open_channel
from messaging.enums import MessageState
from messaging.models import DeadAddress, OutboundMessage
from messaging.services import Outcome, deliver_message, preview_message
from recruitment import tasks
from recruitment.kinds import WEEK_DIGEST
from recruitment.services.digest import plan_week_digests
from tests import factories
from tests.concurrency import at_once
from tests.factories import make_programme, make_task, make_user
from tests.referrals.clock import clock_at
from tests.smtp_sink import SmtpSink, running_sink
from worklist.enums import TaskKind

pytestmark = pytest.mark.django_db
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
MONDAY = dt.datetime(2026, 3, 9, 8, tzinfo=COPENHAGEN)
DAY = dt.timedelta(days=1)
BEFORE = MONDAY - 10 * DAY


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    with running_sink() as sink:
        yield sink


def coordinator_with_digest(programme: Programme, name: str = "Kirsten Koordinator") -> Membership:
    member = make_user(programme, Role.COORDINATOR, name=name).memberships.get()
    return choose_digest(membership=member, wanted=True, now=BEFORE)


@pytest.fixture
def kirsten(in_scope: Programme) -> Membership:
    return coordinator_with_digest(in_scope)


@pytest.fixture
def bo(in_scope: Programme) -> Membership:
    return make_user(in_scope, Role.COORDINATOR, name="Bo Bliver").memberships.get()


def mails() -> list[OutboundMessage]:
    with scopes_disabled():
        return list(OutboundMessage.objects.filter(kind=WEEK_DIGEST).order_by("pk"))


def send(message: OutboundMessage, now: dt.datetime = MONDAY) -> Outcome:
    with scope(programme=message.programme), open_channel("email") as channel:
        return deliver_message(message_id=message.pk, channel=channel, now=now)


def is_away(away: Membership, deputy: Membership) -> None:
    name_deputy(
        membership=away,
        deputy=deputy.user,
        away_from=MONDAY.date(),
        away_until=MONDAY.date() + 4 * DAY,
        by=away.user,
        now=BEFORE,
    )


def text_of(sink: SmtpSink) -> str:
    (mail,) = sink.mails
    return "\n".join(str(mail.get_body((kind,)).get_content()) for kind in ("plain", "html"))  # type: ignore[union-attr]


# --- What it says ----------------------------------------------------------------------------------


def test_the_mail_counts_tasks_by_kind_links_to_the_plan_and_names_nobody(
    in_scope: Programme, kirsten: Membership, smtp_sink: SmtpSink
) -> None:
    person = factories.make_participant(in_scope, given_name="Mærkenavn", family_name="Mærkesen")
    referrer = factories.make_referrer(in_scope, name="Mærke Henviser")
    due = MONDAY.date()
    for number in range(2):
        make_task(
            in_scope,
            kind=TaskKind.OTHER,
            why=f"Mærkegrund {number}: tal om trivsel",
            participant=person,
            due_on=due - DAY * number,
        )
    make_task(in_scope, kind=TaskKind.REFERRER_SUCCESSOR, why="Mærkegrund", referrer=referrer, due_on=due)
    make_task(in_scope, kind=TaskKind.OTHER, why="Næste uge", due_on=due + 7 * DAY)

    plan_week_digests(now=MONDAY)
    assert send(mails()[0]) is Outcome.SENT

    text = text_of(smtp_sink)
    assert "Godmorgen Kirsten Koordinator" in text
    assert "I uge 11 venter 3 opgaver, 1 over tiden:" in text
    assert f"- {TaskKind.OTHER.label}: 2" in text
    assert f"- {TaskKind.REFERRER_SUCCESSOR.label}: 1" in text
    assert f"{settings.SITE_URL}/opgaver/ugen/" in text
    (mail,) = smtp_sink.mails
    assert mail["Subject"].strip() == "Ugens overblik: 3 opgaver i uge 11"
    assert mail["To"] == kirsten.user.email
    assert "/opgaver/ferie/" in mail["List-Unsubscribe"]
    for mark in ("mærke", "henviser", "trivsel"):
        assert mark not in (text + mail["Subject"]).lower().replace("henvisere", "")


def test_a_week_without_tasks_says_so(kirsten: Membership, smtp_sink: SmtpSink) -> None:
    plan_week_digests(now=MONDAY)
    send(mails()[0])
    assert "Der venter ingen opgaver i uge 11." in text_of(smtp_sink)


def test_the_mail_asks_the_database_as_often_for_one_task_as_for_thirty(
    in_scope: Programme, kirsten: Membership
) -> None:
    plan_week_digests(now=MONDAY)
    counts = []
    for number in (1, 30):
        for _ in range(number):
            person = factories.make_participant(in_scope)
            make_task(in_scope, kind=TaskKind.CALL, participant=person, due_on=MONDAY.date())
        with CaptureQueriesContext(connection) as queries:
            preview_message(message=mails()[0], now=MONDAY)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- When, to whom, and once -----------------------------------------------------------------------


def test_the_beat_plans_one_a_week_however_often_it_comes(kirsten: Membership) -> None:
    for day in range(5):
        for _ in range(2):
            with clock_at(MONDAY + DAY * day):
                tasks.plan_digests()
    assert len(mails()) == 1
    plan_week_digests(now=MONDAY + 7 * DAY)
    assert len(mails()) == 2


def test_a_monday_without_a_beat_is_made_up_for(kirsten: Membership, smtp_sink: SmtpSink) -> None:
    plan_week_digests(now=MONDAY + DAY)
    assert send(mails()[0], MONDAY + DAY) is Outcome.SENT


def test_only_coordinators_who_asked_before_the_week_get_it(in_scope: Programme, bo: Membership) -> None:
    for role in (Role.MANAGER, Role.ADMINISTRATOR):
        other = make_user(in_scope, role).memberships.get()
        choose_digest(membership=other, wanted=True, now=BEFORE)
    late = make_user(in_scope, Role.COORDINATOR).memberships.get()
    choose_digest(membership=late, wanted=True, now=MONDAY + dt.timedelta(hours=1))
    assert plan_week_digests(now=MONDAY + DAY) == 0
    assert plan_week_digests(now=MONDAY + 7 * DAY) == 1
    assert [message.user for message in mails()] == [late.user]


def test_who_stands_in_gets_it_instead_and_one_even_with_their_own(
    in_scope: Programme, kirsten: Membership, bo: Membership, smtp_sink: SmtpSink
) -> None:
    choose_digest(membership=bo, wanted=True, now=BEFORE)
    is_away(kirsten, bo)
    assert plan_week_digests(now=MONDAY) == 1
    assert send(mails()[0]) is Outcome.SENT
    assert smtp_sink.recipients == [bo.user.email]
    assert "fordi du er vikar i denne uge" in text_of(smtp_sink)


def test_who_stands_in_without_a_mail_of_their_own_gets_the_colleagues(
    kirsten: Membership, bo: Membership, smtp_sink: SmtpSink
) -> None:
    is_away(kirsten, bo)
    plan_week_digests(now=MONDAY)
    assert send(mails()[0]) is Outcome.SENT
    assert smtp_sink.recipients == [bo.user.email]


def switch_off(member: Membership) -> None:
    choose_digest(membership=member, wanted=False, now=MONDAY)


@pytest.mark.parametrize(
    ("happens", "because"),
    [
        (switch_off, "Kollegaen har slået ugens overblik fra, eller en vikar får det."),
        (
            lambda member: Membership.objects.filter(pk=member.pk).update(role=Role.MANAGER),
            "Kollegaen er ikke længere koordinator i programmet.",
        ),
        (
            lambda member: Membership.objects.filter(pk=member.pk).delete(),
            "Kollegaen er ikke længere koordinator i programmet.",
        ),
        (
            lambda member: User.objects.filter(pk=member.user_id).update(is_active=False),
            "Kollegaen er ikke længere koordinator i programmet.",
        ),
    ],
    ids=["switched off", "another role", "no member", "account closed"],
)
def test_what_was_planned_is_asked_again_when_it_is_sent(
    kirsten: Membership, smtp_sink: SmtpSink, happens, because: str
) -> None:
    plan_week_digests(now=MONDAY)
    happens(kirsten)
    assert send(mails()[0]) is Outcome.CANCELLED
    assert mails()[0].cancelled_because == because
    assert smtp_sink.mails == []


def test_a_mail_that_waited_into_the_next_week_is_not_sent(kirsten: Membership, smtp_sink: SmtpSink) -> None:
    plan_week_digests(now=MONDAY)
    assert send(mails()[0], MONDAY + 7 * DAY) is Outcome.CANCELLED
    assert mails()[0].cancelled_because == "Ugen er gået."


def test_a_monday_that_is_a_holiday_waits_for_tuesday_and_july_is_no_matter(in_scope: Programme) -> None:
    coordinator_with_digest(in_scope)
    easter = dt.datetime(2026, 4, 6, 8, tzinfo=COPENHAGEN)
    july = dt.datetime(2026, 7, 6, 8, tzinfo=COPENHAGEN)
    for monday in (easter, july):
        plan_week_digests(now=monday)
    assert [message.send_after for message in mails()] == [easter + DAY, july]


def test_an_address_from_which_mail_came_back_is_left_alone(in_scope: Programme, kirsten: Membership) -> None:
    DeadAddress.objects.create(
        programme=in_scope, channel="email", address_hash=email_hash(kirsten.user.email), since=BEFORE
    )
    assert plan_week_digests(now=MONDAY) == 0


def test_each_programme_sends_its_own(kirsten: Membership, other_programme: Programme) -> None:
    elsewhere = coordinator_with_digest(other_programme)
    plan_week_digests(now=MONDAY)
    assert {(message.programme, message.user) for message in mails()} == {
        (kirsten.programme, kirsten.user),
        (other_programme, elsewhere.user),
    }


@pytest.mark.django_db(transaction=True)
def test_twenty_planners_and_senders_at_once_send_one_mail(smtp_sink: SmtpSink) -> None:
    coordinator_with_digest(make_programme())

    def round_of_the_clock() -> None:
        plan_week_digests(now=MONDAY)
        for message in mails():
            send(message)

    at_once(round_of_the_clock, times=20, threads=20)
    assert [message.state for message in mails()] == [MessageState.SENT]
    assert len(smtp_sink.mails) == 1
