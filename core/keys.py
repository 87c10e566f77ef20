"""What may be the key of a row, where an address or a form says it as text."""

LONGEST_KEY = 18  # digits: bigint holds nineteen, but not all of them


def key_in(text: str) -> int | None:
    """Return the key that `text` is, None where it can be no row's: then nobody needs to ask the database.

    Only plain digits count: `int` would take those of other scripts, a sign, spaces and underscores, and
    refuses thousands of digits with an exception; PostgreSQL refuses what is longer than a bigint, and NUL.
    """
    if text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY:
        return int(text)
    return None
