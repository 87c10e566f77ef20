"""Partners and referrers: found again, never doubled, never changed by what a public form says."""

import datetime as dt

import pytest
from django_scopes import scope

from accounts.models import Programme, User
from outreach.enums import OrganisationKind
from outreach.models import Organisation, Referrer
from outreach.services import (
    OrganisationNameTaken,
    ReferrerEmailTaken,
    create_organisation,
    create_referrer,
    find_or_create_organisation,
    find_or_create_referrer,
    update_organisation,
    update_referrer,
)
from tests.concurrency import at_once
from tests.factories import make_organisation, make_programme, make_referrer


def test_find_or_create_referrer_makes_the_person_and_the_workplace(
    in_scope: Programme, now: dt.datetime
) -> None:
    referrer = find_or_create_referrer(
        programme=in_scope,
        name="Åse Ærø",
        email="Aase@Jobcenter.example",
        phone="+4520123456",
        title="Sagsbehandler",
        organisation_kind=OrganisationKind.JOBCENTRE,
        workplace="Jobcenter Esbjerg",
        now=now,
    )

    referrer.refresh_from_db()
    assert (referrer.name, referrer.title, referrer.phone) == ("Åse Ærø", "Sagsbehandler", "+4520123456")
    assert referrer.organisation.name == "Jobcenter Esbjerg"
    assert referrer.organisation.kind == OrganisationKind.JOBCENTRE


def test_find_or_create_referrer_knows_the_address_in_any_case(in_scope: Programme, now: dt.datetime) -> None:
    known = make_referrer(in_scope, name="Åse Ærø", email="aase@jobcenter.example")

    found = find_or_create_referrer(
        programme=in_scope, name="A. Ærø", email=" AASE@jobcenter.example", workplace="", now=now
    )

    assert found == known
    assert Referrer.objects.count() == 1


def test_find_or_create_referrer_fills_gaps_and_changes_nothing_known(
    in_scope: Programme, now: dt.datetime
) -> None:
    make_referrer(in_scope, name="Åse Ærø", email="aase@jobcenter.example", phone="+4520123456")

    found = find_or_create_referrer(
        programme=in_scope,
        name="En anden",
        email="aase@jobcenter.example",
        phone="+4530123456",
        title="Sagsbehandler",
        now=now,
    )

    assert (found.name, found.phone, found.title) == ("Åse Ærø", "+4520123456", "Sagsbehandler")


def test_find_or_create_referrer_without_address_is_found_by_name_and_telephone(
    in_scope: Programme, now: dt.datetime
) -> None:
    first = find_or_create_referrer(programme=in_scope, name="Dr. Holm", phone="+4575123456", now=now)
    again = find_or_create_referrer(programme=in_scope, name="dr. holm", phone="+4575123456", now=now)

    assert again == first


def test_find_or_create_referrer_without_address_is_found_by_name_and_workplace(
    in_scope: Programme, now: dt.datetime
) -> None:
    first = find_or_create_referrer(programme=in_scope, name="Dr. Holm", workplace="Lægehuset", now=now)
    again = find_or_create_referrer(programme=in_scope, name="Dr. Holm", workplace="lægehuset", now=now)
    elsewhere = find_or_create_referrer(programme=in_scope, name="Dr. Holm", workplace="Klinikken", now=now)

    assert again == first
    assert elsewhere != first


def test_find_or_create_referrer_never_gives_a_known_person_a_new_address(
    in_scope: Programme, now: dt.datetime
) -> None:
    # Else anybody could have the referrer's own page sent to themselves.
    known = find_or_create_referrer(programme=in_scope, name="Dr. Holm", phone="+4575123456", now=now)

    other = find_or_create_referrer(
        programme=in_scope, name="Dr. Holm", phone="+4575123456", email="x@eksempel.dk", now=now
    )

    known.refresh_from_db()
    assert known.email == ""
    assert other != known


def test_find_or_create_referrer_stays_within_the_programme(in_scope: Programme, now: dt.datetime) -> None:
    elsewhere = make_programme()
    make_referrer(elsewhere, email="aase@jobcenter.example")

    made = find_or_create_referrer(programme=in_scope, name="Åse", email="aase@jobcenter.example", now=now)

    assert made.programme == in_scope


