"""Reads about participants that more than one package needs."""

from participants.queries.many import Likely, Listed, find_likely_same_of_many
from participants.queries.same import (
    LikelySame,
    find_likely_same,
    find_likely_same_as,
    find_same_person,
    find_while_typing,
    surviving_record,
)

__all__ = [
    "Likely",
    "LikelySame",
    "Listed",
    "find_likely_same",
    "find_likely_same_as",
    "find_likely_same_of_many",
    "find_same_person",
    "find_while_typing",
    "surviving_record",
]
