"""What a referrer may be told of those they sent, and has not been told.

One definition for planning, for the moment of sending and for the table in docs/. Each condition is a Q
over Referral; the `reader` is the key of whoever follows the referral now: its referrer, or the colleague
who took over. News is what is true now: of two events before the mail goes out the later is told, and a
move that was taken back is not told at all.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When

from messaging.enums import MessageState
from messaging.models import OutboundMessage
from outreach.models import Referrer
from outreach.queries import followed_by
from participants.enums import Outcome, Stage
from participants.models import StageChange
from referrals.enums import News, ToldEnding
from referrals.models import NewsTold, Referral
from referrals.queries import told_to, told_to_referrer

Reader = int | OuterRef

# A beat that was down for a week is made up for; a switch that is put on tells nothing of last year.
TELL_WITHIN = dt.timedelta(days=14)
# Nothing has left with a message in these states; what it would have told may be told by another.
TOLD_NOTHING = (MessageState.PLANNED, MessageState.CANCELLED)

# Four sentences for eight outcomes. Whoever stops, for whatever reason, or says no is told of in the same
# words: a jobcentre must read neither illness nor unwillingness out of a mail. Neither a mistake is told
# nor that two records were one person.
TOLD_ENDINGS: dict[Outcome, ToldEnding] = {
    Outcome.BRIDGED: ToldEnding.COMPLETED,
    Outcome.COMPLETED: ToldEnding.COMPLETED,
    Outcome.REDIRECTED: ToldEnding.MOVED_ON,
    Outcome.UNREACHABLE: ToldEnding.UNREACHABLE,
    Outcome.DECLINED: ToldEnding.ENDED,
    Outcome.STOPPED_ILLNESS: ToldEnding.ENDED,
    Outcome.STOPPED_WORK: ToldEnding.ENDED,
    Outcome.STOPPED_OTHER: ToldEnding.ENDED,
}


@dataclass(frozen=True)
class Event:
    """A piece of news: the move on the path that makes it, and where the person stands while it is true."""

    news: News
    move: Q
    stages: tuple[Stage, ...]
    outcomes: tuple[str, ...] = ("",)

    @property
    def stands(self) -> Q:
        """Match referrals whose person stands where this is the latest truth."""
        return Q(participant__stage__in=self.stages, participant__outcome__in=self.outcomes)


# In the order of the path: whoever was told one of them is not told an earlier one.
EVENTS = (
    Event(News.CONTACT, Q(to_stage=Stage.CONVERSATION), (Stage.CONVERSATION, Stage.READY)),
    Event(News.PLACED, Q(to_stage=Stage.PLACED), (Stage.PLACED,)),
    Event(
        News.STARTED,
        Q(from_stage=Stage.PLACED, to_stage=Stage.ACTIVE),  # back from a pause is no start
        (Stage.ACTIVE, Stage.PAUSED, Stage.COMPLETED, Stage.BRIDGING),
    ),
    Event(News.CLOSED, Q(to_stage=Stage.CLOSED), (Stage.CLOSED,), tuple(TOLD_ENDINGS)),
)


def is_news(now: dt.datetime, *, besides: OutboundMessage | None = None) -> Q:
    """Match referrals with something fresh to tell that happened after the referral and was not told.

    `besides` is a message whose own former attempt does not count as having told.
    """
    told = NewsTold.objects.filter(referral=OuterRef("pk")).exclude(message__state__in=TOLD_NOTHING)
    if besides is not None:
        told = told.exclude(message=besides)
    found = Q()
    for place, event in enumerate(EVENTS):
        move = StageChange.objects.filter(
            event.move,
            participant=OuterRef("participant"),
            at__gte=OuterRef("received_at"),
            at__gt=now - TELL_WITHIN,
        )
        this_or_later = [later.news for later in EVENTS[place:]]
        found |= event.stands & Exists(move) & ~Exists(told.filter(news__in=this_or_later))
    return found


def is_followed(reader: Reader) -> Q:
    """Match the referrals that the reader follows: their own, and what they have taken over."""
    return Q(referrer__in=followed_by(reader))


def is_agreed() -> Q:
    """Match referrals whose person agrees, now, that the one who sent them hears how it goes."""
    return told_to_referrer()


def is_agreed_with(reader: Reader) -> Q:
    """Match referrals whose person agrees, now, that this very reader hears how it goes."""
    return told_to(reader)


def is_on_for_programme() -> Q:
    """Match referrals whose news the programme has not switched off."""
    return _any_event(lambda switch: Q(**{f"programme__{switch}": True}))


def is_on_for(reader: Reader) -> Q:
    """Match referrals whose news the reader has not switched off."""
    key = OuterRef(reader) if isinstance(reader, OuterRef) else reader  # from within one query more
    wants = Referrer.objects.filter(pk=key)
    return _any_event(lambda switch: Q(Exists(wants.filter(**{switch: True}))))


def _any_event(holds: Callable[[str], Q]) -> Q:
    found = Q()
    for event in EVENTS:
        found |= event.stands & holds(f"news_{event.news.value}")
    return found


def fresh_news(now: dt.datetime) -> QuerySet[Referral]:
    """Return the referrals of which there is something to tell to whoever follows them."""
    found: QuerySet[Referral] = Referral.objects.filter(
        is_news(now), is_agreed(), is_on_for_programme(), referrer__isnull=False
    )
    return found


def news_to_tell(
    now: dt.datetime, reader: Reader, *, besides: OutboundMessage | None = None
) -> QuerySet[Referral]:
    """Return the referrals of which the reader is to hear, each with `news`; oldest referral first."""
    whens = [When(event.stands, then=Value(event.news.value)) for event in EVENTS]
    found: QuerySet[Referral] = (
        Referral.objects.filter(
            is_news(now, besides=besides),
            is_followed(reader),
            is_agreed_with(reader),
            is_on_for_programme(),
            is_on_for(reader),
        )
        .annotate(news=Case(*whens, output_field=CharField()))
        .select_related("participant")
        .order_by("received_at", "pk")
    )
    return found


def what_was_told() -> QuerySet[NewsTold]:
    """Return what left, or may have left, each with its message; oldest first."""
    told: QuerySet[NewsTold] = (
        NewsTold.objects.exclude(message__state__in=TOLD_NOTHING).select_related("message").order_by("pk")
    )
    return told


def sentence_of(referral: Referral) -> str:
    """Return what is told of a referral of `news_to_tell`: neutral, and naming nobody."""
    news = News(referral.news)  # type: ignore[attr-defined]
    if news == News.CLOSED:
        return str(TOLD_ENDINGS[Outcome(referral.participant.outcome)].label)
    return str(news.label)
