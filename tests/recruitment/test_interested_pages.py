"""The coordinator's pages about the interested: the list, a meeting's lines, the calls before a cohort."""

import datetime as dt
import html

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from core.phones import format_phone
from outreach.models import InterestedPerson
from recruitment.queries.ways import Cut
from recruitment.queries.what_works import what_works
from referrals.models import Referral
from tests.factories import (
    make_activity,
    make_channel,
    make_cohort,
    make_interested,
    make_participant,
    make_tracked_link,
)
from tests.referrals.pages import form_fields

LIST = "/samarbejde/interesserede/"


@pytest.fixture
def browser(client_for, coordinator) -> Client:
    return client_for(coordinator)


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


@pytest.fixture
def cohort(programme):
    return make_cohort(programme, starts_on=timezone.localdate() + dt.timedelta(days=30))


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def everybody(programme) -> list[InterestedPerson]:
    with scope(programme=programme):
        return list(InterestedPerson.objects.order_by("pk"))


# --- The list --------------------------------------------------------------------------------------


def test_interested_list_shows_who_waits_where_we_met_and_who_is_known(browser, programme, now):
    channel = make_channel(programme, name="Biblioteket")
    make_interested(programme, name="Ida", phone="+4520112233", channel=channel, agreed_at=now)
    known = make_participant(programme, family_name="Kendtsen", phone="+4520112233")
    make_interested(programme, name="Sofie", stopped_at=now, agreed_at=now)
    make_interested(programme, name="Asger", stopped_at=now, asked_again_at=now, agreed_at=now)
    page = text(browser.get(LIST))
    assert "Ida" in page
    assert "Biblioteket" in page
    assert f"/deltagere/{known.pk}/" in page
    assert "Sofie" not in page
    assert "har skrevet sig op igen" in page
    assert "Sofie" in text(browser.get(LIST + "?vis=alle"))


def test_interested_list_asks_the_same_with_one_and_many(browser, programme, now):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(LIST).status_code == 200
        return len(queries)

    make_interested(programme, tracked_link=make_tracked_link(programme, channel=make_channel(programme)))
    before = asked()
    for _ in range(4):
        person = make_interested(programme, activity=make_activity(programme), agreed_at=now)
        make_participant(programme, phone=person.phone)
    assert asked() == before


@pytest.mark.parametrize(
    ("act", "stopped", "held"), [("stop", True, True), ("igen", False, True), ("frigiv", False, False)]
)
def test_interested_buttons_do_one_thing(browser, programme, now, act, stopped, held):
    person = make_interested(
        programme, stopped_at=now if act == "igen" else None, held_reasons="honeypot", agreed_at=now
    )
    for _ in range(2):
        assert browser.post(f"{LIST}{person.pk}/{act}/").status_code == 302
    (row,) = everybody(programme)
    assert (row.stopped_at is not None, bool(row.held_reasons)) == (stopped, held)


def test_interested_discard_deletes_what_is_spam(browser, programme):
    spam = make_interested(programme, name="Casino", held_reasons="honeypot")
    page = text(browser.get(LIST))
    assert "Ligner spam" in page
    assert "Et felt, som mennesker ikke kan se" in page
    browser.post(f"{LIST}{spam.pk}/kasser/")
    assert everybody(programme) == []


# --- Several at once -------------------------------------------------------------------------------


def typed(*lines: dict[str, str], **common: str) -> dict[str, str]:
    data = {
        "agreed_how": "meeting",
        "agreed": "on",
        "line-TOTAL_FORMS": "8",
        "line-INITIAL_FORMS": "0",
        **common,
    }
    for place, line in enumerate(lines):
        data |= {f"line-{place}-{name}": value for name, value in line.items()}
    return data


IDA = {"name": "Ida Ærø", "contact": "20 11 22 33", "note": "Vil gerne male"}
BO = {"name": "Bo", "contact": "bo@borger.example"}


def test_interested_create_writes_up_a_line_each_with_where_we_met(browser, programme):
    activity = make_activity(programme, title="Åbent møde", planned_on=timezone.localdate())
    page = text(browser.get(f"{LIST}nye/?sted=activity-{activity.pk}"))
    assert f'<option value="activity-{activity.pk}" selected>' in page
    for _ in range(2):
        assert (
            browser.post(f"{LIST}nye/", typed(IDA, BO, origin=f"activity-{activity.pk}")).status_code == 302
        )
    ida, bo = everybody(programme)
    assert (ida.phone, ida.note, ida.activity) == ("+4520112233", "Vil gerne male", activity)
    assert (bo.email, bo.activity) == ("bo@borger.example", activity)
    assert ida.created_by is not None


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (typed(IDA, agreed=""), "Sæt hak, når alle har sagt ja"),
        (typed(), "Skriv mindst én person"),
        (typed(IDA, {"name": "Bo", "contact": ""}), "Linje 2: Skriv telefon eller e-mail"),
        (typed(IDA, {"name": "Bo", "contact": "123"}), "Linje 2: Skriv et telefonnummer"),
        (typed(IDA, origin="activity-999999"), "Vælg noget på listen."),
    ],
)
def test_interested_create_says_what_to_do_and_keeps_all_or_nothing(browser, programme, sent, told):
    answer = browser.post(f"{LIST}nye/", sent)
    assert (answer.status_code, everybody(programme)) == (422, [])
    assert told in text(answer)
    if "line-0-name" in sent:
        assert "Ida Ærø" in text(answer)


