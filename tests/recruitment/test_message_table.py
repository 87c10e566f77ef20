"""The table of agreements and messages is what the code does: each cell happens here."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django_scopes import scope

from accounts.enums import Role
from accounts.models import Programme
from accounts.services import choose_digest
from evaluation.enums import Occasion
from evaluation.services import plan_measure_invitation
from messaging.channels import open_channel
from messaging.enums import MessageState
from messaging.kinds import always_eligible, known_kinds
from messaging.models import OutboundMessage
from messaging.services import deliver_message, plan_message
from outreach.models import NEWS_SWITCHES, Referrer
from outreach.services import mark_referrer_left
from participants.enums import AgreementKind, Outcome, Stage
from participants.models import Agreement, Participant
from participants.services import stop_messages, withdraw_agreement
from recruitment.message_table import PAGE, SITUATIONS, Row, Situation, broken_rule, page, rows
from recruitment.services.digest import plan_week_digests
from referrals.enums import MessageKind, News
from referrals.models import Referral
from referrals.services import (
    invite_interested,
    plan_first_letter,
    plan_letters,
    plan_nudges,
    plan_referrer_news,
)
from tests.factories import (
    NOW,
    make_cohort,
    make_enrolment,
    make_interested,
    make_organisation,
    make_referrer,
    make_session,
    make_user,
)
from tests.referrals.paths import close, reach, refer_with_a_yes, say_yes, walk_to
from tests.smtp_sink import SmtpSink, running_sink

YESTERDAY = NOW - dt.timedelta(days=1)
ROWS = {row.name: row for row in rows()}
PROGRAMME_SWITCHES = [
    field.name for field in Programme._meta.fields if field.name.startswith(("news_", "mail_"))
]


@dataclass
class World:
    """A person whom a referrer sent yesterday, with a yes to being told of."""

    programme: Programme
    referrer: Referrer
    referral: Referral

    @property
    def person(self) -> Participant:
        return self.referral.participant


@pytest.fixture(scope="module")
def smtp_server() -> Iterator[SmtpSink]:
    with running_sink() as sink:
        yield sink


@pytest.fixture
def smtp_sink(smtp_server: SmtpSink) -> SmtpSink:
    smtp_server.mails.clear()
    return smtp_server


@pytest.fixture
def world(in_scope: Programme) -> World:
    referrer = make_referrer(in_scope, created_at=NOW - dt.timedelta(weeks=30))
    return World(in_scope, referrer, refer_with_a_yes(in_scope, referrer, received_at=YESTERDAY))


# --- What makes each message due -------------------------------------------------------------------


def receipt(kind: MessageKind) -> Callable[[World], object]:
    def plan(world: World) -> object:
        to_referrer = kind in (MessageKind.REFERRAL_RECEIPT, MessageKind.REFERRER_LINK)
        return plan_message(
            programme=world.programme,
            kind=kind,
            unique_key=f"receipt:{world.referral.pk}",
            referrer=world.referrer if to_referrer else None,
            participant=None if to_referrer else world.person,
            subject_ids={"referral": world.referral.pk},
            now=NOW,
        )

    return plan


def silence(world: World) -> None:
    Referral.objects.update(received_at=NOW - dt.timedelta(weeks=30))
    plan_nudges(now=NOW)


def happened(happens: Callable[[Participant], object]) -> Callable[[World], None]:
    def plan(world: World) -> None:
        happens(world.person)
        plan_referrer_news(now=NOW)

    return plan


def seat(world: World) -> None:
    walk_to(world.person, Stage.PLACED, YESTERDAY)
    cohort = make_cohort(world.programme)
    make_session(cohort)
    make_enrolment(cohort, world.person, state_changed_at=YESTERDAY)
    plan_letters(now=NOW)


def thanks(world: World) -> None:
    walk_to(world.person, Stage.ACTIVE, YESTERDAY)
    close(world.person, Outcome.COMPLETED, YESTERDAY + dt.timedelta(hours=8))
    plan_letters(now=NOW)


def digest(world: World) -> None:
    member = make_user(world.programme, Role.COORDINATOR).memberships.get()
    choose_digest(membership=member, wanted=True, now=NOW - dt.timedelta(weeks=2))
    plan_week_digests(now=NOW)


def told_of_a_cohort(world: World) -> None:
    """Somebody interested, of the world's own programme, is told of a cohort with room."""
    make_interested(world.programme, name="Ida", phone="", email="ida@borger.example")
    invite_interested(cohort=make_cohort(world.programme), by=make_user(), now=NOW)


DUE: dict[str, Callable[[World], object]] = {
    "interested_invitation": told_of_a_cohort,
    "referral_receipt": receipt(MessageKind.REFERRAL_RECEIPT),
    "signup_receipt": receipt(MessageKind.SIGNUP_RECEIPT),
    "nudge": silence,
    "referrer_link": receipt(MessageKind.REFERRER_LINK),
    "referrer_news_contact": happened(lambda person: reach(person, YESTERDAY)),
    "referrer_news_placed": happened(lambda person: walk_to(person, Stage.PLACED, YESTERDAY)),
    "referrer_news_started": happened(lambda person: walk_to(person, Stage.ACTIVE, YESTERDAY)),
    "referrer_news_closed": happened(lambda person: close(person, Outcome.UNREACHABLE, YESTERDAY)),
    "first_letter": lambda world: plan_first_letter(participant=world.person, by=make_user(), now=NOW),
    "seat_given": seat,
    "thanks": thanks,
    "week_digest": digest,
    "measure_invitation": lambda world: plan_measure_invitation(
        participant=world.person, occasion=Occasion.BEFORE, by=make_user(), now=NOW
    ),
}
SWITCH_OF_ROW = {
    "referral_receipt": "news_receipt",
    "signup_receipt": "mail_signup",
    "nudge": "nudges_on",
    **{f"referrer_news_{piece.value}": f"news_{piece.value}" for piece in News},
    "first_letter": "mail_contact",
    "seat_given": "mail_seat",
    "thanks": "mail_thanks",
}

