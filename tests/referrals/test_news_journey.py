"""From a referral with a yes to the closing note: what lies in the referrer's and the citizen's inbox."""

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from accounts.models import Programme, User
from courses.enums import AttendanceState
from courses.models import Cohort
from courses.services import record_attendance
from messaging import tasks as messaging_tasks
from messaging.queries import without_personal_links
from participants.enums import AgreementKind, Outcome
from participants.models import Participant
from referrals import tasks
from referrals.enums import ReferralKind
from referrals.services import receive_waiting_arrivals, take_arrival
from tests.factories import NOW, make_cohort, make_session
from tests.referrals.answers import referral_answers
from tests.referrals.clock import clock_at
from tests.smtp_sink import SmtpSink, running_sink

DAY = dt.timedelta(days=1)
HENRIK = "henrik@jobcenter.example"
ANNA = "anna@borger.example"


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    with running_sink() as sink:
        yield sink


class Week:
    """Days on which the coordinator does something at ten, and beat and worker come by at fifteen."""

    def __init__(self, client: Client, programme: Programme) -> None:
        self.client, self.programme, self.now = client, programme, NOW

    def arrives(self, **said: str) -> Participant:
        with scope(programme=self.programme):
            take_arrival(
                programme=self.programme,
                kind=ReferralKind.JOBCENTRE,
                answers=referral_answers(**said),
                submission_key=uuid.uuid4(),
                suspicions=[],
                address="",
                now=self.now,
            )
            receive_waiting_arrivals(programme=self.programme)
            newest: Participant = Participant.objects.latest("pk")
            return newest

    def posts(self, name: str, participant: Participant, **answers: str) -> None:
        url = reverse(f"recruitment:{name}", kwargs={"pk": participant.pk})
        with clock_at(self.now):
            assert self.client.post(url, answers).status_code == 302

    def comes(self, cohort: Cohort, participant: Participant) -> None:
        with scope(programme=self.programme):
            session = cohort.sessions.get()
            place = participant.enrolments.get()
            record_attendance(
                session=session, states={place.pk: AttendanceState.PRESENT}, by=None, now=self.now
            )

    def ends(self) -> None:
        """Let beat and worker come by, twice as when beat is doubled, and the next working day begin."""
        for _ in range(2):
            with clock_at(self.now.replace(hour=15)):
                tasks.plan_news()
                tasks.plan_letters()
                messaging_tasks.sweep()
        self.now += DAY * (3 if self.now.weekday() == 4 else 1)


def inbox(sink: SmtpSink, address: str) -> list[str]:
    """Return the text of each mail to the address."""
    return [
        str(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
        for mail in sink.mails
        if mail["To"] == address
    ]


@pytest.mark.django_db(transaction=True)
def test_from_a_referral_with_a_yes_to_the_closing_note(
    client_for: Callable[[User], Client], coordinator: User, programme: Programme, smtp_sink: SmtpSink
) -> None:
    week = Week(client_for(coordinator), programme)
    cohort = make_cohort(programme)
    make_session(cohort, starts_at=NOW + DAY * 7)  # the next Tuesday at ten
    anna = week.arrives(given_name="Anna", family_name="Sørensen", email=ANNA)
    bo = week.arrives(given_name="Bo", family_name="Lund", phone="+4520223344", email="bo@borger.example")
    week.ends()

    for person in (anna, bo):
        week.posts("participant_contact", person, method="phone", outcome="reached", note="Er syg af stress")
    week.ends()
    week.posts("participant_agreement", bo, kind=AgreementKind.FEEDBACK, withdraw="on")
    for person in (anna, bo):
        week.posts("participant_move", person, to_stage="ready")
        week.posts("participant_place", person, cohort=str(cohort.pk))
    week.ends()
    week.now = NOW + DAY * 7
    for person in (anna, bo):
        week.comes(cohort, person)
    week.ends()
    week.posts("participant_move", anna, to_stage="closed", outcome=Outcome.STOPPED_ILLNESS)
    week.posts("participant_move", bo, to_stage="closed", outcome=Outcome.COMPLETED)
    week.ends()
    week.ends()

    receipts, news = [], []
    for text in inbox(smtp_sink, HENRIK):
        (receipts if "Vi har fået din henvisning" in text else news).append(text)
    assert len(receipts) == 2
    with scope(programme=programme):
        hers, his = (person.referrals.get().reference for person in (anna, bo))
    told = [re.findall(r"^(\S{4}-\S{3}): (.+?)\r?$", text, re.MULTILINE) for text in news]
    assert told == [
        [(hers, "Vi har talt med borgeren."), (his, "Vi har talt med borgeren.")],
        [(hers, "Borgeren har fået en plads på et hold.")],
        [(hers, "Borgeren er begyndt på et hold.")],
        [(hers, "Borgeren fortsætter ikke i forløbet.")],
    ]
    # Of a link's 26 letters drawn at random three may well spell "syg".
    words_sent = [without_personal_links(text) for text in receipts + news]
    for word in ("Anna", "Sørensen", "Lund", "syg", "stress", "20 22 33 44"):
        assert not any(word in text for text in words_sent)
    page = week.client.get(reverse("recruitment:participant_detail", kwargs={"pk": anna.pk})).content.decode()
    assert "Det har henviseren hørt" in page
    assert page.count("Borgeren har fået en plads på et hold. <a") == 1
    (seat,) = inbox(smtp_sink, ANNA)
    assert "Vi ses tirsdag 17.03.2026 kl. 10.00." in seat
    assert len(inbox(smtp_sink, "bo@borger.example")) == 2  # the seat, and thanks at the end
