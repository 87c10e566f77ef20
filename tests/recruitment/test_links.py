"""The coordinator's pages about links: make one, see it, take it out of use."""

import pytest
from django.test import Client
from django_scopes import scope

from outreach.enums import LinkTarget, OrganisationKind
from outreach.models import TrackedLink
from tests.factories import (
    NOW,
    make_activity,
    make_channel,
    make_organisation,
    make_tracked_link,
)


@pytest.fixture
def browser(client_for, coordinator) -> Client:
    return client_for(coordinator)


def only_link(programme) -> TrackedLink:
    with scope(programme=programme):
        return TrackedLink.objects.select_related("organisation", "channel", "activity").get()


def typed(**changed):
    return {"label": "Plakat i vaskeriet", "target": "sign_up", "origin": "", **changed}


def test_link_create_makes_a_link_for_each_kind_of_origin_and_for_none(browser, programme):
    for origin in (
        None,
        make_organisation(programme),
        make_channel(programme),
        make_activity(programme, title="Beboermøde"),
    ):
        value = f"{origin._meta.model_name}-{origin.pk}" if origin else ""
        answer = browser.post("/samarbejde/links/nyt/", typed(origin=value))
        link = only_link(programme)
        assert answer.url == f"/samarbejde/links/{link.pk}/"
        assert link.origin == origin
        assert link.created_by is not None
        with scope(programme=programme):
            link.delete()


def test_link_create_pressed_twice_makes_one(browser, programme):
    first, second = (browser.post("/samarbejde/links/nyt/", typed()) for _ in range(2))
    assert first.url == second.url
    assert only_link(programme)


def test_link_create_from_a_partner_chooses_the_partner_and_its_form(browser, programme):
    housing = make_organisation(programme, name="Østerlund", kind=OrganisationKind.HOUSING)
    page = browser.get(f"/samarbejde/links/nyt/?til=organisation-{housing.pk}").content.decode()
    assert f'<option value="organisation-{housing.pk}" selected>Østerlund</option>' in page
    assert f'<option value="{LinkTarget.HOUSING}" selected>' in page


@pytest.mark.parametrize(
    "chosen", ["organisation-999999", "organisation-x", "måne-1", "-", "organisation-" + "9" * 40]
)
def test_link_create_for_what_does_not_exist_chooses_nothing(browser, chosen):
    page = browser.get("/samarbejde/links/nyt/", {"til": chosen})
    assert page.status_code == 200


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"label": ""}, "Skriv, hvor linket skal stå"),
        ({"target": ""}, "Vælg, hvor linket skal føre hen."),
        ({"target": "månen"}, "Vælg et sted på listen."),
        ({"origin": "organisation-999999"}, "Vælg noget på listen."),
    ],
)
def test_link_create_says_what_to_do(browser, programme, changed, told):
    answer = browser.post("/samarbejde/links/nyt/", typed(**changed))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    with scope(programme=programme):
        assert not TrackedLink.objects.exists()


def test_link_create_offers_nothing_of_another_programme(browser, programme, other_programme):
    foreign = make_organisation(other_programme, name="Fremmed")
    assert "Fremmed" not in browser.get("/samarbejde/links/nyt/").content.decode()
    answer = browser.post("/samarbejde/links/nyt/", typed(origin=f"organisation-{foreign.pk}"))
    assert answer.status_code == 422


def test_link_list_shows_address_and_origin_and_those_in_use_first(browser, programme, settings):
    settings.SITE_URL = "https://kultur.example"
    make_tracked_link(programme, code="gamme", label="Gammelt", retired_at=NOW)
    make_tracked_link(
        programme, code="nyere", label="Nyt", channel=make_channel(programme, name="Biblioteket")
    )
    page = browser.get("/samarbejde/links/").content.decode()
    assert page.index("Nyt") < page.index("Gammelt")
    for words in ("kultur.example/l/nyere", "Biblioteket", "Ude af brug"):
        assert words in page


def test_link_list_without_links_tells_how_to_begin(browser):
    assert "Ingen links endnu" in browser.get("/samarbejde/links/").content.decode()


def test_link_detail_has_the_address_and_the_code_to_take_along(browser, programme, settings):
    settings.SITE_URL = "https://kultur.example/"
    link = make_tracked_link(programme, code="k7mf3")
    page = browser.get(f"/samarbejde/links/{link.pk}/").content.decode()
    assert 'value="https://kultur.example/l/k7mf3/"' in page
    svg = browser.get(f"/samarbejde/links/{link.pk}/qr.svg")
    png = browser.get(f"/samarbejde/links/{link.pk}/qr.png")
    assert (svg["Content-Type"], png["Content-Type"]) == ("image/svg+xml", "image/png")
    assert svg["Content-Disposition"] == 'attachment; filename="qr-plakaten-i-vaskeriet-k7mf3.svg"'


def test_link_edit_keeps_the_code(browser, programme):
    link = make_tracked_link(programme, code="k7mf3")
    assert browser.post(f"/samarbejde/links/{link.pk}/ret/", {"label": "", "target": "gp"}).status_code == 422
    browser.post(f"/samarbejde/links/{link.pk}/ret/", {"label": "Opslag", "target": "gp"})
    changed = only_link(programme)
    assert (changed.label, changed.target, changed.code) == ("Opslag", "gp", "k7mf3")


def test_link_retire_and_resume_take_a_button_and_no_link(browser, programme):
    link = make_tracked_link(programme)
    for act in ("ud-af-brug", "i-brug"):
        assert browser.get(f"/samarbejde/links/{link.pk}/{act}/").status_code == 405
    browser.post(f"/samarbejde/links/{link.pk}/ud-af-brug/")
    assert only_link(programme).retired_at is not None
    assert "ude af brug" in browser.get(f"/samarbejde/links/{link.pk}/").content.decode()
    browser.post(f"/samarbejde/links/{link.pk}/i-brug/")
    assert only_link(programme).retired_at is None


def test_partner_detail_lists_its_own_links(browser, programme):
    here, there = make_organisation(programme, name="Her"), make_organisation(programme, name="Der")
    make_tracked_link(programme, label="Plakaten her", organisation=here)
    make_tracked_link(programme, label="Plakaten der", organisation=there)
    page = browser.get(f"/samarbejde/{here.pk}/").content.decode()
    assert "Plakaten her" in page
    assert "Plakaten der" not in page
    assert f"/samarbejde/links/nyt/?til=organisation-{here.pk}" in page
