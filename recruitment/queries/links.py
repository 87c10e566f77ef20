"""Tracked links and what came of them: scans, arrivals, people who started. Figures about the work, exact."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, F, IntegerField, Model, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.models import Programme
from core.phones import format_phone
from courses.models import Enrolment
from courses.queries import next_cohort_with_seats
from outreach.enums import LinkTarget, PosterLanguage
from outreach.models import LinkScan, Poster, TrackedLink
from outreach.posters import PosterContent, Words, ready_words
from participants.enums import Outcome
from referrals.models import Referral

SCAN_DAYS_SHOWN = 14


def links() -> QuerySet[TrackedLink]:
    """Return links, those in use first and the newest first among them.

    Each has `scans_total`, `arrivals_total` (referrals, but none made by mistake) and `started_total`
    (people among them who began in a cohort).
    """
    scans = LinkScan.objects.filter(link=OuterRef("pk")).order_by().values("link").annotate(n=Sum("count"))
    arrived = Referral.objects.filter(tracked_link=OuterRef("pk")).exclude(
        participant__outcome=Outcome.MISTAKE
    )
    counted = arrived.order_by().values("tracked_link")
    arrivals = counted.annotate(n=Count("pk"))
    begun = Exists(Enrolment.objects.filter(participant=OuterRef("participant"), started_at__isnull=False))
    started = counted.filter(begun).annotate(n=Count("participant", distinct=True))
    rows: QuerySet[TrackedLink] = (
        TrackedLink.objects.select_related("programme", "channel", "organisation", "activity")
        .annotate(
            scans_total=_number(scans), arrivals_total=_number(arrivals), started_total=_number(started)
        )
        .order_by(F("retired_at").desc(nulls_first=True), "-created_at", "-pk")
    )
    return rows


def _number(counted: QuerySet[Model]) -> Coalesce:
    return Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), 0)


@dataclass(frozen=True)
class ScanDay:
    """How often a link was opened on one day."""

    on: dt.date
    count: int


def scan_days(link: TrackedLink) -> list[ScanDay]:
    """Return the last days on which the link was opened, newest first."""
    days = link.scans.order_by("-on")[:SCAN_DAYS_SHOWN]
    return [ScanDay(scan.on, scan.count) for scan in days]


def poster_words(link: TrackedLink, language: PosterLanguage) -> tuple[Words, bool]:
    """Return the words of the link's poster in that language, and whether it shows the next start."""
    saved: Poster | None = link.posters.filter(language=language).first()
    if saved is None:
        return ready_words(LinkTarget(link.target), language), True
    return Words(saved.headline, tuple(saved.lines.splitlines())), saved.shows_next_start


def poster_content(
    *,
    link: TrackedLink,
    language: PosterLanguage,
    words: Words,
    shows_next_start: bool,
    address: str,
    today: dt.date,
) -> PosterContent:
    """Return all that stands on the poster as it would be printed today."""
    programme: Programme = link.programme
    cohort = next_cohort_with_seats(programme, today) if shows_next_start else None
    return PosterContent(
        language=language,
        municipality=programme.municipality,
        name=programme.name,
        words=words,
        next_start=cohort.cohort.starts_on if cohort else None,
        phone=format_phone(programme.contact_phone),
        # The hours are the programme's own words, and stand in Danish alone.
        hours=programme.phone_hours if language == PosterLanguage.DANISH else "",
        address=address,
    )
