"""Who has left the job, and the colleague who takes over: decided by the coordinator alone.

A successor is here and at the same organisation when chosen, and somebody who is here has none (the
database says so). So a line of successors ends somewhere and never runs in a circle.
"""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import Programme, User
from core.danish import add_working_days
from outreach.models import Referrer, TrackedLink
from outreach.services.care import settle_partner
from worklist.enums import TaskKind
from worklist.services import close_tasks, open_task

# Nobody waits for a telephone call over this, but what became of the citizens should reach somebody.
ASK_WITHIN_DAYS = 5

NOBODY_YET = "Er stoppet i jobbet, og ingen har overtaget henvisningerne endnu."
LEAVES = "Skriver på sin egen side: Jeg stopper, eller en anden overtager. Ring, og aftal, hvem det bliver."
ELSEWHERE = "Den, der havde overtaget, arbejder nu et andet sted."
REFERRED_ALL_THE_SAME = (
    "Er noteret som stoppet, men der er kommet en henvisning i samme navn og e-mail. "
    "Ring til stedet, og hør, om personen er der."
)


class SuccessorNotPossible(Exception):
    """The chosen colleague has left too, works elsewhere, or is the very person who leaves."""


@transaction.atomic
def mark_referrer_left(
    *,
    referrer: Referrer,
    left_on: dt.date,
    by: User | None,
    now: dt.datetime,
    successor: Referrer | None = None,
    as_key_person: bool = False,
    links: Iterable[TrackedLink] = (),
) -> Referrer:
    """Note that the referrer no longer works there, so that nothing more is sent; the first date stands.

    `successor` takes over from now on, in place of anybody chosen before; with None a task asks who will.
    With a successor, `as_key_person` makes them one, and of `links` those that carry the name of who left
    carry theirs: what was scanned before stays with the link.

    :raises SuccessorNotPossible: when `successor` is not a colleague who is still there.
    """
    Programme.objects.select_for_update(no_key=True).get(pk=referrer.programme_id)  # one line at a time
    locked, colleague = _both_locked(referrer, successor)
    if colleague is not None and not _can_follow(locked, colleague):
        raise SuccessorNotPossible
    locked.left_on = locked.left_on or left_on
    locked.successor = successor
    locked.save(update_fields=["left_on", "successor"])
    close_tasks(kind=TaskKind.REFERRER_RETURNED, by=by, now=now, referrer=locked)
    if successor is None:
        ask_who_takes_over(referrer=locked, why=NOBODY_YET, now=now)
    else:
        close_tasks(kind=TaskKind.REFERRER_SUCCESSOR, by=by, now=now, referrer=locked)
        _hand_over(locked, successor, as_key_person, links)
    settle_partner(organisation=locked.organisation, now=now)
    return locked


def _hand_over(
    leaving: Referrer, successor: Referrer, as_key_person: bool, links: Iterable[TrackedLink]
) -> None:
    if as_key_person:
        Referrer.objects.filter(pk=successor.pk).update(is_key_person=True)
    chosen = TrackedLink.objects.filter(pk__in=[link.pk for link in links])
    for link in chosen.select_for_update(no_key=True).order_by("pk"):
        label = link.label.replace(leaving.name, successor.name)
        link.label = label[: TrackedLink._meta.get_field("label").max_length]
        link.save(update_fields=["label"])


@transaction.atomic
def mark_referrer_here(*, referrer: Referrer, by: User | None, now: dt.datetime) -> Referrer:
    """Take back that the referrer has left: their referrals are their own again, and so is their page."""
    Programme.objects.select_for_update(no_key=True).get(pk=referrer.programme_id)
    locked = _locked(referrer)
    locked.left_on = None
    locked.successor = None
    locked.save(update_fields=["left_on", "successor"])
    for kind in (TaskKind.REFERRER_SUCCESSOR, TaskKind.REFERRER_RETURNED):
        close_tasks(kind=kind, by=by, now=now, referrer=locked)
    settle_partner(organisation=locked.organisation, now=now)
    return locked


@transaction.atomic
def ask_who_takes_over(*, referrer: Referrer, why: str, now: dt.datetime) -> None:
    """Let the coordinator find out who takes over; asked again, the reason joins the open task."""
    open_task(
        programme=referrer.programme,
        kind=TaskKind.REFERRER_SUCCESSOR,
        why=why,
        due_on=add_working_days(localdate(now), ASK_WITHIN_DAYS),
        now=now,
        referrer=referrer,
    )


@transaction.atomic
def ask_again_after_a_move(*, referrer: Referrer, now: dt.datetime) -> None:
    """Ask who follows those that the referrer had taken over, for they now work somewhere else."""
    left_behind = Referrer.objects.filter(successor=referrer).exclude(organisation=referrer.organisation_id)
    for predecessor in left_behind.select_related("programme").order_by("pk"):
        ask_who_takes_over(referrer=predecessor, why=ELSEWHERE, now=now)


@transaction.atomic
def note_referral(*, referrer: Referrer, now: dt.datetime) -> Referrer:
    """Remember that a referral came; the latest time stands.

    Anybody can type the address of somebody who has left, so that does not bring them back: a task asks
    the coordinator whether they are here.
    """
    locked = _locked(referrer)
    locked.last_referral_at = max(now, locked.last_referral_at or now)
    locked.save(update_fields=["last_referral_at"])
    if locked.left_on is not None:
        open_task(
            programme=locked.programme,
            kind=TaskKind.REFERRER_RETURNED,
            why=REFERRED_ALL_THE_SAME,
            due_on=add_working_days(localdate(now), ASK_WITHIN_DAYS),
            now=now,
            referrer=locked,
        )
    return locked


def _locked(referrer: Referrer) -> Referrer:
    found: Referrer = (
        Referrer.objects.select_for_update(no_key=True, of=("self",))
        .select_related("programme")
        .get(pk=referrer.pk)
    )
    return found


def _both_locked(referrer: Referrer, successor: Referrer | None) -> tuple[Referrer, Referrer | None]:
    """Return both, the one with the lower key locked first, as a mail about their referrals does it."""
    locked = {one.pk: _locked(one) for one in sorted({referrer, successor or referrer}, key=lambda r: r.pk)}
    return locked[referrer.pk], locked[successor.pk] if successor else None


def _can_follow(leaving: Referrer, colleague: Referrer) -> bool:
    same_place = leaving.organisation_id is not None and leaving.organisation_id == colleague.organisation_id
    return same_place and colleague.left_on is None and colleague.pk != leaving.pk
