"""How well the search for likely same persons does on 200 hard pairs, and an exact search beside it.

Run `python -m bench.duplicates`: it prints the precision and recall of both and each pair that went
wrong, the same on pairs that the search was not tuned on (`bench/held_out.py`), and how long a search
takes among 100 000 people (`--people`), with a control that looks for like letters among everybody. The
known half of all pairs is registered together in one programme of a database made for it; then each other
half is searched for, and whoever else is found counts as a false alarm too. `duplicate_pairs.csv` is made
up; its labels say what a coordinator would, not what the search does.
"""

import argparse
import csv
import datetime as dt
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.held_out import FAMILY, GIVEN, SEED, held_out

PAIRS = Path(__file__).with_name("duplicate_pairs.csv")
FIELDS = ("given_name", "family_name", "phone", "email", "birth_year", "postcode")
AT_LEAST = 0.95
CROWD = 100_000
BATCH = 5_000
SEARCHES = 100
CONTROLS = 10  # searches by letters alone, which take long
QUICK_MS = 50  # it is asked while somebody types


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


def held_out_pairs() -> list[Pair]:
    """Return the generated pairs that the search was not tuned on."""
    return [Pair(*made) for made in held_out()]


def measure(programme: Any, now: dt.datetime, everyone: list[Pair] | None = None) -> tuple[Figures, Figures]:
    """Return the figures of the search and of the exact one; within the scope of an empty `programme`.

    Without `everyone` the hard pairs of the file are measured.
    """
    from participants.queries import find_likely_same, find_same_person  # noqa: PLC0415 - needs Django set up
    from participants.services import register_participant  # noqa: PLC0415

    everyone = pairs() if everyone is None else everyone
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


@dataclass(frozen=True)
class Speed:
    """How long the search takes among `people`, in milliseconds, and how many queries it is."""

    people: int
    median: float
    slowest: float
    queries: int
    control: float

    def __str__(self) -> str:
        return (
            f"among {self.people} people: median {self.median:.1f} ms, slowest {self.slowest:.1f} ms, "
            f"{self.queries} query; control, by letters alone: median {self.control:.0f} ms"
        )


def measure_speed(programme: Any, now: dt.datetime, people: int = CROWD) -> Speed:
    """Return the speed among `people`; within the scope of `programme`, which is filled with them.

    Everybody asked about is known, by another spelling or number, so that each search finds somebody.
    """
    from django.db import connection  # noqa: PLC0415 - needs Django set up
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from participants.queries import find_likely_same  # noqa: PLC0415
    from participants.services import register_participant  # noqa: PLC0415

    pairs = [pair for pair in held_out_pairs() if pair.same][:SEARCHES]
    _fill(programme, now, people)
    for pair in pairs:
        register_participant(programme=programme, **pair.known, by=None, now=now)
    asked = [_asked(pair.arrives) for pair in pairs]
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE participants_participant")
    with CaptureQueriesContext(connection) as captured:
        find_likely_same(**asked[0])
    taken = [_milliseconds(find_likely_same, question) for question in asked]
    control = [_milliseconds(_by_letters_alone, question) for question in asked[:CONTROLS]]
    return Speed(people, statistics.median(taken), max(taken), len(captured), statistics.median(control))


def _milliseconds(search: Callable[..., Any], question: dict[str, Any]) -> float:
    started = time.perf_counter()
    search(**question)
    return (time.perf_counter() - started) * 1000


def _by_letters_alone(**asked: Any) -> list[Any]:
    """Ask as one would without knowing what a likely person must have in common."""
    from django.contrib.postgres.search import TrigramSimilarity  # noqa: PLC0415 - needs Django set up

    from core.danish import fold  # noqa: PLC0415
    from participants.models import Participant  # noqa: PLC0415

    folded = fold(f"{asked['given_name']} {asked['family_name']}")
    alike = Participant.objects.filter(name_folded__trigram_similar=folded)
    return list(alike.order_by(TrigramSimilarity("name_folded", folded).desc())[:CONTROLS])


def _fill(programme: Any, now: dt.datetime, people: int) -> None:
    """Add so many `people` of common names; their numbers and addresses stand as hashes alone."""
    from core.danish import fold, name_key  # noqa: PLC0415 - needs Django set up
    from participants.models import Participant  # noqa: PLC0415

    chance = random.Random(SEED)
    for start in range(0, people, BATCH):
        batch = []
        for number in range(start, min(start + BATCH, people)):
            given, family = chance.choice(GIVEN), f"{chance.choice(FAMILY)} {chance.choice(FAMILY)}"
            batch.append(
                Participant(
                    programme=programme,
                    reference=f"B{number:07d}",
                    given_name=given,
                    family_name=family,
                    name_key=name_key(f"{family} {given}"),
                    name_folded=fold(f"{given} {family}"),
                    phone_hash=f"{number:064d}",
                    birth_year=chance.randint(1940, 2004),
                    stage_changed_at=now,
                    created_at=now,
                )
            )
        Participant.objects.bulk_create(batch)


def report(search: Figures, control: Figures, held_out: Figures, speed: Speed) -> Iterator[str]:
    """Yield the lines to print."""
    measured = (("search", search), ("control, exact match only", control), ("search, held out", held_out))
    for name, figures in measured:
        yield f"{name}: precision {figures.precision:.3f}, recall {figures.recall:.3f}"
    yield str(speed)
    yield from (f"  false alarm – {pair}" for pair in search.false_alarms)
    yield from (f"  missed – {pair}" for pair in search.missed)
    yield from (f"  held out, false alarm – {pair}" for pair in held_out.false_alarms)
    yield from (f"  held out, missed – {pair}" for pair in held_out.missed)


def main() -> int:
    """Measure in a database made for it and dropped again; answer 1 where the search is not good enough."""
    import django  # noqa: PLC0415 - after the servers are found
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415
    from django_scopes import scope  # noqa: PLC0415

    parser = argparse.ArgumentParser(prog="python -m bench.duplicates", description=__doc__)
    parser.add_argument("--people", type=int, default=CROWD)
    options = parser.parse_args()
    django.setup()
    from accounts.models import Programme  # noqa: PLC0415

    ordinary = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = "bench_duplicates"
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        first, second, third = (
            Programme.objects.create(name=f"Bench {slug}", slug=slug, municipality="Bench")
            for slug in ("hard", "held-out", "crowd")
        )
        now = timezone.now()
        with scope(programme=first):
            search, control = measure(first, now)
        with scope(programme=second):
            held_out, _ = measure(second, now, held_out_pairs())
        with scope(programme=third):
            speed = measure_speed(third, now, options.people)
    finally:
        connection.creation.destroy_test_db(ordinary, verbosity=0)
    sys.stdout.writelines(f"{line}\n" for line in report(search, control, held_out, speed))
    right = min(search.precision, search.recall, held_out.precision, held_out.recall) >= AT_LEAST
    return 0 if right and speed.median < QUICK_MS < speed.control else 1


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
