"""`make run`: servers, database, demo data, then web, worker and beat until Ctrl-C."""

import argparse
import http.client
import json
import os
import signal
import socket
import sys
import time
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path

import django
from django.apps import apps
from django.core.management import call_command, get_commands
from django.db import connections
from django_scopes import scopes_disabled

from config.app import BASE_DIR, App, stop_marked
from config.embedded.child import die_with_parent
from config.embedded.client import exported_servers
from config.embedded.folder import (
    DataFolder,
    ServersUnavailable,
    open_lock,
    process_start,
    try_lock,
)
from config.embedded.settings import FOLDERS

SETTINGS = "config.settings.dev"
FIRST_PORT, LAST_PORT = 8000, 8019
SIGN_INS = ("koordinator@demo.dk", "kollega@demo.dk", "leder@demo.dk", "admin@demo.dk")
TURN_SECONDS = 300  # another start may be making the demo data
HEALTHY_SECONDS = 120  # a loaded machine of two cores takes its time to load everything


class Refused(Exception):
    """The app cannot run; the message says what to do."""


@dataclass(frozen=True)
class Run:
    """What a run tells the next one: its process, the mark of its children, and its port."""

    pid: int
    started: str
    mark: str
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def is_alive(self) -> bool:
        """Return whether the very process that wrote this still runs."""
        return process_start(self.pid) == self.started


def main() -> int:
    """Run the app; 0 when it was stopped or runs already, 1 with a message when it cannot run."""
    parser = argparse.ArgumentParser(prog="python -m config.run", description=__doc__)
    parser.add_argument("--tied", action="store_true", help="stop when the calling process dies")
    options = parser.parse_args()
    os.chdir(BASE_DIR)
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    if options.tied:
        die_with_parent(signal.SIGTERM, os.getppid())
    folder = DataFolder(FOLDERS[SETTINGS].path)
    try:
        folder.prepare()
        with open_lock(folder.root / "run.lock") as lock:
            if have_turn(folder, lock):
                serve(folder, lock)
    except (Refused, ServersUnavailable) as refusal:
        say(str(refusal))
        return 1
    except KeyboardInterrupt:
        say("\nStopped. Everything is kept in .data and is there next time.")
    return 0


def _interrupt(number: int, frame: object) -> None:
    """Let the first signal stop the app, and no other disturb the stopping."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def say(text: str) -> None:
    """Print one line at once, also where output is a file."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def have_turn(folder: DataFolder, lock: int) -> bool:
    """Return True with the lock in hand, or False after saying where the app runs already.

    What a killed run left behind is ended first.

    :raises Refused: when the other run neither answers nor ends.
    """
    deadline, said = time.monotonic() + TURN_SECONDS, False
    while not try_lock(lock):
        other = read_run(folder)
        if other is not None and not other.is_alive():
            stop_marked(other.mark)
        elif other is not None and status(other.port) is not None:
            say(f"It runs already, at {other.address}")
            return False
        elif not said:
            say("Another start is under way; waiting for it …")
            said = True
        if time.monotonic() > deadline:
            raise Refused("Another start holds .data/run.lock but does not answer. End it first.")
        time.sleep(0.2)
    return True


def serve(folder: DataFolder, lock: int) -> None:
    """Run everything until a signal, or until a process of it ends.

    :raises Refused: when a process ended by itself; everything else is stopped by then.
    """
    port = choose_port()
    run = Run(os.getpid(), process_start(os.getpid()), uuid.uuid4().hex, port)
    os.environ.setdefault("SITE_URL", run.address)
    with exported_servers(folder.root) as servers:
        prepare_database()
        write_run(folder, run)
        app = App(mark=run.mark, port=port, log=folder.log("app"), keep=[lock])
        try:
            wait_until_it_answers(app, port)
            say(welcome(run, app.log))
            while (fault := app.ended()) is None and (servers is None or servers.is_alive()):
                time.sleep(0.5)
            reason = fault or f"A database server ended (its log: {folder.root / 'log'})"
            raise Refused(
                f"{app.last_words()}\n\n{reason}. Everything was stopped; start again with: make run"
            )
        finally:
            app.stop()
            (folder.root / "run.json").unlink(missing_ok=True)


def choose_port() -> int:
    """Return PORT from the environment, or the first free port from 8000 on.

    :raises Refused: when PORT is no port or is taken, or when all are taken.
    """
    asked = os.environ.get("PORT", "")
    if asked:
        if not asked.isdecimal() or not 0 < int(asked) < 65536:
            raise Refused(f"PORT={asked} is not a port. Give a number, such as: make run PORT=8010")
        if not is_free(int(asked)):
            raise Refused(
                f"Port {asked} is taken by another program. Give another, such as: make run PORT=8010"
            )
        return int(asked)
    for port in range(FIRST_PORT, LAST_PORT + 1):
        if is_free(port):
            if port != FIRST_PORT:
                say(f"Port {FIRST_PORT} is taken by another program; using {port}.")
            return port
    raise Refused(
        f"The ports {FIRST_PORT} to {LAST_PORT} are taken. Give another, such as: make run PORT=9000"
    )


def is_free(port: int) -> bool:
    """Return whether a server could listen on `port` of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def prepare_database() -> None:
    """Bring tables, static files and, where there is no programme yet, the demo data into place."""
    say("Preparing the database and the static files")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    with scopes_disabled():
        is_empty = not apps.get_model("accounts", "Programme").objects.exists()
    if is_empty and "seed_demo" in get_commands():
        say("Making the demo data")
        call_command("seed_demo", verbosity=0)
    connections.close_all()


def status(port: int) -> int | None:
    """Return the status of the health page on `port`, or None when nothing answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def wait_until_it_answers(app: App, port: int) -> None:
    """Return when the health page is content, or when it had its time and at least answers.

    :raises Refused: when the app ends, or nothing answers.
    """
    deadline, seen = time.monotonic() + HEALTHY_SECONDS, None
    while time.monotonic() < deadline and seen != http.HTTPStatus.OK:
        if app.ended() is not None:
            raise Refused(f"{app.last_words()}\n\nThe app did not start; its last words stand above.")
        time.sleep(0.2)
        seen = status(port)
    if seen is None:
        raise Refused(f"{app.last_words()}\n\nNothing answers on port {port}.")
    if seen != http.HTTPStatus.OK:
        say(f"Not everything is well: http://127.0.0.1:{port}/healthz tells what (status {seen}).")


def welcome(run: Run, log: Path) -> str:
    """Return what a person needs to begin."""
    sign_ins = "\n".join(f"    {address:22} password demo" for address in SIGN_INS)
    return (
        f"\nKultur på Recept runs at {run.address}\n\n{sign_ins}\n\n"
        f"Stop with Ctrl-C. What it writes: {log.relative_to(BASE_DIR)}"
    )


def read_run(folder: DataFolder) -> Run | None:
    """Return what the last run wrote, or None; it may be dead by now."""
    try:
        return Run(**json.loads((folder.root / "run.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None


def write_run(folder: DataFolder, run: Run) -> None:
    """Write `run` so that a reader sees all or nothing."""
    draft = folder.root / "run.json.new"
    draft.write_text(json.dumps(asdict(run)))
    draft.replace(folder.root / "run.json")


if __name__ == "__main__":
    sys.exit(main())
