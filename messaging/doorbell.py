"""The one module that publishes to Celery: rings a worker once the rows it will read are stored.

Redis is a doorbell and never a store. A ring that is lost changes nothing, for the sweeper finds due
work each minute; so a failed ring is logged and never reaches the person who pressed a button.
"""

import logging
import time

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)

# After a failed ring this process rings nobody for so long: a batch then waits for Redis once.
QUIET_SECONDS = 10.0


class _Doorbell:
    """When this process may ring again, on the monotonic clock."""

    quiet_until = 0.0


def ring(task_name: str, *ids: int) -> None:
    """Publish the task `task_name` with `ids` after the surrounding transaction commits.

    Costs at most 2.5 seconds, once, while Redis is down; nothing is raised then.
    """
    transaction.on_commit(lambda: _publish(task_name, ids), robust=True)


def _publish(task_name: str, ids: tuple[int, ...]) -> None:
    if time.monotonic() < _Doorbell.quiet_until:
        return
    try:
        current_app.send_task(task_name, args=ids, ignore_result=True, retry=False)
    except Exception as fault:
        _Doorbell.quiet_until = time.monotonic() + QUIET_SECONDS
        logger.warning(
            "Redis did not take %s (%s): the sweeper will find it.", task_name, type(fault).__name__
        )
