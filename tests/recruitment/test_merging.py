"""Two records of one person become one, and two again: what moves, what stands, what is refused."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from accounts.models import Programme, User
from courses.enums import AttendanceState, EnrolmentState
from courses.models import Attendance, Enrolment
from courses.services.locks import lock_cohort, lock_enrolments
from evaluation.enums import Occasion
from evaluation.messages import unanswered
from evaluation.models import Invitation, MissingReason, Response
from evaluation.queries.results import results
from evaluation.services import invite_to_measure, plan_measure_invitation
from messaging.models import OutboundMessage
from participants.enums import AgreementKind, AgreementMethod, ContactMethod, ContactOutcome, Outcome, Stage
from participants.models import Agreement, ContactAttempt, MessageStop, Participant, PersonMerge, StageChange
from participants.queries import find_likely_same, find_likely_same_as
from participants.services import (
    change_stage,
    give_agreement,
    note_not_same,
    resume_messages,
    stop_messages,
    update_participant,
    withdraw_agreement,
)
from recruitment.queries.merging import (
    UNDO_DAYS,
    BothHavePlace,
    BothMeasured,
    BothOnCohort,
    PlaceAtTheOther,
    rows_of_a_person,
)
from recruitment.queries.participants import ParticipantFilter, participants_matching
from recruitment.queries.statistics import Period, statistics
from recruitment.services import (
    AnotherInForce,
    ChosenDetails,
    MergedAlready,
    MergedOnward,
    UndoTooLate,
    merge_persons,
    tell_apart,
    undo_merge,
)
from referrals.enums import RESEMBLES_SOMEBODY, Intake, ReferralKind
from referrals.models import Referral
from referrals.services import receive_referral
from tests import factories
from tests.factories import NOW, TODAY
from tests.referrals.answers import own_answers
from worklist.enums import TaskKind, TaskState
from worklist.models import Task

pytestmark = pytest.mark.usefixtures("in_scope")
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def kirsten(programme: Programme) -> Participant:
    """The record that stays: known for long, in a conversation."""
    return factories.make_participant(
        programme,
        given_name="Kirsten",
        family_name="Ågård",
        phone="+4520123456",
        email="kirsten@borger.example",
        note="Kommer gerne i bus.",
        stage=Stage.CONVERSATION,
    )


@pytest.fixture
def kirstn(programme: Programme) -> Participant:
    """The record that does not: the same person, spelled differently, with another number."""
    return factories.make_participant(
        programme,
        given_name="Kirstn",
        family_name="Ågard",
        phone="+4520999999",
        email="",
        note="Har en hund.",
        contact_wishes="Efter kl. 12.",
        created_at=NOW + DAY,
    )


def merge(kept: Participant, absorbed: Participant, **more: Any) -> PersonMerge:
    return merge_persons(kept=kept, absorbed=absorbed, **{"by": None, "now": NOW + 2 * DAY, **more})


def undo(merged: PersonMerge, **more: Any) -> PersonMerge:
    return undo_merge(merge=merged, **{"by": None, "now": NOW + 3 * DAY, **more})


def snapshot(*people: Participant) -> dict[str, Any]:
    """Return every row about these people, field by field, and the people themselves; not their moves."""
    kept: dict[str, Any] = {}
    for model, key in rows_of_a_person():
        if model.__name__ in ("StageChange", "Correction"):
            continue
        for row in model._default_manager.filter(**{f"{key}__in": people}):
            kept[f"{model.__name__} {row.pk}"] = {
                field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields
            }
    for person in Participant.with_merged.filter(pk__in=[one.pk for one in people]):
        kept[f"Participant {person.pk}"] = {
            field.attname: getattr(person, field.attname) for field in Participant._meta.concrete_fields
        }
    return kept


def fill(programme: Programme, person: Participant) -> None:
    """Give the person a row of every kind that moves."""
    factories.make_referral(programme, participant=person)
    factories.make_message(programme, participant=person)
    factories.make_response(person, Occasion.LATER)
    factories.make_task(programme, participant=person, kind=TaskKind.FOLLOW_UP_LOW_SCORE)
    place = factories.make_enrolment(factories.make_cohort(programme), person, state=EnrolmentState.STOPPED)
    session = factories.make_session(place.cohort)
    plain = {"programme": programme, "participant": person}
    Attendance.objects.create(
        programme=programme,
        session=session,
        enrolment=place,
        state=AttendanceState.PRESENT,
        recorded_at=NOW,
    )
    ContactAttempt.objects.create(
        method=ContactMethod.PHONE, outcome=ContactOutcome.NO_ANSWER, note="Optaget", at=NOW, **plain
    )
    Invitation.objects.create(occasion=Occasion.LATER, created_at=NOW, answered_at=NOW, **plain)
    MissingReason.objects.create(occasion=Occasion.AFTER, reason="other", noted_at=NOW, **plain)
    agree(person)
    stop_messages(participant=person, by=None, now=NOW)
    resume_messages(participant=person, by=None, now=NOW + HOUR)
    update_participant(participant=person, by=None, now=NOW, postcode="6800")
    person.refresh_from_db()


def agree(
    person: Participant, at: dt.datetime = NOW, kind: AgreementKind = AgreementKind.REFERRED
) -> Agreement:
    return give_agreement(
        participant=person,
        kind=AgreementKind.REFERRED,
        method=AgreementMethod.PHONE,
        text_version="1",
        by=None,
        now=at,
    )


# --- What moves ------------------------------------------------------------------------------------


def test_every_row_about_a_person_moves_and_comes_back_as_it_was(
    programme: Programme, kirsten: Participant, kirstn: Participant, coordinator: User
) -> None:
    fill(programme, kirstn)
    before = snapshot(kirsten, kirstn)
    told = {
        model.__name__ for model, key in rows_of_a_person() if model._default_manager.filter(**{key: kirstn})
    }
    assert told == {model.__name__ for model, _ in rows_of_a_person()}, "a kind of row is not tried here"

    merged = merge(kirsten, kirstn, by=coordinator)

    for model, key in rows_of_a_person():
        left = set(model._default_manager.filter(**{key: kirstn}))
        closing = set(StageChange.objects.filter(participant=kirstn, outcome=Outcome.MERGED))
        assert left == (closing if model is StageChange else set()), model
    assert (merged.merged_by, merged.merged_at, merged.undone_at) == (coordinator, NOW + 2 * DAY, None)

    undone = undo(merged, by=coordinator)

    assert snapshot(kirsten, kirstn) == before
    assert (undone.undone_by, undone.undone_at) == (coordinator, NOW + 3 * DAY)


def test_every_limit_of_one_row_a_person_is_thought_of() -> None:
    """A model with a new rule of "only one" fails here until a merge knows what becomes of two."""
    with_limit = set()
    for model, key in rows_of_a_person():
        limits = [c for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]
        if any(key in limit.fields for limit in limits):
            with_limit.add(model.__name__)
    assert with_limit == {"Agreement", "Enrolment", "Invitation", "MessageStop", "MissingReason", "Task"}


def test_the_absorbed_record_is_in_no_list_search_or_proposal_and_its_rows_are_not_doubled(
    kirsten: Participant, kirstn: Participant
) -> None:
    merge(kirsten, kirstn)

    assert list(participants_matching(ParticipantFilter(search="kirst"), TODAY)) == [kirsten]
    assert find_likely_same_as(kirsten) == []
    asked = {"given_name": "Kirstn", "family_name": "Ågard", "birth_year": 1982}
    assert [found.participant for found in find_likely_same(**asked)] == [kirsten]
    kirstn.refresh_from_db()
    assert (kirstn.stage, kirstn.outcome, kirstn.merged_into) == (Stage.CLOSED, Outcome.MERGED, kirsten)


def test_statistics_count_a_merged_pair_once_and_two_after_undoing(
    programme: Programme, kirsten: Participant, kirstn: Participant
) -> None:
    for person, kind, occasion in ((kirsten, "gp", Occasion.BEFORE), (kirstn, "jobcentre", Occasion.AFTER)):
        factories.make_referral(programme, participant=person, kind=kind, received_at=person.created_at)
        factories.make_response(person, occasion)
    change_stage(participant=kirstn, to_stage=Stage.CONTACTING, by=None, now=NOW)

    def figures() -> tuple[int, int, int, int, int]:
        told = statistics(Period.ALL, TODAY)
        counted = [told.funnel.count(step) for step in ("referred", "reached", "pairs")]
        return *counted, sum(month.count for month in told.months), results().wellbeing.n

    apart, as_one = (2, 1, 0, 2, 0), (1, 1, 1, 2, 1)
    assert figures() == apart
    merged = merge(kirsten, kirstn)
    assert figures() == as_one
    undo(merged)
    assert figures() == apart


def test_measures_pair_under_the_pseudonym_of_the_record_that_stays(
    kirsten: Participant, kirstn: Participant
) -> None:
    factories.make_response(kirsten, Occasion.BEFORE)
    moved = factories.make_response(kirstn, Occasion.AFTER)

    merged = merge(kirsten, kirstn)
    assert set(Response.objects.values_list("pseudonym", flat=True)) == {kirsten.pseudonym}

    undo(merged)
    moved.refresh_from_db()
    assert moved.pseudonym == kirstn.pseudonym


# --- What stands -----------------------------------------------------------------------------------


def test_details_stand_as_chosen_and_the_other_number_is_kept_as_a_wish(
    kirsten: Participant, kirstn: Participant
) -> None:
    merged = merge(kirsten, kirstn, details=ChosenDetails(frozenset({"phone"})))

    kirsten.refresh_from_db()
    assert (kirsten.full_name, kirsten.phone) == ("Kirsten Ågård", "+4520999999")
    assert kirsten.email == "kirsten@borger.example"
    assert kirsten.contact_wishes == "Efter kl. 12.\nAndet telefonnummer: 20 12 34 56"
    assert kirsten.note == "Kommer gerne i bus.\nHar en hund."
    assert [
        found.participant
        for found in find_likely_same(
            given_name="Kirsten", family_name="Ågård", phone_hash=kirsten.phone_hash
        )
    ] == [kirsten]

    undo(merged)
    kirsten.refresh_from_db()
    assert (kirsten.phone, kirsten.contact_wishes, kirsten.note) == ("+4520123456", "", "Kommer gerne i bus.")


def test_a_detail_corrected_after_the_merge_is_not_undone(kirsten: Participant, kirstn: Participant) -> None:
    merged = merge(kirsten, kirstn, details=ChosenDetails(frozenset({"phone"})))
    update_participant(participant=kirsten, by=None, now=NOW + 2 * DAY + HOUR, phone="+4520555555")

    undo(merged)

    kirsten.refresh_from_db()
    assert kirsten.phone == "+4520555555"
    assert kirsten.note == "Kommer gerne i bus."


@pytest.mark.parametrize(
    ("kept_at", "absorbed_at", "stands"),
    [
        (Stage.RECEIVED, Stage.READY, Stage.READY),
        (Stage.READY, Stage.RECEIVED, Stage.READY),
        (Stage.CLOSED, Stage.RECEIVED, Stage.RECEIVED),
        (Stage.CONTACTING, Stage.CLOSED, Stage.CONTACTING),
        (Stage.CLOSED, Stage.CLOSED, Stage.CLOSED),
    ],
)
def test_the_further_stage_stands_and_an_open_path_before_a_closed_one(
    programme: Programme, kept_at: Stage, absorbed_at: Stage, stands: Stage
) -> None:
    kept = factories.make_participant(programme, stage=kept_at)
    absorbed = factories.make_participant(programme, stage=absorbed_at)
    before = snapshot(kept, absorbed)

    merged = merge(kept, absorbed)

    kept.refresh_from_db()
    assert kept.stage == stands
    moves = StageChange.objects.filter(participant=kept, at=NOW + 2 * DAY)
    assert [move.to_stage for move in moves] == ([stands] if stands != kept_at else [])
    undo(merged)
    assert snapshot(kept, absorbed) == before


def test_a_current_place_decides_before_the_further_stage(programme: Programme) -> None:
    kept = factories.make_participant(programme, stage=Stage.COMPLETED)
    absorbed = factories.make_participant(programme, stage=Stage.PLACED)
    place = factories.make_enrolment(factories.make_cohort(programme), absorbed)

    merge(kept, absorbed)

    kept.refresh_from_db()
    place.refresh_from_db()
    assert (kept.stage, place.participant) == (Stage.PLACED, kept)


def test_the_path_that_went_on_follows_the_place_when_the_merge_is_undone(programme: Programme) -> None:
    kept = factories.make_participant(programme, stage=Stage.RECEIVED)
    absorbed = factories.make_participant(programme, stage=Stage.PLACED)
    factories.make_enrolment(factories.make_cohort(programme), absorbed)
    merged = merge(kept, absorbed)
    kept.refresh_from_db()
    change_stage(participant=kept, to_stage=Stage.ACTIVE, by=None, now=NOW + 2 * DAY + HOUR)

    undo(merged)

    kept.refresh_from_db()
    absorbed.refresh_from_db()
    assert (kept.stage, absorbed.stage) == (Stage.RECEIVED, Stage.ACTIVE)


def test_the_path_that_went_on_stays_with_the_person_who_was_kept(
    kirsten: Participant, kirstn: Participant
) -> None:
    merged = merge(kirsten, kirstn)
    change_stage(participant=kirsten, to_stage=Stage.READY, by=None, now=NOW + 2 * DAY + HOUR)

    undo(merged)

    kirsten.refresh_from_db()
    kirstn.refresh_from_db()
    assert (kirsten.stage, kirstn.stage) == (Stage.READY, Stage.RECEIVED)


def test_two_open_tasks_of_a_kind_become_one_with_both_reasons(
    programme: Programme, kirsten: Participant, kirstn: Participant
) -> None:
    factories.make_task(programme, participant=kirsten, why="Prøv igen.", due_on=TODAY + 3 * DAY)
    factories.make_task(programme, participant=kirstn, why="Ny henvisning.", due_on=TODAY)
    before = snapshot(kirsten, kirstn)

    merged = merge(kirsten, kirstn)

    task = Task.objects.open().get()
    assert (task.participant, task.reasons, task.due_on) == (
        kirsten,
        ["Prøv igen.", "Ny henvisning."],
        TODAY,
    )
    undo(merged)
    assert snapshot(kirsten, kirstn) == before
    assert Task.objects.open().count() == 2


def test_tasks_that_the_merge_answers_are_set_aside(
    programme: Programme, kirsten: Participant, kirstn: Participant
) -> None:
    factories.make_response(kirsten, Occasion.BEFORE)
    factories.make_task(programme, participant=kirstn, kind=TaskKind.BEFORE_MEASURE)
    factories.make_task(programme, participant=kirstn, kind=TaskKind.PLACE)
    Participant.objects.filter(pk=kirsten.pk).update(stage=Stage.ACTIVE)

    merged = merge(kirsten, kirstn)

    assert not Task.objects.open().exists()
    undo(merged)
    assert Task.objects.open().filter(participant=kirstn).count() == 2


def test_a_task_set_aside_stays_so_where_another_was_opened_meanwhile(
    programme: Programme, kirsten: Participant, kirstn: Participant
) -> None:
    factories.make_task(programme, participant=kirsten, kind=TaskKind.PLACE)
    merged = merge(kirsten, kirstn)
    newer = factories.make_task(programme, participant=kirsten, kind=TaskKind.PLACE)

    undo(merged)

    assert Task.objects.open().get() == newer


@pytest.mark.parametrize("earlier", ["kept", "absorbed"])
def test_of_two_agreements_in_force_the_earlier_stands(
    kirsten: Participant, kirstn: Participant, earlier: str
) -> None:
    first, second = (kirsten, kirstn) if earlier == "kept" else (kirstn, kirsten)
    given, later = agree(first, NOW), agree(second, NOW + HOUR)
    stop_messages(participant=first, by=None, now=NOW)
    stop_messages(participant=second, by=None, now=NOW + HOUR)
    for person in (kirsten, kirstn):
        person.refresh_from_db()
    before = snapshot(kirsten, kirstn)

    merged = merge(kirsten, kirstn)

    assert kirsten.agreements.get(withdrawn_at=None) == given
    assert kirsten.message_stops.get().stopped_at == NOW
    later.refresh_from_db()
    assert (later.participant, later.withdrawn_at) == (kirstn, None)
    kirsten.refresh_from_db()
    assert kirsten.messages_stopped_at == NOW
    undo(merged)
    assert snapshot(kirsten, kirstn) == before


def test_a_no_to_messages_on_either_record_holds(kirsten: Participant, kirstn: Participant) -> None:
    stop_messages(participant=kirstn, by=None, now=NOW)

    merged = merge(kirsten, kirstn)

    kirsten.refresh_from_db()
    assert kirsten.messages_stopped_at == NOW
    undo(merged)
    kirsten.refresh_from_db()
    assert kirsten.messages_stopped_at is None


def test_an_invitation_that_both_have_stays_one_and_counts_as_answered(
    programme: Programme, kirsten: Participant, kirstn: Participant
) -> None:
    mine, theirs = (
        Invitation.objects.create(
            programme=programme, participant=person, occasion=Occasion.BEFORE, created_at=NOW, answered_at=at
        )
        for person, at in ((kirsten, None), (kirstn, NOW + HOUR))
    )
    factories.make_response(kirstn, Occasion.BEFORE)

    merged = merge(kirsten, kirstn)

    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.answered_at, theirs.participant) == (NOW + HOUR, kirstn)
    undo(merged)
    mine.refresh_from_db()
    assert mine.answered_at is None


# --- What is refused -------------------------------------------------------------------------------


def test_two_current_places_are_refused_and_nothing_is_changed(
    programme: Programme, kirsten: Participant, kirstn: Participant
) -> None:
    for person in (kirsten, kirstn):
        factories.make_enrolment(factories.make_cohort(programme), person)
    before = snapshot(kirsten, kirstn)

    with pytest.raises(BothHavePlace, match="Afslut den ene plads"):
        merge(kirsten, kirstn)

    assert snapshot(kirsten, kirstn) == before


def test_two_answers_on_one_occasion_are_refused_until_one_is_chosen(
    kirsten: Participant, kirstn: Participant
) -> None:
    for person in (kirsten, kirstn):
        for occasion in (Occasion.BEFORE, Occasion.LATER):
            factories.make_response(person, occasion)
    before = snapshot(kirsten, kirstn)

    for chosen in (ChosenDetails(), ChosenDetails(answers_of_kept=frozenset({"later"}))):
        with pytest.raises(BothMeasured, match="før forløbet, og en person kan kun have ét svar"):
            merge(kirsten, kirstn, details=chosen)

    assert snapshot(kirsten, kirstn) == before


@pytest.mark.parametrize("of_absorbed", [False, True])
def test_of_two_answers_the_chosen_one_counts_alone_and_both_come_back(
    kirsten: Participant, kirstn: Participant, *, of_absorbed: bool
) -> None:
    mine, theirs = (
        factories.make_response(person, Occasion.BEFORE, items=(score,) * 5)
        for person, score in ((kirsten, 1), (kirstn, 4))
    )
    factories.make_response(kirstn, Occasion.AFTER, items=(5,) * 5)  # pairs with whichever counts
    before = snapshot(kirsten, kirstn)
    whose = "answers_of_absorbed" if of_absorbed else "answers_of_kept"

    merged = merge(kirsten, kirstn, details=ChosenDetails(**{whose: frozenset({"before"})}))

    counting, behind = (theirs, mine) if of_absorbed else (mine, theirs)
    for answer, person in ((counting, kirsten), (behind, kirstn)):
        answer.refresh_from_db()
        assert (answer.participant_id, answer.pseudonym) == (person.pk, person.pseudonym)
    for people in (None, Participant.objects.all()):
        found = results(people).wellbeing
        assert (found.n, found.before.mean) == (1, counting.percentage_score)

    undo(merged)

    assert snapshot(kirsten, kirstn) == before
    assert results().wellbeing.n == 1  # kirstn's own pair, as it was


def test_a_choice_between_answers_where_only_one_is_there_changes_nothing(
    kirsten: Participant, kirstn: Participant
) -> None:
    """It was made on a page that is older than the answer's going."""
    theirs = factories.make_response(kirstn, Occasion.BEFORE)
    merge(kirsten, kirstn, details=ChosenDetails(answers_of_kept=frozenset({"before"})))
    theirs.refresh_from_db()
    assert theirs.participant == kirsten


