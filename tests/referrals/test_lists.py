"""Many arrivals at once leave the rows that each by itself would leave, all or nothing, once."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from accounts.models import Programme, User
from messaging.models import OutboundMessage
from outreach.models import Organisation, Referrer
from participants.enums import AgreementMethod
from participants.models import Agreement, Participant, StageChange
from participants.queries import Listed, find_likely_same, find_likely_same_of_many
from referrals.enums import Intake, ReferralKind
from referrals.models import Referral
from referrals.services import (
    AnswerMissing,
    Decision,
    ListedArrival,
    ListResult,
    call_days,
    likely_same_of_list,
    receive_list,
    receive_referral,
)
from tests import factories
from tests.concurrency import at_once
from tests.factories import NOW, make_participant
from tests.referrals.answers import own_answers, referral_answers
from worklist.models import Task

pytestmark = pytest.mark.django_db

CAME = NOW - dt.timedelta(days=90)
VARIED = (
    (ReferralKind.JOBCENTRE, referral_answers(), CAME),
    (ReferralKind.JOBCENTRE, referral_answers(given_name="Bo", phone="+4520123457", agreed=False), NOW),
    (ReferralKind.GP, referral_answers(given_name="Ib", phone="", email="ib@x.example"), None),
    (
        ReferralKind.SELF,
        own_answers(birth_year=1960, later_contact=True, contact_wishes="Ring\nom aftenen"),
        None,
    ),
)


def listed(line: int, kind: ReferralKind = ReferralKind.SELF, **changed: Any) -> ListedArrival:
    """Return a line of a list; `answers` or what is changed in a citizen's own."""
    came = changed.pop("received_at", None)
    answers = changed.pop("answers", None) or own_answers(**changed)
    return ListedArrival(
        line=line,
        kind=kind,
        answers=answers,
        submission_key=uuid.uuid5(uuid.NAMESPACE_OID, f"{line}"),
        received_on=came.date() if came else None,
        received_at=came,
    )


def receive(
    programme: Programme,
    by: User,
    lines: list[ListedArrival],
    decisions: dict[int, Decision] | None = None,
    **changed: Any,
) -> ListResult:
    said: dict[str, Any] = {"intake": Intake.IMPORT, "now": NOW, **changed}
    return receive_list(programme=programme, listed=lines, decisions=decisions or {}, by=by, **said)


def stored(programme: Programme) -> dict[str, list[dict[str, Any]]]:
    """Return every row of the programme without what is drawn or numbered."""
    drawn = {"id", "reference", "pseudonym", "submission_key", "programme"}
    found = {}
    with scope(programme=programme):
        for model in (
            Participant, StageChange, Agreement, Referral, Task, Referrer, Organisation, OutboundMessage
        ):  # fmt: skip
            rows = []
            for row in model.objects.order_by("pk"):
                values = {
                    field.name: getattr(row, field.name)
                    for field in model._meta.concrete_fields
                    if field.name not in drawn
                }
                rows.append({name: str(value) for name, value in values.items()})
            found[model.__name__] = sorted(rows, key=str)
    return found


# --- The same as one by one ------------------------------------------------------------------------


@pytest.mark.parametrize("method", [None, AgreementMethod.PHONE])
def test_list_leaves_the_rows_that_each_line_by_itself_would_leave(
    programme: Programme, other_programme: Programme, coordinator: User, method: AgreementMethod | None
) -> None:
    with scope(programme=programme):
        for kind, answers, came in VARIED:
            receive_referral(
                programme=programme,
                kind=kind,
                answers=answers,
                submission_key=uuid.uuid4(),
                intake=Intake.IMPORT,
                received_at=came,
                agreement_method=method,
                by=coordinator,
                now=NOW,
            )
    with scope(programme=other_programme):
        lines = [
            listed(line, kind, answers=answers, received_at=came)
            for line, (kind, answers, came) in enumerate(VARIED, start=2)
        ]
        result = receive(other_programme, coordinator, lines, agreement_method=method)

    assert result == ListResult(new=4)
    one_by_one, at_once_ = stored(programme), stored(other_programme)
    assert len(one_by_one["Referral"]) == len(one_by_one["Task"]) == 4
    assert one_by_one["Agreement"]
    assert one_by_one["Referrer"]
    assert one_by_one["OutboundMessage"] == []
    assert at_once_ == one_by_one


