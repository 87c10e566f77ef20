"""Where the embedded servers keep things: one data folder, its locks, logs and sockets."""

import contextlib
import fcntl
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote

# sun_path holds 108 bytes; PostgreSQL adds "/.s.PGSQL.5432.lock" to the folder.
LONGEST_SOCKET_FOLDER = 80
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
TEMPORARY_PREFIX = "kultur-"
LOG_LIMIT = 1_000_000  # bytes; a log past it starts over
DATABASE = "kultur"


class ServersUnavailable(Exception):
    """The embedded servers cannot run here; the message says what to do."""


@dataclass(frozen=True)
class Endpoints:
    """What a running supervisor tells: its process, its sockets' folder and both addresses."""

    pid: int
    started: str
    sockets: str
    database_url: str
    redis_url: str

    def is_alive(self) -> bool:
        """Return whether the very process that wrote this still runs (a reused pid does not count)."""
        return process_start(self.pid) == self.started


@dataclass(frozen=True)
class DataFolder:
    """The folder `root` and the places within it."""

    root: Path

    @property
    def lock(self) -> Path:
        """Held by the supervisor and, by inheritance, by its servers: free only when all are gone."""
        return self.root / "lock"

    @property
    def users(self) -> Path:
        """Shared by everyone who uses the servers; the supervisor stops when it can have it alone."""
        return self.root / "users"

    @property
    def endpoints(self) -> Path:
        return self.root / "endpoints.json"

    @property
    def cluster(self) -> Path:
        return self.root / "postgresql"

    @property
    def valkey(self) -> Path:
        return self.root / "valkey"

    def log(self, name: str) -> Path:
        """Return the path of the log `name`, emptied when it has grown past `LOG_LIMIT`."""
        path = self.root / "log" / f"{name}.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > LOG_LIMIT:
            path.write_text("")
        return path

    def prepare(self) -> None:
        """Make the folder, private to its owner.

        :raises ServersUnavailable: when it belongs to another user.
        """
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = self.root.stat().st_uid
        if owner != os.geteuid():
            raise ServersUnavailable(
                f"{self.root} belongs to another user (uid {owner}). Run as that user, or remove the folder."
            )

    def read_endpoints(self) -> Endpoints | None:
        """Return what the supervisor last wrote, or None; it may be dead by now."""
        try:
            return Endpoints(**json.loads(self.endpoints.read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def write_endpoints(self, endpoints: Endpoints) -> None:
        """Write `endpoints` so that a reader sees all or nothing."""
        draft = self.endpoints.with_suffix(".new")
        draft.write_text(json.dumps(asdict(endpoints), indent=1))
        draft.replace(self.endpoints)

    def make_socket_folder(self) -> Path:
        """Return a private folder for the sockets: `s` here, or a temporary one where the path won't do.

        What a killed supervisor left is removed first.
        """
        before = self.read_endpoints()
        if before is not None:
            self.remove_socket_folder(Path(before.sockets))
        here = self.root / "s"
        self.remove_socket_folder(here)
        if PLAIN_PATH.fullmatch(str(here)) and len(str(here)) <= LONGEST_SOCKET_FOLDER:
            here.mkdir(mode=0o700)
            return here
        for parent in (tempfile.gettempdir(), "/tmp"):  # noqa: S108 - mkdtemp makes it private
            if PLAIN_PATH.fullmatch(parent) and len(parent) <= LONGEST_SOCKET_FOLDER - 20:
                return Path(tempfile.mkdtemp(prefix=TEMPORARY_PREFIX, dir=parent))
        raise ServersUnavailable("No folder is short enough for a socket. Set TMPDIR to one, such as /tmp.")

    def remove_socket_folder(self, sockets: Path) -> None:
        """Remove `sockets` when it is a folder that `make_socket_folder` makes."""
        with contextlib.suppress(OSError):
            ours = sockets == self.root / "s" or sockets.name.startswith(TEMPORARY_PREFIX)
            if ours and not sockets.is_symlink() and sockets.stat().st_uid == os.geteuid():
                shutil.rmtree(sockets)


def database_url(sockets: Path) -> str:
    """Return the address of the database behind `sockets`, as dj-database-url and libpq read it."""
    return f"postgresql://{DATABASE}@{quote(str(sockets), safe='')}/{DATABASE}"


def redis_url(sockets: Path) -> str:
    """Return the address of Valkey behind `sockets`, as redis-py reads it."""
    return f"unix://{sockets}/valkey.sock"


def process_start(pid: int) -> str:
    """Return when the process `pid` started, in clock ticks since boot, or "" when there is none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in "ZX" else fields[19]


@contextlib.contextmanager
def open_lock(path: Path) -> Iterator[int]:
    """Yield a descriptor of `path` to lock; closing it lets go."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def try_lock(descriptor: int, *, shared: bool = False) -> bool:
    """Return whether the lock could be had at once."""
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def wait_for_lock(descriptor: int, *, seconds: float, shared: bool = False) -> bool:
    """Return whether the lock could be had within `seconds`."""
    deadline = time.monotonic() + seconds
    while not try_lock(descriptor, shared=shared):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
