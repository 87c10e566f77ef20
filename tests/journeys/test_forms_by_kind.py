"""Each kind of form on a telephone with the keyboard alone, and how little a caseworker has to do."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scope

from accounts.models import Programme
from participants.models import Agreement
from referrals.forms.kinds import BY_KIND, BY_SLUG, FormKind
from referrals.models import Referral
from referrals.services import referrer_page_url
from tests.factories import make_organisation, make_referrer
from tests.journeys.people import Person
from tests.journeys.typist import Typist
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

SCREEN = {"viewport": {"width": 390, "height": 844}}
# What the form of a caseworker who came by their own link may cost, from the button on their page on.
MOST_INTERACTIONS = 12
TYPED = {
    "given_name": "Anna",
    "family_name": "Ærøskøbing",
    "phone": "22 33 44 55",
    "reason": "Savner noget at stå op til.",
    "referrer_name": "Henrik Henviser",
    "referrer_workplace": "Stedet i Prøveby",
    "referrer_email": "henrik@arbejde.example",
}


def fills_in(keyboard: Typist, spec: FormKind, *, without: tuple[str, ...] = ()) -> None:
    """Type what must be filled in, and a telephone, in the order of the form; tick what is agreed to."""
    for name in spec.names:
        words = spec.wording[name]
        if name in without:
            continue
        if name in ("agreed", "feedback_allowed", "later_contact"):
            keyboard.ticks(str(words.label))
        elif words.missing or name == "phone":
            keyboard.types(str(words.label), TYPED[name])


def sends(sender: Person, keyboard: Typist, spec: FormKind) -> None:
    sender.takes_as_long_as_people_do()
    keyboard.enters("Tjek dine svar")
    sender.comes_to("Tjek dine svar")
    keyboard.enters(str(spec.send))
    thanks = "din henvisning" if spec.by_professional else "din tilmelding"
    sender.comes_to(f"Tak. Vi har fået {thanks}")


def arrived(programme: Programme) -> tuple[Referral, dict[str, str]]:
    """Return the one arrival, and the sentence of each agreement that came with it."""
    with scope(programme=programme):
        referral = Referral.objects.select_related("form_version", "participant").get()
        return referral, dict(Agreement.objects.values_list("kind", "text_version"))


@pytest.mark.parametrize("spec", BY_SLUG.values(), ids=BY_SLUG)
def test_each_form_is_sent_by_keyboard_alone_from_a_telephone(
    open_browser: Callable[..., Visitor], programme: Programme, spec: FormKind
) -> None:
    sender = Person(open_browser(**SCREEN), checks_pages=False)
    keyboard = Typist(sender.page)
    if spec.by_professional:
        sender.opens("/henvis/")
        keyboard.enters(str(spec.choice))
    else:
        sender.opens("/tilmeld/")
    sender.comes_to(str(spec.heading))

    fills_in(keyboard, spec)
    sends(sender, keyboard, spec)

    referral, agreements = arrived(programme)
    assert referral.kind == spec.kind
    assert (referral.form_version.kind, referral.form_version.number) == (spec.kind, 1)
    assert referral.participant.full_name == "Anna Ærøskøbing"
    expected = ["referred", "feedback"] if spec.by_professional else ["later_contact"]
    assert agreements == dict.fromkeys(expected, "2")


def test_a_caseworker_with_their_own_link_has_at_most_twelve_things_to_do(
    open_browser: Callable[..., Visitor], programme: Programme, live_server: Any, settings: Any
) -> None:
    settings.SITE_URL = live_server.url
    spec = BY_KIND["jobcentre"]  # type: ignore[index]  # the value is the member
    with scope(programme=programme):
        place = make_organisation(programme, name="Jobcenter Prøve", kind="jobcentre")
        email = "mona@jobcenter.example"
        mona = make_referrer(programme, name="Mona Ægidius", email=email, organisation=place)
        link = referrer_page_url(referrer=mona, now=timezone.now())
    sender = Person(open_browser(**SCREEN), checks_pages=False)
    keyboard = Typist(sender.page)
    sender.opens(link)
    sender.comes_to("Hej Mona Ægidius")

    keyboard.enters("Henvis en til")
    sender.comes_to(str(spec.heading))
    sender.sees(f"Mona Ægidius, Jobcenter Prøve, {email}", at=".folded-section")
    own = ("referrer_name", "referrer_workplace", "referrer_email", "feedback_allowed")
    fills_in(keyboard, spec, without=own)
    sends(sender, keyboard, spec)

    assert 0 < keyboard.interactions <= MOST_INTERACTIONS
    referral, agreements = arrived(programme)
    assert agreements == {"referred": "2"}
    with scope(programme=programme):
        assert referral.referrer == mona
