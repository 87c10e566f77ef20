"""A participant's own page, from the coordinator's screen to the person's telephone."""

import datetime as dt

import pytest
from django.utils import timezone
from django_scopes import scope

from participants.enums import AgreementKind, AgreementMethod, Stage
from participants.models import Participant
from participants.services import give_agreement, renew_participant_page_link
from tests.factories import (
    make_cohort,
    make_enrolment,
    make_participant,
    make_referral,
    make_session,
    make_venue,
)
from tests.journeys.acts import signs_in
from tests.journeys.axe import assert_accessible
from tests.journeys.people import PHONE, Person
from tests.journeys.scanner import read_qr_code

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

ANNA = "Anna Ærøskøbing"


@pytest.fixture
def anna(programme) -> Participant:
    """Anna has a place in a cohort that meets at the library in a week."""
    anna = make_participant(
        programme,
        given_name="Anna",
        family_name="Ærøskøbing",
        stage=Stage.PLACED,
        contact_wishes="Ring helst om formiddagen.",
    )
    make_referral(programme, participant=anna)
    with scope(programme=programme):
        for kind in (AgreementKind.REFERRED, AgreementKind.FEEDBACK):
            give_agreement(
                participant=anna,
                kind=kind,
                method=AgreementMethod.PHONE,
                text_version="1",
                by=None,
                now=timezone.now(),
            )
    venue = make_venue(
        programme,
        name="Biblioteket",
        address="Nørregade 19, 6700 Esbjerg",
        directions="Gå ind fra gården. Vi står lige inden for døren.",
    )
    cohort = make_cohort(programme, name="Forårsholdet", starts_on=timezone.localdate(), venue=venue)
    make_enrolment(cohort, anna)
    for weeks in (1, 2, 3):
        make_session(cohort, venue=venue, starts_at=timezone.now() + dt.timedelta(weeks=weeks))
    return anna


def test_person_manages_their_own_page_on_a_phone_without_javascript(open_browser, coordinator, anna):
    kirsten = Person(open_browser(bypass_csp=True))
    signs_in(kirsten, coordinator, at=f"/deltagere/{anna.pk}/")
    kirsten.comes_to(ANNA)
    kirsten.follows("Vis link til egen side")
    kirsten.comes_to(f"Egen side til {ANNA}")
    kirsten.presses("Lav link og QR-kode")
    kirsten.sees("Linket kan bruges mange gange")
    link = read_qr_code(kirsten.page.locator(".qr"))

    phone = Person(open_browser(java_script_enabled=False, **PHONE), checks_pages=False)
    phone.opens(link)
    phone.comes_to("Hej Anna")
    assert phone.page.url.endswith("/mit-forloeb/")
    phone.sees("Nørregade 19")
    phone.sees("Gå ind fra gården.")
    phone.presses("Jeg kan ikke komme")
    phone.sees("Du har sagt, at du ikke kommer.")
    phone.presses("Jeg kan komme alligevel")
    phone.sees("Godt, så regner vi med dig.")
    phone.presses("Jeg kan ikke komme")
    phone.presses("Træk dit ja tilbage Den, der henviste dig, må høre, hvordan det går.")
    phone.sees("Dit ja er trukket tilbage.")
    phone.presses("Stop beskeder")
    phone.sees("Du får ingen beskeder fra os.")
    phone.opens(link)
    phone.comes_to("Hej Anna")

    kirsten.goes_to("Overblik")
    kirsten.sees("Meldte afbud til mødegangen")
    kirsten.opens(f"/deltagere/{anna.pk}/")
    kirsten.sees("Ønsker ikke beskeder fra os")
    kirsten.sees("Trak sit ja tilbage: At henviseren hører, hvordan det går")


def own_page(participant: Participant) -> str:
    token = renew_participant_page_link(participant=participant, now=timezone.now())
    return f"/mit-forloeb/{token}/"


def test_own_page_has_no_accessibility_faults(open_browser, in_scope, anna):
    person = Person(open_browser(bypass_csp=True))
    person.opens(own_page(anna))
    person.comes_to("Hej Anna")
    person.presses("Jeg kan ikke komme")
    person.sees("Du har sagt, at du ikke kommer.")
    person.presses("Stop beskeder")
    person.sees("Du får ingen beskeder fra os.")
    assert_accessible(person.page)


def test_own_page_of_somebody_closed_has_no_accessibility_faults(open_browser, in_scope):
    closed = make_participant(in_scope, given_name="Anna", stage=Stage.CLOSED, created_at=timezone.now())
    person = Person(open_browser(bypass_csp=True))
    person.opens(own_page(closed))
    person.comes_to("Hej Anna")
    person.sees("Dit forløb er afsluttet.")


def test_own_page_breaks_no_rule_of_the_content_security_policy(open_browser, in_scope, anna):
    person = Person(open_browser(**PHONE), checks_pages=False)
    person.opens(own_page(anna))
    person.comes_to("Hej Anna")
    person.presses("Jeg kan ikke komme")
    person.sees("Du har sagt, at du ikke kommer.")
    person.comes_to("Hej Anna")


def test_somebody_corrects_their_telephone_and_says_yes_again_on_a_phone(open_browser, in_scope, anna):
    person = Person(open_browser(**PHONE))
    person.opens(own_page(anna))
    person.comes_to("Hej Anna")
    page = person.page

    page.get_by_text("Ret det, der er forkert").click()
    page.locator("[name=phone]").fill("112")
    page.get_by_role("button", name="Gem").click()
    person.sees("Skriv et telefonnummer med 8 cifre")
    assert page.locator("[name=phone]").input_value() == "112"
    page.locator("[name=phone]").fill("20 99 99 99")
    page.get_by_role("button", name="Gem").click()
    person.sees("Tak. Nu har vi skrevet det nye ned.")
    person.sees("20 99 99 99")
    person.presses("Sig ja Vi må skrive til dig om senere hold.")
    person.sees("Det sagde du her på siden.")
