"""What people do at a browser, in their own words, and what must hold of every page they come to."""

import re
import time
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from core.spam import FASTEST_SECONDS
from tests.journeys.axe import assert_accessible
from tests.journeys.visitor import Visitor

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


class Person:
    """Somebody with a browser. Each page they come to is held to the rules of accessibility once."""

    def __init__(self, visitor: Visitor, *, checks_pages: bool = True) -> None:
        self.visitor = visitor
        self.page: Page = visitor.page
        self._checks_pages = checks_pages
        self._checked: set[tuple[str, str]] = set()
        self._came_at = time.monotonic()

    # --- Going about ---

    def opens(self, address: str) -> None:
        """Open an address typed, scanned or clicked in a mail."""
        self.page.goto(address)
        self._came_at = time.monotonic()

    def follows(self, link: str, *, within: Locator | None = None) -> None:
        """Click the first link of that name."""
        (within or self.page).get_by_role("link", name=link).first.click()
        self._came_at = time.monotonic()

    def presses(self, button: str, *, within: Locator | None = None) -> None:
        """Press the button of that name."""
        (within or self.page).get_by_role("button", name=button, exact=True).click()

    def goes_to(self, page: str) -> None:
        """Go by the main menu."""
        self.follows(page, within=self.page.get_by_role("navigation", name="Hovedmenu", exact=True))
        self.comes_to(page)

    def comes_to(self, heading: str) -> None:
        """Stand on the page with that heading; the first time on such a page, look it over."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        kind_of_page = ("".join(filter(str.isalpha, urlsplit(self.page.url).path)), heading)
        if self._checks_pages and kind_of_page not in self._checked:
            self._checked.add(kind_of_page)
            width = self.page.viewport_size
            assert_accessible(self.page)
            self.page.set_viewport_size(width or {"width": 1280, "height": 900})
        assert self.visitor.complaints == []

    # --- Forms ---

    def field(self, label: str) -> Locator:
        """The field with that label, be it optional or not."""
        return self.page.get_by_label(re.compile(rf"^\s*{re.escape(label)}(\s+\(frivilligt\))?\s*$"))

    def types(self, label: str, text: str) -> None:
        self.field(label).fill(text)

    def ticks(self, label: str) -> None:
        """Tick a box or choose a radio button, by its text, as a finger does."""
        self.page.get_by_text(label, exact=True).click()

    def answers(self, question: str, answer: str) -> None:
        """Choose an answer by its text; `question` is the end of what the group of answers is called."""
        group = self.page.get_by_role("group", name=question)
        group.get_by_text(answer, exact=True).click()

    def chooses(self, label: str, option: str) -> None:
        self.field(label).select_option(label=option)

    def takes_as_long_as_people_do(self) -> None:
        """Wait until nobody would take this for a robot's hurry."""
        left = self._came_at + FASTEST_SECONDS + 1.2 - time.monotonic()
        if left > 0:
            self.page.wait_for_timeout(left * 1000)

    # --- Reading ---

    def sees(self, text: str, *, at: str = "body") -> None:
        """Read the text on the page, or in the one place that the selector `at` names."""
        expect(self.page.locator(at)).to_contain_text(text)

    def sees_nothing_of(self, text: str) -> None:
        expect(self.page.locator("body")).not_to_contain_text(text)
