"""R2: frozen workers, doubled beats, PostgreSQL and Redis that fall. Run `python -m bench.frozen_workers`.

While four workers of the app send, in turn: workers are stopped where they stand until their lease is over,
and go on; two beats ring while ten planners plan the same nudges at once; a process of PostgreSQL is killed,
so that the server ends every session and recovers from its log, as at an immediate restart; Redis is killed
and comes back empty, or is emptied. Counted are mails that came twice and those lost in silence. The control
has the lease and not the lock that a sender holds: whoever was frozen sends what another has sent meanwhile.
"""

import argparse
import contextlib
import os
import random
import signal
import sys
import time
from collections.abc import Callable

from bench.stage import Stage, report, run_parts, stage

WORKERS = 4
WORKERS_THAT_FREEZE = 6
FROZEN_AT_ONCE = 5
PORTION = 30  # planned before each blow, so that there is always something on its way
FASTER = 40  # a lease is 15 seconds
PAUSE = 0.4  # seconds between claim and sending, in which most of a frozen worker's time then falls


def froze(town: Stage, times: int) -> None:
    """Stop workers past their lease until it has happened `times` times."""
    from messaging.models import LEASE  # noqa: PLC0415 - models load after set-up

    # The lease, a minute to the reconciliation, one to the next attempt, and time for that.
    asleep, done = (LEASE.total_seconds() + 300) / town.speed, 0
    while done < times:
        together = min(FROZEN_AT_ONCE, times - done)
        town.plan(PORTION, ids_a_ring=PORTION // WORKERS_THAT_FREEZE)
        town.wait_for_mail(more=random.randrange(5, PORTION // 2))  # all are at it
        town.freeze(together, asleep)
        done += together


def doubled(town: Stage, times: int) -> None:
    """Let `times` planners plan the same nudges at once, beside two beats."""
    town.run(town.actors.beat)
    town.add_people(PORTION * 3)
    planners = [town.run(town.actors.planner, 3) for _ in range(times)]
    for process in planners:
        process.join()


def restart_postgresql(town: Stage, times: int) -> None:
    """Kill a process of PostgreSQL in the midst of sending: it ends all sessions and recovers."""
    from django.db import connection, connections  # noqa: PLC0415 - the settings must stand first

    for _ in range(times):
        town.plan(PORTION)
        town.wait_for_mail(more=random.randrange(1, PORTION // 2))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (own,) = cursor.fetchone()
        os.kill(own, signal.SIGKILL)
        connections.close_all()
        wait_for_database()


def wait_for_database() -> None:
    from django.db import Error, connection, connections  # noqa: PLC0415 - the settings must stand first

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(Error), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return
        connections.close_all()
        time.sleep(0.2)
    raise RuntimeError("PostgreSQL did not come back.")


def empty_redis(town: Stage, times: int) -> None:
    """Kill Redis, which comes back empty, and empty it, in turn."""
    for each in range(times):
        town.plan(PORTION)
        town.wait_for_mail(more=random.randrange(1, PORTION // 2))
        if each % 2:
            town.doorbell.flush()
        else:
            town.doorbell.kill_and_restart()


def attempt(name: str, act: Callable[[Stage, int], None], times: int, *, durable: bool = False) -> bool:
    began = time.monotonic()
    with stage(durable=durable) as town:
        town.start_sink()
        town.start_workers(WORKERS)
        town.run(town.actors.beat)
        town.warm_up()
        act(town, times)
        return report(f"{times} × {name}", town.finish(), seconds=time.monotonic() - began)


def frozen(times: int, *, locked: bool) -> bool:
    """Freeze with a mail server that can be asked, which is what lets another worker send instead."""
    began = time.monotonic()
    with stage(look_up=True, pause=PAUSE, speed=FASTER) as town:
        town.start_sink()
        town.start_workers(
            WORKERS_THAT_FREEZE, town.actors.worker if locked else town.actors.lease_only_worker
        )
        town.run(town.actors.beat)
        town.warm_up()
        froze(town, times)
        count = town.finish()
    if locked:
        return report(f"{times} × frozen past the lease", count, seconds=time.monotonic() - began)
    print(f"control, a lease without a lock, {times} × frozen: {count} ({time.monotonic() - began:.0f} s)")
    return count.twice > 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.frozen_workers", description=__doc__)
    parser.add_argument("--freezes", type=int, default=60)
    parser.add_argument("--planners", type=int, default=10)
    parser.add_argument("--restarts", type=int, default=10, help="of PostgreSQL, and as many of Redis")
    parser.add_argument("--part", choices=["frozen", "doubled", "postgresql", "redis", "control"])
    options = parser.parse_args()
    parts: dict[str, Callable[[], bool]] = {
        "frozen": lambda: frozen(options.freezes, locked=True),
        "doubled": lambda: attempt("planner at once, two beats", doubled, options.planners),
        "postgresql": lambda: attempt("PostgreSQL fell", restart_postgresql, options.restarts, durable=True),
        "redis": lambda: attempt("Redis fell or was emptied", empty_redis, options.restarts),
        "control": lambda: frozen(max(3, options.freezes // 2), locked=False),
    }
    return run_parts("bench.frozen_workers", parts, options.part)


if __name__ == "__main__":
    sys.exit(main())