def test_two_used_places_on_one_cohort_are_refused_and_an_unused_one_stays_behind(
    programme: Programme, kirsten: Participant, kirstn: Participant
) -> None:
    cohort = factories.make_cohort(programme)
    session = factories.make_session(cohort)
    completed = factories.make_enrolment(cohort, kirsten, state=EnrolmentState.COMPLETED)
    other = factories.make_enrolment(cohort, kirstn, state=EnrolmentState.STOPPED)
    came = Attendance.objects.create(
        programme=programme, session=session, enrolment=other, state="present", recorded_at=NOW
    )

    with pytest.raises(BothOnCohort):
        merge(kirsten, kirstn)
    came.delete()
    Enrolment.objects.filter(pk=other.pk).update(state=EnrolmentState.WAITING)
    with pytest.raises(PlaceAtTheOther):
        merge(kirstn, kirsten)

    merged = merge(kirsten, kirstn)
    completed.refresh_from_db()
    other.refresh_from_db()
    assert (completed.participant, other.participant, other.state) == (
        kirsten,
        kirstn,
        EnrolmentState.DECLINED,
    )
    undo(merged)
    other.refresh_from_db()
    assert other.state == EnrolmentState.WAITING


def test_the_same_merge_twice_is_one(kirsten: Participant, kirstn: Participant) -> None:
    assert merge(kirsten, kirstn) == merge(kirsten, kirstn)
    assert PersonMerge.objects.count() == 1


