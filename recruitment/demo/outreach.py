"""The coordinator's reaching out in the story: posters that are scanned, visits made and planned."""

import datetime as dt
import random
import uuid
from dataclasses import dataclass, field
from functools import partial

from django.utils.timezone import localdate

from core.danish import add_working_days
from core.dates import danish_moment
from outreach.enums import ActivityKind, InterestAgreed, LinkTarget
from outreach.models import Activity, Channel, InterestedPerson, Organisation, TrackedLink
from outreach.services import (
    add_interested,
    complete_activity,
    create_tracked_link,
    plan_activity,
    record_scan,
    stop_interest,
    update_channel,
)
from recruitment.demo.partners import Partners
from referrals.enums import ReferralKind

# Label, where it leads, the channel it hangs in, and how often it is scanned in a week.
LINKS = (
    ("Plakat på biblioteket", LinkTarget.SIGN_UP, "Bibliotekerne", 3),
    ("Flyer i lægernes venteværelser", LinkTarget.SIGN_UP, "Lægernes venteværelser", 2),
    ("Opslag i vaskerier", LinkTarget.SIGN_UP, "Plakater i vaskerier", 1),
    ("Skriv dig op, på bibliotekets skærm", LinkTarget.INTERESTED, "Storskærme og hjemmeside", 1),
    ("Link i mail til jobcenterets teams", LinkTarget.JOBCENTRE, "Jobcenterets teammøder", 2),
)
LINKED_SHARE = {ReferralKind.SELF: 0.6, ReferralKind.JOBCENTRE: 0.4}
SCAN_WEEKS = 12

JOBCENTRE, DOCTORS = "Jobcenter Solby", "Lægerne på Torvet"


@dataclass(frozen=True)
class Done:
    """What was done so many weeks before the telling, where, whom it met, and what it cost."""

    weeks: int
    kind: ActivityKind
    title: str
    channel: str
    people: int | None
    cost: int
    partner: str = ""


ACTIVITIES = (
    Done(24, ActivityKind.TALK, "Oplæg for sygedagpengeteamet", "Jobcenterets teammøder", 9, 0, JOBCENTRE),
    Done(23, ActivityKind.POSTERS, "Plakater på biblioteket", "Bibliotekerne", None, 310),
    Done(21, ActivityKind.VISIT, "Frokostbesøg hos lægerne", "Frokostbesøg i lægepraksis", 4, 160, DOCTORS),
    Done(20, ActivityKind.NEWSLETTER, "Omtale i beboerbladet", "Beboerbladet", None, 900),
    Done(17, ActivityKind.EVENT, "Bod ved kvarterfesten", "Småsnak ved arrangementer", 40, 450),
    Done(
        10, ActivityKind.TALK, "Oplæg på teammøde i jobcenteret", "Jobcenterets teammøder", 14, 0, JOBCENTRE
    ),
    Done(8, ActivityKind.VISIT, "Frokostbesøg hos lægerne", "Frokostbesøg i lægepraksis", 5, 180, DOCTORS),
    Done(7, ActivityKind.NEWSLETTER, "Opslag på intranettet", "Boligforeningens intranet", None, 0),
    Done(6, ActivityKind.POSTERS, "Runde med plakater", "Bibliotekerne", None, 240),
    Done(
        4,
        ActivityKind.INFORMATION_MEETING,
        "Åbent møde på biblioteket",
        "Informationsmøde uden tilmelding",
        11,
        350,
    ),
    Done(
        2,
        ActivityKind.TALK,
        "Kort oplæg for boligsociale medarbejdere",
        "Boligsociale medarbejdere",
        6,
        0,
    ),
)
PLANNED = (
    (2, ActivityKind.VISIT, "Frokostbesøg hos lægerne", "Frokostbesøg i lægepraksis"),
    (9, ActivityKind.TALK, "Oplæg på teammøde i jobcenteret", "Jobcenterets teammøder"),
)
# Who was curious at a meeting, at the fair or on their own, and is not ready yet; days ago.
INTERESTED = (
    ("Ellen Bach", "+4561200101", "", "Åbent møde på biblioteket", 27),
    ("Mogens Vinther", "+4561200102", "mogens@borger.example", "Åbent møde på biblioteket", 27),
    ("Åse Kragh-Østergaard", "+4561200103", "", "Åbent møde på biblioteket", 27),
    ("Hassan Yusuf", "+4561200104", "", "Bod ved kvarterfesten", 118),
    ("Birthe Lund", "", "birthe@borger.example", "Bod ved kvarterfesten", 118),
)
BY_LINK = (("Jette Holm", "+4561200105", 12), ("Olga Kovalenko", "+4561200106", 5))
SAID_STOP = "Hassan Yusuf"
# Which partner holds which way out.
HOLDERS = (
    ("Jobcenterets teammøder", "Jobcenter Solby"),
    ("Boligforeningens intranet", "Boligforeningen Fjordparken"),
)


@dataclass
class Outreach(Partners):
    """Links, scans and activities."""

    links: list[TrackedLink] = field(default_factory=list)

    def _plan_outreach(self, opening: dt.date) -> None:
        self.at(danish_moment(opening, dt.time(11)), self._make_links)
        for done in ACTIVITIES:
            day = add_working_days(self.today - dt.timedelta(weeks=done.weeks), 1)
            if day > opening:
                self.at(danish_moment(day, dt.time(13)), partial(self._do, done))
        for person in INTERESTED:
            day = add_working_days(self.today - dt.timedelta(days=person[-1]), 0)
            if day > opening:
                self.at(danish_moment(day, dt.time(16)), partial(self._write_up, *person[:-1]))
        for name, phone, days in BY_LINK:
            day = add_working_days(self.today - dt.timedelta(days=days), 0)
            self.at(danish_moment(day, dt.time(7, 40)), partial(self._writes_themselves_up, name, phone))
        self.at(self.now - dt.timedelta(hours=4), self._say_stop)
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

    def _do(self, done: Done, now: dt.datetime) -> None:
        planned = plan_activity(
            programme=self.programme,
            kind=done.kind,
            title=done.title,
            planned_on=localdate(now),
            channel=Channel.objects.get(name=done.channel),
            organisation=Organisation.objects.filter(name=done.partner).first(),
            by=self.coordinator,
            now=now,
        )
        complete_activity(
            activity=planned,
            held_on=localdate(now),
            people_reached=done.people,
            cost=done.cost,
            by=self.coordinator,
            now=now,
        )

    def _write_up(self, name: str, phone: str, email: str, met_at: str, now: dt.datetime) -> None:
        add_interested(
            programme=self.programme,
            name=name,
            phone=phone,
            email=email,
            agreed_how=InterestAgreed.MEETING,
            submission_key=uuid.uuid5(uuid.NAMESPACE_DNS, f"{self.programme.pk} {name}"),
            activity=Activity.objects.filter(title=met_at).first(),
            by=self.coordinator,
            now=now,
        )

    def _writes_themselves_up(self, name: str, phone: str, now: dt.datetime) -> None:
        add_interested(
            programme=self.programme,
            name=name,
            phone=phone,
            agreed_how=InterestAgreed.FORM,
            submission_key=uuid.uuid5(uuid.NAMESPACE_DNS, f"{self.programme.pk} {name}"),
            tracked_link=next(link for link in self.links if link.target == LinkTarget.INTERESTED),
            by=None,
            now=now,
        )

    def _say_stop(self, now: dt.datetime) -> None:
        for person in InterestedPerson.objects.filter(name=SAID_STOP):
            stop_interest(person=person, by=None, now=now)

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
