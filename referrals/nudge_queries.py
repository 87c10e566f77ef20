"""Reads of reminders for the coordinator: the rules, what waits for a yes, what was not sent, what works."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Count,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Value,
)

from messaging.enums import MessageState
from referrals.effect import Effect, Finding, Half, Observed, effect_of
from referrals.enums import DrawnHalf, NudgeState, Trigger
from referrals.models import Nudge, NudgeRound, NudgeRule, Referral
from referrals.services.nudges import LAPSES_AFTER, LATER_DAYS

WINDOW = dt.timedelta(days=LATER_DAYS)
# What left but did not arrive, or never left; each has its reason.
NOT_ARRIVED = (
    MessageState.CANCELLED,
    MessageState.FAILED,
    MessageState.UNCERTAIN,
    MessageState.RETURNED,
)
RETURNED = "Mailen kom retur."


# --- The rules -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RuleLine:
    """A rule as the list shows it; `effect` is one sentence."""

    rule: NudgeRule
    last_sent_at: dt.datetime | None
    waiting: int
    effect: str


def rules_overview(now: dt.datetime) -> list[RuleLine]:
    """Return every rule, the most pressing first; two queries."""
    order = list(Trigger)
    rules = NudgeRule.objects.annotate(
        last_sent_at=Max("rounds__nudges__message__sent_at"),
        waiting=Count("rounds__nudges", filter=Q(rounds__nudges__state=NudgeState.PROPOSED)),
    )
    seen = observations(now)
    return [
        RuleLine(rule, rule.last_sent_at, rule.waiting, effect_in_short(rule, effect_of(seen[rule.pk])))
        for rule in sorted(rules, key=lambda each: order.index(Trigger(each.trigger)))
    ]


def waiting_count() -> int:
    """Return how many reminders wait for a yes."""
    count: int = Nudge.objects.proposed().count()
    return count


# --- What waits, and what was not sent -------------------------------------------------------------


def proposals() -> QuerySet[Nudge]:
    """Return what waits for a yes, oldest first, with all that the list shows."""
    found: QuerySet[Nudge] = (
        Nudge.objects.proposed()
        .select_related("referrer__organisation", "round__rule", "round__cohort", "round__activity")
        .order_by("proposed_at", "pk")
    )
    return found


def lapses_at(nudge: Nudge) -> dt.datetime:
    """Return when the proposal lapses if nobody approves it."""
    return (nudge.proposed_at or nudge.drawn_at) + LAPSES_AFTER


@dataclass(frozen=True)
class UnsentLine:
    """A reminder that did not arrive, when that was clear, and why."""

    nudge: Nudge
    at: dt.datetime
    because: str


def not_sent() -> QuerySet[Nudge]:
    """Return what was dropped, cancelled or did not arrive, newest first."""
    found: QuerySet[Nudge] = (
        Nudge.objects.filter(Q(state=NudgeState.DROPPED) | Q(message__state__in=NOT_ARRIVED))
        .select_related("referrer", "round__rule", "message", "decided_by")
        .order_by("-decided_at", "-pk")
    )
    return found


def unsent_line(nudge: Nudge) -> UnsentLine:
    """Return `nudge`, one of `not_sent`, with its reason in words."""
    message = nudge.message
    at = nudge.decided_at or nudge.drawn_at
    if message is None:
        return UnsentLine(nudge, at, nudge.dropped_because)
    because = RETURNED if message.state == MessageState.RETURNED else ""
    return UnsentLine(nudge, at, because or message.cancelled_because or message.fault)


# --- What works ------------------------------------------------------------------------------------


def observations(now: dt.datetime, rule: NudgeRule | None = None) -> dict[int, list[Observed]]:
    """Return what came of everybody drawn whose three weeks have passed, by the rule's key; one query.

    Counted is a referral received within the three weeks from the draw, by the half they were drawn into,
    whatever became of the reminder: leaving out those who were not sent one would compare unlike people.
    """
    rows = _drawn(now)
    if rule is not None:
        rows = rows.filter(round__rule=rule)
    seen: dict[int, list[Observed]] = defaultdict(list)
    for rule_pk, half, referred in rows.order_by("drawn_at", "pk").values_list(
        "round__rule", "half", "referred"
    ):
        seen[rule_pk].append(Observed(Half(half), referred))
    return seen


def _drawn(now: dt.datetime) -> Any:  # annotated, which the types of a QuerySet do not tell
    ends = ExpressionWrapper(OuterRef("drawn_at") + Value(WINDOW, DurationField()), DateTimeField())
    came = Referral.objects.filter(
        referrer=OuterRef("referrer"), received_at__gt=OuterRef("drawn_at"), received_at__lte=ends
    )
    return Nudge.objects.exclude(half="").filter(drawn_at__lte=now - WINDOW).annotate(referred=Exists(came))


@dataclass(frozen=True)
class RoundLine:
    """A round with its halves: of those drawn whose weeks have passed, how many referred."""

    round: NudgeRound
    name: str
    now_drawn: int
    now_referred: int
    later_drawn: int
    later_referred: int


def rounds_of(rule: NudgeRule, now: dt.datetime) -> list[RoundLine]:
    """Return the rule's measured rounds whose weeks have passed, newest first; two queries."""
    counts = {
        row["round"]: row
        for row in _drawn(now)
        .filter(round__rule=rule)
        .values("round")
        .annotate(
            now_drawn=Count("pk", filter=Q(half=DrawnHalf.NOW)),
            now_referred=Count("pk", filter=Q(half=DrawnHalf.NOW, referred=True)),
            later_drawn=Count("pk", filter=Q(half=DrawnHalf.LATER)),
            later_referred=Count("pk", filter=Q(half=DrawnHalf.LATER, referred=True)),
        )
    }
    rounds = NudgeRound.objects.filter(pk__in=counts).select_related("cohort", "activity")
    return [
        RoundLine(
            each,
            round_name(each),
            **{name: number for name, number in counts[each.pk].items() if name != "round"},
        )
        for each in rounds.order_by("-opened_at", "-pk")
    ]


def round_name(round_: NudgeRound) -> str:
    """Return what the round was about, in words."""
    if round_.cohort is not None:
        return str(round_.cohort)
    if round_.activity is not None:
        return str(round_.activity)
    kind, _, when = round_.occasion.partition(":")
    if kind == "half":
        year, _, half = when.partition("-")
        return f"{half}. halvår {year}"
    if kind == "month":
        year, _, month = when.partition("-")
        return f"{month}.{year}"
    return round_.occasion


def points(share: float | None) -> str:
    """Return a share from −1 to 1 in percentage points with a sign and a decimal comma; "–" of nothing."""
    if share is None:
        return "–"
    written = f"{abs(share) * 100:.1f}".replace(".", ",")
    return written if written == "0,0" else f"{'+' if share > 0 else '−'}{written}"


def effect_in_short(rule: NudgeRule, effect: Effect) -> str:
    """Return what is known of the rule in one sentence."""
    drawn = min(effect.now.n, effect.later.n)
    if effect.finding == Finding.NOT_ENOUGH:
        if not drawn and not rule.is_measured:
            return "Måles ikke"
        return f"Ikke nok endnu: {drawn} af {effect.next_look} i hver halvdel"
    if effect.finding in (Finding.MORE, Finding.FEWER):
        more = "flere" if effect.finding == Finding.MORE else "færre"
        return f"Giver {more} henvisninger: {points(effect.difference)} procentpoint"
    if effect.finding == Finding.NO_DIFFERENCE:
        return "Ingen forskel fundet"
    return "Ingen klar forskel endnu"
