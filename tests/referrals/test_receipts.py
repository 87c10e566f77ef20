"""The receipts as they are mailed: what they say, and above all what they do not."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Programme
from messaging.kinds import Rendered, get_kind
from messaging.models import OutboundMessage
from participants.models import Participant
from referrals.enums import ReferralKind
from referrals.models import Referral
from referrals.services import Answers, receive_referral
from tests.referrals.answers import own_answers, referral_answers

pytestmark = pytest.mark.usefixtures("in_scope")


def received(programme: Programme, kind: ReferralKind, answers: Answers, now: dt.datetime) -> Referral:
    key = "00000000-0000-4000-8000-000000000001"
    return receive_referral(programme=programme, kind=kind, answers=answers, submission_key=key, now=now)


def letter(now: dt.datetime) -> Rendered:
    message = OutboundMessage.objects.get()
    return get_kind(message.kind).render(message, now)


def everything(rendered: Rendered) -> str:
    return "\n".join([rendered.subject, rendered.text, rendered.html])


def eligible(now: dt.datetime) -> bool:
    message = OutboundMessage.objects.get()
    condition = get_kind(message.kind).eligible(now)
    return OutboundMessage.objects.filter(condition, pk=message.pk).exists()


def test_the_referrers_receipt_tells_number_day_and_whom_to_call(
    programme: Programme, now: dt.datetime
) -> None:
    referral = received(programme, ReferralKind.JOBCENTRE, referral_answers(), now)

    rendered = letter(now)

    assert rendered.address == "henrik@jobcenter.example"
    assert rendered.reply_to == programme.contact_email
    assert referral.reference in rendered.subject
    for part in (rendered.text, rendered.html):
        assert referral.reference in part
        assert "13.03.2026" in part
        assert "20 12 34 56" in part
        assert "http://testserver/om/kultur/" in part


def test_the_referrers_receipt_names_no_citizen_and_nothing_said(
    programme: Programme, now: dt.datetime
) -> None:
    received(programme, ReferralKind.JOBCENTRE, referral_answers(), now)

    mail = everything(letter(now))

    for said in ("Åse-Marie", "Ærøskøbing", "Å.Æ.", "Mangler", "Sygedagpenge", "trapper", "1979", "6700"):
        assert said not in mail


def test_the_referrers_receipt_leads_to_their_own_page(
    programme: Programme, now: dt.datetime, client: Client
) -> None:
    received(programme, ReferralKind.JOBCENTRE, referral_answers(), now)
    rendered = letter(timezone.now())

    [path] = re.findall(r"http://testserver(/min-side/\S+)", rendered.text)

    assert client.get(path, follow=True).status_code == 200


def test_the_citizens_receipt_tells_municipality_number_and_day(
    programme: Programme, now: dt.datetime
) -> None:
    referral = received(programme, ReferralKind.SELF, own_answers(), now)

    rendered = letter(now)

    assert rendered.address == "anna@borger.example"
    assert rendered.reply_to == programme.contact_email
    assert programme.municipality in rendered.subject
    for part in (rendered.text, rendered.html):
        assert referral.reference in part
        assert "13.03.2026" in part
        assert programme.contact_name in part


def test_the_citizens_receipt_says_nothing_of_what_it_is_about(
    programme: Programme, now: dt.datetime
) -> None:
    # A mail stands on a shared screen: neither the programme's name nor a word of health.
    received(programme, ReferralKind.SELF, own_answers(reason="Jeg har angst"), now)

    mail = everything(letter(now)).lower()

    for word in ("recept", "kultur", "angst", "stress", "depression", "trivsel", "sundhed", "anna", "hold"):
        assert not re.search(rf"\b{word}", mail), word


def test_a_subject_is_one_line(programme: Programme, now: dt.datetime) -> None:
    programme.municipality = "Prøve & Søn Kommune"
    programme.save()
    received(programme, ReferralKind.SELF, own_answers(), now)

    rendered = letter(now)

    assert "\n" not in rendered.subject
    assert "Prøve & Søn Kommune" in rendered.subject
    assert "Prøve & Søn Kommune" in rendered.text


def test_a_citizen_who_stopped_messages_gets_no_receipt(programme: Programme, now: dt.datetime) -> None:
    received(programme, ReferralKind.SELF, own_answers(), now)
    assert eligible(now)

    Participant.objects.update(messages_stopped_at=now)

    assert not eligible(now)


def test_a_referrer_without_an_address_gets_no_receipt(programme: Programme, now: dt.datetime) -> None:
    referral = received(programme, ReferralKind.JOBCENTRE, referral_answers(), now)
    assert eligible(now)

    type(referral.referrer).objects.update(email="", email_hash="")

    assert not eligible(now)
