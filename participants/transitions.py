"""The table of stage moves: the only truth about which move is allowed.

`docs/architecture.md` shows it as a picture, and a test compares the two.
"""

from participants.enums import Stage

_OPEN_MOVES: dict[Stage, frozenset[Stage]] = {
    Stage.RECEIVED: frozenset({Stage.CONTACTING, Stage.CONVERSATION}),
    Stage.CONTACTING: frozenset({Stage.CONVERSATION}),
    Stage.CONVERSATION: frozenset({Stage.READY}),
    Stage.READY: frozenset({Stage.PLACED}),
    Stage.PLACED: frozenset({Stage.READY, Stage.ACTIVE}),
    Stage.ACTIVE: frozenset({Stage.PAUSED, Stage.COMPLETED}),
    Stage.PAUSED: frozenset({Stage.ACTIVE, Stage.READY}),
    Stage.COMPLETED: frozenset({Stage.BRIDGING}),
    Stage.BRIDGING: frozenset(),
}

# Every open stage can end; a closed person can be taken up again, from the conversation on.
TRANSITIONS: dict[Stage, frozenset[Stage]] = {
    **{stage: moves | {Stage.CLOSED} for stage, moves in _OPEN_MOVES.items()},
    Stage.CLOSED: frozenset({Stage.CONTACTING, Stage.READY}),
}

# Moves that follow from something else: a seat that is given, the first time a person is present.
BY_THEMSELVES: frozenset[tuple[Stage, Stage]] = frozenset(
    {(Stage.READY, Stage.PLACED), (Stage.PLACED, Stage.ACTIVE)}
)

# The path as a participant's page shows it; a pause is a state of "active", not a step.
STEPS: tuple[Stage, ...] = (
    Stage.RECEIVED,
    Stage.CONTACTING,
    Stage.CONVERSATION,
    Stage.READY,
    Stage.PLACED,
    Stage.ACTIVE,
    Stage.COMPLETED,
    Stage.BRIDGING,
)


def is_allowed(from_stage: Stage | str, to_stage: Stage | str) -> bool:
    """Return whether the table has the move."""
    return Stage(to_stage) in TRANSITIONS[Stage(from_stage)]
