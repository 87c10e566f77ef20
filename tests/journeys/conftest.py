"""A browser for the journeys: Debian's Chromium, and pages that fail on a script error or a CSP report."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Response,
    sync_playwright,
)

from config.prepare import browser as find_browser

CHROMIUM = find_browser()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the journeys, with the way to get them, where there is no Chromium."""
    if CHROMIUM is None:
        missing = pytest.mark.skip(reason="No Chromium: sudo apt-get install chromium")
        for item in items:
            if item.get_closest_marker("journey"):
                item.add_marker(missing)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once; as root it wants --no-sandbox."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


class Visitor:
    """One person's browser: its own cookies, and everything the pages complained about."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self._heard: list[tuple[str, str, str]] = []
        self._refusals: set[str] = set()
        self.page = self.new_page()

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self._heard.append((page.url, str(error), "")))
        page.on("console", lambda line: self._hear(page, line))
        page.on("response", self._note_refusal)
        return page

    @property
    def complaints(self) -> list[str]:
        """Script errors, breaches of the Content-Security-Policy, missing files; not a page's own 422."""
        return [f"{page}: {text}" for page, text, source in self._heard if source not in self._refusals]

    def _hear(self, page: Page, line: ConsoleMessage) -> None:
        if line.type == "error":
            loading = line.text.startswith("Failed to load resource")
            self._heard.append((page.url, line.text, line.location["url"] if loading else ""))

    def _note_refusal(self, response: Response) -> None:
        if response.status >= 400 and response.request.is_navigation_request():
            self._refusals.add(response.url)


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
