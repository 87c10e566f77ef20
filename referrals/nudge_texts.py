"""The words of reminders: placeholders, the standard texts, and what a text of one's own may hold.

A text is plain: paragraphs, lines and `{placeholders}`. What every reminder must say, why it came and how
it is stopped, stands in the mail's template and is not for anybody to change.
"""

import re
from dataclasses import dataclass

from referrals.enums import Trigger

# What stands for what, in the order the page lists them; each is filled in the referrer's own language.
PLACEHOLDERS: dict[str, str] = {
    "navn": "henviserens navn",
    "program": "programmets navn",
    "kommune": "kommunen",
    "hold": "holdets navn",
    "naeste_start": "dagen, hvor holdet begynder",
    "pladser": "ledige pladser på holdet, for eksempel “3 ledige pladser”",
    "kriterier": "jeres kriterier, ét på hver linje",
    "link": "adressen på henvisningsformularen",
    "min_side": "adressen på henviserens egen side",
    "sendt": "hvor mange henviseren har henvist, for eksempel “5 borgere”",
    "begyndt": "hvor mange af dem der er begyndt, når det er tre eller flere",
    "gennemfoert": "hvor mange af dem der har gennemført, når det er tre eller flere",
    "resultat": "en hel sætning om, hvad der blev af dem",
    "telefon": "jeres telefonnummer",
    "kontakt": "den, henviseren kan tale med",
}
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_SPELLED = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


@dataclass(frozen=True)
class Words:
    """A reminder's own words: one line, and a text of paragraphs."""

    subject: str
    body: str


def unknown_placeholders(text: str) -> list[str]:
    """Return what stands between braces in `text` and is no placeholder, as it is typed."""
    return [typed for typed in _PLACEHOLDER.findall(text) if _name(typed) not in PLACEHOLDERS]


def has_stray_brace(text: str) -> bool:
    """Say whether a brace stands alone: a placeholder that was not finished."""
    return bool(set("{}") & set(_PLACEHOLDER.sub("", text)))


def filled(text: str, facts: dict[str, str]) -> str:
    """Return `text` with its placeholders filled; one that is unknown stays as it is typed.

    A paragraph of nothing, where there is nothing to tell, leaves no hole.
    """
    said = _PLACEHOLDER.sub(lambda found: facts.get(_name(found[1]), found[0]), text)
    return re.sub(r"\n{3,}", "\n\n", said)


def _name(typed: str) -> str:
    return typed.strip().lower().translate(_SPELLED)


_ASK_DA = """Det ser vi på:
{kriterier}

Er du i tvivl, så henvis alligevel. Så finder vi ud af det sammen med borgeren.

Henvis på to minutter:
{link}"""
_ASK_EN = """This is what we look at:
{kriterier}

If in doubt, refer all the same. We will find out together with the person.

Refer in two minutes:
{link}"""
_END_DA = """Vil du hellere tale om det, så svar på denne mail eller ring på {telefon}.

Venlig hilsen
{kontakt}
{program}, {kommune}"""
_END_EN = """If you would rather talk about it, answer this mail or call {telefon}.

Kind regards
{kontakt}
{program}, {kommune}"""


def _danish(subject: str, opening: str, *, asks: bool = True) -> Words:
    parts = ["Hej {navn}", opening, _ASK_DA if asks else "", _END_DA]
    return Words(subject, "\n\n".join(part for part in parts if part))


def _english(subject: str, opening: str, *, asks: bool = True) -> Words:
    parts = ["Hello {navn}", opening, _ASK_EN if asks else "", _END_EN]
    return Words(subject, "\n\n".join(part for part in parts if part))


