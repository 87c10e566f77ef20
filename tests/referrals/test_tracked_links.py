"""From a poster to an arrival that says which poster: in the address and the form, without a cookie."""

import re

import pytest
from django.test import Client
from django_scopes import scope

from outreach.enums import LinkTarget
from outreach.models import LinkScan
from outreach.services import retire_tracked_link
from referrals.forms.kinds import PROFESSIONAL_KINDS
from referrals.models import HeldArrival, Referral
from referrals.services import release_arrival
from tests.factories import NOW, make_tracked_link
from tests.referrals.answers import TYPED_BY_CASEWORKER, TYPED_BY_CITIZEN
from tests.referrals.pages import form_fields

PHONE = {"HTTP_USER_AGENT": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1"}


@pytest.fixture
def link(programme):
    return make_tracked_link(programme, code="k7mf3")


def scans(programme) -> int:
    with scope(programme=programme):
        return sum(scan.count for scan in LinkScan.objects.all())


def follow(code: str = "k7mf3", browser: Client | None = None, **headers):
    return (browser or Client()).get(f"/l/{code}/", **{**PHONE, **headers})


def only_referral(programme) -> Referral:
    with scope(programme=programme):
        return Referral.objects.select_related("tracked_link").get()


# --- The short address -----------------------------------------------------------------------------


def test_tracked_link_leads_to_the_form_with_its_code_and_no_cookie(link):
    answer = follow()
    assert (answer.status_code, answer.url) == (302, "/tilmeld/kultur/?fra=k7mf3")
    assert "no-store" in answer.headers["Cache-Control"]
    assert not answer.cookies


@pytest.mark.parametrize(
    ("target", "path"),
    [
        (LinkTarget.ABOUT, "/om/kultur/"),
        (LinkTarget.SIGN_UP, "/tilmeld/kultur/"),
        (LinkTarget.INTERESTED, "/skriv-dig-op/kultur/"),
        (LinkTarget.REFER, "/henvis/kultur/"),
        (LinkTarget.JOBCENTRE, "/henvis/kultur/jobcenter/"),
        (LinkTarget.GP, "/henvis/kultur/laege/"),
    ],
)
def test_tracked_link_leads_where_it_says(programme, target, path):
    make_tracked_link(programme, code="k7mf3", target=target)
    assert follow().url == f"{path}?fra=k7mf3"


@pytest.mark.parametrize("target", LinkTarget)
def test_tracked_link_of_every_target_opens_a_page(programme, target):
    make_tracked_link(programme, code="k7mf3", target=target)
    assert Client().get(follow().url).status_code == 200
    own_form = {spec.organisation_kind for spec in PROFESSIONAL_KINDS} & {target.value}
    assert not own_form or follow().url.startswith("/henvis/kultur/")


@pytest.mark.parametrize("code", ["K7MF3", "k7mf3.", "k7mf3)"])
def test_tracked_link_opens_as_people_type_it(link, code):
    assert follow(code).url == "/tilmeld/kultur/?fra=k7mf3"


def test_tracked_link_without_the_last_stroke_finds_its_way(link):
    answer = Client().get("/l/k7mf3", **PHONE, follow=True)
    assert answer.redirect_chain[-1][0] == "/tilmeld/kultur/?fra=k7mf3"


@pytest.mark.parametrize(
    "code", ["ukendt", "%00", "%F0%9F%98%80", "k7mf3%20or%201=1", "x" * 3000, "..", "%25"]
)
def test_tracked_link_of_an_unknown_code_leads_to_the_front_page(link, code):
    answer = follow(code)
    assert (answer.status_code, answer.url) == (302, "/")
    assert scans(link.programme) == 0


def test_tracked_link_out_of_use_leads_to_the_page_about_the_programme_and_still_counts(link):
    with scope(programme=link.programme):
        retire_tracked_link(link=link, by=None, now=NOW)
    assert follow().url == "/om/kultur/?fra=k7mf3"
    assert scans(link.programme) == 1


def test_tracked_link_counts_every_opening_by_a_person(link):
    browser = Client()
    for _ in range(3):
        follow(browser=browser)
    assert scans(link.programme) == 3


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_USER_AGENT": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"HTTP_USER_AGENT": "facebookexternalhit/1.1"},
        {"HTTP_USER_AGENT": "Mozilla/5.0 (Windows NT 10.0) SkypeUriPreview Preview/0.5"},
        {"HTTP_USER_AGENT": "curl/8.0"},
        {"HTTP_USER_AGENT": ""},
        {"HTTP_SEC_PURPOSE": "prefetch;prerender"},
        {"HTTP_PURPOSE": "prefetch"},
        {"HTTP_X_MOZ": "prefetch"},
    ],
    ids=str,
)
def test_tracked_link_opened_by_a_program_leads_on_and_counts_nothing(link, headers):
    assert follow(**headers).status_code == 302
    assert Client().head("/l/k7mf3/", **PHONE).status_code == 302
    assert scans(link.programme) == 0


