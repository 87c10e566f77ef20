"""What looks like spam is held, never dropped and never refused: a person decides."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import Programme, User
from core.danish import add_working_days, fold
from core.languages import for_staff
from core.limits import hit
from core.references import new_reference
from outreach.models import TrackedLink
from referrals.enums import LimitReason, ReferralKind
from referrals.models import FormVersion, HeldArrival, Referral
from referrals.services.answers import Answers
from referrals.services.arrivals import lock_arrivals, receive_referral
from referrals.services.waiting import keep_arrival, lock_submission, reference_of_submission
from worklist.enums import TaskKind
from worklist.services import close_tasks, open_task

# A held form may be a person who waits for a call: it is looked at on the next working day.
LOOK_WITHIN_DAYS = 1
REASONS_LENGTH = 200
# A whole jobcentre sits behind one address and may refer on the same morning.
ADDRESS_LIMIT = 60
# One person is referred by two or three places at most; more is somebody playing with a name.
CONTACT_LIMIT = 5
# A caseworker has a way of putting things; the same long words about nine citizens a day are a machine's.
TEXT_LIMIT = 8
LONG_TEXT = 40
# Going back and two tabs send one page again; a program that fetched it once sends it all day.
PAGE_LIMIT = 5


class ArrivalAlreadyDecided(Exception):
    """Somebody has released or discarded the held arrival in the meantime."""


@for_staff
@transaction.atomic
def take_arrival(
    *,
    programme: Programme,
    kind: ReferralKind,
    answers: Answers,
    submission_key: uuid.UUID,
    suspicions: Sequence[str],
    address: str,
    tracked_link: TrackedLink | None = None,
    now: dt.datetime,
    page: str = "",
    form_version: FormVersion | None = None,
) -> str:
    """Receive what a public form sent, or hold it, and return the reference number.

    Received is what a worker lets in a moment later (`waiting.py`): the work until the answer is the same
    whoever the form is about. It is held when there are `suspicions`, or when too many came from
    `address` (of the internet, "" where unknown), about one telephone or e-mail, in the same words, or
    out of one `page` (what tells one drawing of the form from the next, "" where unknown). The same
    submission sent again returns the same number, counts for no limit and changes nothing, whichever way
    it went.
    """
    lock_submission(submission_key)
    sent_before = reference_of_submission(submission_key)
    if sent_before is not None:
        return sent_before
    reasons = [*suspicions, *_limits_passed(answers, address, page, now)]
    if reasons:
        held = hold_arrival(
            programme=programme,
            kind=kind,
            answers=answers,
            submission_key=submission_key,
            reasons=reasons,
            form_version=form_version,
            tracked_link=tracked_link,
            now=now,
        )
        return held.reference
    kept = keep_arrival(
        programme=programme,
        kind=kind,
        answers=answers,
        submission_key=submission_key,
        form_version=form_version,
        tracked_link=tracked_link,
        now=now,
    )
    return kept.reference


def _limits_passed(answers: Answers, address: str, page: str, now: dt.datetime) -> list[str]:
    """Count the arrival once for each limit, and return those it goes beyond."""
    day, hour = dt.timedelta(days=1), dt.timedelta(hours=1)
    counted = [(LimitReason.ADDRESS, f"arrival from {address}", ADDRESS_LIMIT, hour)] if address else []
    for contact in (answers.phone, answers.email.lower()):
        if contact:
            counted.append((LimitReason.CONTACT, f"arrival about {contact}", CONTACT_LIMIT, day))
    words = fold(answers.reason)
    if len(words) >= LONG_TEXT:
        counted.append((LimitReason.TEXT, f"arrival in the words {words}", TEXT_LIMIT, day))
    if page:
        counted.append((LimitReason.PAGE, f"arrival out of {page}", PAGE_LIMIT, day))
    passed = [
        reason.value
        for reason, key, limit, window in counted
        if not hit(key=key, limit=limit, window=window, now=now)
    ]
    return list(dict.fromkeys(passed))


@transaction.atomic
def hold_arrival(
    *,
    programme: Programme,
    kind: ReferralKind,
    answers: Answers,
    submission_key: uuid.UUID,
    reasons: Sequence[str],
    tracked_link: TrackedLink | None = None,
    now: dt.datetime,
    form_version: FormVersion | None = None,
) -> HeldArrival:
    """Keep the form whole until a coordinator has looked at it; nobody is written to or called."""
    lock_submission(submission_key)
    sent_before: HeldArrival | None = HeldArrival.objects.filter(submission_key=submission_key).first()
    if sent_before is not None:
        return sent_before
    held: HeldArrival = HeldArrival.objects.create(
        programme=programme,
        reference=new_reference(),
        kind=kind,
        answers=answers.to_json(),
        form_version=form_version,
        tracked_link=tracked_link,
        reasons=", ".join(reasons)[:REASONS_LENGTH],
        submission_key=submission_key,
        received_at=now,
    )
    open_task(
        programme=programme,
        kind=TaskKind.HELD_ARRIVAL,
        why="En henvendelse ligner spam. Se, om der er et menneske bag.",
        due_on=add_working_days(localdate(now), LOOK_WITHIN_DAYS),
        now=now,
    )
    return held


@transaction.atomic
def release_arrival(*, held: HeldArrival, by: User, now: dt.datetime) -> Referral:
    """Receive the held form as if it had come straight through, under the number its sender was given.

    :raises ArrivalAlreadyDecided: when somebody else was faster.
    """
    lock_arrivals(held.programme)
    locked = _lock_undecided(held)
    referral = receive_referral(
        programme=locked.programme,
        kind=ReferralKind(locked.kind),
        answers=Answers.from_json(locked.answers),
        submission_key=locked.submission_key,
        reference=locked.reference,
        received_at=locked.received_at,
        form_version=locked.form_version,
        tracked_link=locked.tracked_link,
        now=now,
    )
    locked.released_at = now
    locked.decided_by = by
    locked.save(update_fields=["released_at", "decided_by"])
    _close_task_after_the_last(by, now)
    return referral


@transaction.atomic
def discard_arrival(*, held: HeldArrival, by: User, now: dt.datetime) -> HeldArrival:
    """Set the held form aside as spam.

    :raises ArrivalAlreadyDecided: when somebody else was faster.
    """
    lock_arrivals(held.programme)
    locked = _lock_undecided(held)
    locked.discarded_at = now
    locked.decided_by = by
    locked.save(update_fields=["discarded_at", "decided_by"])
    _close_task_after_the_last(by, now)
    return locked


def _lock_undecided(held: HeldArrival) -> HeldArrival:
    locked: HeldArrival = HeldArrival.objects.select_for_update(no_key=True).get(pk=held.pk)
    if locked.released_at or locked.discarded_at:
        raise ArrivalAlreadyDecided
    return locked


def _close_task_after_the_last(by: User, now: dt.datetime) -> None:
    if not HeldArrival.objects.filter(released_at=None, discarded_at=None).exists():
        close_tasks(kind=TaskKind.HELD_ARRIVAL, by=by, now=now)
