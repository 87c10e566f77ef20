"""What each of the four people does in the programme, page by page.

The names and the words of the pages stand here once; the journeys put the acts in an order.
"""

from playwright.sync_api import expect

from accounts.models import User
from referrals.agreement_texts import agreement_texts
from tests.factories import PASSWORD
from tests.journeys.people import Person
from tests.journeys.scanner import read_qr_code

ANNA = "Anna Ærøskøbing"
SIGNE = "Signe Østergård"
QUESTIONS = [
    "har jeg været glad og i godt humør",
    "har jeg følt mig rolig og afslappet",
    "har jeg følt mig aktiv og energisk",
    "er jeg vågnet frisk og udhvilet",
    "har min dagligdag været fyldt med ting der interesserer mig",
]
HEALTH = "Hvordan synes du, dit helbred er alt i alt?"
LOW = ["Lidt af tiden", "På intet tidspunkt", "Lidt af tiden", "Lidt af tiden", "Lidt af tiden"]
BETTER = ["Det meste af tiden", "Hele tiden", "Det meste af tiden", "Lidt af tiden", "Det meste af tiden"]


# --- Those who arrive ------------------------------------------------------------------------------


def finds_the_form_of_the_jobcentre(henrik: Person) -> None:
    """Come by the page about the programme, as its address stands on paper."""
    henrik.opens("/om/")
    henrik.comes_to("Kultur på Recept")
    henrik.sees("20 12 34 56")
    henrik.follows("Henvis en borger")
    henrik.comes_to("Henvis en borger")
    henrik.follows("Jobcenteret")
    henrik.comes_to("Henvis fra jobcenteret")
    for what_is_told in ("Voksne over 18 år", "Personen er uden for arbejde", "Koordinatoren ringer"):
        henrik.sees(what_is_told)


def refers_anna(henrik: Person) -> None:
    """Refer Anna, with a CPR number too many at first."""
    henrik.types("Borgerens fornavn", "Anna")
    henrik.types("Borgerens efternavn", "Ærøskøbing")
    henrik.types("Borgerens telefon", "22 33 44 55")
    henrik.types("Fødselsår", "1982")
    henrik.types("Hvorfor tænker du på borgeren?", "Savner noget at stå op til. Hun er 010182-1234.")
    henrik.ticks("Personen har selv lyst til at være med i en gruppe")
    henrik.ticks("Borgeren har sagt ja til at blive henvist")
    henrik.ticks(str(agreement_texts().feedback))
    henrik.types("Dit navn", "Henrik Henviser")
    henrik.types("Jobcenter", "Jobcenter Prøve")
    henrik.types("Din e-mail", "henrik@jobcenter.example")
    henrik.takes_as_long_as_people_do()
    henrik.presses("Tjek dine svar")
    henrik.comes_to("Henvis fra jobcenteret")
    henrik.sees("Det ligner et CPR-nummer. Slet det")
    henrik.types("Hvorfor tænker du på borgeren?", "Savner noget at stå op til.")
    henrik.presses("Tjek dine svar")
    henrik.comes_to("Tjek dine svar")
    henrik.sees("Der er ikke sendt noget endnu.")
    henrik.presses("Send henvisningen")
    henrik.comes_to("Tak. Vi har fået din henvisning")


def signs_up(signe: Person) -> None:
    """Sign up, look the answers over, and send."""
    fills_in_the_sign_up(signe)
    signe.presses("Send tilmeldingen")
    signe.comes_to("Tak. Vi har fået din tilmelding")


def fills_in_the_sign_up(signe: Person) -> None:
    """Come as far as the page with the answers; nothing is sent yet."""
    signe.opens("/tilmeld/")
    signe.comes_to("Tilmeld dig")
    signe.types("Fornavn", "Signe")
    signe.types("Efternavn", "Østergård")
    signe.types("Telefon", "+45 61 71 81 91")
    signe.types("E-mail", "signe@borger.example")
    signe.types("Hvornår må vi ringe?", "Helst om formiddagen")
    signe.chooses("Hvor hørte du om os?", "Plakat eller folder")
    signe.takes_as_long_as_people_do()
    signe.presses("Tjek dine svar")
    signe.comes_to("Tjek dine svar")


def number_on_receipt(person: Person) -> str:
    """Return the number on the receipt that the person is looking at."""
    return person.page.locator(".receipt-number strong").inner_text()


# --- The coordinator: on the telephone -------------------------------------------------------------


def signs_in(person: Person, user: User, *, at: str) -> None:
    """Open a page, be asked who one is, and come to that page."""
    person.opens(at)
    person.comes_to("Log ind")
    person.types("E-mail", user.email)
    person.types("Adgangskode", PASSWORD)
    person.presses("Log ind")


