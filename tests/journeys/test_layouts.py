"""Getting in, finding one's way and getting out again."""

import pytest
from playwright.sync_api import Page, expect

from accounts.enums import Role
from accounts.models import Membership
from tests.journeys.axe import assert_accessible

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def administrator_of_two(administrator, other_programme):
    administrator.set_password("en lang adgangskode")
    administrator.save()
    Membership.objects.create(user=administrator, programme=other_programme, role=Role.ADMINISTRATOR)
    return administrator


def sign_in(page: Page, user) -> None:
    page.goto("/konto/login/?next=/indstillinger/")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Adgangskode").fill("en lang adgangskode")
    page.get_by_role("button", name="Log ind").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Indstillinger")


def test_staff_page_has_no_accessibility_faults_with_the_menu_open_or_closed(
    page: Page, administrator_of_two
):
    sign_in(page, administrator_of_two)
    assert_accessible(page)
    page.set_viewport_size({"width": 390, "height": 900})
    page.locator(".mobile-menu summary").click()
    expect(page.locator(".mobile-menu-panel")).to_be_visible()
    assert_accessible(page)


def test_staff_page_breaks_no_rule_of_the_content_security_policy(open_browser, administrator_of_two):
    visitor = open_browser()
    sign_in(visitor.page, administrator_of_two)
    assert visitor.complaints == []
    assert visitor.page.evaluate("typeof htmx") == "object"


def test_member_of_two_programmes_switches_and_signs_out_without_javascript(
    open_browser, administrator_of_two
):
    page = open_browser(java_script_enabled=False).page
    page.set_viewport_size({"width": 390, "height": 900})
    sign_in(page, administrator_of_two)
    page.locator(".mobile-menu summary").click()
    menu = page.locator(".mobile-menu-panel")
    menu.get_by_label("Program").select_option(label="Sund med Kultur, administrator")
    menu.get_by_role("button", name="Skift").click()
    expect(page.locator(".wordmark")).to_have_text("Sund med Kultur")
    page.locator(".mobile-menu summary").click()
    page.locator(".mobile-menu-panel").get_by_role("button", name="Log ud").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Log ind")


def test_wrong_password_is_told_at_the_top_and_the_address_is_kept(page: Page, administrator_of_two):
    page.goto("/konto/login/")
    page.get_by_label("E-mail").fill(administrator_of_two.email)
    page.get_by_label("Adgangskode").fill("noget helt andet")
    page.get_by_role("button", name="Log ind").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("E-mail")).to_have_value(administrator_of_two.email)
    assert_accessible(page)


def test_second_press_on_a_button_sends_once(page: Page, administrator_of_two):
    posts: list[str] = []
    page.on("request", lambda request: request.method == "POST" and posts.append(request.url))
    page.goto("/konto/login/")
    page.get_by_label("E-mail").fill(administrator_of_two.email)
    page.get_by_label("Adgangskode").fill("en lang adgangskode")
    page.evaluate("const b = document.querySelector('form [type=submit]'); b.click(); b.click()")
    expect(page.get_by_role("heading", level=1)).to_have_text("Indstillinger")
    assert len(posts) == 1
