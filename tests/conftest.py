"""Fixtures that every test may use: two programmes, their people, a fixed now."""

import datetime as dt
import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.template.base import Template
from django.template.context import Context
from django.test import Client, TransactionTestCase
from django_scopes import scope
from pytest_django.plugin import DjangoDbBlocker

from accounts.enums import Role
from accounts.models import Programme, User
from referrals.services import receive_arrival
from referrals.services.waiting import waiting_arrivals
from referrals.views import public
from tests import databases, factories
from tests.outages import Outage
from tests.pseudo import write_catalogues

# Playwright's event loop runs in the test's own thread, which Django would otherwise refuse.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Copy the test database from one that is migrated already, where ours may stay on the server."""
    if databases.on_embedded_servers():
        with django_db_blocker.unblock():
            connection.settings_dict["TEST"]["TEMPLATE"] = databases.migrated_database()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, processes and transactions: no worker has one left when all is done."""
    items.sort(key=is_rolled_back)


def is_rolled_back(item: pytest.Item) -> bool:
    """Return whether the test has the database in one transaction, as most have."""
    fixtures = getattr(item, "fixturenames", ())
    marker = item.get_closest_marker("django_db")
    if "transactional_db" in fixtures or "live_server" in fixtures:
        return False
    return not marker.kwargs.get("transaction") if marker else "db" in fixtures


def pytest_collection_finish() -> None:
    """Leave out of the garbage collector's rounds what lives until the end: half a million objects."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)


@pytest.fixture(scope="session", autouse=True)
def pages_alone_are_remembered(django_test_environment: None) -> Iterator[None]:
    """Let the test client copy the context of a page, and not of each of the hundreds of parts in it."""
    remembered, parts = Template._render, ("django/forms/", "dkfds/")

    def render(self: Template, context: Context) -> str:
        is_part = context.template is not self or str(self.name).startswith(parts)
        return self.nodelist.render(context) if is_part else remembered(self, context)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
        yield


@pytest.fixture(scope="session", autouse=True)
def emptied_quickly() -> Iterator[None]:
    """Empty the database after a test of transactions without the cost of truncating all tables."""
    flush = TransactionTestCase._fixture_teardown
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: databases.empty() or flush(self))
        yield


@pytest.fixture(scope="session", autouse=True)
def no_session_outlives_the_tests(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """End the sessions that threads still hold, or the test database cannot be removed.

    A live server's threads close their connections a moment after the last test, sometimes too late.
    """
    yield
    connection.close()  # a test of outages may have ended it
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def worker_that_lets_in(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let in each public form once it is stored, as a worker does who hears the doorbell.

    A test of what happens before that is marked `no_worker`.
    """
    if request.node.get_closest_marker("no_worker"):
        return
    store = public.take_arrival

    def store_and_hear(**said: Any) -> str:
        reference = store(**said)
        for key in waiting_arrivals():
            receive_arrival(arrival_id=key)  # and its fault, if any, is the test's
        return reference

    monkeypatch.setattr(public, "take_arrival", store_and_hear)


@pytest.fixture
def now() -> dt.datetime:
    """Tuesday 10 March 2026 at 10 o'clock in Denmark."""
    return factories.NOW


@pytest.fixture
def programme(db: None) -> Programme:
    """A programme; its scope is not active by itself."""
    return factories.make_programme(slug="kultur", name="Kultur på Recept")


@pytest.fixture
def other_programme(db: None) -> Programme:
    """Another municipality's programme, whose rows nobody here may see."""
    return factories.make_programme(slug="andetsteds", name="Sund med Kultur", municipality="Anden Kommune")


@pytest.fixture
def in_scope(programme: Programme) -> Iterator[Programme]:
    """The programme, with its scope active for the length of the test."""
    with scope(programme=programme):
        yield programme


@pytest.fixture
def coordinator(programme: Programme) -> User:
    return factories.make_user(programme, Role.COORDINATOR, name="Kirsten Koordinator")


@pytest.fixture
def manager(programme: Programme) -> User:
    return factories.make_user(programme, Role.MANAGER, name="Lars Leder")


@pytest.fixture
def administrator(programme: Programme) -> User:
    return factories.make_user(programme, Role.ADMINISTRATOR, name="Ada Administrator")


@pytest.fixture
def coordinator_elsewhere(other_programme: Programme) -> User:
    return factories.make_user(other_programme, Role.COORDINATOR, name="Ditte Andetsteds")


@pytest.fixture
def client_for() -> Callable[[User | None], Client]:
    """Return a browser signed in as the user; anonymous for None."""

    def signed_in(user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in


@pytest.fixture(scope="session")
def pseudo_catalogues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the pseudo-languages; what they are made of is read once, for it takes a second."""
    folder = tmp_path_factory.mktemp("pseudo")
    write_catalogues(folder)
    return folder


@pytest.fixture
def database_down(transactional_db: None, tmp_path: Path) -> Iterator[Outage]:
    """Take the database away for the test."""
    outage = Outage(str(tmp_path))
    outage.again()
    yield outage
    outage.back()