def test_list_of_many_asks_no_more_of_the_database_than_one_of_few(
    in_scope: Programme, coordinator: User
) -> None:
    asked = []
    for first, count in ((2, 3), (100, 300)):
        lines = [
            listed(line, given_name=f"Nr{line}", phone=f"+4521{line:06d}", email="")
            for line in range(first, first + count)
        ]
        with CaptureQueriesContext(connection) as queries:
            likely_same_of_list(lines)
            receive(in_scope, coordinator, lines)
        asked.append(len(queries))

    assert asked[0] == asked[1]


# --- Decisions -------------------------------------------------------------------------------------


def test_lines_are_joined_left_out_or_new_as_was_said(in_scope: Programme, coordinator: User) -> None:
    known = make_participant(in_scope)
    lines = [listed(line) for line in (2, 3, 4, 5)]
    decisions = {
        2: Decision(participant=known),
        4: Decision(same_as_line=3),
        5: Decision(left_out=True),
    }

    result = receive(in_scope, coordinator, lines, decisions)

    assert result == ListResult(new=1, joined=2, left_out=1)
    new = Participant.objects.exclude(pk=known.pk).get()
    assert known.referrals.count() == 1
    assert new.referrals.count() == 2
    assert Task.objects.filter(participant=new).count() == 1


def test_line_that_is_the_same_as_one_left_out_stops_everything(
    in_scope: Programme, coordinator: User
) -> None:
    decisions = {2: Decision(left_out=True), 3: Decision(same_as_line=2)}

    with pytest.raises(AnswerMissing) as raised:
        receive(in_scope, coordinator, [listed(2), listed(3), listed(4)], decisions)

    assert raised.value.lines == [3]
    assert not Participant.objects.exists()


def test_list_sent_again_is_received_once(in_scope: Programme, coordinator: User) -> None:
    lines = [listed(2), listed(3, given_name="Bo"), listed(4)]
    decisions = {4: Decision(same_as_line=2)}

    first = receive(in_scope, coordinator, lines, decisions)
    again = receive(in_scope, coordinator, lines, decisions)

    assert first == ListResult(new=2, joined=1)
    assert again == ListResult(known_before=3)
    assert Referral.objects.count() == 3


def test_line_joins_one_that_was_received_before(in_scope: Programme, coordinator: User) -> None:
    receive(in_scope, coordinator, [listed(2)])

    receive(in_scope, coordinator, [listed(2), listed(3)], {3: Decision(same_as_line=2)})

    assert Participant.objects.get().referrals.count() == 2


def test_fault_in_the_last_line_stores_nothing(in_scope: Programme, coordinator: User) -> None:
    spoilt = dataclasses.replace(listed(99), kind="nobody")

    with pytest.raises(Exception, match="referral_kind_known"):
        receive(in_scope, coordinator, [*(listed(line) for line in range(2, 12)), spoilt])

    assert not Participant.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_list_pressed_twice_at_once_is_received_once(programme: Programme, coordinator: User) -> None:
    lines = [listed(line, given_name=f"Nr{line}") for line in range(2, 8)]

    def press() -> ListResult:
        with scope(programme=programme):
            return receive(programme, coordinator, lines)

    results = at_once(press, times=4, threads=4)

    assert sorted(result.new for result in results) == [0, 0, 0, 6]
    with scope(programme=programme):
        assert Referral.objects.count() == 6


# --- Calls -----------------------------------------------------------------------------------------


