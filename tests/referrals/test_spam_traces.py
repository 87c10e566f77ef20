"""Ways in which people and robots fill in forms: no person is lost, and each trap holds what it is for.

The same traces, 200 people and 1 000 robots, are counted by `python -m bench.spam`.
"""

import pytest

from accounts.models import Programme, User
from bench import spam
from core.spam import SpamReason
from participants.models import Participant
from referrals.enums import LimitReason
from referrals.forms.arrival import ArrivalForm
from referrals.forms.kinds import SELF
from referrals.models import HeldArrival, Referral
from referrals.services import Answers
from referrals.services.quarantine import ADDRESS_LIMIT, PAGE_LIMIT, TEXT_LIMIT
from tests import factories
from tests.referrals.test_quarantine import own_answers, take

pytestmark = pytest.mark.django_db


def test_no_person_is_lost_and_only_autofill_of_the_hidden_field_is_held(programme: Programme) -> None:
    tally = spam.send_all("kultur", spam.human_traces(32))

    assert tally.lost.total() == 0
    assert set(tally.held) == {"autofill into the hidden field"}
    assert tally.received.total() + tally.held.total() == 40  # some traces send twice


def test_each_kind_of_robot_is_held_by_what_it_does(programme: Programme) -> None:
    sent = {
        kind: [spam._robot(kind, 100 * place + number) for number in range(12)]
        for place, kind in enumerate(ROBOT_KINDS)
    }
    held = {}
    for kind, sendings in sent.items():
        tally = spam.send_all("kultur", iter(sendings))
        assert tally.lost.total() == 0
        held[kind] = tally.held.total()

    assert held == ROBOT_KINDS


# Of twelve. Those that send one thing all day are held from the limit on; one that does all as people do
# cannot be told from them.
ROBOT_KINDS = {
    "fills in every field": 12,
    "sends at once": 12,
    "sells, patiently": 12,
    "sends one page all day": 12 - PAGE_LIMIT,
    "sends one text all day": 12 - TEXT_LIMIT,
    "names of random letters": 12,
    "forges the moment": 12,
    "patient browser, sensible words": 0,
}


def test_robots_get_through_when_the_traps_are_off(programme: Programme) -> None:
    """The control."""
    assert spam.without_traps("kultur", bots=40).held.total() == 0


@pytest.mark.parametrize(
    "name", ["McDonald", "MacLeod-Østergaard", "D'Angelo", "von der Recke", "ÅSE", "Åse"]
)
def test_a_persons_name_is_no_robots(name: str) -> None:
    assert _reasons(given_name=name) == []


@pytest.mark.parametrize(
    "reason",
    ["Se www.billig.example", "HTTPS://x.example", "[url=x]", "<a href=x>", "skriv til t.me/x"],
)
def test_an_address_of_a_web_page_is_a_sign(reason: str) -> None:
    assert _reasons(reason=reason) == [SpamReason.LINK]


@pytest.mark.parametrize("reason", ["Skriv til mig@sted.example", "Bor på St. Tværgade 3.tv", "Aktiv i 3F"])
def test_what_people_write_is_no_sign(reason: str) -> None:
    assert _reasons(reason=reason, email="anna@www.example") == []


def _reasons(**typed: str) -> list[str]:
    return ArrivalForm({"given_name": "Anna", **typed}, spec=SELF).spam_reasons()


def test_sixty_an_hour_from_one_jobcentre_are_not_held(in_scope: Programme) -> None:
    for number in range(ADDRESS_LIMIT):
        take(in_scope, factories.NOW, _somebody(number), address="192.0.2.77")
    assert not HeldArrival.objects.exists()
    take(in_scope, factories.NOW, _somebody(ADDRESS_LIMIT), address="192.0.2.77")
    assert HeldArrival.objects.get().reasons == LimitReason.ADDRESS


def _somebody(number: int) -> Answers:
    return own_answers(family_name=f"Nr {number}", phone=f"+4520{number:06d}", email="")


def test_what_was_held_is_released_with_one_click(
    client_for, coordinator: User, programme: Programme
) -> None:
    spam.send_all("kultur", iter([spam._robot("sells, patiently", 1)]))
    browser = client_for(coordinator)
    held = HeldArrival._base_manager.get()
    assert (
        "Der er link til hjemmesider i teksten" in browser.get("/henvisninger/tilbageholdt/").content.decode()
    )

    browser.post(f"/henvisninger/tilbageholdt/{held.pk}/frigiv/")

    assert Referral._base_manager.get().reference == held.reference
    assert Participant._base_manager.count() == 1
