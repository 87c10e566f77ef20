"""The list of participants: searched, narrowed, sorted, and each as the line a page shows."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from core.danish import fold
from core.lookups import email_hash, phone_hash
from core.phones import InvalidPhone, parse_phone
from core.references import ALPHABET, LENGTH
from courses.enums import EnrolmentState
from courses.models import Cohort, Enrolment
from participants.enums import Stage
from participants.models import Participant
from recruitment.enums import AGES, AgeBand, ParticipantSort, Urgency
from recruitment.queries.tasks import due_in_words, urgency
from referrals.enums import ReferralKind
from referrals.models import Referral
from worklist.models import Task

NO_LONGER_ON_COHORT = (EnrolmentState.DECLINED, EnrolmentState.STOPPED)


@dataclass(frozen=True)
class ParticipantFilter:
    """What to look for; an empty value narrows nothing."""

    search: str = ""
    stage: str = ""
    source: str = ""
    cohort: int | None = None
    age: str = ""
    sort: str = ParticipantSort.NAME


@dataclass(frozen=True)
class ParticipantLine:
    """One participant as the list shows them; `next_due` is "" when no task is open."""

    participant: Participant
    age: int | None
    source: str
    cohort: str
    next_due: str
    next_urgency: Urgency | None


def age_this_year(birth_year: int | None, today: dt.date) -> int | None:
    """Return the age a person reaches this year: all that a birth year tells."""
    return None if birth_year is None else today.year - birth_year


def participants_matching(wanted: ParticipantFilter, today: dt.date) -> QuerySet[Participant]:
    """Return the participants that fit, in the order asked for, annotated for `participant_lines`."""
    found: QuerySet[Participant] = Participant.objects.all()
    if wanted.search:
        found = found.filter(search_condition(wanted.search))
    if wanted.stage:
        found = found.filter(stage=wanted.stage)
    if wanted.source:
        found = found.filter(Exists(Referral.objects.filter(participant=OuterRef("pk"), kind=wanted.source)))
    if wanted.cohort is not None:
        found = found.filter(Exists(_places().filter(participant=OuterRef("pk"), cohort=wanted.cohort)))
    if wanted.age:
        found = found.filter(_born(AgeBand(wanted.age), today))
    return _sorted(_annotated(found), wanted.sort)


def search_condition(text: str) -> Q:
    """Return the condition that finds a person by name, whole telephone number, e-mail or reference.

    Every word must stand in the name, æ as ae and so on; a number may be spelled in any way; a reference
    may be the person's or that of one of their referrals.
    """
    condition = Q(pk__in=())
    if fold(text):
        condition |= Q(pk__in=Participant.objects.matching(text).values("pk"))
    if "@" in text:
        condition |= Q(email_hash=email_hash(text))
    number = _as_phone(text)
    if number:
        condition |= Q(phone_hash=phone_hash(number))
    reference = as_reference(text)
    if reference:
        referred = Referral.objects.filter(participant=OuterRef("pk"), reference=reference)
        condition |= Q(reference=reference) | Q(Exists(referred))
    return condition


def as_reference(text: str) -> str:
    """Return `text` as a reference such as "K7MF-3PQ", however it was spelled; "" when it is none."""
    letters = "".join(letter for letter in text.upper() if letter.isalnum())
    if len(letters) != LENGTH or not set(letters) <= set(ALPHABET):
        return ""
    return f"{letters[:4]}-{letters[4:]}"


def _as_phone(text: str) -> str:
    try:
        return parse_phone(text)
    except InvalidPhone:
        return ""


def _places() -> QuerySet[Enrolment]:
    places: QuerySet[Enrolment] = Enrolment.objects.exclude(state__in=NO_LONGER_ON_COHORT)
    return places


def _born(band: AgeBand, today: dt.date) -> Q:
    if band == AgeBand.UNKNOWN:
        return Q(birth_year=None)
    youngest, oldest = AGES[band]
    return Q(birth_year__gte=today.year - oldest, birth_year__lte=today.year - youngest)


def _annotated(found: QuerySet[Participant]) -> QuerySet[Participant]:
    referrals = Referral.objects.filter(participant=OuterRef("pk")).newest_first()
    tasks = Task.objects.open().filter(participant=OuterRef("pk")).in_order()
    places = _places().filter(participant=OuterRef("pk")).order_by("-created_at", "-pk")
    return found.annotate(
        source=Subquery(referrals.values("kind")[:1]),
        cohort_name=Subquery(places.values("cohort__name")[:1]),
        next_due_on=Subquery(tasks.values("due_on")[:1]),
    )


def _sorted(found: QuerySet[Participant], sort: str) -> QuerySet[Participant]:
    if sort == ParticipantSort.ARRIVAL:
        return found.order_by("-created_at", "-pk")
    if sort == ParticipantSort.STAGE:
        on_the_path = [When(stage=stage, then=Value(place)) for place, stage in enumerate(Stage)]
        place = Case(*on_the_path, output_field=IntegerField())
        return found.order_by(place, "stage_changed_at", "pk")
    return found.order_by("name_key", "pk")


def participant_lines(participants: Iterable[Any], today: dt.date) -> list[ParticipantLine]:
    """Return each participant of `participants_matching` as a page shows them; no query of its own."""
    return [
        ParticipantLine(
            participant=person,
            age=age_this_year(person.birth_year, today),
            source=str(ReferralKind(person.source).label) if person.source else "",
            cohort=person.cohort_name or "",
            next_due=due_in_words(person.next_due_on, today) if person.next_due_on else "",
            next_urgency=urgency(person.next_due_on, today) if person.next_due_on else None,
        )
        for person in participants
    ]


def cohort_choices() -> list[tuple[str, str]]:
    """Return every cohort by id and name, the last to start first; one query."""
    cohorts = Cohort.objects.order_by("-starts_on", "-pk").values_list("pk", "name")
    return [(str(pk), name) for pk, name in cohorts]
