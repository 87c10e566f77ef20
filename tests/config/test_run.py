"""`make run` chooses a port, takes turns with other starts, and clears up after a killed one."""

import os
import socket
import subprocess
import threading
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from config import run
from config.app import MARK
from config.embedded.folder import DataFolder, open_lock, process_start, try_lock


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path)


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port that another program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def answering_port() -> Iterator[int]:
    """A port on which a web server answers 503."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(503)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Stay silent."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.02])
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_the_port_asked_for_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "18999")
    assert run.choose_port() == 18999


def test_a_taken_port_that_was_asked_for_is_refused(taken_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", str(taken_port))
    with pytest.raises(run.Refused, match=f"Port {taken_port} is taken by another program"):
        run.choose_port()


@pytest.mark.parametrize("text", ["0", "65536", "-1", "http", "8000 "])
def test_what_is_no_port_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(run.Refused, match="is not a port"):
        run.choose_port()


def test_the_next_free_port_is_taken_and_said(
    taken_port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.setattr(run, "FIRST_PORT", taken_port)
    monkeypatch.setattr(run, "LAST_PORT", taken_port + 20)
    chosen = run.choose_port()
    assert taken_port < chosen <= taken_port + 20
    assert f"Port {taken_port} is taken by another program; using {chosen}." in capsys.readouterr().out


def test_no_free_port_is_said(taken_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.setattr(run, "FIRST_PORT", taken_port)
    monkeypatch.setattr(run, "LAST_PORT", taken_port)
    with pytest.raises(run.Refused, match="are taken"):
        run.choose_port()


def test_the_first_start_has_its_turn(folder: DataFolder) -> None:
    with open_lock(folder.root / "run.lock") as lock:
        assert run.have_turn(folder, lock)


def test_a_second_start_says_where_the_app_runs_already(
    folder: DataFolder, answering_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_lock(folder.root / "run.lock") as first, open_lock(folder.root / "run.lock") as second:
        assert try_lock(first)
        run.write_run(folder, run.Run(os.getpid(), process_start(os.getpid()), "mark", answering_port))
        assert not run.have_turn(folder, second)
    assert capsys.readouterr().out == f"It runs already, at http://127.0.0.1:{answering_port}\n"


def test_a_start_that_waits_in_vain_gives_up(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "TURN_SECONDS", 0.1)
    with open_lock(folder.root / "run.lock") as first, open_lock(folder.root / "run.lock") as second:
        assert try_lock(first)
        with pytest.raises(run.Refused, match=r"holds \.data/run\.lock"):
            run.have_turn(folder, second)
    assert "Another start is under way" in capsys.readouterr().out


def test_what_a_killed_run_left_is_ended_first(folder: DataFolder) -> None:
    mark = uuid.uuid4().hex
    with open_lock(folder.root / "run.lock") as first:
        assert try_lock(first)
        left = subprocess.Popen(["sleep", "60"], env={MARK: mark}, pass_fds=[first])
    run.write_run(folder, run.Run(left.pid, "another start", mark, 1))
    with open_lock(folder.root / "run.lock") as second:
        assert not try_lock(second)
        assert run.have_turn(folder, second)
    assert left.wait() < 0


def test_status_of_a_port_nobody_listens_on_is_none() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert run.status(port) is None


def test_status_is_what_the_health_page_answers(answering_port: int) -> None:
    assert run.status(answering_port) == 503


def test_an_unreadable_record_of_a_run_counts_as_none(folder: DataFolder) -> None:
    (folder.root / "run.json").write_text('{"pid": 1')
    assert run.read_run(folder) is None
