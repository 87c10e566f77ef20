"""Accessibility by machine: axe-core, run inside the page."""

from functools import cache

from django.conf import settings
from playwright.sync_api import Page

AXE = settings.NODE_MODULES / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


@cache
def axe_script() -> str:
    """Return axe-core; contexts that run it are opened with `bypass_csp=True`."""
    return AXE.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """Return each fault that axe finds as one line: rule, what is wrong, where."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe_script())
    found = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES)
    return [
        f"{fault['id']}: {fault['help']}: {node['html'][:200]}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


def assert_accessible(page: Page) -> None:
    """Fail when axe finds anything at 1280 or 390 px, or when the page scrolls sideways at 390."""
    faults = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        faults += [f"{page.url} at {width} px: {fault}" for fault in violations(page)]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        faults.append(f"{page.url} at 390 px: scrolls sideways")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert not faults, "\n".join(faults)
