"""Effort joined with its result: which strategy, channel, partner, activity and link brings people who begin.

Each arrival is joined to effort once, by the surest thing that is known of it (`Joined`), and so counts
once in each cut. Figures about the work, exact; no person is in them.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    When,
)
from django.db.models.functions import TruncDate

from courses.models import Enrolment
from courses.queries import day_starts_at
from outreach.enums import ActivityState, Strategy
from outreach.models import Activity, LinkScan
from participants.enums import Outcome
from recruitment.effort import Tally, total
from recruitment.queries.ways import Cut, Place, Row, Ways
from recruitment.strategies import STRATEGY_OF_WORDS
from referrals.models import Referral


class Joined(StrEnum):
    """By what an arrival was joined to effort, the surest first; the values are fields of `Tally`."""

    LINK = "by_link"  # a link, a list of a meeting, or an interested person we had met there
    ORGANISATION = "by_organisation"  # where the referrer works
    WORDS = "by_words"  # what the person or referrer says themselves
    NOTHING = ""


@dataclass(frozen=True)
class WhatWorks:
    """Everything that the page shows: a list of rows for each cut, and all of it together."""

    cuts: dict[Cut, list[Row]]
    total: Tally


def what_works(since: dt.date | None, today: dt.date) -> WhatWorks:
    """Return effort since a day and what came of the arrivals since then; six queries."""
    ways = Ways.load()
    rows: dict[Cut, dict[Any, Tally]] = {cut: defaultdict(Tally) for cut in Cut}
    events = [*_effort(ways, since), *_scans(ways, since, today), *_results(ways, since)]
    for place, tally in events:
        for cut in Cut:
            rows[cut][place.of(cut)] += tally
    # A link that many activities share, or none, has no effort of its own.
    links: dict[Any, Tally] = defaultdict(Tally)
    for place, tally in [*_effort_of_links(ways, since), *(e for e in events if not e[1].times)]:
        links[place.link] += tally
    rows[Cut.LINK] = links
    return WhatWorks(
        cuts={cut: ways.rows(cut, found) for cut, found in rows.items()},
        total=total(tally for _, tally in events),
    )


# --- What was put in, and what came of it ----------------------------------------------------------

Event = tuple[Place, Tally]


def _done(ways: Ways, since: dt.date | None) -> Iterator[Activity]:
    for activity in ways.activities.values():
        held_on = activity.held_on
        if activity.state == ActivityState.DONE and held_on and (since is None or held_on >= since):
            yield activity


def _effort(ways: Ways, since: dt.date | None) -> Iterator[Event]:
    for activity in _done(ways, since):
        yield (
            ways.of_activity(activity.pk),
            Tally(times=1, minutes=activity.minutes, kroner=activity.cost or 0),
        )


def _effort_of_links(ways: Ways, since: dt.date | None) -> Iterator[Event]:
    """Give an activity's effort to its links, evenly: a visit with two links took its time once."""
    of: dict[int, list[int]] = defaultdict(list)
    for link in ways.links.values():
        if link.activity_id is not None:
            of[link.activity_id].append(link.pk)
    for activity in _done(ways, since):
        own = of.get(activity.pk, [None])
        for link_pk in own:
            yield (
                Place(link=link_pk),
                Tally(
                    times=1,
                    minutes=activity.minutes / len(own),
                    kroner=(activity.cost or 0) / len(own),
                ),
            )


def _scans(ways: Ways, since: dt.date | None, today: dt.date) -> Iterator[Event]:
    scans = LinkScan.objects.all() if since is None else LinkScan.objects.filter(on__gte=since)
    for link, count in scans.order_by().values_list("link").annotate(scans=Sum("count")):
        yield ways.of_link(link, today), Tally(scans=count)


