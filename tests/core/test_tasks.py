from datetime import timedelta

import pytest
from celery.signals import beat_init, before_task_publish, worker_ready
from django.utils import timezone

from config.celery import app
from core.limits import hit
from core.models import Heartbeat, RateHit
from core.tasks import delete_old_rate_hits, note_beat_tick, worker_heartbeat

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def in_beat():
    """Be beat's process: started, and noting what it sends."""
    beat_init.send(sender=None)
    yield
    before_task_publish.disconnect(note_beat_tick, sender=worker_heartbeat.name)
    with app.connection_for_write() as broker:
        broker.default_channel.queue_purge("celery")


def alive() -> set[str]:
    recent = timezone.now() - timedelta(seconds=10)
    return set(Heartbeat.objects.filter(beaten_at__gt=recent).values_list("process", flat=True))


def grow_old() -> None:
    Heartbeat.objects.update(beaten_at=timezone.now() - timedelta(hours=1))


def test_both_processes_live_from_their_start(in_beat):
    assert alive() == {"beat"}
    worker_ready.send(sender=None)
    assert alive() == {"beat", "worker"}


def test_beat_lives_by_sending_and_the_worker_by_running(in_beat):
    grow_old()
    worker_heartbeat.delay()
    assert alive() == {"beat"}
    worker_heartbeat()
    assert alive() == {"beat", "worker"}


def test_another_process_that_sends_the_task_is_not_taken_for_beat():
    worker_heartbeat.delay()
    assert alive() == set()
    with app.connection_for_write() as broker:
        broker.default_channel.queue_purge("celery")


def test_a_heartbeat_written_twice_is_one_row():
    worker_heartbeat()
    worker_heartbeat()
    assert Heartbeat.objects.count() == 1


def test_beat_goes_on_while_the_database_is_away(database_down, caplog):
    note_beat_tick()
    assert "The database took no sign of life of beat" in caplog.text


def test_beat_sends_the_heartbeat_each_minute_by_a_name_that_exists():
    schedule = app.conf.beat_schedule
    assert schedule["worker-heartbeat"]["schedule"] == 60.0
    app.loader.import_default_modules()
    assert {entry["task"] for entry in schedule.values()} <= set(app.tasks)


def test_counts_of_limits_are_forgotten_after_two_days():
    hit(key="old", limit=1, window=timedelta(minutes=1), now=timezone.now() - timedelta(days=3))
    delete_old_rate_hits()
    assert not RateHit.objects.exists()
