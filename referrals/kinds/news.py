"""News: one mail a day to a referrer, of what has happened to those they sent."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from messaging.kinds import Kind, Rendered, Rule, render_message
from messaging.models import OutboundMessage
from outreach import rules as referrers
from outreach.models import Referrer
from referrals.enums import MessageKind
from referrals.kinds.recipients import referrer_of
from referrals.models import NewsTold, Referral
from referrals.news import is_agreed, is_news, is_on_for, news_to_tell, sentence_of
from referrals.services.links import referrer_page_url


class NothingToTell(Exception):
    """What was to be told was withdrawn in the moment between the claim and the writing."""


@dataclass(frozen=True)
class Line:
    """One referral in the mail."""

    reference: str
    sentence: str


def _some_referral(*conditions: Q) -> Q:
    own = Referral.objects.filter(*conditions, referrer=OuterRef("referrer_id"))
    return Q(Exists(own))


def render_news(message: OutboundMessage, now: dt.datetime) -> Rendered:
    """Return the mail: a reference number and a neutral sentence for each referral with news.

    Keeps what it tells (`NewsTold`) in the claim's transaction. The referrer's row is locked, so that of
    two mails that are written at once the second knows what the first tells.

    :raises NothingToTell: when nothing is left to tell.
    """
    referrer = Referrer.objects.select_for_update(no_key=True).get(pk=referrer_of(message).pk)
    told = list(news_to_tell(now, besides=message).filter(referrer=referrer))
    if not told:
        raise NothingToTell
    NewsTold.objects.filter(message=message).delete()  # of an attempt that never left
    NewsTold.objects.bulk_create(
        NewsTold(
            programme_id=message.programme_id,
            referral=referral,
            message=message,
            news=referral.news,  # type: ignore[attr-defined]
        )
        for referral in told
    )
    page_url = referrer_page_url(referrer=referrer, now=now)
    context = {
        "referrer": referrer,
        "programme": message.programme,
        "lines": [Line(referral.reference, sentence_of(referral)) for referral in told],
        "page_url": page_url,
    }
    return render_message(
        "referrals/messages/referrer_news",
        context,
        address=referrer.email,
        reply_to=message.programme.contact_email,
        unsubscribe_url=page_url,
        language=referrer.language,
    )


# Each of the last four asks for one thing more of the same referral, so that the first that is broken
# says why: a mail goes where one referral at least has them all.
NEWS = Kind.by_rules(
    referrers.STILL_THERE,
    referrers.HAS_ADDRESS,
    Rule(
        "is_news",
        lambda now: _some_referral(is_news(now)),
        "Der er ikke længere noget nyt at fortælle.",
    ),
    Rule(
        "citizen_agreed",
        lambda now: _some_referral(is_news(now), is_agreed(now)),
        "Borgeren har ikke sagt ja til, at henviseren hører, hvordan det går.",
    ),
    Rule(
        "programme_on",
        lambda now: _some_referral(is_news(now), is_agreed(now), is_on_for("programme")),
        "Programmet har slået beskeden fra.",
    ),
    Rule(
        "referrer_on",
        lambda now: _some_referral(
            is_news(now), is_agreed(now), is_on_for("programme"), is_on_for("referrer")
        ),
        "Henviseren har slået beskeden fra.",
    ),
    name=MessageKind.REFERRER_NEWS.value,
    label=MessageKind.REFERRER_NEWS.label,
    render=render_news,
    respects_sending_hours=True,
    keeps_quiet_periods=False,  # an answer, not a reminder: July or not, the referrer waits for it
)
