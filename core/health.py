"""Whether each part lives: the database, Redis, the worker, beat. "ok", or the fault in a few words.

Faults are worded without addresses or names of servers: the page that shows them is public.
"""

import logging
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from redis.backoff import NoBackoff
from redis.retry import Retry

from core.models import Heartbeat

logger = logging.getLogger(__name__)

OK = "ok"
TIMEOUT_SECONDS = 2
# Heartbeats come each minute; two may be missed before something is wrong.
HEARTBEAT_MAX_AGE = timedelta(seconds=150)


@dataclass(frozen=True)
class Health:
    database: str
    redis: str
    worker: str
    beat: str

    @property
    def is_ok(self) -> bool:
        return set(self.as_dict().values()) == {OK}

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def read_health(*, now: datetime) -> Health:
    """Ask each part, two seconds each at most, and return what it answered."""
    try:
        beats = _heartbeats()
    except (DatabaseError, InterfaceError) as error:
        logger.error("The database does not answer.", exc_info=error)
        unknown = "unknown: the database does not answer"
        return Health(database="does not answer", redis=_redis(), worker=unknown, beat=unknown)
    return Health(
        database=OK,
        redis=_redis(),
        worker=_liveness(beats.get(Heartbeat.Process.WORKER), now),
        beat=_liveness(beats.get(Heartbeat.Process.BEAT), now),
    )


def _heartbeats() -> dict[str, datetime]:
    """Read the heartbeats over a new connection: an old one may still answer when no new one can."""
    own = connection.copy()
    own.settings_dict["OPTIONS"] = {
        **own.settings_dict["OPTIONS"],
        "connect_timeout": TIMEOUT_SECONDS,
        "options": f"-c statement_timeout={TIMEOUT_SECONDS}s",
    }
    try:
        with own.cursor() as cursor:
            cursor.execute(f"SELECT process, beaten_at FROM {Heartbeat._meta.db_table}")  # noqa: S608
            return dict(cursor.fetchall())
    finally:
        own.close()


def _redis() -> str:
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        client.ping()
    except redis.RedisError as error:
        logger.error("Redis does not answer.", exc_info=error)
        return "does not answer"
    finally:
        client.close()
    return OK


def _liveness(beaten_at: datetime | None, now: datetime) -> str:
    if beaten_at is None:
        return "no sign of life yet"
    age = now - beaten_at
    return OK if age <= HEARTBEAT_MAX_AGE else f"no sign of life for {int(age.total_seconds())} seconds"
