"""Limits on how often something may be tried, counted in PostgreSQL so that all processes share them."""

from datetime import UTC, datetime, timedelta

from django.db import connection

from core.crypto import keyed_hash
from core.models import RateHit

# No limit looks further back than a day.
KEPT = timedelta(days=2)

_COUNT = f"""
    INSERT INTO {RateHit._meta.db_table} AS hit (key_hash, window_start, count) VALUES (%s, %s, 1)
    ON CONFLICT (key_hash, window_start) DO UPDATE SET count = hit.count + 1
    RETURNING count
"""  # noqa: S608


def hit(*, key: str, limit: int, window: timedelta, now: datetime) -> bool:
    """Count one try of `key` and say whether it is among the first `limit` of this window.

    Windows stand fixed on the clock, one after the other. `key` is stored as a keyed hash, so an
    address in it cannot be read back. Call it outside the transaction of what it guards: a row stays
    locked until its transaction ends, and a rollback would forget the try.
    """
    seconds = int(window.total_seconds())
    if seconds < 1:
        raise ValueError("A window lasts a second or more.")
    start = datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=UTC)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [keyed_hash(key, f"limit:{seconds}"), start])
        count: int = cursor.fetchone()[0]
    return count <= limit


def delete_old_hits(*, now: datetime) -> int:
    """Delete the counts of windows that began more than two days before `now`; return how many."""
    return RateHit.objects.filter(window_start__lt=now - KEPT).delete()[0]
