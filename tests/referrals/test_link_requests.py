"""A new link to the referrer's own page, asked for by e-mail address; whoever asks learns nothing."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Programme
from messaging.models import OutboundMessage
from messaging.tasks import sweep
from outreach.models import Referrer
from referrals.enums import MessageKind
from referrals.models import LinkRequest
from referrals.services import (
    TooManyLinkRequests,
    answer_link_request,
    request_referrer_link,
    stop_reminders,
    waiting_link_requests,
)
from referrals.services.link_requests import ADDRESS_LIMIT, EMAIL_LIMIT, NOT_AGAIN_WITHIN
from referrals.tasks import answer_link_requests
from tests import factories
from tests.concurrency import at_once
from tests.smtp_sink import running_sink

FORM = "/henvis/kultur/mit-link/"
HENRIK = "henrik@jobcenter.example"


@pytest.fixture
def referrer(in_scope: Programme) -> Referrer:
    return factories.make_referrer(in_scope, name="Henrik Holm", email=HENRIK)


def ask(programme: Programme, now: dt.datetime, email: str = HENRIK, address: str = "") -> None:
    request_referrer_link(programme=programme, email=email, address=address, now=now)


def answered(now: dt.datetime) -> list[OutboundMessage]:
    found = [answer_link_request(request_id=key, now=now) for key in waiting_link_requests()]
    return [message for message in found if message is not None]


def test_a_known_address_gets_the_link_and_the_request_is_forgotten(
    programme: Programme, referrer: Referrer, now: dt.datetime
) -> None:
    ask(programme, now, email="Henrik@Jobcenter.example")

    (message,) = answered(now)

    assert (message.kind, message.referrer) == (MessageKind.REFERRER_LINK, referrer)
    assert message.send_after == now
    assert not LinkRequest.objects.exists()


def test_a_link_is_sent_at_night_too(programme: Programme, referrer: Referrer, now: dt.datetime) -> None:
    night = now.replace(hour=3)
    ask(programme, night)
    assert answered(night)[0].send_after == night


def test_an_unknown_address_gets_nothing_and_is_forgotten_too(
    programme: Programme, referrer: Referrer, now: dt.datetime
) -> None:
    ask(programme, now, email="ukendt@jobcenter.example")

    assert LinkRequest.objects.count() == 1
    assert answered(now) == []
    assert not LinkRequest.objects.exists()


def test_a_referrer_of_another_programme_is_unknown_here(
    programme: Programme, other_programme: Programme, referrer: Referrer, now: dt.datetime
) -> None:
    factories.make_referrer(other_programme, email="anden@jobcenter.example")
    ask(programme, now, email="anden@jobcenter.example")
    assert answered(now) == []


def test_a_referrer_who_left_gets_nothing(programme: Programme, referrer: Referrer, now: dt.datetime) -> None:
    Referrer.objects.update(left_on=now.date())
    ask(programme, now)
    assert answered(now) == []


def test_a_referrer_who_leaves_before_the_mail_is_sent_gets_nothing(
    programme: Programme, referrer: Referrer, now: dt.datetime
) -> None:
    ask(programme, now)
    (message,) = answered(now)
    Referrer.objects.update(left_on=now.date())

    with running_sink() as sink:
        sweep()

    message.refresh_from_db()
    assert sink.mails == []
    assert message.cancelled_because == "Henviseren er stoppet i jobbet."


def test_who_has_stopped_reminders_still_gets_the_link_they_ask_for(
    programme: Programme, referrer: Referrer, now: dt.datetime
) -> None:
    stop_reminders(referrer=referrer, now=now)
    ask(programme, now)
    assert len(answered(now)) == 1


def test_asking_again_at_once_sends_one_mail_and_later_another(
    programme: Programme, referrer: Referrer, now: dt.datetime
) -> None:
    for minute in (0, 1, 9):
        moment = now + dt.timedelta(minutes=minute)
        ask(programme, moment)
        assert len(answered(moment)) == (1 if minute == 0 else 0)

    later = now + NOT_AGAIN_WITHIN + dt.timedelta(seconds=1)
    ask(programme, later)
    assert len(answered(later)) == 1


@pytest.mark.parametrize("email", [HENRIK, "ukendt@jobcenter.example"])
def test_an_address_is_looked_up_a_few_times_a_day_known_or_not(
    programme: Programme, referrer: Referrer, now: dt.datetime, email: str
) -> None:
    for _ in range(EMAIL_LIMIT + 3):
        ask(programme, now, email=email)
    assert LinkRequest.objects.count() == EMAIL_LIMIT


def test_many_requests_from_one_address_of_the_internet_are_refused_known_or_not(
    programme: Programme, referrer: Referrer, now: dt.datetime
) -> None:
    for number in range(ADDRESS_LIMIT):
        ask(programme, now, email=f"nr{number}@jobcenter.example", address="203.0.113.7")
    for email in (HENRIK, "ukendt@jobcenter.example"):
        with pytest.raises(TooManyLinkRequests):
            ask(programme, now, email=email, address="203.0.113.7")
    ask(programme, now, address="203.0.113.8")


def test_what_the_doorbell_missed_is_answered_by_the_round_each_minute(
    programme: Programme, referrer: Referrer
) -> None:
    ask(programme, timezone.now())
    answer_link_requests()
    answer_link_requests()
    assert OutboundMessage.objects.get().referrer == referrer


def test_the_mail_holds_a_link_that_opens_the_page_and_names_no_citizen(
    client: Client, programme: Programme, referrer: Referrer
) -> None:
    referral = factories.make_referral(programme, referrer=referrer)
    ask(programme, timezone.now())
    answer_link_requests()

    with running_sink() as sink:
        sweep()

    (mail,) = sink.mails
    body = mail.get_body(("plain",))
    assert body is not None
    link = re.search(r"http://testserver(/min-side/\S+)", body.get_content())
    assert link is not None
    assert mail["To"] == HENRIK
    assert referral.participant.family_name not in str(mail)
    page = client.get(link[1], follow=True)
    assert page.status_code == 200
    assert "Hej Henrik Holm" in page.content.decode()


def test_a_request_is_kept_without_the_address(
    client: Client, programme: Programme, referrer: Referrer
) -> None:
    client.post(FORM, {"email": HENRIK})
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(kept)::text FROM referrals_linkrequest AS kept")
        assert "henrik" not in cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Skriv din e-mail, så vi kan sende dig linket"),
        ("henrik", "Skriv en hel e-mailadresse, for eksempel navn@eksempel.dk."),
        ("henrik@", "Skriv en hel e-mailadresse"),
    ],
)
def test_a_mistyped_address_is_asked_for_again_and_kept(
    client: Client, programme: Programme, typed: str, said: str
) -> None:
    answer = client.post(FORM, {"email": typed})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert f'value="{typed}"' in answer.content.decode() or not typed


def test_too_many_from_one_place_is_said_with_what_was_typed(
    client: Client, programme: Programme, referrer: Referrer
) -> None:
    for number in range(ADDRESS_LIMIT):
        client.post(FORM, {"email": f"nr{number}@jobcenter.example"})
    answer = client.post(FORM, {"email": HENRIK})
    assert answer.status_code == 429
    assert "Prøv igen om en time" in answer.content.decode()
    assert f'value="{HENRIK}"' in answer.content.decode()


def test_the_page_without_a_link_leads_to_a_new_one(client: Client, programme: Programme) -> None:
    for address in ("/min-side/", f"/min-side/{'a' * 26}/"):
        assert "/min-side/nyt-link/" in client.get(address).content.decode()
    assert client.get("/min-side/nyt-link/")["Location"] == FORM
    for address in ("/om/kultur/", "/henvis/kultur/"):
        assert FORM in client.get(address).content.decode()


def test_with_several_programmes_one_is_chosen_first(
    client: Client, programme: Programme, other_programme: Programme
) -> None:
    page = client.get("/min-side/nyt-link/").content.decode()
    assert FORM in page
    assert "/henvis/andetsteds/mit-link/" in page


def test_reading_the_pages_changes_nothing(client: Client, programme: Programme, referrer: Referrer) -> None:
    for address in (FORM, f"{FORM}?email={HENRIK}", f"{FORM}sendt/"):
        assert client.get(address).status_code == 200
    assert not LinkRequest.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_request_answered_by_many_workers_at_once_is_one_mail() -> None:
    programme = factories.make_programme()
    factories.make_referrer(programme, email=HENRIK)
    for _ in range(3):
        request_referrer_link(programme=programme, email=HENRIK, address="", now=factories.NOW)

    at_once(answer_link_requests, times=16, threads=8)

    assert OutboundMessage._base_manager.count() == 1
    assert LinkRequest._base_manager.count() == 0
