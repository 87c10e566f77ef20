import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from core.models import LinkToken
from core.tokens import (
    ALPHABET,
    LinkUnusable,
    UnusableReason,
    consume_token,
    issue_token,
    open_token,
    revoke_tokens,
)
from tests.concurrency import at_once


@pytest.fixture
def issue(programme, now):
    """Issue a link to subject 7; what a test says differs."""

    def issued(**changes):
        usual = {
            "purpose": "measure",
            "programme_id": programme.pk,
            "subject_id": 7,
            "expires_at": now + timedelta(days=14),
            "now": now,
        }
        return issue_token(**{**usual, **changes})

    return issued


def reason_of(raw, now, purpose="measure"):
    with pytest.raises(LinkUnusable) as refusal:
        open_token(raw, purpose=purpose, now=now)
    return refusal.value.reason


def test_a_token_is_26_letters_that_are_easily_typed(issue):
    raw = issue()
    assert len(raw) == 26
    assert set(raw) <= set(ALPHABET)
    assert raw != issue()


def test_a_link_opens_what_it_was_made_for(issue, programme, now, django_assert_num_queries):
    raw = issue()
    with django_assert_num_queries(1):
        link = open_token(raw, purpose="measure", now=now)
        assert (link.subject_id, link.programme) == (7, programme)


@pytest.mark.parametrize(
    "mangle",
    [
        str.upper,
        "{}.".format,
        "{},".format,
        "{}).".format,
        "<{}>".format,
        " {}\n".format,
        "{}?utm_source=mail&utm_medium=x".format,
        "{}&utm_source=mail".format,
    ],
)
def test_what_mail_programs_do_to_a_link_is_tolerated(issue, now, mangle: Callable[[str], str]):
    assert open_token(mangle(issue()), purpose="measure", now=now).subject_id == 7


@pytest.mark.parametrize(
    "change", [lambda raw: raw[:-1], lambda raw: raw + "a", lambda raw: "", lambda raw: "\x00"]
)
def test_a_link_that_lacks_a_piece_opens_nothing(issue, now, change):
    assert reason_of(change(issue()), now) == UnusableReason.UNKNOWN


def test_a_link_for_one_purpose_is_unknown_to_another(issue, now):
    assert reason_of(issue(), now, purpose="own-page") == UnusableReason.UNKNOWN


def test_an_expired_link_opens_nothing(issue, now):
    raw = issue(expires_at=now + timedelta(hours=1))
    assert open_token(raw, purpose="measure", now=now + timedelta(minutes=59))
    assert reason_of(raw, now + timedelta(hours=1)) == UnusableReason.EXPIRED


def test_revoking_closes_every_link_to_a_subject_and_no_other(issue, now):
    first, second, other = issue(), issue(), issue(subject_id=8)
    other_purpose = issue(purpose="own-page")
    assert revoke_tokens(purpose="measure", subject_id=7, now=now) == 2
    assert reason_of(first, now) == reason_of(second, now) == UnusableReason.REVOKED
    assert open_token(other, purpose="measure", now=now)
    assert open_token(other_purpose, purpose="own-page", now=now)


def test_opening_a_link_however_often_uses_nothing_up(issue, now):
    raw = issue()
    for _ in range(50):
        open_token(raw, purpose="measure", now=now)
    assert LinkToken.objects.get().used_at is None


def test_a_used_link_opens_nothing_more(issue, now):
    raw = issue()
    consume_token(open_token(raw, purpose="measure", now=now), now=now)
    assert reason_of(raw, now) == UnusableReason.USED


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda link, now: consume_token(link, now=now), UnusableReason.USED),
        (lambda link, now: revoke_tokens(purpose="measure", subject_id=7, now=now), UnusableReason.REVOKED),
        (lambda link, now: LinkToken.objects.update(expires_at=now), UnusableReason.EXPIRED),
        (lambda link, now: LinkToken.objects.all().delete(), UnusableReason.UNKNOWN),
    ],
)
def test_what_happens_between_opening_and_answering_counts(issue, now, spoil, reason):
    raw = issue(now=now - timedelta(days=1))
    link, same_link = (open_token(raw, purpose="measure", now=now) for _ in range(2))
    spoil(same_link, now)
    with pytest.raises(LinkUnusable) as refusal:
        consume_token(link, now=now)
    assert refusal.value.reason == reason


def test_a_link_that_may_be_used_again_remembers_its_last_use(issue, now):
    raw = issue(single_use=False)
    later = now + timedelta(hours=1)
    consume_token(open_token(raw, purpose="measure", now=now), now=now)
    consume_token(open_token(raw, purpose="measure", now=later), now=later)
    assert LinkToken.objects.get().used_at == later


def test_an_answer_that_was_not_stored_leaves_the_link_usable(issue, now):
    raw = issue()
    with transaction.atomic():
        consume_token(open_token(raw, purpose="measure", now=now), now=now)
        transaction.set_rollback(True)
    assert open_token(raw, purpose="measure", now=now)


def test_the_database_holds_no_token(issue):
    raws = [issue() for _ in range(5)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(link::text, ' ') FROM core_linktoken AS link")
        stored = cursor.fetchone()[0]
    assert all(raw not in stored for raw in raws)


def test_the_database_refuses_a_raw_token(issue):
    raw = issue()
    with pytest.raises(IntegrityError), transaction.atomic():
        LinkToken.objects.update(digest=raw)


def test_a_refusal_says_no_part_of_the_token(issue, now):
    raw = issue()
    with pytest.raises(LinkUnusable) as refusal:
        open_token(raw, purpose="other", now=now)
    assert raw not in repr(refusal.value)


def winners(consume: Callable[[], None]) -> int:
    """Count how many of 200 attempts over 16 threads get through."""

    def attempt() -> bool:
        try:
            consume()
        except LinkUnusable:
            return False
        return True

    return sum(at_once(attempt, times=200))


@pytest.mark.django_db(transaction=True)
def test_of_200_who_answer_at_once_exactly_one_gets_through(issue, now):
    link = open_token(issue(), purpose="measure", now=now)
    assert winners(lambda: consume_token(link, now=now)) == 1


@pytest.mark.django_db(transaction=True)
def test_looking_first_and_marking_then_lets_several_through(issue, now):
    """The control: where the conditional update is replaced by check-then-set, the test above fails."""
    link = open_token(issue(), purpose="measure", now=now)
    mine = threading.local()
    all_looked = threading.Barrier(16, timeout=60)

    def naive() -> None:
        free = LinkToken.objects.get(pk=link.pk).used_at is None
        if not hasattr(mine, "looked"):
            mine.looked = True
            all_looked.wait()
        if not free:
            raise LinkUnusable(UnusableReason.USED)
        LinkToken.objects.filter(pk=link.pk).update(used_at=now)

    assert winners(naive) > 1