def test_a_merged_record_is_not_merged_again_nor_a_person_with_themselves(
    programme: Programme, kirsten: Participant, kirstn: Participant
) -> None:
    third = factories.make_participant(programme)
    merge(kirsten, kirstn)

    for kept, absorbed in ((kirstn, kirsten), (third, kirstn), (kirstn, third), (third, third)):
        with pytest.raises(MergedAlready):
            merge(kept, absorbed)
    assert PersonMerge.objects.count() == 1


def test_a_merge_across_programmes_is_not_found(kirsten: Participant, other_programme: Programme) -> None:
    elsewhere = factories.make_participant(other_programme)

    with pytest.raises(Participant.DoesNotExist):
        merge(kirsten, elsewhere)


def test_a_merge_is_undone_within_a_month_and_once(kirsten: Participant, kirstn: Participant) -> None:
    merged = merge(kirsten, kirstn)
    merged.refresh_from_db()
    last = merged.merged_at + UNDO_DAYS * DAY

    with pytest.raises(UndoTooLate):
        undo(merged, now=last + dt.timedelta(seconds=1))
    undone = undo(merged, now=last)

    assert undo(merged, now=last + HOUR).undone_at == undone.undone_at == last
    again = merge(kirsten, kirstn, now=last + HOUR)
    assert again != merged


