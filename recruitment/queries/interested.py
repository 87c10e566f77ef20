"""People who have shown interest, as the coordinator sees them: on the list, and before a new cohort."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from courses.models import Cohort
from messaging.models import DeadAddress, OutboundMessage
from messaging.queries import MessageLine, line_of
from outreach.interest_texts import agreed_since
from outreach.models import InterestedPerson
from participants.models import Participant
from referrals.enums import MessageKind
from referrals.models import Referral


@dataclass(frozen=True)
class InterestedLine:
    """One person as a list shows them; `known` is a participant of the same number or address."""

    person: InterestedPerson
    origin: str
    known: Participant | None
    came_as: Participant | None
    is_old: bool
    number_is_dead: bool
    message: MessageLine | None = None


def count_to_contact(now: dt.datetime) -> int:
    """Return how many may be told of a cohort; one query."""
    count: int = InterestedPerson.objects.to_contact(agreed_since(now)).count()
    return count


def interested_people(*, everybody: bool, now: dt.datetime) -> QuerySet[InterestedPerson]:
    """Return those who wait for a cohort, by name; or everybody, those who said stop and who came too."""
    found = InterestedPerson.objects.filter(held_reasons="", forgotten_at=None)
    if not everybody:
        asked_again = Q(stopped_at__isnull=False, asked_again_at__isnull=False)
        found = found.filter(Q(stopped_at=None) | asked_again, turned_at=None)
    rows: QuerySet[InterestedPerson] = found.select_related(*_ORIGINS).by_name()
    return rows


def held_people() -> QuerySet[InterestedPerson]:
    """Return those whose form looks like spam, oldest first."""
    held: QuerySet[InterestedPerson] = InterestedPerson.objects.held().order_by("created_at", "pk")
    return held


_ORIGINS = (
    "tracked_link",
    "tracked_link__channel",
    "tracked_link__organisation",
    "tracked_link__activity",
    "activity",
    "channel",
    "organisation",
)


def interested_lines(people: Iterable[InterestedPerson], now: dt.datetime) -> list[InterestedLine]:
    """Return each of `interested_people` as a list shows them; three queries however many they are."""
    found = list(people)
    known = _known(found)
    came = {
        referral.interested_id: referral.participant
        for referral in Referral.objects.filter(interested__in=found).select_related("participant")
    }
    dead = set(DeadAddress.objects.values_list("address_hash", flat=True))
    return [
        InterestedLine(
            person=person,
            origin=str(person.tracked_link or person.activity or person.channel or person.organisation or ""),
            known=known.get(person.phone_hash) or known.get(person.email_hash),
            came_as=came.get(person.pk),
            is_old=person.agreed_at <= agreed_since(now),
            number_is_dead=bool({person.phone_hash, person.email_hash} & dead),
        )
        for person in found
    ]


def _known(people: Sequence[InterestedPerson]) -> dict[str, Participant]:
    """Return the participants of these numbers and addresses, by each; only ever shown to staff."""
    hashes = {one for person in people for one in (person.phone_hash, person.email_hash) if one}
    same = Participant.objects.filter(Q(phone_hash__in=hashes) | Q(email_hash__in=hashes)).order_by("-pk")
    known: dict[str, Participant] = {}
    for participant in same:
        for one in (participant.phone_hash, participant.email_hash):
            if one:
                known[one] = participant
    return known


@dataclass(frozen=True)
class CohortCalls:
    """Whom to tell of a cohort: those not written to first; `unwritten` have a way to be written to."""

    lines: list[InterestedLine]
    unwritten: list[InterestedPerson]


def calls_for(cohort: Cohort, now: dt.datetime) -> CohortCalls:
    """Return everybody who may be told of the cohort, with what they were sent about it."""
    people = InterestedPerson.objects.to_contact(agreed_since(now)).select_related(*_ORIGINS)
    sent = {
        message.interested_id: message
        for message in OutboundMessage.objects.filter(
            kind=MessageKind.INTERESTED_INVITATION,
            interested__isnull=False,
            subject_ids__cohort=cohort.pk,
        ).select_related("interested", "programme")
    }
    ordered = sorted(people, key=lambda person: (person.pk in sent, person.name_key, person.pk))
    lines = [
        InterestedLine(
            **{
                **vars(line),
                "message": line_of(sent[line.person.pk]) if line.person.pk in sent else None,
            }
        )
        for line in interested_lines(ordered, now)
    ]
    return CohortCalls(lines, [person for person in ordered if person.pk not in sent])
