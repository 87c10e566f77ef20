"""Ready texts: filled from the programme's own data, with the chosen channel's own link."""

import dataclasses
import datetime as dt
import html

import pytest
from django.test import Client
from django.utils import timezone

from core.forms import looks_like_cpr
from outreach.enums import LinkTarget
from recruitment.ready_texts import SCREEN_LENGTH, Facts, ready_texts
from tests.factories import make_channel, make_cohort, make_tracked_link
from tests.referrals.pages import lix

PAGE = "/samarbejde/tekster/"
FACTS = Facts(
    name="Kultur på Recept",
    municipality="Ærø Kommune",
    next_start=dt.date(2027, 1, 12),
    seats_left=4,
    contact_name="Kirsten Koordinator",
    phone="20 12 34 56",
    phone_hours="mandag–torsdag kl. 9–12",
    address="https://kultur.example/l/k7mf3/",
    refer_address="https://kultur.example/l/k7mf4/",
)


@pytest.mark.parametrize("slug", ["nyhedsbrev", "intranet", "storskaerm", "frokostbesoeg"])
def test_every_text_is_whole_and_names_where_to_go(slug):
    (text,) = (one.text for one in ready_texts(FACTS) if one.slug == slug)
    assert (FACTS.refer_address if slug in ("intranet", "frokostbesoeg") else FACTS.address) in text
    assert FACTS.phone in text
    assert "2027" in text
    assert not any(mark in text for mark in ("{", "}", "None"))
    assert not looks_like_cpr(text)
    assert lix(text) < 35


def test_texts_without_a_next_start_say_that_it_is_on_its_way():
    found = ready_texts(dataclasses.replace(FACTS, next_start=None, seats_left=0, phone_hours=""))
    assert all("på vej" in text.text for text in found)
    assert not any("None" in text.text or "()" in text.text for text in found)


def test_one_seat_is_one_and_a_screen_is_short():
    texts = {one.slug: one.text for one in ready_texts(dataclasses.replace(FACTS, seats_left=1))}
    assert "1 ledig plads." in texts["nyhedsbrev"]
    assert len(texts["storskaerm"]) <= SCREEN_LENGTH


@pytest.fixture
def browser(client_for, coordinator) -> Client:
    return client_for(coordinator)


def text(browser: Client, query: str = "") -> str:
    return html.unescape(browser.get(PAGE + query).content.decode())


def test_ready_texts_have_the_newest_link_of_the_chosen_channel(browser, programme, settings):
    make_cohort(programme, starts_on=timezone.localdate() + dt.timedelta(days=30), capacity=7)
    channel = make_channel(programme, name="Beboerbladet")
    make_tracked_link(programme, code="gammel", channel=channel)
    make_tracked_link(programme, code="k7mf3", channel=channel)
    make_tracked_link(programme, code="henv1", channel=channel, target=LinkTarget.JOBCENTRE)
    make_tracked_link(programme, code="slut1", channel=channel, retired_at=timezone.now())
    page = text(browser, f"?kanal={channel.pk}")
    assert f"{settings.SITE_URL}/l/k7mf3/" in page
    assert f"{settings.SITE_URL}/l/henv1/" in page
    assert "/l/gammel/" not in page
    assert "/l/slut1/" not in page
    assert "7 ledige pladser" in page


def test_channel_without_a_link_is_told_of_and_the_public_address_stands_there(browser, programme):
    channel = make_channel(programme, name="Beboerbladet")
    page = text(browser, f"?kanal={channel.pk}")
    assert "Kanalen har intet link endnu" in page
    assert f"?til=channel-{channel.pk}" in page
    assert "/om/kultur/" in page
    assert "/henvis/kultur/" in page


@pytest.mark.parametrize("query", ["", "?kanal=", "?kanal=x", "?kanal=999999"])
def test_ready_texts_without_a_channel_ask_for_one(browser, programme, query):
    assert "Vælg en kanal" in text(browser, query)
