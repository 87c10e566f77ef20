"""What is agreed with a partner, and the next step with them."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from outreach.models import CooperationAgreement, Organisation, Referrer
from worklist.enums import TaskKind
from worklist.models import Task
from worklist.services import close_tasks, restate_task


class ReviewNotLater(Exception):
    """The day of the next review is not after the day it was agreed."""


@transaction.atomic
def agree_on_cooperation(
    *,
    organisation: Organisation,
    they_do: str,
    we_do: str,
    agreed_on: dt.date,
    review_on: dt.date,
    agreed_with: Referrer | None = None,
    by: User | None,
    now: dt.datetime,
) -> CooperationAgreement:
    """Return the agreement that is in force from now on; the one before is kept, and its review is done.

    The same words and days as those in force are that one: a second press on the button.

    :raises ReviewNotLater: when the review would be no later than the agreement.
    """
    if review_on <= agreed_on:
        raise ReviewNotLater
    current = _current(_locked(organisation))
    said = {
        "agreed_with": agreed_with,
        "they_do": they_do,
        "we_do": we_do,
        "agreed_on": agreed_on,
        "review_on": review_on,
    }
    if current is not None and all(getattr(current, name) == value for name, value in said.items()):
        return current
    _end(current, now)
    made: CooperationAgreement = CooperationAgreement.objects.create(
        programme=organisation.programme, organisation=organisation, created_at=now, created_by=by, **said
    )
    close_tasks(kind=TaskKind.AGREEMENT_REVIEW, by=by, now=now, organisation=organisation)
    return made


@transaction.atomic
def end_cooperation(*, organisation: Organisation, by: User | None, now: dt.datetime) -> None:
    """Note that what was agreed holds no longer; it stays among the earlier ones."""
    _end(_current(_locked(organisation)), now)
    close_tasks(kind=TaskKind.AGREEMENT_REVIEW, by=by, now=now, organisation=organisation)


@transaction.atomic
def set_next_step(
    *, organisation: Organisation, what: str, due_on: dt.date, by: User | None, now: dt.datetime
) -> Task:
    """Return the task that says what comes next with the partner, and when; there is one at a time."""
    return restate_task(
        programme=organisation.programme,
        kind=TaskKind.PARTNER_STEP,
        organisation=organisation,
        why=" ".join(what.split()),
        due_on=due_on,
        by=by,
        now=now,
    )


def _locked(organisation: Organisation) -> Organisation:
    locked: Organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    return locked


def _current(organisation: Organisation) -> CooperationAgreement | None:
    current: CooperationAgreement | None = organisation.cooperation_agreements.filter(ended_at=None).first()
    return current


def _end(agreement: CooperationAgreement | None, now: dt.datetime) -> None:
    if agreement is not None:
        agreement.ended_at = now
        agreement.save(update_fields=["ended_at"])
