"""When a letter to the person is due: one definition for planning and for the moment of sending."""

import datetime as dt

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.timezone import localdate

from courses.enums import EnrolmentState
from courses.models import Enrolment, Session
from messaging.enums import MessageState
from messaging.models import OutboundMessage
from participants.enums import Outcome, Stage
from participants.models import Participant, StageChange
from referrals.enums import MessageKind

# A click that was wrong is taken back within minutes; only then is it told.
SECOND_THOUGHTS = dt.timedelta(minutes=30)
# A beat that was down for a week is made up for; what lies longer back the person knows by now.
WRITE_WITHIN = dt.timedelta(days=14)
UNDER_WAY = (MessageState.PLANNED, MessageState.CLAIMED)


def has_seat() -> QuerySet[Enrolment]:
    """Return the seats of those who are placed and have not begun, in cohorts that were not cancelled."""
    seats: QuerySet[Enrolment] = Enrolment.objects.filter(
        state=EnrolmentState.ENROLLED, participant__stage=Stage.PLACED, cohort__cancelled_at=None
    )
    return seats


def ahead(now: dt.datetime) -> Q:
    """Match enrolments whose cohort meets after `now`; without sessions its first day decides."""
    sessions = Session.objects.filter(cohort=OuterRef("cohort"))
    return Exists(sessions.filter(starts_at__gt=now)) | (
        ~Exists(sessions) & Q(cohort__starts_on__gt=localdate(now))
    )


def first_meeting(enrolment_id: int, now: dt.datetime) -> tuple[dt.date, dt.datetime | None]:
    """Return the day on which the cohort meets next, and the moment where a session is planned."""
    cohort = Enrolment.objects.select_related("cohort").get(pk=enrolment_id).cohort
    session = Session.objects.filter(cohort=cohort, starts_at__gt=now).order_by("starts_at").first()
    return (localdate(session.starts_at), session.starts_at) if session else (cohort.starts_on, None)


def untold_seats(now: dt.datetime) -> QuerySet[Enrolment]:
    """Return the seats of the last fortnight that no letter has told of since they were given."""
    letters = OutboundMessage.objects.filter(
        kind=MessageKind.SEAT_GIVEN, participant=OuterRef("participant")
    ).annotate(enrolment=Cast("subject_ids__enrolment", BigIntegerField()))
    told = letters.filter(
        Q(planned_at__gte=OuterRef("state_changed_at")) | Q(state__in=UNDER_WAY), enrolment=OuterRef("pk")
    )
    return (
        has_seat()
        .filter(
            ahead(now),
            ~Exists(told),
            participant__messages_stopped_at=None,
            state_changed_at__gt=now - WRITE_WITHIN,
            state_changed_at__lte=now - SECOND_THOUGHTS,
        )
        .select_related("participant")
        .order_by("pk")
    )


def is_thanked_for() -> QuerySet[Participant]:
    """Return those whose path ended after they came all the way."""
    ended: QuerySet[Participant] = Participant.objects.filter(
        stage=Stage.CLOSED, outcome__in=[Outcome.COMPLETED, Outcome.BRIDGED]
    )
    return ended


def unthanked_endings(now: dt.datetime) -> QuerySet[StageChange]:
    """Return the endings of the last fortnight, of those who came all the way, without a letter of thanks."""
    thanks = OutboundMessage.objects.filter(kind=MessageKind.THANKS, participant=OuterRef("participant"))
    found: QuerySet[StageChange] = (
        StageChange.objects.filter(
            ~Exists(thanks.filter(planned_at__gte=OuterRef("at"))),
            participant__messages_stopped_at=None,
            participant__in=is_thanked_for(),
            to_stage=Stage.CLOSED,
            at__gt=now - WRITE_WITHIN,
            at__lte=now - SECOND_THOUGHTS,
        )
        .select_related("participant")
        .order_by("pk")
    )
    return found
