"""Whether the answer, or its time, tells if somebody is known: 500 known and 500 unknown, in pairs.

Run `python -m bench.enumeration`. Each public form is posted to about people, referrers or colleagues who
are known and not known, one of each in turn. Printed are whether status, headers and
pages are the same (CSRF token, nonce and receipt number left out), and the AUC of "it took longer": how
often a known one took longer than an unknown one. 0.5 is a coin; promised is 0.45–0.55. Each control does
the work before the answer, as a plain page would, and shows. `--all` posts to each professional's form.
"""

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

EACH = 500
COMPARED = 10  # of each, whose pages behind the answer are opened too
WARM_UP = 40
NO_BETTER_THAN_A_COIN = (0.45, 0.55)
Post = Callable[[bool, int, int], Any]


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


@dataclass
class Finding:
    """What came of one form: times, and the ways in which it answered the known and the unknown."""

    name: str
    is_control: bool
    times: Times = field(default_factory=lambda: Times([], []))
    same_status: bool = False
    same_headers: bool = False
    same_pages: bool = False

    @property
    def is_right(self) -> bool:
        """Whether it tells nothing; a control is right when its time does."""
        low, high = NO_BETTER_THAN_A_COIN
        silent = low <= self.times.auc <= high
        return not silent if self.is_control else silent and self.same_answers

    @property
    def same_answers(self) -> bool:
        return self.same_status and self.same_headers and self.same_pages

    def __str__(self) -> str:
        middles = [1000 * statistics.median(group) for group in (self.times.known, self.times.unknown)]
        same = {"status": self.same_status, "headers": self.same_headers, "pages": self.same_pages}
        answers = ", ".join(f"{what} {'alike' if alike else 'DIFFER'}" for what, alike in same.items())
        return (
            f"{'ok    ' if self.is_right else 'BROKEN'} {self.name}: AUC {self.times.auc:.3f} "
            f"(median {middles[0]:.2f} ms known, {middles[1]:.2f} ms unknown); {answers}"
        )


def measure(name: str, post: Post, *, each: int, is_control: bool = False) -> Finding:
    """Return what `post(is_known, number, place)` tells; of each pair a coin says who is first."""
    draw = random.Random(1)
    pairs = [draw.sample([True, False], 2) for _ in range(each)]
    order = [(is_known, number) for number, pair in enumerate(pairs) for is_known in pair]
    for number in range(WARM_UP):
        post(False, 9000 + number, 9000 + number)
    found = Finding(name, is_control)
    answers: dict[bool, list[Any]] = {True: [], False: []}
    for place, (is_known, number) in enumerate(order):
        start = time.perf_counter()
        answer = post(is_known, number, place)
        (found.times.known if is_known else found.times.unknown).append(time.perf_counter() - start)
        answers[is_known].append(answer)
    compare(found, answers[True], answers[False])
    return found


def compare(found: Finding, known: list[Any], unknown: list[Any]) -> None:
    """Note whether the answers to the known and to the unknown are the same, one by one."""
    from tests.alike import headers_of, told  # noqa: PLC0415 - needs Django set up

    pairs = list(zip(known, unknown, strict=True))
    found.same_status = all(one.status_code == other.status_code for one, other in pairs)
    found.same_headers = all(headers_of(one) == headers_of(other) for one, other in pairs)
    found.same_pages = all(list(told(one)) == list(told(other)) for one, other in pairs[:COMPARED])


def posting(url: str, **typed: Any) -> Post:
    """Return what posts a form, each time from another address of the internet.

    In what is typed, `{who}` is a word that only the known have in common with what is stored.
    """
    from django.test import Client  # noqa: PLC0415 - needs Django set up

    browser, carried = Client(), {}
    if "step" in typed:  # the form of an arrival says which version was read
        from tests.referrals.pages import as_read  # noqa: PLC0415

        carried = as_read(browser, url)

    def post(is_known: bool, number: int, place: int) -> Any:
        who, digit = ("kendt", 4) if is_known else ("ukend", 5)
        said = {
            name: value.format(who=f"{who}{number:04d}", phone=f"2{digit}44{number:04d}", place=place)
            if isinstance(value, str)
            else value
            for name, value in typed.items()
        }
        answer = browser.post(url, carried | said, REMOTE_ADDR=f"10.1.{place // 250}.{place % 250}")
        if answer.status_code != 302:
            raise RuntimeError(f"{url} answered {answer.status_code}.")
        return answer

    return post


def known_people(programme: Any, now: Any, each: int) -> None:
    """Make a participant, a referrer and a colleague for each known address."""
    from accounts.models import User  # noqa: PLC0415
    from outreach.services import create_referrer  # noqa: PLC0415
    from participants.services import register_participant  # noqa: PLC0415

    for number in range(each):
        email = f"kendt{number:04d}@sted.example"
        create_referrer(programme=programme, name="Henrik Holm", email=email, by=None, now=now)
        register_participant(
            programme=programme,
            given_name="Anna",
            family_name="Sørensen",
            phone=f"+452444{number:04d}",
            email=email,
            by=None,
            now=now,
        )
        User.objects.create(email=email, password="!")  # noqa: S106


