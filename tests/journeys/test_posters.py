"""From the coordinator's desk to the laundry room and back: link, poster, scan, arrival, figures."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Programme, User
from tests.factories import make_organisation
from tests.journeys.acts import signs_in
from tests.journeys.axe import assert_accessible
from tests.journeys.people import PHONE, Person
from tests.journeys.visitor import Visitor
from tests.outreach.test_posters import picture, read_code

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

# A browser without a screen calls itself headless, and is not counted as somebody.
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"
FIRST_DRAWING = 60_000  # ms: a fresh process loads the fonts


def test_poster_is_made_scanned_and_answered_for(
    open_browser: Callable[..., Visitor],
    programme: Programme,
    coordinator: User,
    live_server: LiveServer,
    settings,
    tmp_path,
):
    settings.SITE_URL = live_server.url
    partner = make_organisation(programme, name="Boligforeningen Østerlund")
    kirsten = Person(open_browser(bypass_csp=True))
    desk = kirsten.page

    signs_in(kirsten, coordinator, at=f"/samarbejde/{partner.pk}/")
    desk.get_by_role("link", name="Lav et link hertil").click()
    desk.get_by_label("Hvor skal det stå?").fill("Plakat i vaskeriet")
    desk.get_by_label("Hvor skal det føre hen?").select_option("Tilmelding for borgere")
    assert_accessible(desk)
    desk.get_by_role("button", name="Lav linket").click()
    kirsten.comes_to("Plakat i vaskeriet")
    assert_accessible(desk)

    desk.get_by_role("link", name="Plakat og flyer").click()
    desk.set_default_timeout(FIRST_DRAWING)
    desk.get_by_label("Overskrift").fill("Savner du nogen at være sammen med?")
    desk.get_by_role("button", name="Vis").click()
    expect(desk.get_by_text("(ikke gemt endnu)")).to_be_visible()
    preview = desk.get_by_role("img", name="Savner du nogen at være sammen med?")
    expect(preview).to_have_js_property("naturalWidth", 661)
    assert_accessible(desk)
    desk.get_by_role("button", name="Gem teksten").click()
    kirsten.sees("Teksten er gemt.")

    for link in ("Hent plakat, A4 (PDF)", "Hent flyer, A5 (PDF)"):
        with desk.expect_download() as download:
            desk.get_by_role("link", name=link).click()
        paper = tmp_path / download.value.suggested_filename
        download.value.save_as(paper)
        address = read_code(picture(paper.read_bytes()))
        assert address.startswith(f"{live_server.url}/l/")

    signe = Person(open_browser(bypass_csp=True, user_agent=IPHONE, **PHONE))
    signe.opens(address)
    signe.comes_to("Tilmeld dig")
    signe.types("Fornavn", "Signe")
    signe.types("Efternavn", "Østergård")
    signe.types("Telefon", "61 71 81 91")
    signe.takes_as_long_as_people_do()
    signe.presses("Tjek dine svar")
    signe.comes_to("Tjek dine svar")
    signe.presses("Send tilmeldingen")
    signe.comes_to("Tak. Vi har fået din tilmelding")
    assert "sessionid" not in {cookie["name"] for cookie in signe.page.context.cookies()}

    kirsten.opens(f"/samarbejde/{partner.pk}/")
    row = desk.get_by_role("row", name="Plakat i vaskeriet")
    expect(row.get_by_role("cell").nth(1)).to_have_text("1")  # scans
    expect(row.get_by_role("cell").nth(2)).to_have_text("1")  # arrivals
    kirsten.opens("/henvisninger/")
    desk.get_by_role("link", name="Signe Østergård").first.click()
    expect(desk.get_by_role("link", name="Plakat i vaskeriet")).to_be_visible()


def test_poster_is_written_without_javascript(open_browser, programme, coordinator):
    kirsten = Person(open_browser(java_script_enabled=False), checks_pages=False)
    signs_in(kirsten, coordinator, at="/samarbejde/links/nyt/")
    kirsten.types("Hvor skal det stå?", "Opslag")
    kirsten.presses("Lav linket")
    kirsten.follows("Plakat og flyer")
    kirsten.types("Overskrift", "Kom og vær med")
    kirsten.presses("Vis")
    kirsten.sees("(ikke gemt endnu)")
    kirsten.presses("Gem teksten")
    kirsten.sees("Teksten er gemt.")
