"""Whether the time of an answer tells if an address is known: 500 known and 500 unknown, one after the other.

Run `python -m bench.enumeration`. Each form is posted to in a shuffled order and timed; the AUC is how often
a known address took longer than an unknown one. 0.5 is a coin; promised is 0.45–0.55 for the forms that
anybody may ask with an address alone. The control looks the address up within the request, and shows.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

EACH = 500
WARM_UP = 40
NO_BETTER_THAN_A_COIN = (0.45, 0.55)


@dataclass(frozen=True)
class Times:
    """Seconds that answers took, for the known and for the unknown."""

    known: list[float]
    unknown: list[float]

    @property
    def auc(self) -> float:
        """The chance that an answer about somebody known took longer than one about somebody unknown."""
        return auc(self.known, self.unknown)


def auc(known: list[float], unknown: list[float]) -> float:
    """Return the area under the curve of the classifier "it took longer": Mann and Whitney's U, scaled."""
    ranked = sorted([(value, True) for value in known] + [(value, False) for value in unknown])
    rank_sum, place = 0.0, 0
    while place < len(ranked):
        end = place
        while end < len(ranked) and ranked[end][0] == ranked[place][0]:
            end += 1
        rank_sum += (place + 1 + end) / 2 * sum(is_known for _, is_known in ranked[place:end])
        place = end
    pairs = len(known) * len(unknown)
    return (rank_sum - len(known) * (len(known) + 1) / 2) / pairs


def measure(post: Callable[[str, int], Any], *, each: int = EACH) -> Times:
    """Return how long `post(email, number)` takes, the known and the unknown in a shuffled order."""
    draw = random.Random(1)
    order = [(True, number) for number in range(each)] + [(False, number) for number in range(each)]
    draw.shuffle(order)
    for number in range(WARM_UP):
        post(f"varm{number:04d}@sted.example", 9_000 + number)
    times = Times([], [])
    for place, (is_known, number) in enumerate(order):
        email = f"{'kendt' if is_known else 'ukend'}{number:04d}@sted.example"
        start = time.perf_counter()
        post(email, place)
        (times.known if is_known else times.unknown).append(time.perf_counter() - start)
    return times


def posting(url: str, **typed: str) -> Callable[[str, int], Any]:
    """Return what posts a form about an address, each time from another address of the internet."""
    from django.test import Client  # noqa: PLC0415 - needs Django set up

    browser = Client()

    def post(email: str, number: int) -> Any:
        said = {name: value.format(email=email, number=number) for name, value in typed.items()}
        answer = browser.post(url, said, REMOTE_ADDR=f"10.1.{number // 250}.{number % 250}")
        if answer.status_code != 302:
            raise RuntimeError(f"{url} answered {answer.status_code}.")
        return answer

    return post


def known_people(programme: Any, now: Any) -> None:
    """Make a referrer and a colleague for each known address, and for each that warms up."""
    from accounts.models import User  # noqa: PLC0415
    from outreach.services import create_referrer  # noqa: PLC0415

    addresses = [f"kendt{number:04d}@sted.example" for number in range(EACH)]
    for email in addresses:
        create_referrer(programme=programme, name="Henrik Holm", email=email, by=None, now=now)
    User.objects.bulk_create(User(email=email, password="!") for email in addresses)  # noqa: S106


def look_up_at_once(**asked: Any) -> None:
    """Do what a page would that plans the mail itself."""
    from referrals.services import (  # noqa: PLC0415
        answer_link_request,
        request_referrer_link,
        waiting_link_requests,
    )

    request_referrer_link(**asked)
    for key in waiting_link_requests():
        answer_link_request(request_id=key, now=asked["now"])


def results(programme: Any) -> Iterator[tuple[str, Times]]:
    """Yield the name of each form and its times; the control last."""
    url = f"/henvis/{programme.slug}/mit-link/"
    yield "a link to the own page", measure(posting(url, email="{email}"))
    with patch("referrals.views.referrer.request_referrer_link", look_up_at_once):
        yield "control: looked up at once", measure(posting(url, email="{email}"))


def report(found: dict[str, Times]) -> Iterator[str]:
    """Yield the lines to print."""
    for name, times in found.items():
        middles = [1000 * statistics.median(group) for group in (times.known, times.unknown)]
        yield f"{name}: AUC {times.auc:.3f} (median {middles[0]:.2f} ms known, {middles[1]:.2f} ms unknown)"


def main() -> int:
    """Measure in a database made for it and dropped again; answer 1 where time tells too much."""
    import django  # noqa: PLC0415 - after the servers are found
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import setup_test_environment  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415
    from django_scopes import scope  # noqa: PLC0415

    django.setup()
    setup_test_environment()  # the host that a test's browser names, and no mail leaves
    from accounts.models import Programme  # noqa: PLC0415

    ordinary = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = "bench_enumeration"
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        programme = Programme.objects.create(name="Bench", slug="bench", municipality="Bench")
        with scope(programme=programme):
            known_people(programme, timezone.now())
        found = dict(results(programme))
    finally:
        connection.creation.destroy_test_db(ordinary, verbosity=0)
    sys.stdout.writelines(f"{line}\n" for line in report(found))
    promised, control = found.values()
    low, high = NO_BETTER_THAN_A_COIN
    return 0 if low <= promised.auc <= high and not low <= control.auc <= high else 1


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
