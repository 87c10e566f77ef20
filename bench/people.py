"""The rows of the outbox's benches: one programme, referrers by the thousand, and what became of them."""

import datetime as dt
import time
import uuid
from pathlib import Path

from django.core.management import call_command
from django.db import Error, connections, transaction
from django.db.models import Max, Q
from django_scopes import scope, scopes_disabled

from accounts.models import Programme
from bench.actors import MORNING, arrived
from bench.stage import Count, tally
from core.danish import name_key
from core.lookups import email_hash
from core.references import new_references
from messaging.enums import MessageState
from messaging.models import OutboundMessage
from outreach.enums import ActivityState, OrganisationKind
from outreach.models import Organisation, Referrer
from referrals.enums import Audience, MessageKind, NudgeMode, ReferralKind, Trigger
from referrals.models import Nudge, NudgeRule, Referral
from tests.factories import (
    make_activity,
    make_cohort,
    make_organisation,
    make_participant,
    make_programme,
)
from worklist.enums import TaskKind

LONG_AGO = MORNING - dt.timedelta(weeks=30)
DAY = dt.timedelta(days=1)
TODAY = MORNING.date()
VISITED, PRACTICE = "Jobcenter med besøg", "Lægehuset"

# Whom each rule is for in the town, so that every rule has an eighth of the referrers: what presses most
# is asked first, and would else take all.
WHOM: dict[Trigger, dict[str, str]] = {
    Trigger.DEADLINE: {"audience": Audience.KEY_PERSONS},
    Trigger.UNDER_FILLED: {"audience": Audience.LEADERS},
    Trigger.NEW_COHORT: {"organisation_kind": OrganisationKind.GP},
    Trigger.NEWS: {"audience": Audience.AMBASSADORS},
}


def make_town() -> Programme:
    """Return the programme of an empty database; every rule of reminders is on and sends by itself.

    There is what each rule asks for: a cohort that is new, begins soon and lacks people, and a visit.
    """
    call_command("migrate", interactive=False, verbosity=0)
    programme = make_programme(name="Kultur på Recept", slug="bench")
    with scope(programme=programme):
        NudgeRule.objects.update(is_on=True, is_measured=False, mode=NudgeMode.AUTOMATIC)
        for trigger, fields in WHOM.items():
            NudgeRule.objects.filter(trigger=trigger).update(**fields)
    make_cohort(programme, starts_on=TODAY + 8 * DAY, created_at=MORNING - 5 * DAY)
    visited = make_organisation(programme, name=VISITED, created_at=LONG_AGO)
    held = {"state": ActivityState.DONE, "planned_on": TODAY - 5 * DAY, "held_on": TODAY - 5 * DAY}
    make_activity(programme, organisation=visited, created_at=LONG_AGO, **held)
    make_organisation(programme, name=PRACTICE, kind=OrganisationKind.GP, created_at=LONG_AGO)
    return programme


@transaction.atomic
def make_due_referrers(programme: Programme, *, first: int, number: int) -> None:
    """Make `number` referrers with addresses counted from `first` on, each due by one rule.

    The rules take turns, so that eight in a row are due by eight.
    """
    rules = list(Trigger)
    by_rule: dict[Trigger, list[Referrer]] = {rule: [] for rule in rules}
    with scope(programme=programme):
        places = {place.name: place for place in Organisation.objects.all()}
        for each in range(first, first + number):
            rule = rules[each % len(rules)]
            by_rule[rule].append(
                _referrer(
                    programme,
                    address(each),
                    is_key_person=rule == Trigger.DEADLINE,
                    is_leader=rule == Trigger.UNDER_FILLED,
                    is_ambassador=rule == Trigger.NEWS,
                    organisation=places.get(
                        {Trigger.AFTER_VISIT: VISITED, Trigger.NEW_COHORT: PRACTICE}.get(rule, "")
                    ),
                )
            )
        Referrer.objects.bulk_create(referrer for made in by_rule.values() for referrer in made)
        _give_predecessors(programme, by_rule[Trigger.HAND_OVER])
        _give_referrals(programme, by_rule[Trigger.THANKS])


def _referrer(programme: Programme, email: str, **fields: object) -> Referrer:
    name = f"Henviser {email.partition('@')[0]}"
    return Referrer(
        programme=programme,
        name=name,
        name_key=name_key(name),
        email=email,
        email_hash=email_hash(email),
        created_at=LONG_AGO,
        **fields,
    )


def _give_predecessors(programme: Programme, referrers: list[Referrer]) -> None:
    """Let each have taken over from a colleague who left the other day."""
    Referrer.objects.bulk_create(
        _referrer(programme, f"before-{referrer.email}", left_on=TODAY - 5 * DAY, successor=referrer)
        for referrer in referrers
    )


def _give_referrals(programme: Programme, referrers: list[Referrer]) -> None:
    """Let each have sent the same citizen some months ago."""
    if not referrers:
        return
    citizen = make_participant(programme, created_at=MORNING - 80 * DAY)
    references = new_references(Referral, len(referrers))
    Referral.objects.bulk_create(
        Referral(
            programme=programme,
            participant=citizen,
            referrer=referrer,
            reference=reference,
            submission_key=uuid.uuid4(),
            kind=ReferralKind.JOBCENTRE,
            received_at=MORNING - 80 * DAY,
        )
        for referrer, reference in zip(referrers, references, strict=True)
    )


def address(number: int) -> str:
    return f"r{number}@jobcenter.example"


def unsettled() -> int:
    """Return how many messages are on their way, or uncertain without a task.

    While PostgreSQL recovers nobody can say, and one at least is.
    """
    try:
        with scopes_disabled():
            on_their_way = OutboundMessage.objects.filter(
                state__in=[MessageState.PLANNED, MessageState.CLAIMED]
            )
            unasked = OutboundMessage.objects.filter(state=MessageState.UNCERTAIN, tasks=None)
            return int(on_their_way.count() + unasked.count())
    except Error:
        connections.close_all()
        time.sleep(0.5)
        return 1


def count_messages(programme: Programme, book: Path, *, people: int) -> Count:
    """Return what became of every message, and whether each of the `people` who were due had one planned."""
    with scope(programme=programme):
        asked_at = Max("tasks__created_at", filter=Q(tasks__kind=TaskKind.MESSAGE_UNCERTAIN))
        rows = OutboundMessage.objects.annotate(asked_at=asked_at).values_list(
            "referrer__email", "participant__email", "state", "claimed_at", "asked_at"
        )
        states = [
            (sent_to or own, state, asked - claimed if asked else None)
            for sent_to, own, state, claimed, asked in rows
        ]
        nudges = OutboundMessage.objects.filter(kind=MessageKind.NUDGE).count()
        rules = Nudge.objects.filter(message__isnull=False).values("round__rule").distinct().count()
    # The book is read last: a mail is written down before its message is marked.
    return tally(states, arrived(book), rules=rules, unplanned=people - nudges)
