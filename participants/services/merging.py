"""What two records of one person mean for the person: which record stands, which one is closed, and back.

Only `recruitment.services.merge_persons` calls these: it alone knows every row that is to move.
"""

import datetime as dt

from accounts.models import User
from participants.enums import Outcome, Stage
from participants.models import Participant, StageChange


def lock_pair(one_id: int, other_id: int) -> tuple[Participant, Participant]:
    """Return both records as they stand now, merged or not, locked, the lower key first.

    The lock is the strong one: a row that would point to either waits until the merge is done.

    :raises Participant.DoesNotExist: when one is missing in the active programme.
    """
    rows = Participant.with_merged.select_for_update()
    locked = {key: rows.get(pk=key) for key in sorted({one_id, other_id})}
    return locked[one_id], locked[other_id]


def put_at_stage(
    *,
    participant: Participant,
    stage: Stage,
    outcome: str,
    since: dt.datetime,
    merged_into: Participant | None = None,
    reason: str,
    by: User | None,
    now: dt.datetime,
) -> None:
    """Let the record stand where the merge, or its undoing, puts it; a move is kept as any other.

    It is no move on the path, so the table of moves is not asked.
    """
    from_stage, moved = participant.stage, (participant.stage, participant.outcome) != (stage, outcome)
    participant.stage, participant.outcome, participant.stage_changed_at = stage, outcome, since
    participant.merged_into = merged_into
    participant.save(update_fields=["stage", "outcome", "stage_changed_at", "merged_into"])
    if moved:
        StageChange.objects.create(
            programme_id=participant.programme_id,
            participant=participant,
            from_stage=from_stage,
            to_stage=stage,
            outcome=outcome,
            reason=reason,
            at=now,
            by=by,
        )


def close_as_merged(
    *, participant: Participant, into: Participant, reason: str, by: User | None, now: dt.datetime
) -> None:
    """Close the record that does not stay and let it point to the one that does."""
    put_at_stage(
        participant=participant,
        stage=Stage.CLOSED,
        outcome=Outcome.MERGED,
        since=now,
        merged_into=into,
        reason=reason,
        by=by,
        now=now,
    )
