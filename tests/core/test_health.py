import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from core.heartbeats import record_heartbeat
from core.models import Heartbeat

pytestmark = pytest.mark.django_db(transaction=True)

ALL_OK = {"database": "ok", "redis": "ok", "worker": "ok", "beat": "ok"}


def beat_both(ago: timedelta = timedelta(0)) -> None:
    for process in Heartbeat.Process:
        record_heartbeat(process, now=timezone.now() - ago)


def test_healthz_says_ok_of_each_part(client):
    beat_both()
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, ALL_OK)


def test_healthz_tells_of_processes_that_never_started(client):
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {**ALL_OK, "worker": "no sign of life yet", "beat": "no sign of life yet"}


@pytest.mark.parametrize("process", list(Heartbeat.Process))
def test_healthz_tells_which_process_went_silent(client, process):
    beat_both()
    record_heartbeat(process, now=timezone.now() - timedelta(minutes=10))
    response = client.get("/healthz")
    assert response.status_code == 503
    report = response.json()
    assert report.pop(process.value).startswith("no sign of life for 60")
    assert set(report.values()) == {"ok"}


def test_one_late_heartbeat_is_no_fault(client):
    beat_both(ago=timedelta(seconds=90))
    assert client.get("/healthz").json() == ALL_OK


def test_healthz_answers_without_redis(client, redis_down):
    beat_both()
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {**ALL_OK, "redis": "does not answer"}


def test_healthz_never_calls_a_broken_database_ok(client, database_down):
    began = time.monotonic()
    response = client.get("/healthz")
    assert time.monotonic() - began < 5
    assert response.status_code == 503
    report = response.json()
    assert report["database"] == "does not answer"
    assert report["redis"] == "ok"
    assert "ok" not in {report["worker"], report["beat"]}


def test_healthz_says_ok_again_when_the_database_is_back(client, database_down):
    assert client.get("/healthz").status_code == 503
    database_down.back()
    beat_both()
    assert client.get("/healthz").json() == ALL_OK


def test_healthz_asks_over_a_new_connection_for_an_old_one_may_outlive_the_database(client, tmp_path):
    beat_both()
    host = connection.settings_dict["HOST"]
    connection.settings_dict["HOST"] = str(tmp_path)
    try:
        assert Heartbeat.objects.count() == 2
        assert client.get("/healthz").json()["database"] == "does not answer"
    finally:
        connection.settings_dict["HOST"] = host


def test_healthz_tells_nobody_where_the_servers_are(client, database_down, redis_down, tmp_path):
    body = client.get("/healthz").content.decode()
    assert str(tmp_path) not in body
    assert "sock" not in body


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_healthz_is_only_read(client, method):
    assert getattr(client, method)("/healthz").status_code == 405
