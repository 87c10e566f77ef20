"""Starting and stopping a process that cannot outlive the one that started it."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from config.embedded.folder import ServersUnavailable

CHILD = Path(__file__).with_name("child.py")
NOBODY = 65534


def start(
    command: Sequence[str],
    *,
    stop: signal.Signals,
    cwd: Path,
    log: Path | None,
    environment: Mapping[str, str] | None = None,
    keep: Sequence[int] = (),
    unprivileged: bool = False,
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own; the kernel sends it `stop` when this process dies.

    Output goes to the file `log`, or where ours goes. `keep` are descriptors that it inherits.
    With `unprivileged`, root runs it as nobody of a user namespace, with root's access to files.
    """
    program = [sys.executable, "-I", "-S", str(CHILD), stop.name, str(os.getpid()), *command]
    if unprivileged:
        program = [*as_nobody(), *program]
    output = None if log is None else log.open("ab")
    try:
        return subprocess.Popen(  # noqa: S603 - the programs are our own wheels'
            program,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=None if output is None else subprocess.STDOUT,
            cwd=cwd,
            env=None if environment is None else dict(environment),
            pass_fds=keep,
            start_new_session=True,
        )
    finally:
        if output is not None:
            output.close()


def as_nobody() -> list[str]:
    """Return the command prefix that lets root run PostgreSQL, which refuses root; empty for others.

    :raises ServersUnavailable: when the machine allows no user namespace.
    """
    if os.geteuid() != 0:
        return []
    unshare = shutil.which("unshare") or "unshare"
    prefix = [unshare, "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}"]
    attempt = [*prefix, sys.executable, "-IS", "-c", ""]
    try:
        allowed = subprocess.run(attempt, capture_output=True, check=False).returncode == 0  # noqa: S603
    except FileNotFoundError:
        allowed = False
    if not allowed:
        raise ServersUnavailable(
            "PostgreSQL does not run as root, and this machine allows no user namespace to hide root in. "
            "Run as an ordinary user, or set DATABASE_URL and REDIS_URL to servers of your own."
        )
    return prefix


def stop(process: subprocess.Popen[bytes], number: signal.Signals, *, seconds: float) -> None:
    """Ask `process` to end by the signal `number`, and end it by force after `seconds`."""
    if process.poll() is not None:
        return
    process.send_signal(number)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
