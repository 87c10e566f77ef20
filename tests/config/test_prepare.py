"""Making the environment: what is there is left alone, what is missing is said."""

import subprocess
import sys
from pathlib import Path

import pytest

from config import prepare


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with lock files and nothing installed."""
    checkout = tmp_path / "kultur æøå"
    checkout.mkdir()
    for name in ("requirements.txt", "requirements-dev.txt", "constraints.txt"):
        (checkout / name).write_text("")
    (checkout / "package-lock.json").write_text("{}")
    monkeypatch.setattr(prepare, "BASE_DIR", checkout)
    monkeypatch.setattr(prepare, "VENV", checkout / ".venv")
    monkeypatch.setattr(prepare, "PYTHON", checkout / ".venv" / "bin" / "python")
    monkeypatch.setattr(prepare, "NODE_MODULES", checkout / "node_modules")
    return checkout


def test_environment_is_made_where_it_is_broken_and_then_left_alone(checkout: Path) -> None:
    python = checkout / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to("/nowhere/python")
    prepare.make_environment()
    shown = subprocess.run(
        [python, "-c", "import pip, sys; print(sys.path)"], capture_output=True, text=True, check=True
    )
    assert str(checkout) in shown.stdout
    made = python.lstat().st_mtime_ns
    prepare.make_environment()
    assert python.lstat().st_mtime_ns == made


def test_an_old_python_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "OLDEST", (sys.version_info.major, sys.version_info.minor + 1))
    with pytest.raises(prepare.Refused, match="is too old"):
        prepare.make_environment()


def test_a_missing_venv_module_is_named_with_its_package(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(prepare.Refused, match="apt install python3-venv"):
        prepare.make_environment()


def test_packages_are_installed_again_when_a_lock_file_changes(checkout: Path) -> None:
    prepare.VENV.mkdir()
    before = prepare.digest("requirements.txt")
    (checkout / "requirements.txt").write_text("Django==5.2\n")
    assert prepare.digest("requirements.txt") != before


def test_what_the_tests_need_holds_what_the_app_needs(checkout: Path) -> None:
    prepare.VENV.mkdir()
    everything = prepare.digest("requirements.txt", "requirements-dev.txt", "constraints.txt")
    (prepare.VENV / "installed-requirements-dev.txt").write_text(everything)
    prepare.install_requirements("requirements.txt")
    assert not (prepare.VENV / "installed-requirements.txt").exists(), "nothing had to be done"


def test_packages_that_cannot_be_installed_are_refused_with_a_hint(checkout: Path) -> None:
    with pytest.raises(prepare.Refused, match="Is the network there"):
        prepare.install_requirements("requirements.txt")


def test_front_end_packages_that_are_there_are_left_alone(checkout: Path) -> None:
    prepare.NODE_MODULES.mkdir()
    stamp = prepare.NODE_MODULES / ".installed"
    stamp.write_text(prepare.hashlib.sha256(b"{}").hexdigest())
    prepare.install_front_end()
    stamp.unlink()
    with pytest.raises(prepare.Refused, match="front-end packages could not be installed"):
        prepare.install_front_end()
