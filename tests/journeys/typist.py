"""Somebody who goes about with Tab, Space, Enter and letters, and has each step counted."""

from playwright.sync_api import Page

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
    """Somebody who uses no mouse; `interactions` counts fields filled in, ticks set and buttons pressed."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.interactions = 0

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
        self.interactions += 1

    def ticks(self, label: str) -> None:
        self.tabs_to(label)
        self.page.keyboard.press("Space")
        self.interactions += 1

    def enters(self, name: str) -> None:
        """Go to a link or a button and use it."""
        self.tabs_to(name)
        self.page.keyboard.press("Enter")
        self.interactions += 1
