"""Take the pictures of README.md from a running demonstration, and put them in docs/pictures/.

Start the app with `make run` and install the test tools with `make check` (or `make test`), then, with the
address that `make run` printed:

    .venv/bin/python docs/take_pictures.py http://127.0.0.1:8000

It signs in as the demonstration's coordinator and manager, changes nothing, and wants Chromium on the path.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent / "pictures"
COORDINATOR = "koordinator@demo.dk"
MANAGER = "leder@demo.dk"
PASSWORD = "demo"  # noqa: S105 - stands on the demonstration's sign-in page
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


def take_pictures(address: str) -> None:
    """Take all eight pictures of the app at `address`.

    :raises SystemExit: when Chromium is missing.
    """
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("Chromium is missing: as root `apt install chromium`.")
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        take_public(_open(browser, address, DESK), _open(browser, address, PHONE))
        take_coordinators(_sign_in(_open(browser, address, DESK), COORDINATOR))
        take_managers(_sign_in(_open(browser, address, DESK), MANAGER))
        browser.close()


def take_public(desk: Page, phone: Page) -> None:
    """What citizens and partners see."""
    desk.goto("/")
    _take(desk, "about")
    phone.goto("/henvis/")
    phone.get_by_text("Jobcenteret", exact=True).click()
    _take(phone, "refer-phone")


def take_coordinators(page: Page) -> None:
    """The overview, somebody to ring, the cohort that is running, reminders and what works."""
    _take(page, "dashboard")
    page.get_by_role("link", name="Find plads til").first.click()
    _take(page, "participant")
    page.goto("/hold/")
    page.locator(".card-heading a").first.click()
    _take(page, "cohort")
    page.goto("/samarbejde/paamindelser/")
    _take(page, "nudges")
    page.goto("/statistik/hvad-virker/")
    _take(page, "what-works")


def take_managers(page: Page) -> None:
    """How recruitment goes, and never who."""
    page.goto("/statistik/")
    _take(page, "statistics")


def _open(browser: Browser, address: str, size: dict[str, int]) -> Page:
    context = browser.new_context(
        base_url=address,
        locale="da-DK",
        viewport={"width": size["width"], "height": size["height"]},
        reduced_motion="reduce",
    )
    return context.new_page()


def _sign_in(page: Page, email: str) -> Page:
    page.goto("/konto/login/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind").click()
    page.wait_for_load_state()
    return page


def _take(page: Page, name: str) -> None:
    page.evaluate("document.fonts.ready")
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    take_pictures(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