# --- Before a cohort -------------------------------------------------------------------------------


def test_cohort_proposes_whom_to_ring_and_what_is_sent(browser, programme, cohort, now):
    ida = make_interested(programme, name="Ida", email="ida@borger.example", agreed_at=now)
    make_interested(programme, name="Sofie", stopped_at=now, agreed_at=now)
    assert "1 person vil gerne høre om næste hold" in text(browser.get(f"/hold/{cohort.pk}/"))
    page = text(browser.get(f"/hold/{cohort.pk}/interesserede/"))
    assert "Ida" in page
    assert format_phone(ida.phone) in page
    assert "Send til 1 person" in page
    assert "der er ledige pladser" in page
    assert "Sofie" not in page
    browser.post(f"/hold/{cohort.pk}/interesserede/skriv/")
    browser.post(f"/hold/{cohort.pk}/interesserede/skriv/")
    page = text(browser.get(f"/hold/{cohort.pk}/interesserede/"))
    assert "Alle på listen har fået besked om dette hold." in page
    assert "E-mail: " in page


def test_cohort_says_how_to_reach_a_number_where_no_sms_is_sent(browser, programme, cohort, now):
    make_interested(programme, agreed_at=now)
    assert "Programmet sender ikke sms" in text(browser.get(f"/hold/{cohort.pk}/interesserede/"))


def test_full_cohort_writes_to_nobody(browser, programme, now):
    begun = make_cohort(programme, starts_on=timezone.localdate())
    make_interested(programme, email="ida@borger.example", agreed_at=now)
    assert "ingen ledige pladser" in text(browser.get(f"/hold/{begun.pk}/interesserede/"))
    answer = browser.post(f"/hold/{begun.pk}/interesserede/skriv/", follow=True)
    assert "ingen får besked" in text(answer)


def test_cohort_interested_asks_the_same_with_two_and_many(browser, programme, cohort, now):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(f"/hold/{cohort.pk}/interesserede/").status_code == 200
        return len(queries)

    for _ in range(2):
        make_interested(programme, email="ida@borger.example", agreed_at=now)
    before = asked()
    for _ in range(5):
        make_interested(programme, email="ida@borger.example", agreed_at=now)
    assert asked() == before


# --- One who comes ---------------------------------------------------------------------------------


def test_interested_person_who_comes_keeps_where_we_met_and_counts_as_targeted(browser, programme, now):
    ida = make_interested(
        programme,
        name="Ida Ærø",
        phone="+4520112233",
        channel=make_channel(programme, name="Biblioteket"),
        agreed_at=now,
    )
    path = f"/henvisninger/ny/?interesseret={ida.pk}"
    drawn = form_fields(browser.get(path))
    assert (drawn["given_name"], drawn["family_name"]) == ("Ida", "Ærø")
    answer = browser.post(path, drawn)
    assert answer.status_code == 302, text(answer)
    with scope(programme=programme):
        referral = Referral.objects.select_related("participant").get()
        found = what_works(None, timezone.localdate())
    assert (referral.interested, referral.participant.phone) == (ida, ida.phone)
    assert [row.label for row in found.cuts[Cut.STRATEGY] if row.tally.arrivals] == ["Målrettet"]
    assert [row.label for row in found.cuts[Cut.CHANNEL] if row.tally.arrivals] == ["Biblioteket"]
    assert everybody(programme)[0].turned_at is not None
    assert "Ida Ærø" not in text(browser.get(LIST))


def test_interested_person_who_is_likely_known_is_asked_about_first(browser, programme, now):
    make_participant(programme, given_name="Ida", family_name="Ærøe", phone="+4520112233")
    ida = make_interested(programme, name="Ida Ærø", phone="+4520112233", agreed_at=now)
    path = f"/henvisninger/ny/?interesseret={ida.pk}"
    answer = browser.post(path, form_fields(browser.get(path)))
    assert "Er det den samme person?" in text(answer)
    assert everybody(programme)[0].turned_at is None


@pytest.mark.parametrize("key", ["", "x", "999999", "9" * 30])
def test_nobody_by_that_key_is_an_empty_form(browser, programme, key):
    drawn = form_fields(browser.get(f"/henvisninger/ny/?interesseret={key}"))
    assert drawn["given_name"] == ""


def test_interested_person_elsewhere_is_nobody_here(browser, programme, other_programme):
    foreign = make_interested(other_programme, name="Fremmed")
    assert "Fremmed" not in text(browser.get(f"/henvisninger/ny/?interesseret={foreign.pk}"))
