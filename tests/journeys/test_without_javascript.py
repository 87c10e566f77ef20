"""The same job with JavaScript switched off: every form and every button works by itself."""

from collections.abc import Callable

import pytest

from accounts.models import Programme, User
from tests.journeys.calendar import Calendar
from tests.journeys.people import PHONE, Person
from tests.journeys.story import Cast, play
from tests.journeys.visitor import Visitor
from tests.smtp_sink import SmtpSink

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_four_people_do_the_main_job_without_javascript(
    open_browser: Callable[..., Visitor],
    programme: Programme,
    coordinator: User,
    manager: User,
    calendar: Calendar,
    post_office: SmtpSink,
):
    def person(**device) -> Person:
        return Person(open_browser(java_script_enabled=False, **device), checks_pages=False)

    cast = Cast(
        henrik=person(),
        signe=person(**PHONE),
        anna=person(**PHONE),
        kirsten=person(),
        lars=person(),
        coordinator=coordinator,
        manager=manager,
    )
    play(cast, programme, calendar, post_office)
