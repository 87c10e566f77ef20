"""The page "Ferie og vikar", and what the desk, forms and mails say while it holds."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from accounts.enums import Role
from accounts.models import Membership, Programme, User
from accounts.services import set_holiday
from core.danish import add_working_days
from core.dates import format_danish_date
from tests import factories
from tests.referrals.answers import TYPED_BY_CASEWORKER
from tests.referrals.pages import as_read
from worklist.models import Task

pytestmark = pytest.mark.django_db
PAGE = "/opgaver/ferie/"


@pytest.fixture
def desk(client_for: Any, coordinator: User) -> Client:
    browser: Client = client_for(coordinator)
    return browser


@pytest.fixture
def bo(programme: Programme) -> User:
    return factories.make_user(programme, Role.COORDINATOR, name="Bo Bliver")


def today() -> dt.date:
    return timezone.localdate()


def in_days(days: int) -> str:
    return format_danish_date(today() + dt.timedelta(days=days))


def post(desk: Client, name: str, **typed: str) -> Any:
    return desk.post(reverse(f"recruitment:absence_{name}"), typed, follow=True)


def own(user: User) -> Membership:
    return Membership.objects.get(user=user)


# --- The deputy ------------------------------------------------------------------------------------


def test_absence_says_whom_to_ask_where_there_is_no_other_coordinator(desk: Client) -> None:
    page = desk.get(PAGE).content.decode()
    assert "Der er ingen anden koordinator i programmet." in page
    assert 'name="deputy-deputy"' not in page


def test_a_deputy_is_named_once_seen_by_both_and_ended(
    desk: Client, client_for: Any, coordinator: User, bo: User
) -> None:
    typed = {"deputy-deputy": str(bo.pk), "deputy-first": in_days(0), "deputy-last": in_days(4)}
    for _ in range(2):
        page = post(desk, "deputy", **typed).content.decode()
        assert "Bo Bliver er din vikar." in page
    assert own(coordinator).deputy == bo

    for path in ("/overblik/", "/opgaver/", "/opgaver/ugen/"):
        assert "Bo Bliver er din vikar" in desk.get(path).content.decode(), path
        assert f"Du er vikar for {coordinator}" in client_for(bo).get(path).content.decode(), path

    assert "Du har ingen vikar mere." in post(desk, "deputy", step="end").content.decode()
    assert "er din vikar" not in desk.get("/overblik/").content.decode()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"deputy-deputy": ""}, "Vælg, hvem der er vikar."),
        ({"deputy-deputy": "999999"}, "Vælg en kollega fra listen."),
        ({"deputy-first": ""}, "Skriv den første dag."),
        ({"deputy-first": "i morgen"}, "Skriv datoen som dag, måned og år"),
        ({"deputy-last": "-3"}, "Skriv en sidste dag, der ikke ligger før den første."),
        ({"deputy-first": "-9", "deputy-last": "-3"}, "Skriv en sidste dag, der ikke er gået."),
        ({"deputy-last": "900"}, "En vikar kan højst have et år."),
    ],
)
def test_a_deputy_typed_wrongly_is_told_how_and_nothing_typed_is_lost(
    desk: Client, coordinator: User, bo: User, changed: dict[str, str], told: str
) -> None:
    typed = {"deputy-deputy": str(bo.pk), "deputy-first": in_days(1), "deputy-last": in_days(5)}
    relative = {name: in_days(int(text)) for name, text in changed.items() if text.lstrip("-").isdigit()}
    typed |= changed | {name: text for name, text in relative.items() if name != "deputy-deputy"}
    answer = post(desk, "deputy", **typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert told in page
    assert f'value="{typed["deputy-last"]}"' in page
    assert own(coordinator).deputy is None


def test_faults_of_the_deputy_are_told_in_the_order_of_the_form(desk: Client, bo: User) -> None:
    page = post(desk, "deputy", **{"deputy-first": in_days(3), "deputy-last": in_days(1)}).content.decode()
    assert page.index("Vælg, hvem der er vikar.") < page.index("Skriv en sidste dag")


def test_a_colleague_who_is_away_or_counts_on_me_is_told_of(
    desk: Client, client_for: Any, coordinator: User, bo: User
) -> None:
    typed = {"deputy-first": in_days(1), "deputy-last": in_days(5)}
    post(client_for(bo), "deputy", **typed, **{"deputy-deputy": str(coordinator.pk)})
    answer = post(desk, "deputy", **typed, **{"deputy-deputy": str(bo.pk)})
    assert answer.status_code == 422
    assert "Vælg en anden: den kollega er selv væk" in answer.content.decode()


# --- The holiday -----------------------------------------------------------------------------------


def test_a_holiday_is_set_told_of_on_the_desk_and_ended(desk: Client, programme: Programme) -> None:
    typed = {"holiday-first": in_days(0), "holiday-last": in_days(20)}
    for _ in range(2):
        page = post(desk, "holiday", **typed).content.decode()
        assert "Ferien er gemt." in page
    programme.refresh_from_db()
    promised = format_danish_date(programme.call_by(today()))
    for path in ("/overblik/", "/opgaver/", "/opgaver/ugen/", PAGE):
        if path != PAGE:
            page = desk.get(path).content.decode()
            assert f"Ferie {in_days(0)}–{in_days(20)}" in page, path
            assert promised in page, path
    assert "Ferien er slettet." in post(desk, "holiday", step="end").content.decode()
    programme.refresh_from_db()
    assert programme.holiday is None


def test_a_holiday_of_three_months_is_refused_and_kept(desk: Client, programme: Programme) -> None:
    answer = post(desk, "holiday", **{"holiday-first": in_days(1), "holiday-last": in_days(90)})
    assert answer.status_code == 422
    assert "En ferie kan højst vare 60 dage." in answer.content.decode()
    assert f'value="{in_days(90)}"' in answer.content.decode()
    programme.refresh_from_db()
    assert programme.holiday is None


def test_tasks_that_were_promised_before_the_holiday_are_counted(desk: Client, programme: Programme) -> None:
    factories.make_task(programme, due_on=today() + dt.timedelta(days=3), why="Ring")
    post(desk, "holiday", **{"holiday-first": in_days(1), "holiday-last": in_days(10)})
    assert "1 opgave har en dag i ferien." in desk.get(PAGE).content.decode()


def test_while_nobody_calls_every_promise_to_the_public_is_counted_from_its_end(
    client: Client, programme: Programme, coordinator: User
) -> None:
    """The page about the programme, the receipt and the task to call say one and the same day."""
    usual = add_working_days(today(), programme.first_contact_days)
    assert "Vi har ferie" not in client.get("/om/kultur/").content.decode()
    last = today() + dt.timedelta(days=14)
    kept = set_holiday(programme=programme, days=(today(), last), by=coordinator, now=timezone.now())
    promised = kept.call_by(today())
    assert promised > last > usual

    day = format_danish_date(promised)
    assert (
        f"Vi har ferie. Skriver du i dag, ringer vi senest den {day}."
        in client.get("/om/kultur/").content.decode()
    )
    form = "/henvis/kultur/jobcenter/"
    receipt = client.post(
        form, {**as_read(client, form), **TYPED_BY_CASEWORKER, "step": "send"}, follow=True
    ).content.decode()
    assert day in receipt
    with scope(programme=programme):
        assert Task.objects.get().due_on == promised


# --- The mail --------------------------------------------------------------------------------------


def test_the_weeks_mail_is_asked_for_and_stopped_by_a_button(desk: Client, coordinator: User) -> None:
    assert "Send mig ugens mail" in desk.get(PAGE).content.decode()
    for _ in range(2):
        assert "Du får ugens overblik mandag kl. 8." in post(desk, "digest", wanted="yes").content.decode()
    assert own(coordinator).digest_since is not None
    post(desk, "digest", wanted="no")
    assert own(coordinator).digest_since is None
