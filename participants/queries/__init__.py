"""Reads about participants that more than one package needs."""

from participants.queries.same import (
    LikelySame,
    find_likely_same,
    find_likely_same_as,
    find_same_person,
    find_while_typing,
    surviving_record,
)

__all__ = [
    "LikelySame",
    "find_likely_same",
    "find_likely_same_as",
    "find_same_person",
    "find_while_typing",
    "surviving_record",
]
