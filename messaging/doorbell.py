"""The one module that publishes to Celery: rings a worker once the rows it will read are stored.

Redis is a doorbell and never a store. A ring that is lost changes nothing, for the sweeper finds due
work each minute; so a failed ring is logged and never reaches the person who pressed a button.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)

# After a failed ring this process rings nobody for so long: a batch then waits for Redis once.
QUIET_SECONDS = 10.0


# So many ids one ring carries: a worker sends them over one connection.
IDS_A_RING = 100
# A worker that is free takes what is FIRST in Redis before what is LATER: a receipt somebody waits for, and
# beat's own tasks, pass ten thousand reminders. These two are among kombu's steps for Redis, 0 before 9.
FIRST, LATER = 0, 6


class _Doorbell:
    """When this process may ring again, on the monotonic clock."""

    quiet_until = 0.0


class _Gathering(threading.local):
    """The ids that this thread has put off ringing for, by task; None when it rings at once."""

    ids: dict[str, list[int]] | None = None


_gathering = _Gathering()


@contextlib.contextmanager
def ringing_once() -> Iterator[None]:
    """Gather what rings inside and ring at its end, a hundred ids a ring: for planning many at once.

    Workers hear it once there is nothing more pressing.
    """
    gathered: dict[str, list[int]] = {}
    _gathering.ids = gathered
    try:
        yield
    finally:
        _gathering.ids = None
        # After the commits of what was planned inside, for they were registered before.
        transaction.on_commit(lambda: _ring_gathered(gathered), robust=True)


def _ring_gathered(gathered: dict[str, list[int]]) -> None:
    for task_name, ids in gathered.items():
        for first in range(0, len(ids), IDS_A_RING):
            _publish(task_name, tuple(ids[first : first + IDS_A_RING]), priority=LATER)


def ring(task_name: str, *ids: int, unheard: Callable[[], object] | None = None) -> None:
    """Publish the task `task_name` with `ids` after the surrounding transaction commits.

    Costs at most 2.5 seconds, once, while Redis is down; nothing is raised then. What cannot wait for
    Redis to come back is done by `unheard`, after commit too.
    """
    gathered = _gathering.ids
    if unheard is not None:
        transaction.on_commit(lambda: _publish(task_name, ids) or unheard(), robust=True)
    elif gathered is None:
        transaction.on_commit(lambda: _publish(task_name, ids), robust=True)
    else:
        transaction.on_commit(lambda: gathered.setdefault(task_name, []).extend(ids), robust=True)


def _publish(task_name: str, ids: tuple[int, ...], *, priority: int = FIRST) -> bool:
    """Publish, and say whether Redis took it."""
    if time.monotonic() < _Doorbell.quiet_until:
        return False
    try:
        current_app.send_task(task_name, args=ids, priority=priority, ignore_result=True, retry=False)
    except Exception as fault:
        _Doorbell.quiet_until = time.monotonic() + QUIET_SECONDS
        logger.warning(
            "Redis did not take %s (%s): the sweeper will find it.", task_name, type(fault).__name__
        )
        return False
    return True
