"""Nudges: what a referrer gets who has been silent for some weeks."""

import datetime as dt

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import localdate

from courses.queries import next_cohort_with_seats
from messaging.kinds import Kind, Rendered, Rule, render_message
from messaging.models import OutboundMessage
from messaging.rules import switched_on
from outreach import rules as referrers
from referrals.enums import MessageKind
from referrals.kinds.recipients import referrer_of
from referrals.models import Referral
from referrals.queries import harvest_of
from referrals.services.links import referrer_page_url

# When a nudge was planned, its referrer had been silent for at least two weeks, the least a programme may
# choose. So a referral of these two weeks has been registered since, even if it was received before.
SILENT_AT_LEAST = dt.timedelta(weeks=2)


def _still_silent(now: dt.datetime) -> Q:
    heard_from = Referral.objects.filter(
        referrer=OuterRef("referrer_id"), received_at__gt=OuterRef("planned_at") - SILENT_AT_LEAST
    )
    return Q(~Exists(heard_from))


def render_silent_referrer(message: OutboundMessage, now: dt.datetime) -> Rendered:
    """Return the nudge: next start, seats, criteria, what came of those they sent, and how to stop it."""
    referrer, programme = referrer_of(message), message.programme
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
        language=referrer.language,
    )


NUDGE = Kind.by_rules(
    referrers.STILL_THERE,
    referrers.NOT_STOPPED,
    referrers.NOT_ON_PAUSE,
    referrers.HAS_ADDRESS,
    switched_on("nudges_on", "Programmet har slået påmindelser fra."),
    Rule("still_silent", _still_silent, "Henviseren har sendt en henvisning i mellemtiden."),
    name=MessageKind.SILENT_REFERRER.value,
    label=MessageKind.SILENT_REFERRER.label,
    render=render_silent_referrer,
    respects_sending_hours=True,
)
