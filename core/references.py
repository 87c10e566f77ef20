"""Reference numbers that people read out over the telephone. They open nothing."""

import secrets

# No vowels, so no words; no 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V: nothing that is misheard or misread.
ALPHABET = "34679CDFGHJKMNPQRTWXY"
LENGTH = 7


def new_reference() -> str:
    """Return a random reference such as "K7MF-3PQ"; of 1.8 billion, so a clash is left to the unique key."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{drawn[:4]}-{drawn[4:]}"
