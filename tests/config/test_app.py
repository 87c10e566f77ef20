"""Web, worker and beat live and die together, whichever process is killed."""

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.app import MARK, App, marked, process_table, stop_marked
from tests.config.processes import BASE_DIR, eventually

TWO = "web: echo web on $PORT; exec sleep 120\nworker: exec sleep 120\n"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """An app of two processes, all of it running."""
    procfile = tmp_path / "Procfile"
    procfile.write_text(TWO)
    app = App(mark=uuid.uuid4().hex, port=8123, log=tmp_path / "app.log", procfile=procfile)
    try:
        assert eventually(lambda: len(programs(app.mark)) == 2)
        assert app.ended() is None
        yield app
    finally:
        app.stop()
        assert marked(app.mark) == []


def programs(mark: str) -> list[int]:
    """Return the processes of the run that are what the Procfile names."""
    return [pid for pid in marked(mark) if Path(f"/proc/{pid}/comm").read_text().strip() == "sleep"]


def test_stopping_leaves_no_process(app: App) -> None:
    app.stop()
    assert marked(app.mark) == []
    assert "web on 8123" in app.last_words()


def test_all_end_when_one_process_is_killed(app: App) -> None:
    os.kill(programs(app.mark)[0], signal.SIGKILL)
    assert eventually(lambda: app.ended() is not None)
    assert eventually(lambda: marked(app.mark) == [])


def test_a_killed_honcho_is_noticed_and_its_children_are_ended(app: App) -> None:
    app.honcho.kill()
    assert eventually(lambda: app.ended() is not None)
    assert marked(app.mark), "honcho's children outlive it, so they must be ended by us"
    app.stop()
    assert marked(app.mark) == []


def test_a_killed_helper_of_honcho_is_noticed(app: App) -> None:
    helper = next(pid for pid, parent, _state in process_table() if parent == app.honcho.pid)
    os.kill(helper, signal.SIGKILL)
    assert eventually(lambda: app.ended() == "A helper of honcho was killed")


def test_all_end_when_the_process_that_started_them_is_killed(tmp_path: Path) -> None:
    (tmp_path / "Procfile").write_text(TWO)
    mark = uuid.uuid4().hex
    start = (
        "import sys; from pathlib import Path; from config.app import App; folder = Path(sys.argv[1]); "
        f"App(mark={mark!r}, port=8123, log=folder / 'log', procfile=folder / 'Procfile'); sys.stdin.read()"
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", start, str(tmp_path)], cwd=BASE_DIR, stdin=subprocess.PIPE
    )
    assert eventually(lambda: len(programs(mark)) == 2)
    starter.kill()
    starter.communicate()
    assert eventually(lambda: marked(mark) == [])


def test_a_signal_before_honcho_has_heard_of_a_program_leaves_none_behind(tmp_path: Path) -> None:
    procfile = tmp_path / "Procfile"
    procfile.write_text(TWO)
    for attempt in range(5):
        app = App(mark=uuid.uuid4().hex, port=8123, log=tmp_path / f"{attempt}.log", procfile=procfile)
        try:
            assert eventually(lambda mark=app.mark: programs(mark) != [])
            app.honcho.send_signal(signal.SIGTERM)  # honcho looks for news ten times a second
            assert app.honcho.wait(timeout=10) == 128 + signal.SIGTERM
            assert marked(app.mark) == []
        finally:
            stop_marked(app.mark)


HONCHO_ALONE = """
import os
from honcho.manager import Manager
manager = Manager()
manager.add_process("web", "exec sleep 120")
manager._start()
try:
    manager.terminate()
except KeyError:
    os._exit(7)
"""


def test_honcho_alone_leaves_its_programs_behind() -> None:
    """The control: told to stop before it has heard of them, honcho dies by a fault of its own."""
    mark = uuid.uuid4().hex
    died = subprocess.run(
        [sys.executable, "-c", HONCHO_ALONE], env={**os.environ, MARK: mark}, timeout=20, check=False
    )
    assert died.returncode == 7
    assert eventually(lambda: programs(mark) != [])
    stop_marked(mark)


def test_the_mark_of_a_run_finds_no_other_process() -> None:
    mine, other = uuid.uuid4().hex, uuid.uuid4().hex
    with subprocess.Popen(["sleep", "60"], env={MARK: mine}) as process:
        assert eventually(lambda: marked(mine) == [process.pid])
        assert marked(other) == []
        process.kill()
