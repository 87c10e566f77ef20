"""Drawing and releasing reminders: whoever is due is drawn once for an occasion, and released in time.

Any number of planners at once draw each referrer once: they take turns at the programme's rules, and the
database holds a round to one reminder for each. Whether it is still wanted is asked when it is sent.
"""

import datetime as dt
import logging
import secrets
from collections.abc import Iterable

from django.db import OperationalError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils.timezone import localdate
from django_scopes import scope
from psycopg2.errors import LockNotAvailable

from accounts.models import Programme, User
from core.danish import COPENHAGEN, is_quiet
from messaging.doorbell import ringing_once
from messaging.enums import MessageState
from messaging.models import OutboundMessage
from messaging.services import plan_message
from outreach.models import Referrer
from referrals.effect import halves
from referrals.enums import Audience, DrawnHalf, MessageKind, NudgeMode, NudgeState, Trigger
from referrals.models import Nudge, NudgeRound, NudgeRule
from referrals.triggers import TRIGGERS, Occasion, not_heard_from, still_true

logger = logging.getLogger(__name__)

# Those drawn to be reminded later wait so long, and so long referrals are counted of both halves.
LATER_DAYS = 21
# A proposal that nobody has approved by then tells of a week ago.
LAPSES_AFTER = dt.timedelta(days=7)
RELEASED_AT_ONCE = 200

RULE_OFF = "Reglen er slået fra."
PROGRAMME_OFF = "Programmet har slået påmindelser fra."
LAPSED = f"Ikke godkendt inden for {LAPSES_AFTER.days} dage."
HEARD_FROM = "Henviseren har sendt en henvisning i mellemtiden."
NOT_REACHABLE = "Henviseren er stoppet, holder pause, eller adressen virker ikke."

AUDIENCES: dict[Audience, Q] = {
    Audience.ALL: Q(),
    Audience.KEY_PERSONS: Q(is_key_person=True),
    Audience.AMBASSADORS: Q(is_ambassador=True),
    Audience.LEADERS: Q(is_leader=True),
}


def plan_nudges(*, now: dt.datetime) -> int:
    """Draw who is due by each rule of each programme, and release those whose time has come.

    Return how many were proposed or planned now.
    """
    released = 0
    for programme in Programme.objects.order_by("pk"):
        with scope(programme=programme), ringing_once():
            if programme.nudges_on and not _is_quiet(programme, now):
                _draw_unless_another_does(programme, now)
            released += release_due(programme=programme, now=now)
            drop_stale(programme=programme, now=now)
    return released


def _draw_unless_another_does(programme: Programme, now: dt.datetime) -> None:
    """Draw whoever is due; where another planner takes long over it, leave it to that one and go on."""
    try:
        draw_due(programme=programme, now=now)
    except OperationalError as fault:
        if not isinstance(fault.__cause__, LockNotAvailable):
            raise
        logger.warning("Reminders of programme %s are being drawn by another planner.", programme.pk)


def _is_quiet(programme: Programme, now: dt.datetime) -> bool:
    """Say whether reminders wait for August or January.

    Nobody is drawn then: those to be reminded at once would get it on the same day as the later half.
    """
    return is_quiet(
        localdate(now), quiet_july=programme.quiet_july, quiet_christmas=programme.quiet_christmas
    )


# --- Drawing ---------------------------------------------------------------------------------------


@transaction.atomic
def draw_due(*, programme: Programme, now: dt.datetime) -> None:
    """Draw whoever is due by a rule that is on, by the most pressing rule first."""
    rules = list(NudgeRule.objects.select_for_update(no_key=True).filter(programme=programme).order_by("pk"))
    order = list(Trigger)
    for rule in sorted(rules, key=lambda each: order.index(Trigger(each.trigger))):
        if rule.is_on:
            for occasion in TRIGGERS[Trigger(rule.trigger)].occasions(rule, now):
                _draw(programme, rule, occasion, now)


def _draw(programme: Programme, rule: NudgeRule, occasion: Occasion, now: dt.datetime) -> None:
    due = list(due_referrers(programme, rule, occasion, now).values_list("pk", flat=True))
    if not due:
        return
    round_, _ = NudgeRound.objects.get_or_create(
        rule=rule,
        occasion=occasion.key,
        defaults={
            "programme": programme,
            "cohort": occasion.cohort,
            "activity": occasion.activity,
            "seed": secrets.randbits(62),
            "is_measured": rule.is_measured,
            "opened_at": now,
        },
    )
    drawn = _halves(round_, due) if round_.is_measured and rule.is_measured else {}
    later = dt.datetime.combine(
        localdate(now) + dt.timedelta(days=LATER_DAYS), dt.time.min, tzinfo=COPENHAGEN
    )
    Nudge.objects.bulk_create(
        (
            Nudge(
                programme=programme,
                round=round_,
                referrer_id=pk,
                half=drawn.get(pk, ""),
                drawn_at=now,
                due_at=later if drawn.get(pk) == DrawnHalf.LATER else now,
            )
            for pk in due
        ),
        batch_size=1000,
        ignore_conflicts=True,
    )


def _halves(round_: NudgeRound, due: Iterable[int]) -> dict[int, DrawnHalf]:
    before = round_.nudges.exclude(half="").count()
    return {pk: DrawnHalf(half) for pk, half in halves(round_.seed, due, after=before).items()}


