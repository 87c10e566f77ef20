"""What a merge of two records of one person would mean, and what stands in its way."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from core.dates import format_danish_date
from core.phones import format_phone
from courses.enums import CURRENT, EnrolmentState
from courses.models import Attendance, Enrolment
from evaluation.enums import Occasion
from evaluation.models import Response
from participants.models import NotSamePerson, Participant, PersonMerge

# How long a merge can be taken back: a month, within which the person has been spoken with.
UNDO_DAYS = 30
# A place in these states, without attendance, tells nothing that a merge would lose.
NEVER_USED = (EnrolmentState.WAITING, EnrolmentState.DECLINED, EnrolmentState.STOPPED)
# What the coordinator chooses between, where the two records differ. The names go together.
CHOICES: tuple[tuple[str, str], ...] = (
    ("name", "Navn"),
    ("phone", "Telefon"),
    ("email", "E-mail"),
    ("birth_year", "Fødselsår"),
    ("postcode", "Postnummer"),
    ("language", "Sprog"),
)


# --- What stands in the way ------------------------------------------------------------------------


class MergeRefused(Exception):
    """The two cannot be one; as text it says what to do first."""


class BothHavePlace(MergeRefused):
    """Each record has a current place in a cohort."""

    def __init__(self, places: list[Enrolment]) -> None:
        names = " og ".join(place.cohort.name for place in places)
        super().__init__(f"Begge har en plads på et hold: {names}. Afslut den ene plads, før du samler dem.")


class BothOnCohort(MergeRefused):
    """Both records tell of the same cohort, and a place cannot be two."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Begge står på {name}. Fjern fremmødet og afslut pladsen hos den, der ikke var der, "
            "før du samler dem."
        )


