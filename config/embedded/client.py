"""Finding the embedded servers of a data folder, or starting them, and using them for a while."""

import contextlib
import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from config.embedded import valkey
from config.embedded.folder import (
    DataFolder,
    Endpoints,
    ServersUnavailable,
    open_lock,
    try_lock,
    wait_for_lock,
)

BASE_DIR = Path(__file__).resolve().parents[2]
START_SECONDS = 120
STOP_SECONDS = 60

NO_VALKEY = (
    "The embedded Valkey does not exist for this machine (its wheel is for x86_64 and Python up to 3.13). "
    "Set REDIS_URL to a Redis or Valkey of your own, such as redis://127.0.0.1:6379/0."
)


@contextlib.contextmanager
def exported_servers(folder: Path, *, throwaway: bool = False) -> Iterator[Endpoints | None]:
    """Have DATABASE_URL and REDIS_URL in the environment; embedded servers stand in for what is unset.

    Yields what was found or started; None with both set, when nothing is. `throwaway` data do not
    survive a crash of the machine.

    :raises ServersUnavailable: when an embedded server cannot run; the message says what to do.
    """
    missing = [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]
    if not missing:
        yield None
        return
    if "REDIS_URL" in missing and valkey.binary() is None:
        raise ServersUnavailable(NO_VALKEY)
    with servers(folder, throwaway=throwaway) as endpoints:
        values = {"DATABASE_URL": endpoints.database_url, "REDIS_URL": endpoints.redis_url}
        os.environ.update({name: values[name] for name in missing})
        try:
            yield endpoints
        finally:
            for name in missing:
                os.environ.pop(name, None)


@contextlib.contextmanager
def servers(folder: Path, *, throwaway: bool = False) -> Iterator[Endpoints]:
    """Yield the running servers of `folder`; the last to leave waits until they have stopped.

    :raises ServersUnavailable: when they cannot run; the message says what to do.
    """
    data = DataFolder(folder)
    data.prepare()
    with open_lock(data.users) as users:
        if not wait_for_lock(users, seconds=STOP_SECONDS, shared=True):
            raise ServersUnavailable(f"The servers of {folder} are still stopping. Try again in a minute.")
        endpoints, started = find_or_start(data, throwaway=throwaway)
        try:
            yield endpoints
        finally:
            leave(data, users, endpoints)
            if started is not None and started.poll() is None:
                started.returncode = 0  # it outlives us on purpose: subprocess need not warn


def find_or_start(data: DataFolder, *, throwaway: bool) -> tuple[Endpoints, subprocess.Popen[bytes] | None]:
    """Return the endpoints of a living supervisor, and its process where it is our child.

    Any number may call this at once.

    :raises ServersUnavailable: with what the supervisor said when it gave up.
    """
    deadline = time.monotonic() + START_SECONDS
    started: subprocess.Popen[bytes] | None = None
    while time.monotonic() < deadline:
        endpoints = data.read_endpoints()
        if endpoints is not None and endpoints.is_alive():
            return endpoints, started
        if started is None or started.poll() == 0:  # 0: it found company, which may have left since
            started = start_supervisor(data, throwaway=throwaway)
        elif started.returncode:
            raise ServersUnavailable(data.log("supervisor").read_text(errors="replace").strip())
        time.sleep(0.02)
    raise ServersUnavailable(f"The servers of {data.root} did not start within {START_SECONDS} seconds.")


def start_supervisor(data: DataFolder, *, throwaway: bool) -> subprocess.Popen[bytes]:
    """Start a supervisor that outlives this process for as long as anybody uses its servers."""
    command = [
        sys.executable,
        "-m",
        "config.embedded",
        str(data.root),
        *(["--throwaway"] if throwaway else []),
    ]
    with data.log("supervisor").open("wb") as log:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            cwd=BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def leave(data: DataFolder, users: int, endpoints: Endpoints) -> None:
    """Let go of the servers, and wait for their end unless somebody else uses them."""
    alone = try_lock(users)
    fcntl.flock(users, fcntl.LOCK_UN)
    now = time.monotonic()
    notice, deadline = now + 2, now + STOP_SECONDS
    while alone and endpoints.is_alive() and now < deadline:
        time.sleep(0.02)
        now = time.monotonic()
        if now > notice and data.read_endpoints() == endpoints:
            return  # somebody came as we left