def test_calls_of_a_handful_are_due_as_any_arrival(programme: Programme) -> None:
    assert set(call_days(programme, 5, first=NOW.date())) == {dt.date(2026, 3, 13)}


def test_calls_of_300_are_spread_over_the_hours_there_are(programme: Programme) -> None:
    programme.coordinator_hours, programme.task_minutes_call = 15, 15

    days = call_days(programme, 300, first=NOW.date())

    assert days == sorted(days)
    assert max(days.count(day) for day in set(days)) == 18  # the first three days' worth, then six a day
    assert days.count(days[-1]) == 6
    assert days[-1] == dt.date(2026, 5, 26)  # fifty working days on, Easter and all


def test_whoever_has_waited_longest_is_called_first(in_scope: Programme, coordinator: User) -> None:
    in_scope.coordinator_hours, in_scope.task_minutes_call = 1, 60
    lines = [
        listed(line, given_name=f"Nr{line}", received_at=NOW - dt.timedelta(days=days))
        for line, days in ((2, 1), (3, 30), (4, 2), (5, 20), (6, 10))
    ]

    receive(in_scope, coordinator, lines)

    called = [task.participant.given_name for task in Task.objects.in_order()]
    assert called[-2:] == ["Nr4", "Nr2"]


# --- Likely the same -------------------------------------------------------------------------------


def test_many_are_compared_as_each_is_by_itself(in_scope: Programme) -> None:
    people = [
        ("Kirsten", "Ågård", "+4520111111", 1961),
        ("Kirstn", "Aagaard", "", 1961),
        ("Jens Peter", "Møller", "+4520222222", None),
        ("Jens", "Moeller", "+4520222222", 1970),
        ("Anna", "Holm", "+4520333333", 1990),
        ("Anne", "Holm", "+4520333333", 1990),
        ("Anna", "Gift", "+4520333333", 1990),
        ("Maria", "de la Cruz", "", 1955),
        ("Maria", "Delacruz", "", 1955),
        ("Christian", "Kristensen", "", 1966),
        ("Kristian", "Christensen", "", 1966),
        ("Marie Anne", "Nielsen", "", 1977),
        ("Marianne", "Nielsen", "", 1977),
        ("J.", "Skytte", "", 1988),
        ("Johanne", "Skytte", "", 1988),
    ]
    for given, family, phone, year in people:
        make_participant(in_scope, given_name=given, family_name=family, phone=phone, birth_year=year)
    asked = [
        Listed(
            given_name=person.given_name,
            family_name=person.family_name,
            phone_hash=person.phone_hash,
            birth_year=person.birth_year,
        )
        for person in Participant.objects.order_by("pk")
    ]

    many = find_likely_same_of_many(asked)

    for person, likely in zip(asked, many, strict=True):
        one = find_likely_same(**dataclasses.asdict(person))
        assert [match.participant.pk for match in likely.known] == [match.participant.pk for match in one]
        assert one


def test_lines_that_resemble_an_earlier_line_are_found(in_scope: Programme) -> None:
    lines = [
        listed(2, given_name="Kirsten", family_name="Ågård", phone="+4520111111", email=""),
        listed(3, given_name="Bo", family_name="Ågård", phone="+4520111111", email=""),
        listed(4, given_name="Kirstn", family_name="Aagaard", phone="+4520111111", email=""),
    ]

    likely = likely_same_of_list(lines)

    assert [[place for place, _ in found.earlier] for found in likely] == [[], [], [0]]


def test_lines_never_resemble_anybody_elsewhere(programme: Programme, other_programme: Programme) -> None:
    same = {"given_name": "Anna", "family_name": "Ærø", "phone": "+4520111111"}
    make_participant(other_programme, **same)

    with scope(programme=programme):
        assert likely_same_of_list([listed(2, **same)])[0].known == []
    factories.make_participant(programme, **same)
    with scope(programme=programme):
        assert likely_same_of_list([listed(2, **same)])[0].known
