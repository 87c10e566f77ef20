"""Receiving a person: one referral, one person, one call to make, and the receipts."""

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.db import connection
from django_scopes import scope

from accounts.models import Programme, User
from messaging.models import OutboundMessage
from outreach.models import Referrer
from participants.enums import AgreementKind, AgreementMethod, Stage
from participants.models import Agreement, Participant
from participants.services import give_agreement, withdraw_agreement
from referrals.enums import Intake, ReferralKind, ReferralStatus
from referrals.models import Referral
from referrals.nudge_facts import harvests_of
from referrals.queries import referrer_overview
from referrals.services import Answers, ReferrerAnswers, receive_referral
from referrals.services.arrivals import ASK_ABOUT_FEEDBACK, ASK_ABOUT_LATER
from tests.concurrency import at_once
from tests.factories import TODAY, make_cohort, make_enrolment, make_participant, make_programme
from tests.referrals.answers import own_answers, referral_answers
from worklist.enums import TaskKind
from worklist.models import Task


def receive(programme: Programme, now: dt.datetime, answers: Answers | None = None, **more: Any) -> Referral:
    return receive_referral(
        **{
            "programme": programme,
            "kind": ReferralKind.JOBCENTRE,
            "answers": answers or referral_answers(),
            "submission_key": uuid.uuid4(),
            "now": now,
            **more,
        }
    )


def receive_own(programme: Programme, now: dt.datetime, **changed: Any) -> Referral:
    return receive(programme, now, own_answers(**changed), kind=ReferralKind.SELF)


# --- What is kept ----------------------------------------------------------------------------------


def test_receive_referral_keeps_what_was_said(in_scope: Programme, now: dt.datetime) -> None:
    referral = Referral.objects.get(pk=receive(in_scope, now).pk)

    assert referral.kind == ReferralKind.JOBCENTRE
    assert referral.intake == Intake.WEB
    assert referral.reason == "Mangler et sted at komme."
    assert referral.situation == "Sygedagpenge"
    assert referral.considerations == "Svært ved trapper"
    assert referral.criteria_met == ["Personen er fyldt 18 år"]
    assert referral.heard_about == "colleague"
    assert referral.workplace == "Jobcenter Esbjerg"
    assert referral.feedback_allowed is True
    assert referral.received_at == now
    assert referral.entered_by is None


def test_receive_referral_registers_the_person_at_the_first_stage(
    in_scope: Programme, now: dt.datetime
) -> None:
    participant = receive(in_scope, now).participant
    participant.refresh_from_db()

    assert participant.full_name == "Åse-Marie Ærøskøbing"
    assert participant.phone == "+4520123456"
    assert (participant.birth_year, participant.postcode) == (1979, "6700")
    assert participant.stage == Stage.RECEIVED


def test_receive_referral_keeps_free_text_unreadable_in_the_database(
    in_scope: Programme, now: dt.datetime
) -> None:
    referral = receive(in_scope, now)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reason, situation, considerations FROM referrals_referral WHERE id = %s", [referral.pk]
        )
        stored = b"".join(bytes(value) for value in cursor.fetchone())
    assert b"Mangler" not in stored
    assert b"Sygedagpenge" not in stored
    assert b"trapper" not in stored


def test_receive_referral_finds_the_referrer_and_remembers_when(
    in_scope: Programme, now: dt.datetime
) -> None:
    first = receive(in_scope, now)
    later = now + dt.timedelta(days=3)
    second = receive(in_scope, later, referral_answers(given_name="Bo", phone="+4530123456"))

    assert first.referrer == second.referrer
    referrer = Referrer.objects.get()
    assert referrer.last_referral_at == later
    assert referrer.organisation.name == "Jobcenter Esbjerg"


