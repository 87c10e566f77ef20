"""The main job from end to end: referred, phoned, placed, measured, nudged, counted.

Four people at their own browsers do it by the pages alone, while a clock moves from day to day and beat
and worker do their rounds. Behind their backs there is nothing but a programme with its three users.
Every page they come to is looked over at 1280 and 390 px.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone

from accounts.models import Programme, User
from config.celery import app as celery_app
from core.danish import COPENHAGEN
from tests.journeys import acts
from tests.journeys.conftest import Visitor
from tests.journeys.people import PHONE, Person
from tests.smtp_sink import SmtpSink, running_sink

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


class Calendar:
    """The day and hour it is for the app."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._now = timezone.now()
        monkeypatch.setattr(timezone, "now", lambda: self._now)

    def says(self, moment: str) -> None:
        """Let it be `moment` in Denmark, such as 2026-03-10 10:00; beat and worker have done their rounds."""
        self._now = dt.datetime.fromisoformat(moment).replace(tzinfo=COPENHAGEN).astimezone(dt.UTC)
        beat_and_worker_do_their_rounds()


def beat_and_worker_do_their_rounds() -> None:
    """Run each task of the beat schedule, and again the next minute: what one plans, another sends."""
    celery_app.loader.import_default_modules()
    for entry in 2 * list(celery_app.conf.beat_schedule.values()):
        celery_app.tasks[entry["task"]].apply(throw=True)


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    return Calendar(monkeypatch)


@pytest.fixture
def post_office(settings, live_server) -> Iterator[SmtpSink]:
    """The mail server; links in mails lead to this app."""
    settings.SITE_URL = live_server.url
    with running_sink() as sink:
        yield sink


def text_of(mail) -> str:
    return str(mail.get_body(("plain",)).get_content())


def test_four_people_do_the_main_job(
    open_browser: Callable[..., Visitor],
    programme: Programme,
    coordinator: User,
    manager: User,
    administrator: User,
    calendar: Calendar,
    post_office: SmtpSink,
):
    henrik, kirsten, lars = (Person(open_browser()) for _ in range(3))
    signe, anna = (Person(open_browser(**PHONE)) for _ in range(2))

    calendar.says("2026-03-10 10:00")
    acts.finds_the_form_of_the_jobcentre(henrik)
    annas_number = acts.refers_anna(henrik)
    signes_number = acts.signs_up(signe)
    assert annas_number != signes_number

    calendar.says("2026-03-12 09:00")
    receipts = {str(mail["To"]): text_of(mail) for mail in post_office.mails}
    assert annas_number in receipts["henrik@jobcenter.example"]
    assert signes_number in receipts["signe@borger.example"]
    assert "Anna" not in receipts["henrik@jobcenter.example"]
    acts.signs_in(kirsten, coordinator, at="/overblik/")
    acts.phones_anna_in_vain(kirsten)

    calendar.says("2026-03-13 09:00")
    acts.signs_in(kirsten, coordinator, at="/overblik/")
    acts.reaches_anna(kirsten)
    acts.hears_that_signe_changed_her_mind(kirsten)
    acts.creates_a_cohort(kirsten, "Forårsholdet", first="24.03.2026", last="7/4/2026")
    acts.gives_anna_a_seat(kirsten)
    acts.answers_on_her_phone(anna, acts.shows_a_qr_code(kirsten))
    acts.follows_up_the_low_score(kirsten)

    for day in ("24.03.2026", "31.03.2026", "07.04.2026"):
        calendar.says(f"{day[6:]}-{day[3:5]}-{day[:2]} 13:00")
        acts.signs_in(kirsten, coordinator, at="/overblik/")
        acts.notes_that_anna_came(kirsten, day)

    calendar.says("2026-04-08 09:00")
    acts.signs_in(kirsten, coordinator, at="/hold/")
    acts.finishes_the_cohort(kirsten)
    acts.creates_a_cohort(kirsten, "Sommerholdet", first="5-5-2026", last="16.06.2026")

    calendar.says("2026-04-09 09:00")
    acts.signs_in(kirsten, coordinator, at="/opgaver/")
    acts.types_in_the_paper(kirsten, answered_on="7.4.2026")

    post_office.mails.clear()
    calendar.says("2026-04-17 09:00")
    assert post_office.mails == []  # five weeks and three days are no six weeks
    calendar.says("2026-04-22 09:00")
    (nudge,) = post_office.mails
    assert (nudge["To"], nudge["Reply-To"]) == ("henrik@jobcenter.example", programme.contact_email)
    acts.signs_in(kirsten, coordinator, at="/overblik/")
    acts.reads_the_nudge(kirsten)
    own_page = re.search(r"http\S+/min-side/\S+", text_of(nudge))
    assert own_page is not None
    acts.follows_his_own_page(henrik, own_page[0])

    acts.signs_in(lars, manager, at="/statistik/")
    acts.reads_the_figures(lars)
    acts.is_shut_out_of(lars, "/deltagere/")
