"""Which messages leave together: of one programme and kind, to different recipients."""

from collections.abc import Sequence

from messaging.kinds import get_kind
from messaging.queries import Waiting
from messaging.services.delivery import GOOD_FOR

MOST = 100
# A kind that writes its messages one by one keeps the rows of a batch locked for as long as that takes.
MOST_ONE_BY_ONE = 10
# Half of what a claim is good for: a batch that takes longer is given back in part, for nothing.
SECONDS_A_BATCH = GOOD_FOR.total_seconds() / 2


class Pace:
    """How many messages a process claims at once: fewer where each takes long to write or to hand over."""

    def __init__(self) -> None:
        self.size = MOST

    def note_nobody_there(self) -> None:
        """Take in that nothing gets out: one message is enough to find out whether that has changed."""
        self.size = 1

    def note(self, messages: int, seconds: float) -> None:
        """Take in how long it took until so many `messages` were dealt with, those given back left out."""
        self.size = max(1, min(MOST, int(messages * SECONDS_A_BATCH / max(seconds, 0.001))))


def next_batch(waiting: Sequence[Waiting], pace: Pace) -> list[Waiting]:
    """Return the first of `waiting`, which is not empty, and those that can leave with it, in their order.

    No two go to one recipient: what is sent to somebody may decide what else they are sent.

    :raises messaging.kinds.UnknownKind: when no package has registered the first one's kind.
    """
    first = waiting[0]
    batch: list[Waiting] = []
    for each in waiting:
        alike = (each.programme_id, each.kind) == (first.programme_id, first.kind)
        if alike and all(each.recipient != other.recipient for other in batch):
            batch.append(each)
    most = MOST if get_kind(first.kind).render_many else MOST_ONE_BY_ONE
    return batch[: min(most, pace.size)]
