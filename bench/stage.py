"""What the benches of the outbox stand on: servers, a mail sink, workers, and the count at the end."""

import contextlib
import datetime as dt
import multiprocessing
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bench.quick_sink import quick_sink
from bench.template import copy_of_migrated
from config.embedded import valkey
from config.embedded.client import servers

STUCK_SECONDS = 60  # nothing more has happened for so long, after the longest wait of the app's own
LONGEST_WAIT = dt.timedelta(hours=1)  # between two attempts
SPEED = 20  # a lease of ten minutes is half a minute, the hours in which nudges are sent are 24 minutes
IN_TIME = dt.timedelta(minutes=15)  # from the claim of a message that may have left to the task about it


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Doorbell:
    """A Valkey of the bench's own, which can be killed and comes back empty."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "v.sock"
        self.start()

    def start(self) -> None:
        settings = ["--port", "0", "--unixsocket", str(self.socket), "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(
            [str(valkey.binary()), *settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while not valkey.answers(self.socket):
            time.sleep(0.02)

    def flush(self) -> None:
        """Forget everything that was rung."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2)
            line.connect(str(self.socket))
            line.sendall(b"FLUSHALL\r\n")
            assert line.recv(64).startswith(b"+OK")

    def kill_and_restart(self) -> None:
        self.process.kill()
        self.process.wait()
        self.start()

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@dataclass
class Count:
    """What became of the messages, seen from both ends; `slowest` of the uncertain ones to become a task."""

    messages: int
    rules: int
    unplanned: int
    arrived: int
    twice: int
    lost: int
    unfinished: int
    failed: int
    uncertain: int
    uncertain_in_time: int
    slowest: dt.timedelta

    @property
    def is_kept(self) -> bool:
        """Whether nothing came twice or was lost in silence, and all uncertain ones became tasks in time."""
        wrong = self.unplanned or self.twice or self.lost or self.unfinished or self.failed
        return not wrong and self.uncertain == self.uncertain_in_time

    def __str__(self) -> str:
        tasks = (
            f", {self.uncertain_in_time} of them tasks in time (the slowest {self.slowest.seconds // 60} min)"
        )
        return (
            f"{self.messages} messages by {self.rules} rules ({self.unplanned} not planned): {self.arrived}"
            f" arrived, {self.twice} twice, {self.lost} lost in silence, {self.unfinished} unfinished,"
            f" {self.failed} failed, {self.uncertain} uncertain{tasks if self.uncertain else ''}"
        )


