"""A key person leaves, and the hand-over is done: task, successor, and the partnership is safe again."""

import datetime as dt

import pytest
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Page, expect

from outreach.enums import ActivityState
from outreach.models import Organisation
from outreach.services import mark_referrer_left, tend_partners
from tests.factories import (
    NOW,
    PASSWORD,
    make_activity,
    make_channel,
    make_cooperation_agreement,
    make_organisation,
    make_referrer,
    make_tracked_link,
)
from tests.journeys.axe import assert_accessible

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

LONG = "Jobcenter Nordvestjylland og omegns tværfaglige rehabiliterings- og beskæftigelsesindsats"


def sign_in(page: Page, user, path: str) -> None:
    page.goto(f"/konto/login/?next={path}")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind").click()
    page.wait_for_url(f"**{path}")


@pytest.fixture
def jobcentre(programme) -> Organisation:
    """A partner in order but for one thing: Jonas, one of two key persons, has left."""
    place = make_organisation(programme, name="Jobcenter Ærø", is_tended=True)
    jonas = make_referrer(programme, name="Jonas Kvist", organisation=place, is_key_person=True)
    make_referrer(programme, name="Åse Nøgle", organisation=place, is_key_person=True)
    make_referrer(programme, name="Mona Ægidius", organisation=place)
    make_channel(programme, name="Teammødet", referrer=jonas)
    make_tracked_link(programme, label="Link i Jonas Kvist sin mail")
    today = timezone.localdate()
    make_activity(programme, organisation=place, state=ActivityState.DONE, held_on=today, with_leader=True)
    with scope(programme=programme):
        mark_referrer_left(referrer=jonas, left_on=today, by=None, now=timezone.now())
        tend_partners(programme=programme, now=timezone.now())
    return place


def test_a_key_person_leaves_and_the_hand_over_is_done(open_browser, programme, coordinator, jobcentre):
    page = open_browser(java_script_enabled=False).page
    page.set_viewport_size({"width": 390, "height": 900})
    sign_in(page, coordinator, f"/samarbejde/{jobcentre.pk}/")
    expect(page.get_by_text("Jonas Kvist var nøgleperson og er stoppet.")).to_be_visible()

    page.goto("/opgaver/")
    expect(page.get_by_text("Find ud af, hvem der overtager efter Jonas Kvist").first).to_be_visible()
    page.get_by_role("link", name="Vælg afløser for Jonas Kvist").click()
    page.get_by_label("Hvem overtager henvisningerne?").select_option(label="Mona Ægidius")
    expect(page.get_by_label("Afløseren bliver jeres nøgleperson")).to_be_checked()
    expect(page.get_by_label("Link i Jonas Kvist sin mail")).to_be_checked()
    page.get_by_role("button", name="Gem").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Jobcenter Ærø")
    expect(page.get_by_text("Mona Ægidius overtager henvisningerne.")).to_be_visible()
    expect(page.get_by_text("Det kræver opmærksomhed")).to_have_count(0)
    page.goto("/opgaver/")
    expect(page.get_by_text("Jonas Kvist")).to_have_count(0)
    page.goto("/samarbejde/kanaler/")
    expect(page.get_by_text("Mona Ægidius")).to_be_visible()
    page.goto("/samarbejde/links/")
    expect(page.get_by_role("link", name="Link i Mona Ægidius sin mail", exact=True)).to_be_visible()


def test_partner_pages_have_no_accessibility_faults(page: Page, programme, coordinator, jobcentre):
    long_ago = NOW - dt.timedelta(days=900)
    place = make_organisation(programme, name=LONG, is_tended=True, created_at=long_ago)
    gone = make_referrer(
        programme, name="Jens Gået", organisation=place, is_key_person=True, left_on=NOW.date()
    )
    make_referrer(programme, name="Lis Leder", organisation=place, is_leader=True, is_key_person=True)
    make_cooperation_agreement(programme, organisation=place)
    make_cooperation_agreement(programme, organisation=place, ended_at=NOW)
    sign_in(page, coordinator, "/samarbejde/")
    addresses = [
        "/samarbejde/",
        "/samarbejde/?kind=gp",
        f"/samarbejde/{place.pk}/",
        f"/samarbejde/{place.pk}/ret/",
        f"/samarbejde/{place.pk}/kontakt/",
        f"/samarbejde/{place.pk}/naeste-skridt/",
        f"/samarbejde/{place.pk}/aftale/",
        f"/samarbejde/henviser/{gone.pk}/stoppet/",
    ]
    for address in addresses:
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)
            assert_accessible(page)
