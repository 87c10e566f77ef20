"""News of those a colleague sent goes to whoever follows their referrals in the moment it is sent."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from accounts.models import Programme
from messaging.enums import MessageState
from messaging.models import OutboundMessage
from messaging.services import Outcome as Sending
from messaging.services import preview_message
from outreach.models import Organisation, Referrer
from outreach.services import mark_referrer_here, mark_referrer_left
from participants.enums import AgreementKind, AgreementMethod, Stage
from participants.models import Agreement
from participants.services import give_agreement
from referrals.enums import MessageKind
from referrals.models import NewsTold, Referral
from referrals.services import choose_news, plan_referrer_news
from tests.concurrency import at_once
from tests.factories import NOW, TODAY, make_organisation, make_participant, make_referral, make_referrer
from tests.referrals.paths import reach, walk_to
from tests.referrals.test_news import AFTERNOON, BEFORE, DAY, mails, send, send_all, told
from tests.smtp_sink import SmtpSink, running_sink


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    with running_sink() as sink:
        yield sink


@pytest.fixture
def jobcentre(in_scope: Programme) -> Organisation:
    return make_organisation(in_scope, name="Jobcenter Esbjerg")


@pytest.fixture
def line(jobcentre: Organisation) -> list[Referrer]:
    """Anna, Bo and Carl, who work at the same place; Anna's key is the last, for nobody retires by number."""
    names = ("Carl Kommer", "Bo Bliver", "Anna Afgang")
    made = [make_referrer(jobcentre.programme, name=name, organisation=jobcentre) for name in names]
    return made[::-1]


def refer(referrer: Referrer, text_version: str = "2") -> Referral:
    """Somebody sent yesterday, who said yes to words that name the colleague who takes over."""
    participant = make_participant(referrer.programme, created_at=BEFORE)
    referral = make_referral(
        referrer.programme,
        participant=participant,
        referrer=referrer,
        feedback_allowed=True,
        received_at=BEFORE,
    )
    give_agreement(
        participant=participant,
        kind=AgreementKind.FEEDBACK,
        method=AgreementMethod.FORM,
        text_version=text_version,
        by=None,
        now=BEFORE,
    )
    return referral


def leaves(referrer: Referrer, successor: Referrer | None = None) -> None:
    mark_referrer_left(referrer=referrer, left_on=TODAY, successor=successor, by=None, now=NOW)


def test_news_goes_to_who_took_over_and_to_nobody_who_left(line: list[Referrer], smtp_sink: SmtpSink) -> None:
    anna, bo, _ = line
    referral = refer(anna)
    reach(referral.participant, NOW)
    leaves(anna, bo)

    send_all()

    assert smtp_sink.recipients == [bo.email]
    assert told(smtp_sink) == [f"{referral.reference}: Vi har talt med borgeren. (Overtaget)"]


def test_news_follows_a_line_of_successors(line: list[Referrer], smtp_sink: SmtpSink) -> None:
    anna, bo, carl = line
    for referrer in line:
        reach(refer(referrer).participant, NOW)
    leaves(anna, bo)
    leaves(bo, carl)

    send_all()

    assert smtp_sink.recipients == [carl.email]
    assert len(told(smtp_sink)) == 3
    assert len([text for text in told(smtp_sink) if "(Overtaget)" in text]) == 2


def test_nobody_took_over_and_nothing_is_sent(line: list[Referrer], smtp_sink: SmtpSink) -> None:
    anna, bo, _ = line
    reach(refer(anna).participant, NOW)
    leaves(anna)
    assert plan_referrer_news(now=AFTERNOON) == 0
    leaves(anna, bo)
    leaves(bo)
    assert plan_referrer_news(now=AFTERNOON) == 0
    assert mails() == []


@pytest.mark.parametrize("text_version", ["1", "2022"])
def test_a_yes_to_words_without_the_colleague_tells_the_colleague_nothing(
    line: list[Referrer], smtp_sink: SmtpSink, text_version: str
) -> None:
    anna, bo, _ = line
    reach(refer(anna, text_version).participant, NOW)
    assert plan_referrer_news(now=AFTERNOON) == 1  # Anna herself may hear it
    leaves(anna, bo)
    assert plan_referrer_news(now=AFTERNOON + DAY) == 0
    own = refer(bo, text_version)
    reach(own.participant, NOW)
    send_all(AFTERNOON + DAY)
    assert told(smtp_sink) == [f"{own.reference}: Vi har talt med borgeren."]


def test_the_switches_are_those_of_who_reads(line: list[Referrer], smtp_sink: SmtpSink) -> None:
    anna, bo, _ = line
    reach(refer(anna).participant, NOW)
    placed = refer(anna)
    walk_to(placed.participant, Stage.PLACED, BEFORE)
    choose_news(referrer=anna, wanted={"news_placed": False}, now=NOW)
    choose_news(referrer=bo, wanted={"news_contact": False}, now=NOW)
    leaves(anna, bo)

    send_all()

    assert told(smtp_sink) == [f"{placed.reference}: Borgeren har fået en plads på et hold. (Overtaget)"]


def test_a_successor_who_is_chosen_between_plan_and_sending_gets_it_instead(
    line: list[Referrer], smtp_sink: SmtpSink
) -> None:
    anna, bo, carl = line
    reach(refer(anna).participant, NOW)
    plan_referrer_news(now=AFTERNOON)
    leaves(anna, bo)
    assert send(mails()[0]) is Sending.CANCELLED
    assert mails()[0].cancelled_because == "Henviseren er stoppet i jobbet."

    plan_referrer_news(now=AFTERNOON)  # the same afternoon: another reader, another mail
    leaves(anna, carl)
    assert send(mails()[1]) is Sending.CANCELLED
    assert mails()[1].cancelled_because == "Der er ikke længere noget nyt at fortælle."

    send_all()
    assert smtp_sink.recipients == [carl.email]