def due_referrers(
    programme: Programme, rule: NudgeRule, occasion: Occasion, now: dt.datetime
) -> QuerySet[Referrer]:
    """Return those whom the rule reaches on the occasion, and who may be reminded of anything now.

    Whoever waits for another reminder is left in peace, or a measured round would compare two of them.
    """
    nudges = Nudge.objects.filter(referrer=OuterRef("pk"))
    by_this_rule = nudges.filter(round__rule=rule).annotate(
        last_at=Greatest("due_at", "message__send_after", "message__sent_at")
    )
    found: QuerySet[Referrer] = (
        Referrer.objects.filter(programme=programme)
        .reachable(now)
        .filter(AUDIENCES[Audience(rule.audience)], occasion.whom)
        .filter(
            ~Exists(nudges.filter(round__rule=rule, round__occasion=occasion.key)),
            ~Exists(by_this_rule.filter(last_at__gt=now - dt.timedelta(days=rule.cap_days))),
            ~Exists(nudges.open()),
            ~Exists(_sent_lately(programme, now)),
        )
        .order_by("pk")
    )
    if rule.organisation_kind:
        found = found.filter(organisation__kind=rule.organisation_kind)
    return found


def _sent_lately(programme: Programme, now: dt.datetime) -> QuerySet[OutboundMessage]:
    sent: QuerySet[OutboundMessage] = OutboundMessage.objects.filter(
        referrer=OuterRef("pk"),
        kind=MessageKind.NUDGE,
        state__in=[MessageState.SENT, MessageState.UNCERTAIN, MessageState.RETURNED],
        claimed_at__gt=now - dt.timedelta(days=programme.nudge_gap_days),
    )
    return sent


# --- Releasing -------------------------------------------------------------------------------------


def release_due(*, programme: Programme, now: dt.datetime) -> int:
    """Plan, or propose to the coordinator, every reminder whose time has come; return how many."""
    released = 0
    while True:
        with transaction.atomic():
            batch = list(
                Nudge.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
                .select_related("round__rule", "referrer", "programme")
                .filter(programme=programme, state=NudgeState.WAITING, due_at__lte=now)
                .order_by("due_at", "pk")[:RELEASED_AT_ONCE]
            )
            if not batch:
                return released
            fallen = _fallen_away(batch, now)
            for nudge in batch:
                because = fallen.get(nudge.pk) or _switched_off(nudge)
                if because:
                    drop(nudge, because, by=None, now=now)
                elif nudge.round.rule.mode == NudgeMode.APPROVE:
                    nudge.state, nudge.proposed_at = NudgeState.PROPOSED, now
                    nudge.save(update_fields=["state", "proposed_at"])
                else:
                    plan(nudge, by=None, now=now)
                released += 0 if because else 1


def _switched_off(nudge: Nudge) -> str:
    if not nudge.programme.nudges_on:
        return PROGRAMME_OFF
    return "" if nudge.round.rule.is_on else RULE_OFF


def _fallen_away(batch: list[Nudge], now: dt.datetime) -> dict[int, str]:
    """Return why some are not even proposed, by key; what goes by itself is asked when it is sent."""
    asked = [nudge for nudge in batch if nudge.round.rule.mode == NudgeMode.APPROVE]
    if not asked:
        return {}
    nudges = Nudge.objects.filter(pk__in=[nudge.pk for nudge in asked])
    reachable = Referrer.objects.reachable(now)
    fallen = {
        nudge.pk: TRIGGERS[Trigger(nudge.round.rule.trigger)].why_not
        for nudge in nudges.exclude(still_true(now)).select_related("round__rule")
    }
    fallen |= dict.fromkeys(nudges.exclude(not_heard_from(now)).values_list("pk", flat=True), HEARD_FROM)
    unreachable = nudges.exclude(Exists(reachable.filter(pk=OuterRef("referrer"))))
    return fallen | dict.fromkeys(unreachable.values_list("pk", flat=True), NOT_REACHABLE)


def plan(nudge: Nudge, *, by: User | None, now: dt.datetime) -> None:
    """Plan the reminder's one message; inside a transaction that has locked it."""
    nudge.message = plan_message(
        programme=nudge.programme,
        kind=MessageKind.NUDGE,
        unique_key=f"nudge:{nudge.pk}",
        referrer=nudge.referrer,
        subject_ids={"nudge": nudge.pk},
        now=now,
    )
    nudge.state, nudge.decided_at, nudge.decided_by = NudgeState.PLANNED, now, by
    nudge.save(update_fields=["state", "decided_at", "decided_by", "message"])


def drop(nudge: Nudge, because: str, *, by: User | None, now: dt.datetime) -> None:
    """Keep the reminder from being sent, and why; inside a transaction that has locked it."""
    nudge.state, nudge.decided_at, nudge.decided_by = NudgeState.DROPPED, now, by
    nudge.dropped_because = because
    nudge.save(update_fields=["state", "decided_at", "decided_by", "dropped_because"])


@transaction.atomic
def drop_stale(*, programme: Programme, now: dt.datetime) -> None:
    """Drop proposals that nobody approved in time, and all that is not on its way of what is switched off."""
    undecided = Nudge.objects.filter(programme=programme, state__in=[NudgeState.WAITING, NudgeState.PROPOSED])
    late = undecided.filter(state=NudgeState.PROPOSED, proposed_at__lte=now - LAPSES_AFTER)
    _drop_all(late, LAPSED, now)
    _drop_all(undecided.filter(round__rule__in=NudgeRule.objects.filter(is_on=False)), RULE_OFF, now)
    if not programme.nudges_on:
        _drop_all(undecided, PROGRAMME_OFF, now)


def _drop_all(nudges: QuerySet[Nudge], because: str, now: dt.datetime) -> None:
    nudges.update(state=NudgeState.DROPPED, dropped_because=because, decided_at=now)
