"""A partner's open task says only what still holds; `tending` opens it."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.timezone import localdate

from outreach.models import Organisation
from outreach.vulnerability import Weakness, left_behind, partners_at_risk, weaknesses_of
from worklist.enums import TaskKind
from worklist.models import Task
from worklist.services import keep_reasons


@transaction.atomic
def settle_partner(*, organisation: Organisation | None, now: dt.datetime) -> None:
    """Take off the partner's open task what no longer holds; without any reason left it is done."""
    if (
        organisation is None
        or not Task.objects.open().filter(kind=TaskKind.TEND_PARTNER, organisation=organisation).exists()
    ):
        return
    left = left_behind()
    partner = partners_at_risk(localdate(now), left).get(pk=organisation.pk)
    keep_what_holds(partner, weaknesses_of(partner, left), now)


def keep_what_holds(partner: Organisation, weaknesses: Iterable[Weakness], now: dt.datetime) -> None:
    """Take off the task of the partner, a row of `partners_at_risk`, what is no weakness any more."""
    still = {weakness.why for weakness in weaknesses}
    keep_reasons(kind=TaskKind.TEND_PARTNER, still=still, now=now, organisation=partner)
