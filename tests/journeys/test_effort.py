"""From a plan to a price: a visit is planned, done and noted, brings two by its link, and one begins.

And those who were only curious: written up at the visit, told of a cohort, and one says no with a tap.
"""

import datetime as dt
import re

import pytest
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import expect

from core.dates import format_danish_date
from courses.enums import AttendanceState, EnrolmentState
from courses.services import record_attendance
from outreach.models import InterestedPerson
from participants.enums import Stage
from participants.models import Participant
from referrals.services.interest import stop_url
from tests.factories import make_cohort, make_enrolment, make_organisation, make_session
from tests.journeys.acts import signs_in
from tests.journeys.people import PHONE, Person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def refers(henrik: Person, address: str, given_name: str, phone: str) -> None:
    """Refer somebody by the link of the visit."""
    henrik.opens(address)
    henrik.comes_to("Henvis fra jobcenteret")
    henrik.types("Borgerens fornavn", given_name)
    henrik.types("Borgerens efternavn", "Åkjær")
    henrik.types("Borgerens telefon", phone)
    henrik.types("Hvorfor tænker du på borgeren?", "Savner noget at stå op til.")
    henrik.ticks("Personen har selv lyst til at være med i en gruppe")
    henrik.ticks("Borgeren har sagt ja til at blive henvist")
    henrik.types("Dit navn", "Henrik Henviser")
    henrik.types("Jobcenter", "Jobcenter Syd")
    henrik.types("Din e-mail", "henrik@jobcenter.example")
    henrik.takes_as_long_as_people_do()
    henrik.presses("Tjek dine svar")
    henrik.comes_to("Tjek dine svar")
    henrik.presses("Send henvisningen")
    henrik.comes_to("Tak. Vi har fået din henvisning")


def begins(programme, given_name: str) -> None:
    """Let the person come to a first meeting; the pages for that have journeys of their own."""
    with scope(programme=programme):
        person = Participant.objects.get(given_name=given_name)
        Participant.objects.filter(pk=person.pk).update(stage=Stage.PLACED)
        person.refresh_from_db()
        cohort = make_cohort(programme, starts_on=timezone.localdate())
        place = make_enrolment(cohort, person, state=EnrolmentState.ENROLLED)
        session = make_session(cohort, starts_at=timezone.now() + dt.timedelta(minutes=5))
        record_attendance(
            session=session, states={place.pk: AttendanceState.PRESENT}, by=None, now=timezone.now()
        )


def test_visit_is_planned_done_noted_and_priced(open_browser, programme, coordinator, live_server, settings):
    settings.SITE_URL = live_server.url
    make_organisation(programme, name="Jobcenter Syd")
    kirsten = Person(open_browser(bypass_csp=True))
    desk = kirsten.page

    signs_in(kirsten, coordinator, at="/samarbejde/aktiviteter/ny/")
    kirsten.comes_to("Planlæg en aktivitet")
    kirsten.types("Hvad?", "Besøg på teammødet")
    kirsten.chooses("Slags", "Besøg")
    kirsten.types("Hvornår?", format_danish_date(timezone.localdate()))
    kirsten.chooses("Organisation", "Jobcenter Syd")
    kirsten.presses("Gem")
    kirsten.comes_to("Aktiviteter")
    kirsten.sees("60 min.")

    desk.get_by_role("button", name="Klaret Besøg på teammødet").click()
    kirsten.comes_to("Besøg på teammødet")
    expect(kirsten.field("Minutter")).to_have_value("60")
    kirsten.types("Mennesker, du mødte", "9")
    kirsten.types("Udgift i kroner", "150")
    kirsten.types("Note", "Vil gerne have plakater")
    kirsten.presses("Gem")
    kirsten.comes_to("Aktiviteter")

    kirsten.follows("Besøg på teammødet")
    kirsten.follows("Lav et link til aktiviteten")
    kirsten.types("Hvor skal det stå?", "Mail efter besøget")
    kirsten.chooses("Hvor skal det føre hen?", "Henvisning fra jobcenteret")
    expect(kirsten.field("Hvem eller hvad er linket til?")).to_have_value(re.compile("activity-"))
    kirsten.presses("Lav linket")
    kirsten.comes_to("Mail efter besøget")
    address = desk.get_by_label("Til nyhedsbreve, mails og opslag").input_value()

    henrik = Person(open_browser(bypass_csp=True))
    refers(henrik, address, "Anna", "22 33 44 55")
    refers(henrik, address, "Bo", "22 33 44 56")
    begins(programme, "Anna")

    kirsten.opens("/statistik/")
    kirsten.follows("Se, hvad der virker")
    kirsten.comes_to("Hvad virker?")
    kirsten.follows("Aktivitet")
    row = desk.get_by_role("row", name="Besøg på teammødet")
    expect(row).to_contain_text("2 link")
    expect(row).to_contain_text("500 kr.")  # an hour at 350 kroner and 150 for cake, for the one who began
    expect(row).to_contain_text("For få endnu")
    with desk.expect_download() as download:
        desk.get_by_role("link", name="CSV").click()
    assert "Besøg på teammødet" in download.value.path().read_text("utf-8-sig")


