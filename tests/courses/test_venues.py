"""The places where cohorts meet."""

import pytest

from accounts.models import Programme, User
from courses.models import Venue
from courses.services import NameTaken, create_venue, update_venue
from tests.factories import NOW, make_venue


def create(programme: Programme, by: User, name: str = "Museet") -> Venue:
    return create_venue(
        programme=programme, name=name, address="Torvet 1", directions="Ring på.", by=by, now=NOW
    )


def test_a_venue_keeps_what_is_said_of_it(in_scope: Programme, coordinator: User) -> None:
    venue = Venue.objects.get(pk=create(in_scope, coordinator).pk)
    assert (venue.name, venue.address, venue.directions) == ("Museet", "Torvet 1", "Ring på.")


def test_a_venues_name_is_taken_in_any_case(in_scope: Programme, coordinator: User) -> None:
    create(in_scope, coordinator)
    with pytest.raises(NameTaken, match="Navnet “Museet” er allerede brugt"):
        create(in_scope, coordinator, name="museet")


def test_another_programme_may_use_the_venues_name(
    in_scope: Programme, other_programme: Programme, coordinator: User
) -> None:
    make_venue(other_programme, name="Museet")
    assert create(in_scope, coordinator).pk


def test_a_venue_can_be_corrected_but_not_to_anothers_name(in_scope: Programme, coordinator: User) -> None:
    venue = create(in_scope, coordinator)
    make_venue(in_scope, name="Biblioteket")

    def correct(name: str) -> Venue:
        return update_venue(venue=venue, name=name, address="", directions="", by=coordinator, now=NOW)

    assert correct("MUSEET").name == "MUSEET"
    with pytest.raises(NameTaken):
        correct("Biblioteket")
