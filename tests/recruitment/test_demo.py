"""The demonstration is believable, whole, and never made in production."""

import datetime as dt
import io
import statistics

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_scopes import scope

from accounts.models import Membership, Programme
from core.dates import danish_moment
from courses.enums import EnrolmentState
from courses.models import Cohort
from evaluation.enums import Occasion
from evaluation.models import Response
from messaging.channels import open_channel
from messaging.enums import MessageState
from messaging.models import OutboundMessage
from outreach.enums import Vulnerability
from outreach.models import Referrer
from outreach.vulnerability import left_behind, partners_at_risk, weaknesses_of
from participants.enums import Stage
from participants.models import Participant, PersonMerge, StageChange
from recruitment.demo import cast
from recruitment.demo.seed import PASSWORD, SLUG, demo_is_whole, seed_demo
from referrals.models import HeldArrival, Referral
from tests import factories
from worklist.models import Task


@pytest.fixture(autouse=True)
def mail_folder(settings, tmp_path):
    settings.MESSAGE_CHANNELS = {
        "email": "messaging.channels.FolderChannel",
        "sms": "messaging.channels.SmsFolderChannel",
    }
    settings.MAIL_FOLDER = tmp_path / "mail"
    return settings.MAIL_FOLDER


def seed(**options):
    out = io.StringIO()
    call_command("seed_demo", stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_demo_is_refused_in_production(settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        seed()
    assert not Programme.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_demo_tells_a_believable_story(client, mail_folder):
    real = factories.make_programme(slug="rigtig")
    someone = factories.make_participant(real)
    half_told = factories.make_programme(slug=SLUG, is_demo=True)  # as if an earlier run had been cut short
    factories.make_referral(half_told)
    factories.make_user(half_told, email="koordinator@demo.dk")
    assert not demo_is_whole()
    seed()

    assert demo_is_whole()
    assert set(Membership.objects.values_list("user__email", flat=True)) >= {
        "koordinator@demo.dk",
        "kollega@demo.dk",
        "leder@demo.dk",
        "admin@demo.dk",
    }
    programme = Programme.objects.get(is_demo=True)
    assert client.login(email="koordinator@demo.dk", password=PASSWORD)
    with scope(programme=programme):
        assert_cohorts()
        assert_effect()
        assert_odd_cases()
        assert_partners()
        assert_messages(mail_folder)

    assert "already" in seed()
    assert Programme.objects.filter(is_demo=True).get() == programme != half_told
    with scope(programme=real):
        assert Participant.objects.get() == someone


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("day", [dt.date(2026, 7, 15), dt.date(2027, 1, 1), dt.date(2027, 3, 10)])
def test_demo_can_be_told_on_any_day(day):
    """In the summer holiday, on New Year's Day and on a Wednesday in spring."""
    now = danish_moment(day, dt.time(10))
    with open_channel("email") as channel:
        programme = seed_demo(size="small", now=now, channel=channel)
    assert demo_is_whole()
    with scope(programme=programme):
        assert_cohorts()
        assert_odd_cases()


def assert_cohorts():
    """Two that are over, one running, one filling, one to come."""
    cohorts = list(Cohort.objects.with_seats_taken().order_by("starts_on"))
    assert len(cohorts) == 5
    for past in cohorts[:2]:
        states = set(past.enrolments.values_list("state", flat=True))
        assert states <= {EnrolmentState.COMPLETED, EnrolmentState.STOPPED, EnrolmentState.DECLINED}
    assert cohorts[2].enrolments.filter(state=EnrolmentState.STARTED).exists()
    assert 0 < cohorts[3].seats_taken < cohorts[3].capacity
    assert cohorts[4].seats_taken == 0


def assert_effect():
    """Near the published one: 38 before and 58 after for those who completed (Sundhedsstyrelsen 2020)."""
    scores = {
        occasion: {row.pseudonym: row.percentage_score for row in Response.objects.filter(occasion=occasion)}
        for occasion in (Occasion.BEFORE, Occasion.AFTER)
    }
    pairs = [
        (scores[Occasion.BEFORE][who], after)
        for who, after in scores[Occasion.AFTER].items()
        if scores[Occasion.BEFORE].get(who) is not None and after is not None
    ]
    assert len(pairs) >= 10
    assert 30 <= statistics.mean(before for before, _ in pairs) <= 48
    assert 10 <= statistics.mean(after - before for before, after in pairs) <= 30


def assert_odd_cases():
    names = {(person.given_name, person.family_name) for person in Participant.objects.all()}
    assert names >= {cast.LONG_NAME, cast.DANISH_LETTERS_NAME, cast.TWICE_REFERRED_NAME, cast.PAUSED_NAME}
    twice = Participant.objects.get(given_name=cast.TWICE_REFERRED_NAME[0])
    assert twice.referrals.count() == 2
    assert StageChange.objects.filter(to_stage=Stage.PAUSED).exists()
    assert Response.objects.filter(raw_score=None).exists()
    left = Referrer.objects.get(name=cast.LEFT_THE_JOB)
    assert left.left_on is not None
    assert str(left.successor) == cast.TAKES_OVER
    assert HeldArrival.objects.count() == 1
    assert Referral.objects.filter(intake="xref15", entered_by__isnull=False).exists()
    assert Referral.objects.filter(intake="meeting").count() == 3
    assert PersonMerge.objects.get().undone_at is None
    assert Participant.objects.filter(stage=Stage.READY).exists()
    kinds = set(Task.objects.open().values_list("kind", flat=True))
    assert {"call", "place", "follow_up_low_score", "held_arrival"} <= kinds


def assert_partners():
    """Each way in which a partnership may be lost, once, and an agreement to go through."""
    left = left_behind()
    rows = partners_at_risk(timezone.localdate(), left)
    found = [weakness.kind for row in rows for weakness in weaknesses_of(row, left)]
    assert sorted(found) == sorted(set(Vulnerability) - {Vulnerability.NO_KEY_PERSON})
    kinds = set(Task.objects.open().values_list("kind", flat=True))
    assert {"tend_partner", "agreement_review", "partner_step", "referrer_successor"} <= kinds


def assert_messages(folder):
    assert OutboundMessage.objects.filter(kind="referral_receipt", state=MessageState.SENT).exists()
    assert OutboundMessage.objects.filter(kind="nudge", state=MessageState.SENT).exists()
    for kind in ("referrer_news", "seat_given"):
        assert OutboundMessage.objects.filter(kind=kind, state=MessageState.SENT).exists()
    assert not OutboundMessage.objects.filter(state=MessageState.FAILED).exists()
    assert OutboundMessage.objects.filter(kind="week_digest", state=MessageState.SENT).exists()
    assert OutboundMessage.objects.filter(state=MessageState.RETURNED).count() == 1
    assert Task.objects.open().filter(kind="address_dead").exists()
    left = [MessageState.SENT, MessageState.RETURNED]
    for channel, suffix in (("email", "eml"), ("sms", "sms")):
        gone = OutboundMessage.objects.filter(state__in=left, channel=channel).count()
        assert len(list(folder.glob(f"**/*.{suffix}"))) == gone > 0
