"""The partners in the story: one that is well looked after, and each way in which one may be lost, once."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils.timezone import localdate

from core.danish import add_working_days
from outreach.enums import ActivityKind, OrganisationKind
from outreach.models import Organisation, Referrer
from outreach.services import (
    agree_on_cooperation,
    find_or_create_organisation,
    find_or_create_referrer,
    mark_referrer_left,
    note_contact,
    set_next_step,
    tend_partners,
    update_organisation,
    update_referrer,
)
from recruitment.demo.timeline import Timeline


@dataclass(frozen=True)
class Kept:
    """How a partner is kept: its key persons, its leader, and how many days ago what was done."""

    place: str
    kind: OrganisationKind
    key_people: tuple[tuple[str, str], ...]
    leader: tuple[str, str] = ("", "")
    done: tuple[tuple[int, ActivityKind, bool, str], ...] = ()  # days ago, what, with the leader, note
    left: str = ""  # a key person, gone for a fortnight


VISIT, CALL = ActivityKind.VISIT, ActivityKind.PHONE
KEPT = (
    Kept(
        "Jobcenter Solby",
        OrganisationKind.JOBCENTRE,
        (("Henrik Brandt", "Socialrådgiver"), ("Mona Ægidius", "Sagsbehandler")),
        ("Dorte Ravn", "Afdelingsleder"),
        (
            (130, ActivityKind.MAIL, False, "Sendte folderen til teamet."),
            (70, VISIT, True, "Ledelsen vil have os fast på dagsordenen hver anden måned."),
            (12, VISIT, False, "Nye på holdet: to sagsbehandlere, der ikke kendte os."),
        ),
    ),
    Kept(  # one active key person
        "Lægerne på Torvet",
        OrganisationKind.GP,
        (("Liselotte Aaby", "Praktiserende læge"),),
        done=((60, VISIT, True, "Frokost med hele huset. Vil gerne have plakater i venteværelset."),),
    ),
    Kept(  # a key person who left, and nobody has taken over
        "Lægehuset Nørregade",
        OrganisationKind.GP,
        (("Per Østrup", "Sygeplejerske"), ("Lene Toft", "Sekretær"), ("Grethe Bøgh", "Praktiserende læge")),
        done=((90, VISIT, True, ""),),
        left="Grethe Bøgh",
    ),
    Kept(  # no leader contact in four months
        "3F Solby",
        OrganisationKind.UNION,
        (("Kurt Lind", "Faglig konsulent"), ("Anja Beck", "Socialrådgiver")),
        ("Poul Erik Damgaard", "Afdelingsformand"),
        ((210, VISIT, True, "Formanden bakker op."), (40, VISIT, False, "")),
    ),
    Kept(  # nobody visited within the cadence
        "Boligforeningen Fjordparken",
        OrganisationKind.HOUSING,
        (("Samira Haddad", "Boligsocial medarbejder"), ("Torben Juhl", "Vicevært")),
        ("Inge-Lise Østergaard", "Forretningsfører"),
        ((150, VISIT, False, ""), (25, CALL, True, "Vil gerne have et oplæg i kvindecaféen.")),
    ),
)
THEY_DO = "Nævner os på hvert teammøde.\nSpørger alle nye sygemeldte, om det er noget for dem."
WE_DO = "Kommer hver sjette uge.\nFortæller hvert kvartal, hvordan det går, uden navne."
REVIEW_WEEKS = 26


@dataclass
class Partners(Timeline):
    """Key persons, visits, agreements, and what the clock makes of them."""

    kept: dict[str, Organisation] = field(default_factory=dict)

    def _plan_kept_partners(self) -> None:
        self.at(self.now - dt.timedelta(hours=4), self._keep_partners)
        self.at(self.now - dt.timedelta(hours=1), self._tend_partners)

    def _keep_partners(self, now: dt.datetime) -> None:
        for kept in KEPT:
            self._keep(kept, now)
        jobcentre = self.kept["Jobcenter Solby"]
        # Agreed on in two rounds; the second is to be gone through again this week.
        for weeks, they_do in ((2 * REVIEW_WEEKS, THEY_DO.partition("\n")[0]), (REVIEW_WEEKS, THEY_DO)):
            agreed_on = self.today - dt.timedelta(weeks=weeks)
            agree_on_cooperation(
                organisation=jobcentre,
                they_do=they_do,
                we_do=WE_DO,
                agreed_on=agreed_on,
                review_on=agreed_on + dt.timedelta(weeks=REVIEW_WEEKS, days=2),
                agreed_with=Referrer.objects.filter(name="Dorte Ravn").first(),
                by=self.coordinator,
                now=now - dt.timedelta(weeks=weeks),
            )
        set_next_step(
            organisation=jobcentre,
            what="Send holdplanen for foråret til teamet",
            due_on=add_working_days(self.today, 4),
            by=self.coordinator,
            now=now,
        )

    def _keep(self, kept: Kept, now: dt.datetime) -> None:
        place = find_or_create_organisation(
            programme=self.programme, name=kept.place, kind=kept.kind, now=now
        )
        self.kept[kept.place] = update_organisation(
            organisation=place, is_tended=True, by=self.coordinator, now=now
        )
        people = [
            self._colleague(kept, name, title, now, is_key_person=True) for name, title in kept.key_people
        ]
        leader = self._colleague(kept, *kept.leader, now, is_leader=True) if kept.leader[0] else None
        for days, kind, with_leader, note in kept.done:
            note_contact(
                organisation=place,
                kind=kind,
                held_on=self.today - dt.timedelta(days=days),
                referrer=leader if with_leader else people[0],
                with_leader=with_leader,
                minutes=60 if kind == VISIT else 10,
                note=note,
                by=self.coordinator,
                now=now - dt.timedelta(days=days),
            )
        for person in people:
            if person.name == kept.left:
                left_on = localdate(now) - dt.timedelta(days=14)
                mark_referrer_left(referrer=person, left_on=left_on, by=self.coordinator, now=now)

    def _colleague(self, kept: Kept, name: str, title: str, now: dt.datetime, **role: bool) -> Referrer:
        found = find_or_create_referrer(
            programme=self.programme,
            name=name,
            title=title,
            workplace=kept.place,
            organisation_kind=kept.kind,
            now=now,
        )
        return update_referrer(referrer=found, by=self.coordinator, now=now, **role)

    def _tend_partners(self, now: dt.datetime) -> None:
        tend_partners(programme=self.programme, now=now)
