"""Reminders that want a yes, from the rule to the referrer who points to somebody else."""

import datetime as dt
import re

import pytest
from django_scopes import scope

from accounts.models import Programme, User
from core.danish import COPENHAGEN
from referrals.enums import Trigger
from tests.factories import make_organisation, make_referrer, rule_of
from tests.journeys.acts import signs_in
from tests.journeys.calendar import Calendar
from tests.journeys.people import PHONE, Person
from tests.journeys.story import text_of
from tests.smtp_sink import SmtpSink
from worklist.models import Task

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

LONG_AGO = dt.datetime(2025, 9, 1, 10, tzinfo=COPENHAGEN)
NAMES = ("Henrik Holm", "Åse Østergård", "Bodil Drop")


def test_kirsten_approves_reminders_and_a_referrer_points_to_somebody_else(
    open_browser, programme: Programme, coordinator: User, calendar: Calendar, post_office: SmtpSink
) -> None:
    place = make_organisation(programme, name="Jobcenter Syd")
    for number, name in enumerate(NAMES):
        make_referrer(
            programme,
            name=name,
            email=f"henviser{number}@jobcenter.example",
            created_at=LONG_AGO,
            organisation=place,
        )
    rule_of(programme, Trigger.SILENT, is_on=False)

    calendar.says("2026-03-09 10:00")
    kirsten = Person(open_browser(bypass_csp=True))
    signs_in(kirsten, coordinator, at="/samarbejde/")
    kirsten.follows("Påmindelser")
    kirsten.comes_to("Påmindelser")
    kirsten.follows("Henviser, vi ikke har hørt fra")
    kirsten.comes_to("Henviser, vi ikke har hørt fra")
    kirsten.ticks("Slået til")
    kirsten.ticks("Når jeg har godkendt dem")
    kirsten.types("Tekst på dansk", "Hej {fornavn}")
    kirsten.presses("Gem reglen")
    kirsten.sees("Pladsholderen {fornavn} findes ikke.")
    kirsten.types("Tekst på dansk", "Hej {navn}. Kender du en? Henvis her: {link}")
    kirsten.chooses("Vis den, som den ser ud for", "Åse Østergård")
    kirsten.presses("Se mailen")
    kirsten.sees("Hej Åse Østergård. Kender du en?")
    kirsten.presses("Gem reglen")
    kirsten.sees("Reglen er gemt.")
    assert post_office.mails == []

    calendar.says("2026-03-10 09:00")
    assert post_office.mails == [], "nothing is sent before she says yes"
    signs_in(kirsten, coordinator, at="/samarbejde/paamindelser/")
    kirsten.follows("Se 3, der venter på dig")
    kirsten.comes_to("Venter på dig")
    kirsten.follows("Se og ret mailen til Henrik Holm")
    kirsten.comes_to("Mail til Henrik Holm")
    kirsten.types("Tekst", "Hej {navn}. Tak for snakken i går.")
    kirsten.presses("Gem teksten")
    kirsten.presses("Vælg fra Bodil Drop")
    kirsten.sees("Påmindelsen til Bodil Drop er valgt fra.")
    kirsten.presses("Godkend alle 2")
    kirsten.sees("2 påmindelser er godkendt.")

    calendar.says("2026-03-10 09:30")
    assert sorted(post_office.recipients) == ["henviser0@jobcenter.example", "henviser1@jobcenter.example"]
    texts = {str(mail["To"]): text_of(mail) for mail in post_office.mails}
    assert "Tak for snakken i går." in texts["henviser0@jobcenter.example"]
    assert "Hej Åse Østergård. Kender du en?" in texts["henviser1@jobcenter.example"]
    kirsten.follows("Påmindelser")
    kirsten.follows("Ikke sendt")
    kirsten.comes_to("Ikke sendt, og hvorfor")
    kirsten.sees("Valgt fra på listen.")
    kirsten.opens("/samarbejde/paamindelser/")
    kirsten.follows("Henviser, vi ikke har hørt fra")
    kirsten.follows("Se, om det virker")
    kirsten.comes_to("Virker den?")

    link = re.search(r"http\S+/min-side/ikke-relevant/\S+", texts["henviser0@jobcenter.example"])
    assert link is not None
    henrik = Person(open_browser(bypass_csp=True, **PHONE))
    henrik.opens(link[0])
    henrik.comes_to("Ikke relevant for mig")
    with scope(programme=programme):
        assert not Task.objects.exists(), "looking changes nothing"
    henrik.types("Hvem skal vi hellere spørge?", "Bo Ny")
    henrik.presses("Spørg ikke mig mere")
    henrik.sees("Skriv kollegaens e-mail eller telefon")
    henrik.types("Kollegaens telefon", "20 12 34 56")
    henrik.presses("Spørg ikke mig mere")
    henrik.sees("Det er noteret. Tak for hjælpen.")

    kirsten.goes_to("Opgaver")
    kirsten.sees("Spørg en anden end Henrik Holm")
    kirsten.sees("Spørg hellere Bo Ny, 20 12 34 56.")
    calendar.says("2026-06-10 09:00")
    assert "henviser0@jobcenter.example" not in post_office.recipients[2:]