def test_receive_referral_without_a_referrers_name_keeps_the_workplace(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    said = referral_answers()
    answers = referral_answers(referrer=type(said.referrer)(workplace="Lægehuset"))

    referral = receive(in_scope, now, answers, kind=ReferralKind.GP, intake=Intake.XREF15, by=coordinator)

    assert referral.referrer is None
    assert referral.workplace == "Lægehuset"


# --- Agreements ------------------------------------------------------------------------------------


def test_receive_referral_dates_what_the_citizen_agreed_to(in_scope: Programme, now: dt.datetime) -> None:
    receive(in_scope, now)

    given = {row.kind: (row.method, row.given_at, row.text_version) for row in Agreement.objects.all()}
    assert given == {
        AgreementKind.REFERRED: (AgreementMethod.REFERRER, now, "2"),
        AgreementKind.FEEDBACK: (AgreementMethod.REFERRER, now, "2"),
    }


def test_a_yes_to_later_cohorts_about_a_known_person_is_asked_for_and_not_taken(
    in_scope: Programme, now: dt.datetime
) -> None:
    # Else anybody who knows a name and a number could take back what the person has declined.
    receive_own(in_scope, now)

    receive_own(in_scope, now + dt.timedelta(hours=1), later_contact=True)

    assert not Agreement.objects.exists()
    assert ASK_ABOUT_LATER in Task.objects.get().reasons


def test_a_person_of_their_own_accord_is_asked_nothing_more(in_scope: Programme, now: dt.datetime) -> None:
    receive_own(in_scope, now, later_contact=True)  # the control: somebody new

    assert set(Agreement.objects.values_list("kind", flat=True)) == {AgreementKind.LATER_CONTACT}
    assert "senere hold" not in Task.objects.get().reasons


def test_a_form_held_before_the_second_sentence_keeps_the_first(
    in_scope: Programme, now: dt.datetime
) -> None:
    held = json.loads(referral_answers().to_json())
    del held["agreement_text"], held["later_contact"]

    receive(in_scope, now, Answers.from_json(json.dumps(held)))

    assert set(Agreement.objects.values_list("text_version", flat=True)) == {"1"}


def test_receive_referral_without_a_yes_to_feedback_keeps_none(in_scope: Programme, now: dt.datetime) -> None:
    referral = receive(in_scope, now, referral_answers(feedback_allowed=False))

    assert referral.feedback_allowed is False
    assert set(Agreement.objects.values_list("kind", flat=True)) == {AgreementKind.REFERRED}


def test_receive_referral_of_oneself_needs_no_agreement(in_scope: Programme, now: dt.datetime) -> None:
    receive_own(in_scope, now)

    assert not Agreement.objects.exists()


def test_receive_referral_by_telephone_says_so_in_the_agreement(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    receive(in_scope, now, intake=Intake.PHONE, by=coordinator)

    agreement = Agreement.objects.get(kind=AgreementKind.REFERRED)
    assert (agreement.method, agreement.recorded_by) == (AgreementMethod.PHONE, coordinator)


# --- The call --------------------------------------------------------------------------------------


def test_receive_referral_opens_a_call_after_the_programmes_working_days(
    in_scope: Programme, now: dt.datetime
) -> None:
    receive(in_scope, now)

    task = Task.objects.get(kind=TaskKind.CALL)
    assert task.due_on == dt.date(2026, 3, 13)  # Tuesday and three working days
    assert task.reasons == ["Ny henvisning fra Jobcenter Esbjerg."]


def test_receive_referral_before_easter_counts_no_holidays(in_scope: Programme) -> None:
    wednesday = dt.datetime(2026, 4, 1, 10, tzinfo=dt.UTC)

    receive(in_scope, wednesday)

    # Maundy Thursday, Good Friday and Easter Monday are no working days.
    assert Task.objects.get().due_on == dt.date(2026, 4, 9)


@pytest.mark.parametrize("word", ["komme", "Sygedagpenge", "trapper"])
def test_receive_referral_says_nothing_of_health_in_the_task(
    in_scope: Programme, now: dt.datetime, word: str
) -> None:
    receive(in_scope, now)

    assert word not in Task.objects.get().why


def test_receive_referral_of_oneself_says_so_in_the_task(in_scope: Programme, now: dt.datetime) -> None:
    receive_own(in_scope, now)

    assert Task.objects.get().reasons == ["Har selv henvendt sig."]


def test_receive_referral_by_the_coordinator_names_no_workplace(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    receive(
        in_scope,
        now,
        own_answers(),
        kind=ReferralKind.COORDINATOR,
        intake=Intake.MEETING,
        by=coordinator,
    )

    assert Task.objects.get().reasons == ["Ny henvisning fra koordinatoren."]


# --- The same person again -------------------------------------------------------------------------


def test_receive_referral_of_a_known_person_adds_a_second_referral(
    in_scope: Programme, now: dt.datetime
) -> None:
    first = receive(in_scope, now)

    second = receive(in_scope, now, referral_answers(given_name="åse marie", birth_year=None))

    assert second.participant == first.participant
    assert Participant.objects.count() == 1
    assert Referral.objects.count() == 2
    assert Task.objects.get().reasons == [
        "Ny henvisning fra Jobcenter Esbjerg.",
        "Henvist igen fra Jobcenter Esbjerg.",
        ASK_ABOUT_FEEDBACK,
    ]


def test_receive_referral_with_another_year_of_birth_is_another_person(
    in_scope: Programme, now: dt.datetime
) -> None:
    receive(in_scope, now)
    receive(in_scope, now, referral_answers(birth_year=2001))

    assert Participant.objects.count() == 2


def test_receive_referral_of_a_spouse_on_the_same_telephone_is_another_person(
    in_scope: Programme, now: dt.datetime
) -> None:
    receive(in_scope, now)
    receive(in_scope, now, referral_answers(given_name="Bent"))

    assert Participant.objects.count() == 2


def test_receive_referral_keeps_the_stage_of_who_is_on_the_way(in_scope: Programme, now: dt.datetime) -> None:
    make_participant(
        in_scope,
        given_name="Åse-Marie",
        family_name="Ærøskøbing",
        phone="+4520123456",
        birth_year=1979,
        stage=Stage.READY,
    )

    receive(in_scope, now)

    assert Participant.objects.get().stage == Stage.READY


def test_receive_referral_of_a_closed_person_says_so(in_scope: Programme, now: dt.datetime) -> None:
    make_participant(
        in_scope,
        given_name="Åse-Marie",
        family_name="Ærøskøbing",
        phone="+4520123456",
        email="",
        birth_year=1979,
        stage=Stage.CLOSED,
    )

    receive(in_scope, now)

    assert Participant.objects.get().stage == Stage.CLOSED
    assert Task.objects.get().reasons == [
        "Henvist igen fra Jobcenter Esbjerg. Forløbet var afsluttet.",
        ASK_ABOUT_FEEDBACK,
    ]


# --- A stranger who wishes to hear how somebody is ---------------------------------------------------

STRANGER = ReferrerAnswers(name="En fremmed", workplace="Et sted", email="fremmed@example.org")


def heard_by(referral: Referral) -> ReferralStatus | None:
    """Return what the page of the referrer of `referral` tells about it."""
    assert referral.referrer is not None
    overview = referrer_overview(referral.referrer, today=TODAY)
    return {row.reference: row for row in overview.referrals}[referral.reference].status


@pytest.mark.parametrize("agreed_before", [True, False])
def test_a_stranger_who_refers_a_known_person_hears_nothing_of_them(
    in_scope: Programme, now: dt.datetime, agreed_before: bool
) -> None:
    own = receive(in_scope, now, referral_answers(feedback_allowed=agreed_before))
    make_enrolment(make_cohort(in_scope), own.participant, started_at=now)

    strange = receive(in_scope, now + dt.timedelta(hours=1), referral_answers(referrer=STRANGER))

    assert strange.participant == own.participant
    assert strange.feedback_allowed is True  # what was said is kept
    assert heard_by(strange) is None
    assert strange.referrer is not None
    assert harvests_of([strange.referrer])[strange.referrer.pk].started == 0
    # The control: whoever referred them with their yes hears it.
    assert (heard_by(own) is not None) is agreed_before


def test_a_yes_that_the_coordinator_notes_after_the_second_referral_tells_the_second_referrer(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    first = receive(in_scope, now)
    second = receive(in_scope, now + dt.timedelta(hours=1), referral_answers(referrer=STRANGER))
    person, later = first.participant, now + dt.timedelta(days=1)

    withdraw_agreement(participant=person, kind=AgreementKind.FEEDBACK, by=coordinator, now=later)
    assert heard_by(first) is heard_by(second) is None
    give_agreement(
        participant=person,
        kind=AgreementKind.FEEDBACK,
        method=AgreementMethod.PHONE,
        text_version="1",
        by=coordinator,
        now=later,
    )

    assert heard_by(first) == heard_by(second) == ReferralStatus.RECEIVED


def test_a_yes_that_the_coordinator_types_in_about_a_known_person_counts(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    receive(in_scope, now)

    second = receive(
        in_scope, now + dt.timedelta(hours=1), referral_answers(referrer=STRANGER), by=coordinator
    )

    assert heard_by(second) == ReferralStatus.RECEIVED


def test_receive_referral_from_a_stranger_changes_no_address_and_tells_the_coordinator(
    in_scope: Programme, now: dt.datetime
) -> None:
    # Else anybody who knows a name and a number could have the person's mail sent to themselves.
    known = receive(in_scope, now).participant

    receive(in_scope, now, referral_answers(email="ny@eksempel.dk", contact_wishes="Skriv hellere"))

    known.refresh_from_db()
    assert known.email == ""
    assert known.contact_wishes == "Skriv hellere"
    assert "En anden e-mail i henvisningen: ny@eksempel.dk." in Task.objects.get().reasons


def test_receive_referral_tells_the_coordinator_of_another_telephone(
    in_scope: Programme, now: dt.datetime
) -> None:
    receive_own(in_scope, now)

    receive_own(in_scope, now, phone="+4530123456")

    assert Participant.objects.get().phone == "+4520123456"
    assert "Et andet telefonnummer i henvisningen: 30 12 34 56." in Task.objects.get().reasons


def test_receive_referral_by_the_coordinator_fills_in_what_was_missing(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    known = receive(in_scope, now, referral_answers(birth_year=None, postcode="")).participant

    receive(
        in_scope,
        now,
        referral_answers(email="aase@borger.example"),
        intake=Intake.PHONE,
        by=coordinator,
    )

    known.refresh_from_db()
    assert known.email == "aase@borger.example"
    assert (known.birth_year, known.postcode) == (1979, "6700")
    assert len(Task.objects.get().reasons) == 2


def test_receive_referral_knows_nobody_of_another_programme(in_scope: Programme, now: dt.datetime) -> None:
    elsewhere = make_programme()
    make_participant(
        elsewhere, given_name="Åse-Marie", family_name="Ærøskøbing", phone="+4520123456", birth_year=1979
    )

    referral = receive(in_scope, now)

    assert referral.participant.programme == in_scope


# --- Once ------------------------------------------------------------------------------------------


def test_receive_referral_twice_with_one_key_is_one_referral(in_scope: Programme, now: dt.datetime) -> None:
    key = uuid.uuid4()
    first = receive(in_scope, now, submission_key=key)

    again = receive(in_scope, now + dt.timedelta(minutes=1), submission_key=key)

    assert again == first
    assert Participant.objects.count() == Referral.objects.count() == Task.objects.count() == 1
    assert len(Task.objects.get().reasons) == 1
    assert OutboundMessage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_receive_referral_by_twenty_at_once_is_one_referral(now: dt.datetime) -> None:
    programme = make_programme()
    key = uuid.uuid4()

    def send() -> str:
        with scope(programme=programme):
            return receive(programme, now, submission_key=key).reference

    references = at_once(send, times=20, threads=10)

    assert len(set(references)) == 1
    with scope(programme=programme):
        assert Referral.objects.count() == Participant.objects.count() == 1
        assert OutboundMessage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_receive_referral_of_one_person_by_ten_forms_at_once_is_one_person(now: dt.datetime) -> None:
    programme = make_programme()

    def send() -> None:
        with scope(programme=programme):
            receive(programme, now)

    at_once(send, times=10, threads=10)

    with scope(programme=programme):
        assert Referral.objects.count() == 10
        assert Participant.objects.count() == 1
        assert Task.objects.count() == 1


# --- Receipts --------------------------------------------------------------------------------------


def test_receive_referral_plans_a_receipt_to_the_referrer(in_scope: Programme, now: dt.datetime) -> None:
    referral = receive(in_scope, now)

    message = OutboundMessage.objects.get()
    assert message.kind == "referral_receipt"
    assert message.referrer == referral.referrer
    assert message.subject_ids == {"referral": referral.pk}


def test_receive_referral_of_oneself_plans_a_receipt_to_the_person(
    in_scope: Programme, now: dt.datetime
) -> None:
    referral = receive_own(in_scope, now)

    message = OutboundMessage.objects.get()
    assert message.kind == "signup_receipt"
    assert message.participant == referral.participant


def test_receive_referral_of_oneself_without_mail_plans_no_receipt(
    in_scope: Programme, now: dt.datetime
) -> None:
    receive_own(in_scope, now, email="")

    assert not OutboundMessage.objects.exists()


def test_receive_referral_by_telephone_plans_no_receipt(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    receive(in_scope, now, intake=Intake.PHONE, by=coordinator)

    assert not OutboundMessage.objects.exists()
