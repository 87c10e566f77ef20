"""A finger that trembles, and a way back: however often one thing is sent, it is one referral."""

from collections.abc import Callable

import pytest
from django_scopes import scope
from playwright.sync_api import Error

from accounts.models import Programme
from referrals.models import HeldArrival, Referral
from tests.journeys import acts
from tests.journeys.people import Person
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def signe(request, open_browser: Callable[..., Visitor], programme: Programme) -> Person:
    return Person(open_browser(java_script_enabled=request.param), checks_pages=False)


def referrals(programme: Programme) -> int:
    with scope(programme=programme):
        assert not HeldArrival.objects.exists()
        return Referral.objects.count()


def test_double_click_on_send_is_one_referral(signe: Person, programme: Programme):
    acts.fills_in_the_sign_up(signe)
    signe.page.get_by_role("button", name="Send tilmeldingen").dblclick()
    signe.comes_to("Tak. Vi har fået din tilmelding")
    assert referrals(programme) == 1


def test_going_back_and_sending_again_is_one_referral_with_the_same_number(
    signe: Person, programme: Programme
):
    acts.signs_up(signe)
    number = acts.number_on_receipt(signe)
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        signe.page.go_back()  # no browser keeps a page with answers in it; it offers to send them again
    signe.page.wait_for_url("chrome-error://**")
    signe.page.reload()
    signe.comes_to("Tjek dine svar")
    signe.presses("Send tilmeldingen")
    signe.comes_to("Tak. Vi har fået din tilmelding")
    assert acts.number_on_receipt(signe) == number
    assert referrals(programme) == 1
