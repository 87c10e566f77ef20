"""Who is already known: the person who surely is the same, and those who likely are."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from core.danish import fold
from participants.models import NotSamePerson, Participant
from participants.queries.names import NameFit, name_fit

# What each agreement is worth. The name must fit at all, and another year of birth is another person;
# then the name with one strong sign (a number, an address or the year) is enough, and one sign against
# it is borne, two are not. Tried on the hard pairs of bench/duplicates.py.
NAME_POINTS = {NameFit.SAME: 50, NameFit.ALIKE: 40, NameFit.SHORTENED: 40, NameFit.GIVEN_ONLY: 20}
SAME_PHONE, OTHER_PHONE = 35, -10
SAME_EMAIL, OTHER_EMAIL = 35, 0  # many have several addresses
SAME_YEAR = 25
SAME_POSTCODE, OTHER_POSTCODE = 10, -10
LIKELY_FROM = 65
AT_MOST = 5
# How many the database hands over to be compared letter by letter: those with the same number first,
# then by likeness of name.
COMPARED = 100
# Names with less in common (pg_trgm's similarity, and its own limit) are never called alike.
WORTH_COMPARING = 0.3


@dataclass(frozen=True)
class LikelySame:
    """A participant who is likely the one asked about, and why, in Danish sentences."""

    participant: Participant
    score: int
    reasons: tuple[str, ...]


def find_same_person(
    *, given_name: str, family_name: str, phone_hash: str, email_hash: str, birth_year: int | None
) -> Participant | None:
    """Return the participant who is surely the same: same folded name, same phone or e-mail, no other year.

    Two people may share a telephone, so name and number must both agree.
    """
    contact = _contact(phone_hash, email_hash)
    if not contact:
        return None
    same = Participant.objects.filter(
        contact, _no_other_year(birth_year), name_folded=fold(f"{given_name} {family_name}")
    )
    found: Participant | None = same.order_by("pk").first()
    return found


def surviving_record(participant: Participant) -> Participant:
    """Return the record that the person stands under now, which is another after a merge."""
    current: Participant = Participant.with_merged.get(pk=participant.pk)
    while current.merged_into_id is not None:
        current = Participant.with_merged.get(pk=current.merged_into_id)
    return current


def find_likely_same(
    *,
    given_name: str,
    family_name: str,
    phone_hash: str = "",
    email_hash: str = "",
    birth_year: int | None = None,
    postcode: str = "",
    exclude: Participant | None = None,
) -> list[LikelySame]:
    """Return those of the active programme who are likely the same person, likeliest first; one query.

    A name and a postcode alone are too little, so PostgreSQL narrows by its indexes to those with the same
    number or address and no other year of birth, and to those of the same year with a name of like letters;
    then each is scored by name, number, address, year and postcode.
    """
    asked = _Asked(given_name, family_name, phone_hash, email_hash, birth_year, postcode)
    scored = (_scored(asked, known) for known in _candidates(asked, exclude))
    likely = [found for found in scored if found is not None and found.score >= LIKELY_FROM]
    return sorted(likely, key=lambda found: (-found.score, found.participant.pk))[:AT_MOST]


def find_while_typing(
    *, given_name: str, family_name: str, phone_hash: str, email_hash: str, **known: Any
) -> list[LikelySame]:
    """Return whom a colleague may be typing about: the likely same, from a whole name on; one query at most.

    Before that, whoever has the number or the address, so that a call is recognised by its number alone.
    `known` is what `find_likely_same` takes besides.
    """
    if given_name and family_name:
        return find_likely_same(
            given_name=given_name,
            family_name=family_name,
            phone_hash=phone_hash,
            email_hash=email_hash,
            **known,
        )
    contact = _contact(phone_hash, email_hash)
    reached = Participant.objects.filter(contact).by_name()[:AT_MOST] if contact else []
    return [
        LikelySame(
            participant=person,
            score=SAME_PHONE,
            reasons=("Samme telefonnummer" if phone_hash == person.phone_hash else "Samme e-mail",),
        )
        for person in reached
    ]


def find_likely_same_as(participant: Participant) -> list[LikelySame]:
    """Return the others who are likely the same person as `participant`, in its programme; one query.

    Those who were noted as somebody else are left out.
    """
    return find_likely_same(
        given_name=participant.given_name,
        family_name=participant.family_name,
        phone_hash=participant.phone_hash,
        email_hash=participant.email_hash,
        birth_year=participant.birth_year,
        postcode=participant.postcode,
        exclude=participant,
    )


@dataclass(frozen=True)
class _Asked:
    given_name: str
    family_name: str
    phone_hash: str
    email_hash: str
    birth_year: int | None
    postcode: str

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


def _contact(phone_hash: str, email_hash: str) -> Q:
    """Return the condition that the number or the address is the same; empty when neither is known."""
    contact = Q()
    if phone_hash:
        contact |= Q(phone_hash=phone_hash)
    if email_hash:
        contact |= Q(email_hash=email_hash)
    return contact


def _no_other_year(birth_year: int | None) -> Q:
    return Q() if birth_year is None else Q(birth_year=birth_year) | Q(birth_year=None)


def _candidates(asked: _Asked, exclude: Participant | None) -> list[Participant]:
    contact = _contact(asked.phone_hash, asked.email_hash)
    worth = contact & _no_other_year(asked.birth_year) if contact else Q()
    if asked.birth_year is not None:
        # Not by the index of trigrams: thousands share theirs, and only some of one year.
        worth |= Q(birth_year=asked.birth_year, likeness__gte=WORTH_COMPARING)
    if not worth:
        return []
    likeness = TrigramSimilarity("name_folded", fold(asked.full_name))
    found = Participant.objects.annotate(likeness=likeness).filter(worth)
    order = ["-likeness", "pk"]
    if contact:
        found = found.annotate(reached=ExpressionWrapper(contact, output_field=BooleanField()))
        order.insert(0, "-reached")
    if exclude is not None:
        found = found.exclude(pk=exclude.pk).exclude(Exists(_told_apart(exclude)))
    return list(found.order_by(*order)[:COMPARED])


def _told_apart(participant: Participant) -> QuerySet[NotSamePerson]:
    """Return the notes that `participant` and the person of the outer query are not one."""
    return NotSamePerson.objects.filter(
        Q(one=participant, other=OuterRef("pk")) | Q(other=participant, one=OuterRef("pk")), ended_at=None
    )


def _scored(asked: _Asked, known: Participant) -> LikelySame | None:
    """Return the score of `known` and the agreements behind it, or None where the name is another's."""
    fit = name_fit(asked.given_name, asked.family_name, known.given_name, known.family_name)
    if fit == NameFit.OTHER:
        return None
    names = f"({asked.full_name} / {known.full_name})"
    said = {NameFit.SAME: f"Samme navn {names}", NameFit.GIVEN_ONLY: f"Samme fornavn {names}"}
    score = NAME_POINTS[fit]
    reasons = [
        "Samme navn" if asked.full_name == known.full_name else said.get(fit, f"Navnet ligner {names}")
    ]
    signs = (
        (asked.phone_hash, known.phone_hash, SAME_PHONE, OTHER_PHONE, "Samme telefonnummer"),
        (asked.email_hash, known.email_hash, SAME_EMAIL, OTHER_EMAIL, "Samme e-mail"),
        (asked.birth_year, known.birth_year, SAME_YEAR, 0, "Samme fødselsår"),
        (asked.postcode, known.postcode, SAME_POSTCODE, OTHER_POSTCODE, "Samme postnummer"),
    )
    for ours, theirs, agreed, opposed, reason in signs:
        if not ours or not theirs:
            continue
        score += agreed if ours == theirs else opposed
        if ours == theirs:
            reasons.append(reason)
    return LikelySame(participant=known, score=score, reasons=tuple(reasons))
