"""What people meet when a server is away: an honest page, nothing typed lost, and no thanks too early."""

import time
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django_scopes import scope

from accounts.models import Programme, User
from messaging import doorbell
from messaging.tasks import sweep
from participants.models import ContactAttempt
from referrals.models import Referral
from tests.factories import PASSWORD, make_participant
from tests.journeys import acts
from tests.journeys.people import PHONE, Person
from tests.journeys.visitor import Visitor
from tests.outages import Outage, redis_black_holed, redis_refused
from tests.referrals.pages import as_read
from tests.smtp_sink import SmtpSink

journey = pytest.mark.journey
pytestmark = pytest.mark.django_db(transaction=True)

TYPED = {
    "given_name": "Signe",
    "family_name": "Østergård",
    "phone": "61 71 81 91",
    "email": "signe@borger.example",
}


@pytest.fixture
def outage(tmp_path) -> Iterator[Outage]:
    """A database that is there until the test says otherwise."""
    outage = Outage(str(tmp_path))
    yield outage
    outage.back()


def referrals(programme: Programme) -> int:
    with scope(programme=programme):
        return Referral.objects.count()


# --- PostgreSQL ------------------------------------------------------------------------------------


@journey
def test_database_away_at_the_last_step_says_so_and_sends_what_was_typed_when_it_is_back(
    open_browser: Callable[..., Visitor], programme: Programme, outage: Outage
):
    signe = Person(open_browser(**PHONE))
    acts.fills_in_the_sign_up(signe)
    outage.again()
    signe.presses("Send tilmeldingen")
    signe.comes_to("Siden er lukket et øjeblik")
    signe.sees("er det ikke modtaget")
    signe.sees("Helst om formiddagen")
    signe.sees_nothing_of("Tak")
    outage.back()
    assert referrals(programme) == 0
    signe.presses("Send igen")
    signe.comes_to("Tak. Vi har fået din tilmelding")
    assert referrals(programme) == 1


# --- Redis -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [redis_refused, redis_black_holed])
def test_redis_away_a_referral_is_taken_within_three_seconds_and_its_receipt_goes_later(
    programme: Programme, post_office: SmtpSink, monkeypatch: pytest.MonkeyPatch, fault
):
    monkeypatch.setattr(doorbell._Doorbell, "quiet_until", 0.0)
    citizen = Client()
    typed = {**as_read(citizen, "/tilmeld/"), **TYPED}
    assert citizen.post("/tilmeld/", typed).status_code == 200
    with fault():
        began = time.monotonic()
        answer = citizen.post("/tilmeld/", {**typed, "step": "send"})
        assert time.monotonic() - began < 3
    assert answer.status_code == 302
    assert post_office.mails == []
    sweep.apply(throw=True)
    assert post_office.recipients == ["signe@borger.example"]


# --- A session that ended --------------------------------------------------------------------------


@journey
def test_signed_out_while_typing_nothing_typed_is_lost(
    open_browser: Callable[..., Visitor], programme: Programme, coordinator: User
):
    participant = make_participant(programme, given_name="Anna", family_name="Ærøskøbing")
    kirsten = Person(open_browser())
    acts.signs_in(kirsten, coordinator, at=f"/deltagere/{participant.pk}/")
    kirsten.comes_to(acts.ANNA)
    kirsten.types("Note", "Vil gerne med, men ikke om fredagen.")
    kirsten.visitor.context.clear_cookies(name="sessionid")
    kirsten.presses("Fik fat i personen")
    kirsten.comes_to("Vi har ikke modtaget det endnu")
    kirsten.sees("ikke om fredagen")
    with kirsten.visitor.context.expect_page() as opened:
        kirsten.follows("Log ind i en ny fane")
    sign_in = opened.value
    sign_in.get_by_label("E-mail").fill(coordinator.email)
    sign_in.get_by_label("Adgangskode").fill(PASSWORD)
    sign_in.get_by_role("button", name="Log ind").click()
    sign_in.get_by_role("heading", level=1, name="Overblik").wait_for()
    kirsten.presses("Send igen")
    kirsten.page.wait_for_load_state()
    if kirsten.page.get_by_role("button", name="Send igen").count():
        kirsten.presses("Send igen")  # signing in changes the form's token, so once more
    kirsten.comes_to(acts.ANNA)
    with scope(programme=programme):
        assert ContactAttempt.objects.get().note == "Vil gerne med, men ikke om fredagen."
