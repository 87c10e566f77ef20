"""A coordinator makes a cohort, gives seats and notes who came, on a phone and without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from courses.enums import EnrolmentState
from participants.enums import Stage
from tests.factories import PASSWORD, make_enrolment, make_participant, make_session, make_venue
from tests.journeys.axe import assert_accessible
from tests.recruitment.cohorts import address, at, in_days, over, running, upcoming

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def sign_in(page: Page, user, path: str) -> None:
    page.goto(f"/konto/login/?next={path}")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind").click()
    page.wait_for_url(f"**{path}")


def test_cohort_is_made_filled_and_ticked_on_a_phone_without_javascript(open_browser, programme, coordinator):
    make_participant(programme, stage=Stage.READY, given_name="Rita", family_name="Ærø")
    page = open_browser(java_script_enabled=False).page
    page.set_viewport_size({"width": 390, "height": 900})
    sign_in(page, coordinator, address("cohort_create"))
    page.get_by_label("Holdets navn").fill("Nuholdet")
    page.get_by_label("Første dag").fill(f"{in_days(0):%-d/%-m/%Y}")
    page.get_by_label("Sidste dag").fill(f"{in_days(13):%-d-%-m-%Y}")
    for day in ("Mandag", "Tirsdag", "Onsdag", "Torsdag", "Fredag", "Lørdag", "Søndag"):
        page.get_by_label(day).check()
    page.get_by_label("Fra kl.").fill("10")
    page.get_by_label("Til kl.").fill("12.30")
    page.get_by_role("button", name="Opret hold").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nuholdet")
    page.get_by_role("button", name="Giv plads Rita Ærø").click()
    expect(page.get_by_text("Rita Ærø har fået plads.")).to_be_visible()
    expect(page.get_by_text("1 af 12")).to_be_visible()
    page.locator(".task-list a").first.click()
    page.get_by_text("Mødt", exact=True).click()
    page.get_by_role("button", name="Gem kun det, jeg har valgt").click()
    expect(page.get_by_text("Mødt 1 af 1 gang")).to_be_visible()


def test_cohort_pages_have_no_accessibility_faults(page: Page, programme, coordinator):
    cohort = running(programme, capacity=3, venue=make_venue(programme), note="Husk kaffe.")
    session = make_session(cohort, starts_at=at(-7))
    make_session(cohort, starts_at=at(7))
    enrolment = make_enrolment(
        cohort, make_participant(programme, stage=Stage.ACTIVE), state=EnrolmentState.STARTED
    )
    make_enrolment(cohort, make_participant(programme, stage=Stage.READY), state=EnrolmentState.WAITING)
    ready = make_participant(programme, stage=Stage.READY)
    upcoming(programme)
    past = over(programme)
    make_enrolment(past, make_participant(programme, stage=Stage.ACTIVE), state=EnrolmentState.STARTED)
    sign_in(page, coordinator, address("cohort_list"))
    for name, *keys in (
        ("cohort_list",),
        ("cohort_create",),
        ("cohort_detail", cohort.pk),
        ("cohort_place", cohort.pk),
        ("cohort_finish", past.pk),
        ("enrolment_end", cohort.pk, enrolment.pk),
        ("session_attendance", cohort.pk, session.pk),
        ("session_create_weekly", cohort.pk),
        ("venue_list",),
        ("participant_place", ready.pk),
    ):
        page.goto(address(name, *keys))
        assert_accessible(page)
    page.goto(address("cohort_create"))
    page.get_by_role("button", name="Opret hold").click()
    expect(page.get_by_role("heading", name="Der er 3 fejl")).to_be_visible()
    assert_accessible(page)
