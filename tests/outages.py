"""PostgreSQL and Redis as they are on a bad day."""

import contextlib
import socket
from collections.abc import Iterator

from celery import Celery, current_app
from django.db import connection

from tests.smtp_sink import free_port


class Outage:
    """A database that nobody answers for, until it is back."""

    def __init__(self, empty_folder: str) -> None:
        self._empty_folder = empty_folder
        self._host = connection.settings_dict["HOST"]

    def again(self) -> None:
        with connection.cursor() as cursor:  # a line that is open already would outlive the address
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        connection.close()
        connection.settings_dict["HOST"] = self._empty_folder

    def back(self) -> None:
        connection.close()
        connection.settings_dict["HOST"] = self._host


def app_with_broker(url: str) -> Celery:
    """Return our Celery app as it would be with the broker at `url`."""
    app = Celery("another broker", set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.broker_url = url
    return app


@contextlib.contextmanager
def as_current(app: Celery) -> Iterator[None]:
    """Let `app` be the one that publishes."""
    before = current_app._get_current_object()
    app.set_current()
    try:
        yield
    finally:
        before.set_current()
        app.close()


@contextlib.contextmanager
def redis_refused() -> Iterator[None]:
    """Nobody listens where Redis should be."""
    with as_current(app_with_broker(f"redis://127.0.0.1:{free_port()}/0")):
        yield


@contextlib.contextmanager
def redis_black_holed() -> Iterator[None]:
    """Somebody takes the call where Redis should be, and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        with as_current(app_with_broker(f"redis://127.0.0.1:{listener.getsockname()[1]}/0")):
            yield
