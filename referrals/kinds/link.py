"""The link to their own page, which a referrer has asked for."""

import datetime as dt

from messaging.kinds import Kind, Rendered, render_message
from messaging.models import OutboundMessage
from outreach import rules as referrers
from referrals.enums import MessageKind
from referrals.kinds.recipients import referrer_of
from referrals.services.links import referrer_page_url


def render_referrer_link(message: OutboundMessage, now: dt.datetime) -> Rendered:
    """Return the link that the referrer asked for."""
    referrer, programme = referrer_of(message), message.programme
    context = {
        "referrer": referrer,
        "programme": programme,
        "page_url": referrer_page_url(referrer=referrer, now=now),
    }
    return render_message(
        "referrals/messages/referrer_link",
        context,
        address=referrer.email,
        reply_to=programme.contact_email,
        language=referrer.language,
    )


# No switch and no stop: somebody has just asked for it.
REFERRER_LINK = Kind.by_rules(
    referrers.STILL_THERE,
    referrers.HAS_ADDRESS,
    name=MessageKind.REFERRER_LINK.value,
    label=MessageKind.REFERRER_LINK.label,
    render=render_referrer_link,
    respects_sending_hours=False,
)
