"""`make test` where no browser may be installed runs all the rest, and says what did not run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.prepare import browser
from tests.config.processes import BASE_DIR

ONE = "tests/config/test_run.py::test_the_port_asked_for_is_used"


@pytest.mark.parametrize(
    ("ci", "exit_code"), [("true", 1), ("", 0)], ids=["in CI that is red", "elsewhere it is said"]
)
def test_journeys_that_could_not_run_are_named_last(ci: str, exit_code: int, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "config.testing", "--no-cov", "--numprocesses", "0", ONE],
        cwd=BASE_DIR,
        env={**os.environ, "PATH": str(tmp_path), "CI": ci},
        capture_output=True,
        text=True,
        check=False,
    )
    rest, _, end = done.stdout.partition("These journeys did not run:")
    assert "1 passed" in rest
    assert "apt install chromium" in end
    assert done.returncode == exit_code


def test_a_browser_that_does_not_run_counts_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert browser() is None
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    assert browser() is None, "Ubuntu's package is a stub that asks for snap"
    program.write_text("#!/bin/sh\nexit 0\n")
    assert browser() == str(program)