def test_a_merge_into_a_third_is_undone_first(
    programme: Programme, kirsten: Participant, kirstn: Participant
) -> None:
    third = factories.make_participant(programme)
    first = merge(kirsten, kirstn)
    second = merge(third, kirsten)

    with pytest.raises(MergedOnward):
        undo(first)
    undo(second)
    undo(first)

    assert set(Participant.objects.all()) == {kirsten, kirstn, third}


def test_undoing_is_refused_while_a_newer_agreement_of_the_kind_is_in_force(
    kirsten: Participant, kirstn: Participant
) -> None:
    agree(kirstn, NOW)
    agree(kirsten, NOW + HOUR)
    merged = merge(kirsten, kirstn)
    kind = AgreementKind.REFERRED
    withdraw_agreement(participant=kirsten, kind=kind, by=None, now=NOW + 2 * DAY)
    agree(kirsten, NOW + 2 * DAY + HOUR)

    with pytest.raises(AnotherInForce):
        undo(merged)
    withdraw_agreement(participant=kirsten, kind=kind, by=None, now=NOW + 3 * DAY)
    undo(merged)

    assert kirsten.agreements.filter(withdrawn_at=None).count() == 1


# --- The question whether they are one -------------------------------------------------------------


def test_the_question_leaves_the_call_when_it_is_answered_either_way(
    programme: Programme, coordinator: User
) -> None:
    said = {"given_name": "Kirsten", "family_name": "Ågård", "phone": "+4520123456", "birth_year": 1961}
    for answer in ("apart", "one"):
        first, second = (factories.make_participant(programme, **said) for _ in range(2))
        why = f"Ny henvisning.\n{RESEMBLES_SOMEBODY}"
        task = factories.make_task(programme, participant=second, why=why)
        assert find_likely_same_as(second)

        if answer == "apart":
            tell_apart(participant=second, other=first, by=coordinator, now=NOW)
        else:
            for other in Participant.objects.exclude(pk__in=[first.pk, second.pk]):
                note_not_same(participant=second, other=other, by=coordinator, now=NOW)
            merge(second, first)

        task.refresh_from_db()
        assert (task.reasons, task.state) == (["Ny henvisning."], TaskState.OPEN)


