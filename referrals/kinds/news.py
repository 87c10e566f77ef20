"""News: one mail a day to a referrer, of what has happened to those they sent or have taken over."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from messaging.kinds import Kind, Rendered, Rule, render_message
from messaging.models import OutboundMessage
from outreach import rules as referrers
from outreach.models import Referrer
from outreach.queries import followed_by
from referrals.enums import MessageKind
from referrals.kinds.recipients import referrer_of
from referrals.models import NewsTold, Referral
from referrals.news import (
    is_agreed,
    is_agreed_with,
    is_followed,
    is_news,
    is_on_for_programme,
    news_to_tell,
    sentence_of,
)
from referrals.services.links import referrer_page_url

READER = OuterRef("referrer_id")


class NothingToTell(Exception):
    """What was to be told was withdrawn in the moment between the claim and the writing."""


@dataclass(frozen=True)
class Line:
    """One referral in the mail."""

    reference: str
    sentence: str
    taken_over: bool


def _some_referral(*conditions: Q) -> Q:
    return Q(Exists(Referral.objects.filter(is_followed(READER), *conditions)))


def _locked_reader(message: OutboundMessage) -> Referrer:
    """Return the message's reader, when everybody whose referrals they follow is locked too.

    Of two mails that are written at once the second then knows what the first tells, and who takes over
    is not changed while it is told.
    """
    reader = referrer_of(message)
    followed = Referrer.objects.filter(pk__in=followed_by(reader.pk)).order_by("pk")
    locked = {one.pk: one for one in followed.select_for_update(no_key=True)}
    return locked[reader.pk]


def render_news(message: OutboundMessage, now: dt.datetime) -> Rendered:
    """Return the mail: a reference number and a neutral sentence for each referral with news.

    Keeps what it tells (`NewsTold`) in the claim's transaction.

    :raises NothingToTell: when nothing is left to tell.
    """
    reader = _locked_reader(message)
    told = list(news_to_tell(now, reader.pk, besides=message))
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
    page_url = referrer_page_url(referrer=reader, now=now)
    lines = [
        Line(referral.reference, sentence_of(referral), taken_over=referral.referrer_id != reader.pk)
        for referral in told
    ]
    context = {
        "referrer": reader,
        "programme": message.programme,
        "lines": lines,
        "some_taken_over": any(line.taken_over for line in lines),
        "page_url": page_url,
    }
    return render_message(
        "referrals/messages/referrer_news",
        context,
        address=reader.email,
        reply_to=message.programme.contact_email,
        unsubscribe_url=page_url,
        language=reader.language,
    )


# Each of the last five asks for one thing more of the same referral, so that the first that is broken
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
        lambda now: _some_referral(is_news(now), is_agreed()),
        "Borgeren har ikke sagt ja til, at henviseren hører, hvordan det går.",
    ),
    Rule(
        "colleague_named",
        lambda now: _some_referral(is_news(now), is_agreed_with(READER)),
        "Borgeren har ikke sagt ja til, at den, der har overtaget, hører, hvordan det går.",
    ),
    Rule(
        "programme_on",
        lambda now: _some_referral(is_news(now), is_agreed_with(READER), is_on_for_programme()),
        "Programmet har slået beskeden fra.",
    ),
    Rule(
        "referrer_on",
        lambda now: Q(Exists(news_to_tell(now, READER))),
        "Henviseren har slået beskeden fra.",
    ),
    name=MessageKind.REFERRER_NEWS.value,
    label=MessageKind.REFERRER_NEWS.label,
    render=render_news,
    respects_sending_hours=True,
    keeps_quiet_periods=False,  # an answer, not a reminder: July or not, the referrer waits for it
)
