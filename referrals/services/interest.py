"""Somebody writes themselves up to hear of the next cohorts, and is told of one."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.models import Programme, User
from core.danish import add_working_days
from core.languages import for_staff
from core.limits import hit
from core.tokens import issue_token
from courses.models import Cohort
from courses.queries import cohorts_with_seats
from messaging.kinds import get_kind
from messaging.models import OutboundMessage
from messaging.services import Preview, plan_message, preview_message, way_to
from outreach.enums import InterestAgreed
from outreach.interest_texts import AGREEMENT_LASTS, agreed_since
from outreach.models import InterestedPerson, TrackedLink
from outreach.services import add_interested, join_twins
from referrals.enums import LimitReason, MessageKind
from referrals.services.quarantine import (
    ADDRESS_LIMIT,
    CONTACT_LIMIT,
    LOOK_WITHIN_DAYS,
    PAGE_LIMIT,
)
from worklist.enums import TaskKind
from worklist.services import open_task

INTERESTED_STOP = "interested-stop"
HELD = "Nogle, der har skrevet sig op, ligner spam. Se dem under Samarbejde, Interesserede."


class CohortIsFull(Exception):
    """The cohort has no free seat, or has begun."""


@for_staff
@transaction.atomic
def take_interest(
    *,
    programme: Programme,
    name: str,
    phone: str,
    email: str,
    language: str,
    submission_key: uuid.UUID,
    suspicions: Sequence[str],
    address: str,
    page: str = "",
    tracked_link: TrackedLink | None = None,
    now: dt.datetime,
) -> InterestedPerson:
    """Return the person as the public form wrote them up, held where it looks like spam.

    The limits are those of the other forms; the same sent again counts for none.
    """
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)  # the second press waits
    before: InterestedPerson | None = InterestedPerson.objects.filter(submission_key=submission_key).first()
    if before is not None:
        return before
    reasons = [*suspicions, *_limits_passed(phone, email, address, page, now)]
    if reasons and not InterestedPerson.objects.held().exists():  # a flood asks once
        open_task(
            programme=programme,
            kind=TaskKind.OTHER,
            why=HELD,
            due_on=add_working_days(localdate(now), LOOK_WITHIN_DAYS),
            now=now,
        )
    return add_interested(
        programme=programme,
        name=name,
        phone=phone,
        email=email,
        language=language,
        agreed_how=InterestAgreed.FORM,
        submission_key=submission_key,
        held_reasons=reasons,
        tracked_link=tracked_link,
        by=None,
        now=now,
    )


def _limits_passed(phone: str, email: str, address: str, page: str, now: dt.datetime) -> list[str]:
    day, hour = dt.timedelta(days=1), dt.timedelta(hours=1)
    counted = [(LimitReason.ADDRESS, f"interest from {address}", ADDRESS_LIMIT, hour)] if address else []
    counted += [
        (LimitReason.CONTACT, f"interest of {contact}", CONTACT_LIMIT, day)
        for contact in (phone, email.lower())
        if contact
    ]
    if page:
        counted.append((LimitReason.PAGE, f"interest out of {page}", PAGE_LIMIT, day))
    passed = [
        reason.value
        for reason, key, limit, window in counted
        if not hit(key=key, limit=limit, window=window, now=now)
    ]
    return list(dict.fromkeys(passed))


# --- Told of a cohort ------------------------------------------------------------------------------


def has_room(cohort: Cohort, now: dt.datetime) -> bool:
    """Say whether the cohort lies ahead and has a free seat."""
    return any(seats.cohort == cohort for seats in cohorts_with_seats(cohort.programme, localdate(now)))


@transaction.atomic
def invite_interested(*, cohort: Cohort, by: User, now: dt.datetime) -> int:
    """Plan one message about the cohort to everybody who may be told of it; return how many are new.

    Each hears of a cohort once, whatever is pressed and by whom. Whether they still wish to is asked
    again when it is sent.

    :raises CohortIsFull: when there is nothing to tell of.
    """
    Programme.objects.select_for_update(no_key=True).get(pk=cohort.programme_id)  # the second press waits
    if not has_room(cohort, now):
        raise CohortIsFull
    join_twins(programme=cohort.programme, now=now)
    told_before = OutboundMessage.objects.filter(
        kind=MessageKind.INTERESTED_INVITATION, subject_ids__cohort=cohort.pk
    ).values("interested")
    people = InterestedPerson.objects.to_contact(agreed_since(now)).exclude(pk__in=told_before)
    return sum(_plan(cohort, person, now) is not None for person in people.order_by("pk"))


def _plan(cohort: Cohort, person: InterestedPerson, now: dt.datetime) -> OutboundMessage | None:
    kind = MessageKind.INTERESTED_INVITATION
    if way_to(programme=cohort.programme, kind=get_kind(kind), recipient=person) is None:
        return None
    return plan_message(
        programme=cohort.programme,
        kind=kind.value,
        unique_key=f"{kind.value}:{person.pk}:{cohort.pk}",
        interested=person,
        subject_ids={"cohort": cohort.pk},
        now=now,
    )


def preview_invitation(*, cohort: Cohort, person: InterestedPerson, now: dt.datetime) -> Preview | None:
    """Return what the person would be sent, None where there is no way to them; nothing is left behind."""
    with transaction.atomic():
        message = _plan(cohort, person, now)
        shown = preview_message(message=message, now=now) if message else None
        transaction.set_rollback(True)
    return shown


def stop_url(*, person: InterestedPerson, now: dt.datetime) -> str:
    """Return the address of the page on which the person says no more; it works as long as their yes.

    Writes the token's hash: call it where the message is rendered, inside the claim's transaction.
    """
    token = issue_token(
        purpose=INTERESTED_STOP,
        programme_id=person.programme_id,
        subject_id=person.pk,
        expires_at=now + AGREEMENT_LASTS,
        now=now,
        single_use=False,
    )
    return f"{settings.SITE_URL}{reverse('referrals:interested_stop_link', args=[token])}"
