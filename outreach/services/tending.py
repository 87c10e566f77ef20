"""Partnerships that need care become tasks, one for each place; they close when the reason is gone."""

import datetime as dt
from collections import defaultdict

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localdate

from accounts.models import Programme
from core.danish import add_working_days
from core.dates import format_danish_date
from outreach.enums import Vulnerability
from outreach.models import CooperationAgreement, Organisation, Referrer
from outreach.services.care import keep_what_holds
from outreach.services.succession import NOBODY_YET, ask_who_takes_over
from outreach.vulnerability import Weakness, left_behind, partners_at_risk, weaknesses_of
from worklist.enums import TaskKind
from worklist.models import Task
from worklist.services import open_task

# A partner of a coordinator with fifteen hours a week: so many of them a working day, from then on.
CARE_WITHIN_DAYS = 5
CARE_A_DAY = 2
CARE_MINUTES = 15  # to arrange the visit or the call; those have minutes of their own
# A fortnight to find a day on which both sides can look at what was agreed.
REVIEW_NOTICE = dt.timedelta(days=14)
REVIEW_MINUTES = 45
# Somebody who has closed the task has an answer: it is not asked again at once. That a small place has but
# one contact may be as it is, so it is asked twice a year.
SOON_AGAIN = dt.timedelta(weeks=4)
LONGEST_ANSWER = dt.timedelta(weeks=26)
ASK_AGAIN_AFTER = {
    Vulnerability.ONE_KEY_PERSON: LONGEST_ANSWER,
    Vulnerability.NO_KEY_PERSON: LONGEST_ANSWER,
}

# Who takes over after somebody is a task of its own, about the person.
ON_THE_TASK = frozenset(Vulnerability) - {Vulnerability.KEY_PERSON_LEFT}

# By kind and subject what a colleague has answered, each with the latest time.
Answered = dict[tuple[str, int], dict[str, dt.datetime]]


@transaction.atomic
def tend_partners(*, programme: Programme, now: dt.datetime) -> None:
    """Open a task for each partnership that may break and each agreement to look at again.

    Safe to run twice: a reason that stands on an open task is not written again, and one that a colleague
    has answered by closing the task is left alone for a while.
    """
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)  # a second run waits
    left, answered = left_behind(), _answered(now)
    waiting = Task.objects.open().filter(kind=TaskKind.TEND_PARTNER)
    concerned = Q(weaknesses__gt=0) | Q(pk__in=waiting.values("organisation"))
    opened = 0
    for partner in partners_at_risk(localdate(now), left).filter(concerned).order_by("-weaknesses", "pk"):
        weaknesses = weaknesses_of(partner, left)
        keep_what_holds(partner, weaknesses, now)
        said = answered[TaskKind.TEND_PARTNER, partner.pk]
        due_on = add_working_days(localdate(now), CARE_WITHIN_DAYS + opened // CARE_A_DAY)
        reasons = [one.why for one in weaknesses if one.kind in ON_THE_TASK and _asks_anew(said, one, now)]
        opened += _write_down(programme, partner, reasons, due_on, now)
    _ask_who_take_over(left, answered, now)
    _open_reviews(programme, answered, now)


def _write_down(
    programme: Programme, partner: Organisation, reasons: list[str], due_on: dt.date, now: dt.datetime
) -> bool:
    """Write on the partner's task what does not stand there yet; return whether it is a new task."""
    task = Task.objects.open().filter(kind=TaskKind.TEND_PARTNER, organisation=partner).first()
    for why in reasons:
        if task is None or why not in task.reasons:
            open_task(
                programme=programme,
                kind=TaskKind.TEND_PARTNER,
                organisation=partner,
                why=why,
                due_on=task.due_on if task else due_on,  # a day that was put off stays put off
                minutes=CARE_MINUTES,
                now=now,
            )
    return task is None and bool(reasons)


def _ask_who_take_over(left: list[Referrer], answered: Answered, now: dt.datetime) -> None:
    asked = Task.objects.open().filter(kind=TaskKind.REFERRER_SUCCESSOR, referrer__in=left)
    already = set(asked.values_list("referrer_id", flat=True))
    for referrer in left:
        said = answered[TaskKind.REFERRER_SUCCESSOR, referrer.pk].values()
        if referrer.pk not in already and max(said, default=now - SOON_AGAIN) <= now - SOON_AGAIN:
            ask_who_takes_over(referrer=referrer, why=NOBODY_YET, now=now)


def _open_reviews(programme: Programme, answered: Answered, now: dt.datetime) -> None:
    due = CooperationAgreement.objects.filter(ended_at=None, review_on__lte=localdate(now) + REVIEW_NOTICE)
    asked = Task.objects.open().filter(kind=TaskKind.AGREEMENT_REVIEW, organisation=OuterRef("organisation"))
    for agreement in due.filter(~Exists(asked)).select_related("organisation").order_by("review_on", "pk"):
        why = review_reason(agreement)
        if why not in answered[TaskKind.AGREEMENT_REVIEW, agreement.organisation_id]:
            open_task(
                programme=programme,
                kind=TaskKind.AGREEMENT_REVIEW,
                organisation=agreement.organisation,
                why=why,
                due_on=add_working_days(max(agreement.review_on, localdate(now)), 0),
                minutes=REVIEW_MINUTES,
                now=now,
            )


def review_reason(agreement: CooperationAgreement) -> str:
    """Return why the agreement is looked at, in the words of its task."""
    return (
        f"Aftalen er fra {format_danish_date(agreement.agreed_on)} "
        f"og skal gennemgås den {format_danish_date(agreement.review_on)}."
    )


# --- What colleagues have answered -----------------------------------------------------------------


def _answered(now: dt.datetime) -> Answered:
    """Return what was closed by a colleague, and so answered, by kind and place or person."""
    kinds = (TaskKind.TEND_PARTNER, TaskKind.REFERRER_SUCCESSOR, TaskKind.AGREEMENT_REVIEW)
    closed = Task.objects.filter(kind__in=kinds, closed_by__isnull=False)
    found: Answered = defaultdict(dict)
    for task in closed.filter(closed_at__gt=now - LONGEST_ANSWER).order_by("closed_at"):
        for reason in task.reasons:
            found[task.kind, task.organisation_id or task.referrer_id][reason] = task.closed_at
    return found


def _asks_anew(said: dict[str, dt.datetime], weakness: Weakness, now: dt.datetime) -> bool:
    """Return whether it may be asked: nobody has answered just that, or it is long ago."""
    at = said.get(weakness.why)
    return at is None or at <= now - ASK_AGAIN_AFTER.get(weakness.kind, SOON_AGAIN)