# All that an arrival is joined by. The day decides only which visit at a place came before it.
ARRIVAL: dict[str, Any] = {
    "link": F("tracked_link_id"),
    "meeting": F("activity_id"),
    "was_interested": ExpressionWrapper(Q(interested__isnull=False), BooleanField()),
    "met_by_link": F("interested__tracked_link_id"),
    "met_at": F("interested__activity_id"),
    "met_in": F("interested__channel_id"),
    "met_with": F("interested__organisation_id"),
    "works_at": F("referrer__organisation_id"),
    "said": F("heard_about"),
    "on": Case(
        When(
            Q(referrer__organisation__isnull=False)
            | Q(tracked_link__organisation__isnull=False)
            | Q(interested__organisation__isnull=False)
            | Q(interested__tracked_link__organisation__isnull=False),
            then=TruncDate("received_at"),
        ),
        default=None,
    ),
}


def _results(ways: Ways, since: dt.date | None) -> Iterator[Event]:
    """Give all arrivals, each once, and how many of the people began after it and before they came anew.

    The database counts those that are joined by the same: as many rows as ways, and for a workplace as ways
    and days, however many have come.
    """
    arrived = Referral.objects.exclude(participant__outcome=Outcome.MISTAKE)
    if since is not None:
        arrived = arrived.filter(received_at__gte=day_starts_at(since))
    begun = _begun()
    counted = (
        arrived.annotate(begun=Exists(begun), finished=Exists(begun.filter(completed_at__isnull=False)))
        .order_by()
        .values(**ARRIVAL)
        .annotate(
            arrivals=Count("pk"),
            started=Count("pk", filter=Q(begun=True)),
            completed=Count("pk", filter=Q(finished=True)),
        )
    )
    for alike in counted:
        place, joined = _join(ways, alike)
        count = alike["arrivals"]
        yield (
            place,
            Tally(
                arrivals=count,
                started=alike["started"],
                completed=alike["completed"],
                **({joined.value: count} if joined.value else {}),
            ),
        )


def _begun() -> QuerySet[Enrolment]:
    """Return, of an arrival, the places in which its person began after it and before the next arrival."""
    itself = {name: OuterRef(OuterRef(name)) for name in ("received_at", "pk")}
    came_anew = Referral.objects.filter(
        Q(received_at__gt=itself["received_at"])
        | Q(received_at=itself["received_at"], pk__gt=itself["pk"]),  # of two at once the later counts
        participant=OuterRef("participant"),
        received_at__lte=OuterRef("started_at"),
    )
    places: QuerySet[Enrolment] = Enrolment.objects.filter(
        ~Exists(came_anew), participant=OuterRef("participant"), started_at__gte=OuterRef("received_at")
    )
    return places


def _join(ways: Ways, arrival: dict[str, Any]) -> tuple[Place, Joined]:
    """Return where arrivals of one `ARRIVAL` count, by the surest thing known: one answer for all cuts.

    Somebody we had on the list of the interested counts as targeted, whatever way we met them by.
    """
    on, works_at = arrival["on"], arrival["works_at"]
    if arrival["was_interested"]:
        return _met(ways, arrival, on)._replace(strategy=Strategy.TARGETED), Joined.LINK
    known = Place()
    if arrival["meeting"] is not None:
        known = ways.of_activity(arrival["meeting"])
    elif arrival["link"] is not None:
        known = ways.of_link(arrival["link"], on)
    if known._replace(link=None) != Place():  # a link for nothing in particular says no more than nothing
        return known._replace(organisation=known.organisation or works_at), Joined.LINK
    if works_at is not None:
        return ways.of_organisation(works_at, on)._replace(link=known.link), Joined.ORGANISATION
    said = arrival["said"]
    if said:
        return Place(STRATEGY_OF_WORDS.get(said), said, link=known.link), Joined.WORDS
    return known, Joined.LINK if known.link else Joined.NOTHING


def _met(ways: Ways, arrival: dict[str, Any], on: dt.date) -> Place:
    """Return where we met the interested person."""
    if arrival["met_by_link"] is not None:
        return ways.of_link(arrival["met_by_link"], on)
    return ways.of_any(
        activity=arrival["met_at"], channel=arrival["met_in"], organisation=arrival["met_with"], on=on
    )


def tried_in_vain(found: WhatWorks) -> Iterable[Row]:
    """Return the channels and, without one, the partners where something was done and nobody has come."""
    for cut in (Cut.CHANNEL, Cut.ORGANISATION):
        for row in found.cuts[cut]:
            if row.key is not None and row.tally.is_tried_in_vain:
                yield row
