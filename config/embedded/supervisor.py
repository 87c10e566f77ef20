"""The process that owns the embedded servers: `python -m config.embedded FOLDER [--throwaway]`.

It lives while anybody holds `users` and both servers run, and stops both cleanly; when it is killed the
kernel stops them. Whoever finds it alive uses its servers.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from config.embedded import postgresql, processes, valkey
from config.embedded.folder import (
    DataFolder,
    Endpoints,
    ServersUnavailable,
    database_url,
    open_lock,
    process_start,
    redis_url,
    try_lock,
)

WATCH_SECONDS = 0.1
LOCK_SECONDS = 60  # an earlier supervisor's PostgreSQL may still be writing


class Stopped(Exception):
    """A signal asked the supervisor to stop."""


def main() -> int:
    """Serve the folder named on the command line; 0 when nobody needs the servers any more."""
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--throwaway", action="store_true", help="do not wait for the disk: test data")
    options = parser.parse_args()
    folder = DataFolder(options.folder.resolve())
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        folder.prepare()
        with open_lock(folder.lock) as lock, open_lock(folder.users) as users:
            if not have_lock_or_company(folder, lock):
                return 0
            serve(folder, lock, users, throwaway=options.throwaway)
    except ServersUnavailable as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    except Stopped:
        pass
    return 0


def _stop(number: int, frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)
    raise Stopped


def have_lock_or_company(folder: DataFolder, lock: int) -> bool:
    """Return True with the lock in hand, or False when another supervisor serves the folder.

    :raises ServersUnavailable: when neither happens within `LOCK_SECONDS`.
    """
    deadline = time.monotonic() + LOCK_SECONDS
    while not try_lock(lock):
        other = folder.read_endpoints()
        if other is not None and other.is_alive():
            return False
        if time.monotonic() > deadline:
            raise ServersUnavailable(f"Another process holds {folder.lock} and serves nothing. End it first.")
        time.sleep(0.05)
    return True


def serve(folder: DataFolder, lock: int, users: int, *, throwaway: bool) -> None:
    """Run both servers until nobody uses them or one of them ends, then stop both.

    :raises ServersUnavailable: when a server cannot start or has ended by itself.
    """
    sockets = folder.make_socket_folder()
    folder.endpoints.unlink(missing_ok=True)
    running: list[tuple[subprocess.Popen[bytes], signal.Signals]] = []
    try:
        doorbell = valkey.start(folder, sockets, keep=lock)
        if doorbell is not None:
            running.append((doorbell, valkey.STOP))
        running.append((postgresql.start(folder, sockets, throwaway=throwaway, keep=lock), postgresql.STOP))
        endpoints = Endpoints(
            pid=os.getpid(),
            started=process_start(os.getpid()),
            sockets=str(sockets),
            database_url=database_url(sockets),
            redis_url=redis_url(sockets) if doorbell is not None else "",
        )
        folder.write_endpoints(endpoints)
        while not try_lock(users):
            for process, _number in running:
                if process.poll() is not None:
                    raise ServersUnavailable(f"{process.args!r} ended by itself ({process.returncode}).")
            time.sleep(WATCH_SECONDS)
    finally:
        folder.endpoints.unlink(missing_ok=True)
        for process, number in running:
            processes.stop(process, number, seconds=30)
        folder.remove_socket_folder(sockets)
