"""`make run` from a fresh copy: the app answers, a second start says so, Ctrl-C leaves nothing behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import run
from config.app import marked
from config.embedded.folder import DataFolder
from tests.config.processes import BASE_DIR, eventually, everything_is_gone

NOT_COPIED = shutil.ignore_patterns(".*", "node_modules", "staticfiles", "tests", "seed_demo.py")


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """A copy of the checkout where nothing has run yet; without demo data, which have their own tests."""
    copy = tmp_path / "Kultur på Recept æøå"
    shutil.copytree(BASE_DIR, copy, ignore=NOT_COPIED)
    (copy / "node_modules").symlink_to((BASE_DIR / "node_modules").resolve())
    yield copy
    assert eventually(lambda: everything_is_gone(copy / ".data"))


def start(checkout: Path, port: int) -> subprocess.Popen[str]:
    """Do what `make run` does once the packages are there."""
    unset = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "SITE_URL")
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    return subprocess.Popen(
        [sys.executable, "-m", "config.run"],
        cwd=checkout,
        env={**environment, "PORT": str(port)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_app_answers_and_a_second_start_says_so_and_ctrl_c_leaves_nothing(checkout: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    first = start(checkout, port)
    try:
        assert first.stdout is not None
        said = ""
        while "Stop with Ctrl-C" not in said and (line := first.stdout.readline()):
            said += line
        address = f"http://127.0.0.1:{port}"
        assert f"Kultur på Recept runs at {address}\n" in said
        assert said.index(address) < said.index("koordinator@demo.dk"), "address, then sign-ins, come last"
        assert run.status(port) == 200

        second = start(checkout, port)
        assert second.communicate(timeout=60)[0] == f"It runs already, at {address}\n"
        assert second.returncode == 0

        record = run.read_run(DataFolder(checkout / ".data"))
        assert record is not None
        assert marked(record.mark)
        first.send_signal(signal.SIGINT)
        assert "Everything is kept in .data" in first.communicate(timeout=60)[0]
        assert first.returncode == 0
        assert marked(record.mark) == []
        assert everything_is_gone(checkout / ".data")
    finally:
        first.kill()
        first.communicate()
