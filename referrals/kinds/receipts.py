"""Receipts: what a referrer and a person who signed up get at once."""

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localdate

from messaging.kinds import Kind, Rendered, render_message, sms_message
from messaging.models import OutboundMessage
from messaging.rules import switched_on
from outreach import rules as referrers
from participants import rules as people
from referrals.enums import MessageKind
from referrals.kinds.recipients import participant_of, referrer_of
from referrals.models import Referral
from referrals.services.links import referrer_page_url


def _call_by(referral: Referral) -> dt.date:
    return referral.programme.call_by(localdate(referral.received_at))


def render_referral_receipt(message: OutboundMessage, now: dt.datetime) -> Rendered:
    """Return the receipt to the referrer: the reference number and what happens next, no citizen's name."""
    referral = Referral.objects.select_related("programme", "referrer").get(
        pk=message.subject_ids["referral"]
    )
    programme = referral.programme
    referrer = referrer_of(message)
    context = {
        "reference": referral.reference,
        "programme": programme,
        "call_by": _call_by(referral),
        "about_url": f"{settings.SITE_URL}{reverse('referrals:about', args=[programme.slug])}",
        "page_url": referrer_page_url(referrer=referrer, now=now),
    }
    return render_message(
        "referrals/messages/referral_receipt",
        context,
        address=referrer.email,
        reply_to=programme.contact_email,
        language=referrer.language,
    )


def render_signup_sms(message: OutboundMessage, now: dt.datetime) -> Rendered:
    """Return the receipt as a text message: the municipality, by when we call, and the number to call."""
    referral = Referral.objects.select_related("programme").get(pk=message.subject_ids["referral"])
    participant = participant_of(message)
    return sms_message(
        "referrals/messages/signup_receipt/sms.txt",
        {"programme": referral.programme, "call_by": _call_by(referral)},
        phone=participant.phone,
        language=participant.language,
    )


def render_signup_receipt(message: OutboundMessage, now: dt.datetime) -> Rendered:
    """Return the receipt to the citizen: that we call, by when, and whom to call; not what it is about."""
    referral = Referral.objects.select_related("programme").get(pk=message.subject_ids["referral"])
    programme = referral.programme
    participant = participant_of(message)
    context = {
        "reference": referral.reference,
        "programme": programme,
        "call_by": _call_by(referral),
        "start_url": f"{settings.SITE_URL}{reverse('referrals:start')}",
    }
    return render_message(
        "referrals/messages/signup_receipt",
        context,
        address=participant.email,
        reply_to=programme.contact_email,
        language=participant.language,
    )


RECEIPTS = (
    Kind.by_rules(
        referrers.STILL_THERE,
        referrers.HAS_ADDRESS,
        switched_on("news_receipt"),
        referrers.wants("news_receipt"),
        name=MessageKind.REFERRAL_RECEIPT.value,
        label=MessageKind.REFERRAL_RECEIPT.label,
        render=render_referral_receipt,
        respects_sending_hours=False,
    ),
    Kind.by_rules(
        people.WANTS_MESSAGES,
        people.HAS_ADDRESS,
        switched_on("mail_signup"),
        name=MessageKind.SIGNUP_RECEIPT.value,
        label=MessageKind.SIGNUP_RECEIPT.label,
        render=render_signup_receipt,
        render_sms=render_signup_sms,
        respects_sending_hours=False,
    ),
)
