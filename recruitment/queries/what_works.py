"""Effort joined with its result: which strategy, channel, partner, activity and link brings people who begin.

Each arrival is joined to effort once, by the surest thing that is known of it (`Joined`), and so counts
once in each cut. Figures about the work, exact; no person is in them.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from typing import Any, NamedTuple

from django.db.models import F, Sum
from django.utils.timezone import localdate

from courses.models import Enrolment
from courses.queries import day_starts_at
from outreach.enums import ActivityState, Strategy
from outreach.models import Activity, Channel, LinkScan, Organisation, TrackedLink
from participants.enums import Outcome
from recruitment.effort import Cost, Tally, total
from recruitment.strategies import STRATEGY_OF_KIND, STRATEGY_OF_WORDS
from referrals.enums import HeardAbout
from referrals.models import Referral

# A visit is talked of for about half a year; what comes later from the same place has other reasons.
VISIT_LASTS = dt.timedelta(days=180)


class Cut(StrEnum):
    """What the figures are told apart by; the values stand in the page's address."""

    STRATEGY = "strategi"
    CHANNEL = "kanal"
    ORGANISATION = "organisation"
    ACTIVITY = "aktivitet"
    LINK = "link"


class Joined(StrEnum):
    """By what an arrival was joined to effort, the surest first; the values are fields of `Tally`."""

    LINK = "by_link"  # a link, a list of a meeting, or an interested person we had met there
    ORGANISATION = "by_organisation"  # where the referrer works
    WORDS = "by_words"  # what the person or referrer says themselves
    NOTHING = ""


class Place(NamedTuple):
    """Where something stands in each cut; None where it cannot be said."""

    strategy: str | None = None
    channel: int | str | None = None
    organisation: int | None = None
    activity: int | None = None
    link: int | None = None

    def of(self, cut: Cut) -> int | str | None:
        return {
            Cut.STRATEGY: self.strategy,
            Cut.CHANNEL: self.channel,
            Cut.ORGANISATION: self.organisation,
            Cut.ACTIVITY: self.activity,
            Cut.LINK: self.link,
        }[cut]


@dataclass(frozen=True)
class Row:
    """One way and its figures; `key` is the row's key in its cut, None for what is not known."""

    key: int | str | None
    label: str
    tally: Tally
    note: str = ""
    last_held_on: dt.date | None = None
    strategy: str | None = None

    def cost_per_started(self, hourly_rate: int) -> Cost | None:
        """Return what one who began has cost; None of what is not known, whose effort is not known either."""
        return None if self.key is None else self.tally.cost_per_started(hourly_rate)


@dataclass(frozen=True)
class WhatWorks:
    """Everything that the page shows: a list of rows for each cut, and all of it together."""

    cuts: dict[Cut, list[Row]]
    total: Tally


def what_works(since: dt.date | None, today: dt.date) -> WhatWorks:
    """Return effort since a day and what came of the arrivals since then; seven queries."""
    ways = _Ways.load()
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


