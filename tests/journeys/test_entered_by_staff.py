"""What the coordinator enters for others: by telephone, on paper, from the care system, a meeting, a list."""

import pytest
from django_scopes import scope

from participants.models import Participant
from referrals.models import Referral
from tests.factories import make_organisation, make_participant
from tests.journeys.acts import signs_in
from tests.journeys.people import Person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

MOST_INTERACTIONS = 12
LIST = "Navn;Mobil;Dato\nÅse Ærø;{phone};05.11.2025\nBo Østergård;20123457;\n"


class Counting(Person):
    """Somebody whose every touch of the page is counted."""

    touches = 0

    def follows(self, link, **more):
        self.touches += 1
        super().follows(link, **more)

    def presses(self, button, **more):
        self.touches += 1
        super().presses(button, **more)

    def types(self, label, text):
        self.touches += 1
        super().types(label, text)

    def ticks(self, label):
        self.touches += 1
        super().ticks(label)

    def chooses(self, label, option):
        self.touches += 1
        super().chooses(label, option)


@pytest.fixture
def kirsten(open_browser, coordinator):
    """The coordinator, standing on the list of arrivals."""
    person = Counting(open_browser(bypass_csp=True))
    person.page.set_default_timeout(30_000)
    signs_in(person, coordinator, at="/henvisninger/")
    person.comes_to("Henvisninger")
    person.touches = 0
    return person


def types_anna(kirsten: Counting) -> None:
    kirsten.types("Fornavn", "Anna")
    kirsten.types("Efternavn", "Ærø")
    kirsten.types("Telefon", "20 12 34 56")


def stands_on_annas_page(kirsten: Counting, intake: str) -> None:
    kirsten.presses("Gem henvendelsen")
    kirsten.comes_to("Anna Ærø")
    kirsten.sees(f"{intake}, skrevet ind af Kirsten Koordinator")
    assert kirsten.touches <= MOST_INTERACTIONS


def test_caller_is_entered_in_a_minute(kirsten: Counting):
    kirsten.follows("Telefon")
    kirsten.comes_to("Registrér en henvendelse")
    types_anna(kirsten)
    kirsten.types("Hvad blev der sagt?", "Vil gerne ud blandt andre.")
    stands_on_annas_page(kirsten, "Telefon")


def test_letter_of_a_jobcentre_is_entered_in_a_minute(kirsten: Counting):
    kirsten.follows("Papir eller mail")
    kirsten.comes_to("Registrér en henvendelse")
    kirsten.chooses("Hvem kom den fra?", "Jobcenter")
    types_anna(kirsten)
    kirsten.types("Modtaget den", "05.11.2025")
    kirsten.types("Arbejdssted", "Jobcenter Ribe")
    kirsten.ticks("Borgeren har sagt ja til at blive henvist")
    stands_on_annas_page(kirsten, "Papir")


def test_referral_of_the_care_system_is_entered_in_a_minute(kirsten: Counting, programme):
    make_organisation(programme, name="Lægerne Torvet", kind="gp")
    kirsten.follows("Lægesystemet (XREF15)")
    kirsten.comes_to("Henvisning fra lægesystemet (XREF15)")
    types_anna(kirsten)
    kirsten.types("Fødselsår", "1979")
    kirsten.types("Hvad skriver lægen?", "Mangler et fællesskab.")
    kirsten.types("Praksis", "Lægerne Torvet")
    kirsten.ticks("Borgeren har sagt ja til at blive henvist")
    stands_on_annas_page(kirsten, "Henvisning fra lægesystemet (XREF15)")


def test_three_from_a_meeting_one_of_whom_is_known(kirsten: Counting, programme):
    known = make_participant(programme, given_name="Kirsten", family_name="Ågård", phone="+4520111111")
    kirsten.follows("Flere fra et møde")
    kirsten.comes_to("Flere fra et møde")
    kirsten.types("Hvilket møde, og hvor?", "Møde på biblioteket")
    for place, (name, contact) in enumerate(
        [("Kirsten Aagaard", "20111111"), ("Bo Østergård", "bo@borger.example"), ("Ib Holm", "2012345")]
    ):
        kirsten.page.locator(f"[name=line-{place}-name]").fill(name)
        kirsten.page.locator(f"[name=line-{place}-contact]").fill(contact)
    kirsten.presses("Gem alle")
    kirsten.sees("Linje 3: Skriv et telefonnummer med 8 cifre")
    kirsten.comes_to("Flere fra et møde")
    kirsten.presses("Flere linjer")
    kirsten.page.locator("[name=line-11-name]").wait_for()
    kirsten.page.locator("[name=line-2-contact]").fill("20123456")
    kirsten.presses("Gem alle")
    kirsten.comes_to("Er det den samme person?")
    kirsten.sees("Samme som Kirsten Ågård")
    kirsten.page.get_by_text("Samme som Kirsten Ågård").click()
    kirsten.presses("Gem alle")
    kirsten.comes_to("Henvisninger")
    kirsten.sees("2 nye personer er oprettet. 1 er lagt til personer, der var her i forvejen.")
    with scope(programme=programme):
        assert Participant.objects.count() == 3
        assert known.referrals.count() == 1


def chooses_the_list(kirsten: Counting, content: str) -> None:
    file = {"name": "venteliste.csv", "mimeType": "text/csv", "buffer": content.encode("cp1252")}
    kirsten.page.locator("[name=file]").set_input_files(file)
    kirsten.presses("Tjek listen")


def test_list_with_a_fault_is_mended_and_imported(kirsten: Counting, programme):
    kirsten.follows("Venteliste fra et regneark")
    kirsten.comes_to("Importér en venteliste")
    chooses_the_list(kirsten, LIST.format(phone="2012345"))
    kirsten.sees("Der er en fejl i venteliste.csv")
    kirsten.sees("Linje 2")
    kirsten.comes_to("Importér en venteliste")
    chooses_the_list(kirsten, LIST.format(phone="20123456"))
    kirsten.comes_to("Tjek ventelisten")
    kirsten.sees("Windows-1252")
    kirsten.presses("Importér 2 personer")
    kirsten.comes_to("Henvisninger")
    kirsten.sees("2 nye personer er oprettet.")
    with scope(programme=programme):
        assert Referral.objects.count() == 2