@dataclass
class Stage:
    """Everything that runs; `actors` is the module of the processes, loaded when the settings stand."""

    folder: Path
    book: Path
    doorbell: Doorbell
    actors: Any
    context: Any
    speed: float
    programme: Any = None
    processes: list[Any] = field(default_factory=list)
    workers: list[Any] = field(default_factory=list)
    sink: Any = None
    people: int = 0

    def run(self, act: Callable[..., None], *arguments: Any) -> Any:
        process = self.context.Process(target=act, args=arguments, daemon=True)
        process.start()
        self.processes.append(process)
        return process

    def start_sink(self, *, refused: float = 0.0, seconds: float = 0.05, quick: bool = False) -> None:
        port = int(os.environ["BENCH_SINK_PORT"])
        if quick:
            self.sink = self.run(quick_sink, port, str(self.book))
        else:
            self.sink = self.run(self.actors.sink, port, str(self.book), refused, seconds)
        while not _listens(port):
            time.sleep(0.05)

    def start_workers(self, number: int, act: Callable[..., None] | None = None) -> None:
        self.workers = [self.run(act or self.actors.worker, f"w{each}") for each in range(number)]
        self.act = act or self.actors.worker

    def kill_a_worker(self) -> None:
        """End a random worker by force and start another in its place."""
        place = random.randrange(len(self.workers))
        self.workers[place].kill()
        self.workers[place].join()
        self.processes.remove(self.workers[place])
        self.workers[place] = self.run(self.act, f"w{place}x{random.getrandbits(24):x}")

    def warm_up(self) -> None:
        """Wait until the workers have started: they have sent something for each of them."""
        self.plan(4 * len(self.workers), ids_a_ring=1)
        self.wait_for_mail(more=4 * len(self.workers), seconds=120)

    def plan(self, number: int, *, ids_a_ring: int | None = None) -> None:
        """Make `number` referrers for whom a nudge is due, and let the app plan them and ring."""
        self.ring(self.plan_silently(number), ids_a_ring=ids_a_ring)

    def plan_silently(self, number: int) -> list[tuple[str, Sequence[int], int]]:
        """Plan as `plan` does, but ring for nothing; return what would have been: task, ids and priority."""
        self.add_people(number)
        with patch.object(self.actors.app, "send_task") as held:
            self.actors.planner(1)
        rings = [(call.args[0], call.kwargs) for call in held.call_args_list]
        return [(task, said["args"], said["priority"]) for task, said in rings]

    def ring(self, held: list[tuple[str, Sequence[int], int]], *, ids_a_ring: int | None = None) -> None:
        """Ring for what was held, as it was or with so many ids a ring; in vain while Redis is down."""
        for task, ids, priority in held:
            for first in range(0, len(ids), ids_a_ring or len(ids)):
                some = ids[first : first + (ids_a_ring or len(ids))]
                with contextlib.suppress(Exception):
                    self.actors.app.send_task(
                        task, args=some, priority=priority, ignore_result=True, retry=False
                    )

    def add_people(self, number: int) -> None:
        """Make `number` referrers for each of whom one of the rules has a nudge due."""
        from bench.people import make_due_referrers  # noqa: PLC0415 - models load after set-up

        make_due_referrers(self.programme, first=self.people, number=number)
        self.people += number

    def wait_for_mail(self, more: int = 1, seconds: float = 20) -> None:
        """Wait until so many more mails have arrived."""
        before, deadline = self.size(), time.monotonic() + seconds
        while self.size() < before + more and time.monotonic() < deadline:
            time.sleep(0.01)

    def forget_mail_to(self, name: str) -> None:
        """Leave out of the book what went to addresses that begin so: it was not sent by the app."""
        lines = self.book.read_text().splitlines(keepends=True)
        self.book.write_text("".join(line for line in lines if not line.startswith(name)))

    def size(self) -> int:
        return self.book.read_bytes().count(b"\n") if self.book.exists() else 0

    def freeze(self, number: int, seconds: float) -> None:
        """Stop so many random workers where they stand, and let them go on after `seconds`."""
        frozen = random.sample(self.workers, number)
        for process in frozen:
            os.kill(process.pid, signal.SIGSTOP)
        time.sleep(seconds)
        for process in frozen:
            os.kill(process.pid, signal.SIGCONT)

    def finish(self) -> Count:
        """Wait until every message is settled, or nothing moves any more, and count."""
        from bench.people import count_messages, unsettled  # noqa: PLC0415 - models load after set-up

        patience = STUCK_SECONDS + LONGEST_WAIT.total_seconds() / self.speed
        seen, moved_at = (self.size(), unsettled()), time.monotonic()
        while seen[1] and time.monotonic() < moved_at + patience:
            time.sleep(0.5)
            found = (self.size(), unsettled())
            if found != seen:
                seen, moved_at = found, time.monotonic()
        return count_messages(self.programme, self.book, people=self.people)

    def close(self) -> None:
        for process in self.processes:
            if process.is_alive():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGCONT)
                process.kill()
                process.join()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def stage(
    *, look_up: bool = False, speed: float = SPEED, pause: float = 0, durable: bool = False
) -> Iterator[Stage]:
    """Give a stage with a database of its own, empty but for one programme.

    The clock runs `speed` times as fast; with `look_up` a mail leaves `pause` seconds after its claim. A
    `durable` database waits for the disk at each commit, as it does in use.
    """
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    book = folder / "arrived"
    book.touch()
    doorbell = Doorbell(folder)
    try:
        copy_of_migrated(folder / "data")
        with servers(folder / "data", throwaway=not durable) as endpoints:
            os.environ.update(
                DJANGO_SETTINGS_MODULE="bench.settings",
                DATABASE_URL=endpoints.database_url,
                REDIS_URL=f"unix://{doorbell.socket}",
                BENCH_SINK_PORT=str(free_port()),
                BENCH_BOOK=str(book),
                BENCH_STARTED=str(time.time()),
                BENCH_SPEED=str(speed),
                BENCH_PAUSE=str(pause),
                BENCH_CHANNEL="bench.actors.LookUpSmtp" if look_up else "messaging.channels.SmtpChannel",
            )
            found = Stage(folder, book, doorbell, None, None, speed)
            try:
                _set_up(found)
                yield found
            finally:
                found.close()
                _leave_database()
    finally:
        doorbell.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _set_up(found: Stage) -> None:
    from bench import actors, people  # noqa: PLC0415 - the settings must stand first

    found.actors = actors
    found.context = multiprocessing.get_context("forkserver")
    found.context.set_forkserver_preload(["bench.actors"])
    found.programme = people.make_town()


def _leave_database() -> None:
    from django.db import connections  # noqa: PLC0415 - the settings must stand first

    connections.close_all()


def report(name: str, count: Count, *, seconds: float) -> bool:
    """Print one line and return whether the promise held."""
    print(f"{'kept  ' if count.is_kept else 'BROKEN'} {name}: {count} ({seconds:.0f} s)", flush=True)
    return count.is_kept


def tally(
    states: list[tuple[str, str, dt.timedelta | None]], arrived: Counter[str], *, rules: int, unplanned: int
) -> Count:
    """Count messages given as address, state, and how long after its claim a task asked about it."""
    uncertain = [asked_after for _address, state, asked_after in states if state == "uncertain"]
    return Count(
        messages=len(states),
        rules=rules,
        unplanned=unplanned,
        arrived=len(arrived),
        twice=sum(times - 1 for times in arrived.values()),
        lost=sum(state == "sent" and not arrived[address] for address, state, _ in states),
        unfinished=sum(state in ("planned", "claimed") for _, state, _ in states),
        failed=sum(state in ("failed", "cancelled") for _, state, _ in states),
        uncertain=len(uncertain),
        uncertain_in_time=sum(after is not None and after <= IN_TIME for after in uncertain),
        slowest=max((after for after in uncertain if after), default=dt.timedelta()),
    )


def run_parts(module: str, parts: dict[str, Callable[[], bool]], chosen: str | None) -> int:
    """Run the chosen part here, or each in a process of its own, and answer 0 where all are kept.

    Settings are read once in a process, and so is the address of a stage's servers: a second stage in the
    same process would ask the servers of the first, which are gone.
    """
    if chosen:
        return 0 if parts[chosen]() else 1
    commands = [[sys.executable, "-m", module, *sys.argv[1:], "--part", part] for part in parts]
    return max(subprocess.run(command, check=False).returncode for command in commands)