def test_curious_people_are_written_up_told_of_a_cohort_and_say_no(
    open_browser, programme, coordinator, live_server, settings
):
    settings.SITE_URL = live_server.url
    cohort = make_cohort(
        programme, name="Forårsholdet", starts_on=timezone.localdate() + dt.timedelta(days=30)
    )
    ida = Person(open_browser(bypass_csp=True, **PHONE))
    ida.opens("/skriv-dig-op/kultur/")
    ida.comes_to("Hør om næste hold")
    ida.types("Navn", "Ida Ærø")
    ida.types("E-mail", "ida@borger.example")
    ida.takes_as_long_as_people_do()
    ida.presses("Skriv mig op")
    ida.sees("Sæt hak, hvis vi må kontakte dig")
    ida.page.get_by_label("I må ringe eller skrive til mig").check()
    ida.presses("Skriv mig op")
    ida.comes_to("Tak. Du er skrevet op")

    kirsten = Person(open_browser(bypass_csp=True))
    desk = kirsten.page
    signs_in(kirsten, coordinator, at="/samarbejde/interesserede/nye/")
    kirsten.comes_to("Skriv nogen op")
    desk.get_by_label("Alle på listen har sagt ja").check()
    line = desk.get_by_role("group", name="Linje 1", exact=True)
    line.get_by_label("Navn").fill("Bo Åkjær")
    line.get_by_label("Telefon eller e-mail").fill("bo@borger.example")
    kirsten.presses("Gem alle")
    kirsten.comes_to("Interesserede")
    kirsten.sees("Ida Ærø")

    kirsten.opens(f"/hold/{cohort.pk}/")
    kirsten.follows("Ring eller skriv til dem")
    kirsten.comes_to("Ring eller skriv om Forårsholdet")
    kirsten.sees("der er ledige pladser")
    kirsten.presses("Send til 2 personer")
    kirsten.sees("Alle på listen har fået besked om dette hold.")

    with scope(programme=programme):
        person = InterestedPerson.objects.get(name="Ida Ærø")
        no_thanks = stop_url(person=person, now=timezone.now())
    ida.opens(no_thanks)
    ida.comes_to("Vil du ikke høre om flere hold?")
    ida.presses("Nej tak til flere beskeder")
    ida.comes_to("Du hører ikke mere fra os")

    kirsten.opens("/samarbejde/interesserede/")
    kirsten.sees("Bo Åkjær")
    kirsten.sees_nothing_of("Ida Ærø")
    kirsten.follows("Vil være med")
    expect(kirsten.field("Fornavn")).to_have_value("Bo")
    for page in ("/samarbejde/aarshjul/", "/samarbejde/tekster/"):
        kirsten.opens(page)
        kirsten.comes_to("Årshjul" if "hjul" in page else "Tekster til at give videre")
