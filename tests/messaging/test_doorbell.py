"""Redis is a doorbell: while it is down, planning works at once and nothing is lost."""

import logging
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator

import pytest
from celery import current_app
from django.conf import settings
from django_scopes import scopes_disabled

from messaging import doorbell
from messaging.doorbell import ringing_once
from messaging.models import OutboundMessage
from messaging.services import plan_message
from tests.factories import NOW, make_programme, make_referrer
from tests.outages import app_with_broker, as_current, redis_black_holed, redis_refused

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def rested_doorbell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorbell._Doorbell, "quiet_until", 0.0)


@pytest.fixture
def refused() -> Iterator[None]:
    with redis_refused():
        yield


@pytest.fixture
def black_holed() -> Iterator[None]:
    with redis_black_holed():
        yield


def plan(number: int) -> float:
    """Plan a message and return how many seconds it took."""
    programme = make_programme()
    referrer = make_referrer(programme)
    start = time.monotonic()
    plan_message(
        programme=programme, kind="test_letter", unique_key=f"k:{number}", referrer=referrer, now=NOW
    )
    return time.monotonic() - start


def planned() -> int:
    with scopes_disabled():
        return OutboundMessage.objects.count()


@pytest.fixture
def queue_of_our_own() -> Iterator[str]:
    """A queue that no other test rings."""
    app = app_with_broker(settings.CELERY_BROKER_URL)
    app.conf.task_default_queue = f"test-{uuid.uuid4()}"
    with as_current(app):
        yield app.conf.task_default_queue


def test_a_planned_message_rings_a_worker_with_its_id_alone(
    queue_of_our_own: str, caplog: pytest.LogCaptureFixture
) -> None:
    plan(1)
    with current_app.connection_for_write() as connection:
        queue = connection.SimpleQueue(queue_of_our_own)
        received = queue.get(timeout=5)
        received.ack()
        queue.close()
    with scopes_disabled():
        (message,) = OutboundMessage.objects.all()
    assert received.headers["task"] == "messaging.deliver"
    assert received.payload[0] == [message.pk]
    assert not caplog.records


def test_one_message_passes_the_many_that_were_planned_before_it(queue_of_our_own: str) -> None:
    with ringing_once():
        plan(1)
        plan(2)
    plan(3)
    with scopes_disabled():
        *many, one = OutboundMessage.objects.order_by("pk").values_list("pk", flat=True)
    with current_app.connection_for_write() as connection:
        queue = connection.SimpleQueue(queue_of_our_own)
        received = [queue.get(timeout=5) for _ in range(2)]
        for message in received:
            message.ack()
        queue.close()
    assert [message.payload[0] for message in received] == [[one], many]


def test_refused_redis_costs_next_to_nothing(refused: None, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert plan(1) < 1.0
    assert planned() == 1
    assert "the sweeper will find it" in caplog.text


def test_black_holed_redis_costs_a_request_two_seconds_and_a_half_once(black_holed: None) -> None:
    assert plan(1) < 2.5
    assert all(plan(number) < 0.5 for number in range(2, 12))
    assert planned() == 11


def test_the_bell_is_tried_again_after_ten_seconds(
    refused: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    plan(1)
    plan(2)
    assert len(caplog.records) == 1
    monkeypatch.setattr(doorbell._Doorbell, "quiet_until", time.monotonic() - 0.001)
    plan(3)
    assert len(caplog.records) == 2


def test_a_request_would_hang_without_our_time_limits() -> None:
    """The control: with Celery's own settings the same call still waits after twice our limit."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        broker = f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
        publish = f"from celery import Celery; Celery(broker={broker!r}).send_task('messaging.deliver')"
        with pytest.raises(subprocess.TimeoutExpired):
            subprocess.run([sys.executable, "-c", publish], check=False, timeout=5)
