"""At which partner a suggestion of the year wheel is best made, and why."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Q

from core.dates import format_danish_date
from outreach.enums import VISITING_KINDS, ActivityKind, ActivityState, OrganisationKind, Strategy
from outreach.models import Activity, Channel, Organisation

# What takes us to a partner is best done where nobody has been for the longest time; who it suits differs.
SUITS: dict[ActivityKind, frozenset[OrganisationKind]] = {
    ActivityKind.VISIT: frozenset({OrganisationKind.GP}),  # in their lunch break
    ActivityKind.TALK: frozenset(OrganisationKind) - {OrganisationKind.GP},
    # An open meeting is held where people come anyway, and not where their case is decided.
    ActivityKind.INFORMATION_MEETING: frozenset(
        {
            OrganisationKind.HOUSING,
            OrganisationKind.UNION,
            OrganisationKind.ASSOCIATION,
            OrganisationKind.EDUCATION,
        }
    ),
}
# What others pass on goes by a channel that a partner holds for us.
PASSED_ON = (ActivityKind.NEWSLETTER, ActivityKind.POSTERS)


@dataclass(frozen=True)
class BestPlace:
    """A partner, why it is the one, and the channel of theirs that is used."""

    organisation: Organisation
    why: str
    channel: Channel | None = None


def best_places(today: dt.date) -> dict[str, list[BestPlace]]:
    """Return the partners of each kind of activity, the best first; three queries.

    Where something of the kind is planned already, nothing more is asked of the partner.
    """
    found: dict[str, list[BestPlace]] = defaultdict(list)
    for partner in _longest_unvisited(today):
        for kind, suited in SUITS.items():
            if partner.kind in suited:
                found[kind].append(BestPlace(partner, _visited(partner.last_visit_on)))
    return found | _by_channel()


def place_for(kind: str, organisation: int | None, today: dt.date) -> BestPlace | None:
    """Return the partner that the wheel showed; None where it showed none, or something came in between."""
    of_kind = best_places(today).get(kind, [])
    return next((place for place in of_kind if place.organisation.pk == organisation), None)


def _longest_unvisited(today: dt.date) -> list[Any]:
    """Return the tended partners without a visit to come, never visited or longest ago first.

    Each has `last_visit_on`.
    """
    coming = Q(activities__state=ActivityState.PLANNED, activities__planned_on__gte=today)
    done = Q(activities__state=ActivityState.DONE)
    visiting = Q(activities__kind__in=VISITING_KINDS)
    partners = Organisation.objects.filter(is_tended=True).annotate(
        last_visit_on=Max("activities__held_on", filter=done & visiting),
        visits_to_come=Count("activities", filter=coming & visiting),
    )
    in_order = (F("last_visit_on").asc(nulls_first=True), "name_key", "pk")
    return list(partners.filter(visits_to_come=0).order_by(*in_order))


def _visited(day: dt.date | None) -> str:
    return "Intet besøg er noteret." if day is None else f"Ikke besøgt siden {format_danish_date(day)}."


def _by_channel() -> dict[str, list[BestPlace]]:
    """Return the partners whose open channel has carried such a thing before, or nothing yet."""
    held = Channel.objects.filter(is_active=True, strategy=Strategy.OPEN, organisation__isnull=False)
    used: dict[int, dict[str, dt.date | None]] = defaultdict(dict)
    uses = Activity.objects.exclude(state=ActivityState.DROPPED).filter(channel__in=held)
    # A use that is planned has no day yet, and counts as the latest.
    for channel, kind, last, planned in (
        uses.order_by()
        .values_list("channel", "kind")
        .annotate(last=Max("held_on"), planned=Count("pk", filter=Q(state=ActivityState.PLANNED)))
    ):
        used[channel][kind] = None if planned else last
    found: dict[str, list[tuple[dt.date, BestPlace]]] = defaultdict(list)
    for channel in held.select_related("organisation").order_by("name_key", "pk"):
        for kind in PASSED_ON:
            uses_of_it = used[channel.pk]
            if uses_of_it and uses_of_it.get(kind) is None:
                continue  # made for other things, or planned already
            last = uses_of_it.get(kind)
            place = BestPlace(channel.organisation, _theirs(channel, last), channel)
            found[kind].append((last or dt.date.min, place))
    in_order = {kind: sorted(places, key=lambda one: one[0]) for kind, places in found.items()}
    return {kind: [place for _, place in places] for kind, places in in_order.items()}


def _theirs(channel: Channel, last: dt.date | None) -> str:
    used = "ikke brugt endnu" if last is None else f"sidst brugt {format_danish_date(last)}"
    return f"“{channel.name}” er deres, {used}."
