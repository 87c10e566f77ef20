"""Reads of partners, ways out and links that stay inside this package."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import BigIntegerField, Func, OuterRef, QuerySet, Value

from outreach.models import Referrer, TrackedLink
from worklist.enums import TaskKind
from worklist.models import Task

# What a hurried reader or a mail program leaves around an address.
LONGEST_CODE = 12
SURROUNDINGS = " .,;:!?)(\"'<>/"


def code_as_printed(typed: str) -> str:
    """Return the code that somebody typed from paper: in small letters, without what stands around it."""
    return typed.strip(SURROUNDINGS).lower()


def looks_like_code(text: str) -> bool:
    """Return whether `text` could be a code at all."""
    return text.isascii() and text.isalnum() and len(text) <= LONGEST_CODE


def find_tracked_link(code: str) -> TrackedLink | None:
    """Return the link of that code in whatever programme, retired or not.

    A poster is read before any programme is known, so no scope is active, and the scope follows from
    the link; what it may show is public.
    """
    printed = code_as_printed(code)
    if not looks_like_code(printed):
        return None
    return TrackedLink._base_manager.select_related("programme").filter(code=printed).first()


def tracked_link_of(origin: object) -> TrackedLink | None:
    """Return the active programme's link that a form carries; None for an altered code or none."""
    printed = code_as_printed(str(origin or ""))
    if not looks_like_code(printed):
        return None
    found: TrackedLink | None = TrackedLink.objects.filter(code=printed).first()
    return found


# --- Who follows the referrals of whom ---------------------------------------------------------------

# A line holds only as long as both work at the same place. UNION keeps even a circle from going on for ever.
_FOLLOWED = """(
    WITH RECURSIVE followed (id, organisation_id) AS (
        SELECT id, organisation_id FROM outreach_referrer WHERE id = %(expressions)s
        UNION
        SELECT earlier.id, earlier.organisation_id FROM outreach_referrer AS earlier
        JOIN followed ON earlier.successor_id = followed.id
            AND earlier.organisation_id = followed.organisation_id
    )
    SELECT id FROM followed
)"""
_RECIPIENTS = """
    WITH RECURSIVE line (origin, id, organisation_id, successor_id, left_on) AS (
        SELECT id, id, organisation_id, successor_id, left_on FROM outreach_referrer WHERE id = ANY(%s)
        UNION
        SELECT line.origin, later.id, later.organisation_id, later.successor_id, later.left_on
        FROM line JOIN outreach_referrer AS later ON later.id = line.successor_id
            AND later.organisation_id = line.organisation_id
    )
    SELECT origin, id FROM line WHERE left_on IS NULL
"""


def followed_by(reader: int | OuterRef) -> Func:
    """Return, for a filter such as `referrer__in`, whose referrals the referrer of that key follows: their
    own, and those of everybody they have taken over from, however many steps back."""
    key = Value(reader) if isinstance(reader, int) else reader
    return Func(key, template=_FOLLOWED, output_field=BigIntegerField())


def recipients_of(referrers: Iterable[int]) -> dict[int, Referrer]:
    """Return by key of a referrer who hears news of their referrals now: they themself, or who took over.

    Where everybody in the line has left there is nobody, and the key is missing. Two queries.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RECIPIENTS, [list(referrers)])
        ends = dict(cursor.fetchall())
    found = Referrer.objects.in_bulk(set(ends.values()))
    return {origin: found[end] for origin, end in ends.items() if end in found}


def possible_successors(referrer: Referrer) -> QuerySet[Referrer]:
    """Return the colleagues at the same place who are still there, by name; nobody where it is unknown."""
    colleagues: QuerySet[Referrer] = Referrer.objects.none()
    if referrer.organisation_id is not None:
        colleagues = Referrer.objects.filter(organisation=referrer.organisation_id, left_on=None).exclude(
            pk=referrer.pk
        )
    return colleagues.order_by("name_key", "pk")


def links_named_after(referrer: Referrer) -> QuerySet[TrackedLink]:
    """Return the links in use that carry the referrer's name, so that a colleague may carry them on."""
    found: QuerySet[TrackedLink] = TrackedLink.objects.filter(
        retired_at=None, label__contains=referrer.name
    ).order_by("label", "pk")
    return found


def is_leaving(referrer: Referrer) -> bool:
    """Return whether the coordinator has been asked to find out who takes over after the referrer."""
    return bool(Task.objects.open().filter(kind=TaskKind.REFERRER_SUCCESSOR, referrer=referrer).exists())
