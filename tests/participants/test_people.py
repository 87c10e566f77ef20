"""Registering a person, correcting what is known, and finding the same person again."""

import datetime as dt
from unittest import mock

import pytest
from django.db import IntegrityError, connection

from accounts.models import Programme, User
from core.lookups import email_hash, phone_hash
from participants.enums import Stage
from participants.models import Participant
from participants.queries import find_same_person
from participants.services import register_participant, update_participant
from tests.factories import make_participant


def register(programme: Programme, now: dt.datetime, **fields: object) -> Participant:
    return register_participant(
        programme=programme,
        **{"given_name": "Åse", "family_name": "Ærøskøbing", "phone": "+4520123456", **fields},
        by=None,
        now=now,
    )


def test_register_participant_starts_at_received_with_a_reference(
    in_scope: Programme, now: dt.datetime
) -> None:
    participant = register(in_scope, now)

    kept = Participant.objects.get(pk=participant.pk)
    assert (kept.stage, kept.created_at, kept.full_name) == (Stage.RECEIVED, now, "Åse Ærøskøbing")
    assert len(kept.reference) == 8
    change = kept.stage_changes.get()
    assert (change.from_stage, change.to_stage, change.at, change.by) == ("", Stage.RECEIVED, now, None)


def test_register_participant_keeps_phone_and_email_encrypted_and_findable(
    in_scope: Programme, now: dt.datetime
) -> None:
    participant = register(in_scope, now, email="Aase@Borger.example")

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT phone, email, phone_hash, email_hash FROM participants_participant WHERE id = %s",
            [participant.pk],
        )
        phone, email, *hashes = cursor.fetchone()
    assert b"2012" not in bytes(phone)
    assert b"orger" not in bytes(email)
    assert hashes == [phone_hash("+4520123456"), email_hash("aase@borger.example")]
    assert Participant.objects.get(pk=participant.pk).phone == "+4520123456"


def test_register_participant_draws_another_reference_when_the_first_is_taken(
    in_scope: Programme, now: dt.datetime
) -> None:
    taken = make_participant(in_scope).reference

    with mock.patch("core.references.new_reference", side_effect=[taken, taken, "XXXX-XXX"]):
        participant = register(in_scope, now)

    assert participant.reference == "XXXX-XXX"


def test_register_participant_gives_up_when_every_reference_is_taken(
    in_scope: Programme, now: dt.datetime
) -> None:
    taken = make_participant(in_scope).reference

    with (
        mock.patch("core.references.new_reference", return_value=taken),
        pytest.raises(IntegrityError),
    ):
        register(in_scope, now)


def test_update_participant_keeps_search_and_sorting_true(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    participant = make_participant(in_scope, family_name="Andersen", phone="+4520123456")
    make_participant(in_scope, family_name="Zeuthen")

    update_participant(
        participant=participant,
        by=coordinator,
        now=now,
        family_name="Ågård",
        phone="+4530123456",
        email="ny@borger.example",
    )

    kept = Participant.objects.get(phone_hash=phone_hash("+4530123456"))
    assert kept == participant
    assert kept.email_hash == email_hash("NY@borger.example")
    assert Participant.objects.matching("aagaard").get() == participant
    assert Participant.objects.by_name().last() == participant


def test_update_participant_leaves_stage_and_reference_alone(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    participant = make_participant(in_scope, stage=Stage.READY)

    for field in ("stage", "reference", "outcome", "programme", "pseudonym"):
        with pytest.raises(TypeError):
            update_participant(participant=participant, by=coordinator, now=now, **{field: "closed"})

    assert Participant.objects.get(pk=participant.pk).stage == Stage.READY


def test_update_participant_takes_phone_and_email_away(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    participant = make_participant(in_scope)

    update_participant(participant=participant, by=coordinator, now=now, phone="", email="")

    kept = Participant.objects.get(pk=participant.pk)
    assert (kept.phone, kept.phone_hash, kept.email, kept.email_hash) == ("", "", "", "")


@pytest.mark.parametrize("text", ["soeren", "SØREN", "ærø", "aeroe", "søren ær", "rsen ør", "  sÖren "])
def test_matching_finds_danish_letters_in_either_spelling(text: str, in_scope: Programme) -> None:
    found = make_participant(in_scope, given_name="Søren", family_name="Ærø-Larsen")
    make_participant(in_scope, given_name="Sara", family_name="Larsen")

    # "rsen ør": each word may stand anywhere in the name
    assert found in Participant.objects.matching(text)


@pytest.mark.parametrize("text", ["sørine", "ærøskøbing", "søren hansen", "%", "_"])
def test_matching_misses_other_names(text: str, in_scope: Programme) -> None:
    make_participant(in_scope, given_name="Søren", family_name="Ærø")

    assert not Participant.objects.matching(text).exists()


def test_by_name_is_danish_order(in_scope: Programme) -> None:
    names = ["Ågård", "Aabenraa", "Øster", "Ærø", "Zeuthen", "Søren", "Sønderborg", "Andersen"]
    for name in names:
        make_participant(in_scope, given_name="Bo", family_name=name)

    assert [person.family_name for person in Participant.objects.by_name()] == [
        "Andersen", "Sønderborg", "Søren", "Zeuthen", "Ærø", "Øster", "Aabenraa", "Ågård",
    ]  # fmt: skip


SAME = {"given_name": "Anna", "family_name": "Sørensen", "birth_year": 1982}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, True),
        ({"given_name": "ANNA", "family_name": "Soerensen"}, True),
        ({"phone": "", "email": "anna@borger.example"}, True),
        ({"phone": "+4599999999", "email": "anna@borger.example"}, True),
        ({"birth_year": None}, True),
        ({"birth_year": 1983}, False),
        ({"given_name": "Anne"}, False),
        ({"phone": "+4599999999"}, False),
        ({"phone": "", "email": ""}, False),
    ],
)
def test_find_same_person_wants_name_and_number_to_agree(
    asked: dict[str, object], found: bool, in_scope: Programme
) -> None:
    make_participant(in_scope, **SAME, phone="+4520123456", email="anna@borger.example")
    said = {**SAME, "phone": "+4520123456", "email": "", **asked}

    same = find_same_person(
        given_name=str(said["given_name"]),
        family_name=str(said["family_name"]),
        phone_hash=phone_hash(str(said["phone"])),
        email_hash=email_hash(str(said["email"])),
        birth_year=said["birth_year"],  # type: ignore[arg-type]
    )

    assert (same is not None) == found


def test_find_same_person_sees_no_other_programmes_people(
    in_scope: Programme, other_programme: Programme
) -> None:
    make_participant(other_programme, **SAME, phone="+4520123456")

    same = find_same_person(**SAME, phone_hash=phone_hash("+4520123456"), email_hash="")

    assert same is None
