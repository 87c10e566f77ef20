"""Every page for everybody, in each language and width, by axe, by measure and without JavaScript."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Programme
from participants.models import Participant
from tests.journeys.axe import violations
from tests.journeys.calendar import beat_and_worker_do_their_rounds
from tests.journeys.people import PHONE, Person
from tests.journeys.story import text_of
from tests.journeys.visitor import Visitor
from tests.pseudo import LONG, MIRRORED, pseudo_languages
from tests.public_pages import PAGES, PublicPage, Scenery, set_scenery

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.fault_urls"),
]

WIDTHS = (1280, 390)
# What stands outside the window, or is cut off by it; what is hidden from sight on purpose is left out.
_STICKING_OUT = """() => {
    const wide = document.documentElement.clientWidth;
    const found = [];
    for (const element of document.body.querySelectorAll('*')) {
        if (element.closest('.sr-only, .visually-hidden-trap, .skipnav, svg')) continue;
        const box = element.getBoundingClientRect();
        if (box.width && box.height && (box.left < -1 || box.right > wide + 1))
            found.push(`${element.tagName}.${element.className} ${box.left}–${box.right}`);
    }
    if (document.documentElement.scrollWidth > wide) found.push('the page scrolls sideways');
    return found;
}"""
_READ_FROM_THE_RIGHT = """() => {
    const faults = [];
    for (const element of document.querySelectorAll('main h1, main p, main li, main label')) {
        if (element.closest('[lang], [data-instrument], .receipt') || !element.innerText.trim()) continue;
        const style = getComputedStyle(element);
        if (style.direction !== 'rtl' || !['start', 'right'].includes(style.textAlign))
            faults.push(`${element.tagName} ${style.direction} ${style.textAlign}: ${element.innerText}`);
    }
    for (const link of document.querySelectorAll('a[href^="tel:"], input[type="tel"]'))
        if (getComputedStyle(link).direction !== 'ltr') faults.push(`backwards: ${link.outerHTML}`);
    return faults;
}"""


def opened(page: Page, wanted: PublicPage, scenery: Scenery) -> None:
    """Open the page, fill in what is to be typed and press its button."""
    if wanted.before:
        wanted.before(scenery)
    page.goto(wanted.address(scenery))
    if wanted.typed is None:
        return
    for name, text in wanted.typed.items():
        field = page.locator(f"main [name={name}]")
        if field.count():
            field.first.fill(text)
    button = f"[value={wanted.button}]" if wanted.button else ""
    page.locator(f"main form button[type=submit]{button}").last.click()
    page.wait_for_load_state()


def visitor_reading(language: str, open_browser: Callable[..., Visitor], live_server, **options) -> Visitor:
    visitor = open_browser(**options)
    cookie = {"name": "django_language", "value": language, "url": live_server.url}
    visitor.context.add_cookies([cookie])
    return visitor


@pytest.mark.parametrize("language", ["da", "en"])
def test_public_pages_are_accessible(open_browser, live_server, programme: Programme, language: str):
    scenery = set_scenery(programme)
    page = visitor_reading(language, open_browser, live_server, bypass_csp=True).page
    faults = []
    for wanted in PAGES:
        opened(page, wanted, scenery)
        expect(page.locator("html")).to_have_attribute("lang", language)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            told = violations(page) + page.evaluate(_STICKING_OUT)
            faults += [f"{wanted} at {width} px: {fault}" for fault in told]
            if page.locator(".language-button").count():
                expect(page.locator(".language-button")).to_be_in_viewport()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", [LONG, MIRRORED])
def test_public_pages_hold_longer_words_and_words_from_right_to_left(
    open_browser, live_server, programme: Programme, language: str, pseudo_catalogues: Path
):
    scenery = set_scenery(programme)
    page = visitor_reading(language, open_browser, live_server).page
    faults = []
    with pseudo_languages(pseudo_catalogues):
        for wanted in PAGES:
            opened(page, wanted, scenery)
            expect(page.locator("html")).to_have_attribute("lang", language)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                told = page.evaluate(_STICKING_OUT)
                if language == MIRRORED:
                    told += page.evaluate(_READ_FROM_THE_RIGHT)
                faults += [f"{wanted} at {width} px: {fault}" for fault in told]
    assert not faults, "\n".join(faults)


def test_public_pages_change_language_without_javascript(open_browser, live_server, programme: Programme):
    scenery = set_scenery(programme)
    visitor = open_browser(java_script_enabled=False, **PHONE)
    page = visitor.page
    for wanted in (wanted for wanted in PAGES if not wanted.gives_back):
        visitor.context.clear_cookies(name="django_language")
        opened(page, wanted, scenery)
        expect(page.locator("html")).to_have_attribute("lang", "da")
        typed = page.locator("main [name=given_name]").first
        before = typed.input_value() if typed.count() else ""
        page.get_by_role("button", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        assert (typed.input_value() if typed.count() else "") == before, wanted
    assert visitor.complaints == []


def test_citizen_switches_in_the_middle_of_the_form_and_is_answered_in_english(
    open_browser: Callable[..., Visitor], programme: Programme, post_office
):
    anna = Person(open_browser(**PHONE))
    anna.opens("/tilmeld/kultur/")
    anna.comes_to("Tilmeld dig")
    anna.page.get_by_label("Fornavn").fill("Anna")
    anna.page.get_by_label("E-mail").fill("anna@borger.example")
    anna.presses("English")
    anna.comes_to("Sign up")
    expect(anna.page.get_by_label("First name")).to_have_value("Anna")
    anna.page.get_by_label("Surname").fill("Ward")
    anna.page.wait_for_timeout(3500)  # nobody fills in a form faster
    anna.presses("Check your answers")
    anna.comes_to("Check your answers")
    anna.presses("Send the sign-up")
    anna.comes_to("Thank you. We have received your sign-up")
    participant = Participant._base_manager.get(programme=programme, given_name="Anna")
    assert participant.language == "en"
    beat_and_worker_do_their_rounds()
    (mail,) = post_office.mails
    assert str(mail["Subject"]).startswith("Thank you for contacting")
    assert "You will hear from us by" in text_of(mail)
