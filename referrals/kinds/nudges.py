"""Reminders to referrers: whatever the rule, all is asked again in the statement that claims the message."""

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db.models import DateTimeField, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, Value
from django.utils import translation

from courses.models import Cohort
from messaging.enums import MessageState
from messaging.kinds import Kind, Rendered, Rule, render_message
from messaging.models import OutboundMessage
from messaging.rules import switched_on
from outreach import rules as referrers
from outreach.models import Referrer
from referrals.enums import MessageKind, Trigger
from referrals.kinds.recipients import referrer_of
from referrals.models import Nudge, NudgeRound, NudgeRule
from referrals.nudge_facts import Background, background_of, facts_for
from referrals.nudge_texts import STANDARD, Words, filled
from referrals.services.links import ReferrerLinks, links_of_each
from referrals.triggers import TRIGGERS, not_heard_from, still_true

# A message in these states has reached somebody, or may have.
REACHED = (MessageState.CLAIMED, MessageState.SENT, MessageState.UNCERTAIN, MessageState.RETURNED)
OTHER_LATELY = "Henviseren har lige fået en anden påmindelse"


# --- Whether it is sent ----------------------------------------------------------------------------


# The base managers: each condition is part of a message's own query, which keeps to the programme. Asked for
# a programme as well, PostgreSQL without fresh statistics looks through all of it for each message.


def _nudge_where(condition: Q) -> Q:
    return Q(Exists(Nudge._base_manager.filter(condition, message=OuterRef("pk"))))


def _no_other_lately(now: dt.datetime) -> Q:
    """Match messages whose recipient was sent no other reminder within the programme's days."""
    a_day = Value(dt.timedelta(days=1), DurationField())
    gap = ExpressionWrapper(F("programme__nudge_gap_days") * a_day, DurationField())
    since = ExpressionWrapper(Value(now, DateTimeField()) - gap, DateTimeField())
    others = OutboundMessage._base_manager.filter(
        kind=MessageKind.NUDGE, state__in=REACHED, referrer=OuterRef("referrer"), claimed_at__gt=since
    )
    return Q(~Exists(others.exclude(pk=OuterRef("pk"))))


def _why_untrue(message: OutboundMessage, now: dt.datetime) -> str:
    nudge = Nudge.objects.select_related("round__rule").get(message=message)
    return TRIGGERS[Trigger(nudge.round.rule.trigger)].why_not


def _why_so_soon(message: OutboundMessage, now: dt.datetime) -> str:
    days = message.programme.nudge_gap_days
    return f"{OTHER_LATELY}. Der skal gå mindst {days} dage imellem."


def lock_recipients(messages: Sequence[OutboundMessage]) -> None:
    """Let two reminders to one referrer be claimed one after the other, so that each sees the other."""
    recipients = [message.referrer_id for message in messages]
    locked = Referrer.objects.select_for_update(no_key=True).filter(pk__in=recipients).order_by("pk")
    list(locked.values_list("pk"))


# --- How it reads ----------------------------------------------------------------------------------


def words_of(rule: NudgeRule, language: str) -> Words:
    """Return the rule's own words in `language`; where it has none, the standard ones."""
    standard = STANDARD[Trigger(rule.trigger)][language]
    return Words(
        getattr(rule, f"subject_{language}") or standard.subject,
        getattr(rule, f"body_{language}") or standard.body,
    )


def write_nudge(
    nudge: Nudge, words: Words, *, links: ReferrerLinks, language: str, background: Background
) -> Rendered:
    """Return the reminder as it leaves: `words` filled in, and under them why it came and how it is stopped.

    `nudge` has its referrer and its round loaded; it need not be stored.
    """
    referrer = nudge.referrer
    with translation.override(language):
        facts = facts_for(referrer, cohort=nudge.round.cohort, own_page=links.page, background=background)
    context = {
        "programme": referrer.programme,
        "subject": filled(words.subject, facts),
        "text": filled(words.body, facts),
        "links": links,
        "trigger": nudge.round.rule.trigger,
    }
    return render_message(
        "referrals/messages/nudge",
        context,
        address=referrer.email,
        reply_to=referrer.programme.contact_email,
        unsubscribe_url=links.page,
        language=language,
    )


def preview_of(
    rule: NudgeRule,
    referrer: Referrer,
    words: Words,
    *,
    language: str,
    now: dt.datetime,
    cohort: Cohort | None = None,
) -> Rendered:
    """Return the reminder as `referrer` would get it, with links that open nothing; nothing is stored."""
    example = f"{settings.SITE_URL}/min-side/"
    links = ReferrerLinks(page=f"{example}…/", not_relevant=f"{example}ikke-relevant/…/")
    nudge = Nudge(referrer=referrer, round=NudgeRound(rule=rule, cohort=cohort))
    background = background_of([referrer], now)
    return write_nudge(nudge, words, links=links, language=language, background=background)


def render_nudge(message: OutboundMessage, now: dt.datetime) -> Rendered:
    """Return the message's reminder in its referrer's language, with a link to their own page."""
    return render_nudges([message], now)[0]


def render_nudges(messages: Sequence[OutboundMessage], now: dt.datetime) -> list[Rendered]:
    """Return the reminders of the messages, all of one programme, in their order; five queries."""
    referrers = [referrer_of(message) for message in messages]
    read = Nudge.objects.select_related("round__rule", "round__cohort").filter(message__in=messages)
    nudges = {nudge.message_id: nudge for nudge in read}
    background, links = background_of(referrers, now), links_of_each(referrers=referrers, now=now)
    return [
        _rendered(nudges[message.pk], referrer, own, background)
        for message, referrer, own in zip(messages, referrers, links, strict=True)
    ]


def _rendered(nudge: Nudge, referrer: Referrer, links: ReferrerLinks, background: Background) -> Rendered:
    nudge.referrer = referrer
    language = referrer.language
    own = Words(nudge.subject, nudge.body) if nudge.body else None
    words = own or words_of(nudge.round.rule, language)
    return write_nudge(nudge, words, links=links, language=language, background=background)


NUDGE = Kind.by_rules(
    referrers.STILL_THERE,
    referrers.NOT_STOPPED,
    referrers.RELEVANT,
    referrers.NOT_ON_PAUSE,
    referrers.HAS_ADDRESS,
    switched_on("nudges_on", "Programmet har slået påmindelser fra."),
    Rule(
        "nudge_rule_on",
        lambda now: _nudge_where(Q(round__rule__is_on=True)),
        "Reglen er slået fra.",
    ),
    Rule(
        "not_heard_from",
        lambda now: _nudge_where(not_heard_from(now)),
        "Henviseren har sendt en henvisning i mellemtiden.",
    ),
    Rule(
        "nudge_still_true",
        lambda now: _nudge_where(still_true(now)),
        "Anledningen er der ikke længere.",
        _why_untrue,
    ),
    Rule("no_other_nudge_lately", _no_other_lately, f"{OTHER_LATELY}.", _why_so_soon),
    name=MessageKind.NUDGE.value,
    label=MessageKind.NUDGE.label,
    render=render_nudge,
    respects_sending_hours=True,
    render_many=render_nudges,
    before_claim=lock_recipients,
)
