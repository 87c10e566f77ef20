"""The parts that every page is built of, in a browser."""

import gzip

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import assert_accessible

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PUBLIC_PAGES = ["/stil/", "/tilgaengelighed/", "/konto/login/", "/konto/password/reset/", "/findes-ikke/"]


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_page_has_no_accessibility_faults_on_wide_and_narrow_screens(page: Page, path):
    page.goto(path)
    assert_accessible(page)


@pytest.mark.parametrize(
    ("plant", "complaint"),
    [
        ("document.querySelector('main').append(new Image())", "image-alt"),
        ("document.querySelector('h1').className = 'planted-wide'", "scrolls sideways"),
    ],
)
def test_planted_accessibility_fault_is_found(page: Page, plant, complaint):
    page.goto("/tilgaengelighed/")
    page.add_style_tag(content=".planted-wide { width: 2000px }")
    page.evaluate(plant)
    with pytest.raises(AssertionError, match=complaint):
        assert_accessible(page)


def test_planted_inline_style_is_reported_as_a_breach(open_browser):
    visitor = open_browser()
    visitor.page.goto("/tilgaengelighed/")
    visitor.page.evaluate("document.querySelector('h1').setAttribute('style', 'color: red')")
    visitor.page.wait_for_function("true")
    assert any("Content Security Policy" in complaint for complaint in visitor.complaints)


def test_styleguide_breaks_no_rule_of_the_content_security_policy(open_browser):
    visitor = open_browser()
    visitor.page.goto("/stil/", wait_until="networkidle")
    assert visitor.complaints == []
    assert visitor.page.evaluate("document.querySelectorAll('[style]').length") == 0


def test_error_summary_has_the_focus_and_leads_to_the_question(page: Page):
    page.goto("/stil/")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.get_by_role("link", name="Vælg, hvem der henviser").click()
    expect(page.locator("#id_faulty-source_0")).to_be_focused()


def test_error_summary_leads_to_the_question_without_javascript(open_browser):
    page = open_browser(java_script_enabled=False).page
    page.goto("/stil/")
    page.get_by_role("link", name="Skriv dit telefonnummer, så vi kan ringe til dig").click()
    assert page.url.endswith("#id_faulty-phone")


def test_character_count_counts_down_and_says_when_there_are_too_many(page: Page):
    page.goto("/stil/")
    count = page.locator("#id_empty-reason_limit")
    expect(count).to_have_text("Du kan skrive op til 1.000 tegn")
    page.locator("#id_empty-reason").fill("Æble 🍏")
    expect(count).to_have_text("Du har 994 tegn tilbage")
    page.locator("#id_empty-reason").fill("x" * 1012)
    expect(count).to_have_text("Du har skrevet 12 tegn for meget")


def test_menu_of_a_fault_page_needs_no_javascript(open_browser):
    page = open_browser(java_script_enabled=False).page
    page.goto("/findes-ikke/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vi kan ikke finde siden")


def test_public_page_weighs_at_most_120_kb_over_the_wire(open_browser):
    """Fonts and pictures as they are, text as gzip makes it, which is how WhiteNoise serves it."""
    visitor = open_browser()
    urls: set[str] = set()
    visitor.page.on("response", lambda response: urls.add(response.url))
    visitor.page.goto("/konto/login/", wait_until="networkidle")
    weights = {url: weight(visitor.page.request.get(url).body(), url) for url in urls}
    assert any("IBMPlexSans-Regular-Latin1" in url for url in weights)
    assert not any("/complete/" in url for url in weights)
    assert sum(weights.values()) <= 120_000, weights


def weight(body: bytes, url: str) -> int:
    """Return the bytes that travel: fonts are packed already."""
    return len(body) if url.endswith(".woff2") else len(gzip.compress(body))
