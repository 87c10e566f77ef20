"""When a rule has somebody due, and whether that is still so: one definition for planning and for sending.

`occasions` says on what there is something to say, and to whom besides the rule's audience; `still_true`
is a condition over Nudge that the statement which claims the message asks once more.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from courses.enums import SEAT_TAKING
from courses.models import Cohort
from outreach.enums import ActivityKind, ActivityState
from outreach.models import Activity, Referrer
from referrals.enums import DrawnHalf, Trigger
from referrals.models import NudgeRule, Referral

# A cohort counts as new, a visit or a change as fresh, for so long after the rule's own wait.
FRESH = dt.timedelta(days=30)
# Nobody is asked for a cohort that begins tomorrow: there is no time left to talk with the person.
TOO_LATE_DAYS = 2
# Fewer seats taken than this is "lacks people".
UNDER_FILLED_PERCENT = 50
# Whoever is silent has been so for two weeks at least, the least a rule may wait. So a referral of these
# two weeks has been registered since the reminder was drawn, even if it was received before.
SILENT_AT_LEAST = dt.timedelta(weeks=2)
# Thanks go to those who have sent somebody within a year.
THANKED_WITHIN = dt.timedelta(days=365)
VISITS = (ActivityKind.VISIT, ActivityKind.TALK, ActivityKind.INFORMATION_MEETING)


@dataclass(frozen=True)
class Occasion:
    """Something to say once: `key` names it for ever, `whom` is a condition over Referrer."""

    key: str
    whom: Q = field(default_factory=Q)
    cohort: Cohort | None = None
    activity: Activity | None = None


@dataclass(frozen=True)
class TriggerSpec:
    """What a trigger means. `wait_label` says on the rule's page what its days are counted from."""

    occasions: Callable[[NudgeRule, dt.datetime], list[Occasion]]
    still_true: Callable[[dt.datetime], Q]
    why_not: str
    wait_label: str
    about: str
    least_wait: int = 0
    # "Stop when a referral has come in": news and thanks are no asking, so they are told all the same.
    ends_with_referral: bool = True


# --- Cohorts ---------------------------------------------------------------------------------------


def _open_cohorts(now: dt.datetime) -> QuerySet[Cohort]:
    """Return cohorts that one can still join in good time, with a free seat; first to start first."""
    earliest = localdate(now) + dt.timedelta(days=TOO_LATE_DAYS)
    cohorts: QuerySet[Cohort] = (
        Cohort.objects.filter(starts_on__gte=earliest, cancelled_at=None)
        .annotate(taken=Count("enrolments", filter=Q(enrolments__state__in=SEAT_TAKING)))
        .filter(taken__lt=F("capacity"))
        .order_by("starts_on", "pk")
    )
    return cohorts


def _under_filled(cohorts: Any) -> QuerySet[Cohort]:  # annotated, which the types do not tell
    under: QuerySet[Cohort] = cohorts.filter(taken__lt=F("capacity") * UNDER_FILLED_PERCENT / 100.0)
    return under


def _each(cohorts: QuerySet[Cohort]) -> list[Occasion]:
    return [Occasion(f"cohort:{cohort.pk}", cohort=cohort) for cohort in cohorts]


def _new_cohorts(rule: NudgeRule, now: dt.datetime) -> list[Occasion]:
    made_by = now - dt.timedelta(days=rule.wait_days)
    return _each(_open_cohorts(now).filter(created_at__lte=made_by, created_at__gt=made_by - FRESH))


def _starting_soon(rule: NudgeRule, now: dt.datetime) -> QuerySet[Cohort]:
    return _open_cohorts(now).filter(starts_on__lte=localdate(now) + dt.timedelta(days=rule.wait_days))


def _cohort_is(cohorts: QuerySet[Cohort]) -> Q:
    return Q(Exists(cohorts.order_by().filter(pk=OuterRef("round__cohort"))))


# --- People and visits -----------------------------------------------------------------------------


def _month(now: dt.datetime) -> str:
    return f"{localdate(now):%Y-%m}"


def _half_year(now: dt.datetime) -> str:
    day = localdate(now)
    return f"{day.year}-{1 if day.month <= 6 else 2}"


def _referrals_of_referrer(**conditions: object) -> Exists:
    return Exists(Referral.objects.filter(referrer=OuterRef("pk"), **conditions))


def _silent(rule: NudgeRule, now: dt.datetime) -> list[Occasion]:
    since = now - dt.timedelta(days=rule.wait_days)
    heard_from = _referrals_of_referrer(received_at__gt=since)
    return [Occasion(f"month:{_month(now)}", Q(~heard_from, created_at__lte=since))]


def _thanked(rule: NudgeRule, now: dt.datetime) -> list[Occasion]:
    by = now - dt.timedelta(days=rule.wait_days)
    sent = Q(_referrals_of_referrer(received_at__gt=now - THANKED_WITHIN, received_at__lte=by))
    return [Occasion(f"half:{_half_year(now)}", sent)]


def _news(rule: NudgeRule, now: dt.datetime) -> list[Occasion]:
    return [Occasion(f"month:{_month(now)}")] if localdate(now).day > rule.wait_days else []


