"""Links sent to people, every purpose of the URLconf: a bad one opens one page, and nothing else happens."""

import datetime as dt
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from accounts.models import Programme
from core.models import LinkToken
from core.tokens import ALPHABET, LENGTH, LinkUnusable, issue_token, open_token, revoke_tokens
from evaluation.enums import Occasion
from evaluation.models import Invitation
from evaluation.services import invite_to_measure
from outreach.models import InterestedPerson, Referrer
from participants.models import Participant
from participants.services import renew_participant_page_link
from referrals.services import referrer_page_url
from referrals.services.interest import stop_url
from tests import factories
from tests.urlconf import Route, routes

LINKS = [route for route in routes() if hasattr(route.view, "link_purpose") and "token" in route.parameters]
PURPOSES = {str(route.view.link_purpose) for route in LINKS}  # type: ignore[attr-defined]
DAY = dt.timedelta(days=1)
RANDOM_TOKENS = 10_000


@dataclass(frozen=True)
class Holder:
    """A link that works, and how to erase whom it was sent to."""

    token: str
    erase: Callable[[], object]


def questionnaire(programme: Programme, now: dt.datetime) -> Holder:
    person = factories.make_participant(programme)
    with scope(programme=programme):
        _, token = invite_to_measure(participant=person, occasion=Occasion.BEFORE, by=None, now=now)
    return Holder(token, lambda: Invitation.objects.filter(participant=person).delete())


def participant_page(programme: Programme, now: dt.datetime) -> Holder:
    person = factories.make_participant(programme)
    with scope(programme=programme):
        token = renew_participant_page_link(participant=person, now=now)
    return Holder(token, lambda: Participant.objects.filter(pk=person.pk).delete())


def referrer_page(programme: Programme, now: dt.datetime) -> Holder:
    referrer = factories.make_referrer(programme)
    with scope(programme=programme):
        token = referrer_page_url(referrer=referrer, now=now).rstrip("/").rsplit("/", 1)[1]
    return Holder(token, lambda: Referrer.objects.filter(pk=referrer.pk).delete())


def interested_stop(programme: Programme, now: dt.datetime) -> Holder:
    person = factories.make_interested(programme)
    with scope(programme=programme):
        token = stop_url(person=person, now=now).rstrip("/").rsplit("/", 1)[1]
    return Holder(token, lambda: InterestedPerson.objects.filter(pk=person.pk).delete())


# A new purpose fails every test here until it says how such a link comes to be.
HOLDERS: dict[str, Callable[[Programme, dt.datetime], Holder]] = {
    "questionnaire": questionnaire,
    "participant-page": participant_page,
    "referrer-page": referrer_page,
    "interested-stop": interested_stop,
}


def purpose_of(route: Route) -> str:
    return str(route.view.link_purpose)  # type: ignore[attr-defined]


def address(route: Route, token: str) -> str:
    """Return the address of the link, with the token in it as a browser would send it."""
    return reverse(route.name, args=["x"]).replace("/x/", f"/{token}/")


