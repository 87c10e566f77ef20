"""Every write to activities: planned, with a task that says so, then done or dropped."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import Programme, User
from outreach.enums import DEFAULT_MINUTES, ActivityKind, ActivityState
from outreach.models import Activity, Channel, Organisation, Referrer
from outreach.services.care import settle_partner
from outreach.services.partners import SAME_PRESS, refuse_unknown
from worklist.enums import TaskKind
from worklist.services import close_tasks, drop_tasks, open_task

EDITABLE_OF_ACTIVITY = (
    "kind",
    "title",
    "planned_on",
    "channel",
    "organisation",
    "referrer",
    "with_leader",
    "place",
    "minutes",
    "people_reached",
    "cost",
    "note",
)

# A call or a mail that is noted afterwards: short, and changed with one key.
MINUTES_OF_A_CONTACT = 10
TITLES_OF_CONTACTS: dict[ActivityKind, str] = {
    ActivityKind.VISIT: "Besøg",
    ActivityKind.TALK: "Oplæg",
    ActivityKind.INFORMATION_MEETING: "Informationsmøde",
    ActivityKind.EVENT: "Arrangement",
    ActivityKind.PHONE: "Telefonsamtale",
    ActivityKind.MAIL: "Mail",
    ActivityKind.OTHER: "Anden kontakt",
}


class ActivityAlreadyClosed(Exception):
    """The activity was done or dropped in the meantime."""


@transaction.atomic
def plan_activity(
    *,
    programme: Programme,
    kind: ActivityKind,
    title: str,
    planned_on: dt.date,
    channel: Channel | None = None,
    organisation: Organisation | None = None,
    referrer: Referrer | None = None,
    with_leader: bool = False,
    place: str = "",
    minutes: int | None = None,
    people_reached: int | None = None,
    cost: int | None = None,
    note: str = "",
    by: User | None,
    now: dt.datetime,
) -> Activity:
    """Return the planned activity, with a task on its day.

    Without `minutes` it takes what its kind usually does. The same plan within `SAME_PRESS` is a second
    press on the button, and the one made first.
    """
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)  # the second press waits
    plan = {
        "programme": programme,
        "kind": kind,
        "title": title,
        "planned_on": planned_on,
        "channel": channel,
        "organisation": organisation,
    }
    made: Activity | None = Activity.objects.filter(created_at__gt=now - SAME_PRESS, **plan).first()
    if made is not None:
        return made
    planned: Activity = Activity.objects.create(
        **plan,
        referrer=referrer,
        with_leader=with_leader or _is_leader(referrer),
        place=place,
        minutes=DEFAULT_MINUTES[ActivityKind(kind)] if minutes is None else minutes,
        people_reached=people_reached,
        cost=cost,
        note=note,
        created_at=now,
        created_by=by,
    )
    _open_task(planned, by, now)
    settle_partner(organisation=organisation, now=now)
    return planned


@transaction.atomic
def note_contact(
    *,
    organisation: Organisation,
    kind: ActivityKind,
    held_on: dt.date,
    referrer: Referrer | None = None,
    with_leader: bool = False,
    minutes: int = MINUTES_OF_A_CONTACT,
    note: str = "",
    by: User | None,
    now: dt.datetime,
) -> Activity:
    """Return what was talked about with somebody there, noted afterwards as an activity that is done.

    The same said again within `SAME_PRESS` is a second press on the button. Whoever is a leader brings
    `with_leader`.
    """
    Programme.objects.select_for_update(no_key=True).get(pk=organisation.programme_id)
    said = {
        "programme": organisation.programme,
        "organisation": organisation,
        "kind": kind,
        "state": ActivityState.DONE,
        "held_on": held_on,
        "referrer": referrer,
        "with_leader": with_leader or _is_leader(referrer),
    }
    recent = Activity.objects.filter(created_at__gt=now - SAME_PRESS, **said)
    made: Activity | None = next((one for one in recent if one.note == note), None)
    if made is not None:
        return made
    noted: Activity = Activity.objects.create(
        **said,
        title=TITLES_OF_CONTACTS[ActivityKind(kind)],
        planned_on=held_on,
        minutes=minutes,
        note=note,
        created_at=now,
        created_by=by,
    )
    settle_partner(organisation=organisation, now=now)
    return noted


def _is_leader(referrer: Referrer | None) -> bool:
    return referrer is not None and referrer.is_leader


def _open_task(activity: Activity, by: User | None, now: dt.datetime) -> None:
    """Put the plan among the tasks of its day; the task tells where, and nothing of the note."""
    where = [str(name) for name in (activity.organisation, activity.channel, activity.place) if name]
    open_task(
        programme=activity.programme,
        kind=TaskKind.ACTIVITY,
        activity=activity,
        why=", ".join(where),
        due_on=activity.planned_on,
        minutes=activity.minutes,
        by=by,
        now=now,
    )


@transaction.atomic
def update_activity(*, activity: Activity, by: User | None, now: dt.datetime, **fields: Any) -> Activity:
    """Correct what is planned, or what was noted of it.

    :raises TypeError: when asked to change anything but `EDITABLE_OF_ACTIVITY`.
    """
    refuse_unknown(fields, EDITABLE_OF_ACTIVITY)
    locked = _lock(activity)
    for name, value in fields.items():
        setattr(locked, name, value)
    locked.with_leader = locked.with_leader or _is_leader(locked.referrer)
    locked.save()
    if locked.state == ActivityState.PLANNED:  # the plan has another day or place: so has its task
        drop_tasks(activity=locked, by=by, now=now)
        _open_task(locked, by, now)
    settle_partner(organisation=locked.organisation, now=now)
    return locked


@transaction.atomic
def complete_activity(
    *, activity: Activity, held_on: dt.date, by: User | None, now: dt.datetime, **noted: Any
) -> Activity:
    """Note that it was done on `held_on`, and what is known of it; done already, the first day stands.

    :raises ActivityAlreadyClosed: when it was dropped.
    :raises TypeError: when `noted` is anything but minutes, people reached, cost or note.
    """
    refuse_unknown(noted, ("minutes", "people_reached", "cost", "note"))
    locked = _lock(activity)
    if locked.state == ActivityState.DROPPED:
        raise ActivityAlreadyClosed
    if locked.state == ActivityState.PLANNED:
        locked.state = ActivityState.DONE
        locked.held_on = held_on
        for name, value in noted.items():
            setattr(locked, name, value)
        locked.save()
        close_tasks(kind=TaskKind.ACTIVITY, activity=locked, by=by, now=now)
        settle_partner(organisation=locked.organisation, now=now)
    return locked


@transaction.atomic
def note_headcount(*, activity: Activity, people_reached: int, by: User | None, now: dt.datetime) -> Activity:
    """Note how many came; a plan whose day has come is done by that, for they were there.

    A dropped activity keeps its state: the number alone is noted.
    """
    locked = _lock(activity)
    if locked.state == ActivityState.PLANNED and locked.planned_on <= localdate(now):
        return complete_activity(
            activity=locked, held_on=locked.planned_on, people_reached=people_reached, by=by, now=now
        )
    locked.people_reached = people_reached
    locked.save(update_fields=["people_reached"])
    return locked


@transaction.atomic
def drop_activity(*, activity: Activity, by: User | None, now: dt.datetime) -> Activity:
    """Note that it came to nothing; dropped already, nothing changes.

    :raises ActivityAlreadyClosed: when it was done.
    """
    locked = _lock(activity)
    if locked.state == ActivityState.DONE:
        raise ActivityAlreadyClosed
    locked.state = ActivityState.DROPPED
    locked.save(update_fields=["state"])
    drop_tasks(activity=locked, by=by, now=now)
    return locked


def _lock(activity: Activity) -> Activity:
    locked: Activity = Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)
    return locked
