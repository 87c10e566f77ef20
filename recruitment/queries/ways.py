"""The ways in which people are found: where each channel, partner, activity and link stands in every cut."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from outreach.enums import Strategy
from outreach.models import Activity, Channel, Organisation, TrackedLink
from recruitment.effort import Cost, Tally
from recruitment.strategies import STRATEGY_OF_KIND
from referrals.enums import HeardAbout

# A visit is talked of for about half a year; what comes later from the same place has other reasons.
VISIT_LASTS = dt.timedelta(days=180)


class Cut(StrEnum):
    """What the figures are told apart by; the values stand in the page's address."""

    STRATEGY = "strategi"
    CHANNEL = "kanal"
    ORGANISATION = "organisation"
    ACTIVITY = "aktivitet"
    LINK = "link"


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
class Ways:
    """All channels, organisations, activities and links by key: a few hundred rows, four queries."""

    channels: dict[int, Channel]
    organisations: dict[int, str]
    activities: dict[int, Activity]
    links: dict[int, TrackedLink]

    @classmethod
    def load(cls) -> "Ways":
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
