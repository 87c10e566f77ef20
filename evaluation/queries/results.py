"""Scores counted by the database, for `evaluation.statistics` to reckon with; no name, no row of a person."""

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from evaluation.enums import MissingReasonKind, Occasion
from evaluation.models import MissingReason, Response
from evaluation.scoring import percentage_score
from evaluation.statistics import (
    HealthDistribution,
    PairedResult,
    health_distribution,
    paired_result,
)
from participants.models import Participant


@dataclass(frozen=True)
class HealthResult:
    """Self-rated health before and after, of those who answered both times."""

    before: HealthDistribution
    after: HealthDistribution


@dataclass(frozen=True)
class Results:
    """What measuring has shown of a group of people; `incomplete_*` have blanks and so no score."""

    wellbeing: PairedResult
    health: HealthResult
    incomplete_before: int
    incomplete_after: int


def results(people: QuerySet[Participant] | None = None) -> Results:
    """Return the results of `people`, of everybody measured when None; three queries.

    Before and after are paired by pseudonym, so that anonymised measures count too.
    """
    # An answer that stayed behind with a record that is part of another was not chosen to count (ADR 13).
    whose = Q(participant__merged_into=None) if people is None else Q(participant__in=people.values("pk"))
    responses = Response.objects.filter(whose)
    pairs: dict[tuple[int, int], int] = {}
    all_before: dict[int, int] = {}
    for before, after, count in _paired(responses.complete(), "raw_score"):
        score = percentage_score(before)
        all_before[score] = all_before.get(score, 0) + count
        if after is not None:
            pairs[score, percentage_score(after)] = count
    blanks = responses.filter(raw_score=None).aggregate(
        before=Count("pk", filter=Q(occasion=Occasion.BEFORE)),
        after=Count("pk", filter=Q(occasion=Occasion.AFTER)),
    )
    return Results(
        wellbeing=paired_result(pairs=pairs, all_before=all_before),
        health=_health(responses),
        incomplete_before=blanks["before"],
        incomplete_after=blanks["after"],
    )


def missing_after_reasons(people: QuerySet[Participant]) -> list[tuple[str, int]]:
    """Return each noted reason for a missing after-measure of `people` with its count; one query."""
    counted = dict(
        MissingReason.objects.filter(occasion=Occasion.AFTER, participant__in=people.values("pk"))
        .values_list("reason")
        .annotate(count=Count("pk"))
        .order_by("reason")
    )
    return [(str(kind.label), counted.get(kind, 0)) for kind in MissingReasonKind]


def _health(responses: QuerySet[Response]) -> HealthResult:
    before: dict[int, int] = {}
    after: dict[int, int] = {}
    for first, second, count in _paired(
        responses.filter(self_rated_health__isnull=False), "self_rated_health"
    ):
        if second is not None:
            before[first] = before.get(first, 0) + count
            after[second] = after.get(second, 0) + count
    return HealthResult(health_distribution(before), health_distribution(after))


def _paired(responses: QuerySet[Response], field: str) -> list[tuple[int, int | None, int]]:
    """Return (before, after or None, how many people) of each value that occurs; at most 26 × 27 rows."""
    after = Response.objects.filter(pseudonym=OuterRef("pseudonym"), occasion=Occasion.AFTER)
    return list(
        responses.filter(occasion=Occasion.BEFORE)
        .annotate(after_value=Subquery(after.values(field)[:1]))
        .values_list(field, "after_value")
        .annotate(people=Count("pk"))
        .order_by()
    )
