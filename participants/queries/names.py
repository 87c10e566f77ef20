"""How well two names fit each other: the same, spelled differently, shortened, or another person's."""

import enum
import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from core.danish import fold

# One sound written in several ways, longest first: Sophie and Sofie, Thomas and Tomas, Christian and
# Kristian, Bech and Bek, Wulff and Vulf, Schultz and Schulz, Niels and Nils, Kaj and Kai. Before these,
# `fold` has made æ, ø and å into ae, oe and aa, which many keyboards and people leave out altogether.
SOUNDS = (
    ("sch", "sk"),
    ("ph", "f"),
    ("th", "t"),
    ("ch", "k"),
    ("ck", "k"),
    ("ld", "l"),
    ("ds", "s"),
    ("tz", "s"),
    ("ts", "s"),
    ("dt", "t"),
    ("ae", "a"),
    ("oe", "o"),
    ("ie", "i"),
    ("c", "k"),
    ("q", "k"),
    ("w", "v"),
    ("z", "s"),
    ("j", "i"),
    ("y", "i"),
)
REPEATED = re.compile(r"(.)\1+")
MUTE_H = re.compile(r"(?<=[aeiou])h|(?<=g)h$")
# A slip in a short word is another word (Lise and Line, Mia and Pia), so short ones must sound alike.
ONE_SLIP_FROM = 5
TWO_SLIPS_FROM = 8
ABBREVIATIONS = (1, 3)  # letters: K. for Kirsten, Chr. for Christian
NAME_NEEDS = 2  # at least a given and a family name must agree


class NameFit(enum.IntEnum):
    """How well two full names fit, best last."""

    OTHER = 0
    GIVEN_ONLY = 1  # as after a wedding
    SHORTENED = 2  # a name left out, or only its initial
    ALIKE = 3
    SAME = 4


def name_fit(given: str, family: str, other_given: str, other_family: str) -> NameFit:
    """Return how well the names fit, whichever is written first and however they are spaced.

    They are the same when `fold` makes the same words of them in any order; alike when each word has its
    counterpart within a slip; shortened when words are left out or are initials; and `GIVEN_ONLY` when
    only the given names agree. Another given name is another person, as twins at one address are.
    """
    ours, theirs = _Name(given, family), _Name(other_given, other_family)
    if sorted(ours.words) == sorted(theirs.words) or ours.joined & theirs.joined:
        return NameFit.SAME
    fits = [_words_fit(one, other) for one in ours.spacings for other in theirs.spacings]
    best = max(fits)
    if best == NameFit.OTHER and _given_fits(ours.given, theirs.given):
        return NameFit.GIVEN_ONLY
    return best


class _Name:
    """A name's folded words, and the other ways in which it may be spaced and ordered."""

    def __init__(self, given: str, family: str) -> None:
        self.given = fold(given).split()
        self.family = fold(family).split()
        self.words = self.given + self.family
        self.joined = {"".join(self.given + self.family), "".join(self.family + self.given)}
        self.spacings = [
            self.words,
            ["".join(self.given), *self.family],
            [*self.given, "".join(self.family)],
        ]


def _words_fit(ours: list[str], theirs: list[str]) -> NameFit:
    """Return the fit of two rows of words, each word used once; the longer row's first is not left out."""
    shorter, longer = sorted((ours, theirs), key=len)
    left = list(longer)
    initials = 0
    for word in shorter:
        match = _counterpart(word, left)
        if match is None:
            return NameFit.OTHER
        initials += _is_short_for(word, match)
        left.remove(match)
    if len(shorter) < NAME_NEEDS or initials == len(shorter) or (left and longer[0] in left):
        return NameFit.OTHER
    return NameFit.SHORTENED if initials or left else NameFit.ALIKE


def _counterpart(word: str, candidates: list[str]) -> str | None:
    """Return the candidate that sounds like the word, else is a slip of it, else is short for it."""
    for agrees in (_sounds_alike, _is_slip, _is_short_for):
        for candidate in candidates:
            if agrees(word, candidate):
                return candidate
    return None


def _given_fits(ours: list[str], theirs: list[str]) -> bool:
    """Say whether the given names agree, though one may have more of them."""
    shorter, longer = sorted((ours, theirs), key=len)
    pairs = zip(shorter, longer, strict=False)
    return bool(shorter) and all(_sounds_alike(a, b) or _is_slip(a, b) for a, b in pairs)


@lru_cache(maxsize=10_000)  # a long list compares the same few names over and over
def sounded(word: str) -> str:
    """Return a folded word as it sounds, nearly: Christensen and Kristensen are one."""
    word = REPEATED.sub(r"\1", word)
    for written, sound in SOUNDS:
        word = word.replace(written, sound)
    return REPEATED.sub(r"\1", MUTE_H.sub("", word))


def _sounds_alike(word: str, other: str) -> bool:
    return sounded(word) == sounded(other)


def _is_slip(word: str, other: str) -> bool:
    """Say whether one is the other with a slip: a letter left out, added, exchanged or in the wrong place.

    Another beginning or ending is no slip but another name: Hanne and Sanne, Kristian and Kristina.
    """
    ours, theirs = sounded(word), sounded(other)
    if ours[:1] != theirs[:1] or ours[-1:] != theirs[-1:]:
        return False
    length = min(len(ours), len(theirs))
    allowed = 2 if length >= TWO_SLIPS_FROM else 1 if length >= ONE_SLIP_FROM else 0
    return OSA.distance(ours, theirs, score_cutoff=allowed) <= allowed


def _is_short_for(word: str, other: str) -> bool:
    """Say whether one is the first letter, or the first letters and no more, of the other: K., Chr."""
    short, long = sorted((word, other), key=len)
    return len(short) in ABBREVIATIONS and len(short) < len(long) and long.startswith(short)
