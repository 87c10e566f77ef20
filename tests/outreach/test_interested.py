"""People who have shown interest: written up once, their yes and no kept, and forgotten in time."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django_scopes import scope

from core.personal_data import declaration_for
from outreach.enums import InterestAgreed
from outreach.interest_texts import AGREEMENT_LASTS, agreed_since
from outreach.models import InterestedPerson
from outreach.services import (
    InterestEnded,
    add_interested,
    discard_interested,
    forget_old_interest,
    join_twins,
    mark_turned,
    release_interested,
    resume_interest,
    stop_interest,
)
from tests.concurrency import at_once
from tests.factories import NOW, make_activity, make_channel, make_interested, make_user

LATER = NOW + dt.timedelta(days=30)


def add(programme, **said: Any) -> InterestedPerson:
    said = {
        "name": "Ida Ærø",
        "phone": "+4520112233",
        "agreed_how": InterestAgreed.MEETING,
        "submission_key": uuid.uuid4(),
        "by": None,
        "now": NOW,
        **said,
    }
    return add_interested(programme=programme, **said)


def to_contact(now=NOW) -> list[InterestedPerson]:
    return list(InterestedPerson.objects.to_contact(agreed_since(now)))


def test_add_interested_keeps_the_yes_and_where_we_met(in_scope):
    activity = make_activity(in_scope)
    ida = add(in_scope, activity=activity, note="Vil gerne male")
    ida.refresh_from_db()
    assert (ida.name, ida.phone, ida.activity, ida.note) == (
        "Ida Ærø",
        "+4520112233",
        activity,
        "Vil gerne male",
    )
    assert (ida.agreed_at, ida.agreed_how, ida.agreement_text) == (NOW, InterestAgreed.MEETING, "1")
    assert to_contact() == [ida]


def test_add_interested_sent_twice_is_one(in_scope):
    key = uuid.uuid4()
    assert add(in_scope, submission_key=key) == add(in_scope, submission_key=key, name="Ida")
    assert InterestedPerson.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_add_interested_at_once_is_one(programme):
    key = uuid.uuid4()

    def act() -> None:
        with scope(programme=programme):
            add(programme, submission_key=key)

    at_once(act, times=4, threads=4)
    with scope(programme=programme):
        assert InterestedPerson.objects.count() == 1


def test_add_interested_who_stands_there_says_yes_anew_and_keeps_the_first_origin(in_scope):
    first, second = make_channel(in_scope), make_channel(in_scope)
    ida = add(in_scope, channel=first)
    again = add(in_scope, channel=second, name="IDA Andet", by=make_user(), now=LATER)
    assert (again.pk, again.channel, again.agreed_at) == (ida.pk, first, LATER)


def test_add_interested_of_another_first_name_on_the_same_number_is_another(in_scope):
    add(in_scope)
    assert add(in_scope, name="Bo Ærø").name == "Bo Ærø"
    assert InterestedPerson.objects.count() == 2


def test_add_interested_does_not_lift_a_no_unless_a_colleague_heard_the_yes(in_scope):
    ida = stop_interest(person=add(in_scope), by=None, now=NOW)
    add(in_scope, email="fremmed@x.example", now=LATER)
    assert [join_twins(programme=in_scope, now=LATER) for _ in range(2)] == [1, 0]
    (by_form,) = InterestedPerson.objects.all()
    assert (by_form.pk, by_form.stopped_at, by_form.asked_again_at) == (ida.pk, NOW, LATER)
    assert (by_form.email, to_contact(LATER)) == ("", [])
    by_colleague = add(in_scope, email="ida@x.example", by=make_user(), now=LATER)
    assert (by_colleague.pk, by_colleague.stopped_at, by_colleague.email) == (ida.pk, None, "ida@x.example")
    assert to_contact(LATER) == [ida]


def test_join_twins_renews_the_yes_keeps_the_first_origin_and_leaves_others_alone(in_scope):
    channel = make_channel(in_scope)
    ida = add(in_scope, channel=channel)
    add(in_scope, name="Bo Ærø", now=LATER)
    add(in_scope, name="Ida", email="ida@x.example", now=LATER)
    add(in_scope, held_reasons=["honeypot"], now=LATER)
    assert join_twins(programme=in_scope, now=LATER) == 1
    left = [person.name for person in InterestedPerson.objects.order_by("pk")]
    assert left == ["Ida Ærø", "Bo Ærø", "Ida Ærø"]  # the last is held
    ida.refresh_from_db()
    assert (ida.agreed_at, ida.channel, ida.email) == (LATER, channel, "")


def test_join_twins_keeps_two_whom_a_colleague_has_written_up(in_scope):
    make_interested(in_scope, name="Ida", phone="+4520112233", created_by=make_user())
    make_interested(in_scope, name="Ida", phone="+4520112233", created_by=make_user())
    assert join_twins(programme=in_scope, now=NOW) == 0


def test_add_interested_refuses_an_unknown_origin(in_scope):
    with pytest.raises(TypeError):
        add(in_scope, cohort=None)


def test_interested_person_has_a_contact_and_one_origin_at_most(in_scope):
    for wrong in (
        {"phone": "", "email": ""},
        {"channel": make_channel(in_scope), "activity": make_activity(in_scope)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_interested(in_scope, **wrong)


# --- Held ------------------------------------------------------------------------------------------


def test_held_interested_waits_for_a_colleague(in_scope):
    ida = add(in_scope)
    held = add(in_scope, held_reasons=["honeypot"])
    assert (held.pk != ida.pk, list(InterestedPerson.objects.held()), to_contact()) == (True, [held], [ida])
    release_interested(person=held, by=make_user(), now=NOW)
    assert to_contact() == [ida, held]


def test_held_interested_is_discarded_once_and_never_after_it_was_taken_in(in_scope):
    by = make_user()
    held = add(in_scope, held_reasons=["honeypot"])
    for _ in range(2):
        discard_interested(person=held, by=by, now=NOW)
    assert InterestedPerson.objects.count() == 0
    taken = add(in_scope)
    with pytest.raises(InterestEnded):
        discard_interested(person=taken, by=by, now=NOW)


# --- No, and come after all --------------------------------------------------------------------------


def test_stop_interest_keeps_the_first_time_and_resume_is_a_new_yes(in_scope):
    ida = add(in_scope)
    for now in (NOW, LATER):
        stopped = stop_interest(person=ida, by=None, now=now)
    assert (stopped.stopped_at, to_contact()) == (NOW, [])
    back = resume_interest(person=ida, by=make_user(), now=LATER)
    assert (back.stopped_at, back.agreed_at, back.agreed_how) == (None, LATER, InterestAgreed.PHONE)


def test_resume_interest_is_too_late_for_who_has_come(in_scope):
    ida = add(in_scope)
    mark_turned(person=ida, now=NOW)
    mark_turned(person=ida, now=LATER)
    ida.refresh_from_db()
    assert (ida.turned_at, to_contact()) == (NOW, [])
    with pytest.raises(InterestEnded):
        resume_interest(person=ida, by=make_user(), now=LATER)


# --- Forgetting ------------------------------------------------------------------------------------


def test_a_yes_fades_and_then_the_person_is_forgotten(programme, other_programme):
    old = NOW - AGREEMENT_LASTS
    came = make_interested(programme, agreed_at=old, turned_at=old, channel=make_channel(programme))
    for where in (programme, other_programme):
        make_interested(where, agreed_at=old)
        make_interested(where, agreed_at=old, stopped_at=old)
    young = make_interested(programme, agreed_at=old + dt.timedelta(seconds=1))
    with scope(programme=programme):
        assert to_contact() == [young]
    assert forget_old_interest(now=NOW) == 5
    assert forget_old_interest(now=NOW) == 0
    with scope(programme=other_programme):
        assert InterestedPerson.objects.count() == 0
    with scope(programme=programme):
        assert set(InterestedPerson.objects.all()) == {came, young}
        came.refresh_from_db()
    assert (came.name, came.phone, came.phone_hash, came.note, came.forgotten_at) == ("", "", "", "", NOW)
    assert came.channel is not None


def test_declared_hooks_forget(in_scope):
    make_interested(in_scope)
    erase = declaration_for(InterestedPerson).erase
    assert erase(InterestedPerson.objects.all(), now=NOW) == 1
    assert InterestedPerson.objects.count() == 0