def phones_anna_in_vain(kirsten: Person) -> None:
    """Follow the task of the day, and note that nobody answered."""
    kirsten.comes_to("Overblik")
    kirsten.sees("Ny henvisning fra Jobcenter Prøve.")
    kirsten.follows(f"Ring til {ANNA}")
    kirsten.comes_to(ANNA)
    kirsten.sees("Savner noget at stå op til.")
    kirsten.sees("22 33 44 55")
    kirsten.types("Note", "Telefonsvarer")
    kirsten.presses("Intet svar")
    kirsten.sees("Noteret: intet svar.")
    kirsten.sees("Vi ringer", at=".person-head")


def reaches_anna(kirsten: Person) -> None:
    """Reach her at the second attempt; it suits her."""
    kirsten.comes_to("Overblik")
    kirsten.follows(f"Ring til {ANNA}")
    kirsten.presses("Fik fat i personen")
    kirsten.sees("Samtale", at=".person-head")
    kirsten.presses("Klar til hold")
    kirsten.sees("Klar til hold", at=".person-head")


def hears_that_signe_changed_her_mind(kirsten: Person) -> None:
    """Find her by name, reach her, and close her path with what she said."""
    kirsten.goes_to("Deltagere")
    kirsten.types("Søg", "østergaard")
    kirsten.page.keyboard.press("Enter")
    kirsten.sees(SIGNE, at="main")
    kirsten.sees_nothing_of(ANNA)
    kirsten.follows(SIGNE)
    kirsten.comes_to(SIGNE)
    kirsten.presses("Fik fat i personen")
    kirsten.sees("Samtale", at=".person-head")
    kirsten.ticks("Afslut forløbet")
    kirsten.ticks("Takkede nej")
    kirsten.presses("Afslut forløbet for Signe")
    kirsten.sees("Takkede nej", at=".person-head")


# --- The coordinator: cohorts ----------------------------------------------------------------------


def creates_a_cohort(kirsten: Person, name: str, first: str, last: str) -> None:
    """Create a cohort that meets each Tuesday."""
    kirsten.goes_to("Hold")
    kirsten.follows("Opret hold")
    kirsten.comes_to("Nyt hold")
    kirsten.types("Holdets navn", name)
    kirsten.types("Første dag", first)
    kirsten.types("Sidste dag", last)
    kirsten.types("Antal pladser", "8")
    kirsten.ticks("Tirsdag")
    kirsten.types("Fra kl.", "10.00")
    kirsten.types("Til kl.", "12.30")
    kirsten.presses("Opret hold")
    kirsten.comes_to(name)


def gives_anna_a_seat(kirsten: Person) -> None:
    """Press her button on the cohort's page."""
    kirsten.presses(f"Giv plads {ANNA}")
    kirsten.sees("7 ledige pladser.")
    kirsten.follows(ANNA)
    kirsten.comes_to(ANNA)
    kirsten.sees("Har plads", at=".person-head")


def notes_that_anna_came(kirsten: Person, day: str) -> None:
    kirsten.goes_to("Hold")
    kirsten.follows("Forårsholdet")
    kirsten.comes_to("Forårsholdet")
    kirsten.follows(f"Tirsdag {day}")
    kirsten.comes_to(f"Fremmøde tirsdag {day}")
    kirsten.answers(ANNA, "Mødt")
    kirsten.presses("Gem kun det, jeg har valgt")
    kirsten.comes_to("Forårsholdet")


def finishes_the_cohort(kirsten: Person) -> None:
    """Accept what the rule of attendance proposes."""
    kirsten.comes_to("Hold")
    kirsten.follows("Forårsholdet")
    kirsten.comes_to("Forårsholdet")
    kirsten.follows("Afslut holdet")
    kirsten.comes_to("Afslut Forårsholdet")
    kirsten.sees("Kom til 3 af 3 mødegange (100 %).")
    kirsten.presses("Afslut holdet")
    kirsten.comes_to("Forårsholdet")
    kirsten.follows(ANNA)
    kirsten.comes_to(ANNA)
    kirsten.sees("Gennemført", at=".person-head")


# --- Measures --------------------------------------------------------------------------------------


def shows_a_qr_code(kirsten: Person) -> str:
    """Show the code of Anna's questionnaire, and return what a telephone reads in it."""
    kirsten.follows("Spørg eller skriv svarene ind (før forløbet)")
    kirsten.comes_to(f"Før forløbet: {ANNA}")
    kirsten.presses("Vis QR-kode")
    kirsten.comes_to(f"Skema til {ANNA}")
    return read_qr_code(kirsten.page.locator(".qr"))


