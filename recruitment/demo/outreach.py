"""The coordinator's reaching out in the story: posters that are scanned, visits made and planned."""

import datetime as dt
import random
from dataclasses import dataclass, field
from functools import partial

from django.utils.timezone import localdate

from core.danish import add_working_days
from core.dates import danish_moment
from outreach.enums import ActivityKind, LinkTarget
from outreach.models import Channel, Organisation, TrackedLink
from outreach.services import (
    complete_activity,
    create_tracked_link,
    plan_activity,
    record_scan,
    update_channel,
)
from recruitment.demo.partners import Partners
from referrals.enums import ReferralKind

# Label, where it leads, the channel it hangs in, and how often it is scanned in a week.
LINKS = (
    ("Plakat på biblioteket", LinkTarget.SIGN_UP, "Bibliotekerne", 3),
    ("Flyer i lægernes venteværelser", LinkTarget.SIGN_UP, "Lægernes venteværelser", 2),
    ("Opslag i vaskerier", LinkTarget.SIGN_UP, "Plakater i vaskerier", 1),
    ("Link i mail til jobcenterets teams", LinkTarget.JOBCENTRE, "Jobcenterets teammøder", 2),
)
LINKED_SHARE = {ReferralKind.SELF: 0.6, ReferralKind.JOBCENTRE: 0.4}
SCAN_WEEKS = 12

# Weeks before the telling, what, where (a channel), people met, kroner; those still to come have None.
ACTIVITIES = (
    (10, ActivityKind.TALK, "Oplæg på teammøde i jobcenteret", "Jobcenterets teammøder", 14, 0),
    (8, ActivityKind.VISIT, "Frokostbesøg hos lægerne", "Frokostbesøg i lægepraksis", 5, 180),
    (6, ActivityKind.POSTERS, "Runde med plakater", "Bibliotekerne", None, 240),
    (
        4,
        ActivityKind.INFORMATION_MEETING,
        "Åbent møde på biblioteket",
        "Informationsmøde uden tilmelding",
        11,
        350,
    ),
    (2, ActivityKind.TALK, "Kort oplæg for boligsociale medarbejdere", "Boligsociale medarbejdere", 6, 0),
)
PLANNED = (
    (2, ActivityKind.VISIT, "Frokostbesøg hos lægerne", "Frokostbesøg i lægepraksis"),
    (9, ActivityKind.TALK, "Oplæg på teammøde i jobcenteret", "Jobcenterets teammøder"),
)
# Which partner holds which way out.
HOLDERS = (("Jobcenterets teammøder", "Jobcenter Solby"),)


@dataclass
class Outreach(Partners):
    """Links, scans and activities."""

    links: list[TrackedLink] = field(default_factory=list)

    def _plan_outreach(self, opening: dt.date) -> None:
        self.at(danish_moment(opening, dt.time(11)), self._make_links)
        for weeks, kind, title, channel, people, cost in ACTIVITIES:
            day = add_working_days(self.today - dt.timedelta(weeks=weeks), 1)
            self.at(
                danish_moment(day, dt.time(13)),
                partial(self._do, kind, title, channel, people, cost),
            )
        self.at(self.now - dt.timedelta(hours=3), self._plan_ahead)
        self.at(self.now - dt.timedelta(hours=2), self._scan)

    def _make_links(self, now: dt.datetime) -> None:
        for label, target, channel, _ in LINKS:
            link = create_tracked_link(
                programme=self.programme,
                target=target,
                label=label,
                channel=Channel.objects.get(name=channel),
                by=self.coordinator,
                now=now,
            )
            self.links.append(link)

    def _link_of(self, name: str, kind: ReferralKind) -> TrackedLink | None:
        """Return the link that led the person to the form; draws of their own, so that nothing else moves."""
        draw = random.Random(f"link {name}")  # noqa: S311  a story, not a secret
        ours = (LinkTarget.JOBCENTRE,) if kind == ReferralKind.JOBCENTRE else (LinkTarget.SIGN_UP,)
        fitting = [link for link in self.links if link.target in ours]
        if not fitting or draw.random() > LINKED_SHARE.get(kind, 0):
            return None
        return draw.choice(fitting)

    def _do(
        self,
        kind: ActivityKind,
        title: str,
        channel: str,
        people: int | None,
        cost: int,
        now: dt.datetime,
    ) -> None:
        planned = plan_activity(
            programme=self.programme,
            kind=kind,
            title=title,
            planned_on=localdate(now),
            channel=Channel.objects.get(name=channel),
            by=self.coordinator,
            now=now,
        )
        complete_activity(
            activity=planned,
            held_on=localdate(now),
            people_reached=people,
            cost=cost,
            by=self.coordinator,
            now=now,
        )

    def _plan_ahead(self, now: dt.datetime) -> None:
        for channel, partner in HOLDERS:
            holder = Organisation.objects.filter(name=partner).first()
            update_channel(
                channel=Channel.objects.get(name=channel), organisation=holder, by=self.coordinator, now=now
            )
        for days, kind, title, channel in PLANNED:
            plan_activity(
                programme=self.programme,
                kind=kind,
                title=title,
                planned_on=add_working_days(self.today, days),
                channel=Channel.objects.get(name=channel),
                by=self.coordinator,
                now=now,
            )

    def _scan(self, now: dt.datetime) -> None:
        draw = random.Random("scans")  # noqa: S311  a story, not a secret
        for link, (_, _, _, weekly) in zip(self.links, LINKS, strict=True):
            for _ in range(weekly * SCAN_WEEKS):
                record_scan(link=link, on=self.today - dt.timedelta(days=draw.randrange(7 * SCAN_WEEKS)))
