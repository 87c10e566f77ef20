import threading
from datetime import timedelta

import pytest
from django.db import connection

from core.limits import delete_old_hits, hit
from core.models import RateHit
from tests.concurrency import at_once

pytestmark = pytest.mark.servers

MINUTE = timedelta(minutes=1)


@pytest.mark.django_db
def test_a_limit_lets_so_many_through_and_no_more(now):
    tries = [hit(key="form:1.2.3.4", limit=3, window=MINUTE, now=now) for _ in range(5)]
    assert tries == [True, True, True, False, False]


@pytest.mark.django_db
def test_one_address_does_not_use_up_anothers_limit(now):
    assert hit(key="form:1.2.3.4", limit=1, window=MINUTE, now=now)
    assert not hit(key="form:1.2.3.4", limit=1, window=MINUTE, now=now)
    assert hit(key="form:1.2.3.5", limit=1, window=MINUTE, now=now)


@pytest.mark.django_db
def test_limits_of_different_length_are_counted_apart(now):
    assert hit(key="form:1.2.3.4", limit=1, window=MINUTE, now=now)
    assert hit(key="form:1.2.3.4", limit=1, window=timedelta(hours=1), now=now)


@pytest.mark.django_db
def test_the_next_window_starts_afresh(now):
    assert hit(key="form:1.2.3.4", limit=1, window=MINUTE, now=now)
    assert not hit(key="form:1.2.3.4", limit=1, window=MINUTE, now=now + timedelta(seconds=59))
    assert hit(key="form:1.2.3.4", limit=1, window=MINUTE, now=now + MINUTE)


@pytest.mark.django_db
def test_a_count_is_one_statement_and_holds_no_address(now, django_assert_num_queries):
    with django_assert_num_queries(1):
        hit(key="form:1.2.3.4", limit=1, window=MINUTE, now=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(hit::text, ' ') FROM core_ratehit AS hit")
        assert "1.2.3.4" not in cursor.fetchone()[0]


@pytest.mark.django_db
def test_counts_of_windows_long_over_are_deleted(now):
    hit(key="old", limit=1, window=MINUTE, now=now - timedelta(days=3))
    hit(key="new", limit=1, window=MINUTE, now=now)
    assert delete_old_hits(now=now) == 1
    assert not hit(key="new", limit=1, window=MINUTE, now=now)


def test_a_window_without_length_is_refused(now):
    with pytest.raises(ValueError, match="second"):
        hit(key="x", limit=1, window=timedelta(0), now=now)


@pytest.mark.django_db(transaction=True)
def test_of_800_at_once_exactly_the_limit_of_100_gets_through(now):
    tries = at_once(lambda: hit(key="form", limit=100, window=MINUTE, now=now), times=800)
    assert sum(tries) == 100


@pytest.mark.django_db(transaction=True)
def test_reading_the_count_and_then_writing_it_lets_more_through(now):
    """The control: where the one statement is replaced by read-then-write, the test above fails."""
    row = RateHit.objects.create(key_hash="x", window_start=now, count=0)
    mine = threading.local()
    all_read = threading.Barrier(16, timeout=60)

    def naive() -> bool:
        count = RateHit.objects.get(pk=row.pk).count
        if not hasattr(mine, "read"):
            mine.read = True
            all_read.wait()
        RateHit.objects.filter(pk=row.pk).update(count=count + 1)
        return count < 100

    assert sum(at_once(naive, times=800)) > 100
