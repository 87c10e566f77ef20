"""The rules of reminders: those every programme starts with, and what the coordinator makes of them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import Programme, User
from referrals.enums import Audience, NudgeMode, Trigger
from referrals.models import NudgeRule

EDITABLE = (
    "is_on",
    "mode",
    "audience",
    "organisation_kind",
    "wait_days",
    "cap_days",
    "is_measured",
    "subject_da",
    "body_da",
    "subject_en",
    "body_en",
)


@dataclass(frozen=True)
class ReadyRule:
    """A rule as a new programme has it. What presses is not measured: half would hear of it too late."""

    wait_days: int
    cap_days: int
    is_measured: bool = False
    audience: Audience = Audience.ALL
    mode: NudgeMode = NudgeMode.APPROVE


READY: dict[Trigger, ReadyRule] = {
    Trigger.HAND_OVER: ReadyRule(wait_days=1, cap_days=60),
    Trigger.AFTER_VISIT: ReadyRule(wait_days=2, cap_days=30),
    Trigger.DEADLINE: ReadyRule(wait_days=10, cap_days=30),
    Trigger.UNDER_FILLED: ReadyRule(wait_days=28, cap_days=30),
    Trigger.NEW_COHORT: ReadyRule(wait_days=1, cap_days=30),
    Trigger.THANKS: ReadyRule(wait_days=30, cap_days=150, is_measured=True),
    Trigger.NEWS: ReadyRule(wait_days=0, cap_days=25, is_measured=True, audience=Audience.AMBASSADORS),
    Trigger.SILENT: ReadyRule(wait_days=42, cap_days=42, is_measured=True, mode=NudgeMode.AUTOMATIC),
}


@transaction.atomic
def create_ready_rules(*, programme: Programme, now: dt.datetime) -> None:
    """Give the programme each rule that it lacks, all on; those that do not go by themselves want a yes.

    Runs inside the programme's scope; safe to run twice.
    """
    NudgeRule.objects.bulk_create(
        (
            NudgeRule(
                programme=programme,
                trigger=trigger,
                is_on=True,
                mode=ready.mode,
                audience=ready.audience,
                wait_days=ready.wait_days,
                cap_days=ready.cap_days,
                is_measured=ready.is_measured,
                changed_at=now,
            )
            for trigger, ready in READY.items()
        ),
        ignore_conflicts=True,
    )


@transaction.atomic
def change_rule(*, rule: NudgeRule, by: User, now: dt.datetime, **fields: Any) -> NudgeRule:
    """Change the rule from now on; what is on its way obeys it too.

    :raises TypeError: when asked to change anything but `EDITABLE`.
    """
    unknown = set(fields) - set(EDITABLE)
    if unknown:
        raise TypeError(f"Not editable: {', '.join(sorted(unknown))}.")
    locked: NudgeRule = NudgeRule.objects.select_for_update(no_key=True).get(pk=rule.pk)
    for name, value in fields.items():
        setattr(locked, name, value)
    locked.changed_at, locked.changed_by = now, by
    locked.save(update_fields=[*fields, "changed_at", "changed_by"])
    return locked
