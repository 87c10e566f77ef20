"""The coordinator keeps the partners and the people in them."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope

from outreach.models import NEWS_SWITCHES, Organisation, Referrer
from recruitment.queries.partners import reminder_state
from tests.factories import NOW, make_organisation, make_referral, make_referrer, make_tracked_link


@pytest.fixture
def client(client_for, coordinator):
    return client_for(coordinator)


def test_partner_list_is_friendly_when_empty(client):
    assert "Ingen organisationer endnu" in client.get(reverse("recruitment:partner_list")).content.decode()


def test_partner_list_shows_people_and_what_came_of_them(client, programme):
    organisation = make_organisation(programme, name="Jobcenter Ærø")
    referrer = make_referrer(programme, name="Åse Nøgle", organisation=organisation, is_key_person=True)
    make_referrer(programme, name="Løs Person")
    for _ in range(2):
        make_referral(programme, referrer=referrer)
    page = client.get(reverse("recruitment:partner_list")).content.decode()
    assert "Jobcenter Ærø" in page
    assert "Åse Nøgle" in page
    assert "Løs Person" in page
    assert '<td data-title="Henvist">2<' in page


def test_partner_create_then_again_by_double_click_says_that_it_exists(client, programme):
    url = reverse("recruitment:partner_create")
    answers = {"name": "3F Vestjylland", "kind": "union", "note": ""}
    assert client.post(url, answers).status_code == 302
    again = client.post(url, answers)
    assert again.status_code == 422
    assert "allerede en organisation med det navn" in again.content.decode()
    with scope(programme=programme):
        assert Organisation.objects.count() == 1


def test_partner_create_says_what_is_missing(client):
    page = client.post(reverse("recruitment:partner_create"), {"name": "", "kind": ""})
    assert page.status_code == 422
    assert "Skriv organisationens navn." in page.content.decode()
    assert "Vælg, hvilken slags organisation det er." in page.content.decode()


def test_partner_edit_changes_the_name_everywhere(client, programme):
    organisation = make_organisation(programme, name="Gammelt navn")
    url = reverse("recruitment:partner_edit", kwargs={"pk": organisation.pk})
    client.post(url, {"name": "Nyt navn", "kind": "gp", "note": ""})
    page = client.get(reverse("recruitment:partner_detail", kwargs={"pk": organisation.pk})).content.decode()
    assert "Nyt navn" in page
    assert "Almen praksis" in page


def test_referrer_create_keeps_every_answer(client, programme):
    organisation = make_organisation(programme)
    answers = {
        "name": "Henrik Hansen",
        "title": "Sagsbehandler",
        "email": "HH@jobcenter.example",
        "phone": "20 12 34 56",
        "organisation": organisation.pk,
        "is_key_person": "on",
        "onboarded_on": "5-11-2025",
        "tried_activity_on": "",
    }
    response = client.post(reverse("recruitment:referrer_create"), answers)
    assert response.status_code == 302
    with scope(programme=programme):
        referrer = Referrer.objects.get()
    assert (referrer.phone, referrer.onboarded_on) == ("+4520123456", dt.date(2025, 11, 5))
    assert referrer.organisation == organisation
    assert referrer.is_key_person
    assert client.post(reverse("recruitment:referrer_create"), answers).status_code == 422


def test_referrer_create_offers_no_organisation_of_another_programme(client, other_programme):
    foreign = make_organisation(other_programme)
    response = client.post(
        reverse("recruitment:referrer_create"), {"name": "Henrik", "organisation": foreign.pk}
    )
    assert response.status_code == 422
    assert "Vælg et arbejdssted på listen." in response.content.decode()


def test_referrer_edit_corrects_and_refuses_an_address_in_use(client, programme):
    referrer = make_referrer(programme, name="Før")
    other = make_referrer(programme)
    url = reverse("recruitment:referrer_edit", kwargs={"pk": referrer.pk})
    assert client.post(url, {"name": "Efter", "email": referrer.email}).status_code == 302
    with scope(programme=programme):
        assert Referrer.objects.get(pk=referrer.pk).name == "Efter"
    assert client.post(url, {"name": "Efter", "email": other.email}).status_code == 422


def test_referrer_left_gets_no_more_reminders(client, programme):
    referrer = make_referrer(programme)
    client.post(reverse("recruitment:referrer_left", kwargs={"pk": referrer.pk}))
    with scope(programme=programme):
        referrer = Referrer.objects.get(pk=referrer.pk)
        assert not Referrer.objects.all().reachable(NOW).exists()
    assert reminder_state(referrer, now=NOW).text == "Stoppet i jobbet"


def test_referrer_left_offers_the_colleagues_who_are_still_there_and_hands_over(client, programme):
    place = make_organisation(programme, name="Jobcenter Ærø")
    leaving = make_referrer(programme, name="Jonas Kvist", organisation=place)
    mona = make_referrer(programme, name="Mona Ægidius", organisation=place)
    make_referrer(programme, name="Gerda Gået", organisation=place, left_on=NOW.date())
    make_referrer(programme, name="Else Andetsteds", organisation=make_organisation(programme))
    url = reverse("recruitment:referrer_left", kwargs={"pk": leaving.pk})

    page = client.get(url).content.decode()
    assert "Mona Ægidius" in page
    for name in ("Gerda Gået", "Else Andetsteds"):
        assert name not in page
    answer = client.post(url, {"successor": mona.pk}, follow=True).content.decode()

    assert "Mona Ægidius overtager henvisningerne." in answer
    assert "Mona Ægidius har overtaget" in answer
    with scope(programme=programme):
        assert Referrer.objects.get(pk=leaving.pk).successor == mona


def test_referrer_left_refuses_a_colleague_of_another_place_and_says_what_to_do(client, programme):
    leaving = make_referrer(programme, organisation=make_organisation(programme))
    elsewhere = make_referrer(programme, organisation=make_organisation(programme))
    url = reverse("recruitment:referrer_left", kwargs={"pk": leaving.pk})

    answer = client.post(url, {"successor": elsewhere.pk})

    assert answer.status_code == 422
    assert "Vælg en kollega, der stadig er samme sted" in answer.content.decode()
    with scope(programme=programme):
        assert Referrer.objects.get(pk=leaving.pk).left_on is None


def test_referrer_left_with_nobody_yet_is_a_task_and_is_taken_back_with_one_button(client, programme):
    leaving = make_referrer(programme, name="Jonas Kvist", organisation=make_organisation(programme))
    client.post(reverse("recruitment:referrer_left", kwargs={"pk": leaving.pk}), {"successor": ""})
    tasks = reverse("recruitment:task_list")
    assert "Find ud af, hvem der overtager efter Jonas Kvist" in client.get(tasks).content.decode()

    here = reverse("recruitment:referrer_here", kwargs={"pk": leaving.pk})
    answer = client.post(here, follow=True).content.decode()

    assert "Jonas Kvist er her stadig" in answer
    assert "Jonas Kvist" not in client.get(tasks).content.decode()
    with scope(programme=programme):
        assert Referrer.objects.get(pk=leaving.pk).left_on is None


def test_referrer_left_promises_to_take_back_what_is_taken_back_and_no_more(client, programme):
    place = make_organisation(programme)
    leaving = make_referrer(programme, name="Jonas Kvist", organisation=place, is_key_person=True)
    mona = make_referrer(programme, name="Mona Ægidius", organisation=place)
    link = make_tracked_link(programme, label="Jonas Kvist på rådhuset")
    url = reverse("recruitment:referrer_left", kwargs={"pk": leaving.pk})

    page = client.get(url).content.decode()
    assert "tryk på <strong>Er her stadig</strong> på siden om Jonas Kvist" in page
    assert "nøgleperson, fortrydes ikke af sig selv" in page
    assert "Links får ikke deres gamle navn igen" in page
    client.post(url, {"successor": mona.pk, "as_key_person": "on", "links": [link.pk]})
    client.post(reverse("recruitment:referrer_here", kwargs={"pk": leaving.pk}))

    with scope(programme=programme):
        back, mona = Referrer.objects.get(pk=leaving.pk), Referrer.objects.get(pk=mona.pk)
        link.refresh_from_db()
    assert (back.left_on, back.successor) == (None, None)
    assert (mona.is_key_person, link.label) == (True, "Mona Ægidius på rådhuset")


def test_referrer_left_says_nothing_of_key_persons_and_links_where_there_are_none(client, programme):
    leaving = make_referrer(programme, organisation=make_organisation(programme))
    page = client.get(reverse("recruitment:referrer_left", kwargs={"pk": leaving.pk})).content.decode()
    assert "Er her stadig" in page
    assert "nøgleperson" not in page
    assert "gamle navn" not in page


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "Får påmindelser"),
        ({"email": ""}, "Ingen e-mail"),
        ({"stopped_at": NOW}, "Har sagt nej til påmindelser"),
        ({"paused_until": NOW + dt.timedelta(days=1)}, "Holder pause"),
        ({"paused_until": NOW - dt.timedelta(days=1)}, "Får påmindelser"),
    ],
)
def test_reminder_state_says_why(programme, fields, text):
    assert reminder_state(make_referrer(programme, **fields), now=NOW).text == text


@pytest.mark.parametrize("name", ["partner_detail", "partner_edit", "referrer_edit", "referrer_left"])
def test_partner_pages_of_another_programme_are_not_found(client, other_programme, name):
    maker = make_referrer if name.startswith("referrer") else make_organisation
    row = maker(other_programme)
    url = reverse(f"recruitment:{name}", kwargs={"pk": row.pk})
    assert client.get(url).status_code in {404, 405}
    assert client.post(url, {"name": "x", "kind": "gp"}).status_code in {404, 405}


@pytest.mark.parametrize("name", ["partner_list", "partner_create", "referrer_create"])
def test_partner_pages_are_the_coordinators_alone(client_for, manager, administrator, name):
    for user in (manager, administrator):
        assert client_for(user).get(reverse(f"recruitment:{name}")).status_code == 403


def test_partner_list_takes_the_same_queries_with_one_and_thirty(client, programme):
    def fill(count):
        for _ in range(count):
            make_referrer(programme, organisation=make_organisation(programme))

    fill(1)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(reverse("recruitment:partner_list"))
    fill(29)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("recruitment:partner_list"))
    assert len(many) == len(few)


def test_referrer_edit_chooses_what_the_referrer_hears(client, programme):
    referrer = make_referrer(programme, name="Henrik")
    url = reverse("recruitment:referrer_edit", kwargs={"pk": referrer.pk})
    page = client.get(url).content.decode()
    assert page.count('name="news"') == len(NEWS_SWITCHES)

    response = client.post(url, {"name": "Henrik", "news": ["news_receipt", "news_placed"]})

    assert response.status_code == 302
    referrer.refresh_from_db()
    assert [name for name in NEWS_SWITCHES if getattr(referrer, name)] == ["news_receipt", "news_placed"]
