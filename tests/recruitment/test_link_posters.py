"""A link's poster and flyer: written, seen, printed, scanned, and on to an arrival that says so."""

import datetime as dt
import html
import re

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from outreach.models import LinkScan, Poster
from referrals.models import Referral
from tests.factories import make_cohort, make_programme, make_tracked_link, make_user
from tests.outreach.test_posters import picture, plain, read_code, text_of
from tests.referrals.answers import TYPED_BY_CITIZEN
from tests.referrals.pages import form_fields
from tests.referrals.test_tracked_links import PHONE

WORDS = {"headline": "Kom på museet", "lines": "Vi ses.\nDet er gratis.", "shows_next_start": "on"}


@pytest.fixture
def browser(client_for, coordinator) -> Client:
    return client_for(coordinator)


@pytest.fixture
def link(programme):
    return make_tracked_link(programme, code="k7mf3", label="Vaskeriet på Åvej")


def page_of(link, language: str = "") -> str:
    return f"/samarbejde/links/{link.pk}/plakat/" + (f"?sprog={language}" if language else "")


def pdf_of(browser, link, size="a4", language="da") -> bytes:
    return browser.get(f"/samarbejde/links/{link.pk}/plakat/{size}.pdf?sprog={language}").content


def saved(programme) -> list[tuple[str, str]]:
    with scope(programme=programme):
        return list(Poster.objects.order_by("language").values_list("language", "headline"))


# --- From the paper to the arrival -----------------------------------------------------------------


@pytest.mark.parametrize("size", ["a4", "a5"])
def test_code_on_the_printed_poster_leads_to_an_arrival_with_that_origin(browser, link, programme, size):
    make_tracked_link(programme, code="x4c9d")  # another poster, which must get nothing
    address = read_code(picture(pdf_of(browser, link, size)))
    assert address == "http://testserver/l/k7mf3/"

    citizen = Client()
    form = citizen.get(address.removeprefix("http://testserver"), follow=True, **PHONE)
    assert form.status_code == 200
    url = form.redirect_chain[-1][0]
    check = citizen.post(url, {**form_fields(form), **TYPED_BY_CITIZEN, "drawn": "", "step": "check"})
    citizen.post(url, {**form_fields(check), "drawn": "", "step": "send"})

    with scope(programme=programme):
        assert Referral.objects.get().tracked_link == link
        assert [(scan.link, scan.count) for scan in LinkScan.objects.all()] == [(link, 1)]


# --- The page --------------------------------------------------------------------------------------


def test_link_poster_begins_with_ready_words_and_a_picture_of_them(browser, link):
    page = browser.get(page_of(link)).content.decode()
    assert "Trænger du til et pusterum?" in page
    source = html.unescape(re.search(r'class="poster-preview" src="([^"]+)"', page)[1])
    picture_file = browser.get(source)
    assert picture_file["Content-Type"] == "image/png"
    assert picture_file.content.startswith(b"\x89PNG")


def test_link_poster_show_draws_what_is_typed_and_stores_nothing(browser, link, programme):
    page = browser.post(page_of(link), {**WORDS, "step": "show"})
    assert page.status_code == 200
    assert "ikke gemt endnu" in page.content.decode()
    assert "Kom+p%C3%A5+museet" in page.content.decode()
    assert saved(programme) == []


def test_link_poster_save_keeps_each_language_apart(browser, link, programme):
    answer = browser.post(page_of(link), {**WORDS, "step": "save"})
    assert answer.url == page_of(link, "da")
    browser.post(page_of(link, "en"), {**WORDS, "headline": "Come to the museum", "step": "save"})
    assert saved(programme) == [("da", "Kom på museet"), ("en", "Come to the museum")]
    assert "Kom på museet" in text_of(pdf_of(browser, link))
    assert "Come to the museum" in text_of(pdf_of(browser, link, language="en"))
    assert re.search(r"/Lang\s*\(en", plain(pdf_of(browser, link, language="en")))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"headline": ""}, "Skriv en overskrift"),
        ({"headline": "x" * 61}, "60"),
        ({"headline": "Hyggehjørnesammenkomstdeltager"}, "er for langt til plakaten"),
        ({"lines": "a\nb\nc\nd"}, "Skriv højst tre linjer"),
        ({"lines": "et ord " * 14}, "Skriv højst 90 tegn i linje 1. Nu er der 97"),
        ({"lines": "fin\n" + "x" * 41}, "er for langt til plakaten"),
        ({"headline": "Kom 😀 med"}, "Plakaten kan ikke vise “😀”"),
        ({"lines": "Det er 欢 her"}, "Plakaten kan ikke vise “欢”"),
    ],
)
def test_link_poster_refuses_what_the_paper_cannot_carry(browser, link, programme, changed, told):
    for step in ("show", "save"):
        answer = browser.post(page_of(link), {**WORDS, **changed, "step": step})
        page = html.unescape(answer.content.decode())
        assert answer.status_code == 422
        assert told in page
        assert changed.get("headline", "Kom på museet") in page
    assert saved(programme) == []


def test_link_poster_shows_the_next_start_only_where_it_is_wished(browser, link, programme):
    starts_on = timezone.localdate() + dt.timedelta(days=20)
    make_cohort(programme, starts_on=starts_on)
    assert str(starts_on.year) in text_of(pdf_of(browser, link))
    browser.post(page_of(link), {"headline": "Kom", "lines": "", "step": "save"})
    assert "Næste hold" not in text_of(pdf_of(browser, link))


def test_link_pdf_is_named_after_the_link_and_never_kept_by_the_browser(browser, link):
    answer = browser.get(f"/samarbejde/links/{link.pk}/plakat/a5.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="flyer-a5-vaskeriet-paa-aavej-k7mf3.pdf"'
    assert "no-store" in answer["Cache-Control"]


def test_link_pdf_of_a_programme_whose_name_cannot_be_printed_says_so(db, client_for):
    programme = make_programme(name="Kultur 😀")
    link = make_tracked_link(programme)
    browser = client_for(make_user(programme))
    answer = browser.get(f"/samarbejde/links/{link.pk}/plakat/a4.pdf", follow=True)
    assert "Plakaten kan ikke vise “😀”" in html.unescape(answer.content.decode())


@pytest.mark.parametrize(
    "query", ["", "headline=", "headline=a&lines=a%0Ab%0Ac%0Ad", "headline=" + "x" * 900, "sprog=xx"]
)
def test_link_preview_of_words_that_do_not_fit_draws_nothing(browser, link, query):
    assert browser.get(f"/samarbejde/links/{link.pk}/plakat/a4.png?{query}").status_code == 422


def test_link_poster_in_a_language_we_do_not_have_is_danish(browser, link):
    assert "Trænger du" in browser.get(page_of(link, "xx")).content.decode()
