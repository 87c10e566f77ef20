"""Pairs that the search was not tuned on: made by an error model from common Danish names, seed fixed.

Who the people are and what goes wrong on the way from mouth to form is written down here and nowhere
reads the search: letters slip on a keyboard, æ, ø and å are typed as on a foreign one, a middle name is
left out, a hyphen comes or goes, a number is another one, an address or a year is not said. One pair in
two is one person who was written down twice; the others are two people who share what people share: a
name, a household's telephone, a family name and a postcode.
"""

import random
from collections.abc import Callable
from typing import Any

SEED = 20261126
PAIRS = 400
GIVEN = """
    Anne Mette Kirsten Hanne Anna Helle Maria Susanne Lene Marianne Camilla Lone Louise Charlotte Pia
    Tina Gitte Ida Emma Julie Peter Michael Jens Lars Thomas Henrik Søren Christian Martin Jan Morten
    Jesper Anders Niels Mads Rasmus Per Hans Jørgen Åse Bjørn Kåre Sigrún Fatima Mohammed Ayşe
""".split()  # noqa: SIM905 - lines of words read best
FAMILY = """
    Nielsen Jensen Hansen Pedersen Andersen Christensen Larsen Sørensen Rasmussen Jørgensen Petersen
    Madsen Kristensen Olsen Thomsen Christiansen Poulsen Johansen Møller Mortensen Knudsen Jakobsen
    Mikkelsen Frederiksen Lund Holm Schmidt Eriksen Kjær Bøgh Nørgaard Østergaard Åkjær Skov Bach Yilmaz
    Hussein
""".split()  # noqa: SIM905 - lines of words read best
MIDDLE = ("", "", "", "Marie", "Bjerre", "Lykke", "Højgaard")
NEIGHBOURS = {"a": "s", "e": "r", "i": "o", "n": "m", "s": "d", "r": "t", "l": "k", "o": "p", "t": "y"}
FOREIGN = {"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa"}
BARE = {"æ": "a", "ø": "o", "å": "a", "Æ": "A", "Ø": "O", "Å": "A"}

Person = dict[str, Any]
Error = Callable[[Person, random.Random], None]


def held_out() -> list[tuple[str, bool, Person, Person]]:
    """Return each pair as (kind, whether they are one, who is known, who arrives); the same each time."""
    chance = random.Random(SEED)
    numbers = iter(chance.sample(range(1_000_000), PAIRS * 4))
    made = []
    for place in range(PAIRS):
        known = _person(chance, numbers)
        if place % 2:
            other, kind = _somebody_else(known, chance, numbers)
            made.append((kind, False, known, other))
        else:
            arrives, kinds = dict(known), []
            for error in chance.sample(ERRORS, chance.choice((1, 2, 2))):
                before = dict(arrives)
                error(arrives, chance)
                if not _can_be_told(known, arrives):
                    arrives = before  # nobody could say: not an error but another question
                else:
                    kinds.append(error.__name__.strip("_"))
            made.append((" + ".join(kinds) or "unchanged", True, known, arrives))
    return made


def _person(chance: random.Random, numbers: Any) -> Person:
    middle = chance.choice(MIDDLE)
    given, family = chance.choice(GIVEN), chance.choice(FAMILY)
    number = next(numbers)
    return {
        "given_name": given,
        "family_name": f"{middle} {family}".strip(),
        "phone": f"+4542{number:06d}",
        "email": f"borger{number}@post.example" if chance.random() < 0.7 else "",
        "birth_year": chance.randint(1940, 2004),
        "postcode": f"{chance.randint(1000, 9990)}",
    }


def _somebody_else(known: Person, chance: random.Random, numbers: Any) -> tuple[Person, str]:
    other = _person(chance, numbers)
    kind = chance.choice(("namesake", "household", "family", "stranger"))
    if kind == "namesake":  # two of the many called Anne Nielsen
        other |= {name: known[name] for name in ("given_name", "family_name")}
        other["birth_year"] = known["birth_year"] + chance.choice((-9, -4, 3, 8))
    elif kind == "household":  # one telephone at home
        given = chance.choice([name for name in GIVEN if name[0] != known["given_name"][0]])
        other |= {name: known[name] for name in ("family_name", "phone", "postcode")}
        other |= {"given_name": given, "birth_year": known["birth_year"] + chance.choice((-2, 1, 27))}
    elif kind == "family":
        given = chance.choice([name for name in GIVEN if name[0] != known["given_name"][0]])
        other |= {"given_name": given, "family_name": known["family_name"], "postcode": known["postcode"]}
    return other, kind


def _can_be_told(known: Person, arrives: Person) -> bool:
    """Say whether a number, an address or a year is still the same: without one nobody could tell."""
    return any(arrives[sign] and arrives[sign] == known[sign] for sign in ("phone", "email", "birth_year"))


# --- What goes wrong -------------------------------------------------------------------------------


def _slip(person: Person, chance: random.Random) -> None:
    """A finger slips inside a name of five letters or more: left out, twice, exchanged, or the next key."""
    name = chance.choice(("given_name", "family_name"))
    word = person[name]
    if len(word) < 5:
        return
    at = chance.randrange(1, len(word) - 2)
    one, next_one = word[at], word[at + 1]
    typed = chance.choice(("", one * 2, next_one + one, NEIGHBOURS.get(one, one * 2)))
    person[name] = word[:at] + typed + word[at + (2 if typed == next_one + one else 1) :]


def _foreign_keyboard(person: Person, chance: random.Random) -> None:
    letters = chance.choice((FOREIGN, BARE))
    for name in ("given_name", "family_name"):
        person[name] = "".join(letters.get(letter, letter) for letter in person[name])


def _middle_name(person: Person, chance: random.Random) -> None:
    first, *rest = person["family_name"].split()
    person["family_name"] = " ".join(rest) if rest else f"{chance.choice(MIDDLE[3:])} {first}"


def _hyphen(person: Person, chance: random.Random) -> None:
    person["family_name"] = person["family_name"].replace(" ", "-")


def _other_phone(person: Person, chance: random.Random) -> None:
    person["phone"] = f"+4561{chance.randrange(1_000_000):06d}"


def _no_phone(person: Person, chance: random.Random) -> None:
    person["phone"] = ""


def _no_email(person: Person, chance: random.Random) -> None:
    person["email"] = ""


def _no_year(person: Person, chance: random.Random) -> None:
    person["birth_year"] = None


def _moved(person: Person, chance: random.Random) -> None:
    person["postcode"] = f"{chance.randint(1000, 9990)}"


def _names_exchanged(person: Person, chance: random.Random) -> None:
    person["given_name"], person["family_name"] = person["family_name"], person["given_name"]


ERRORS: list[Error] = [
    _slip,
    _slip,
    _foreign_keyboard,
    _middle_name,
    _hyphen,
    _other_phone,
    _no_phone,
    _no_email,
    _no_year,
    _moved,
    _names_exchanged,
]
