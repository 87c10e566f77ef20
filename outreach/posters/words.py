"""The words of posters and flyers: those that stand on each, and those that one starts from.

Both languages stand here side by side, apart from the pages' catalogue: a poster's language is chosen for
those who will read it, whatever the coordinator's pages speak, and a paper must never mix the two.
"""

import datetime as dt
from dataclasses import dataclass

from outreach.enums import LinkTarget, PosterLanguage

MONTHS = {
    PosterLanguage.DANISH: (
        [
            "januar",
            "februar",
            "marts",
            "april",
            "maj",
            "juni",
            "juli",
            "august",
            "september",
            "oktober",
            "november",
            "december",
        ]
    ),
    PosterLanguage.ENGLISH: (
        [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ]
    ),
}
WEEKDAYS = {
    PosterLanguage.DANISH: ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"],
    PosterLanguage.ENGLISH: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
FOR_CITIZENS = {LinkTarget.SIGN_UP, LinkTarget.ABOUT, LinkTarget.INTERESTED}


@dataclass(frozen=True)
class Words:
    """What may be written anew: one headline and up to three lines."""

    headline: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Labels:
    """What stands on every poster in a language; `qr_alt` describes the code to whoever does not see it."""

    next_start: str
    phone: str
    scan: str
    qr_alt: str
    title: str


LABELS = {
    PosterLanguage.DANISH: Labels(
        next_start="Næste hold starter",
        phone="Vil du hellere ringe?",
        scan="Skan koden, eller skriv",
        qr_alt="QR-kode, der åbner {address}",
        title="{headline} – {name}",
    ),
    PosterLanguage.ENGLISH: Labels(
        next_start="Next group starts",
        phone="Would you rather call?",
        scan="Scan the code, or type",
        qr_alt="QR code that opens {address}",
        title="{headline} – {name}",
    ),
}

_CITIZENS = {
    PosterLanguage.DANISH: Words(
        "Trænger du til et pusterum?",
        (
            "Mød andre i en lille gruppe om kunst, musik og fortællinger.",
            "Det er gratis, og du behøver ikke kunne noget.",
            "Skriv til os, så ringer vi til dig.",
        ),
    ),
    PosterLanguage.ENGLISH: Words(
        "Do you need some breathing space?",
        (
            "Meet others in a small group around art, music and stories.",
            "It is free, and you need no skills.",
            "Write to us, and we will call you.",
        ),
    ),
}
_PROFESSIONALS = {
    PosterLanguage.DANISH: Words(
        "Kender du en, der trænger til et pusterum?",
        (
            "En lille gruppe om kunst, musik og fortællinger.",
            "For voksne med stress, let depression eller angst.",
            "Det tager to minutter at henvise.",
        ),
    ),
    PosterLanguage.ENGLISH: Words(
        "Do you know somebody who needs breathing space?",
        (
            "A small group around art, music and stories.",
            "For adults with stress, mild depression or anxiety.",
            "A referral takes two minutes.",
        ),
    ),
}


def ready_words(target: LinkTarget, language: PosterLanguage) -> Words:
    """Return the words a poster starts from: to the citizen, or to whoever may refer one."""
    ready = _CITIZENS if target in FOR_CITIZENS else _PROFESSIONALS
    return ready[language]


def day_in_words(day: dt.date, language: PosterLanguage) -> str:
    """Return such as "tirsdag den 12. januar 2027" or "Tuesday 12 January 2027"."""
    weekday, month = WEEKDAYS[language][day.weekday()], MONTHS[language][day.month - 1]
    if language == PosterLanguage.ENGLISH:
        return f"{weekday} {day.day} {month} {day.year}"
    return f"{weekday} den {day.day}. {month} {day.year}"
