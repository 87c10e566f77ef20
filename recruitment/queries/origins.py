"""What brings people: arrivals by the link that led to the form, and by what they say themselves.

Figures about the work, so exact for coordinator and manager. Each arrival counts once in either table, and
where nothing is known that is counted too.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum

from courses.models import Enrolment
from courses.queries import day_starts_at
from outreach.models import LinkScan
from participants.enums import Outcome
from referrals.enums import HeardAbout
from referrals.models import Referral

LINKS_SHOWN = 12  # the rest stand together on one line
NO_LINK = "Uden link"
OTHER_LINKS = "Andre links"
NOT_SAID = "Ikke oplyst"


@dataclass(frozen=True)
class OriginRow:
    """What came one way; `started` are people, `scans` is None where nothing is scanned."""

    label: str
    arrivals: int
    started: int
    scans: int | None = None


@dataclass(frozen=True)
class Origins:
    """Both answers to the same question, the largest first and the unknown last; [] for no arrivals."""

    links: list[OriginRow]
    heard_about: list[OriginRow]


def origins(since: dt.date | None) -> Origins:
    """Return what brought those who arrived from `since` on; three queries."""
    arrived = Referral.objects.exclude(participant__outcome=Outcome.MISTAKE)
    scans = LinkScan.objects.all()
    if since is not None:
        arrived = arrived.filter(received_at__gte=day_starts_at(since))
        scans = scans.filter(on__gte=since)
    return Origins(links=_by_link(arrived, scans), heard_about=_by_heard_about(arrived))


def _counted(arrived: QuerySet[Referral], *names: str) -> QuerySet[Any, dict[str, Any]]:
    begun = Exists(Enrolment.objects.filter(participant=OuterRef("participant"), started_at__isnull=False))
    return (
        arrived.order_by()
        .values(*names)
        .annotate(arrivals=Count("pk"), started=Count("participant", filter=begun, distinct=True))
    )


def _by_link(arrived: QuerySet[Referral], scans: QuerySet[LinkScan]) -> list[OriginRow]:
    """Return a row for each link that was scanned or brought somebody, and one for those without a link."""
    scanned = {
        row["link"]: row
        for row in scans.order_by().values("link", "link__label").annotate(scans=Sum("count"))
    }
    counted = {row["tracked_link"]: row for row in _counted(arrived, "tracked_link", "tracked_link__label")}
    without = counted.pop(None, None)
    rows = []
    for key in {*scanned, *counted}:
        came, seen = counted.get(key), scanned.get(key)
        label = came["tracked_link__label"] if came else scanned[key]["link__label"]
        rows.append(
            OriginRow(
                label=label,
                arrivals=came["arrivals"] if came else 0,
                started=came["started"] if came else 0,
                scans=seen["scans"] if seen else 0,
            )
        )
    rows.sort(key=lambda row: (-row.arrivals, -(row.scans or 0), row.label))
    rows = [*rows[:LINKS_SHOWN], *_together(rows[LINKS_SHOWN:])]
    if without:
        rows.append(OriginRow(NO_LINK, without["arrivals"], without["started"]))
    return rows


def _together(rows: Sequence[OriginRow]) -> list[OriginRow]:
    """Return the rows as one; who started by two of them counts for both."""
    if not rows:
        return []
    return [
        OriginRow(
            OTHER_LINKS,
            sum(row.arrivals for row in rows),
            sum(row.started for row in rows),
            sum(row.scans or 0 for row in rows),
        )
    ]


def _by_heard_about(arrived: QuerySet[Referral]) -> list[OriginRow]:
    rows = [
        OriginRow(
            str(HeardAbout(row["heard_about"]).label) if row["heard_about"] else NOT_SAID,
            row["arrivals"],
            row["started"],
        )
        for row in _counted(arrived, "heard_about")
    ]
    return sorted(rows, key=lambda row: (row.label == NOT_SAID, -row.arrivals, row.label))