@pytest.mark.django_db(transaction=True)
def test_find_or_create_referrer_by_ten_at_once_is_one_person(now: dt.datetime) -> None:
    programme = make_programme()

    def refer() -> int:
        with scope(programme=programme):
            return find_or_create_referrer(
                programme=programme,
                name="Åse Ærø",
                email="aase@jobcenter.example",
                workplace="Jobcenter Esbjerg",
                now=now,
            ).pk

    found = set(at_once(refer, times=10, threads=10))

    assert len(found) == 1
    with scope(programme=programme):
        assert Organisation.objects.count() == 1


def test_find_or_create_organisation_is_found_in_another_spelling(
    in_scope: Programme, now: dt.datetime
) -> None:
    known = make_organisation(in_scope, name="Jobcenter Aabenraa")

    found = find_or_create_organisation(
        programme=in_scope, name="jobcenter åbenrå", kind=OrganisationKind.OTHER, now=now
    )

    assert found == known
    assert found.name == "Jobcenter Aabenraa"


def test_create_organisation_refuses_a_name_that_is_taken(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    make_organisation(in_scope, name="Jobcenter Esbjerg")

    with pytest.raises(OrganisationNameTaken):
        create_organisation(
            programme=in_scope,
            name="JOBCENTER ESBJERG",
            kind=OrganisationKind.JOBCENTRE,
            by=coordinator,
            now=now,
        )


def test_update_organisation_corrects_the_name_and_its_place_in_lists(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    organisation = make_organisation(in_scope, name="Jobcentre")
    before = organisation.name_key

    changed = update_organisation(
        organisation=organisation, name="Ældre Sagen", note="Ring om tirsdagen", by=coordinator, now=now
    )

    assert (changed.name, changed.note) == ("Ældre Sagen", "Ring om tirsdagen")
    assert changed.name_key != before


def test_update_organisation_refuses_another_ones_name(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    make_organisation(in_scope, name="3F Esbjerg")
    organisation = make_organisation(in_scope, name="HK Esbjerg")

    with pytest.raises(OrganisationNameTaken):
        update_organisation(organisation=organisation, name="3f esbjerg", by=coordinator, now=now)


def test_update_organisation_refuses_what_is_not_its_to_change(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    with pytest.raises(TypeError, match="programme"):
        update_organisation(
            organisation=make_organisation(in_scope), programme=in_scope, by=coordinator, now=now
        )


def test_create_referrer_refuses_an_address_that_is_known(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    make_referrer(in_scope, email="aase@jobcenter.example")

    with pytest.raises(ReferrerEmailTaken):
        create_referrer(
            programme=in_scope, name="Åse", email="Aase@jobcenter.example", by=coordinator, now=now
        )


def test_update_referrer_makes_the_new_address_findable(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    referrer = make_referrer(in_scope, email="gammel@jobcenter.example")

    update_referrer(referrer=referrer, email="ny@jobcenter.example", by=coordinator, now=now)

    found = find_or_create_referrer(programme=in_scope, name="Åse", email="ny@jobcenter.example", now=now)
    assert found == referrer


def test_update_referrer_refuses_another_ones_address(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    make_referrer(in_scope, email="aase@jobcenter.example")
    referrer = make_referrer(in_scope)

    with pytest.raises(ReferrerEmailTaken):
        update_referrer(referrer=referrer, email="aase@jobcenter.example", by=coordinator, now=now)


@pytest.mark.django_db(transaction=True)
def test_create_referrer_without_an_address_pressed_ten_times_at_once_is_one(now: dt.datetime) -> None:
    programme = make_programme()

    def press() -> int:
        with scope(programme=programme):
            return create_referrer(programme=programme, name="Dr. Holm", by=None, now=now).pk

    assert len(set(at_once(press, times=10, threads=10))) == 1
    with scope(programme=programme):
        later = create_referrer(
            programme=programme, name="Dr. Holm", by=None, now=now + dt.timedelta(minutes=2)
        )
        assert Referrer.objects.count() == 2, "two of one name are two, but not in one breath"
    assert later.name == "Dr. Holm"
