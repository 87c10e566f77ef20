"""Asking for a measure: one invitation, the newest link, and the mail that says nothing."""

import datetime as dt
from contextlib import closing

import pytest
from django.utils import timezone

from core.tokens import LinkUnusable, consume_token, open_token
from evaluation.enums import Occasion
from evaluation.messages import MEASURE_INVITATION
from evaluation.models import Invitation
from evaluation.services import (
    LINK_DAYS,
    LINK_PURPOSE,
    AlreadyAnswered,
    MessagesStopped,
    NoEmailAddress,
    invite_to_measure,
    plan_measure_invitation,
)
from messaging.channels import SmtpChannel
from messaging.kinds import get_kind
from messaging.models import OutboundMessage
from messaging.services import Outcome, deliver_message
from tests.factories import make_participant, make_response
from tests.smtp_sink import running_sink


@pytest.fixture
def anna(in_scope):
    return make_participant(in_scope, given_name="Anna", family_name="Ærø")


def invite(person, coordinator, now, occasion=Occasion.BEFORE):
    return invite_to_measure(participant=person, occasion=occasion, by=coordinator, now=now)


def plan(person, coordinator, now, occasion=Occasion.BEFORE):
    return plan_measure_invitation(participant=person, occasion=occasion, by=coordinator, now=now)


def render(message, now):
    return MEASURE_INVITATION.render(message, now)


def token_in(text):
    return text.split("/skema/")[1].split("/")[0]


def is_wanted(message, now):
    return OutboundMessage.objects.filter(MEASURE_INVITATION.eligible(now), pk=message.pk).exists()


def test_an_invitation_is_one_per_person_and_occasion(anna, coordinator, now):
    first, _ = invite(anna, coordinator, now)
    again, _ = invite(anna, coordinator, now + dt.timedelta(days=1))
    after, _ = invite(anna, coordinator, now, Occasion.AFTER)
    assert first == again
    assert again.created_at == now
    assert again.created_by == coordinator
    assert after != first
    assert Invitation.objects.count() == 2


def test_the_newest_link_works_and_the_one_before_stops(anna, coordinator, now):
    invitation, old = invite(anna, coordinator, now)
    _, new = invite(anna, coordinator, now)
    with pytest.raises(LinkUnusable):
        open_token(old, purpose=LINK_PURPOSE, now=now)
    link = open_token(new, purpose=LINK_PURPOSE, now=now)
    assert link.subject_id == invitation.pk
    assert link.single_use


def test_a_link_works_for_sixty_days_and_once(anna, coordinator, now):
    _, raw = invite(anna, coordinator, now)
    last_moment = now + dt.timedelta(days=LINK_DAYS) - dt.timedelta(seconds=1)
    link = open_token(raw, purpose=LINK_PURPOSE, now=last_moment)
    with pytest.raises(LinkUnusable):
        open_token(raw, purpose=LINK_PURPOSE, now=now + dt.timedelta(days=LINK_DAYS))
    consume_token(link, now=now)
    with pytest.raises(LinkUnusable):
        consume_token(link, now=now)


@pytest.mark.parametrize("items", [(1, 1, 1, 1, 1), (1, None, 1, 1, 1)])
def test_whoever_has_answered_is_not_invited_again(anna, coordinator, now, items):
    make_response(anna, Occasion.BEFORE, items)
    with pytest.raises(AlreadyAnswered):
        invite(anna, coordinator, now)
    with pytest.raises(AlreadyAnswered):
        plan(anna, coordinator, now)
    assert invite(anna, coordinator, now, Occasion.AFTER)


def test_the_mail_is_planned_once_a_day_however_often_it_is_asked_for(anna, coordinator, now):
    first = plan(anna, coordinator, now)
    assert plan(anna, coordinator, now + dt.timedelta(minutes=1)) == first
    assert plan(anna, coordinator, now + dt.timedelta(days=1)) != first
    assert first.subject_ids == {"invitation": Invitation.objects.get().pk}


def test_without_an_address_or_against_their_wish_nobody_is_mailed(in_scope, coordinator, now):
    with pytest.raises(NoEmailAddress):
        plan(make_participant(in_scope, email=""), coordinator, now)
    with pytest.raises(MessagesStopped):
        plan(make_participant(in_scope, messages_stopped_at=now), coordinator, now)
    assert OutboundMessage.objects.count() == 0
    assert Invitation.objects.count() == 0