def test_a_message_that_waits_reaches_the_person_where_they_are_now(
    programme: Programme, kirsten: Participant, kirstn: Participant
) -> None:
    waiting = factories.make_message(programme, participant=kirstn)

    merge(kirsten, kirstn)

    assert OutboundMessage.objects.get(pk=waiting.pk).participant == kirsten
    assert Referral.objects.filter(participant=kirstn).count() == 0
    assert MessageStop.objects.count() == 0
    assert apps.get_model("participants.PersonMerge").objects.get().kept == kirsten


def test_an_arrival_about_the_absorbed_record_joins_the_person_who_stays(
    programme: Programme, kirsten: Participant, kirstn: Participant, coordinator: User
) -> None:
    merge(kirsten, kirstn)

    referral = receive_referral(
        programme=programme,
        kind=ReferralKind.SELF,
        intake=Intake.PHONE,
        answers=own_answers(given_name="Kirstn", family_name="Ågard"),
        submission_key=uuid.uuid4(),
        participant=kirstn,
        by=coordinator,
        now=NOW + 3 * DAY,
    )

    assert referral.participant == kirsten


# --- What stayed behind ----------------------------------------------------------------------------


def test_the_link_of_an_invitation_that_stayed_behind_opens_nothing_and_its_mail_is_not_sent(
    client: Client, kirsten: Participant, kirstn: Participant
) -> None:
    now = timezone.now()
    links, mails = [], []
    for person in (kirsten, kirstn):
        Participant.objects.filter(pk=person.pk).update(email="kirsten@borger.example", email_hash="x")
        person.refresh_from_db()
        asked = {"participant": person, "occasion": Occasion.BEFORE, "by": None, "now": now}
        links.append(invite_to_measure(**asked)[1])
        mails.append(plan_measure_invitation(**asked).pk)

    merge(kirsten, kirstn, now=now)

    assert [client.get(f"/skema/{raw}/", follow=True).status_code for raw in links] == [200, 404]
    may_be_sent = OutboundMessage.objects.filter(unanswered(now))
    assert set(may_be_sent.values_list("pk", flat=True)) == {mails[0]}
    assert set(OutboundMessage.objects.values_list("participant", flat=True)) == {kirsten.pk}


