"""Who among many is likely known, and which of them are likely one person: one query for a whole list."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from rapidfuzz import fuzz, process

from core.danish import fold
from participants.models import Participant
from participants.queries.names import sounded
from participants.queries.same import AT_MOST, LIKELY_FROM, LikelySame, _Asked, _scored

# Names less alike than this are never called alike by `name_fit`; far cheaper to ask, so asked first.
WORTH_COMPARING = 60


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One person of a list, as `find_likely_same` is asked about one."""

    given_name: str
    family_name: str
    phone_hash: str = ""
    email_hash: str = ""
    birth_year: int | None = None
    postcode: str = ""


@dataclass
class Likely:
    """Who a listed person likely is: those known, and those earlier in the list, by their place and why."""

    known: list[LikelySame] = field(default_factory=list)
    earlier: list[tuple[int, LikelySame]] = field(default_factory=list)


def find_likely_same_of_many(people: Sequence[Listed]) -> list[Likely]:
    """Return for each of `people` what `find_likely_same` would, and the earlier ones alike; one query.

    Whoever is likely the same has the number, the address or the year of birth in common: a name and a
    postcode alone are too little. So only those who share one are compared.
    """
    asked = [_asked(person) for person in people]
    known = _Pool(_known(asked))
    earlier = _Pool(())
    found: list[Likely] = []
    for place, person in enumerate(asked):
        likely = Likely(known=[match for _, match in known.likely(person)])
        likely.earlier = earlier.likely(person)
        found.append(likely)
        earlier.add(place, _as_participant(person))
    return found


class _Pool:
    """Persons found again by what they may have in common with another."""

    def __init__(self, people: Iterable[Participant]) -> None:
        self._people: list[tuple[int, Participant]] = []
        self._by_sign: defaultdict[tuple[str, object], list[int]] = defaultdict(list)
        self._folded: list[str] = []
        self._letters: list[frozenset[str]] = []
        for person in people:
            self.add(person.pk, person)

    def add(self, name: int, person: Participant) -> None:
        """Take `person` in, under a number of the caller's."""
        place = len(self._people)
        self._people.append((name, person))
        self._folded.append(person.name_folded)
        self._letters.append(_first_letters(person.name_folded))
        for sign in _signs(person.phone_hash, person.email_hash, person.birth_year):
            self._by_sign[sign].append(place)

    def likely(self, asked: _Asked) -> list[tuple[int, LikelySame]]:
        """Return those who are likely the one asked about, likeliest first, each with its number."""
        places = {
            place
            for sign in _signs(asked.phone_hash, asked.email_hash, asked.birth_year)
            for place in self._alike(sign, fold(asked.full_name))
        }
        found: list[tuple[int, LikelySame]] = []
        for place in places:
            name, person = self._people[place]
            if asked.birth_year and person.birth_year and asked.birth_year != person.birth_year:
                continue
            match = _scored(asked, person)
            if match is not None and match.score >= LIKELY_FROM:
                found.append((name, match))
        return sorted(found, key=lambda pair: (-pair[1].score, pair[0]))[:AT_MOST]

    def _alike(self, sign: tuple[str, object], folded: str) -> list[int]:
        places = self._by_sign.get(sign, [])
        if sign[0] != "year":
            return places  # few share a number, and after a wedding the name is another
        letters = _first_letters(folded)
        names = {
            place: self._folded[place]
            for place in places
            if letters <= self._letters[place] or letters >= self._letters[place]
        }
        alike = process.extract(
            folded, names, scorer=fuzz.token_sort_ratio, score_cutoff=WORTH_COMPARING, limit=None
        )
        return [place for _, _, place in alike]


def _first_letters(folded: str) -> frozenset[str]:
    """Return what the words of a name begin with, as they sound.

    A name fits another only if each word of one has its counterpart in the other, with the same beginning.
    """
    return frozenset(sounded(word)[:1] for word in folded.split())


def _signs(phone_hash: str, email_hash: str, birth_year: int | None) -> list[tuple[str, object]]:
    signs = (("phone", phone_hash), ("email", email_hash), ("year", birth_year))
    return [(kind, sign) for kind, sign in signs if sign]


def _known(asked: Sequence[_Asked]) -> list[Participant]:
    """Return those who share a sign with any of those asked about, without their encrypted words."""
    shared = Q(phone_hash__in={person.phone_hash for person in asked} - {""})
    shared |= Q(email_hash__in={person.email_hash for person in asked} - {""})
    shared |= Q(birth_year__in={person.birth_year for person in asked} - {None})
    compared = ("given_name", "family_name", "name_folded", "phone_hash", "email_hash", "birth_year")
    return list(Participant.objects.filter(shared).only(*compared, "postcode", "programme"))


def _asked(person: Listed) -> _Asked:
    return _Asked(
        person.given_name,
        person.family_name,
        person.phone_hash,
        person.email_hash,
        person.birth_year,
        person.postcode,
    )


def _as_participant(asked: _Asked) -> Participant:
    """Return the person as a row that is never stored, so that rows and lines are compared alike."""
    return Participant(
        given_name=asked.given_name,
        family_name=asked.family_name,
        name_folded=fold(asked.full_name),
        phone_hash=asked.phone_hash,
        email_hash=asked.email_hash,
        birth_year=asked.birth_year,
        postcode=asked.postcode,
    )