# --- The ways --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Ways:
    """All channels, organisations, activities and links by key: a few hundred rows, four queries."""

    channels: dict[int, Channel]
    organisations: dict[int, str]
    activities: dict[int, Activity]
    links: dict[int, TrackedLink]

    @classmethod
    def load(cls) -> "_Ways":
        names = Organisation.objects.values_list("pk", "name")
        activities = Activity.objects.defer("note").order_by("held_on", "pk")
        return cls(
            channels={channel.pk: channel for channel in Channel.objects.order_by("pk")},
            organisations=dict(names),
            activities={activity.pk: activity for activity in activities},
            links={link.pk: link for link in TrackedLink.objects.order_by("pk")},
        )

    def of_channel(self, pk: int) -> Place:
        channel = self.channels[pk]
        return Place(strategy=channel.strategy, channel=pk, organisation=channel.organisation_id)

    def of_activity(self, pk: int) -> Place:
        activity = self.activities[pk]
        if activity.channel_id is not None:
            way = self.of_channel(activity.channel_id)
        else:
            way = Place(strategy=STRATEGY_OF_KIND.get(activity.kind))
        return way._replace(activity=pk, organisation=activity.organisation_id or way.organisation)

    def of_link(self, pk: int, on: dt.date) -> Place:
        link = self.links[pk]
        return self.of_any(
            activity=link.activity_id, channel=link.channel_id, organisation=link.organisation_id, on=on
        )._replace(link=pk)

    def of_any(
        self, *, activity: int | None, channel: int | None, organisation: int | None, on: dt.date
    ) -> Place:
        if activity is not None:
            return self.of_activity(activity)
        if channel is not None:
            return self.of_channel(channel)
        return Place() if organisation is None else self.of_organisation(organisation, on)

    def of_organisation(self, pk: int, on: dt.date) -> Place:
        """Return the way by which we last reached the place before that day, else the only one it holds."""
        visits = [
            activity
            for activity in self.activities.values()
            if activity.organisation_id == pk
            and activity.held_on is not None
            and on - VISIT_LASTS <= activity.held_on <= on
        ]
        held = [channel for channel in self.channels.values() if channel.organisation_id == pk]
        if visits:
            way = self.of_activity(visits[-1].pk)
        elif len(held) == 1:
            way = self.of_channel(held[0].pk)
        else:
            way = Place()
        return way._replace(activity=None, organisation=pk)

    def rows(self, cut: Cut, found: dict[Any, Tally]) -> list[Row]:
        """Return the rows of a cut: those that brought most first, and what is not known last."""
        last = self._last_held(cut)
        rows = [
            Row(
                key=key,
                label=self._label(cut, key),
                tally=tally,
                note=self._note(cut, key),
                last_held_on=last.get(key),
                strategy=self._strategy(cut, key),
            )
            for key, tally in found.items()
        ]
        if cut == Cut.STRATEGY:
            order = [*Strategy.values, None]
            return sorted(rows, key=lambda row: order.index(row.key))  # type: ignore[arg-type]
        return sorted(rows, key=_order)

    def _last_held(self, cut: Cut) -> dict[Any, dt.date]:
        done = (activity for activity in self.activities.values() if activity.held_on is not None)
        return {self.of_activity(one.pk).of(cut): one.held_on for one in done if one.held_on}

    def _label(self, cut: Cut, key: Any) -> str:
        if key is None:
            return UNKNOWN[cut]
        if isinstance(key, str):
            return f"Siger selv: {HeardAbout(key).label}" if cut == Cut.CHANNEL else Strategy(key).short
        if cut == Cut.ORGANISATION:
            return self.organisations[key]
        named: dict[Cut, Any] = {
            Cut.CHANNEL: self.channels,
            Cut.ACTIVITY: self.activities,
            Cut.LINK: self.links,
        }
        return str(named[cut][key])

    def _note(self, cut: Cut, key: Any) -> str:
        """Return what tells two of the same name apart."""
        if cut == Cut.STRATEGY and key is not None:
            return str(Strategy(key).label).partition(": ")[2]
        if cut == Cut.CHANNEL and isinstance(key, int):
            return self.channels[key].strategy_in_short
        if cut == Cut.ACTIVITY and key is not None:
            held_on = self.activities[key].held_on
            return f"{held_on:%d.%m.%Y}" if held_on else "Planlagt"
        if cut == Cut.LINK and key is not None:
            return f"/l/{self.links[key].code}/"
        return ""

    def _strategy(self, cut: Cut, key: Any) -> str | None:
        if key is None or isinstance(key, str):
            return None
        if cut == Cut.CHANNEL:
            return self.of_channel(key).strategy
        return self.of_activity(key).strategy if cut == Cut.ACTIVITY else None


