"""Users, programmes and memberships."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from accounts.enums import Role
from accounts.models import Membership, Programme, User
from accounts.services import LastAdministrator, create_user, remove_member, set_member
from tests.concurrency import at_once
from tests.factories import NOW, make_programme, make_user

COMMAND = {
    "name": "Kultur på Recept Esbjerg",
    "municipality": "Esbjerg Kommune",
    "municipality_code": "0561",
    "contact_name": "Kirsten",
    "contact_phone": "+4520123456",
    "contact_email": "kultur@esbjerg.example",
    "admin_email": "Ada@Esbjerg.example",
    "admin_name": "Ada",
}


def run_create_programme(monkeypatch, password="et langt kodeord her", **changes):
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    out = io.StringIO()
    call_command("create_programme", password_stdin=True, stdout=out, **(COMMAND | changes))
    return out.getvalue()


@pytest.mark.django_db
def test_create_programme_makes_a_programme_and_its_first_administrator(monkeypatch):
    said = run_create_programme(monkeypatch)
    programme = Programme.objects.get()
    membership = Membership.objects.select_related("user").get()
    assert programme.slug == "kultur-paa-recept-esbjerg"
    assert "/om/kultur-paa-recept-esbjerg/" in said
    assert not programme.is_demo
    assert (membership.role, membership.user.email) == (Role.ADMINISTRATOR, "ada@esbjerg.example")
    assert membership.user.check_password("et langt kodeord her")


@pytest.mark.django_db
def test_create_programme_shortens_a_long_name_to_whole_words_of_the_address(monkeypatch):
    said = run_create_programme(
        monkeypatch, name="Kulturvitaminer Ærøskøbing-Marstal og Omegns Kommunesamarbejde"
    )
    assert "/om/kulturvitaminer-aeroeskoebing-marstal-og-omegns/" in said


@pytest.mark.django_db
def test_create_programme_names_the_argument_that_is_wrong(monkeypatch):
    with pytest.raises(CommandError, match="--municipality-code: Skriv fire cifre"):
        run_create_programme(monkeypatch, municipality_code="56")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "password"),
    [
        ({"municipality_code": "56"}, "et langt kodeord her"),
        ({}, "kort"),
        ({"contact_email": "x"}, "et langt kodeord"),
    ],
)
def test_create_programme_refuses_what_is_wrong_and_makes_nothing(monkeypatch, changes, password):
    with pytest.raises(CommandError):
        run_create_programme(monkeypatch, password=password, **changes)
    assert not Programme.objects.exists()
    assert not User.objects.exists()


@pytest.mark.django_db
def test_create_programme_refuses_a_slug_that_is_taken(monkeypatch):
    make_programme(slug="kultur-paa-recept-esbjerg")
    with pytest.raises(CommandError):
        run_create_programme(monkeypatch)


@pytest.mark.django_db
def test_user_is_one_person_whatever_the_case_of_the_address(now):
    first = create_user(email="Anna@Kommune.dk", name="Anna", password=None, now=now)
    assert create_user(email="anna@kommune.DK", name="Anna", password=None, now=now) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="ANNA@kommune.dk", name="x")


def test_member_has_one_role_in_a_programme(programme, administrator, now):
    user = make_user(programme, Role.MANAGER)
    set_member(programme=programme, user=user, role=Role.COORDINATOR, by=administrator, now=now)
    assert [membership.role for membership in user.memberships.all()] == [Role.COORDINATOR]


def test_last_administrator_stays(programme, administrator, now):
    membership = Membership.objects.get(user=administrator)
    with pytest.raises(LastAdministrator):
        set_member(programme=programme, user=administrator, role=Role.MANAGER, by=administrator, now=now)
    with pytest.raises(LastAdministrator):
        remove_member(membership=membership, by=administrator, now=now)
    make_user(programme, Role.ADMINISTRATOR)
    remove_member(membership=membership, by=administrator, now=now)
    assert not Membership.objects.filter(user=administrator).exists()


def test_database_refuses_a_programme_that_shows_cells_below_five(programme):
    programme.smallest_cell = 4
    with pytest.raises(ValidationError):
        programme.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        Programme.objects.filter(pk=programme.pk).update(smallest_cell=4)


@pytest.mark.django_db(transaction=True)
def test_create_user_by_ten_at_once_is_one_user():
    def create() -> int:
        return create_user(email="ny@kommune.example", name="Ny", password=None, now=NOW).pk

    assert len(set(at_once(create, times=10, threads=10))) == 1
    assert User.objects.count() == 1
