"""A referrer's own page: asked for anew by mail, used to refer another, and handed over to a colleague."""

import re
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from django.utils import timezone
from django_scopes import scope

from accounts.models import Programme, User
from outreach.models import Referrer
from participants.enums import AgreementKind, AgreementMethod, Stage
from participants.services import give_agreement
from referrals.models import Referral
from referrals.services import referrer_page_url
from tests.factories import make_organisation, make_participant, make_referral, make_referrer
from tests.journeys import acts
from tests.journeys.calendar import beat_and_worker_do_their_rounds
from tests.journeys.people import PHONE, Person
from tests.journeys.story import text_of
from tests.journeys.visitor import Visitor
from tests.smtp_sink import SmtpSink

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def henrik(programme: Programme) -> Referrer:
    """A caseworker who has sent somebody, and whom the citizen lets hear of it."""
    with scope(programme=programme):
        place = make_organisation(programme, name="Jobcenter Prøve", kind="jobcentre")
        referrer = make_referrer(
            programme,
            name="Henrik Holm",
            email="henrik@jobcenter.example",
            organisation=place,
            is_key_person=True,
        )
        now = timezone.now()
        citizen = make_participant(
            programme, given_name="Åse", family_name="Ærø", stage=Stage.CONVERSATION, created_at=now
        )
        make_referral(
            programme, participant=citizen, referrer=referrer, feedback_allowed=True, received_at=now
        )
        give_agreement(
            participant=citizen,
            kind=AgreementKind.FEEDBACK,
            method=AgreementMethod.REFERRER,
            text_version="2",
            by=None,
            now=now,
        )
        return referrer


def own_page_in(mail: EmailMessage) -> str:
    """Return the link to a referrer's own page that stands in the mail."""
    found = re.search(r"http\S+/min-side/\S+", text_of(mail))
    assert found is not None
    return found[0]


def test_a_lost_link_is_asked_for_and_leads_to_another_referral_with_my_details_filled_in(
    open_browser: Callable[..., Visitor], programme: Programme, henrik: Referrer, post_office: SmtpSink
) -> None:
    sender = Person(open_browser(**PHONE))
    sender.opens("/henvis/")
    sender.comes_to("Henvis en borger")
    sender.follows("Få et link til din egen side")
    sender.comes_to("Få et nyt link til din egen side")
    sender.types("Din e-mail", "Henrik@Jobcenter.example")
    sender.presses("Send mig linket")
    sender.comes_to("Kig i din indbakke")

    beat_and_worker_do_their_rounds()
    # On a working day the news of what he has sent comes as well.
    (mail,) = [mail for mail in post_office.mails if mail["Subject"] == "Link til din side"]
    assert mail["To"] == "henrik@jobcenter.example"

    sender.opens(own_page_in(mail))
    sender.comes_to("Hej Henrik Holm")
    sender.sees("Å.Æ.", at=".own-referrals")
    sender.sees_nothing_of("Ærø")
    sender.presses("Henvis en til")
    sender.comes_to("Henvis fra jobcenteret")
    sender.sees("Henrik Holm, Jobcenter Prøve, henrik@jobcenter.example", at=".folded-section")
    sender.types("Borgerens fornavn", "Anna")
    sender.types("Borgerens efternavn", "Sørensen")
    sender.types("Borgerens telefon", "22 33 44 55")
    sender.types("Hvorfor tænker du på borgeren?", "Savner noget at stå op til.")
    sender.ticks("Borgeren har sagt ja til at blive henvist")
    sender.takes_as_long_as_people_do()
    sender.presses("Tjek dine svar")
    sender.comes_to("Tjek dine svar")
    sender.presses("Send henvisningen")
    sender.comes_to("Tak. Vi har fået din henvisning")
    number = acts.number_on_receipt(sender)

    with scope(programme=programme):
        assert Referral.objects.get(reference=number).referrer == henrik
    beat_and_worker_do_their_rounds()
    receipt = post_office.mails[-1]
    assert number in text_of(receipt)
    sender.opens(own_page_in(receipt))
    sender.comes_to("Hej Henrik Holm")
    sender.sees(number, at=".own-referrals")


def test_a_key_person_leaves_and_the_colleague_whom_the_coordinator_chose_follows_the_referrals(
    open_browser: Callable[..., Visitor],
    programme: Programme,
    coordinator: User,
    henrik: Referrer,
    post_office: SmtpSink,
) -> None:
    with scope(programme=programme):
        mona = make_referrer(
            programme, name="Mona Ægidius", email="mona@jobcenter.example", organisation=henrik.organisation
        )
        reference = Referral.objects.get().reference
        old_link = referrer_page_url(referrer=henrik, now=timezone.now())
        monas_link = referrer_page_url(referrer=mona, now=timezone.now())
    leaving, following = Person(open_browser()), Person(open_browser(**PHONE))
    following.opens(monas_link)
    following.comes_to("Hej Mona Ægidius")
    following.sees_nothing_of(reference)

    leaving.opens(old_link)
    leaving.comes_to("Hej Henrik Holm")
    leaving.sees(reference)
    leaving.presses("Jeg stopper, eller en anden overtager")
    leaving.sees("Vi ringer og aftaler, hvem der overtager.")

    kirsten = Person(open_browser())
    acts.signs_in(kirsten, coordinator, at="/opgaver/")
    kirsten.comes_to("Opgaver")
    kirsten.follows("Find ud af, hvem der overtager efter Henrik Holm")
    kirsten.comes_to("Henrik Holm")
    kirsten.follows("Stoppet i jobbet")
    kirsten.comes_to("Henrik Holm er stoppet i jobbet")
    kirsten.chooses("Hvem overtager henvisningerne?", "Mona Ægidius")
    kirsten.presses("Gem")
    kirsten.sees("Mona Ægidius overtager henvisningerne.")
    kirsten.goes_to("Opgaver")
    kirsten.sees_nothing_of("Find ud af, hvem der overtager")

    following.opens(monas_link)
    following.comes_to("Hej Mona Ægidius")
    following.sees(reference, at=".own-referrals")
    following.sees("overtaget efter Henrik Holm", at=".own-referrals")
    following.sees("Vi har kontakt", at='.status-path [aria-current="step"]')

    leaving.opens("/min-side/")
    leaving.comes_to("Linket virker ikke")
    leaving.opens(old_link)
    leaving.comes_to("Linket virker ikke")
    leaving.sees_nothing_of(reference)
    leaving.sees_nothing_of("Mona")