def test_tracked_link_of_one_programme_leads_there_where_there_are_several(link, other_programme):
    make_tracked_link(other_programme, code="x4c9d")
    assert follow("x4c9d").url == "/tilmeld/andetsteds/?fra=x4c9d"
    assert (scans(other_programme), scans(link.programme)) == (1, 0)


# --- Through the pages to the arrival --------------------------------------------------------------


def typed_into(page, typed):
    return {**form_fields(page), **typed, "drawn": ""}


def test_arrival_carries_the_link_through_check_errors_and_back(link):
    browser = Client()
    url = follow(browser=browser).url
    page = browser.get(url)
    wrong = browser.post(url, {**typed_into(page, TYPED_BY_CITIZEN), "given_name": "", "step": "check"})
    assert wrong.status_code == 422
    check = browser.post(url, {**typed_into(wrong, TYPED_BY_CITIZEN), "step": "check"})
    back = browser.post(url, {**form_fields(check), "step": "edit"})
    again = browser.post(url, {**form_fields(back), "drawn": "", "step": "check"})
    sent = browser.post(url, {**form_fields(again), "drawn": "", "step": "send"})
    assert sent.status_code == 302
    assert only_referral(link.programme).tracked_link == link
    assert "sessionid" not in browser.cookies


def test_arrival_carries_the_link_in_the_form_alone(link):
    """A proxy or a language switch may lose what stands behind the question mark."""
    page = Client().get("/tilmeld/kultur/?fra=k7mf3")
    Client().post("/tilmeld/kultur/", {**typed_into(page, TYPED_BY_CITIZEN), "step": "send"})
    assert only_referral(link.programme).tracked_link == link


def test_arrival_of_a_caseworker_carries_the_link_from_the_page_where_one_chooses(programme):
    link = make_tracked_link(programme, code="k7mf3", target=LinkTarget.REFER)
    browser = Client()
    page = browser.get(follow(browser=browser).url).content.decode()
    assert 'href="/henvis/kultur/jobcenter/?fra=k7mf3"' in page
    form = browser.get("/henvis/kultur/jobcenter/?fra=k7mf3")
    browser.post("/henvis/kultur/jobcenter/", {**typed_into(form, TYPED_BY_CASEWORKER), "step": "send"})
    assert only_referral(programme).tracked_link == link


@pytest.mark.parametrize("path", ["/om/kultur/", "/henvis/kultur/", "/tilmeld/kultur/"])
def test_every_way_on_from_a_public_page_keeps_the_code(link, path):
    page = Client().get(f"{path}?fra=k7mf3").content.decode()
    for way in ("/om/kultur/", "/tilmeld/kultur/", "/henvis/kultur/"):
        assert f'href="{way}?fra=k7mf3"' in page
        assert f'href="{way}"' not in page.split("<main")[0].split('class="ways"')[1]


@pytest.mark.parametrize("path", ["/om/kultur/", "/henvis/kultur/", "/tilmeld/kultur/"])
def test_code_in_the_address_is_never_shown_as_markup(link, path):
    page = Client().get(path, {"fra": '"><script>alert(1)</script>'}).content.decode()
    # The button for another language leads back to the very address, percent-encoded, and to nothing else.
    page = re.sub(r'name="next" value="[^"<>]*"', "", page)
    assert "alert(1)" not in page
    assert "?fra=" not in page


@pytest.mark.parametrize("altered", ["", "ukendt", "x4c9d", "k7mf3'--", "\x00", "😀", "k" * 5000])
def test_arrival_with_an_altered_code_is_stored_without_it(link, other_programme, altered):
    make_tracked_link(other_programme, code="x4c9d")
    page = Client().get("/tilmeld/kultur/?fra=k7mf3")
    said = {**typed_into(page, TYPED_BY_CITIZEN), "origin": altered, "step": "send"}
    assert Client().post("/tilmeld/kultur/", said).status_code == 302
    assert only_referral(link.programme).tracked_link is None


def test_arrival_sent_again_from_another_poster_is_the_same_arrival(link, programme):
    make_tracked_link(programme, code="x4c9d")
    for code in ("k7mf3", "x4c9d"):
        page = Client().get(f"/tilmeld/kultur/?fra={code}")
        Client().post("/tilmeld/kultur/", {**typed_into(page, TYPED_BY_CITIZEN), "step": "send"})
    assert only_referral(programme).tracked_link == link


def test_held_arrival_keeps_the_link_until_it_is_released(link, coordinator):
    page = Client().get("/tilmeld/kultur/?fra=k7mf3")
    robot = {**typed_into(page, TYPED_BY_CITIZEN), "website": "http://spam.example", "step": "send"}
    Client().post("/tilmeld/kultur/", robot)
    with scope(programme=link.programme):
        held = HeldArrival.objects.get()
        assert held.tracked_link == link
        released = release_arrival(held=held, by=coordinator, now=NOW)
    assert released.tracked_link == link
