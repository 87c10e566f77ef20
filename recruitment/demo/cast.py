"""Who and what the story draws from. Every name, number and sentence is made up."""

import random
from dataclasses import dataclass

from outreach.enums import OrganisationKind
from referrals.enums import ReferralKind

GIVEN_NAMES = tuple(
    [
        "Anna",
        "Mette",
        "Åse",
        "Kirsten",
        "Hanne",
        "Lone",
        "Birgitte",
        "Gitte",
        "Camilla",
        "Louise",
        "Maria",
        "Tina",
        "Pia",
        "Rikke",
        "Charlotte",
        "Fatima",
        "Amina",
        "Olena",
        "Zainab",
        "Ingrid",
        "Sørine",
        "Dorthe",
        "Ulla",
        "Helle",
        "Jytte",
        "Trine",
        "Sofie",
        "Nadia",
        "Ayşe",
        "Line",
        "Jens",
        "Lars",
        "Søren",
        "Peter",
        "Ahmed",
        "Bjørn",
        "Kåre",
        "Mikkel",
        "Thomas",
        "Ole",
        "Yusuf",
        "Jørgen",
    ]
)
FAMILY_NAMES = tuple(
    [
        "Andersen",
        "Nielsen",
        "Sørensen",
        "Ærø",
        "Østergaard",
        "Åkjær",
        "Aagaard",
        "Møller",
        "Kjær",
        "Højgaard",
        "Skov",
        "Lund",
        "Krogh",
        "Bæk",
        "Holm",
        "Dahl",
        "Friis",
        "Bruun",
        "Hassan",
        "Yılmaz",
        "Kovalenko",
        "Rasmussen",
        "Thomsen",
        "Overgaard",
        "Lauridsen",
        "Brødsgaard",
    ]
)

# Odd, and met sooner or later.
LONG_NAME = (
    "Maximiliane-Alexandrine Josephine",
    "von Blixen-Finecke-Rosenkrantz-Ærenlund af Lindencrone til Nørre Vosborg",
)
DANISH_LETTERS_NAME = ("Åse Ærlig", "Øllgaard-Ågård")
TWICE_REFERRED_NAME = ("Birthe", "Dobbelt")
PAUSED_NAME = ("Karen", "Pauselund")

REASONS = (
    "Har været sygemeldt med stress siden foråret og kommer ikke så meget ud.",
    "Har mistet lysten til det, hun plejede at være glad for. Vil gerne møde andre i ro.",
    "Let depression. Er begyndt at gå ture, men savner et fast sted at være.",
    "Angst i store forsamlinger. En lille gruppe vil være en god begyndelse.",
    "Er alene hjemme det meste af dagen og har selv spurgt til museet.",
    "Har spillet guitar før. Musikken kunne være en vej tilbage.",
    "Uro i kroppen og dårlig søvn. Har brug for pauser og faste rammer.",
)
SITUATIONS = (
    "Sygemeldt fra job i en børnehave",
    "Ledig og i et forløb på jobcenteret",
    "På førtidspension",
    "Ressourceforløb",
    "",
)
CONSIDERATIONS = (
    "",
    "",
    "Går dårligt på trapper",
    "Hører dårligt på venstre øre",
    "Har brug for at sidde ved døren",
)
WISHES = ("", "", "Ring helst om formiddagen", "Send en sms først", "Bedst efter kl. 12")
OWN_WORDS = (
    "Jeg har haft stress og har brug for noget, der ikke handler om at præstere.",
    "Min læge talte om jer. Jeg vil gerne prøve noget med billeder.",
    "Jeg savner nogen at være sammen med om formiddagen.",
)
COMMENTS = ("", "", "", "Sov dårligt i nat.", "En god dag i dag.", "Havde lige været til lægen.")
NOTES = {
    "reached": ("", "God snak. Vil gerne se museet først.", "Er lidt nervøs for at møde nye, men har lyst."),
    "no_answer": ("", "Telefonsvarer."),
}


@dataclass(frozen=True)
class Partner:
    """A workplace and the people there who refer: (name, title), and how often they do."""

    name: str
    kind: OrganisationKind
    referral_kind: ReferralKind
    people: tuple[tuple[str, str], ...]
    weight: int


PARTNERS = (
    Partner(
        "Jobcenter Solby",
        OrganisationKind.JOBCENTRE,
        ReferralKind.JOBCENTRE,
        (
            ("Henrik Brandt", "Socialrådgiver"),
            ("Mona Ægidius", "Sagsbehandler"),
            ("Jonas Kvist", "Virksomhedskonsulent"),
        ),
        9,
    ),
    Partner(
        "Lægerne på Torvet",
        OrganisationKind.GP,
        ReferralKind.GP,
        (("Liselotte Aaby", "Praktiserende læge"),),
        4,
    ),
    Partner(
        "Lægehuset Nørregade", OrganisationKind.GP, ReferralKind.GP, (("Per Østrup", "Sygeplejerske"),), 2
    ),
    Partner(
        "Psykologerne ved Åen",
        OrganisationKind.PSYCHOLOGIST,
        ReferralKind.PSYCHOLOGIST,
        (("Vibeke Søholm", "Psykolog"),),
        2,
    ),
    Partner(
        "3F Solby",
        OrganisationKind.UNION,
        ReferralKind.UNION,
        (("Kurt Lind", "Faglig konsulent"),),
        1,
    ),
    Partner(
        "Boligforeningen Fjordparken",
        OrganisationKind.HOUSING,
        ReferralKind.HOUSING,
        (("Samira Haddad", "Boligsocial medarbejder"),),
        2,
    ),
)
LEFT_THE_JOB = "Jonas Kvist"
TAKES_OVER = "Mona Ægidius"
SILENT = ("Kurt Lind", "Per Østrup")  # referred long ago, and not since
SELF_WEIGHT = 5

VENUES = (
    ("Solby Museum", "Torvegade 3, 6999 Solby", "Indgang fra gården. Der er elevator."),
    ("Musikskolen", "Skolevej 12, 6999 Solby", "Lokale 4 på første sal."),
    ("Solby Bibliotek", "Havnegade 1, 6999 Solby", "Vi mødes ved kaffen."),
    ("Sundhedshuset", "Nørregade 40, 6999 Solby", "Gå til højre efter indgangen."),
)


def who5_items(raw: int, draw: random.Random) -> tuple[int, ...]:
    """Return five answers of 0–5 that add up to `raw` (0–25) and are not all alike."""
    items = [0] * 5
    for _ in range(raw):
        items[draw.choice([place for place in range(5) if items[place] < 5])] += 1
    return tuple(items)


def who5_before(draw: random.Random) -> int:
    """Return a raw score before: mean about 9.5, a percentage score of 38 (Sundhedsstyrelsen 2020)."""
    return min(17, max(1, round(draw.gauss(9.5, 2.8))))


def who5_after(before: int, draw: random.Random) -> int:
    """Return a raw score after: about 5 more (58 in per cent), higher for most; the lowest gain most."""
    return min(24, max(2, round(before + draw.gauss(5.0, 4.2) - 0.25 * (before - 9.5))))
