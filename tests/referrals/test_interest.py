"""Writing oneself up to hear of the next cohorts, being told of one, and saying no."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from core.languages import for_staff
from courses.enums import EnrolmentState
from messaging.channels import open_channel
from messaging.enums import Channel, MessageState
from messaging.models import OutboundMessage
from messaging.services import deliver_message
from outreach.enums import InterestAgreed, LinkTarget
from outreach.models import InterestedPerson
from outreach.services import join_twins_of_all, mark_turned, stop_interest
from referrals.enums import MessageKind
from referrals.services import CohortIsFull, invite_interested, preview_invitation
from referrals.services.interest import HELD
from tests.concurrency import at_once
from tests.factories import (
    NOW,
    make_cohort,
    make_enrolment,
    make_interested,
    make_participant,
    make_tracked_link,
    make_user,
)
from tests.referrals.clock import clock_at
from tests.referrals.pages import form_fields
from worklist.models import Task

FORM = "/skriv-dig-op/kultur/"
TYPED = {"name": "Ida Ærø", "phone": "20 11 22 33", "email": "", "agreed": "on"}


def sent(browser: Client, path: str = FORM, **changed: Any):
    """Open the form, wait as people do, and send what was typed."""
    with clock_at(timezone.now() - dt.timedelta(seconds=30)):
        drawn = form_fields(browser.get(path))
    return browser.post(path, {**drawn, **TYPED, **changed})


def everybody(programme) -> list[InterestedPerson]:
    with scope(programme=programme):
        return list(InterestedPerson.objects.order_by("pk"))


# --- The form --------------------------------------------------------------------------------------


def test_interested_writes_the_person_up_with_the_link_that_led_there(client, programme):
    link = make_tracked_link(programme, code="k7mf3", target=LinkTarget.INTERESTED)
    assert sent(client, f"{FORM}?fra=k7mf3").url == f"{FORM}tak/"
    (ida,) = everybody(programme)
    assert (ida.name, ida.phone, ida.tracked_link, ida.held_reasons) == ("Ida Ærø", "+4520112233", link, "")
    assert (ida.agreed_how, ida.agreement_text, ida.language) == (InterestAgreed.FORM, "1", "da")
    assert client.get(f"{FORM}tak/").status_code == 200


def test_interested_sent_twice_is_one(client, programme):
    for _ in range(2):
        sent(client)
    assert len(everybody(programme)) == 1


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"name": ""}, "Skriv dit navn"),
        ({"phone": ""}, "Skriv dit telefonnummer eller din e-mail"),
        ({"phone": "12345678"}, "telefonnummer"),
        ({"agreed": ""}, "Sæt hak, hvis vi må kontakte dig"),
        ({"name": "Ida 010190-1234"}, "CPR"),
    ],
)
def test_interested_says_what_to_do_and_loses_nothing(client, programme, changed, told):
    answer = sent(client, **changed)
    page = answer.content.decode()
    assert (answer.status_code, everybody(programme)) == (422, [])
    assert told in page
    assert changed.get("phone", "20 11 22 33") in page


def test_interested_robot_is_held_asked_about_once_and_answered_like_anybody(client, programme):
    for number in range(3):
        answer = sent(client, website="http://spam", phone=f"20 11 22 3{number}")
        assert answer.url == f"{FORM}tak/"
    assert {person.held_reasons for person in everybody(programme)} == {"honeypot"}
    with scope(programme=programme):
        assert [task.why for task in Task.objects.all()] == [HELD]


def test_interested_of_one_number_many_times_is_held(client, programme):
    for number in range(6):
        sent(client, name=f"Ida{'x' * number}")
    held = [person.held_reasons for person in everybody(programme)]
    assert held == [*[""] * 5, "contact_limit"]


def test_interested_answers_alike_whether_somebody_is_known(client, programme):
    make_participant(programme, given_name="Ida", family_name="Ærø", phone="+4520112233")
    stopped = make_interested(programme, name="Ida Ærø", phone="+4520112233", stopped_at=NOW)
    answer = sent(client)
    assert answer.url == f"{FORM}tak/"
    join_twins_of_all(now=timezone.now())
    (ida,) = everybody(programme)
    assert (ida, ida.stopped_at) == (stopped, NOW)
    assert ida.asked_again_at is not None


def test_get_of_every_page_writes_nothing(client, programme):
    for path in (FORM, f"{FORM}tak/"):
        assert client.get(path).status_code == 200
    assert everybody(programme) == []


# --- Told of a cohort ------------------------------------------------------------------------------


@pytest.fixture
def cohort(in_scope):
    return make_cohort(in_scope, starts_on=(NOW + dt.timedelta(days=30)).date())


@pytest.fixture
def with_sms(in_scope, settings, tmp_path: Path) -> None:
    settings.MESSAGE_CHANNELS = {
        "email": "messaging.channels.FolderChannel",
        "sms": "messaging.channels.SmsFolderChannel",
    }
    settings.MAIL_FOLDER = tmp_path / "mail"
    type(in_scope).objects.update(sms_on=True, sms_sender="Solby")
    in_scope.refresh_from_db()


def invited(cohort) -> int:
    return for_staff(invite_interested)(cohort=cohort, by=make_user(), now=NOW)


def deliver(message: OutboundMessage, way: str, now=NOW) -> OutboundMessage:
    with open_channel(way) as channel:
        deliver_message(message_id=message.pk, channel=channel, now=now)
    message.refresh_from_db()
    return message


def test_invite_tells_each_once_by_sms_where_there_is_a_number(in_scope, cohort, with_sms):
    ida = make_interested(in_scope, email="ida@borger.example")
    assert (invited(cohort), invited(cohort)) == (1, 0)
    message = OutboundMessage.objects.get()
    assert (message.interested, message.channel, message.kind) == (ida, Channel.SMS, "interested_invitation")
    deliver(message, "sms")
    assert (message.state, message.address) == (MessageState.SENT, ida.phone)
    body = message.body or ""
    assert body.startswith("Prøve Kommune: ")
    assert "09.04.2026" in body
    assert in_scope.name not in body
    assert "/nej-tak/" in body
    another = make_cohort(in_scope, starts_on=(NOW + dt.timedelta(days=60)).date())
    assert invited(another) == 1


def test_invite_writes_a_mail_where_no_sms_is_sent_and_nothing_to_a_number_alone(in_scope, cohort):
    make_interested(in_scope)
    ida = make_interested(in_scope, email="ida@borger.example")
    assert invited(cohort) == 1
    message = OutboundMessage.objects.get()
    assert (message.interested, message.channel) == (ida, Channel.EMAIL)


@pytest.mark.parametrize(
    "fields",
    [
        {"stopped_at": NOW},
        {"turned_at": NOW},
        {"held_reasons": "honeypot"},
        {"agreed_at": NOW - dt.timedelta(days=365)},
    ],
)
def test_invite_leaves_out_whoever_may_not_be_told(in_scope, cohort, fields):
    make_interested(in_scope, email="ida@borger.example", **fields)
    assert invited(cohort) == 0


BROKEN = {
    "Personen har sagt nej tak": lambda ida, cohort: stop_interest(person=ida, by=None, now=NOW),
    "Personens ja gælder ikke længere": lambda ida, cohort: mark_turned(person=ida, now=NOW),
    "Holdet er fyldt": lambda ida, cohort: [
        make_enrolment(cohort, state=EnrolmentState.ENROLLED) for _ in range(cohort.capacity)
    ],
    "Personen har hverken": lambda ida, cohort: InterestedPerson.objects.update(email_hash="", email=""),
}


@pytest.mark.parametrize("why", BROKEN)
def test_invitation_is_asked_again_when_it_is_sent_and_the_reason_kept(in_scope, cohort, why):
    ida = make_interested(in_scope, email="ida@borger.example")
    invited(cohort)
    message = OutboundMessage.objects.get()
    BROKEN[why](ida, cohort)
    deliver(message, "email")
    assert message.state == MessageState.CANCELLED
    assert message.cancelled_because.startswith(why)


def test_invitation_waits_for_working_hours(in_scope, cohort):
    make_interested(in_scope, email="ida@borger.example")
    evening = NOW.replace(hour=21)
    invite_interested(cohort=cohort, by=make_user(), now=evening)
    assert OutboundMessage.objects.get().send_after.astimezone(NOW.tzinfo) == NOW.replace(day=11, hour=8)


def test_invite_refuses_a_cohort_without_room(in_scope):
    full = make_cohort(in_scope, capacity=1)
    make_enrolment(full)
    for cohort in (full, make_cohort(in_scope, starts_on=NOW.date())):
        with pytest.raises(CohortIsFull):
            invited(cohort)


@pytest.mark.django_db(transaction=True)
def test_invite_pressed_by_many_at_once_is_one_message_each(programme):
    cohort = make_cohort(programme)
    for number in range(3):
        make_interested(programme, email=f"ida{number}@borger.example")
    by = make_user()

    def act() -> None:
        with scope(programme=programme):
            invite_interested(cohort=cohort, by=by, now=NOW)

    at_once(act, times=4, threads=4)
    with scope(programme=programme):
        assert OutboundMessage.objects.count() == 3


def test_invite_writes_once_to_whoever_wrote_themselves_up_twice_and_never_after_a_no(in_scope, cohort):
    for stopped_at in (None, NOW):
        address = {"phone": "", "email": f"{'stop' if stopped_at else 'ida'}@borger.example", "name": "Ida"}
        make_interested(in_scope, stopped_at=stopped_at, **address)
        make_interested(in_scope, **address)
    assert invited(cohort) == 1
    assert OutboundMessage.objects.get().interested.email == "ida@borger.example"


def test_preview_leaves_nothing_behind(in_scope, cohort):
    ida = make_interested(in_scope, email="ida@borger.example")
    shown = preview_invitation(cohort=cohort, person=ida, now=NOW)
    assert shown.rendered.subject == "Besked fra Prøve Kommune: der er ledige pladser"
    assert "tirsdag" not in shown.rendered.subject
    assert OutboundMessage.objects.count() == 0
    assert preview_invitation(cohort=cohort, person=make_interested(in_scope), now=NOW) is None


@pytest.mark.parametrize(("language", "said"), [("da", "ledige pladser"), ("en", "free places")])
@pytest.mark.parametrize("municipality", ["Ærø Kommune", "Københavns Kommune, Sundhed og Omsorg"])
def test_sms_fits_into_two_segments_in_both_languages(
    in_scope, cohort, with_sms, language, said, municipality
):
    type(in_scope).objects.update(municipality=municipality)
    make_interested(in_scope, language=language)
    invited(cohort)
    message = deliver(OutboundMessage.objects.get(), "sms")
    assert message.state == MessageState.SENT
    assert said in (message.body or "")


# --- No thanks -------------------------------------------------------------------------------------


def test_stop_page_asks_and_its_button_says_no(client, in_scope, cohort, with_sms):
    ida = make_interested(in_scope, email="ida@borger.example")
    invited(cohort)
    message = deliver(OutboundMessage.objects.get(), "email")
    path = "/nej-tak/" + (message.body or "").split("/nej-tak/")[1].split()[0]
    page = client.get(path, follow=True)
    ida.refresh_from_db()
    assert (page.status_code, ida.stopped_at) == (200, None)
    assert "Ida" not in page.content.decode()
    for _ in range(2):
        answer = client.post("/nej-tak/", follow=True)
        assert "Du hører ikke mere fra os" in answer.content.decode()
    ida.refresh_from_db()
    assert ida.stopped_at is not None


def test_kind_is_known_by_its_danish_name():
    assert str(MessageKind.INTERESTED_INVITATION.label) == "Nyt hold: besked til en interesseret"
