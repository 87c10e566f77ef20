"""Somebody already known rings again: asked before anything is kept, answered by one button."""

import pytest
from playwright.sync_api import Page, expect

from tests.factories import PASSWORD, make_participant, make_referral
from tests.journeys.axe import assert_accessible

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def kirsten(programme):
    known = make_participant(
        programme, given_name="Kirsten", family_name="Ågård", phone="+4520123456", birth_year=1961
    )
    make_referral(programme, participant=known, workplace="Jobcenter Ribe")
    return known


def register(page: Page, coordinator) -> None:
    """Sign in and type a person who resembles Kirsten."""
    page.goto("/konto/login/?next=/henvisninger/ny/")
    page.get_by_label("E-mail").fill(coordinator.email)
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind").click()
    page.get_by_label("Fornavn").fill("Kirstn")
    page.get_by_label("Efternavn").fill("Ågard")
    page.locator("[name=phone]").fill("20 12 34 56")
    page.get_by_role("button", name="Gem henvendelsen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Er det den samme person?")


def test_same_person_is_recognised_without_javascript_on_a_phone(open_browser, coordinator, kirsten):
    page = open_browser(java_script_enabled=False, viewport={"width": 390, "height": 900}).page
    register(page, coordinator)

    page.get_by_role("button", name="Ja, det er samme person").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Kirsten Ågård")
    expect(page.get_by_text("Personen var her i forvejen.")).to_be_visible()


def test_same_person_page_has_no_accessibility_faults(page: Page, coordinator, kirsten):
    register(page, coordinator)

    assert_accessible(page)


def test_somebody_known_shows_beside_the_form_while_typing_and_one_press_joins(
    open_browser, coordinator, kirsten
):
    page = open_browser(viewport={"width": 1280, "height": 900}).page
    posted = []
    page.on("request", lambda request: posted.append((request.method, request.url)))
    page.goto("/konto/login/?next=/henvisninger/ny/")
    page.get_by_label("E-mail").fill(coordinator.email)
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind").click()

    page.locator("[name=phone]").press_sequentially("20123456", delay=20)
    expect(page.get_by_role("status")).to_contain_text("Kirsten Ågård ligner")
    page.get_by_label("Fornavn").press_sequentially("Bo", delay=20)
    page.get_by_label("Efternavn").press_sequentially("Holm", delay=20)
    expect(page.get_by_role("button", name="Det er samme person")).to_have_count(0)
    page.get_by_label("Fornavn").fill("Kirstn")
    page.get_by_label("Efternavn").fill("Ågard")
    expect(page.get_by_role("heading", name="Kirsten Ågård")).to_be_visible()
    page.locator("[name=reason]").fill("Vil gerne i gang igen.")
    assert_accessible(page)

    page.get_by_role("button", name="Det er samme person").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Kirsten Ågård")
    expect(page.get_by_text("Vil gerne i gang igen.")).to_be_visible()
    asked = [url for method, url in posted if method == "POST" and url.endswith("/ligner/")]
    assert len(asked) >= 2
    assert not [url for _, url in posted if "Kirst" in url or "20123456" in url]
