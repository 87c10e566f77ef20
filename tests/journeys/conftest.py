"""A browser for the journeys: Debian's Chromium, and pages that fail on a script error or a CSP report."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from config.prepare import browser as find_browser
from tests.journeys.calendar import Calendar
from tests.journeys.visitor import Visitor
from tests.smtp_sink import SmtpSink, running_sink

CHROMIUM = find_browser()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the journeys, with the way to get them, where there is no Chromium.

    What runs on their way is not counted as covered: a rule wants a test that asks for it by name.
    """
    missing = pytest.mark.skip(reason="No Chromium: sudo apt-get install chromium")
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.no_cover)
        if CHROMIUM is None and item.get_closest_marker("journey"):
            item.add_marker(missing)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once; as root it wants --no-sandbox."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def open_browser(browser: Browser, live_server) -> Iterator[Callable[..., Visitor]]:
    """Return a function that opens one person's browser; keyword arguments are Playwright's.

    `bypass_csp=True` lets axe in. Without it, whatever the Content-Security-Policy stops is a complaint.
    """
    visitors: list[Visitor] = []

    def opened(**options) -> Visitor:
        options = {
            "base_url": live_server.url,
            "locale": "da-DK",
            "timezone_id": "Europe/Copenhagen",
            "viewport": {"width": 1280, "height": 900},
        } | options
        visitor = Visitor(browser.new_context(**options))
        visitor.context.set_default_timeout(10_000)
        visitors.append(visitor)
        return visitor

    yield opened
    for visitor in visitors:
        visitor.context.close()


@pytest.fixture
def page(open_browser) -> Page:
    """A page that axe may look into."""
    return open_browser(bypass_csp=True).page


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    """The day and hour it is for the app; today until it says otherwise."""
    return Calendar(monkeypatch)


@pytest.fixture
def post_office(settings, live_server) -> Iterator[SmtpSink]:
    """The mail server; links in mails lead to this app."""
    settings.SITE_URL = live_server.url
    with running_sink() as sink:
        yield sink
