"""Real processes for the tests of the embedded servers: users of a data folder, and waiting for an end."""

import contextlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2

from config.embedded.folder import DataFolder, Endpoints, open_lock, try_lock
from config.servers import database_from_url

BASE_DIR = Path(__file__).resolve().parents[2]
USE = """
import json, sys
from dataclasses import asdict
from pathlib import Path
from config.embedded.client import servers
with servers(Path(sys.argv[1])) as endpoints:
    print(json.dumps(asdict(endpoints)), flush=True)
    sys.stdin.read()
"""


class User:
    """Another process that uses the servers of a folder until it is told to leave, or is killed."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USE, str(folder)],
            cwd=BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def endpoints(self) -> Endpoints:
        """Return what it was given, waiting for it."""
        assert self.process.stdout is not None
        return Endpoints(**json.loads(self.process.stdout.readline()))

    def leave(self) -> int:
        self.process.communicate(timeout=30)
        return self.process.returncode

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate(timeout=30)


@contextlib.contextmanager
def user_of(folder: Path) -> Iterator[User]:
    """Yield a user of `folder`, gone for sure at the end."""
    user = User(folder)
    try:
        yield user
    finally:
        user.kill()


def everything_is_gone(folder: Path) -> bool:
    """Return whether the supervisor and every process of its servers have ended: they all hold the lock."""
    with open_lock(DataFolder(folder).lock) as lock:
        return try_lock(lock)


def eventually(condition: Callable[[], bool], *, seconds: float = 20) -> bool:
    """Return whether `condition` came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@contextlib.contextmanager
def cursor_at(url: str) -> Iterator[psycopg2.extensions.cursor]:
    """Yield a cursor at `url`, read the way the settings read it; each statement is its own transaction."""
    place = database_from_url(url, {})
    with contextlib.closing(
        psycopg2.connect(host=place["HOST"], user=place["USER"], dbname=place["NAME"])
    ) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor


def ask(url: str, question: str) -> object:
    """Return the one value that `question` answers."""
    with cursor_at(url) as cursor:
        cursor.execute(question)
        row = cursor.fetchone()
        return row[0] if row else None


def children_of(pid: int) -> dict[str, int]:
    """Return the supervisor's servers: the program's name and its process."""
    pids = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {Path(f"/proc/{child}/comm").read_text().strip(): int(child) for child in pids}