def test_a_cohort_is_finished_though_a_place_stayed_behind(
    programme: Programme, kirsten: Participant, kirstn: Participant
) -> None:
    cohort = factories.make_cohort(programme)
    factories.make_enrolment(cohort, kirsten, state=EnrolmentState.STARTED)
    factories.make_enrolment(cohort, kirstn, state=EnrolmentState.DECLINED)
    merge(kirsten, kirstn)

    with transaction.atomic():
        locked = lock_enrolments(lock_cohort(cohort.pk))

    assert [place.participant for place in locked.values()] == [kirsten]


# --- The database's own no -------------------------------------------------------------------------


def test_what_a_merge_remembers_is_never_changed_not_even_past_the_services(
    programme: Programme, kirsten: Participant, kirstn: Participant
) -> None:
    merged, stranger = merge(kirsten, kirstn), factories.make_participant(programme)
    somebody = factories.make_user(programme)
    rows = PersonMerge.objects.filter(pk=merged.pk)
    changes: list[dict[str, Any]] = [
        {"kept": stranger},
        {"absorbed": stranger},
        {"merged_at": NOW - dt.timedelta(days=9)},
        {"merged_by": somebody},
    ]
    undo(merged)
    for change in [*changes, {"undone_at": None, "undone_by": None}, {"undone_by": somebody}]:
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            rows.update(**change)
    # The control: who did it may be erased, and the keys it is encrypted by may change.
    assert rows.update(merged_by=None, undone_by=None, changes=merged.changes) == 1


@pytest.mark.django_db(transaction=True)
def test_a_merge_goes_with_a_person_and_never_alone() -> None:
    programme = factories.make_programme()
    with scope(programme=programme):
        one, other = (factories.make_participant(programme) for _ in range(2))
        merge(one, other)
        with pytest.raises(DatabaseError, match="goes only with its persons"):
            PersonMerge.objects.all().delete()
        assert PersonMerge.objects.count() == 1
        Participant._base_manager.filter(pk=other.pk).delete()
        assert not PersonMerge.objects.exists()
