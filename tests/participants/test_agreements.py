"""What a person agreed to, and takes back."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Programme, User
from participants.enums import AgreementKind, AgreementMethod
from participants.models import Agreement, Participant
from participants.services import give_agreement, withdraw_agreement
from tests.factories import make_participant


def give(participant: Participant, by: User, now: dt.datetime, **fields: str) -> Agreement:
    return give_agreement(
        participant=participant,
        **{
            "kind": AgreementKind.FEEDBACK,
            "method": AgreementMethod.PHONE,
            "text_version": "1",
            **fields,
        },
        by=by,
        now=now,
    )


def test_give_agreement_keeps_what_how_when_and_who(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    given = give(make_participant(in_scope), coordinator, now)

    kept = Agreement.objects.get(pk=given.pk)
    assert (kept.kind, kept.method, kept.text_version) == ("feedback", "phone", "1")
    assert (kept.given_at, kept.recorded_by, kept.withdrawn_at) == (now, coordinator, None)


def test_a_second_yes_keeps_the_first(in_scope: Programme, coordinator: User, now: dt.datetime) -> None:
    participant = make_participant(in_scope)
    first = give(participant, coordinator, now)

    second = give(participant, coordinator, now + dt.timedelta(days=1), method=AgreementMethod.PAPER)

    assert second == first
    assert Agreement.objects.get().method == AgreementMethod.PHONE


def test_withdraw_agreement_ends_it_once_and_leaves_the_others(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    participant = make_participant(in_scope)
    feedback = give(participant, coordinator, now)
    referred = give(participant, coordinator, now, kind=AgreementKind.REFERRED)
    later = now + dt.timedelta(days=1)

    assert withdraw_agreement(participant=participant, kind=AgreementKind.FEEDBACK, by=coordinator, now=later)
    assert not withdraw_agreement(
        participant=participant, kind=AgreementKind.FEEDBACK, by=coordinator, now=later + dt.timedelta(days=1)
    )

    feedback.refresh_from_db()
    referred.refresh_from_db()
    assert (feedback.withdrawn_at, feedback.withdrawn_by) == (later, coordinator)
    assert (referred.withdrawn_at, referred.withdrawn_by) == (None, None)


def test_the_database_refuses_somebody_who_ended_an_agreement_that_stands(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    given = give(make_participant(in_scope), coordinator, now)

    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=given.pk).update(withdrawn_by=coordinator)


def test_withdraw_agreement_of_one_person_leaves_anothers(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    kept = give(make_participant(in_scope), coordinator, now)

    assert not withdraw_agreement(
        participant=make_participant(in_scope), kind=AgreementKind.FEEDBACK, by=coordinator, now=now
    )

    kept.refresh_from_db()
    assert kept.withdrawn_at is None


def test_a_yes_after_a_no_is_a_new_agreement(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    participant = make_participant(in_scope)
    give(participant, coordinator, now)
    withdraw_agreement(participant=participant, kind=AgreementKind.FEEDBACK, by=coordinator, now=now)

    give(participant, coordinator, now + dt.timedelta(days=1), method=AgreementMethod.MEETING)

    methods = participant.agreements.values_list("method", "withdrawn_at")
    assert list(methods) == [("phone", now), ("meeting", None)]


def test_the_database_refuses_two_agreements_in_force(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    given = give(make_participant(in_scope), coordinator, now)

    given.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        given.save(force_insert=True)
