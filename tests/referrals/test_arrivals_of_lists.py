"""What a colleague may say about an arrival that a form cannot: who it is, when to call, how they agreed."""

import datetime as dt
import uuid
from typing import Any

import pytest

from accounts.models import Programme, User
from participants.enums import AgreementMethod
from participants.models import Agreement, Participant
from referrals.enums import Intake, ReferralKind
from referrals.models import Referral
from referrals.services import receive_referral
from tests.factories import make_participant
from tests.referrals.answers import referral_answers
from worklist.models import Task

pytestmark = pytest.mark.django_db


def receive(programme: Programme, coordinator: User, now: dt.datetime, **changed: Any) -> Referral:
    said: dict[str, Any] = {
        "programme": programme,
        "kind": ReferralKind.JOBCENTRE,
        "answers": referral_answers(),
        "submission_key": uuid.uuid4(),
        "by": coordinator,
        "intake": Intake.IMPORT,
        "now": now,
    }
    return receive_referral(**{**said, **changed})


def test_new_person_is_registered_beside_the_one_who_seems_the_same(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    namesake = make_participant(
        in_scope, given_name="Åse-Marie", family_name="Ærøskøbing", phone="+4520123456", birth_year=1979
    )

    joined = receive(in_scope, coordinator, now)
    new = receive(in_scope, coordinator, now, new_person=True)

    assert joined.participant == namesake
    assert new.participant != namesake
    assert Participant.objects.count() == 2


def test_call_is_due_on_the_day_that_was_chosen(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    chosen = now.date() + dt.timedelta(days=40)

    referral = receive(in_scope, coordinator, now, call_due_on=chosen)

    assert Task.objects.get(participant=referral.participant).due_on == chosen


def test_agreements_are_kept_with_the_way_they_were_given(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    receive(in_scope, coordinator, now, agreement_method=AgreementMethod.PHONE)

    assert set(Agreement.objects.values_list("method", flat=True)) == {AgreementMethod.PHONE}


def test_referrer_is_credited_with_the_day_the_person_came(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    came = now - dt.timedelta(days=200)

    referral = receive(in_scope, coordinator, now, received_at=came)

    assert referral.received_at == came
    assert referral.referrer is not None
    assert referral.referrer.last_referral_at == came
