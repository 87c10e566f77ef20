"""Many at once: real threads, each with a database connection of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")


def at_once(attempt: Callable[[], Result], *, times: int, threads: int = 16) -> list[Result]:
    """Return what `attempt` returned each of so many times; the first of every thread start together.

    Use it under `django_db(transaction=True)`, or the threads do not see the test's rows.
    """
    start = threading.Barrier(threads, timeout=60)
    mine = threading.local()

    def run(_: int) -> Result:
        if not hasattr(mine, "started"):
            mine.started = True
            connection.ensure_connection()
            start.wait()
        return attempt()

    def close(_: int) -> None:
        connection.close()
        start.wait()

    with ThreadPoolExecutor(threads) as pool:
        try:
            return list(pool.map(run, range(times)))
        finally:
            list(pool.map(close, range(threads)))