STANDARD: dict[Trigger, dict[str, Words]] = {
    Trigger.SILENT: {
        "da": _danish(
            "Kender du en, der kunne have glæde af at komme med?",
            "Næste hold i {program} begynder {naeste_start}, og der er {pladser}. "
            "Kender du en, der kunne have glæde af at komme med?\n\n{resultat}",
        ),
        "en": _english(
            "Do you know somebody who would enjoy joining us?",
            "The next group of {program} begins {naeste_start}, with {pladser}. "
            "Do you know somebody who would enjoy joining?\n\n{resultat}",
        ),
    },
    Trigger.NEW_COHORT: {
        "da": _danish(
            "Nyt hold begynder {naeste_start}: {pladser}",
            "Vi har et nyt hold i {program}. Det begynder {naeste_start}, og der er {pladser}. "
            "Hvem kommer du til at tænke på?",
        ),
        "en": _english(
            "A new group begins {naeste_start}: {pladser}",
            "We have a new group in {program}. It begins {naeste_start}, with {pladser}. Who comes to mind?",
        ),
    },
    Trigger.DEADLINE: {
        "da": _danish(
            "Der er stadig {pladser} på holdet, der begynder {naeste_start}",
            "Holdet i {program} begynder {naeste_start}, og der er stadig {pladser}. "
            "Vi når godt at tale med en, du henviser i dag.",
        ),
        "en": _english(
            "Still {pladser} in the group that begins {naeste_start}",
            "The group of {program} begins {naeste_start}, still with {pladser}. "
            "There is time to talk with somebody you refer today.",
        ),
    },
    Trigger.UNDER_FILLED: {
        "da": _danish(
            "Vi mangler folk til holdet, der begynder {naeste_start}",
            "Holdet i {program}, der begynder {naeste_start}, er ikke fyldt: der er {pladser}. "
            "Er der en, du har tænkt på, men ikke har nået at henvise?",
        ),
        "en": _english(
            "We need people for the group that begins {naeste_start}",
            "The group of {program} that begins {naeste_start} is not full: {pladser}. "
            "Is there somebody you have thought of but not referred yet?",
        ),
    },
    Trigger.THANKS: {
        "da": _danish(
            "Tak for dem, du har henvist",
            "Tak, fordi du har henvist {sendt} til {program}. {resultat}\n\n"
            "På din egen side ser du, hvor langt de er:\n{min_side}",
            asks=False,
        ),
        "en": _english(
            "Thank you for those you have referred",
            "Thank you for referring {sendt} to {program}. {resultat}\n\n"
            "Your own page shows how far they have come:\n{min_side}",
            asks=False,
        ),
    },
    Trigger.NEWS: {
        "da": _danish(
            "Nyt fra {program}",
            "Her er månedens nyt. Næste hold begynder {naeste_start}, og der er {pladser}. "
            "Fortæl det gerne videre til dine kolleger.\n\n{resultat}",
        ),
        "en": _english(
            "News from {program}",
            "Here is the news of the month. The next group begins {naeste_start}, with {pladser}. "
            "Please pass it on to your colleagues.\n\n{resultat}",
        ),
    },
    Trigger.AFTER_VISIT: {
        "da": _danish(
            "Tak for sidst",
            "Tak, fordi vi måtte komme forbi. Næste hold i {program} begynder {naeste_start}, "
            "og der er {pladser}. Er du kommet til at tænke på en siden?",
        ),
        "en": _english(
            "It was good to meet you",
            "Thank you for having us. The next group of {program} begins {naeste_start}, "
            "with {pladser}. Has somebody come to mind since?",
        ),
    },
    Trigger.HAND_OVER: {
        "da": _danish(
            "Velkommen som henviser til {program}",
            "Du har overtaget henvisningerne efter en kollega. På din egen side ser du, hvor langt "
            "borgerne er:\n{min_side}\n\nNæste hold begynder {naeste_start}, og der er {pladser}.",
        ),
        "en": _english(
            "Welcome as a referrer to {program}",
            "You have taken over the referrals of a colleague. Your own page shows how far the people "
            "have come:\n{min_side}\n\nThe next group begins {naeste_start}, with {pladser}.",
        ),
    },
}
