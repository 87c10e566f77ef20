"""The arrows between packages point one way, and a wrong one is found."""

import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PACKAGES = (
    "config",
    "recruitment",
    "evaluation",
    "referrals",
    "courses",
    "outreach",
    "participants",
    "worklist",
    "messaging",
    "accounts",
    "core",
)


def lint_imports(folder: pathlib.Path) -> subprocess.CompletedProcess[str]:
    command = [pathlib.Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


def copy_of_the_code(target: pathlib.Path) -> pathlib.Path:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, target / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", target)
    return target


def test_imports_point_downwards():
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout


def test_imports_upwards_are_found(tmp_path):
    """The control: one planted arrow from `worklist` up to `participants` breaks the contract."""
    copy = copy_of_the_code(tmp_path)
    services = copy / "worklist" / "services.py"
    services.write_text(services.read_text() + "\nimport participants.models\n")
    result = lint_imports(copy)
    assert result.returncode == 1
    assert "worklist is not allowed to import participants" in result.stdout


def test_imports_from_services_to_tasks_inside_a_package_are_found(tmp_path):
    copy = copy_of_the_code(tmp_path)
    models = copy / "participants" / "models.py"
    models.write_text(models.read_text() + "\nimport participants.services\n")
    result = lint_imports(copy)
    assert result.returncode == 1
    assert "participants.models is not allowed to import participants.services" in result.stdout


def test_modules_are_short_enough_to_read():
    long = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts and len(path.read_text().splitlines()) > 400
    ]
    assert long == []


# Where the row that points to the locked one is to wait, and why.
FULL_LOCKS = {"participants/services/merging.py": "a new row would stay with the record that is merged away"}


def test_locks_leave_the_key_of_a_row_alone():
    """A full lock would make every row that points to the locked one wait: see courses/services/locks.py."""
    full = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for call in re.findall(r"select_for_update\(([^()]*(?:\([^()]*\))?[^()]*)\)", path.read_text())
        if "no_key=True" not in call
    }
    assert full == set(FULL_LOCKS)
