"""Two records of one person become one, and become two again."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import Programme, User
from core.phones import format_phone
from courses.enums import CURRENT
from courses.models import Cohort, Enrolment
from participants.enums import Outcome, Stage
from participants.models import Agreement, MessageStop, NotSamePerson, Participant, PersonMerge
from participants.services import update_participant
from participants.services.merging import close_as_merged, lock_pair, put_at_stage
from recruitment.queries.merging import (
    BothMeasured,
    MergeRefused,
    answered_twice,
    find_obstacle,
    undo_until,
)
from recruitment.services.merge_changes import Changes
from recruitment.services.merge_rows import drop_needless_tasks, exchange_answers, move_rows
from referrals.services import settle_resemblance

# How far along a stage is; a pause is nearly as far as being active, and an open path stands over a closed.
FAR_ALONG: dict[str, int] = {
    stage: place
    for place, stage in enumerate(
        (
            Stage.CLOSED,
            Stage.RECEIVED,
            Stage.CONTACTING,
            Stage.CONVERSATION,
            Stage.READY,
            Stage.PLACED,
            Stage.PAUSED,
            Stage.ACTIVE,
            Stage.COMPLETED,
            Stage.BRIDGING,
        )
    )
}


class MergedAlready(MergeRefused):
    """One of the two has become part of another record in the meantime."""

    def __init__(self) -> None:
        super().__init__("En af de to er allerede samlet med en anden. Find personen på listen, og se efter.")


class UndoRefused(Exception):
    """The merge stands; as text it says why, and what to do first."""


class UndoTooLate(UndoRefused):
    """More days have passed than a merge can be taken back within."""

    def __init__(self) -> None:
        super().__init__("Fristen for at fortryde er gået. Opret den anden på ny, og ret oplysningerne.")


class MergedOnward(UndoRefused):
    """The record that stayed has itself become part of another."""

    def __init__(self) -> None:
        super().__init__("Personen er siden samlet med en tredje. Fortryd den samling først.")


class AnotherInForce(UndoRefused):
    """What would come back is there again: an agreement, or a wish for no messages."""

    def __init__(self) -> None:
        super().__init__(
            "Der er siden givet en ny aftale eller et nyt nej til beskeder af samme slags. "
            "Træk det tilbage først."
        )


@dataclass(frozen=True)
class ChosenDetails:
    """What the person is known by from now on: of each detail, whether the absorbed record's stands.

    Where both have answered on an occasion, it is named in one of the other two: whose answer counts.
    """

    from_absorbed: frozenset[str] = frozenset()
    answers_of_kept: frozenset[str] = frozenset()
    answers_of_absorbed: frozenset[str] = frozenset()


# --- One of two ------------------------------------------------------------------------------------


@transaction.atomic
def merge_persons(
    *,
    kept: Participant,
    absorbed: Participant,
    details: ChosenDetails = ChosenDetails(),
    by: User | None,
    now: dt.datetime,
) -> PersonMerge:
    """Let `absorbed` go on as `kept`, and return what undoes it; the same merge twice is one.

    Every row moves (see `move_rows`). The further stage stands, but a current place decides before it, and
    an open path before a closed one. A number or address that was not chosen is kept as a wish. The
    absorbed record is closed as *merged*, in no list, search or count, and its page leads to the other.

    :raises MergedAlready: when one of the two is part of another record, or the two are one record.
    :raises BothHavePlace, BothOnCohort, PlaceAtTheOther: see `find_obstacle`.
    :raises BothMeasured: when both have answered on an occasion of which `details` does not choose.
    """
    _lock_programme_and_cohorts(kept, absorbed)
    staying, leaving = lock_pair(kept.pk, absorbed.pk)
    done = PersonMerge.objects.filter(kept=staying, absorbed=leaving, undone_at=None).first()
    if done is not None:
        return done
    if staying == leaving or staying.merged_into_id or leaving.merged_into_id:
        raise MergedAlready
    if obstacle := find_obstacle(staying, leaving):
        raise obstacle
    _refuse_unchosen_answers(staying, leaving, details)
    changes = Changes(stages={"kept": _standing(staying), "absorbed": _standing(leaving)})
    stands = _whose_path_stands(staying, leaving)
    place_moves = stands == leaving and _has_place(leaving)
    changes.stages |= {"place_moved": place_moves}
    path = (Stage(stands.stage), stands.outcome, stands.stage_changed_at)
    exchange_answers(staying, leaving, details.answers_of_absorbed, changes)
    move_rows(staying, leaving, changes, by=by, now=now)
    reason = f"{leaving.reference} er samlet med {staying.reference}."
    close_as_merged(participant=leaving, into=staying, reason=reason, by=by, now=now)
    if stands == leaving:
        stage, outcome, since = path
        put_at_stage(
            participant=staying, stage=stage, outcome=outcome, since=since, reason=reason, by=by, now=now
        )
    changes.stages |= {"became": _standing(staying)}
    _keep_wish_for_silence(staying, leaving, changes)
    drop_needless_tasks(staying, changes, by=by, now=now)
    _take_details(staying, leaving, details, changes, by, now)
    settle_resemblance(participant=staying, by=by, now=now)
    pair = Q(one=staying, other=leaving) | Q(one=leaving, other=staying)
    NotSamePerson.objects.filter(pair, ended_at=None).update(ended_at=now, ended_by=by)
    merge: PersonMerge = PersonMerge.objects.create(
        programme_id=staying.programme_id,
        kept=staying,
        absorbed=leaving,
        merged_at=now,
        merged_by=by,
        changes=changes.to_json(),
    )
    return merge


def _lock_programme_and_cohorts(*people: Participant) -> None:
    """Take the locks that come before those of people, as arrivals and seats do: all wait in turn."""
    Programme.objects.select_for_update(no_key=True).get(pk=people[0].programme_id)
    cohorts = Enrolment.objects.filter(participant__in=people).values("cohort")
    list(Cohort.objects.select_for_update(no_key=True).filter(pk__in=cohorts).order_by("pk"))


def _refuse_unchosen_answers(kept: Participant, absorbed: Participant, details: ChosenDetails) -> None:
    for both in answered_twice(kept, absorbed):
        if both.occasion not in details.answers_of_kept | details.answers_of_absorbed:
            raise BothMeasured(both.occasion)


def _has_place(participant: Participant) -> bool:
    return bool(Enrolment.objects.filter(participant=participant, state__in=CURRENT).exists())


def _whose_path_stands(kept: Participant, absorbed: Participant) -> Participant:
    def rank(participant: Participant) -> tuple[Any, ...]:
        is_closed = participant.stage == Stage.CLOSED
        return (
            _has_place(participant),
            FAR_ALONG[participant.stage],
            participant.stage_changed_at.timestamp() if is_closed else 0,  # the later of two closed paths
            participant == kept,
        )

    return max(kept, absorbed, key=rank)


def _standing(participant: Participant) -> dict[str, Any]:
    return {
        "stage": participant.stage,
        "outcome": participant.outcome,
        "since": participant.stage_changed_at.isoformat(),
    }


def _keep_wish_for_silence(kept: Participant, absorbed: Participant, changes: Changes) -> None:
    """Let a no to messages on either record hold, from the earlier day."""
    stops = [stop for stop in (kept.messages_stopped_at, absorbed.messages_stopped_at) if stop is not None]
    if stops and kept.messages_stopped_at != min(stops):
        changes.set_values(kept, messages_stopped_at=min(stops))


def _take_details(
    kept: Participant,
    absorbed: Participant,
    details: ChosenDetails,
    changes: Changes,
    by: User | None,
    now: dt.datetime,
) -> None:
    """Correct what the person is known by, as chosen, and lose no number, address or word of the other."""
    chosen: dict[str, Any] = {}
    for name in details.from_absorbed:
        for part in ("given_name", "family_name") if name == "name" else (name,):
            chosen[part] = getattr(absorbed, part)
    left = absorbed if "phone" not in details.from_absorbed else kept
    wishes = [*_lines(kept.contact_wishes), *_lines(absorbed.contact_wishes)]
    if left.phone and left.phone != chosen.get("phone", kept.phone):
        wishes.append(f"Andet telefonnummer: {format_phone(left.phone)}")
    left = absorbed if "email" not in details.from_absorbed else kept
    if left.email and left.email != chosen.get("email", kept.email):
        wishes.append(f"Anden e-mail: {left.email}")
    chosen["contact_wishes"] = "\n".join(dict.fromkeys(wishes))
    chosen["note"] = "\n".join(dict.fromkeys([*_lines(kept.note), *_lines(absorbed.note)]))
    was = {name: getattr(kept, name) for name in chosen}
    update_participant(participant=kept, by=by, now=now, **chosen)
    changes.details = {name: [was[name], value] for name, value in chosen.items() if was[name] != value}


def _lines(text: str | None) -> list[str]:
    return (text or "").splitlines()


# --- Two of one ------------------------------------------------------------------------------------


@transaction.atomic
def undo_merge(*, merge: PersonMerge, by: User | None, now: dt.datetime) -> PersonMerge:
    """Let the two be two again: each row, detail and stage is where it was. Safe to run twice.

    What came after the merge stays on the record that stayed, and so does a detail that was corrected
    since. A path that went on since follows the place in a cohort where that one moved.

    :raises UndoTooLate: when more than `UNDO_DAYS` have passed.
    :raises MergedOnward: when the record that stayed is part of another since.
    :raises AnotherInForce: when an agreement or a no to messages would come back beside a newer one.
    """
    _lock_programme_and_cohorts(merge.kept)
    kept, absorbed = lock_pair(merge.kept_id, merge.absorbed_id)
    locked: PersonMerge = PersonMerge.objects.select_for_update(no_key=True).get(pk=merge.pk)
    if locked.undone_at is not None:
        return locked
    changes = Changes.from_json(locked.changes or "{}")
    _refuse_undo(locked, kept, changes, now)
    _move_back(changes, now)
    changes.put_back_values()
    _put_paths_back(kept, absorbed, changes, by, now)
    kept.refresh_from_db()
    back = {name: was for name, (was, became) in changes.details.items() if getattr(kept, name) == became}
    update_participant(participant=kept, by=by, now=now, **back)
    locked.undone_at, locked.undone_by = now, by
    locked.save(update_fields=["undone_at", "undone_by"])
    return locked


def _refuse_undo(merge: PersonMerge, kept: Participant, changes: Changes, now: dt.datetime) -> None:
    if now > undo_until(merge):
        raise UndoTooLate
    if kept.merged_into_id is not None:
        raise MergedOnward
    for model, until, key in ((Agreement, "withdrawn_at", "kind"), (MessageStop, "resumed_at", None)):
        rows: Any = model.objects
        leaving = changes.pks_of(model, moved_from=merge.absorbed_id)
        returning = rows.filter(pk__in=changes.pks_of(model, moved_from=kept.pk), **{until: None})
        newer = rows.filter(participant=kept, **{until: None}).exclude(pk__in=leaving)
        if key:
            newer = newer.filter(**{f"{key}__in": returning.values(key)})
        if returning.exists() and newer.exists():
            raise AnotherInForce


def _move_back(changes: Changes, now: dt.datetime) -> None:
    """Move the rows back; those that changed places step aside for the moment of the exchange."""
    exchanged = [
        (model, until, pk)
        for model, until in ((Agreement, "withdrawn_at"), (MessageStop, "resumed_at"))
        for pk in _in_force(model, until, changes)
    ]
    for model, until, pk in exchanged:
        model.objects.filter(pk=pk).update(**{until: now})
    changes.move_back()
    for model, until, pk in exchanged:
        model.objects.filter(pk=pk).update(**{until: None})


def _in_force(model: Any, until: str, changes: Changes) -> list[int]:
    moved = [pk for label, pk, *_ in changes.moved if label == model._meta.label]
    return list(model.objects.filter(pk__in=moved, **{until: None}).values_list("pk", flat=True))


def _put_paths_back(
    kept: Participant, absorbed: Participant, changes: Changes, by: User | None, now: dt.datetime
) -> None:
    before, went_on = changes.stages, _standing(kept) != changes.stages["became"]
    now_at = _standing(kept)
    of_absorbed = now_at if went_on and before["place_moved"] else before["absorbed"]
    of_kept = now_at if went_on and not before["place_moved"] else before["kept"]
    for participant, standing in ((absorbed, of_absorbed), (kept, of_kept)):
        put_at_stage(
            participant=participant,
            stage=Stage(standing["stage"]),
            outcome=Outcome(standing["outcome"]) if standing["outcome"] else "",
            since=dt.datetime.fromisoformat(standing["since"]),
            reason="Samlingen er fortrudt.",
            by=by,
            now=now,
        )
