"""Reads about arrivals, the public facts of a programme and a referrer's own page."""

import datetime as dt
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from accounts.models import Programme
from core.danish import COPENHAGEN
from courses.models import Venue
from courses.queries import CohortSeats, next_cohort_with_seats
from outreach.enums import OrganisationKind
from outreach.models import Referrer
from outreach.queries import followed_by
from participants.enums import AgreementKind, Stage
from participants.models import Agreement, Participant
from participants.queries import LikelySame
from referrals.agreement_texts import versions_for_colleagues
from referrals.enums import Expected, ReferralKind, ReferralStatus
from referrals.models import HeldArrival, Referral, WaitingArrival

# Ten stages are told as five, and nothing of how a path ended: a referrer is no part of the treatment.
STATUS_OF_STAGE: dict[Stage, ReferralStatus] = {
    Stage.RECEIVED: ReferralStatus.RECEIVED,
    Stage.CONTACTING: ReferralStatus.RECEIVED,  # nobody has answered yet
    Stage.CONVERSATION: ReferralStatus.CONTACTED,
    Stage.READY: ReferralStatus.SEAT,
    Stage.PLACED: ReferralStatus.SEAT,
    Stage.ACTIVE: ReferralStatus.ACTIVE,
    Stage.PAUSED: ReferralStatus.ACTIVE,
    Stage.COMPLETED: ReferralStatus.ENDED,
    Stage.BRIDGING: ReferralStatus.ENDED,
    Stage.CLOSED: ReferralStatus.ENDED,
}
KIND_OF_ORGANISATION = {
    place: ReferralKind(place.value) for place in OrganisationKind if place.value in ReferralKind.values
}
# A referrer's own page shows so many at a time, newest first.
REFERRALS_ON_PAGE = 20
EXPECTED_OF_STATUS = {
    ReferralStatus.CONTACTED: Expected.TALKED,
    ReferralStatus.SEAT: Expected.WAITS_FOR_SEAT,
    ReferralStatus.ACTIVE: Expected.TAKES_PART,
    ReferralStatus.ENDED: Expected.ENDED,
}


# --- Public ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PublicFacts:
    """What anybody may know of a programme today.

    `call_by` is when somebody who writes today is called, where a holiday makes that later than usual.
    """

    next_cohort: CohortSeats | None
    venues: list[Venue]
    call_by: dt.date | None


def public_facts(programme: Programme, today: dt.date) -> PublicFacts:
    """Return when the next cohort with a free seat starts, and the places where people meet."""
    return PublicFacts(
        next_cohort=next_cohort_with_seats(programme, today),
        venues=list(Venue.objects.filter(programme=programme)),
        call_by=programme.call_by(today) if programme.holiday_delays(today) else None,
    )


def public_programmes() -> QuerySet[Programme]:
    """Return every programme by municipality and name."""
    return Programme.objects.order_by("municipality", "name", "pk")


# --- The coordinator -------------------------------------------------------------------------------


def arrivals(
    *, programme: Programme, kind: ReferralKind | None = None, since: dt.date | None = None
) -> QuerySet[Referral]:
    """Return the programme's arrivals, newest first, each with its participant and referrer."""
    found: QuerySet[Referral] = (
        Referral.objects.filter(programme=programme)
        .select_related("participant", "referrer", "entered_by")
        .newest_first()
    )
    if kind is not None:
        found = found.filter(kind=kind)
    if since is not None:
        start = dt.datetime.combine(since, dt.time.min, tzinfo=COPENHAGEN)
        found = found.filter(received_at__gte=start)
    return found


def held_arrivals(programme: Programme) -> QuerySet[HeldArrival]:
    """Return the held arrivals that nobody has decided, oldest first."""
    held: QuerySet[HeldArrival] = HeldArrival.objects.filter(
        programme=programme, released_at=None, discarded_at=None
    ).order_by("received_at", "pk")
    return held


def waiting_count(programme: Programme) -> int:
    """Return how many forms were sent and not let in yet: 0 but for a moment, or while no worker runs."""
    count: int = WaitingArrival.objects.filter(programme=programme).count()
    return count


@dataclass(frozen=True)
class Resemblance:
    """Somebody known who is likely the same, and how they came last."""

    likely: LikelySame
    last_referral: Referral | None


def last_referrals(participants: list[Participant]) -> dict[int, Referral]:
    """Return the last referral of each who has one, by the participant's key; one query."""
    last = (
        Referral.objects.filter(participant__in=participants)
        .order_by("participant_id", "-received_at", "-pk")
        .distinct("participant_id")
    )
    return {referral.participant_id: referral for referral in last}


def resemblances(likely: list[LikelySame], last: dict[int, Referral]) -> list[Resemblance]:
    """Return each with their last referral out of `last`, in the same order."""
    return [Resemblance(found, last.get(found.participant.pk)) for found in likely]


# --- The referrer ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class OwnReferral:
    """One of the referrer's own, or of somebody they have taken over from.

    `status` is None where the citizen has not agreed to it being told to this referrer. `call_by` is the day
    by which the citizen is phoned. `after` is the name of whoever referred, "" for the referrer themself.
    """

    reference: str
    initials: str
    received_at: dt.datetime
    status: ReferralStatus | None
    expected: Expected
    call_by: dt.date
    after: str

    @property
    def steps(self) -> list[tuple[str, str]]:
        """Each step as (label, "done", "current" or "todo"); [] where nothing may be told."""
        if self.status is None:
            return []
        order = list(ReferralStatus)
        here = order.index(self.status)
        states = ["done"] * here + ["current"] + ["todo"] * (len(order) - here - 1)
        return [(str(step.label), state) for step, state in zip(order, states, strict=True)]


