"""Every write to tracked links, the counts of their scans, and their posters."""

import datetime as dt
import secrets

from django.db import IntegrityError, connection, transaction

from accounts.models import Programme, User
from core.references import ALPHABET
from outreach.enums import LinkTarget, PosterLanguage
from outreach.models import Activity, Channel, LinkScan, Organisation, Poster, TrackedLink
from outreach.services.partners import SAME_PRESS

# Read from a poster and typed on a telephone: short. It opens a public form, so it need not be hard to guess.
CODE_ALPHABET = ALPHABET.lower()
CODE_LENGTH = 5  # four million
TRIES = 5

_COUNT = f"""
    INSERT INTO {LinkScan._meta.db_table} AS scan (programme_id, link_id, "on", count) VALUES (%s, %s, %s, 1)
    ON CONFLICT (link_id, "on") DO UPDATE SET count = scan.count + 1
"""  # noqa: S608


@transaction.atomic
def create_tracked_link(
    *,
    programme: Programme,
    target: LinkTarget,
    label: str,
    channel: Channel | None = None,
    organisation: Organisation | None = None,
    activity: Activity | None = None,
    by: User | None,
    now: dt.datetime,
) -> TrackedLink:
    """Return a new link with a code of its own, for one of the three or for none.

    The same link asked for within `SAME_PRESS` is a second press on the button, and the one made first.

    :raises ValueError: when it would be for more than one.
    """
    if sum(origin is not None for origin in (channel, organisation, activity)) > 1:
        raise ValueError("A link is for one thing.")
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)  # the second press waits
    wanted = {
        "programme": programme,
        "target": target,
        "label": label,
        "channel": channel,
        "organisation": organisation,
        "activity": activity,
    }
    made: TrackedLink | None = TrackedLink.objects.filter(
        created_at__gt=now - SAME_PRESS, retired_at=None, **wanted
    ).first()
    return made or _insert(TrackedLink(created_at=now, created_by=by, **wanted))


def new_code() -> str:
    """Return a random code such as "k7mf3"; a clash is left to the unique key."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def _insert(link: TrackedLink) -> TrackedLink:
    for attempt in range(TRIES):
        link.code = new_code()
        try:
            with transaction.atomic():
                link.save(force_insert=True)
        except IntegrityError:
            if attempt == TRIES - 1:
                raise
        else:
            break
    return link


@transaction.atomic
def rename_tracked_link(
    *, link: TrackedLink, label: str, target: LinkTarget, by: User | None, now: dt.datetime
) -> TrackedLink:
    """Give the link another name, or let it lead elsewhere: posters that hang keep working."""
    locked = _lock(link)
    locked.label = label
    locked.target = target
    locked.save(update_fields=["label", "target"])
    return locked


@transaction.atomic
def retire_tracked_link(*, link: TrackedLink, by: User | None, now: dt.datetime) -> TrackedLink:
    """Take the link out of use; the first time stands. Its posters lead to the page about the programme."""
    locked = _lock(link)
    if locked.retired_at is None:
        locked.retired_at = now
        locked.save(update_fields=["retired_at"])
    return locked


@transaction.atomic
def resume_tracked_link(*, link: TrackedLink, by: User | None, now: dt.datetime) -> TrackedLink:
    """Take the link into use again."""
    locked = _lock(link)
    locked.retired_at = None
    locked.save(update_fields=["retired_at"])
    return locked


def record_scan(*, link: TrackedLink, on: dt.date) -> None:
    """Count one opening of the link on that day: one statement, so that none is lost or doubled."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [link.programme_id, link.pk, on])


@transaction.atomic
def save_poster(
    *,
    link: TrackedLink,
    language: PosterLanguage,
    headline: str,
    lines: str,
    shows_next_start: bool,
    by: User | None,
    now: dt.datetime,
) -> Poster:
    """Keep the words of the link's poster in that language; the last saved stand."""
    _lock(link)  # two who save at once come one after the other
    poster, _ = Poster.objects.update_or_create(
        programme=link.programme,
        link=link,
        language=language,
        defaults={
            "headline": headline,
            "lines": lines,
            "shows_next_start": shows_next_start,
            "saved_at": now,
        },
    )
    return poster


def _lock(link: TrackedLink) -> TrackedLink:
    locked: TrackedLink = TrackedLink.objects.select_for_update(no_key=True).get(pk=link.pk)
    return locked
