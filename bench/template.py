"""A migrated database that stages copy: the migrations of an empty one take longer than most benches."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from config.embedded.client import BASE_DIR, servers
from config.embedded.folder import DataFolder, open_lock, wait_for_lock

CACHE = BASE_DIR / ".data-bench"
MAKING_SECONDS = 600


def copy_of_migrated(folder: Path) -> None:
    """Put a cluster whose database is migrated into the data folder `folder`; any number may ask at once."""
    CACHE.mkdir(mode=0o700, exist_ok=True)
    with open_lock(CACHE / "making") as lock:
        if not wait_for_lock(lock, seconds=MAKING_SECONDS):
            raise RuntimeError(f"Another process has held {CACHE / 'making'} for {MAKING_SECONDS} seconds.")
        shutil.copytree(DataFolder(_kept()).cluster, DataFolder(folder).cluster, symlinks=True)


def _kept() -> Path:
    """Return the data folder of the migrated cluster, made afresh where a migration has changed."""
    kept = CACHE / _state_of_migrations()
    if not kept.exists():
        for older in CACHE.iterdir():
            if older.is_dir():
                shutil.rmtree(older)
        draft = CACHE / "draft"
        with servers(draft, throwaway=True) as endpoints:
            _migrate(endpoints.database_url)
        draft.rename(kept)  # the servers have stopped, so the files are whole
    return kept


def _migrate(database_url: str) -> None:
    settings = {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "DATABASE_URL": database_url,
        "REDIS_URL": "unix:///nobody",
    }
    command = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"]
    subprocess.run(command, cwd=BASE_DIR, env={**os.environ, **settings}, check=True)


def _state_of_migrations() -> str:
    """Return a hash of every migration of ours and of the pinned versions that bring the others.

    A stage migrates its copy all the same, so one that this misses is made good.
    """
    found = hashlib.sha256()
    for path in [*sorted(BASE_DIR.glob("*/migrations/*.py")), BASE_DIR / "constraints.txt"]:
        found.update(f"{path.relative_to(BASE_DIR)}\n".encode() + path.read_bytes())
    return found.hexdigest()[:16]