def test_a_yes_to_older_words_is_the_reason_that_is_kept(line: list[Referrer], smtp_sink: SmtpSink) -> None:
    anna, bo, _ = line
    reach(refer(anna).participant, NOW)
    leaves(anna, bo)
    plan_referrer_news(now=AFTERNOON)
    Agreement.objects.update(text_version="1")
    assert send(mails()[0]) is Sending.CANCELLED
    assert mails()[0].cancelled_because == (
        "Borgeren har ikke sagt ja til, at den, der har overtaget, hører, hvordan det går."
    )


def test_somebody_who_is_back_hears_of_their_own_again(line: list[Referrer], smtp_sink: SmtpSink) -> None:
    anna, bo, _ = line
    referral = refer(anna)
    reach(referral.participant, NOW)
    leaves(anna, bo)
    plan_referrer_news(now=AFTERNOON)
    mark_referrer_here(referrer=anna, by=None, now=AFTERNOON)
    assert send(mails()[0]) is Sending.CANCELLED
    send_all()
    assert told(smtp_sink) == [f"{referral.reference}: Vi har talt med borgeren."]
    assert smtp_sink.recipients == [anna.email]


def test_what_the_former_reader_was_told_is_not_told_again(line: list[Referrer], smtp_sink: SmtpSink) -> None:
    anna, bo, _ = line
    referral = refer(anna)
    reach(referral.participant, NOW)
    send_all()
    leaves(anna, bo)
    send_all(AFTERNOON + DAY)
    assert smtp_sink.recipients == [anna.email]
    walk_to(referral.participant, Stage.PLACED, NOW + DAY)
    send_all(AFTERNOON + DAY * 2)
    assert smtp_sink.recipients == [anna.email, bo.email]


def test_a_successor_who_works_elsewhere_now_hears_nothing(
    line: list[Referrer], jobcentre: Organisation, smtp_sink: SmtpSink
) -> None:
    anna, bo, _ = line
    reach(refer(anna).participant, NOW)
    leaves(anna, bo)
    plan_referrer_news(now=AFTERNOON)
    elsewhere = make_organisation(jobcentre.programme, name="Et andet sted")
    with scope(programme=jobcentre.programme):
        Referrer.objects.filter(pk=bo.pk).update(organisation=elsewhere)
    assert send(mails()[0]) is Sending.CANCELLED
    assert plan_referrer_news(now=AFTERNOON + DAY) == 0


def test_the_mail_says_which_were_taken_over_and_names_no_colleague(
    line: list[Referrer], smtp_sink: SmtpSink
) -> None:
    anna, bo, _ = line
    reach(refer(anna).participant, NOW)
    leaves(anna, bo)
    send_all()
    (mail,) = smtp_sink.mails
    for kind in ("plain", "html"):
        text = str(mail.get_body((kind,)).get_content())  # type: ignore[union-attr]
        assert "Her er nyt om dem, du har henvist til os eller har overtaget fra en kollega:" in text
        assert "overtaget)" in text.lower()
        assert "Anna" not in text


def test_planning_and_the_mail_ask_as_often_for_one_colleague_as_for_five(
    jobcentre: Organisation, line: list[Referrer]
) -> None:
    bo = line[1]
    counts = []
    for day, number in enumerate((1, 5)):
        for _ in range(number):
            colleague = make_referrer(jobcentre.programme, organisation=jobcentre)
            reach(refer(colleague).participant, NOW)
            leaves(colleague, bo)
        now = AFTERNOON + DAY * day
        with CaptureQueriesContext(connection) as planning:
            assert plan_referrer_news(now=now) == 1
        with CaptureQueriesContext(connection) as writing:
            preview_message(message=mails()[-1], now=now)
        counts.append((len(planning), len(writing)))
        OutboundMessage.objects.update(state=MessageState.CANCELLED)
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_a_change_of_successor_while_two_mails_are_written_tells_one_of_them(
    programme: Programme, smtp_sink: SmtpSink
) -> None:
    """Bo's mail, Carl's mail and the change from Bo to Carl at once: the news is told, and told once."""
    for _ in range(5):
        with scope(programme=programme):
            place = make_organisation(programme)
            bo, carl, anna = (make_referrer(programme, organisation=place) for _ in range(3))
            reach(refer(anna).participant, NOW)
            leaves(anna, bo)
            for reader in (bo, carl):
                OutboundMessage.objects.create(
                    programme=programme,
                    kind=MessageKind.REFERRER_NEWS,
                    unique_key=f"news:{reader.pk}:{NOW:%Y-%m-%d}",
                    referrer=reader,
                    planned_at=NOW,
                    send_after=NOW,
                )
        to_bo, to_carl = mails()[-2:]
        acts: list[Callable[[], object]] = [
            partial(leaves, anna, carl),
            partial(send, to_bo),
            partial(send, to_carl),
        ]

        def act(acts: list[Callable[[], object]] = acts) -> None:
            with scope(programme=programme):
                acts.pop()()

        at_once(act, times=3, threads=3)
        send_all(AFTERNOON + DAY)
        with scope(programme=programme):
            told_of = NewsTold.objects.filter(referral__referrer=anna, message__state=MessageState.SENT)
            assert told_of.count() == 1
