"""A measure from the coordinator's screen to the person's phone and on into the figures."""

import datetime as dt

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from evaluation.enums import Occasion
from participants.enums import Stage
from tests.factories import make_cohort, make_enrolment, make_participant, make_referral, make_response
from tests.journeys.axe import assert_accessible

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

FIRST_DRAWING = 60_000  # ms: a fresh process starts the drawing library


@pytest.fixture
def people(programme):
    """Anna lacks her measure; eleven others are measured before and after."""
    anna = make_participant(programme, given_name="Anna", family_name="Ærø", stage=Stage.PLACED)
    cohort = make_cohort(programme, starts_on=timezone.localdate() + dt.timedelta(days=9), capacity=20)
    make_enrolment(cohort, anna)
    for number in range(11):
        person = make_participant(programme, stage=Stage.COMPLETED)
        make_referral(programme, participant=person, received_at=timezone.now())
        make_response(person, Occasion.BEFORE, (1, 1, 2, 1, number % 3), self_rated_health=4)
        make_response(person, Occasion.AFTER, (3, 2, 3, 3, 2), self_rated_health=2)
    return anna


def sign_in(page: Page, browser_client, base_url: str) -> None:
    cookie = browser_client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": base_url}])


def test_person_answers_on_their_phone_without_javascript(
    open_browser, client_for, coordinator, live_server, people
):
    desk = open_browser(bypass_csp=True).page
    sign_in(desk, client_for(coordinator), live_server.url)
    desk.goto("/maalinger/")
    assert_accessible(desk)
    desk.get_by_role("link", name="Indhent svar for Anna Ærø").click()
    assert_accessible(desk)
    desk.get_by_role("button", name="Vis QR-kode").click()
    expect(desk.get_by_role("img", name="QR-kode, der åbner skemaet")).to_be_visible()
    assert_accessible(desk)
    link = desk.get_by_label("Linket, hvis det skal sendes på anden vis").input_value()

    phone = open_browser(java_script_enabled=False, has_touch=True).page
    phone.set_viewport_size({"width": 390, "height": 844})
    phone.goto(link)
    expect(phone).to_have_url(f"{live_server.url}/skema/")
    wellbeing = phone.get_by_role("group", name="I de sidste 2 uger …")
    for number in range(4):
        wellbeing.get_by_role("group").nth(number).get_by_text("Lidt af tiden", exact=True).click()
    phone.get_by_role("button", name="Send mine svar").click()
    expect(phone.get_by_role("alert")).to_contain_text("Du mangler at svare på")
    wellbeing.get_by_role("group").nth(4).get_by_text("På intet tidspunkt").click()
    phone.get_by_text("Godt", exact=True).click()
    phone.get_by_role("button", name="Send mine svar").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Tak for dine svar")
    phone.goto(link)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Tak for dine svar")

    desk.goto(f"/deltagere/{people.pk}/")
    expect(desk.get_by_role("region", name="Før forløbet")).to_contain_text("16 af 100")
    expect(desk.get_by_text("Følg op på lav trivsel").first).to_be_visible()
    desk.get_by_role("link", name="Se svarene").click()
    assert_accessible(desk)


def test_questionnaire_has_no_accessibility_faults_blank_asked_about_or_thanked(
    open_browser, client_for, coordinator, live_server, people
):
    page = open_browser(bypass_csp=True).page
    sign_in(page, client_for(coordinator), live_server.url)
    page.goto(f"/deltagere/{people.pk}/maaling/foer/qr/")
    page.get_by_role("button", name="Vis QR-kode").click()
    page.goto(page.get_by_label("Linket, hvis det skal sendes på anden vis").input_value())
    assert_accessible(page)
    page.get_by_text("Hele tiden").first.click()
    page.get_by_role("button", name="Send mine svar").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert_accessible(page)
    page.get_by_role("button", name="Send alligevel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tak for dine svar")
    assert_accessible(page)


@pytest.mark.parametrize("role", ["coordinator", "manager"])
def test_statistics_have_no_accessibility_faults_with_every_table_open(
    open_browser, client_for, request, live_server, people, role
):
    page = open_browser(bypass_csp=True).page
    sign_in(page, client_for(request.getfixturevalue(role)), live_server.url)
    page.goto("/statistik/", timeout=FIRST_DRAWING)
    expect(page.get_by_role("img")).to_have_count(5)
    assert_accessible(page)
    for fold in page.locator("main summary").all():
        fold.click()
    assert_accessible(page)


def test_statistics_break_no_rule_of_the_content_security_policy(
    open_browser, client_for, manager, live_server, people
):
    visitor = open_browser()
    sign_in(visitor.page, client_for(manager), live_server.url)
    visitor.page.goto("/statistik/", timeout=FIRST_DRAWING)
    expect(visitor.page.get_by_role("img")).to_have_count(5)
    assert visitor.complaints == []