def seen(response: HttpResponse) -> tuple[int, dict[str, str], str, list[str]]:
    """Return all that an answer tells, but what is drawn anew for each."""
    page = response.content.decode()
    page = re.sub(r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"', "", page)
    headers = {name: re.sub(r"'nonce-[^']*'", "", value) for name, value in response.headers.items()}
    return response.status_code, headers, page, sorted(response.cookies)


def follow(route: Route, token: str) -> HttpResponse:
    """Open the link in a browser of its own, as far as it leads."""
    return Client().get(address(route, token), follow=True)


@pytest.fixture(params=LINKS, ids=purpose_of)
def route(request: pytest.FixtureRequest) -> Route:
    found: Route = request.param
    return found


@pytest.fixture
def holder(route: Route, programme: Programme) -> Holder:
    return HOLDERS[purpose_of(route)](programme, timezone.now())


@pytest.fixture
def refusal(route: Route, db: None) -> tuple[int, dict[str, str], str, list[str]]:
    """What a link that was never sent opens."""
    answer = seen(follow(route, "a" * LENGTH))
    assert answer[0] == 404
    assert "Linket virker ikke" in answer[2]
    return answer


def test_every_purpose_is_tried_here() -> None:
    assert set(HOLDERS) == PURPOSES
    assert len(PURPOSES) >= 3


def test_a_link_opens_its_page(route: Route, holder: Holder) -> None:
    """The control of all that follows."""
    assert follow(route, holder.token).status_code == 200


ALTERATIONS: dict[str, Callable[[str], str]] = {
    "one letter another": lambda token: ("b" if token[0] != "b" else "c") + token[1:],
    "a digit that tokens have": lambda token: token[:-1] + ("7" if token[-1] != "7" else "6"),
    "a digit that tokens lack": lambda token: token[:-1] + "1",
    "a letter short": lambda token: token[:-1],
    "a letter too many": lambda token: token + "a",
    "twice": lambda token: token * 2,
    "a Danish letter": lambda token: "å" + token[1:],
    "a letter that looks alike": lambda token: "а" + token[1:],
    "a space within": lambda token: token[:9] + "%20" + token[10:],
    "a line break within": lambda token: token[:9] + "%0A" + token[10:],
    "NUL": lambda token: token[:9] + "%00" + token[10:],
    "from right to left": lambda token: token[:9] + "%E2%80%AE" + token[10:],
    "an emoji": lambda token: token[:9] + "%F0%9F%98%80" + token[10:],
    "no UTF-8": lambda token: token[:9] + "%FF" + token[10:],
    "escaped twice": lambda token: token[:9] + "%2541" + token[10:],
    "a quote": lambda token: token[:9] + "'" + token[10:],
    "a sign of SQL": lambda token: "%25",
    "a tag": lambda token: "%3Cscript%3E",
    "very long": lambda token: "a" * 4000,
    "reversed": lambda token: token[::-1],
}


@pytest.mark.parametrize("alter", ALTERATIONS.values(), ids=ALTERATIONS)
def test_an_altered_link_opens_the_one_page(
    route: Route, holder: Holder, refusal: object, alter: Callable[[str], str]
) -> None:
    assert seen(follow(route, alter(holder.token))) == refusal


def bad_links(route: Route, programme: Programme, other_programme: Programme) -> Iterator[tuple[str, str]]:
    """Yield what is wrong and the token of a link that was once made, each for a holder of its own."""
    purpose, now = purpose_of(route), timezone.now()
    make = HOLDERS[purpose]
    for other in sorted(PURPOSES - {purpose}):
        yield f"made for {other}", HOLDERS[other](programme, now).token
    expired = make(programme, now)
    LinkToken.objects.filter(pk=opened(expired, purpose).pk).update(created_at=now - DAY, expires_at=now)
    yield "expired", expired.token
    revoked = make(programme, now)
    revoke_tokens(purpose=purpose, subject_id=opened(revoked, purpose).subject_id, now=now)
    yield "revoked", revoked.token
    erased = make(programme, now)
    with scopes_disabled():
        erased.erase()
    yield "of somebody erased", erased.token
    foreign = make(other_programme, now)
    yield (
        "of another programme's row",
        issue_token(
            purpose=purpose,
            programme_id=programme.pk,
            subject_id=opened(foreign, purpose).subject_id,
            expires_at=now + DAY,
            now=now,
        ),
    )


def opened(holder: Holder, purpose: str) -> LinkToken:
    return open_token(holder.token, purpose=purpose, now=timezone.now())


def test_every_bad_link_opens_the_same_page(
    route: Route, programme: Programme, other_programme: Programme, refusal: tuple[int, object, str, object]
) -> None:
    for wrong, token in bad_links(route, programme, other_programme):
        status, _, page, _ = seen(follow(route, token))
        assert (status, page) == (404, refusal[2]), wrong


def test_a_scanner_that_opens_a_link_a_thousand_times_changes_nothing(route: Route, holder: Holder) -> None:
    before = list(LinkToken.objects.order_by("pk").values())
    browser = Client()
    for number in range(1000):
        method = (browser.get, browser.head, browser.options)[number % 3]
        assert method(address(route, holder.token)).status_code in {200, 302}
    bare = browser.get(address(route, holder.token)).headers["Location"]
    for method in 50 * (browser.get, browser.head, browser.options):
        assert method(bare).status_code == 200

    assert list(LinkToken.objects.order_by("pk").values()) == before
    assert follow(route, holder.token).status_code == 200


def random_token() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def test_three_hundred_random_links_open_one_page_and_the_holder_is_unaffected(
    route: Route, holder: Holder, refusal: object
) -> None:
    browser = Client()
    for _ in range(300):
        assert seen(browser.get(address(route, random_token()))) == refusal
    assert follow(route, holder.token).status_code == 200


def test_ten_thousand_random_tokens_open_nothing(programme: Programme) -> None:
    """For every purpose in turn; among them, as the control, one that opens."""
    now = timezone.now()
    holders = {purpose: make(programme, now).token for purpose, make in HOLDERS.items()}
    opened_ones = []
    for number in range(RANDOM_TOKENS):
        purpose = sorted(PURPOSES)[number % len(PURPOSES)]
        token = holders[purpose] if number == RANDOM_TOKENS // 2 else random_token()
        try:
            opened_ones.append(open_token(token, purpose=purpose, now=now).purpose)
        except LinkUnusable:
            continue
    assert len(opened_ones) == 1
    for purpose, token in holders.items():
        assert open_token(token, purpose=purpose, now=now).used_at is None