@dataclass(frozen=True)
class ReferrerOverview:
    """A referrer's own page: a page of their referrals, newest first, and the kind of form they use.

    `not_reached` are those, on any page, for whom another number would help.
    """

    page: Page
    referrals: list[OwnReferral]
    not_reached: list[OwnReferral]
    kind: ReferralKind
    workplace: str


def referrer_overview(referrer: Referrer, *, today: dt.date, page: str | None = None) -> ReferrerOverview:
    """Return what the referrer may see, their own and what they have taken over; four queries.

    A status is told only where `told_to` the reader holds.
    """
    followed = _followed(referrer)
    shown = Paginator(followed, REFERRALS_ON_PAGE).get_page(page)
    not_reached = followed.filter(told_to_referrer(), participant__stage=Stage.CONTACTING)
    latest = list(Referral.objects.filter(referrer=referrer).newest_first()[:REFERRALS_ON_PAGE])
    own = [_own(referral, referrer, today) for referral in shown]
    waiting = [_own(referral, referrer, today) for referral in not_reached]
    return ReferrerOverview(
        page=shown,
        referrals=own,
        not_reached=[one for one in waiting if one.expected == Expected.NOT_REACHED],
        kind=_kind_of(referrer, latest),
        workplace=_workplace_of(referrer, latest),
    )


def _followed(referrer: Referrer) -> QuerySet[Referral]:
    followed: QuerySet[Referral] = (
        Referral.objects.filter(referrer__in=followed_by(referrer.pk))
        .select_related("participant", "referrer", "programme")
        .annotate(told=ExpressionWrapper(told_to(referrer.pk), BooleanField()))
        .newest_first()
    )
    return followed


def _feedback_in_force() -> QuerySet[Agreement]:
    found: QuerySet[Agreement] = Agreement.objects.filter(
        participant=OuterRef("participant"), kind=AgreementKind.FEEDBACK, withdrawn_at=None
    )
    return found


def told_to_referrer() -> Q:
    """Match referrals whose person agreed that this very referrer hears how it goes, and still does.

    The yes must have come with the referral or after it: one that was given before was given to somebody
    else, and anybody who knows a name and a number could refer that person again to hear of them. What a
    colleague typed in, the colleague knows.
    """
    in_force = _feedback_in_force()
    to_this_one = Exists(in_force.filter(given_at__gte=OuterRef("received_at")))
    return Q(feedback_allowed=True) & (Q(to_this_one) | Q(Exists(in_force), entered_by__isnull=False))


def told_to(reader: int | OuterRef) -> Q:
    """Match what may be told to the referrer of that key: of their own by `told_to_referrer`, and of what
    they have taken over only where the yes was given to words that name the colleague."""
    named = _feedback_in_force().filter(text_version__in=versions_for_colleagues())
    return told_to_referrer() & (Q(referrer=reader) | Q(Exists(named)))


def may_be_told(referral: Referral) -> bool:
    """Say whether the referral's own referrer may hear how it goes, by the rule of their page; one query."""
    return bool(Referral.objects.filter(told_to_referrer(), pk=referral.pk).exists())


def _own(referral: Referral, reader: Referrer, today: dt.date) -> OwnReferral:
    person, programme = referral.participant, referral.programme
    told = bool(getattr(referral, "told", False))
    status = STATUS_OF_STAGE[Stage(person.stage)] if told else None
    call_by = programme.call_by(localdate(referral.received_at))
    return OwnReferral(
        reference=referral.reference,
        initials=person.initials,
        received_at=referral.received_at,
        status=status,
        expected=_expected(status, Stage(person.stage), late=call_by < today),
        call_by=call_by,
        after="" if referral.referrer == reader else str(referral.referrer),
    )


def _expected(status: ReferralStatus | None, stage: Stage, *, late: bool) -> Expected:
    if status is None:
        return Expected.NOT_TOLD
    if stage == Stage.CONTACTING:
        return Expected.NOT_REACHED
    if status == ReferralStatus.RECEIVED:
        return Expected.CALL_IS_LATE if late else Expected.CALL_COMES
    return EXPECTED_OF_STATUS[status]


def _kind_of(referrer: Referrer, newest_first: list[Referral]) -> ReferralKind:
    """Return the form they used last, else the one for where they work."""
    for referral in newest_first:
        if referral.kind not in (ReferralKind.SELF, ReferralKind.COORDINATOR):
            return ReferralKind(referral.kind)
    organisation = referrer.organisation
    if organisation is None:
        return ReferralKind.OTHER_PROFESSIONAL
    return KIND_OF_ORGANISATION.get(OrganisationKind(organisation.kind), ReferralKind.OTHER_PROFESSIONAL)


def _workplace_of(referrer: Referrer, newest_first: list[Referral]) -> str:
    if referrer.organisation is not None:
        return referrer.organisation.name
    return next((referral.workplace for referral in newest_first if referral.workplace), "")
