"""Which rows move when two records become one, and what becomes of those that may be there only once."""

import datetime as dt
import uuid
from collections.abc import Callable, Collection
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef

from accounts.models import User
from courses.enums import EnrolmentState
from courses.models import Attendance, Enrolment
from evaluation.models import Invitation, MissingReason, Response
from evaluation.services.responses import MEASURE_TASKS
from participants.enums import Stage
from participants.models import Agreement, MessageStop, Participant
from recruitment.queries.merging import rows_of_a_person
from recruitment.services.merge_changes import Changes
from worklist.enums import TaskKind, TaskState
from worklist.models import Task


def move_rows(
    kept: Participant, absorbed: Participant, changes: Changes, *, by: User | None, now: dt.datetime
) -> None:
    """Let every row about `absorbed` be about `kept`; nothing is deleted, and `changes` remembers it all.

    The caller holds both locks and has asked `find_obstacle`. Of two agreements in force, and of two
    wishes for no messages, the earlier stands and the later stays with the closed record. Two open tasks
    of a kind become one with the reasons of both. A place that was never used, an invitation, an answer
    and a reason for a missing one stay behind where `kept` has one of its own.
    """
    _join_tasks(kept, absorbed, changes, by, now)
    _let_earlier_stand(Agreement, "given_at", "withdrawn_at", "kind", kept, absorbed, changes, now)
    _let_earlier_stand(MessageStop, "stopped_at", "resumed_at", None, kept, absorbed, changes, now)
    _answer_invitations(kept, absorbed, changes)
    for model, key in rows_of_a_person():
        rows: Any = model._default_manager
        staying = _STAYING.get(model, _nothing)(kept, absorbed)
        theirs = rows.filter(**{key: absorbed}).exclude(pk__in=staying).order_by("pk")
        changes.move(
            model, key, list(theirs.values_list("pk", flat=True)), from_pk=absorbed.pk, to_pk=kept.pk
        )
    _let_waiting_end(absorbed, changes, by, now)
    _carry_pseudonym(kept, absorbed, changes)


# --- What may be there only once -------------------------------------------------------------------


def exchange_answers(
    kept: Participant, absorbed: Participant, occasions: Collection[str], changes: Changes
) -> None:
    """Let the answers of `absorbed` on these occasions count, in place of those that `kept` gave.

    The two change records and pseudonyms, so that the one that does not count stays behind with the closed
    record. Each step is remembered: taken back in reverse, no two ever stand under one pseudonym.
    """
    mine = {answer.occasion: answer for answer in Response.objects.filter(participant=kept)}
    for theirs in Response.objects.filter(participant=absorbed, occasion__in=occasions).order_by("pk"):
        own = mine.get(theirs.occasion)
        if own is None:
            continue
        changes.set_values(own, pseudonym=uuid.uuid4())  # aside, for the moment of the exchange
        changes.set_values(theirs, pseudonym=kept.pseudonym)
        changes.set_values(own, pseudonym=absorbed.pseudonym)
        changes.move(Response, "participant", [theirs.pk], from_pk=absorbed.pk, to_pk=kept.pk)
        changes.move(Response, "participant", [own.pk], from_pk=kept.pk, to_pk=absorbed.pk)


def _join_tasks(
    kept: Participant, absorbed: Participant, changes: Changes, by: User | None, now: dt.datetime
) -> None:
    """Let the open task of `absorbed` join the one of the same kind that `kept` has."""
    open_tasks = Task.objects.open().exclude(kind=TaskKind.OTHER).select_for_update(no_key=True)
    own = {task.kind: task for task in open_tasks.filter(participant=kept).order_by("pk")}
    for task in open_tasks.filter(participant=absorbed).order_by("pk"):
        joined = own.get(task.kind)
        if joined is None:
            continue
        reasons = [*joined.reasons, *(reason for reason in task.reasons if reason not in joined.reasons)]
        changes.set_values(joined, why="\n".join(reasons), due_on=min(joined.due_on, task.due_on))
        _set_aside(task, changes, by, now)


def _set_aside(task: Task, changes: Changes, by: User | None, now: dt.datetime) -> None:
    changes.set_values(task, state=TaskState.DISMISSED, closed_at=now, closed_by_id=by.pk if by else None)


