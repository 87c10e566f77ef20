import json
from importlib import import_module

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import StateApps
from django_scopes import scope

from tests import databases, factories
from tests.test_architecture import PACKAGES

in_the_tables = pytest.mark.django_db(transaction=True)


@pytest.mark.django_db
def test_the_cache_lives_in_the_database():
    cache.set("tried", 3, 60)
    assert cache.get("tried") == 3
    cache.delete("tried")


@in_the_tables
def test_the_cache_table_goes_and_comes_with_its_migration():
    migration = import_module("core.migrations.0002_cache_table")
    with connection.schema_editor() as editor:
        migration.drop_table(apps, editor)
    assert "core_cache" not in connection.introspection.table_names()
    with connection.schema_editor() as editor:
        migration.create_table(apps, editor)
    assert "core_cache" in connection.introspection.table_names()


# --- All of them -----------------------------------------------------------------------------------

MIGRATIONS = {
    key: migration for key, migration in MigrationLoader(None).disk_migrations.items() if key[0] in PACKAGES
}


@pytest.mark.parametrize("key", sorted(MIGRATIONS), ids=".".join)
def test_migrations_can_be_taken_back(key):
    for operation in MIGRATIONS[key].operations:
        assert operation.reversible, operation


@pytest.mark.parametrize("package", sorted({package for package, _ in MIGRATIONS}))
def test_migrations_of_a_package_stand_in_one_line(package):
    follows = [
        dependency
        for key, migration in MIGRATIONS.items()
        for dependency in migration.dependencies
        if key[0] == dependency[0] == package
    ]
    assert len(follows) == len(set(follows)), "two follow the same one"
    assert len([key for key in MIGRATIONS if key[0] == package]) == len(follows) + 1


def migrate(*targets: tuple[str, str]) -> StateApps:
    """Bring the tables to `targets` and return the models as they were there."""
    executor = MigrationExecutor(connection)
    return executor.migrate(list(targets)).apps


@pytest.fixture
def migrated_back(transactional_db):
    yield
    if databases.on_embedded_servers():
        databases.copy_again()
        return
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.no_cover  # no migration is measured, and measuring doubles what this takes
def test_migrations_all_go_back_to_nothing_and_forth_again(migrated_back):
    executor = MigrationExecutor(connection)
    executor.migrate([(package, None) for package in sorted({package for package, _ in MIGRATIONS})])
    left = [name for name in connection.introspection.table_names() if name.partition("_")[0] in PACKAGES]
    assert left == []
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    assert factories.make_referral(factories.make_programme()).reference


def stored(table: str, column: str) -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} ORDER BY id")  # noqa: S608
        return [bytes(value) if isinstance(value, memoryview) else value for (value,) in cursor.fetchall()]


ENCRYPTED = {
    ("outreach_organisation", "note"): (
        lambda programme, note: factories.make_organisation(programme, note=note),
        ["Åse er syg til maj", ""],
    ),
    ("courses_cohort", "note"): (
        lambda programme, note: factories.make_cohort(programme, note=note),
        ["Ring til Ærø\nog Øster", ""],
    ),
    ("referrals_referral", "criteria_met"): (
        lambda programme, ticked: factories.make_referral(programme, criteria_met=ticked),
        [["Personen har stress", "Personen er fyldt 18 år"], []],
    ),
}
PLAIN = [("outreach", "0001_initial"), ("courses", "0003_apologies"), ("referrals", "0001_initial")]
SEALED = [
    ("outreach", "0002_encrypted_note"),
    ("courses", "0004_encrypted_note"),
    ("referrals", "0002_encrypted_criteria"),
]


@pytest.mark.no_cover
def test_migrations_that_encrypt_keep_every_word_there_and_back(programme, migrated_back):
    rows = {place: [make(programme, said) for said in words] for place, (make, words) in ENCRYPTED.items()}
    sealed = {place: stored(*place) for place in ENCRYPTED}
    for values in sealed.values():
        assert all(isinstance(value, bytes) for value in values)
        assert not [value for value in values if b"stress" in value or b"Ring" in value or b"syg" in value]

    migrate(*PLAIN)
    for place, (_, words) in ENCRYPTED.items():
        clear = stored(*place)
        assert [json.loads(value) if value[:1] == "[" else value for value in clear] == words

    then = migrate(*SEALED)
    for (table, column), (_, words) in ENCRYPTED.items():
        assert stored(table, column) != sealed[table, column]  # encrypted anew
        kept = [then.get_model(row._meta.label)._base_manager.get(pk=row.pk) for row in rows[table, column]]
        assert [getattr(row, column) for row in kept] == words


@pytest.mark.no_cover
def test_messages_to_colleagues_go_before_the_tables_that_know_no_such_recipient(programme, migrated_back):
    to_colleague = {"participant": None, "user": factories.make_user(programme)}
    with scope(programme=programme):
        kept = factories.make_message(programme)
        factories.make_message(programme, **to_colleague)

    before = migrate(("messaging", "0006_interested_go"))

    rows = before.get_model("messaging.OutboundMessage").objects.all()
    assert [row.pk for row in rows] == [kept.pk]
