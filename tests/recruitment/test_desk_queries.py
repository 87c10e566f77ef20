"""The desk's lists and the dashboard take the same number of SQL queries with 1, 30 and 3 000 rows."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.factories import make_programme, make_user
from tests.recruitment.desk import fill, queries_of

# The most queries each page may take: a figure that grows wants a reason.
PAGES = {
    "/overblik/": 30,
    "/deltagere/": 10,
    "/deltagere/?search=anna&stage=ready&source=jobcentre&age=70-&sort=stage": 10,
    "/deltagere/?sort=arrival&page=2": 10,
    "/opgaver/": 10,
    "/opgaver/?kind=call&when=today": 10,
    "/opgaver/?tab=closed": 10,
}


@pytest.mark.django_db
def test_desk_pages_take_the_same_number_of_queries_with_1_30_and_3000_rows(
    client_for: Callable[[User | None], Client],
) -> None:
    taken: dict[str, list[int]] = {page: [] for page in PAGES}
    for rows in (1, 30, 3000):
        programme = make_programme()
        fill(programme, rows, timezone.now())
        client = client_for(make_user(programme))
        for page in PAGES:
            taken[page].append(queries_of(client, page))

    assert {page: numbers for page, numbers in taken.items() if len(set(numbers)) > 1} == {}
    assert {page: numbers[0] for page, numbers in taken.items() if numbers[0] > PAGES[page]} == {}
