"""What the tests stand on: a database with every table, and nothing left of the test before."""

import threading
import time

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from tests import databases, factories


def rows() -> dict[str, int]:
    """Return how many rows each table has that has any."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608
            found[table] = cursor.fetchone()[0]
    return {table: number for table, number in found.items() if number}


@pytest.mark.django_db
def test_the_tests_database_has_every_migration():
    call_command("migrate", check_unapplied=True, verbosity=0)
    assert set(rows()) == databases.KEPT


@pytest.mark.django_db(transaction=True)
def test_emptying_leaves_what_migrating_has_written_and_no_more():
    before = rows()
    factories.make_referral(factories.make_programme())
    assert rows() != before
    assert databases.empty()
    assert rows() == before


@pytest.mark.django_db(transaction=True)
def test_emptying_waits_for_whoever_still_writes():
    before = rows()
    written = threading.Event()

    def write_and_wait_until_somebody_waits() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            factories.make_programme()
            written.set()
            deadline, waiting = time.monotonic() + 5, 0
            while not waiting and time.monotonic() < deadline:
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                waiting = cursor.fetchone()[0]
        connection.close()

    writer = threading.Thread(target=write_and_wait_until_somebody_waits)
    writer.start()
    assert written.wait(5)
    assert databases.empty()
    writer.join()
    assert rows() == before


@pytest.mark.django_db(transaction=True)
def test_emptying_leaves_a_large_table_to_a_flush(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(databases, "LARGE", 0)
    factories.make_programme()
    before = rows()
    assert not databases.empty()
    assert rows() == before


def test_a_changed_migration_is_another_state(monkeypatch: pytest.MonkeyPatch, tmp_path):
    folder = tmp_path / "core" / "migrations"
    folder.mkdir(parents=True)
    monkeypatch.setattr(databases, "BASE_DIR", tmp_path)
    states = set()
    for text in ("", "one", "two"):
        (folder / "0001_initial.py").write_text(text)
        states.add(databases.fingerprint())
    assert len(states) == 3