def test_the_mail_holds_a_neutral_sentence_and_a_link_that_opens(anna, coordinator, now):
    mail = render(plan(anna, coordinator, now), now)
    assert mail.subject == "Du har fået et kort skema fra Prøve Kommune"
    assert mail.address == anna.email
    assert mail.reply_to == anna.programme.contact_email
    assert "20 12 34 56" in mail.text
    assert "09.05.2026" in mail.text
    for text in (mail.text, mail.html):
        assert open_token(token_in(text), purpose=LINK_PURPOSE, now=now)


def test_the_mail_names_neither_programme_nor_illness_nor_person(anna, coordinator, now):
    mail = render(plan(anna, coordinator, now), now)
    everything = f"{mail.subject}\n{mail.text}\n{mail.html}".lower()
    for word in ("recept", "kultur", "who-5", "trivsel", "stress", "depression", "helbred", "anna", "ærø"):
        assert word not in everything


def test_the_mail_is_written_as_text_and_escaped_as_html(in_scope, coordinator, now):
    in_scope.municipality = "Nord & Syd <Kommune>"
    in_scope.save()
    person = make_participant(in_scope)
    mail = render(plan(person, coordinator, now), now)
    assert "Nord & Syd <Kommune>" in mail.text
    assert "Nord & Syd <Kommune>" in mail.subject
    assert "Nord &amp; Syd &lt;Kommune&gt;" in mail.html


def test_writing_the_mail_again_makes_a_new_link_and_stops_the_old(anna, coordinator, now):
    message = plan(anna, coordinator, now)
    old = token_in(render(message, now).text)
    new = token_in(render(message, now).text)
    with pytest.raises(LinkUnusable):
        open_token(old, purpose=LINK_PURPOSE, now=now)
    assert open_token(new, purpose=LINK_PURPOSE, now=now)


def test_the_mail_is_no_longer_wanted_once_answered_or_stopped(anna, coordinator, now):
    message = plan(anna, coordinator, now)
    assert is_wanted(message, now)
    anna.messages_stopped_at = now
    anna.save()
    message.refresh_from_db()
    assert not is_wanted(message, now)
    assert MEASURE_INVITATION.why_not(message, now) == "Deltageren ønsker ikke beskeder."
    anna.messages_stopped_at = None
    anna.save()
    Invitation.objects.update(answered_at=now)
    message = OutboundMessage.objects.get(pk=message.pk)
    assert not is_wanted(message, now)
    assert MEASURE_INVITATION.why_not(message, now) == "Skemaet er allerede besvaret."


def test_the_kind_is_registered_with_a_danish_label():
    assert get_kind("measure_invitation") is MEASURE_INVITATION
    assert str(MEASURE_INVITATION.label) == "Invitation til skema"


@pytest.mark.django_db(transaction=True)
def test_the_mail_reaches_the_person_and_opens_the_questionnaire(anna, coordinator, client):
    now = timezone.now()
    message = plan(anna, coordinator, now)
    with running_sink() as sink, closing(SmtpChannel()) as channel:
        assert deliver_message(message_id=message.pk, channel=channel, now=now) is Outcome.SENT
        assert deliver_message(message_id=message.pk, channel=channel, now=now) is Outcome.NOTHING_DUE
    (mail,) = sink.mails
    assert mail["To"] == anna.email
    text = mail.get_body(("plain",)).get_content()
    assert client.get(f"/skema/{token_in(text)}/").url == "/skema/"
    assert "I de sidste 2 uger" in client.get("/skema/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_waits_is_called_off_when_the_answer_comes_first(anna, coordinator):
    now = timezone.now()
    message = plan(anna, coordinator, now)
    Invitation.objects.update(answered_at=now)
    with running_sink() as sink, closing(SmtpChannel()) as channel:
        outcome = deliver_message(message_id=message.pk, channel=channel, now=now)
    assert outcome is Outcome.CANCELLED
    assert sink.mails == []
    message.refresh_from_db()
    assert message.cancelled_because == "Skemaet er allerede besvaret."