UNKNOWN = {
    Cut.STRATEGY: "Ved vi ikke",
    Cut.CHANNEL: "Ingen kendt kanal",
    Cut.ORGANISATION: "Ingen organisation",
    Cut.ACTIVITY: "Ingen bestemt aktivitet",
    Cut.LINK: "Uden link",
}


def _order(row: Row) -> tuple[Any, ...]:
    tally = row.tally
    return (row.key is None, -tally.started, -tally.arrivals, -tally.minutes, row.label)


# --- What was put in, and what came of it ----------------------------------------------------------

Event = tuple[Place, Tally]


def _done(ways: _Ways, since: dt.date | None) -> Iterator[Activity]:
    for activity in ways.activities.values():
        held_on = activity.held_on
        if activity.state == ActivityState.DONE and held_on and (since is None or held_on >= since):
            yield activity


def _effort(ways: _Ways, since: dt.date | None) -> Iterator[Event]:
    for activity in _done(ways, since):
        yield (
            ways.of_activity(activity.pk),
            Tally(times=1, minutes=activity.minutes, kroner=activity.cost or 0),
        )


def _effort_of_links(ways: _Ways, since: dt.date | None) -> Iterator[Event]:
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


def _scans(ways: _Ways, since: dt.date | None, today: dt.date) -> Iterator[Event]:
    scans = LinkScan.objects.all() if since is None else LinkScan.objects.filter(on__gte=since)
    for link, count in scans.order_by().values_list("link").annotate(scans=Sum("count")):
        yield ways.of_link(link, today), Tally(scans=count)


ARRIVAL = {
    "person": F("participant_id"),
    "at": F("received_at"),
    "link": F("tracked_link_id"),
    "meeting": F("activity_id"),
    "was_interested": F("interested_id"),
    "met_by_link": F("interested__tracked_link_id"),
    "met_at": F("interested__activity_id"),
    "met_in": F("interested__channel_id"),
    "met_with": F("interested__organisation_id"),
    "works_at": F("referrer__organisation_id"),
    "said": F("heard_about"),
}


def _results(ways: _Ways, since: dt.date | None) -> Iterator[Event]:
    """Give each arrival once, with whether the person began after it and before they came anew."""
    arrived = Referral.objects.exclude(participant__outcome=Outcome.MISTAKE)
    if since is not None:
        arrived = arrived.filter(received_at__gte=day_starts_at(since))
    arrivals = list(arrived.order_by("participant_id", "received_at", "pk").values(**ARRIVAL))
    begun = _begun(since)
    for arrival, following in zip_longest(arrivals, arrivals[1:]):
        again = following["at"] if following and following["person"] == arrival["person"] else None
        places = [
            completed
            for started, completed in begun.get(arrival["person"], [])
            if started >= arrival["at"] and (again is None or started < again)
        ]
        place, joined = _join(ways, arrival)
        tally = Tally(
            arrivals=1,
            started=bool(places),
            completed=any(places),
            **({joined.value: 1} if joined.value else {}),
        )
        yield place, tally


def _begun(since: dt.date | None) -> dict[int, list[tuple[dt.datetime, bool]]]:
    """Return by person when they began in a cohort, and whether they completed it."""
    places = Enrolment.objects.filter(started_at__isnull=False)
    if since is not None:
        places = places.filter(started_at__gte=day_starts_at(since))
    found: dict[int, list[tuple[dt.datetime, bool]]] = defaultdict(list)
    for person, started, completed in places.values_list("participant", "started_at", "completed_at"):
        found[person].append((started, completed is not None))
    return found


def _join(ways: _Ways, arrival: dict[str, Any]) -> tuple[Place, Joined]:
    """Return where the arrival counts, by the surest thing known: one answer for all cuts.

    Somebody we had on the list of the interested counts as targeted, whatever way we met them by.
    """
    on, works_at = localdate(arrival["at"]), arrival["works_at"]
    if arrival["was_interested"] is not None:
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


def _met(ways: _Ways, arrival: dict[str, Any], on: dt.date) -> Place:
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
