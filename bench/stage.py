"""What the benches of the outbox stand on: servers, a mail sink, workers, and the count at the end."""

import contextlib
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
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.embedded import valkey
from config.embedded.client import servers

STUCK_SECONDS = 60  # nothing more has arrived for so long, though messages wait


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
    """What became of the messages, seen from both ends."""

    messages: int
    arrived: int
    twice: int
    lost: int
    unfinished: int
    uncertain: int
    uncertain_as_task: int
    failed: int

    @property
    def is_kept(self) -> bool:
        """Whether nothing came twice, nothing was lost in silence, and all uncertain ones are tasks."""
        return not (self.twice or self.lost or self.unfinished) and self.uncertain == self.uncertain_as_task

    def __str__(self) -> str:
        return (
            f"{self.messages} messages: {self.arrived} arrived, {self.twice} twice, {self.lost} lost in"
            f" silence, {self.unfinished} unfinished, {self.failed} failed, {self.uncertain} uncertain of"
            f" which {self.uncertain_as_task} are tasks"
        )


@dataclass
class Stage:
    """Everything that runs; `actors` is the module of the processes, loaded when the settings stand."""

    folder: Path
    book: Path
    doorbell: Doorbell
    actors: Any
    context: Any
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

    def start_sink(self, *, refused: float = 0.0, seconds: float = 0.05) -> None:
        port = int(os.environ["BENCH_SINK_PORT"])
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

    def plan(self, number: int) -> None:
        """Make `number` referrers who have been silent for months, and let the app plan their nudges."""
        self.add_people(number)
        self.actors.planner(1)

    def add_people(self, number: int) -> None:
        """Make `number` referrers who have been silent for months."""
        from bench.people import make_silent_referrers  # noqa: PLC0415 - models load after set-up

        make_silent_referrers(self.programme, first=self.people, number=number)
        self.people += number

    def wait_for_mail(self, more: int = 1, seconds: float = 20) -> None:
        """Wait until so many more mails have arrived."""
        before, deadline = self.size(), time.monotonic() + seconds
        while self.size() < before + more and time.monotonic() < deadline:
            time.sleep(0.01)

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

        seen, moved_at = self.size(), time.monotonic()
        while unsettled() and time.monotonic() < moved_at + STUCK_SECONDS:
            if self.size() != seen:
                seen, moved_at = self.size(), time.monotonic()
            time.sleep(0.5)
        return count_messages(self.programme, self.book, self.actors.Clock().now())

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
def stage(*, look_up: bool = False, speed: float = 1, pause: float = 0) -> Iterator[Stage]:
    """Give a stage with a database of its own, empty but for one programme.

    The clock runs `speed` times as fast; with `look_up` a mail leaves `pause` seconds after its claim.
    """
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    book = folder / "arrived"
    book.touch()
    doorbell = Doorbell(folder)
    try:
        with servers(folder / "data", throwaway=True) as endpoints:
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
            found = Stage(folder, book, doorbell, None, None)
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


def tally(states: list[tuple[str, str, bool]], arrived: Counter[str]) -> Count:
    """Count messages given as address, state and whether a task asks about it."""
    uncertain = [has_task for _address, state, has_task in states if state == "uncertain"]
    return Count(
        messages=len(states),
        arrived=len(arrived),
        twice=sum(times - 1 for times in arrived.values()),
        lost=sum(state == "sent" and not arrived[address] for address, state, _ in states),
        unfinished=sum(state in ("planned", "claimed") for _, state, _ in states),
        uncertain=len(uncertain),
        uncertain_as_task=sum(uncertain),
        failed=sum(state in ("failed", "cancelled") for _, state, _ in states),
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
