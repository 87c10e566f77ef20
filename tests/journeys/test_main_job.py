"""The main job in a browser; every page that anybody comes to is looked over at 1280 and 390 px."""

from collections.abc import Callable

import pytest

from accounts.models import Programme, User
from tests.journeys.calendar import Calendar
from tests.journeys.people import PHONE, Person
from tests.journeys.story import Cast, play
from tests.journeys.visitor import Visitor
from tests.smtp_sink import SmtpSink

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_four_people_do_the_main_job(
    open_browser: Callable[..., Visitor],
    programme: Programme,
    coordinator: User,
    manager: User,
    administrator: User,
    calendar: Calendar,
    post_office: SmtpSink,
):
    cast = Cast(
        henrik=Person(open_browser()),
        signe=Person(open_browser(**PHONE)),
        anna=Person(open_browser(**PHONE)),
        kirsten=Person(open_browser()),
        lars=Person(open_browser()),
        coordinator=coordinator,
        manager=manager,
    )
    play(cast, programme, calendar, post_office)
