"""Ways out and what is done there: the map of cover, what is planned, and what was done."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet, Sum

from outreach.enums import ActivityState, Arena
from outreach.models import Activity, Channel, Organisation
from outreach.queries import recipients_of


@dataclass(frozen=True)
class ArenaChannels:
    """The ways out of one arena, each with `held_total`, `minutes_total` and `last_held_on`."""

    arena: Arena
    channels: list[Channel]

    @property
    def uncovered(self) -> int:
        """How many in use nobody holds."""
        return sum(channel.is_active and not channel.is_held for channel in self.channels)


def channels() -> QuerySet[Channel]:
    """Return the ways out by arena, those in use first, each with its holder and what was done there."""
    done = Q(activities__state=ActivityState.DONE)
    rows: QuerySet[Channel] = (
        Channel.objects.select_related("organisation", "referrer")
        .annotate(
            held_total=Count("activities", filter=done),
            minutes_total=Sum("activities__minutes", filter=done, default=0),
            last_held_on=Max("activities__held_on", filter=done),
        )
        .order_by("-is_active", "name_key", "pk")
    )
    return rows


def map_of_cover() -> list[ArenaChannels]:
    """Return every arena with its ways out; what somebody held who left is held by who took over from them.

    A fixed number of queries. The rows are for showing, not for saving.
    """
    rows = list(channels())
    holders = [row.referrer for row in rows if row.referrer is not None and row.referrer.left_on is not None]
    followers = recipients_of({holder.pk for holder in holders})
    for row in rows:
        if row.referrer is not None and row.referrer in holders:
            row.referrer = followers.get(row.referrer.pk)
    return [ArenaChannels(arena, [row for row in rows if row.arena == arena]) for arena in Arena]


def planned_activities() -> QuerySet[Activity]:
    """Return what is planned, first to come first."""
    planned: QuerySet[Activity] = (
        Activity.objects.filter(state=ActivityState.PLANNED)
        .select_related("organisation", "channel")
        .order_by("planned_on", "pk")
    )
    return planned


def closed_activities() -> QuerySet[Activity]:
    """Return what was done or dropped, the latest first."""
    closed: QuerySet[Activity] = (
        Activity.objects.exclude(state=ActivityState.PLANNED)
        .select_related("organisation", "channel")
        .order_by("-planned_on", "-pk")
    )
    return closed


def activities_at(organisation: Organisation) -> QuerySet[Activity]:
    """Return what is planned or was done there, the latest first."""
    there: QuerySet[Activity] = (
        Activity.objects.filter(organisation=organisation)
        .select_related("referrer", "created_by")
        .order_by("-planned_on", "-pk")
    )
    return there


@dataclass(frozen=True)
class Effort:
    """What was put in since a day: activities done, minutes, kroner, people met."""

    activities: int
    minutes: int
    cost: int
    people_reached: int


def effort_since(since: dt.date) -> Effort:
    """Return the effort of activities held from `since` on; one query."""
    found = Activity.objects.filter(held_on__gte=since).aggregate(
        activities=Count("pk"),
        minutes=Sum("minutes", default=0),
        cost=Sum("cost", default=0),
        people_reached=Sum("people_reached", default=0),
    )
    return Effort(**found)