# --- What makes each situation true ----------------------------------------------------------------


def only(kind: AgreementKind | None, world: World) -> None:
    Agreement.objects.all().delete()
    if kind is None:
        Referral.objects.update(feedback_allowed=False)
    else:
        say_yes(world.person, YESTERDAY, kind)


def earlier_to_somebody_else(world: World, row: Row) -> None:
    Agreement.objects.all().delete()
    say_yes(world.person, world.referral.received_at - dt.timedelta(days=1))


def sent_by_a_colleague(world: World, text_version: str) -> None:
    """The referral was made by somebody who has left since, and the referrer has taken over."""
    place = world.referrer.organisation or make_organisation(world.programme)
    Referrer.objects.update(organisation=place)
    colleague = make_referrer(world.programme, organisation=place)
    Referral.objects.update(referrer=colleague)
    Agreement.objects.update(text_version=text_version)
    mark_referrer_left(referrer=colleague, successor=world.referrer, left_on=NOW.date(), by=None, now=NOW)


def switch_off_by_programme(world: World, row: Row) -> None:
    if row.name in SWITCH_OF_ROW:
        Programme.objects.update(**{SWITCH_OF_ROW[row.name]: False})


def switch_off_by_referrer(world: World, row: Row) -> None:
    if SWITCH_OF_ROW.get(row.name) in NEWS_SWITCHES:
        Referrer.objects.update(**{SWITCH_OF_ROW[row.name]: False})


HAPPENS: dict[str, Callable[[World, Row], object]] = {
    "none": lambda world, row: only(None, world),
    "referred": lambda world, row: only(AgreementKind.REFERRED, world),
    "feedback": lambda world, row: None,
    "earlier": earlier_to_somebody_else,
    "withdrawn": lambda world, row: withdraw_agreement(
        participant=world.person, kind=AgreementKind.FEEDBACK, by=None, now=NOW
    ),
    "taken_over": lambda world, row: sent_by_a_colleague(world, "2"),
    "older_words": lambda world, row: sent_by_a_colleague(world, "1"),
    "later_contact": lambda world, row: only(AgreementKind.LATER_CONTACT, world),
    "messages_stopped": lambda world, row: stop_messages(participant=world.person, by=None, now=NOW),
    "paused": lambda world, row: Referrer.objects.update(paused_until=NOW + dt.timedelta(days=30)),
    "stopped": lambda world, row: Referrer.objects.update(stopped_at=NOW),
    "left": lambda world, row: Referrer.objects.update(left_on=NOW.date()),
    "programme_off": switch_off_by_programme,
    "referrer_off": switch_off_by_referrer,
}


def deliver_all(programme: Programme) -> None:
    for pk in OutboundMessage.objects.values_list("pk", flat=True):
        with scope(programme=programme), open_channel("email") as channel:
            deliver_message(message_id=pk, channel=channel, now=NOW)


# --- The tests -------------------------------------------------------------------------------------


def test_message_table_in_docs_is_the_one_the_code_writes() -> None:
    kept = (Path(settings.BASE_DIR) / PAGE).read_text(encoding="utf-8")
    assert kept == page(), "Run manage.py write_message_table."


def test_message_table_has_every_kind_and_each_says_its_rules() -> None:
    assert set(ROWS) == set(DUE)
    assert {situation.name for situation in SITUATIONS} == set(HAPPENS)
    ruleless = {
        kind.name for kind in known_kinds() if not kind.rules and kind.eligible is not always_eligible
    }
    assert ruleless == set()


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.name)
@pytest.mark.parametrize("row", ROWS.values(), ids=lambda row: row.name)
def test_message_is_sent_or_not_as_the_table_says(
    world: World, smtp_sink: SmtpSink, row: Row, situation: Situation
) -> None:
    """What was planned in good faith is asked again when it is sent, and the reason is kept."""
    DUE[row.name](world)
    planned = OutboundMessage.objects.get()
    HAPPENS[situation.name](world, row)

    deliver_all(world.programme)

    planned.refresh_from_db()
    broken = broken_rule(row, situation)
    if broken is None:
        assert (planned.state, len(smtp_sink.mails)) == (MessageState.SENT, 1)
    else:
        assert (planned.state, len(smtp_sink.mails)) == (MessageState.CANCELLED, 0)
        assert planned.cancelled_because.startswith(broken.why_not.rstrip("."))


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.name)
@pytest.mark.parametrize("name", [name for name in DUE if name.startswith("referrer_news")])
def test_news_is_sent_or_not_as_the_table_says_when_it_was_so_all_along(
    world: World, smtp_sink: SmtpSink, name: str, situation: Situation
) -> None:
    HAPPENS[situation.name](world, ROWS[name])
    DUE[name](world)

    deliver_all(world.programme)

    assert len(smtp_sink.mails) == (0 if broken_rule(ROWS[name], situation) else 1)


@pytest.mark.parametrize("row", ROWS.values(), ids=lambda row: row.name)
def test_a_message_obeys_its_own_switch_and_no_other(world: World, smtp_sink: SmtpSink, row: Row) -> None:
    DUE[row.name](world)
    own = SWITCH_OF_ROW.get(row.name)
    others = [name for name in [*PROGRAMME_SWITCHES, "nudges_on"] if name != own]
    Programme.objects.update(**dict.fromkeys(others, False))
    Referrer.objects.update(**{name: False for name in NEWS_SWITCHES if name != own})

    deliver_all(world.programme)

    assert len(smtp_sink.mails) == 1
