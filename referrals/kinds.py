"""The messages of this package: who may get them, and how they read.

None names the citizen or the programme's field; health stands in no mail.
"""

import datetime as dt

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import localdate

from core.danish import add_working_days
from courses.queries import next_cohort_with_seats
from messaging.kinds import Kind, Rendered, render_message
from messaging.models import OutboundMessage
from outreach.models import Referrer
from participants.models import Participant
from referrals.enums import MessageKind
from referrals.models import Referral
from referrals.queries import harvest_of
from referrals.services.links import referrer_page_url


def _referrer_has_address(now: dt.datetime) -> Q:
    # The base manager: the condition is part of a message's own query, which keeps to the programme.
    with_address = Referrer._base_manager.exclude(email_hash="")
    return Q(Exists(with_address.filter(pk=OuterRef("referrer_id"))))


def _citizen_wants_mail(now: dt.datetime) -> Q:
    reachable = Participant._base_manager.filter(messages_stopped_at=None).exclude(email_hash="")
    return Q(Exists(reachable.filter(pk=OuterRef("participant_id"))))


def _call_by(referral: Referral) -> dt.date:
    received_on = localdate(referral.received_at)
    return add_working_days(received_on, referral.programme.first_contact_days)


def render_referral_receipt(message: OutboundMessage, now: dt.datetime) -> Rendered:
    """Return the receipt to the referrer: the reference number and what happens next, no citizen's name."""
    referral = Referral.objects.select_related("programme", "referrer").get(
        pk=message.subject_ids["referral"]
    )
    programme = referral.programme
    referrer = message.referrer
    if referrer is None:
        raise TypeError("A referral's receipt goes to a referrer.")
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
    )


def render_signup_receipt(message: OutboundMessage, now: dt.datetime) -> Rendered:
    """Return the receipt to the citizen: that we call, by when, and whom to call; not what it is about."""
    referral = Referral.objects.select_related("programme").get(pk=message.subject_ids["referral"])
    programme = referral.programme
    participant = message.participant
    if participant is None:
        raise TypeError("A citizen's receipt goes to a participant.")
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
    Kind(
        name=MessageKind.REFERRAL_RECEIPT.value,
        label=MessageKind.REFERRAL_RECEIPT.label,
        eligible=_referrer_has_address,
        render=render_referral_receipt,
        respects_sending_hours=False,
    ),
    Kind(
        name=MessageKind.SIGNUP_RECEIPT.value,
        label=MessageKind.SIGNUP_RECEIPT.label,
        eligible=_citizen_wants_mail,
        render=render_signup_receipt,
        respects_sending_hours=False,
    ),
)


# When a nudge was planned, its referrer had been silent for at least two weeks, the least a programme may
# choose. So a referral of these two weeks has been registered since, even if it was received before.
SILENT_AT_LEAST = dt.timedelta(weeks=2)


def _still_silent(now: dt.datetime) -> Q:
    reachable = Referrer.objects.reachable(now).filter(pk=OuterRef("referrer_id"))
    heard_from = Referral.objects.filter(
        referrer=OuterRef("referrer_id"), received_at__gt=OuterRef("planned_at") - SILENT_AT_LEAST
    )
    return Q(Exists(reachable), ~Exists(heard_from), programme__nudges_on=True)


def why_no_nudge(message: OutboundMessage, now: dt.datetime) -> str:
    """Return in one Danish sentence why the nudge is not sent after all."""
    referrer = _referrer_of(message)
    if referrer.left_on is not None:
        return "Henviseren er stoppet i jobbet."
    if referrer.stopped_at is not None:
        return "Henviseren har frabedt sig påmindelser."
    if referrer.paused_until is not None and referrer.paused_until > now:
        return f"Henviseren holder pause fra påmindelser til {localdate(referrer.paused_until):%d.%m.%Y}."
    if not referrer.email_hash:
        return "Henviseren har ingen e-mailadresse."
    if not message.programme.nudges_on:
        return "Programmet har slået påmindelser fra."
    return "Henviseren har sendt en henvisning i mellemtiden."


def render_silent_referrer(message: OutboundMessage, now: dt.datetime) -> Rendered:
    """Return the nudge: next start, seats, criteria, what came of those they sent, and how to stop it."""
    referrer, programme = _referrer_of(message), message.programme
    page_url = referrer_page_url(referrer=referrer, now=now)
    context = {
        "referrer": referrer,
        "programme": programme,
        "next": next_cohort_with_seats(programme, localdate(now)),
        "harvest": harvest_of(referrer),
        "refer_url": f"{settings.SITE_URL}{reverse('referrals:refer', args=[programme.slug])}",
        "page_url": page_url,
    }
    return render_message(
        "referrals/messages/silent_referrer",
        context,
        address=referrer.email,
        reply_to=programme.contact_email,
        unsubscribe_url=page_url,
    )


def _referrer_of(message: OutboundMessage) -> Referrer:
    if message.referrer is None:
        raise TypeError("A nudge goes to a referrer.")
    return message.referrer


NUDGE = Kind(
    name=MessageKind.SILENT_REFERRER.value,
    label=MessageKind.SILENT_REFERRER.label,
    eligible=_still_silent,
    render=render_silent_referrer,
    respects_sending_hours=True,
    why_not=why_no_nudge,
)