def answers_on_her_phone(anna: Person, link: str) -> None:
    """Forget a question, be asked about it, and send; no score is shown."""
    anna.opens(link)
    anna.comes_to("Hvordan har du det?")
    for question, answer in list(zip(QUESTIONS, LOW, strict=True))[1:]:
        anna.answers(question, answer)
    anna.answers(HEALTH, "Mindre godt")
    anna.presses("Send mine svar")
    anna.sees("Du mangler at svare på")
    anna.comes_to("Hvordan har du det?")
    anna.answers(QUESTIONS[0], LOW[0])
    anna.presses("Send mine svar")
    anna.comes_to("Tak for dine svar")
    anna.sees("Ring 112")
    anna.sees_nothing_of("af 100")


def follows_up_the_low_score(kirsten: Person) -> None:
    """Be told by a task, and phone before the first session."""
    kirsten.goes_to("Overblik")
    kirsten.follows(f"Følg op på lav trivsel hos {ANNA}")
    kirsten.comes_to(ANNA)
    kirsten.sees("16 af 100")
    kirsten.presses(f"Klaret Følg op på lav trivsel hos {ANNA}")
    kirsten.sees(f"Ingen åbne opgaver om {ANNA.split()[0]}.")


def types_in_the_paper(kirsten: Person, answered_on: str) -> None:
    """Type in what Anna answered on paper, by the task that asks for it."""
    kirsten.goes_to("Opgaver")
    kirsten.follows(f"Få eftermålingen fra {ANNA}")
    kirsten.comes_to(ANNA)
    kirsten.follows("Spørg eller skriv svarene ind (efter forløbet)")
    kirsten.comes_to(f"Efter forløbet: {ANNA}")
    kirsten.answers("Hvordan er skemaet besvaret?", "På papir, skrevet ind")
    kirsten.types("Hvilken dag er det besvaret?", answered_on)
    for question, answer in zip(QUESTIONS, BETTER, strict=True):
        kirsten.answers(question, answer)
    kirsten.answers(HEALTH, "Godt")
    kirsten.presses("Gem svarene")
    kirsten.comes_to(ANNA)
    kirsten.sees("72 af 100")
    kirsten.sees("+56 point")


# --- Messages and figures --------------------------------------------------------------------------


def reads_the_nudge(kirsten: Person) -> None:
    kirsten.goes_to("Beskeder")
    row = kirsten.page.get_by_role("row").filter(has_text="Henrik Henviser").first
    expect(row).to_contain_text("Sendt")
    row.get_by_role("link").click()
    kirsten.comes_to("Påmindelse til henviser til Henrik Henviser")
    kirsten.sees("Hej Henrik Henviser")
    kirsten.sees("begynder 05.05.2026, og der er 8 ledige pladser.")


def follows_his_own_page(henrik: Person, link: str) -> None:
    """See what became of the one referred, and pause the reminders."""
    henrik.opens(link)
    henrik.comes_to("Hej Henrik Henviser")
    henrik.sees("A.Æ.")
    henrik.sees_nothing_of("Ærøskøbing")
    henrik.presses("Hold pause i 1 måned")
    henrik.sees("Du får ingen påmindelser, så længe pausen varer.")


def reads_the_figures(lars: Person) -> None:
    """See how far each source's people came, and how full the cohorts are; read nobody's name or score."""
    lars.comes_to("Statistik")
    funnel = lars.page.get_by_role("table", name="Personer på hvert trin, henviser for henviser")
    for source, counts in {
        "Jobcenter": "1 1 1 1 1 1 1 1 1",
        "Personen selv": "1 1 0 0 0 0 0 0 0",
        "I alt": "2 2 1 1 1 1 1 1 1",
    }.items():
        row = funnel.get_by_role("row").filter(has=lars.page.get_by_role("rowheader", name=source))
        assert row.get_by_role("cell").all_inner_texts() == counts.split()
    seats = lars.page.locator("figure").filter(has_text="Pladser, der er taget")
    seats.get_by_text("Vis tallene som tabel").click()
    row = seats.get_by_role("row").filter(has_text="Forårsholdet")
    assert row.get_by_role("cell").all_inner_texts() == ["24.03.2026", "8", "1", "13 %"]
    lars.sees("Vises fra 10 par")
    for name in ("Ærøskøbing", "Østergård", "Anna", "Signe", "72", "af 100"):
        lars.sees_nothing_of(name)


def is_shut_out_of(lars: Person, page: str) -> None:
    """Try an address that the menu does not show."""
    answer = lars.page.goto(page)
    assert answer is not None
    assert answer.status == 403
    lars.comes_to("Du har ikke adgang til siden")