CITIZEN = {"given_name": "Anna", "family_name": "Sørensen", "phone": "{phone}", "step": "send"}


def forms(slug: str, *, every: bool) -> Iterator[tuple[str, Post]]:
    """Yield each public form that takes an address or a number, and what posts to it."""
    from referrals.forms.kinds import PROFESSIONAL_KINDS  # noqa: PLC0415 - needs Django set up
    from tests.referrals.answers import TYPED_BY_CASEWORKER  # noqa: PLC0415

    yield "a link to the own page", posting(f"/henvis/{slug}/mit-link/", email="{who}@sted.example")
    yield "a new password", posting("/konto/password/reset/", email="{who}@sted.example")
    yield "sign-up", posting(f"/tilmeld/{slug}/", email="{who}@sted.example", **CITIZEN)
    referred = TYPED_BY_CASEWORKER | CITIZEN | {"referrer_email": "ny{place}@sted.example"}
    sent_again = referred | {"referrer_email": "{who}@sted.example", "phone": "2644{place:04d}"}
    for kind in PROFESSIONAL_KINDS if every else PROFESSIONAL_KINDS[:1]:
        url = f"/henvis/{slug}/{kind.path}/"
        yield f"referral ({kind.path}), citizen", posting(url, **referred)
        yield f"referral ({kind.path}), referrer", posting(url, **sent_again)


# --- The controls ----------------------------------------------------------------------------------


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


def let_in_at_once(**sent: Any) -> str:
    """Do what a page would that looks itself whom a form is about."""
    from referrals.services import receive_waiting_arrivals, take_arrival  # noqa: PLC0415

    reference = take_arrival(**sent)
    receive_waiting_arrivals(programme=sent["programme"])
    return reference


@contextmanager
def as_allauth_does() -> Iterator[None]:
    """Ask for a new password as in allauth's own form."""
    from allauth.account.forms import EmailAwarePasswordResetTokenGenerator  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415
    from django.test import override_settings  # noqa: PLC0415

    plain = {**settings.ACCOUNT_FORMS, "reset_password": "allauth.account.forms.ResetPasswordForm"}
    with (
        override_settings(ACCOUNT_FORMS=plain),
        patch("allauth.account.forms.default_token_generator", EmailAwarePasswordResetTokenGenerator()),
    ):
        yield


def clear_waiting() -> None:
    """Forget the arrivals that nobody let in, so that the next control does not."""
    from django_scopes import scopes_disabled  # noqa: PLC0415

    from referrals.models import WaitingArrival  # noqa: PLC0415

    with scopes_disabled():
        WaitingArrival.objects.all().delete()


def results(programme: Any, *, each: int, every: bool) -> Iterator[Finding]:
    """Yield what each form tells, then the controls."""
    posts = dict(forms(programme.slug, every=every))
    for name, post in posts.items():
        yield measure(name, post, each=each)
    naive: dict[str, Any] = {
        "a link to the own page": patch("referrals.views.referrer.request_referrer_link", look_up_at_once),
        "a new password": as_allauth_does(),
        "sign-up": patch("referrals.views.public.take_arrival", let_in_at_once),
    }
    forget_limits()
    clear_waiting()
    for name, change in naive.items():
        with change:
            yield measure(f"control, {name}", posts[name], each=each, is_control=True)


def forget_limits() -> None:
    """Let the same addresses ask again, and be received again."""
    from django.core.cache import cache  # noqa: PLC0415
    from django_scopes import scopes_disabled  # noqa: PLC0415

    from core.models import RateHit  # noqa: PLC0415

    with scopes_disabled():
        RateHit.objects.all().delete()
    cache.clear()


def main() -> int:
    """Measure in a database made for it and dropped again; answer 1 where an answer tells too much."""
    import django  # noqa: PLC0415 - after the servers are found
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import setup_test_environment  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415
    from django_scopes import scope  # noqa: PLC0415

    parser = argparse.ArgumentParser(prog="python -m bench.enumeration", description=__doc__)
    parser.add_argument("--each", type=int, default=EACH, help="how many known, and how many unknown")
    parser.add_argument("--all", action="store_true", help="each professional's form")
    options = parser.parse_args()
    django.setup()
    setup_test_environment()  # the host that a test's browser names, and no mail leaves
    from accounts.models import Programme  # noqa: PLC0415

    ordinary = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = "bench_enumeration"
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    found = []
    try:
        programme = Programme.objects.create(name="Bench", slug="bench", municipality="Bench")
        with scope(programme=programme):
            known_people(programme, timezone.now(), options.each)
        for finding in results(programme, each=options.each, every=options.all):
            print(finding, flush=True)
            found.append(finding)
    finally:
        connection.creation.destroy_test_db(ordinary, verbosity=0)
    return 0 if all(finding.is_right for finding in found) else 1


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
