"""Who is likely the same person: the hard pairs, and each rule of the search by itself."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Programme
from bench.duplicates import AT_LEAST, held_out_pairs, measure, pairs
from core.lookups import email_hash, phone_hash
from participants.queries import find_likely_same
from participants.queries.names import NameFit, name_fit
from tests.factories import make_participant

PHONE = "+4520123456"
KIRSTEN: dict[str, Any] = {
    "given_name": "Kirsten",
    "family_name": "Ågård",
    "phone": PHONE,
    "email": "kirsten@borger.example",
    "birth_year": 1961,
    "postcode": "6700",
}


def found(**asked: Any) -> list[str]:
    return [likely.participant.full_name for likely in find_likely_same(**asked)]


# --- The hard pairs --------------------------------------------------------------------------------


def test_hard_pairs_are_told_apart_by_the_search_and_not_by_an_exact_one(
    in_scope: Programme, now: dt.datetime
) -> None:
    search, exact = measure(in_scope, now)

    assert search.precision >= AT_LEAST, search.false_alarms
    assert search.recall >= AT_LEAST, search.missed
    assert exact.recall < 0.5


def test_pairs_that_the_search_was_not_tuned_on_are_told_apart_too(
    in_scope: Programme, now: dt.datetime
) -> None:
    everyone = held_out_pairs()
    assert everyone == held_out_pairs(), "the same each time"
    assert sum(pair.same for pair in everyone) == len(everyone) / 2

    search, exact = measure(in_scope, now, everyone)

    assert search.precision >= AT_LEAST, search.false_alarms
    assert search.recall >= AT_LEAST, search.missed
    assert exact.recall < search.recall


def test_hard_pairs_are_200_and_of_both_sorts() -> None:
    everyone = pairs()

    assert len(everyone) == 200
    assert 80 <= sum(pair.same for pair in everyone) <= 120
    assert len({str(pair.known) for pair in everyone}) == 200


# --- Each rule -------------------------------------------------------------------------------------


def test_likely_same_says_why(in_scope: Programme) -> None:
    make_participant(in_scope, **KIRSTEN)

    (likely,) = find_likely_same(
        given_name="Kirsten",
        family_name="Aagaard",
        phone_hash=phone_hash(PHONE),
        email_hash=email_hash("Kirsten@borger.example"),
        birth_year=1961,
        postcode="6700",
    )

    assert likely.reasons == (
        "Samme navn (Kirsten Aagaard / Kirsten Ågård)",
        "Samme telefonnummer",
        "Samme e-mail",
        "Samme fødselsår",
        "Samme postnummer",
    )


def test_likely_same_says_how_a_name_resembles(in_scope: Programme) -> None:
    make_participant(in_scope, **KIRSTEN)

    (likely,) = find_likely_same(given_name="Kirstn", family_name="Ågard", phone_hash=phone_hash(PHONE))

    assert likely.reasons == ("Navnet ligner (Kirstn Ågard / Kirsten Ågård)", "Samme telefonnummer")


@pytest.mark.parametrize(
    ("given_name", "family_name", "fit"),
    [
        ("Kirsten", "Aagaard", NameFit.SAME),
        ("Ågård", "Kirsten", NameFit.SAME),
        ("Kirstén", "ÅGÅRD", NameFit.SAME),
        ("Kirsten", "Agard", NameFit.ALIKE),
        ("Kisrten", "Ågård", NameFit.ALIKE),
        ("Kirsten Marie", "Ågård", NameFit.SHORTENED),
        ("K.", "Ågård", NameFit.SHORTENED),
        ("Kirsten", "Holm", NameFit.GIVEN_ONLY),
        ("Karen", "Ågård", NameFit.OTHER),
        ("K.", "Å.", NameFit.OTHER),
        ("", "", NameFit.OTHER),
    ],
)
def test_name_fits_as_a_coordinator_would_say(given_name: str, family_name: str, fit: NameFit) -> None:
    assert name_fit(given_name, family_name, "Kirsten", "Ågård") == fit
    assert name_fit("Kirsten", "Ågård", given_name, family_name) == fit


@pytest.mark.parametrize(
    ("one", "other"),
    [("Kristian", "Kristina"), ("Hanne", "Sanne"), ("Lise", "Line"), ("Anne Marie", "Anne Sofie")],
)
def test_names_of_twins_are_no_slips(one: str, other: str) -> None:
    assert name_fit(one, "Holm", other, "Holm") == NameFit.OTHER


def test_twins_at_one_phone_are_two_people(in_scope: Programme) -> None:
    make_participant(in_scope, **KIRSTEN)

    assert found(**{**asked(KIRSTEN), "given_name": "Karen"}) == []


def test_same_name_and_phone_with_another_year_is_another_person(in_scope: Programme) -> None:
    make_participant(in_scope, **KIRSTEN)

    assert found(**{**asked(KIRSTEN), "birth_year": 1991}) == []


def test_same_name_and_year_with_other_phone_and_postcode_is_another_person(in_scope: Programme) -> None:
    make_participant(in_scope, **KIRSTEN)

    elsewhere = {"phone_hash": phone_hash("+4520999999"), "email_hash": "", "postcode": "8000"}
    assert found(**{**asked(KIRSTEN), **elsewhere}) == []


def test_same_name_and_year_with_nothing_against_is_likely_the_same(in_scope: Programme) -> None:
    make_participant(in_scope, **KIRSTEN)

    assert found(given_name="Kirsten", family_name="Ågård", birth_year=1961) == ["Kirsten Ågård"]


def test_a_new_family_name_at_the_same_phone_and_year_is_likely_the_same(in_scope: Programme) -> None:
    make_participant(in_scope, **KIRSTEN)

    assert found(**{**asked(KIRSTEN), "family_name": "Holm"}) == ["Kirsten Ågård"]


def test_likely_same_leaves_out_the_person_asked_about(in_scope: Programme) -> None:
    kirsten = make_participant(in_scope, **KIRSTEN)

    assert found(**asked(KIRSTEN), exclude=kirsten) == []


def test_likely_same_finds_nobody_of_another_programme(
    in_scope: Programme, other_programme: Programme
) -> None:
    make_participant(other_programme, **KIRSTEN)

    assert found(**asked(KIRSTEN)) == []


def test_likely_same_are_five_at_most_and_the_likeliest_come_first(in_scope: Programme) -> None:
    for _ in range(6):
        make_participant(in_scope, **{**KIRSTEN, "phone": "", "email": ""})
    make_participant(in_scope, **{**KIRSTEN, "family_name": "Aagaard"})

    likely = found(**asked(KIRSTEN))

    assert len(likely) == 5
    assert likely[0] == "Kirsten Aagaard"


def test_likely_same_takes_one_query_whoever_is_known(in_scope: Programme) -> None:
    for rows in (1, 3, 30):
        for _ in range(rows):
            make_participant(in_scope, **KIRSTEN)
        with CaptureQueriesContext(connection) as queries:
            found(**asked(KIRSTEN))
        assert len(queries) == 1


def asked(person: dict[str, Any]) -> dict[str, Any]:
    """Return the person as the search is asked."""
    said = {name: value for name, value in person.items() if name not in ("phone", "email")}
    return {**said, "phone_hash": phone_hash(person["phone"]), "email_hash": email_hash(person["email"])}
