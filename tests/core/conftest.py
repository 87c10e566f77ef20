"""A database and a Redis that do not answer; forms as a browser reads them from a page."""

from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test import Client


class Outage:
    """A database that nobody answers for, until it is back."""

    def __init__(self, empty_folder: str) -> None:
        self._empty_folder = empty_folder
        self._host = connection.settings_dict["HOST"]

    def again(self) -> None:
        connection.close()
        connection.settings_dict["HOST"] = self._empty_folder

    def back(self) -> None:
        connection.close()
        connection.settings_dict["HOST"] = self._host


@pytest.fixture
def database_down(transactional_db, tmp_path):
    """Take the database away for the test."""
    outage = Outage(str(tmp_path))
    outage.again()
    yield outage
    outage.back()


@pytest.fixture
def redis_down(settings, tmp_path):
    settings.REDIS_URL = f"unix://{tmp_path}/nobody.sock"


@pytest.fixture
def browser():
    """A client that checks CSRF tokens and shows error pages, as a browser meets them."""
    client = Client(enforce_csrf_checks=True)
    client.raise_request_exception = False
    return client


class FormReader(HTMLParser):
    """The action and the fields of the first form on a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form" and self.action is None:
            self.action = given["action"]
        if tag == "input" and given.get("name"):
            self.fields.append((str(given["name"]), given.get("value") or ""))

    @property
    def data(self) -> dict[str, list[str]]:
        posted: dict[str, list[str]] = {}
        for name, value in self.fields:
            posted.setdefault(name, []).append(value)
        return posted


@pytest.fixture
def form_on():
    """Return what reads the form on a page."""
    return FormReader
