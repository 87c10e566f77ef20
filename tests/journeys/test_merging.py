"""Two records of one person become one on a phone, and two again."""

import pytest
from playwright.sync_api import expect

from tests.factories import PASSWORD, make_participant, make_referral
from tests.journeys.axe import assert_accessible

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_two_records_are_merged_on_a_phone_and_taken_apart_again(open_browser, programme, coordinator):
    said = {"family_name": "Ågård", "phone": "+4520123456", "birth_year": 1961}
    kirsten = make_participant(programme, given_name="Kirsten", **said)
    kirstn = make_participant(programme, given_name="Kirstn", **{**said, "email": ""})
    for person in (kirsten, kirstn):
        make_referral(programme, participant=person, workplace=f"Jobcenter {person.given_name}")
    page = open_browser(viewport={"width": 390, "height": 844}).page
    page.goto(f"/konto/login/?next=/deltagere/{kirstn.pk}/")
    page.get_by_label("E-mail").fill(coordinator.email)
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind").click()

    page.get_by_role("link", name="se dem side om side").click()
    assert_accessible(page)
    page.get_by_role("link", name="Ja, saml dem").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Saml to til én")
    assert_accessible(page)
    page.get_by_role("button", name="Saml de to").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Kirsten Ågård")
    for workplace in ("Jobcenter Kirsten", "Jobcenter Kirstn"):
        expect(page.get_by_text(workplace).first).to_be_visible()
    assert_accessible(page)
    page.goto(f"/deltagere/{kirstn.pk}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kirsten Ågård")

    page.get_by_role("button", name="Fortryd samlingen").click()

    expect(page.get_by_text("De to er skilt ad igen")).to_be_visible()
    page.goto(f"/deltagere/{kirstn.pk}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kirstn Ågård")
