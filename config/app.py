"""Web, worker and beat side by side, through honcho; none of them outlives the rest."""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from config.embedded import processes

BASE_DIR = Path(__file__).resolve().parent.parent
PROCFILE = BASE_DIR / "config" / "Procfile"
STOP_SECONDS = 20
MARK = "KULTUR_RUN"  # in the environment of every process of one run, so that none can hide


class App:
    """The running app; `ended` says why it can no longer go on."""

    def __init__(
        self, *, mark: str, port: int, log: Path, keep: Sequence[int] = (), procfile: Path = PROCFILE
    ) -> None:
        """Start everything in `procfile`, the web on `port`; honcho holds the descriptors `keep`."""
        self.mark = mark
        self.log = log
        self.helpers: set[int] = set()
        self.can_stop_itself = True
        self.honcho = processes.start(
            [sys.executable, "-m", "config.side_by_side", str(procfile)],
            stop=signal.SIGTERM,
            cwd=BASE_DIR,
            log=log,
            environment={**os.environ, "PYTHON": sys.executable, "PORT": str(port), MARK: mark},
            keep=keep,
        )

    def ended(self) -> str | None:
        """Return what has ended, or None while all run."""
        if self.honcho.poll() is not None:
            return "A process of the app ended"
        # Of a killed helper honcho hears nothing, and waits for it for ever.
        table = list(process_table())
        self.helpers |= {pid for pid, parent, _state in table if parent == self.honcho.pid}
        self.can_stop_itself = self.helpers <= {pid for pid, _parent, state in table if state != "Z"}
        return None if self.can_stop_itself else "A helper of honcho was killed"

    def stop(self) -> None:
        """End everything: kindly first, then by force."""
        if self.can_stop_itself:
            processes.stop(self.honcho, signal.SIGTERM, seconds=STOP_SECONDS)
        stop_marked(self.mark)
        self.honcho.wait()

    def last_words(self, lines: int = 25) -> str:
        """Return the end of the app's log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def process_table() -> Iterator[tuple[int, int, str]]:
    """Yield pid, parent's pid and state of every process on the machine."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            yield int(folder.name), int(fields[1]), fields[0]


def stop_marked(mark: str) -> None:
    """End every process of the run `mark`, also those that lost their parents."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + 5
        for pid in marked(mark):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        while marked(mark) and time.monotonic() < deadline:
            time.sleep(0.05)


def marked(mark: str) -> list[int]:
    """Return the processes whose environment says that they belong to the run `mark`."""
    wanted: bytes = f"{MARK}={mark}".encode()
    found: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return found
