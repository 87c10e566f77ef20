"""The embedded servers start anywhere, serve many, stop with the last and lose nothing when killed."""

import os
import signal
import stat
import subprocess
from pathlib import Path

import psycopg2
import pytest
import redis

from config.embedded.client import servers
from config.embedded.folder import DataFolder, ServersUnavailable
from config.embedded.postgresql import remove_stale_pid
from tests.config.processes import (
    User,
    ask,
    children_of,
    cursor_at,
    eventually,
    everything_is_gone,
    user_of,
)

LONG = "hold gryden i kog æøå " * 7


@pytest.mark.parametrize("name", ["data", LONG[:160].strip()], ids=["plain", "long with spaces and æøå"])
def test_servers_answer_on_sockets_alone_and_leave_nothing_behind(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    with servers(folder, throwaway=True) as endpoints:
        assert ask(endpoints.database_url, "SELECT current_database()") == "kultur"
        assert ask(endpoints.database_url, "SHOW listen_addresses") == ""
        with redis.Redis.from_url(endpoints.redis_url) as valkey:
            assert valkey.ping()
            assert valkey.config_get("port") == {"port": "0"}
        sockets = Path(endpoints.sockets)
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        assert (sockets.parent == folder) == (name == "data")
    assert everything_is_gone(folder)
    assert not sockets.exists()


def test_database_is_utf8_and_sorts_alike_on_every_machine(tmp_path: Path) -> None:
    with servers(tmp_path / "data", throwaway=True) as endpoints:
        assert ask(endpoints.database_url, "SHOW server_encoding") == "UTF8"
        locale = "SELECT concat(datlocprovider, ' ', datlocale) FROM pg_database WHERE datname = 'kultur'"
        assert ask(endpoints.database_url, locale) == "b C.UTF-8"
        assert ask(endpoints.database_url, "SELECT upper('æøå')") == "ÆØÅ"


def test_real_data_wait_for_the_disk_and_test_data_do_not(tmp_path: Path) -> None:
    with servers(tmp_path / "real") as endpoints:
        assert ask(endpoints.database_url, "SHOW fsync") == "on"
    with servers(tmp_path / "throwaway", throwaway=True) as endpoints:
        assert ask(endpoints.database_url, "SHOW fsync") == "off"


def test_the_log_of_a_refused_statement_holds_none_of_its_values(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with servers(folder, throwaway=True) as endpoints, cursor_at(endpoints.database_url) as cursor:
        cursor.execute("CREATE TABLE person (email text UNIQUE)")
        cursor.execute("INSERT INTO person VALUES ('aase@example.dk')")
        with pytest.raises(psycopg2.errors.UniqueViolation):
            cursor.execute("INSERT INTO person VALUES ('aase@example.dk')")
    log = (folder / "log" / "postgresql.log").read_text()
    assert "duplicate key value" in log
    assert "aase@example.dk" not in log


def test_two_starts_at_once_share_one_pair_of_servers(tmp_path: Path) -> None:
    with user_of(tmp_path / "data") as one, user_of(tmp_path / "data") as other:
        assert one.endpoints() == other.endpoints()


def test_a_second_user_keeps_the_servers_when_the_first_leaves(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with user_of(folder) as second:
        first = User(folder)
        endpoints = first.endpoints()
        assert second.endpoints() == endpoints
        assert first.leave() == 0
        assert ask(endpoints.database_url, "SELECT 1") == 1
        assert second.leave() == 0
        assert everything_is_gone(folder), "the last to leave waits until the servers have stopped"


def test_servers_stop_when_their_only_user_is_killed(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with user_of(folder) as user:
        endpoints = user.endpoints()
        user.kill()
        assert eventually(lambda: everything_is_gone(folder))
    assert eventually(lambda: not endpoints.is_alive())
    assert not (folder / "postgresql" / "postmaster.pid").exists(), "PostgreSQL ended cleanly"


@pytest.mark.parametrize("victim", ["supervisor", "postgres", "valkey-server"])
def test_nothing_runs_on_and_nothing_is_lost_when_a_process_is_killed(tmp_path: Path, victim: str) -> None:
    folder = tmp_path / "data"
    with user_of(folder) as user:
        endpoints = user.endpoints()
        with cursor_at(endpoints.database_url) as cursor:
            cursor.execute("CREATE TABLE kept (name text)")
            cursor.execute("INSERT INTO kept VALUES ('Åse Ærø')")
        pids = {"supervisor": endpoints.pid, **children_of(endpoints.pid)}
        os.kill(pids[victim], signal.SIGKILL)
        assert eventually(lambda: everything_is_gone(folder))
    with servers(folder) as again:
        assert again != endpoints
        assert ask(again.database_url, "SELECT name FROM kept") == "Åse Ærø"


def test_a_killed_supervisors_temporary_sockets_are_removed_at_the_next_start(tmp_path: Path) -> None:
    folder = tmp_path / "with space"
    with user_of(folder) as user:
        endpoints = user.endpoints()
        os.kill(endpoints.pid, signal.SIGKILL)
        assert eventually(lambda: everything_is_gone(folder))
    assert Path(endpoints.sockets).exists()
    with servers(folder, throwaway=True):
        assert not Path(endpoints.sockets).exists()


def test_a_stale_pid_that_now_belongs_to_a_bystander_neither_stops_us_nor_harms_it(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with servers(folder, throwaway=True):
        pass
    with subprocess.Popen(["sleep", "60"]) as bystander:
        (folder / "postgresql" / "postmaster.pid").write_text(f"{bystander.pid}\n{folder}/postgresql\n")
        with servers(folder, throwaway=True) as endpoints:
            assert ask(endpoints.database_url, "SELECT 1") == 1
        assert bystander.poll() is None
        bystander.kill()


def test_a_postgres_started_by_hand_is_left_alone_and_named(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    with servers(folder.root, throwaway=True) as endpoints:
        pid = children_of(endpoints.pid)["postgres"]
        with pytest.raises(ServersUnavailable, match=f"process {pid}"):
            remove_stale_pid(folder.cluster)
        assert ask(endpoints.database_url, "SELECT 1") == 1


@pytest.mark.parametrize("content", ["", "not a number\n"])
def test_an_unreadable_pid_file_is_removed(tmp_path: Path, content: str) -> None:
    (tmp_path / "postmaster.pid").write_text(content)
    remove_stale_pid(tmp_path)
    assert not (tmp_path / "postmaster.pid").exists()


def test_a_half_made_cluster_is_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    (folder / "postgresql.new" / "base").mkdir(parents=True)
    with servers(folder, throwaway=True) as endpoints:
        assert ask(endpoints.database_url, "SELECT 1") == 1


def test_a_server_that_cannot_start_says_why_and_leaves_nothing_running(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    (folder / "postgresql").mkdir(parents=True)
    (folder / "postgresql" / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(ServersUnavailable, match=r"PostgreSQL did not start\. Its log"), servers(folder):
        pass
    assert everything_is_gone(folder)
