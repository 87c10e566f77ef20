"""The tests' database: copied from one that is migrated already, and emptied quickly between tests."""

import hashlib
import os
import subprocess
import sys

from django.db import connection, transaction

from config.embedded.folder import DataFolder, open_lock, wait_for_lock
from config.embedded.settings import BASE_DIR, FOLDERS

DATA = FOLDERS["config.settings.test"].path
PREFIX = "migrated_"
# What a migration is made of: itself, what it imports, and the versions of the packages that have their own.
_SOURCES = (
    "*/migrations/*.py",
    "core/constraints.py",
    "core/fields.py",
    "requirements.txt",
    "constraints.txt",
)
_MIGRATING_SECONDS = 300
# What migrating has written, and no test of ours stores.
KEPT = {"django_content_type", "auth_permission", "django_migrations"}
LARGE = 2_000_000  # bytes; beyond that a table is slow to look through, though empty
# Whoever still writes is waited for, as TRUNCATE would. Triggers and foreign keys are not asked: all rows go.
_EMPTY = """
DO $$
DECLARE name text;
BEGIN
    SET LOCAL session_replication_role = replica;
    LOCK TABLE {tables} IN EXCLUSIVE MODE;
    FOREACH name IN ARRAY string_to_array('{tables}', ',') LOOP
        EXECUTE 'DELETE FROM ' || name;
    END LOOP;
END $$
"""


def fingerprint() -> str:
    """Return what tells one state of the migrations from another."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in _SOURCES for path in BASE_DIR.glob(pattern)):
        digest.update(f"{path.relative_to(BASE_DIR)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def on_embedded_servers() -> bool:
    """Return whether the server is the tests' own, so that a database may stay on it."""
    endpoints = DataFolder(DATA).read_endpoints()
    return endpoints is not None and endpoints.database_url == os.environ["DATABASE_URL"]


def migrated_database() -> str:
    """Return the name of a database with every table, made unless an earlier run or worker has made it.

    It is migrated under another name first: one whose migration was cut short is never copied.
    """
    name, draft = PREFIX + fingerprint(), PREFIX + "draft"
    with open_lock(DATA / "migrated.lock") as lock:
        assert wait_for_lock(lock, seconds=_MIGRATING_SECONDS), "Another run migrates, and does not end."
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
            there = [row[0] for row in cursor.fetchall()]
            if name in there:
                return name
            for old in there:
                cursor.execute(f'DROP DATABASE "{old}"')
            cursor.execute(f'CREATE DATABASE "{draft}"')
            migrate(draft)
            cursor.execute(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')
    return name


def copy_again() -> None:
    """Replace this test database, whatever its tables look like, by a new copy of the migrated one."""
    name, migrated = connection.settings_dict["NAME"], migrated_database()
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{migrated}"')


def migrate(name: str) -> None:
    """Make every table in the database `name`, in a process whose lines nobody counts as covered."""
    address = os.environ["DATABASE_URL"].rpartition("/")[0]
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--no-input"],
        cwd=BASE_DIR,
        env={
            **os.environ,
            "DATABASE_URL": f"{address}/{name}",
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
        },
        check=True,
    )


def empty() -> bool:
    """Delete all rows that a test has stored; False, and nothing done, where only a flush will do.

    Django's flush truncates every table, which costs a quarter of a second however few of them have rows.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser')::boolean")
        if not cursor.fetchone()[0]:
            return False
        tables = sorted(set(connection.introspection.table_names(cursor)) - KEPT)
        cursor.execute("SELECT max(pg_relation_size(name::regclass)) FROM unnest(%s) AS name", [tables])
        if cursor.fetchone()[0] > LARGE:
            return False
        cursor.execute(_EMPTY.format(tables=",".join(map(connection.ops.quote_name, tables))))
    return True
