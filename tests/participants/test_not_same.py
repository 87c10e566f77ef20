"""Two who resemble each other and are not one: asked once, and anew when something has changed."""

import datetime as dt

import pytest

from accounts.models import Programme, User
from participants.models import Correction, NotSamePerson, Participant
from participants.queries import find_likely_same_as
from participants.services import (
    SamePersonTwice,
    note_not_same,
    take_back_not_same,
    update_participant,
)
from tests.factories import make_participant

LATER = dt.timedelta(days=1)


@pytest.fixture
def pair(in_scope: Programme) -> tuple[Participant, Participant]:
    said = {"phone": "+4520123456", "birth_year": 1961}
    return (
        make_participant(in_scope, given_name="Kirsten", family_name="Ågård", **said),
        make_participant(in_scope, given_name="Kirstn", family_name="Ågard", **said),
    )


def proposed(one: Participant, other: Participant) -> tuple[bool, bool]:
    """Return whether each is proposed for the other."""
    for person in (one, other):
        person.refresh_from_db()
    return bool(find_likely_same_as(one)), bool(find_likely_same_as(other))


def test_a_pair_told_apart_is_proposed_to_neither(
    pair: tuple[Participant, Participant], coordinator: User, now: dt.datetime
) -> None:
    one, other = pair
    assert proposed(*pair) == (True, True)

    note = note_not_same(participant=other, other=one, by=coordinator, now=now)

    assert proposed(*pair) == (False, False)
    assert (note.one, note.other, note.noted_by, note.noted_at) == (one, other, coordinator, now)


def test_a_third_person_is_still_proposed(
    in_scope: Programme, pair: tuple[Participant, Participant], coordinator: User, now: dt.datetime
) -> None:
    third = make_participant(
        in_scope, given_name="Kirsten", family_name="Aagaard", phone="+4520123456", birth_year=1961
    )

    note_not_same(participant=pair[0], other=pair[1], by=coordinator, now=now)

    assert [found.participant for found in find_likely_same_as(pair[0])] == [third]


def test_told_apart_twice_by_either_name_first_is_one_note(
    pair: tuple[Participant, Participant], coordinator: User, now: dt.datetime
) -> None:
    one, other = pair
    first = note_not_same(participant=one, other=other, by=coordinator, now=now)

    assert note_not_same(participant=other, other=one, by=None, now=now + LATER) == first
    assert NotSamePerson.objects.count() == 1


def test_it_can_be_taken_back_and_said_again(
    pair: tuple[Participant, Participant], coordinator: User, now: dt.datetime
) -> None:
    one, other = pair
    note_not_same(participant=one, other=other, by=coordinator, now=now)

    assert take_back_not_same(participant=other, other=one, by=coordinator, now=now + LATER)
    assert not take_back_not_same(participant=one, other=other, by=coordinator, now=now + LATER)
    assert proposed(*pair) == (True, True)

    note_not_same(participant=one, other=other, by=coordinator, now=now + LATER)
    kept = NotSamePerson.objects.values_list("ended_at", "ended_by")
    assert list(kept) == [(now + LATER, coordinator.pk), (None, None)]


@pytest.mark.parametrize(
    ("change", "asked_anew"),
    [
        ({"phone": "+4520999999"}, True),
        ({"email": "kirsten@borger.example"}, True),
        ({"family_name": "Aagaard"}, True),
        ({"postcode": "6800", "note": "Vil helst ringes op."}, False),
        ({"phone": "+4520123456"}, False),
    ],
)
def test_another_name_or_contact_asks_anew_and_nothing_else_does(
    pair: tuple[Participant, Participant],
    coordinator: User,
    now: dt.datetime,
    change: dict[str, str],
    asked_anew: bool,
) -> None:
    one, other = pair
    note_not_same(participant=one, other=other, by=coordinator, now=now)

    update_participant(participant=other, by=coordinator, now=now + LATER, **change)

    kept = NotSamePerson.objects.get()
    assert (kept.ended_at, kept.ended_by) == ((now + LATER) if asked_anew else None, None)


def test_nobody_is_told_apart_from_themselves(
    pair: tuple[Participant, Participant], coordinator: User, now: dt.datetime
) -> None:
    with pytest.raises(SamePersonTwice):
        note_not_same(participant=pair[0], other=pair[0], by=coordinator, now=now)


# --- What was known before -------------------------------------------------------------------------


def test_update_participant_keeps_what_it_was_and_who_changed_it(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    anna = make_participant(in_scope, phone="+4520123456", email="anna@borger.example")

    update_participant(
        participant=anna, by=coordinator, now=now, phone="+4520999999", email="anna@borger.example"
    )

    kept = Correction.objects.get()
    assert kept.former_values == {"phone": "+4520123456"}
    assert (kept.participant, kept.by, kept.at) == (anna, coordinator, now)


def test_update_participant_that_changes_nothing_keeps_nothing(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    anna = make_participant(in_scope, phone="+4520123456")

    update_participant(participant=anna, by=coordinator, now=now, phone="+4520123456")

    assert not Correction.objects.exists()