def drop_needless_tasks(kept: Participant, changes: Changes, *, by: User | None, now: dt.datetime) -> None:
    """Set aside what the merge has answered: a seat where they have one, a measure that is there."""
    needless = {
        MEASURE_TASKS[occasion]
        for occasion in Response.objects.filter(participant=kept).values_list("occasion", flat=True)
        if occasion in MEASURE_TASKS
    }
    if kept.stage != Stage.READY:
        needless.add(TaskKind.PLACE)
    for task in Task.objects.open().filter(participant=kept, kind__in=needless).order_by("pk"):
        _set_aside(task, changes, by, now)


def _let_earlier_stand(
    model: Any,
    since: str,
    until: str,
    key: str | None,
    kept: Participant,
    absorbed: Participant,
    changes: Changes,
    now: dt.datetime,
) -> None:
    """Of two rows in force for the same `key`, let `kept` have the earlier; the later changes places."""
    in_force = model.objects.filter(**{until: None})
    own = {getattr(row, key) if key else "": row for row in in_force.filter(participant=kept)}
    for row in in_force.filter(participant=absorbed):
        mine = own.get(getattr(row, key) if key else "")
        if mine is None or getattr(mine, since) <= getattr(row, since):
            continue
        # The database knows one in force for each record, also for the moment of the exchange.
        model.objects.filter(pk=mine.pk).update(**{until: now})
        changes.move(model, "participant", [row.pk], from_pk=absorbed.pk, to_pk=kept.pk)
        changes.move(model, "participant", [mine.pk], from_pk=kept.pk, to_pk=absorbed.pk)
        model.objects.filter(pk=mine.pk).update(**{until: None})


def _answer_invitations(kept: Participant, absorbed: Participant, changes: Changes) -> None:
    """Let an invitation of `kept` count as answered where `absorbed` has answered for the same occasion."""
    answered = Invitation.objects.filter(participant=absorbed, answered_at__isnull=False)
    at = dict(answered.values_list("occasion", "answered_at"))
    for invitation in Invitation.objects.filter(participant=kept, occasion__in=at, answered_at=None):
        changes.set_values(invitation, answered_at=at[invitation.occasion])


def _let_waiting_end(absorbed: Participant, changes: Changes, by: User | None, now: dt.datetime) -> None:
    """Take a place that stayed behind off the waiting list: the other record has one there."""
    for place in Enrolment.objects.filter(participant=absorbed, state=EnrolmentState.WAITING):
        changes.set_values(place, state=EnrolmentState.DECLINED, state_changed_at=now)


def _carry_pseudonym(kept: Participant, absorbed: Participant, changes: Changes) -> None:
    """Let the measures that moved stand under the pseudonym of the record that stays: they pair by it."""
    moved = Response.objects.filter(pk__in=changes.pks_of(Response, moved_from=absorbed.pk))
    for response in moved.exclude(pseudonym=kept.pseudonym):
        changes.set_values(response, pseudonym=kept.pseudonym)


# --- What stays behind -----------------------------------------------------------------------------


Staying = Callable[[Participant, Participant], Any]


def _nothing(kept: Participant, absorbed: Participant) -> list[int]:
    return []


def _in_force(until: str, key: str | None) -> Callable[[Any], Staying]:
    def of(model: Any) -> Staying:
        def staying(kept: Participant, absorbed: Participant) -> Any:
            own = model.objects.filter(participant=kept, **{until: None})
            theirs = model.objects.filter(participant=absorbed, **{until: None})
            if key is None:
                return theirs.filter(Exists(own)).values("pk")
            return theirs.filter(**{f"{key}__in": own.values(key)}).values("pk")

        return staying

    return of


def _of_same_occasion(model: Any) -> Staying:
    def staying(kept: Participant, absorbed: Participant) -> Any:
        own = model.objects.filter(participant=kept).values("occasion")
        return model.objects.filter(participant=absorbed, occasion__in=own).values("pk")

    return staying


def _places_never_used(kept: Participant, absorbed: Participant) -> Any:
    own = Enrolment.objects.filter(participant=kept).values("cohort")
    noted = Attendance.objects.filter(enrolment=OuterRef("pk"))
    theirs = Enrolment.objects.filter(~Exists(noted), participant=absorbed, cohort__in=own)
    return theirs.values("pk")


_STAYING: dict[type[models.Model], Staying] = {
    Agreement: _in_force("withdrawn_at", "kind")(Agreement),
    MessageStop: _in_force("resumed_at", None)(MessageStop),
    Invitation: _of_same_occasion(Invitation),
    MissingReason: _of_same_occasion(MissingReason),
    Response: _of_same_occasion(Response),
    Enrolment: _places_never_used,
}
