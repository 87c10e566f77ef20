"""What anybody may read: the front door, the programme's page, the choice of form."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertRedirects

from accounts.models import Programme
from referrals.forms.kinds import PROFESSIONAL_KINDS
from tests.factories import make_cohort, make_enrolment, make_venue
from tests.referrals.pages import lix, main_text

FORMS = [f"/henvis/kultur/{spec.path}/" for spec in PROFESSIONAL_KINDS]
PAGES = ["/om/kultur/", "/henvis/kultur/", "/tilmeld/kultur/", *FORMS]


@pytest.mark.parametrize("path", ["/", "/om/", "/henvis/", "/tilmeld/", *PAGES])
def test_every_public_page_opens_without_signing_in(client: Client, programme: Programme, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 200
    assert programme.name in response.content.decode()


def test_start_without_programmes_is_a_friendly_page(client: Client, db: None) -> None:
    assert "Der er endnu ikke oprettet et program" in client.get("/").content.decode()


def test_start_with_several_programmes_lists_them(
    client: Client, programme: Programme, other_programme: Programme
) -> None:
    page = client.get("/").content.decode()

    assert programme.municipality in page
    assert other_programme.municipality in page
    assert "/om/andetsteds/" in page


@pytest.mark.parametrize("path", ["/om/", "/henvis/", "/tilmeld/"])
@pytest.mark.usefixtures("programme", "other_programme")
def test_a_bare_path_leads_to_the_list_where_there_are_several_programmes(client: Client, path: str) -> None:
    assertRedirects(client.get(path), "/")


@pytest.mark.usefixtures("programme", "other_programme")
def test_a_sign_up_sent_to_a_bare_path_is_nobodys_where_there_are_several(client: Client) -> None:
    assert client.post("/tilmeld/", {}).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/om/ukendt/",
        "/henvis/ukendt/",
        "/henvis/ukendt/jobcenter/",
        "/henvis/ukendt/kvittering/",
        "/tilmeld/ukendt/",
    ],
)
@pytest.mark.usefixtures("programme")
def test_an_unknown_programme_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("kind", ["ukendt", "self", "jobcentre"])
@pytest.mark.usefixtures("programme")
def test_an_unknown_kind_of_form_is_not_found(client: Client, kind: str) -> None:
    assert client.get(f"/henvis/kultur/{kind}/").status_code == 404


def test_about_tells_what_for_whom_when_where_and_whom_to_call(client: Client, programme: Programme) -> None:
    starts_on = timezone.localdate() + dt.timedelta(days=20)
    cohort = make_cohort(programme, starts_on=starts_on, capacity=12)
    for _ in range(4):
        make_enrolment(cohort)
    make_venue(programme, name="Kunstmuseet", address="Havnegade 20")

    page = client.get("/om/kultur/").content.decode()

    assert programme.about in page
    assert programme.target_group in page
    assert f"{starts_on:%d.%m.%Y}" in page
    assert "8 ledige pladser" in page
    assert "Kunstmuseet" in page
    assert "Havnegade 20" in page
    assert 'href="tel:+4520123456"' in page
    assert "20 12 34 56" in page
    assert programme.phone_hours in page
    assert "/henvis/kultur/" in page
    assert "/tilmeld/kultur/" in page
    assert "Livslinien" in page
    assert "databeskyttelsesforordningen" in page
    for sentence in (*programme.criteria_list, *programme.procedure_list):
        assert sentence in page


def test_about_says_one_seat_in_the_singular(client: Client, programme: Programme) -> None:
    make_cohort(programme, starts_on=timezone.localdate() + dt.timedelta(days=9), capacity=1)

    page = client.get("/om/kultur/").content.decode()

    assert "1 ledig plads" in page
    assert "1 ledige" not in page


def test_about_without_a_coming_cohort_says_so(client: Client, programme: Programme) -> None:
    cohort = make_cohort(programme, starts_on=timezone.localdate() + dt.timedelta(days=9), capacity=1)
    make_enrolment(cohort)

    assert "Datoen er på vej" in client.get("/om/kultur/").content.decode()


def test_about_takes_as_many_queries_whatever_there_is(
    client: Client, programme: Programme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for rows in (1, 2, 27):
        for _ in range(rows):
            make_venue(programme)
            make_cohort(programme, starts_on=timezone.localdate() + dt.timedelta(days=9))
        with django_assert_num_queries(4):
            client.get("/om/kultur/")


def test_refer_offers_the_three_forms_and_the_way_for_oneself(client: Client, programme: Programme) -> None:
    page = client.get("/henvis/kultur/").content.decode()

    for path in ("/henvis/kultur/jobcenter/", "/henvis/kultur/laege/", "/henvis/kultur/anden/"):
        assert f'href="{path}"' in page
    assert 'href="/tilmeld/kultur/"' in page


@pytest.mark.parametrize("kind", ["jobcenter", "laege", "anden"])
def test_refer_form_shows_target_group_criteria_procedure_and_information(
    client: Client, programme: Programme, kind: str
) -> None:
    page = client.get(f"/henvis/kultur/{kind}/").content.decode()

    assert programme.target_group in page
    for sentence in (*programme.criteria_list, *programme.procedure_list):
        assert sentence in page
    assert "databeskyttelsesforordningen" in page
    assert "Du kan ikke vedhæfte filer" in page


def test_sign_up_shows_information_and_asks_for_little(client: Client, programme: Programme) -> None:
    page = client.get("/tilmeld/kultur/").content.decode()

    assert "databeskyttelsesforordningen" in page
    for field in ("situation", "agreed", "criteria_met", "referrer_name"):
        assert f'name="{field}"' not in page


@pytest.mark.parametrize("path", PAGES)
def test_no_public_page_asks_for_a_cpr_number_or_a_file(
    client: Client, programme: Programme, path: str
) -> None:
    page = client.get(path).content.decode()

    assert 'type="file"' not in page
    assert 'name="cpr"' not in page


@pytest.mark.parametrize("path", ["/om/kultur/", "/henvis/kultur/", "/tilmeld/kultur/"])
def test_the_words_of_public_pages_are_plain(client: Client, programme: Programme, path: str) -> None:
    page = main_text(client.get(path)).replace(programme.information_text, "")

    assert lix(page) < 35


def test_lix_counts_as_bjornsson_does() -> None:
    # Six words in two sentences, one of them longer than six letters.
    assert lix("Du kan ringe. Vi svarer hurtigst.") == pytest.approx(6 / 2 + 100 * 1 / 6)
