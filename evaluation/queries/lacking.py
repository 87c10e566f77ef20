"""Who lacks a measure now: what the list of measures shows, and what the daily task opens tasks for."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from core.danish import add_working_days
from courses.enums import EnrolmentState
from courses.models import Enrolment
from evaluation.enums import MissingReasonKind, Occasion
from evaluation.models import Invitation, MissingReason, Response
from participants.enums import Outcome, Stage
from participants.models import Participant
from worklist.enums import TaskKind
from worklist.models import Task

# A before-measure is due from the seat on, an after-measure from the end of the course on.
BEFORE_STAGES = (Stage.PLACED, Stage.ACTIVE)
AFTER_STAGES = (Stage.COMPLETED, Stage.BRIDGING)
AFTER_OUTCOMES = (Outcome.COMPLETED, Outcome.BRIDGED)


class Lack(StrEnum):
    """What the list shows; the values stand in its address."""

    ANY = "alle"
    BEFORE = "foer"
    AFTER = "efter"
    INCOMPLETE = "ufuldstaendige"
    EXPLAINED = "forklarede"

    @property
    def label(self) -> str:
        return _LACK_LABELS[self]


_LACK_LABELS = {
    Lack.ANY: "Alt, der mangler",
    Lack.BEFORE: "Førmåling",
    Lack.AFTER: "Eftermåling",
    Lack.INCOMPLETE: "Ufuldstændige",
    Lack.EXPLAINED: "Med noteret grund",
}


class OccasionState(StrEnum):
    """How far one measure of one person is."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    EXPLAINED = "explained"
    MISSING = "missing"
    NOT_DUE = "not_due"


@dataclass(frozen=True)
class OccasionCell:
    """One occasion in a row of the list."""

    occasion: Occasion
    state: OccasionState
    invited_at: dt.datetime | None
    reason: str


@dataclass(frozen=True)
class MeasureRow:
    """One person in the list of measures."""

    participant: Participant
    cohort: str
    before: OccasionCell
    after: OccasionCell

    @property
    def cells(self) -> tuple[OccasionCell, OccasionCell]:
        return self.before, self.after


@dataclass(frozen=True)
class DueMeasure:
    """A measure that nobody has asked the coordinator for yet."""

    participant_id: int
    occasion: Occasion
    due_on: dt.date


def participants_lacking(lack: Lack = Lack.ANY) -> QuerySet[Participant]:
    """Return those who lack what is asked for, by Danish name, with what `measure_rows` needs."""
    people: QuerySet[Participant] = _with_cohort(_with_measures()).filter(_LACKING[lack]).by_name()
    return people


def count_lacking() -> dict[Lack, int]:
    """Return how many people each choice of the list shows; one query."""
    counts = _with_measures().aggregate(**{lack.name: Count("pk", filter=_LACKING[lack]) for lack in Lack})
    return {lack: counts[lack.name] for lack in Lack}


def measure_rows(people: list[Participant]) -> list[MeasureRow]:
    """Return the rows of the list for people from `participants_lacking`; no query."""
    return [
        MeasureRow(
            participant=person,
            cohort=person.cohort_name or "",  # type: ignore[attr-defined]
            before=_cell(person, Occasion.BEFORE, due=person.stage in BEFORE_STAGES),
            after=_cell(person, Occasion.AFTER, due=_after_is_due(person)),
        )
        for person in people
    ]


def due_measures(today: dt.date) -> list[DueMeasure]:
    """Return the measures that no task was opened for yet, each with the day it should be there by.

    A before-measure belongs before the first session; a task that was done or set aside stays so.
    """
    people = _with_cohort(_with_measures())
    before = people.filter(_LACKING[Lack.BEFORE]).exclude(_has_task(TaskKind.BEFORE_MEASURE))
    after = people.filter(_LACKING[Lack.AFTER]).exclude(_has_task(TaskKind.AFTER_MEASURE))
    next_working_day = add_working_days(today, 0)
    return [
        *(
            DueMeasure(pk, Occasion.BEFORE, max(next_working_day, starts_on or today))
            for pk, starts_on in before.order_by("pk").values_list("pk", "cohort_starts_on")
        ),
        *(
            DueMeasure(pk, Occasion.AFTER, next_working_day)
            for pk in after.order_by("pk").values_list("pk", flat=True)
        ),
    ]


def _with_measures() -> Any:
    """Annotate each person with answer, reason and invitation of both occasions."""
    people = Participant.objects.all()
    for occasion in (Occasion.BEFORE, Occasion.AFTER):
        answers = Response.objects.filter(participant=OuterRef("pk"), occasion=occasion)
        reasons = MissingReason.objects.filter(participant=OuterRef("pk"), occasion=occasion)
        invitations = Invitation.objects.filter(participant=OuterRef("pk"), occasion=occasion)
        people = people.annotate(
            **{
                f"{occasion}_answered": Exists(answers),
                f"{occasion}_complete": Exists(answers.filter(raw_score__isnull=False)),
                f"{occasion}_reason": Subquery(reasons.values("reason")[:1]),
                f"{occasion}_invited_at": Subquery(invitations.values("created_at")[:1]),
            }
        )
    return people


def _with_cohort(people: Any) -> Any:
    """Annotate each person with name and start of the cohort they have or had a seat in last."""
    latest = Enrolment.objects.filter(participant=OuterRef("pk")).exclude(
        state__in=[EnrolmentState.WAITING, EnrolmentState.DECLINED]
    )
    latest = latest.order_by("-cohort__starts_on", "-pk")
    return people.annotate(
        cohort_name=Subquery(latest.values("cohort__name")[:1]),
        cohort_starts_on=Subquery(latest.values("cohort__starts_on")[:1]),
    )


_INCOMPLETE = Q(before_answered=True, before_complete=False, before_reason=None) | Q(
    after_answered=True, after_complete=False, after_reason=None
)
_BEFORE = Q(stage__in=BEFORE_STAGES) & Q(before_answered=False, before_reason=None)
_AFTER_IS_DUE = Q(stage__in=AFTER_STAGES) | Q(outcome__in=AFTER_OUTCOMES)
_AFTER = _AFTER_IS_DUE & Q(after_answered=False, after_reason=None)
_LACKING: dict[Lack, Q] = {
    Lack.ANY: _BEFORE | _AFTER | _INCOMPLETE,
    Lack.BEFORE: _BEFORE,
    Lack.AFTER: _AFTER,
    Lack.INCOMPLETE: _INCOMPLETE,
    Lack.EXPLAINED: Q(before_complete=False, before_reason__isnull=False)
    | Q(after_complete=False, after_reason__isnull=False),
}


def _has_task(kind: TaskKind) -> Exists:
    return Exists(Task.objects.filter(participant=OuterRef("pk"), kind=kind))


def _after_is_due(person: Participant) -> bool:
    return person.stage in AFTER_STAGES or person.outcome in AFTER_OUTCOMES


def _cell(person: Participant, occasion: Occasion, *, due: bool) -> OccasionCell:
    reason = getattr(person, f"{occasion}_reason")
    if getattr(person, f"{occasion}_complete"):
        state = OccasionState.COMPLETE
    elif reason:
        state = OccasionState.EXPLAINED
    elif getattr(person, f"{occasion}_answered"):
        state = OccasionState.INCOMPLETE
    else:
        state = OccasionState.MISSING if due else OccasionState.NOT_DUE
    return OccasionCell(
        occasion=occasion,
        state=state,
        invited_at=getattr(person, f"{occasion}_invited_at"),
        reason=str(MissingReasonKind(reason).label) if reason else "",
    )
