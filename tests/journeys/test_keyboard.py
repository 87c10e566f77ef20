"""Referring a citizen with the keyboard alone: Tab, Space, Enter and letters."""

from collections.abc import Callable

import pytest
from django_scopes import scope
from playwright.sync_api import expect

from accounts.models import Programme
from referrals.models import Referral
from tests.journeys.people import Person
from tests.journeys.typist import Typist
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_referral_needs_no_mouse(open_browser: Callable[..., Visitor], programme: Programme):
    henrik = Person(open_browser(), checks_pages=False)
    keyboard = Typist(henrik.page)
    henrik.opens("/henvis/")
    keyboard.enters("Gå til sidens indhold")
    keyboard.enters("Jobcenteret")
    henrik.comes_to("Henvis fra jobcenteret")
    keyboard.types("Borgerens fornavn", "Anna")
    keyboard.types("Borgerens telefon", "22 33 44 55")
    keyboard.types("Hvorfor tænker du på borgeren?", "Savner noget at stå op til.")
    keyboard.ticks("Borgeren har sagt ja til at blive henvist")
    keyboard.types("Dit navn", "Henrik Henviser")
    keyboard.types("Jobcenter", "Jobcenter Prøve")
    keyboard.types("Din e-mail", "henrik@jobcenter.example")
    henrik.takes_as_long_as_people_do()
    henrik.page.keyboard.press("Enter")

    expect(henrik.page.get_by_role("alert")).to_be_focused()
    keyboard.enters("Skriv borgerens efternavn")
    expect(henrik.field("Borgerens efternavn")).to_be_focused()
    henrik.page.keyboard.type("Ærøskøbing")
    expect(henrik.page.get_by_label("Borgeren har sagt ja til at blive henvist")).to_be_checked()
    keyboard.enters("Tjek dine svar")
    henrik.comes_to("Tjek dine svar")
    keyboard.enters("Send henvisningen")
    henrik.comes_to("Tak. Vi har fået din henvisning")
    with scope(programme=programme):
        assert Referral.objects.get().participant.full_name == "Anna Ærøskøbing"


def test_focus_that_cannot_be_seen_is_found(open_browser: Callable[..., Visitor], programme: Programme):
    """The control: with the ring taken away the same walk stops."""
    page = open_browser(bypass_csp=True).page
    page.goto("/henvis/")
    page.add_style_tag(
        content="*, *::before, *::after { outline: none !important; box-shadow: none !important }"
    )
    with pytest.raises(AssertionError, match="cannot be seen"):
        Typist(page).tabs_to("Jobcenteret")