def _visited(rule: NudgeRule, now: dt.datetime) -> list[Occasion]:
    by = localdate(now) - dt.timedelta(days=rule.wait_days)
    visits = Activity.objects.filter(
        kind__in=VISITS,
        state=ActivityState.DONE,
        organisation__isnull=False,
        held_on__lte=by,
        held_on__gt=by - FRESH,
    ).order_by("held_on", "pk")
    return [
        Occasion(f"activity:{visit.pk}", Q(organisation=visit.organisation_id), activity=visit)
        for visit in visits
    ]


def _took_over(rule: NudgeRule, now: dt.datetime) -> list[Occasion]:
    by = localdate(now) - dt.timedelta(days=rule.wait_days)
    left = Referrer.objects.filter(successor=OuterRef("pk"), left_on__lte=by, left_on__gt=by - FRESH)
    return [Occasion(f"month:{_month(now)}", Q(Exists(left)))]


def _always(now: dt.datetime) -> Q:
    return Q(pk__isnull=False)


def _has_sent(now: dt.datetime) -> Q:
    return Q(Exists(Referral._base_manager.filter(referrer=OuterRef("referrer"))))


def _still_follows(now: dt.datetime) -> Q:
    return Q(Exists(Referrer._base_manager.filter(successor=OuterRef("referrer"))))


NO_SEATS = "Holdet er fyldt, aflyst eller ved at begynde."
TRIGGERS: dict[Trigger, TriggerSpec] = {
    Trigger.HAND_OVER: TriggerSpec(
        _took_over,
        _still_follows,
        "Henviseren følger ikke længere en kollegas henvisninger.",
        "Dage efter at kollegaen stoppede",
        "Til den, der har overtaget henvisningerne efter en kollega.",
        ends_with_referral=False,
    ),
    Trigger.AFTER_VISIT: TriggerSpec(
        _visited,
        lambda now: Q(round__activity__state=ActivityState.DONE),
        "Besøget er ikke længere noteret som gennemført.",
        "Dage efter besøget",
        "Til dem, der arbejder, hvor I har været på besøg, holdt oplæg eller informationsmøde.",
    ),
    Trigger.DEADLINE: TriggerSpec(
        lambda rule, now: _each(_starting_soon(rule, now)),
        lambda now: _cohort_is(_open_cohorts(now)),
        NO_SEATS,
        "Dage før holdet begynder",
        "Når et hold med ledige pladser begynder om kort tid.",
        least_wait=TOO_LATE_DAYS + 1,
    ),
    Trigger.UNDER_FILLED: TriggerSpec(
        lambda rule, now: _each(_under_filled(_starting_soon(rule, now))),
        lambda now: _cohort_is(_under_filled(_open_cohorts(now))),
        "Holdet mangler ikke længere folk, er aflyst eller ved at begynde.",
        "Dage før holdet begynder",
        "Når under halvdelen af pladserne på et hold er taget.",
        least_wait=TOO_LATE_DAYS + 1,
    ),
    Trigger.NEW_COHORT: TriggerSpec(
        _new_cohorts,
        lambda now: _cohort_is(_open_cohorts(now)),
        NO_SEATS,
        "Dage efter at holdet er oprettet",
        "Når I har oprettet et nyt hold.",
    ),
    Trigger.THANKS: TriggerSpec(
        _thanked,
        _has_sent,
        "Henviseren står ikke længere for nogen henvisning.",
        "Dage efter henvisningen",
        "Til dem, der har henvist det sidste år, højst én gang hvert halve år.",
        ends_with_referral=False,
    ),
    Trigger.NEWS: TriggerSpec(
        _news,
        _always,
        "Måneden er gået.",
        "Dage inde i måneden",
        "Hver måned: næste hold, pladser og hvem I søger.",
        ends_with_referral=False,
    ),
    Trigger.SILENT: TriggerSpec(
        _silent,
        _always,  # that no referral has come is a rule of its own
        "Henviseren har sendt en henvisning i mellemtiden.",
        "Dage uden en henvisning",
        "Til dem, der ikke har henvist i en tid.",
        least_wait=SILENT_AT_LEAST.days,
    ),
}


def still_true(now: dt.datetime) -> Q:
    """Match nudges whose trigger is as true as when they were drawn."""
    found = Q()
    for trigger, spec in TRIGGERS.items():
        found |= Q(round__rule__trigger=trigger) & spec.still_true(now)
    return found


def not_heard_from(now: dt.datetime) -> Q:
    """Match nudges whose referrer has sent nobody since they were drawn, where that would end them.

    It ends every reminder that asks for somebody, and whatever was drawn to come three weeks later.
    """
    asking = [trigger for trigger, spec in TRIGGERS.items() if spec.ends_with_referral]
    silent = Q(round__rule__trigger=Trigger.SILENT)
    ends = Q(round__rule__trigger__in=asking) | Q(half=DrawnHalf.LATER)
    return ~_heard(dt.timedelta()) & (~silent | ~_heard(SILENT_AT_LEAST)) | ~ends


def _heard(before: dt.timedelta) -> Exists:
    return Exists(
        Referral._base_manager.filter(
            referrer=OuterRef("referrer"), received_at__gt=OuterRef("drawn_at") - before
        )
    )
