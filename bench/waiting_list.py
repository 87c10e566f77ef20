"""How long 5 000 rows of a waiting list take to be read, compared with 10 000 known people, and stored.

Run `python -m bench.waiting_list`: it prints seconds and queries for each step, in a database made for it.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

ROWS, KNOWN = 5_000, 10_000
GIVEN = "Anna Bo Cecilie Dorte Erik Frida Gorm Hanne Ib Jette Karl Lise Mogens Nanna Ole Pia"
FAMILY = "Holm Lund Ærø Østergård Ågård Krog Bech Dahl Friis Gade Juhl Kjær Møller Nygaard"
HEADER = "Fornavn;Efternavn;Telefon;Fødselsår;Postnr;Dato;Henvist af;Bemærkning"


def name(number: int) -> tuple[str, str]:
    """Return a name out of some thousands."""
    given, family = GIVEN.split(), FAMILY.split()
    return f"{given[number % 16]} {given[number // 7 % 16]}", f"{family[number // 16 % 14]}{number % 97}"


def timed(what: str, act: Callable[[], Any]) -> Any:
    """Do it, and print how long it took and how much it asked."""
    from django.db import connection  # noqa: PLC0415 - needs Django set up
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    started, busy = time.perf_counter(), time.process_time()
    with CaptureQueriesContext(connection) as queries:
        made = act()
    took, cpu = time.perf_counter() - started, time.process_time() - busy
    print(f"{what:34} {took:6.1f} s, {cpu:5.1f} s of our processor, {len(queries):5} queries")
    return made


def know(programme: Any, now: Any) -> None:
    """Register those who are known already."""
    from participants.services import register_participants  # noqa: PLC0415

    people = []
    for number in range(KNOWN):
        given, family = name(number * 3)
        phone, year = f"+4526{number:06d}", 1940 + number % 60
        people.append({"given_name": given, "family_name": family, "phone": phone, "birth_year": year})
    register_participants(programme=programme, people=people, by=None, now=now)


def rows() -> bytes:
    """Return a list as a municipality might keep it."""
    lines = [HEADER]
    for row in range(ROWS):
        told = (*name(row), f"2612{row:04d}", str(1940 + row % 60), "6700", "05.11.2025")
        lines.append(";".join((*told, f"Jobcenter {row % 40}", "Vil gerne ud blandt andre")))
    return "\n".join(lines).encode()


def measure(programme: Any, by: Any, now: Any) -> None:
    """Take the list the whole way; whoever resembles somebody is called new."""
    from referrals.forms.imports import read_list  # noqa: PLC0415
    from referrals.services import import_draft, keep_draft, open_draft  # noqa: PLC0415

    know(programme, now)
    read = timed("read and checked", lambda: read_list(rows(), today=now.date()))
    assert not read.faults, read.faults[:3]
    kept = {"file_name": "liste.csv", "arrivals": read.arrivals, "columns": read.columns}
    draft = timed(
        f"compared with {KNOWN} and kept", lambda: keep_draft(programme=programme, by=by, now=now, **kept)
    )
    content, _ = open_draft(draft)
    draft.decisions = json.dumps(dict.fromkeys(content.matches, "new"))
    draft.save(update_fields=["decisions"])
    print(f"{len(content.matches)} rows resemble somebody")
    print(timed("stored", lambda: import_draft(draft=draft, by=by, now=now)))


def main() -> None:
    """Measure in a database made for it and dropped again."""
    import django  # noqa: PLC0415 - after the servers are found
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415
    from django_scopes import scope  # noqa: PLC0415

    django.setup()
    from accounts.models import Programme, User  # noqa: PLC0415

    ordinary = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = "bench_waiting_list"
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        programme = Programme.objects.create(name="Bench", slug="bench", municipality="Bench")
        by = User.objects.create_user(email="bench@kommune.example", name="Bench")
        with scope(programme=programme):
            measure(programme, by, timezone.now())
    finally:
        connection.creation.destroy_test_db(ordinary, verbosity=0)


if __name__ == "__main__":
    from config.embedded.client import exported_servers
    from config.embedded.settings import folder_of

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    with ExitStack() as stack:
        embedded = folder_of(sys.argv)
        if embedded is not None:
            stack.enter_context(exported_servers(embedded.path, throwaway=embedded.throwaway))
        main()
