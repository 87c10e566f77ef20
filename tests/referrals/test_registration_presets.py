"""The coordinator's form as each link opens it: what is known is filled in, XREF15 asks the least."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from accounts.models import Programme, User
from core.dates import format_danish_date
from outreach.enums import OrganisationKind
from referrals.enums import Intake, ReferralKind
from referrals.models import Referral
from tests.factories import make_organisation
from tests.referrals.pages import form_fields

pytestmark = pytest.mark.django_db

XREF15 = "/henvisninger/ny/?intake=xref15&kind=gp"
TYPED = {
    "given_name": "Anna",
    "family_name": "Ærø",
    "phone": "20123456",
    "referrer_workplace": "Lægerne Torvet",
}


@pytest.fixture
def desk(client_for, coordinator: User) -> Client:
    return client_for(coordinator)


@pytest.mark.parametrize("intake", ["phone", "paper", "meeting"])
def test_link_fills_in_the_way_in(desk: Client, intake: str) -> None:
    assert form_fields(desk.get(f"/henvisninger/ny/?intake={intake}"))["intake"] == intake


def test_link_of_nonsense_fills_in_nothing_wrong(desk: Client) -> None:
    fields = form_fields(desk.get("/henvisninger/ny/?intake=fax&kind=%00"))

    assert fields["intake"] == "phone"
    assert fields["kind"] == "self"


def test_xref15_asks_only_what_it_needs(desk: Client) -> None:
    fields = set(form_fields(desk.get(XREF15)))

    assert not fields & {"intake", "kind", "contact_wishes", "heard_about", "referrer_email"}
    assert {"given_name", "family_name", "phone", "referrer_workplace", "received_on"} <= fields


def test_xref15_is_kept_with_who_entered_it_and_when_it_came(
    desk: Client, programme: Programme, coordinator: User
) -> None:
    came = timezone.localdate() - dt.timedelta(days=3)

    answer = desk.post(XREF15, {**TYPED, "received_on": format_danish_date(came)}, follow=True)

    with scope(programme=programme):
        referral = Referral.objects.get()
    assert (referral.intake, referral.kind) == (Intake.XREF15, ReferralKind.GP)
    assert referral.workplace == "Lægerne Torvet"
    assert referral.entered_by == coordinator
    assert timezone.localdate(referral.received_at) == came
    page = answer.content.decode()
    assert "skrevet ind af Kirsten Koordinator" in page
    assert "Henvendelsen er gemt." in page


def test_xref15_without_a_practice_says_what_to_do_and_keeps_what_was_typed(desk: Client) -> None:
    answer = desk.post(XREF15, {**TYPED, "referrer_workplace": ""})

    assert answer.status_code == 422
    assert "Skriv navnet på praksis" in answer.content.decode()
    assert form_fields(answer)["family_name"] == "Ærø"


def test_day_to_come_is_refused(desk: Client) -> None:
    tomorrow = timezone.localdate() + dt.timedelta(days=1)

    answer = desk.post(XREF15, {**TYPED, "received_on": format_danish_date(tomorrow)})

    assert answer.status_code == 422
    assert "Vælg i dag eller en dag, der har været." in answer.content.decode()


def test_xref15_suggests_the_practices_of_the_own_programme_alone(
    desk: Client, programme: Programme, other_programme: Programme
) -> None:
    make_organisation(programme, name="Lægerne Torvet", kind=OrganisationKind.GP)
    make_organisation(programme, name="Jobcenter Ribe")
    make_organisation(other_programme, name="Lægehuset Andetsteds", kind=OrganisationKind.GP)

    xref15, full = (desk.get(url).content.decode() for url in (XREF15, "/henvisninger/ny/"))

    assert '<option value="Lægerne Torvet">' in xref15
    assert "Jobcenter Ribe" not in xref15
    assert '<option value="Jobcenter Ribe">' in full
    assert "Andetsteds" not in xref15 + full
