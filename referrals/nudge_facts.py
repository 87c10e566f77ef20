"""What fills the placeholders of a reminder: read afresh when it is written, about groups and never one."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Case, Count, Exists, OuterRef, Q, When
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate

from core.phones import format_phone
from courses.models import Cohort, Enrolment
from courses.queries import CohortSeats, cohorts_with_seats
from outreach.models import Referrer
from referrals.models import Referral
from referrals.queries import told_to_referrer

# A number of one or two, beside what the referrer remembers of those they sent, points to a person.
FEWEST_TOLD = 3


@dataclass(frozen=True)
class Harvest:
    """What became of those a referrer sent.

    `sent` they know themself; `started` and `completed` count only those who agreed to its being told.
    """

    sent: int
    started: int
    completed: int


NOTHING_YET = Harvest(0, 0, 0)


@dataclass(frozen=True)
class Background:
    """What the reminders of one moment read: the cohorts with free seats, first to start first; and harvests.

    A referrer who is not among `harvests` has sent nobody.
    """

    coming: Sequence[CohortSeats]
    harvests: Mapping[int, Harvest]

    def harvest_of(self, referrer: Referrer) -> Harvest:
        return self.harvests.get(referrer.pk, NOTHING_YET)


def background_of(referrers: Sequence[Referrer], now: dt.datetime) -> Background:
    """Return what reminders to the referrers, all of one programme, are filled from; three queries."""
    coming = cohorts_with_seats(referrers[0].programme, localdate(now))
    return Background(coming, harvests_of(referrers))


def harvests_of(referrers: Sequence[Referrer]) -> dict[int, Harvest]:
    """Return how many persons each referrer has sent, and, as far as we may tell, how many came how far."""
    places = Enrolment.objects.filter(participant=OuterRef("participant"))
    sent = Referral.objects.filter(referrer__in=referrers).annotate(
        told=Case(When(told_to_referrer(), then=True), default=False),
        has_started=Exists(places.filter(started_at__isnull=False)),
        has_completed=Exists(places.filter(completed_at__isnull=False)),
    )
    counted = sent.values_list("referrer").annotate(
        sent=Count("participant", distinct=True),
        started=Count("participant", distinct=True, filter=Q(told=True, has_started=True)),
        completed=Count("participant", distinct=True, filter=Q(told=True, has_completed=True)),
    )
    return {referrer: Harvest(*numbers) for referrer, *numbers in counted}


def facts_for(
    referrer: Referrer, *, cohort: Cohort | None, own_page: str, background: Background
) -> dict[str, str]:
    """Return what each placeholder says to `referrer`, in the language that is active.

    `cohort` is the one the reminder is about; without one it is the next with a free seat.
    """
    programme = referrer.programme
    harvest = background.harvest_of(referrer)
    seats = _seats_of(cohort, background.coming)
    danish = translation.get_language() != "en"
    return {
        "navn": referrer.name,
        "program": programme.name,
        "kommune": programme.municipality,
        "hold": seats.cohort.name if seats else _either(danish, "det næste hold", "the next group"),
        "naeste_start": _start(seats, danish),
        "pladser": _seats(seats, danish),
        "kriterier": "\n".join(f"- {criterion}" for criterion in programme.criteria_list),
        "link": f"{settings.SITE_URL}{reverse('referrals:refer', args=[programme.slug])}",
        "min_side": own_page,
        "sendt": _people(harvest.sent, danish),
        "begyndt": _told(harvest.started, danish),
        "gennemfoert": _told(harvest.completed, danish),
        "resultat": _result(harvest, danish),
        "telefon": format_phone(programme.contact_phone),
        "kontakt": programme.contact_name,
    }


def _seats_of(cohort: Cohort | None, coming: Sequence[CohortSeats]) -> CohortSeats | None:
    """Return the cohort that the reminder is about with its free seats, else the next that has some."""
    of_it = [seats for seats in coming if cohort is None or seats.cohort.pk == cohort.pk]
    return next(iter(of_it or coming), None)


def _either(danish: bool, da: str, en: str) -> str:
    return da if danish else en


def _start(seats: CohortSeats | None, danish: bool) -> str:
    if seats is None:
        return _either(danish, "senere", "later")
    return f"{seats.cohort.starts_on:%d.%m.%Y}"


def _seats(seats: CohortSeats | None, danish: bool) -> str:
    if seats is None:
        return _either(danish, "plads til flere", "seats for more")
    if seats.seats_left == 1:
        return _either(danish, "1 ledig plads", "1 seat left")
    return _either(danish, f"{seats.seats_left} ledige pladser", f"{seats.seats_left} seats left")


def _people(number: int, danish: bool) -> str:
    if number == 1:
        return _either(danish, "1 borger", "1 person")
    return _either(danish, f"{number} borgere", f"{number} people")


def _told(number: int, danish: bool) -> str:
    """Return the number where it is large enough to point to nobody, else words that are true of 0, 1, 2."""
    return str(number) if number >= FEWEST_TOLD else _either(danish, "færre end tre", "fewer than three")


def _result(harvest: Harvest, danish: bool) -> str:
    """Return a sentence on those the referrer sent; of few it says only that they were sent."""
    if not harvest.sent:
        return ""
    if harvest.started < FEWEST_TOLD:
        return _either(
            danish,
            f"Du har indtil nu henvist {_people(harvest.sent, True)} til os. Tak for det!",
            f"So far you have referred {_people(harvest.sent, False)} to us. Thank you!",
        )
    completed = harvest.completed >= FEWEST_TOLD
    return _either(
        danish,
        f"Du har indtil nu henvist {_people(harvest.sent, True)} til os. Tak for det! Så vidt vi må "
        f"fortælle, er {harvest.started} begyndt på et hold"
        + (f", og {harvest.completed} har gennemført." if completed else "."),
        f"So far you have referred {_people(harvest.sent, False)} to us. Thank you! As far as we may tell, "
        f"{harvest.started} have begun in a group"
        + (f", and {harvest.completed} have completed it." if completed else "."),
    )
