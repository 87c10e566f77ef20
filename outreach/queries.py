"""Reads of partners, ways out and links that stay inside this package."""

from outreach.models import TrackedLink

# What a hurried reader or a mail program leaves around an address.
SURROUNDINGS = " .,;:!?)(\"'<>/"


def code_as_printed(typed: str) -> str:
    """Return the code that somebody typed from paper: in small letters, without what stands around it."""
    return typed.strip(SURROUNDINGS).lower()


def find_tracked_link(code: str) -> TrackedLink | None:
    """Return the link of that code in whatever programme, retired or not.

    A poster is read before any programme is known, so no scope is active, and the scope follows from
    the link; what it may show is public.
    """
    printed = code_as_printed(code)
    if not (printed.isascii() and printed.isalnum()):
        return None
    return TrackedLink._base_manager.select_related("programme").filter(code=printed).first()
