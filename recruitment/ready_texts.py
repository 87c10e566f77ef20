"""Ready Danish texts about the programme, to copy into what partners pass on; filled from its own data."""

import datetime as dt
from dataclasses import dataclass

from outreach.enums import PosterLanguage
from outreach.posters.words import day_in_words

# A screen in a waiting room is read in passing: few words, and none long.
SCREEN_LENGTH = 240


@dataclass(frozen=True)
class Facts:
    """What the texts are filled with; without a next start they say that it is on its way."""

    name: str
    municipality: str
    next_start: dt.date | None
    seats_left: int
    contact_name: str
    phone: str
    phone_hours: str
    address: str  # for the citizen
    refer_address: str  # for whoever meets one


@dataclass(frozen=True)
class ReadyText:
    """One text: where it goes, who reads it there, and the words."""

    slug: str
    heading: str
    readers: str
    text: str

    @property
    def rows(self) -> int:
        """How many lines the box on the page is high, long lines folded."""
        return sum(1 + len(line) // 90 for line in self.text.split("\n")) + 1


def ready_texts(facts: Facts) -> list[ReadyText]:
    """Return the texts, each whole and ready to paste."""
    return [
        ReadyText("nyhedsbrev", "Nyhedsbrev", "Læses af borgere og medlemmer.", _newsletter(facts)),
        ReadyText("intranet", "Intranet", "Læses af kolleger, der møder borgere.", _intranet(facts)),
        ReadyText("storskaerm", "Storskærm", "Læses i forbifarten. Få ord, store bogstaver.", _screen(facts)),
        ReadyText("frokostbesoeg", "Frokostbesøg", "Mail til praksis før et besøg.", _lunch(facts)),
    ]


def _start(facts: Facts) -> str:
    if facts.next_start is None:
        return "Næste hold er på vej. Skriv dig op nu, så ringer vi."
    seats = "1 ledig plads" if facts.seats_left == 1 else f"{facts.seats_left} ledige pladser"
    return f"Næste hold begynder {day_in_words(facts.next_start, PosterLanguage.DANISH)}. Der er {seats}."


def _start_for_colleagues(facts: Facts) -> str:
    return _start(facts) if facts.next_start else "Næste hold er på vej, og du kan allerede henvise."


def _call(facts: Facts) -> str:
    hours = f" ({facts.phone_hours})" if facts.phone_hours else ""
    return f"{facts.contact_name} på {facts.phone}{hours}"


def _newsletter(facts: Facts) -> str:
    return (
        "Trænger du til et pusterum?\n\n"
        f"{facts.name} er for dig, der har det svært for tiden og gerne vil møde andre. "
        "Vi er en lille gruppe, der mødes om kunst, musik og fortællinger. "
        "Det er gratis, og du behøver ikke kunne noget.\n\n"
        f"{_start(facts)}\n\n"
        f"Læs mere, eller skriv til os: {facts.address}\n"
        f"Du kan også ringe til {_call(facts)}.\n\n"
        f"{facts.municipality}"
    )


def _intranet(facts: Facts) -> str:
    return (
        "Kender du en, der trænger til et pusterum?\n\n"
        f"{facts.name} er et gratis forløb for voksne, der har det svært. En lille gruppe mødes om kunst, "
        f"musik og fortællinger. {_start_for_colleagues(facts)}\n\n"
        "Sådan gør du:\n"
        "1. Spørg borgeren, om du må henvise.\n"
        f"2. Udfyld formularen på to minutter: {facts.refer_address}\n"
        "3. Vi ringer til borgeren. Siger borgeren ja, hører du, hvordan det går.\n\n"
        f"Er du i tvivl, om det passer? Ring til {_call(facts)}."
    )


def _screen(facts: Facts) -> str:
    start = facts.next_start
    day = f"Næste hold: {start.day}.{start.month}.{start.year}\n" if start else "Nyt hold på vej\n"
    return f"Trænger du til et pusterum?\n{day}Gratis. Ring {facts.phone}\n{facts.address}"


def _lunch(facts: Facts) -> str:
    return (
        "Kære alle i praksis\n\n"
        f"Må jeg komme forbi i jeres frokostpause og fortælle om {facts.name}? "
        "Jeg har brug for ti minutter og tager frokosten med.\n\n"
        "I får at vide:\n"
        "- hvem forløbet passer til\n"
        "- hvordan I henviser på to minutter\n"
        "- hvad der er blevet af dem, I har sendt, når de har sagt ja til det\n\n"
        f"{_start_for_colleagues(facts)} Formularen til jer ligger her: {facts.refer_address}\n\n"
        f"Skriv en dag, der passer jer, eller ring til mig på {facts.phone}.\n\n"
        f"Venlig hilsen\n{facts.contact_name}\n{facts.municipality}"
    )