class PlaceAtTheOther(MergeRefused):
    """The place worth keeping belongs to the record that would not stay."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Begge står på {name}, og fremmødet står hos den anden. Vælg, at den anden skal blive."
        )


class BothMeasured(MergeRefused):
    """Both have answered on the same occasion, and nobody has chosen which answer counts."""

    def __init__(self, occasion: Occasion) -> None:
        super().__init__(
            f"Begge har besvaret skemaet {str(occasion.label).lower()}, og en person kan kun have ét svar. "
            "Åbn siden igen, og vælg, hvilket svar der gælder."
        )


def find_obstacle(kept: Participant, absorbed: Participant) -> MergeRefused | None:
    """Return why `absorbed` cannot go on as `kept`, None where nothing stands in the way; one query."""
    places = list(
        Enrolment.objects.filter(participant__in=[kept, absorbed])
        .select_related("cohort")
        .annotate(noted=Exists(Attendance.objects.filter(enrolment=OuterRef("pk"))))
        .order_by("pk")
    )
    current = [place for place in places if place.state in CURRENT]
    if len(current) > 1:
        return BothHavePlace(current)
    of_kept = {place.cohort_id: place for place in places if place.participant_id == kept.pk}
    for place in places:
        twin = of_kept.get(place.cohort_id)
        if place.participant_id == kept.pk or twin is None or is_unused(place):
            continue
        name = place.cohort.name
        return PlaceAtTheOther(name) if is_unused(twin) else BothOnCohort(name)
    return None


def is_unused(place: Any) -> bool:
    """Say whether a place from `find_obstacle` or annotated as there was never used."""
    return place.state in NEVER_USED and not place.noted


# --- Answered twice --------------------------------------------------------------------------------


@dataclass(frozen=True)
class AnsweredTwice:
    """An occasion on which both have answered; each answer in words that tell them apart.

    The score is not among them: which answer counts is chosen by how it came about, not by its result.
    """

    occasion: Occasion
    one: str
    other: str


def answered_twice(one: Participant, other: Participant) -> list[AnsweredTwice]:
    """Return the occasions on which both have answered, in their order; one query."""
    answers: dict[tuple[int | None, str], Response] = {
        (answer.participant_id, answer.occasion): answer
        for answer in Response.objects.filter(participant__in=[one, other])
    }
    return [
        AnsweredTwice(
            occasion,
            _told(one.reference, answers[one.pk, occasion]),
            _told(other.reference, answers[other.pk, occasion]),
        )
        for occasion in Occasion
        if (one.pk, occasion) in answers and (other.pk, occasion) in answers
    ]


def _told(reference: str, answer: Response) -> str:
    blanks = "alle spørgsmål besvaret" if answer.is_complete else "ikke alle spørgsmål besvaret"
    how = str(answer.get_mode_display()).lower()
    return f"{reference}: {format_danish_date(answer.answered_on)}, {how}, {blanks}"


# --- What would happen -----------------------------------------------------------------------------


def rows_of_a_person() -> Iterator[tuple[type[models.Model], str]]:
    """Yield every model that has rows about a person, with the name of its key to them.

    Read from the models, so that rows of a kind that comes later move too.
    """
    for relation in Participant._meta.related_objects:
        model: Any = relation.related_model
        yield model, relation.field.name


@dataclass(frozen=True)
class Difference:
    """A detail on which the two records differ; each side as it is shown."""

    name: str
    label: str
    one: str
    other: str
    one_is_empty: bool
    other_is_empty: bool


@dataclass(frozen=True)
class MovedRows:
    """How many rows of one kind each record has."""

    label: str
    one: int
    other: int


@dataclass(frozen=True)
class MergePreview:
    """The two records side by side: what differs, what both have answered, and what each brings."""

    differences: list[Difference]
    answered_twice: list[AnsweredTwice]
    rows: list[MovedRows]


def merge_preview(one: Participant, other: Participant) -> MergePreview:
    """Return what the coordinator sees before the button; one query for each kind of row."""
    return MergePreview(
        differences=differences(one, other),
        answered_twice=answered_twice(one, other),
        rows=[row for row in _counts(one, other) if row.one or row.other],
    )


def differences(one: Participant, other: Participant) -> list[Difference]:
    """Return the details on which the two differ, in the order of `CHOICES`."""
    found = []
    for name, label in CHOICES:
        mine, theirs = _shown(one, name), _shown(other, name)
        if mine != theirs:
            found.append(
                Difference(name, label, mine or "Ikke oplyst", theirs or "Ikke oplyst", not mine, not theirs)
            )
    return found


def _shown(participant: Participant, name: str) -> str:
    if name == "name":
        return participant.full_name
    if name == "phone":
        return format_phone(participant.phone) if participant.phone else ""
    if name == "language":
        return str(participant.get_language_display())
    value = getattr(participant, name)
    return "" if value is None else str(value)


def _counts(one: Participant, other: Participant) -> Iterator[MovedRows]:
    for model, key in rows_of_a_person():
        rows: Any = model._default_manager
        counted = dict(
            rows.filter(**{f"{key}__in": [one, other]})
            .order_by()
            .values_list(key)
            .annotate(number=models.Count("pk"))
        )
        label = str(model._meta.verbose_name_plural)
        yield MovedRows(label[:1].upper() + label[1:], counted.get(one.pk, 0), counted.get(other.pk, 0))


# --- What has been answered ------------------------------------------------------------------------


def told_apart(participant: Participant) -> list[Participant]:
    """Return those who were noted as somebody else than `participant`, by name; two queries."""
    notes = NotSamePerson.objects.filter(Q(one=participant) | Q(other=participant), ended_at=None)
    keys = {key for pair in notes.values_list("one", "other") for key in pair} - {participant.pk}
    return list(Participant.objects.filter(pk__in=keys).by_name())


def merges_in_force(participant: Participant) -> QuerySet[PersonMerge]:
    """Return the merges that made `participant` of two, the newest first."""
    merges: QuerySet[PersonMerge] = PersonMerge.objects.filter(kept=participant, undone_at=None)
    return merges.select_related("absorbed", "merged_by").order_by("-merged_at", "-pk")


def undo_until(merge: PersonMerge) -> dt.datetime:
    """Return when a merge can no longer be taken back."""
    return merge.merged_at + dt.timedelta(days=UNDO_DAYS)


def model_named(label: str) -> Any:
    """Return the model that a merge remembers as `label`."""
    return apps.get_model(label)
