"""Between the receipt and the call task: what a public form sent is stored, then a worker lets it in.

Whether the person, the referrer or the workplace is known costs different work. So none of it is done
before the answer, and nobody can time a public form to learn whom the programme knows.
"""

import datetime as dt
import logging
import uuid

from django.db import connection, transaction
from django_scopes import scope, scopes_disabled

from accounts.models import Programme
from core.references import new_references
from messaging.doorbell import ring
from outreach.models import TrackedLink
from referrals.enums import ReferralKind
from referrals.models import FormVersion, HeldArrival, Referral, WaitingArrival
from referrals.services.answers import Answers
from referrals.services.arrivals import lock_arrivals, receive_referral

logger = logging.getLogger(__name__)

# PostgreSQL's advisory locks share one space of 64-bit numbers; these lie beside those of messages.
LOCK_SPACE = 0x6172_0000_0000_0000
LOCK_BITS = (1 << 48) - 1


def lock_submission(submission_key: uuid.UUID) -> None:
    """Let the same form in once at a time, until the transaction ends; nobody else waits for it.

    Not the lock of `receive_referral`: a page that waited for a worker would tell how long the one before
    it took.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_SPACE + (submission_key.int & LOCK_BITS)])


def reference_of_submission(submission_key: uuid.UUID) -> str | None:
    """Return the number that the receipt of this submission told, None when it has not been sent before."""
    references = [
        model.objects.filter(submission_key=submission_key).values_list("reference", flat=True).first()
        # In this order: what has left the first since it was asked is found in the second.
        for model in (WaitingArrival, Referral, HeldArrival)
    ]
    return next((reference for reference in references if reference), None)


def keep_arrival(
    *,
    programme: Programme,
    kind: ReferralKind,
    answers: Answers,
    submission_key: uuid.UUID,
    form_version: FormVersion | None = None,
    tracked_link: TrackedLink | None = None,
    now: dt.datetime,
) -> WaitingArrival:
    """Store the form whole and ring for a worker; where Redis is down it is let in right after commit.

    Runs inside a transaction that holds `lock_submission`.
    """
    kept: WaitingArrival = WaitingArrival.objects.create(
        programme=programme,
        reference=new_references(Referral, 1)[0],
        kind=kind,
        answers=answers.to_json(),
        form_version=form_version,
        tracked_link=tracked_link,
        submission_key=submission_key,
        received_at=now,
    )
    ring("referrals.receive_arrival", kept.pk, unheard=lambda: receive_arrival(arrival_id=kept.pk))
    return kept


def receive_arrival(*, arrival_id: int) -> Referral | None:
    """Receive the stored form as `receive_referral` does, as of when it was sent, and forget it.

    Safe to run twice and at once. None when it has been received.
    """
    with scopes_disabled():
        waiting = WaitingArrival.objects.select_related("programme").filter(pk=arrival_id).first()
    if waiting is None:
        return None
    with scope(programme=waiting.programme):
        return _receive(waiting)


@transaction.atomic
def _receive(arrival: WaitingArrival) -> Referral | None:
    lock_arrivals(arrival.programme)
    waiting: WaitingArrival | None = WaitingArrival.objects.filter(pk=arrival.pk).first()
    if waiting is None:  # somebody else was faster
        return None
    referral = receive_referral(
        programme=arrival.programme,
        kind=ReferralKind(waiting.kind),
        answers=Answers.from_json(waiting.answers),
        submission_key=waiting.submission_key,
        reference=waiting.reference,
        form_version=waiting.form_version,
        tracked_link=waiting.tracked_link,
        now=waiting.received_at,
    )
    waiting.delete()
    return referral


def waiting_arrivals() -> list[int]:
    """Return the keys of the forms that nobody has let in, of all programmes, oldest first."""
    with scopes_disabled():
        return list(WaitingArrival.objects.order_by("pk").values_list("pk", flat=True))


def receive_waiting_arrivals(*, programme: Programme | None = None) -> int:
    """Let in what waits, of one programme or of all, and return how many; a fault in one stops no other."""
    keys = waiting_arrivals() if programme is None else _waiting_of(programme)
    received = 0
    for key in keys:
        try:
            received += receive_arrival(arrival_id=key) is not None
        except Exception as fault:
            # The name of the fault alone: its words may be a person's.
            logger.error("An arrival could not be let in (%s); it waits.", type(fault).__name__)
    return received


def _waiting_of(programme: Programme) -> list[int]:
    waiting = WaitingArrival.objects.filter(programme=programme)
    return list(waiting.order_by("pk").values_list("pk", flat=True))
