"""What the coordinator enters and mends by hand in the story, and messages that go other ways."""

import dataclasses
import datetime as dt
import uuid
from dataclasses import dataclass
from functools import partial

from django.utils.timezone import localdate

from core.danish import add_working_days
from messaging.channels.base import reference_of
from messaging.enums import MessageState
from messaging.models import OutboundMessage
from messaging.services import note_returned
from participants.enums import ContactOutcome
from participants.models import Participant
from recruitment.demo import cast
from recruitment.demo.calendar import working_moment
from recruitment.demo.groups import Groups
from recruitment.demo.people import Person
from recruitment.services.merging import merge_persons
from recruitment.services.returned import open_tasks_for_dead_addresses
from referrals.enums import Intake, ReferralKind
from referrals.services import Answers, ListedArrival, receive_list, receive_referral

# Came to the open meeting, and were written down on one sheet.
AT_THE_MEETING = (("Sanne", "Mødgaard"), ("Ove", "Mødgaard"), ("Zeynep", "Demir"))
# Two spellings of one person, who wrote twice; joined two hours later.
TWO_SPELLINGS = (("Lisbeth", "Søndergård"), ("Lisbet", "Soendergaard"))
WITHOUT_EMAIL = ("Egon", "Uden-Mail")
DEAD_ADDRESS = ("Vera", "Retur")
FROM_THE_CARE_SYSTEM = ("Gerda", "Lægegaard")


@dataclass
class ByHand(Groups):
    """Arrivals by other ways than the form, two records of one person, an SMS, a mail that returns."""

    def _plan_by_hand(self) -> None:
        for days_ago, act in (
            (9, self._take_from_the_care_system),
            (2, self._take_the_sheet_of_the_meeting),
            (7, self._arrive_under_two_spellings),
            (5, self._sign_up_without_email),
            (1, self._sign_up_with_an_address_that_fails),
        ):
            day = self.today - dt.timedelta(days=days_ago)
            self.at(min(working_moment(day, self.draw), self.now - dt.timedelta(hours=days_ago)), act)

    def _named(self, name: tuple[str, str]) -> Participant:
        found: Participant = Participant.objects.get(given_name=name[0], family_name=name[1])
        return found

    def _receive(
        self,
        name: tuple[str, str],
        kind: ReferralKind,
        now: dt.datetime,
        intake: Intake = Intake.WEB,
        has_email: bool = True,
        is_called: bool = True,
    ) -> Person:
        """Take one arrival; the working day after, the person is reached."""
        person = Person(*name, "joins")
        partner = cast.PARTNERS[1] if kind == ReferralKind.GP else None
        source = (kind, partner, partner.people[0] if partner else None)
        answers = self._answers(person, source)
        by_hand = intake != Intake.WEB
        person.participant = receive_referral(
            programme=self.programme,
            kind=kind,
            answers=answers if has_email else dataclasses.replace(answers, email=""),
            submission_key=uuid.UUID(int=self.draw.getrandbits(128)),
            intake=intake,
            by=self.coordinator if by_hand else None,
            now=now,
        ).participant
        if is_called:
            called = working_moment(add_working_days(localdate(now), 1), self.draw)
            self.at(called, partial(self._try, person, ContactOutcome.REACHED))
        return person

    def _take_from_the_care_system(self, now: dt.datetime) -> None:
        """A doctor's referral that came as XREF15, typed in by the coordinator."""
        self._receive(FROM_THE_CARE_SYSTEM, ReferralKind.GP, now, Intake.XREF15)

    def _take_the_sheet_of_the_meeting(self, now: dt.datetime) -> None:
        listed = [
            ListedArrival(
                line=line,
                kind=ReferralKind.SELF,
                answers=self._own_words(name),
                submission_key=uuid.UUID(int=self.draw.getrandbits(128)),
            )
            for line, name in enumerate(AT_THE_MEETING, start=1)
        ]
        receive_list(
            programme=self.programme,
            listed=listed,
            decisions={},
            intake=Intake.MEETING,
            by=self.coordinator,
            now=now,
        )

    def _own_words(self, name: tuple[str, str]) -> Answers:
        return self._answers(Person(*name, "joins"), (ReferralKind.SELF, None, None))

    def _arrive_under_two_spellings(self, now: dt.datetime) -> None:
        for name in TWO_SPELLINGS:
            self._receive(name, ReferralKind.SELF, now, is_called=name == TWO_SPELLINGS[0])
        self.at(now + dt.timedelta(hours=2), self._join_the_two)

    def _join_the_two(self, now: dt.datetime) -> None:
        kept, absorbed = (self._named(name) for name in TWO_SPELLINGS)
        merge_persons(kept=kept, absorbed=absorbed, by=self.coordinator, now=now)

    def _sign_up_without_email(self, now: dt.datetime) -> None:
        """Gets the receipt as a text message."""
        self._receive(WITHOUT_EMAIL, ReferralKind.SELF, now, has_email=False)

    def _sign_up_with_an_address_that_fails(self, now: dt.datetime) -> None:
        self._receive(DEAD_ADDRESS, ReferralKind.SELF, now)
        self.at(now + dt.timedelta(minutes=40), self._mail_comes_back)

    def _mail_comes_back(self, now: dt.datetime) -> None:
        sent = OutboundMessage.objects.filter(
            participant=self._named(DEAD_ADDRESS), state=MessageState.SENT
        ).latest("pk")
        note_returned(reference=reference_of(sent.message_id), address_is_dead=True, now=now)
        open_tasks_for_dead_addresses(programme=self.programme, now=now)
