from importlib import import_module

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_cache_lives_in_the_database():
    cache.set("tried", 3, 60)
    assert cache.get("tried") == 3
    cache.delete("tried")


def test_the_cache_table_goes_and_comes_with_its_migration():
    migration = import_module("core.migrations.0002_cache_table")
    with connection.schema_editor() as editor:
        migration.drop_table(apps, editor)
    assert "core_cache" not in connection.introspection.table_names()
    with connection.schema_editor() as editor:
        migration.create_table(apps, editor)
    assert "core_cache" in connection.introspection.table_names()
