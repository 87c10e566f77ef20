"""The main job from end to end: referred, phoned, placed, measured, nudged, counted.

Four people do it by the pages alone, each at their own browser, while a clock moves from day to day and
beat and worker do their rounds. Behind their backs there is nothing but a programme with its users.
"""

import re
from dataclasses import dataclass
from email.message import EmailMessage

from accounts.models import Programme, User
from tests.journeys import acts
from tests.journeys.calendar import Calendar
from tests.journeys.people import Person
from tests.smtp_sink import SmtpSink


@dataclass(frozen=True)
class Cast:
    """Who is in the story: those who arrive, and those who sign in as `coordinator` and `manager`."""

    henrik: Person
    signe: Person
    anna: Person
    kirsten: Person
    lars: Person
    coordinator: User
    manager: User


def play(cast: Cast, programme: Programme, calendar: Calendar, post_office: SmtpSink) -> None:
    """Let them do the main job in the spring of 2026; fails where a page is not as they expect it."""
    arrive(cast, calendar)
    are_phoned(cast, calendar, post_office)
    get_a_seat_and_a_measure(cast)
    take_part(cast, calendar)
    finish(cast, calendar)
    hear_again(cast, programme, calendar, post_office)
    acts.signs_in(cast.lars, cast.manager, at="/statistik/")
    acts.reads_the_figures(cast.lars)
    acts.is_shut_out_of(cast.lars, "/deltagere/")


def arrive(cast: Cast, calendar: Calendar) -> None:
    """Henrik refers Anna; Signe signs up on her phone."""
    calendar.says("2026-03-10 10:00")
    acts.finds_the_form_of_the_jobcentre(cast.henrik)
    acts.refers_anna(cast.henrik)
    acts.signs_up(cast.signe)


def are_phoned(cast: Cast, calendar: Calendar, post_office: SmtpSink) -> None:
    """Both have their receipts; Kirsten phones, the next day once more, and one of them comes along."""
    calendar.says("2026-03-12 09:00")
    numbers = {"henrik@jobcenter.example": cast.henrik, "signe@borger.example": cast.signe}
    assert sorted(post_office.recipients) == sorted(numbers)
    for mail in post_office.mails:
        assert acts.number_on_receipt(numbers[str(mail["To"])]) in text_of(mail)
        assert "Anna" not in str(mail)
    acts.signs_in(cast.kirsten, cast.coordinator, at="/overblik/")
    acts.phones_anna_in_vain(cast.kirsten)

    calendar.says("2026-03-13 09:00")
    acts.signs_in(cast.kirsten, cast.coordinator, at="/overblik/")
    acts.reaches_anna(cast.kirsten)
    acts.hears_that_signe_changed_her_mind(cast.kirsten)


def get_a_seat_and_a_measure(cast: Cast) -> None:
    """Anna gets the first seat, scans the code on Kirsten's screen, and is phoned about her answers."""
    acts.creates_a_cohort(cast.kirsten, "Forårsholdet", first="24.03.2026", last="7/4/2026")
    acts.gives_anna_a_seat(cast.kirsten)
    acts.answers_on_her_phone(cast.anna, acts.shows_a_qr_code(cast.kirsten))
    acts.follows_up_the_low_score(cast.kirsten)


def take_part(cast: Cast, calendar: Calendar) -> None:
    """The cohort meets three times."""
    for day in ("24.03.2026", "31.03.2026", "07.04.2026"):
        calendar.says(f"{day[6:]}-{day[3:5]}-{day[:2]} 13:00")
        acts.signs_in(cast.kirsten, cast.coordinator, at="/overblik/")
        acts.notes_that_anna_came(cast.kirsten, day)


def finish(cast: Cast, calendar: Calendar) -> None:
    """The cohort ends, the next one opens, and the task for Anna's second measure comes by itself."""
    calendar.says("2026-04-08 09:00")
    acts.signs_in(cast.kirsten, cast.coordinator, at="/hold/")
    acts.finishes_the_cohort(cast.kirsten)
    acts.creates_a_cohort(cast.kirsten, "Sommerholdet", first="5-5-2026", last="16.06.2026")

    calendar.says("2026-04-09 09:00")
    acts.signs_in(cast.kirsten, cast.coordinator, at="/opgaver/")
    acts.types_in_the_paper(cast.kirsten, answered_on="7.4.2026")


def hear_again(cast: Cast, programme: Programme, calendar: Calendar, post_office: SmtpSink) -> None:
    """Six weeks after he referred, and no day sooner, Henrik gets one mail and looks at his page."""
    post_office.mails.clear()
    calendar.says("2026-04-20 09:00")
    assert post_office.mails == []
    calendar.says("2026-04-22 09:00")
    (nudge,) = post_office.mails
    assert (nudge["To"], nudge["Reply-To"]) == ("henrik@jobcenter.example", programme.contact_email)
    acts.signs_in(cast.kirsten, cast.coordinator, at="/overblik/")
    acts.reads_the_nudge(cast.kirsten)
    own_page = re.search(r"http\S+/min-side/\S+", text_of(nudge))
    assert own_page is not None
    acts.follows_his_own_page(cast.henrik, own_page[0])


def text_of(mail: EmailMessage) -> str:
    """Return the text part of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
