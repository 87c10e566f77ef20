"""How well the search for likely same persons does on 200 hard pairs, and an exact search beside it.

Run `python -m bench.duplicates`: it prints the precision and recall of both and each pair that went
wrong. The known half of all pairs is registered together in one programme of a database made for it; then
each other half is searched for, and whoever else is found counts as a false alarm too.
`duplicate_pairs.csv` is made up; its labels say what a coordinator would, not what the search does.
"""

import csv
import datetime as dt
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAIRS = Path(__file__).with_name("duplicate_pairs.csv")
FIELDS = ("given_name", "family_name", "phone", "email", "birth_year", "postcode")
AT_LEAST = 0.95


@dataclass(frozen=True)
class Pair:
    """Somebody known, somebody who arrives, and whether they are the same person."""

    kind: str
    same: bool
    known: dict[str, Any]
    arrives: dict[str, Any]

    def __str__(self) -> str:
        names = " / ".join(f"{who['given_name']} {who['family_name']}" for who in (self.known, self.arrives))
        return f"{self.kind}: {names}"


@dataclass(frozen=True)
class Figures:
    """What a search found among the pairs: rightly, wrongly and not at all."""

    right: int
    false_alarms: list[str]
    missed: list[str]

    @property
    def precision(self) -> float:
        found = self.right + len(self.false_alarms)
        return self.right / found if found else 0.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + len(self.missed))


def pairs() -> list[Pair]:
    """Return the labelled pairs of the file."""
    with PAIRS.open(encoding="utf-8", newline="") as file:
        return [_pair(row) for row in csv.DictReader(file)]


def _pair(row: dict[str, str]) -> Pair:
    def person(prefix: str) -> dict[str, Any]:
        said: dict[str, Any] = {name: row[prefix + name] for name in FIELDS}
        return {**said, "birth_year": int(said["birth_year"]) if said["birth_year"] else None}

    return Pair(row["kind"], row["same"] == "ja", person("known_"), person(""))


def measure(programme: Any, now: dt.datetime) -> tuple[Figures, Figures]:
    """Return the figures of the search and of the exact one; within the scope of an empty `programme`."""
    from participants.queries import find_likely_same, find_same_person  # noqa: PLC0415 - needs Django set up
    from participants.services import register_participant  # noqa: PLC0415

    everyone = pairs()
    ids = [register_participant(programme=programme, **pair.known, by=None, now=now).pk for pair in everyone]

    def likely(asked: dict[str, Any]) -> set[int]:
        return {found.participant.pk for found in find_likely_same(**asked)}

    def exact(asked: dict[str, Any]) -> set[int]:
        known = find_same_person(**{name: value for name, value in asked.items() if name != "postcode"})
        return {known.pk} if known else set()

    return _figures(everyone, ids, likely), _figures(everyone, ids, exact)


def _figures(everyone: list[Pair], ids: list[int], search: Callable[[dict[str, Any]], set[int]]) -> Figures:
    right, false_alarms, missed = 0, [], []
    for pair, pk in zip(everyone, ids, strict=True):
        found = search(_asked(pair.arrives))
        wanted = {pk} if pair.same else set()
        right += len(found & wanted)
        false_alarms += [str(pair)] * len(found - wanted)
        missed += [str(pair)] * len(wanted - found)
    return Figures(right, false_alarms, missed)


def _asked(person: dict[str, Any]) -> dict[str, Any]:
    from core.lookups import email_hash, phone_hash  # noqa: PLC0415 - needs Django set up

    said = {name: value for name, value in person.items() if name not in ("phone", "email")}
    return {**said, "phone_hash": phone_hash(person["phone"]), "email_hash": email_hash(person["email"])}


def report(search: Figures, control: Figures) -> Iterator[str]:
    """Yield the lines to print."""
    for name, figures in (("search", search), ("control, exact match only", control)):
        yield f"{name}: precision {figures.precision:.3f}, recall {figures.recall:.3f}"
    yield from (f"  false alarm – {pair}" for pair in search.false_alarms)
    yield from (f"  missed – {pair}" for pair in search.missed)


def main() -> int:
    """Measure in a database made for it and dropped again; answer 1 where the search is not good enough."""
    import django  # noqa: PLC0415 - after the servers are found
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415
    from django_scopes import scope  # noqa: PLC0415

    django.setup()
    from accounts.models import Programme  # noqa: PLC0415

    ordinary = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = "bench_duplicates"
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        programme = Programme.objects.create(name="Bench", slug="bench", municipality="Bench")
        with scope(programme=programme):
            search, control = measure(programme, timezone.now())
    finally:
        connection.creation.destroy_test_db(ordinary, verbosity=0)
    sys.stdout.writelines(f"{line}\n" for line in report(search, control))
    return 0 if min(search.precision, search.recall) >= AT_LEAST else 1


if __name__ == "__main__":
    from config.embedded.client import exported_servers
    from config.embedded.settings import folder_of

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    with ExitStack() as stack:
        embedded = folder_of(sys.argv)
        if embedded is not None:
            stack.enter_context(exported_servers(embedded.path, throwaway=embedded.throwaway))
        status = main()
    sys.exit(status)
