"""Whether the traps for robots hold robots and lose no person: 200 human traces and 1 000 robots.

Run `python -m bench.spam`. Every sending goes through the public pages. A trace of a person is lost when its
arrival is neither received nor held where the coordinator sees it; that it is held costs one click. The
kinds of robot are those that makers of forms write about; how many of each is our guess, so the figures
stand kind by kind. The control counts how many the traps hold when they are switched off.
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

HUMANS, ROBOTS = 200, 1000
HELD_AT_LEAST = 0.95
MINUTES_3, HOURS_3 = 180, 3 * 3600
WORDS = (
    "Har været sygemeldt siden foråret, og dagene er blevet lange. Sag {number}.",
    "Vil gerne ud blandt andre igen. Musik har altid betydet meget. Sag {number}.",
    "Kommer sjældent hjemmefra og savner et fast sted at være. Sag {number}.",
)
SALES = "Cheap rankings for your site number {number}, see https://seo{number}.example/offer today!"


@dataclass(frozen=True)
class Sending:
    """What is posted, how many seconds after its page was drawn, and from which address."""

    kind: str
    answers: dict[str, str]
    age: int = MINUTES_3
    address: str = "203.0.113.1"
    page: str = ""
    traps: dict[str, str] = field(default_factory=dict)


def human_traces(total: int = HUMANS) -> Iterator[Sending]:
    """Yield the sendings of so many people, in eight ways of filling in a form."""
    for number in range(total // 8):
        one, address = _citizen(number), f"198.51.100.{number % 250}"
        filled_in = {"website": "https://www.kommune.example"}
        yield Sending(
            "autofill into the hidden field", _citizen(number + 1000), address=address, traps=filled_in
        )
        yield Sending("screen reader and keyboard", _citizen(number + 2000), 900, address)
        yield Sending("no JavaScript", _citizen(number + 3000), 60, address)
        yield Sending("three hours' pause", _citizen(number + 4000), HOURS_3, address)
        yield Sending("pasted text", _citizen(number + 5000, reason=WORDS[0] * 12), 6, address)
        yield Sending("back and corrected", one, 60, address, page=f"b{number}")
        yield Sending(
            "back and corrected", {**one, "phone": _phone(number + 7000)}, 90, address, page=f"b{number}"
        )
        for tab in (1, 2):
            yield Sending("two tabs", _citizen(number + 10_000 * tab), 45, address, page=f"t{number}")
        yield Sending("busy jobcentre behind one address", _referral(number + 30_000), 120, "192.0.2.77")


def robots(total: int = ROBOTS) -> Iterator[Sending]:
    """Yield so many sendings of robots, of eight kinds."""
    shares = {
        "fills in every field": 265,
        "sends at once": 200,
        "sells, patiently": 150,
        "sends one page all day": 150,
        "sends one text all day": 100,
        "names of random letters": 70,
        "forges the moment": 40,
        "patient browser, sensible words": 25,
    }
    number = 100_000  # none says what another says: that would be one sending sent twice
    for kind, share in shares.items():
        for _ in range(share * total // ROBOTS):
            number += 1
            yield _robot(kind, number)


def _robot(kind: str, number: int) -> Sending:
    address = f"10.{number % 200}.{number // 200 % 250}.9"
    one = _citizen(number)
    if kind == "fills in every field":
        return Sending(kind, one, 20, address, traps={"website": "https://buy.example"})
    if kind == "sends at once":
        return Sending(kind, one, number % 3, address)
    if kind == "sells, patiently":
        return Sending(kind, {**one, "reason": SALES.format(number=number)}, 40, address)
    if kind == "sends one page all day":
        return Sending(kind, one, 3600, address, page="captured")
    if kind == "sends one text all day":
        return Sending(kind, {**one, "reason": WORDS[1].format(number=0)}, 40, address)
    if kind == "names of random letters":
        return Sending(kind, {**one, "given_name": f"SgHdkRtbPqXw{'abcdefghij'[number % 10]}"}, 40, address)
    if kind == "forges the moment":
        return Sending(kind, one, 40, address, traps={"drawn": f"drawn:1tXXXX:{number}"})
    return Sending(kind, one, 40, address)


def _phone(number: int) -> str:
    return f"+4526{number % 1_000_000:06d}"  # every number of these is one that exists


def _citizen(number: int, **changed: str) -> dict[str, str]:
    reason = WORDS[number % len(WORDS)].format(number=number)
    said = {"given_name": "Anna", "family_name": f"Nr{_letters(number)}", "phone": _phone(number)}
    return {**said, "reason": reason, **changed}


def _referral(number: int) -> dict[str, str]:
    return {
        **_citizen(number),
        "agreed": "on",
        "referrer_name": f"Henrik {_letters(number).title()}",
        "referrer_workplace": "Jobcenter Bench",
        "referrer_email": f"henrik{number % 20}@jobcenter.example",
    }


def _letters(number: int) -> str:
    return "".join("abcdefghij"[int(digit)] for digit in str(number))


def drawn(sending: Sending, number: int) -> str:
    """Return the hidden moment of a page that was drawn `sending.age` seconds ago."""
    from django.core.signing import TimestampSigner, b62_encode  # noqa: PLC0415 - needs Django set up

    class Earlier(TimestampSigner):
        def timestamp(self) -> str:
            return b62_encode(int(time.time()) - sending.age)

    signed = Earlier(salt="core.spam").sign(sending.page or f"page{number}")
    if not sending.page:
        return signed
    return _SAME_PAGE.setdefault(sending.page, signed)


_SAME_PAGE: dict[str, str] = {}  # what one drawing of a page carries, however often it is sent


@dataclass
class Tally:
    """What became of sendings, kind by kind."""

    received: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)

    def lines(self) -> Iterator[str]:
        for kind in sorted({*self.received, *self.held, *self.lost}):
            yield f"  {kind}: {self.received[kind]} received, {self.held[kind]} held, {self.lost[kind]} lost"


def send_all(slug: str, sendings: Iterator[Sending]) -> Tally:
    """Post each to the public page of its kind, and see what is stored afterwards."""
    from django.test import Client  # noqa: PLC0415
    from django_scopes import scopes_disabled  # noqa: PLC0415

    from referrals.models import HeldArrival, Referral  # noqa: PLC0415
    from tests.referrals.pages import as_read  # noqa: PLC0415

    tally, browser = Tally(), Client()
    professional, citizen = f"/henvis/{slug}/jobcenter/", f"/tilmeld/{slug}/"
    carried = {url: as_read(browser, url) for url in (professional, citizen)}
    with scopes_disabled():
        before = Referral.objects.count(), HeldArrival.objects.count()
    for number, sending in enumerate(sendings):
        url = professional if "referrer_name" in sending.answers else citizen
        hidden: dict[str, Any] = {"website": "", "drawn": drawn(sending, number), **sending.traps}
        said = {**sending.answers, **carried[url], **hidden, "step": "send"}
        browser.post(url, said, REMOTE_ADDR=sending.address)
        with scopes_disabled():
            after = Referral.objects.count(), HeldArrival.objects.count()
        kept = [now - then for now, then in zip(after, before, strict=True)]
        outcome = tally.received if kept[0] else tally.held if kept[1] else tally.lost
        outcome[sending.kind] += 1
        before = after
    _SAME_PAGE.clear()
    return tally


def measure(slug: str, *, humans: int = HUMANS, bots: int = ROBOTS) -> tuple[Tally, Tally]:
    """Return what became of the people and of the robots."""
    return send_all(slug, human_traces(humans)), send_all(slug, robots(bots))


def without_traps(slug: str, *, bots: int) -> Tally:
    """Return the control: what becomes of the robots when nothing speaks against anybody."""
    with (
        patch("core.spam.SpamGuardMixin.spam_reasons", return_value=[]),
        patch("referrals.services.quarantine._limits_passed", return_value=[]),
    ):
        return send_all(slug, robots(bots))


def main() -> int:
    """Measure in a database made for it and dropped again; answer 1 where a person is lost or robots pass."""
    import django  # noqa: PLC0415 - after the servers are found
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import setup_test_environment  # noqa: PLC0415

    django.setup()
    setup_test_environment()  # the host that a test's browser names, and no mail leaves
    from accounts.models import Programme  # noqa: PLC0415

    ordinary = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = "bench_spam"
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        for slug in ("bench", "control"):
            Programme.objects.create(name=slug, slug=slug, municipality="Bench")
        people, machines = measure("bench")
        control = without_traps("control", bots=100)
    finally:
        connection.creation.destroy_test_db(ordinary, verbosity=0)
    share = machines.held.total() / ROBOTS
    for heading, tally in (("people", people), ("robots", machines)):
        sys.stdout.writelines(f"{line}\n" for line in (heading, *tally.lines()))
    sys.stdout.write(f"people lost: {people.lost.total()}; robots held: {share:.1%}\n")
    sys.stdout.write(f"control, traps off: {control.held.total()} of 100 robots held\n")
    return 0 if not people.lost and share >= HELD_AT_LEAST else 1


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
