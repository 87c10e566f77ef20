"""Background work of no domain: signs of life, and counts that nobody needs any more.

Beat and worker are told apart. Beat sends `worker_heartbeat` each minute; the sending itself is
noted in beat's own process as beat's sign of life, and the task, when a worker runs it, as the
worker's. So a dead worker is not blamed on beat, nor the other way round. Both also note their start,
or the first minute after a restart would look like a fault.
"""

import logging
from typing import Any

from celery import shared_task
from celery.signals import beat_init, before_task_publish, worker_ready
from django.db import Error, connection
from django.utils import timezone

from core.heartbeats import record_heartbeat
from core.limits import delete_old_hits
from core.models import Heartbeat
from core.sessions import SessionStore

logger = logging.getLogger(__name__)


@shared_task(name="core.worker_heartbeat", expires=50)
def worker_heartbeat() -> None:
    """Note that a worker runs tasks."""
    record_heartbeat(Heartbeat.Process.WORKER, now=timezone.now())


@shared_task(name="core.delete_old_sessions")
def delete_old_sessions() -> None:
    """Forget sessions that have ended."""
    SessionStore.clear_expired()


@shared_task(name="core.delete_old_rate_hits")
def delete_old_rate_hits() -> None:
    """Forget counts of limits whose window is long over."""
    delete_old_hits(now=timezone.now())


def _note(process: Heartbeat.Process) -> None:
    try:
        record_heartbeat(process, now=timezone.now())
    except Error:
        logger.exception("The database took no sign of life of %s.", process)
    finally:
        # Once a minute is no reason to hold a connection, and a held one may be dead by then.
        connection.close()


@worker_ready.connect
def note_worker_start(**kwargs: Any) -> None:
    """Note the worker's start as its first sign of life."""
    _note(Heartbeat.Process.WORKER)


@beat_init.connect
def note_beat_start(**kwargs: Any) -> None:
    """Note beat's start as its first sign of life, and from now on each heartbeat that it sends."""
    _note(Heartbeat.Process.BEAT)
    before_task_publish.connect(note_beat_tick, sender=worker_heartbeat.name)


def note_beat_tick(**kwargs: Any) -> None:
    """Note that beat sends."""
    _note(Heartbeat.Process.BEAT)
