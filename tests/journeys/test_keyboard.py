"""Referring a citizen with the keyboard alone: Tab, Space, Enter and letters."""

from collections.abc import Callable

import pytest
from django_scopes import scope
from playwright.sync_api import Page, expect

from accounts.models import Programme
from referrals.models import Referral
from tests.journeys.people import Person
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

# What has the focus is called, and whether one can see that it has it: an outline or a shadow around it, or
# around the box that stands for it.
_FOCUS = """() => {
    const focused = document.activeElement;
    const name = focused.labels?.length ? focused.labels[0].innerText : focused.innerText;
    const shown = [focused, focused.nextElementSibling].filter(Boolean).flatMap(
        element => ['', '::before', '::after'].map(part => getComputedStyle(element, part)));
    const visible = shown.some(style =>
        (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none');
    return [(name || '').replace('(frivilligt)', '').trim(), visible];
}"""


class Typist:
    """Somebody who uses no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def tabs_to(self, name: str) -> None:
        """Press Tab until what is called `name` has the focus; every stop on the way can be seen."""
        for _ in range(60):
            self.page.keyboard.press("Tab")
            focused, visible = self.page.evaluate(_FOCUS)
            assert visible, f"The focus on {focused!r} cannot be seen"
            if focused.startswith(name):
                return
        raise AssertionError(f"Tab never came to {name!r}")

    def types(self, label: str, text: str) -> None:
        self.tabs_to(label)
        self.page.keyboard.type(text)

    def ticks(self, label: str) -> None:
        self.tabs_to(label)
        self.page.keyboard.press("Space")

    def enters(self, name: str) -> None:
        """Go to a link or a button and use it."""
        self.tabs_to(name)
        self.page.keyboard.press("Enter")


def test_referral_needs_no_mouse(open_browser: Callable[..., Visitor], programme: Programme):
    henrik = Person(open_browser(), checks_pages=False)
    keyboard = Typist(henrik.page)
    henrik.opens("/henvis/")
    keyboard.enters("Gå til sidens indhold")
    keyboard.enters("Jobcenteret")
    henrik.comes_to("Henvis fra jobcenteret")
    keyboard.types("Borgerens fornavn", "Anna")
    keyboard.types("Borgerens telefon", "22 33 44 55")
    keyboard.types("Hvorfor tænker du på borgeren?", "Savner noget at stå op til.")
    keyboard.ticks("Borgeren har sagt ja til at blive henvist")
    keyboard.types("Dit navn", "Henrik Henviser")
    keyboard.types("Jobcenter", "Jobcenter Prøve")
    keyboard.types("Din e-mail", "henrik@jobcenter.example")
    henrik.takes_as_long_as_people_do()
    henrik.page.keyboard.press("Enter")

    expect(henrik.page.get_by_role("alert")).to_be_focused()
    keyboard.enters("Skriv borgerens efternavn")
    expect(henrik.field("Borgerens efternavn")).to_be_focused()
    henrik.page.keyboard.type("Ærøskøbing")
    expect(henrik.page.get_by_label("Borgeren har sagt ja til at blive henvist")).to_be_checked()
    keyboard.enters("Tjek dine svar")
    henrik.comes_to("Tjek dine svar")
    keyboard.enters("Send henvisningen")
    henrik.comes_to("Tak. Vi har fået din henvisning")
    with scope(programme=programme):
        assert Referral.objects.get().participant.full_name == "Anna Ærøskøbing"


def test_focus_that_cannot_be_seen_is_found(open_browser: Callable[..., Visitor], programme: Programme):
    """The control: with the ring taken away the same walk stops."""
    page = open_browser(bypass_csp=True).page
    page.goto("/henvis/")
    page.add_style_tag(
        content="*, *::before, *::after { outline: none !important; box-shadow: none !important }"
    )
    with pytest.raises(AssertionError, match="cannot be seen"):
        Typist(page).tabs_to("Jobcenteret")
