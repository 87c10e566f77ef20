"""An address that does not work becomes a task about the person, once, and goes when it is mended."""

import datetime as dt
from typing import Any

import pytest
from django_scopes import scope

from accounts.models import Programme, User
from messaging.enums import MessageState
from messaging.models import OutboundMessage
from messaging.services import note_returned, retry_message
from outreach.models import Referrer
from recruitment import tasks
from recruitment.queries.tasks import task_lines, with_subjects
from recruitment.services.returned import close_tasks_of_mended, open_tasks_for_dead_addresses
from referrals.models import Nudge
from referrals.services import plan_nudges
from tests.factories import NOW, make_message, make_participant, make_referrer
from worklist.enums import TaskKind, TaskState
from worklist.models import Task
from worklist.services import dismiss_task

HOUR = dt.timedelta(hours=1)
REFERENCE = "8a0c8a5e-2c71-4f0e-9a43-6a2d0d9c8f11"

pytestmark = pytest.mark.usefixtures("in_scope")


def make_returned(programme: Programme, **recipient: Any) -> OutboundMessage:
    (person,) = recipient.values()
    recipient = {"participant": None, **recipient}
    message = make_message(
        programme,
        state=MessageState.SENT,
        claimed_at=NOW,
        sent_at=NOW,
        message_id=f"<{REFERENCE}@testserver>",
        address=person.email,
        **recipient,
    )
    note_returned(reference=REFERENCE, address_is_dead=True, now=NOW + HOUR)
    message.refresh_from_db()
    return message


@pytest.mark.parametrize("who", ["participant", "referrer"])
def test_a_returned_message_is_a_task_about_its_recipient(programme: Programme, who: str) -> None:
    person = make_participant(programme) if who == "participant" else make_referrer(programme)
    make_returned(programme, **{who: person})
    assert open_tasks_for_dead_addresses(programme=programme, now=NOW + HOUR) == 1
    assert open_tasks_for_dead_addresses(programme=programme, now=NOW + 2 * HOUR) == 0
    task = Task.objects.get()
    assert (task.kind, getattr(task, who)) == (TaskKind.ADDRESS_DEAD, person)
    assert "kom retur" in task.reasons[0]
    assert person.email not in task.reasons[0]


def test_a_mail_that_came_back_from_a_colleague_is_a_task_about_the_mail(
    programme: Programme, other_programme: Programme, coordinator: User
) -> None:
    message = make_returned(programme, user=coordinator)
    with scope(programme=other_programme):
        assert open_tasks_for_dead_addresses(programme=other_programme, now=NOW + HOUR) == 0
    assert open_tasks_for_dead_addresses(programme=programme, now=NOW + HOUR) == 1
    assert open_tasks_for_dead_addresses(programme=programme, now=NOW + 2 * HOUR) == 0
    assert close_tasks_of_mended(now=NOW + 2 * HOUR) == 0
    (line,) = task_lines(with_subjects(Task.objects.open()), NOW.date())
    assert (line.task.kind, line.task.message) == (TaskKind.ADDRESS_DEAD, message)
    assert line.title == f"Find en adresse, der virker, til {coordinator}"
    assert f"Tal med {coordinator} om postkassen, og prøv beskeden igen" in line.reasons[0]

    retry_message(message=message, by=coordinator, now=NOW + 3 * HOUR)
    tasks.follow_up_messages()
    assert Task.objects.get().state == TaskState.DONE


def test_the_task_about_a_colleague_is_done_when_they_have_another_address(
    programme: Programme, coordinator: User
) -> None:
    make_returned(programme, user=coordinator)
    open_tasks_for_dead_addresses(programme=programme, now=NOW + HOUR)
    User.objects.filter(pk=coordinator.pk).update(email="ny@kommune.example")
    assert close_tasks_of_mended(now=NOW + 2 * HOUR) == 1
    assert open_tasks_for_dead_addresses(programme=programme, now=NOW + 3 * HOUR) == 0


def test_the_task_is_done_when_the_address_is_corrected(programme: Programme) -> None:
    referrer = make_referrer(programme)
    make_returned(programme, referrer=referrer)
    open_tasks_for_dead_addresses(programme=programme, now=NOW + HOUR)
    assert close_tasks_of_mended(now=NOW + HOUR) == 0
    Referrer.objects.filter(pk=referrer.pk).update(email="ny@x.example", email_hash="another")
    assert close_tasks_of_mended(now=NOW + HOUR) == 1
    assert Task.objects.get().state == TaskState.DONE


def test_the_task_is_done_when_the_message_is_tried_again(programme: Programme, coordinator: Any) -> None:
    message = make_returned(programme, referrer=make_referrer(programme))
    tasks.follow_up_messages()
    retry_message(message=message, by=coordinator, now=NOW + HOUR)
    tasks.follow_up_messages()
    assert Task.objects.get().state == TaskState.DONE


def test_a_task_that_was_set_aside_is_not_opened_again(programme: Programme, coordinator: Any) -> None:
    make_returned(programme, referrer=make_referrer(programme))
    open_tasks_for_dead_addresses(programme=programme, now=NOW + HOUR)
    dismiss_task(task=Task.objects.get(), by=coordinator, now=NOW + HOUR)
    assert open_tasks_for_dead_addresses(programme=programme, now=NOW + 3 * HOUR) == 0


def test_a_silent_referrer_with_a_dead_address_is_not_nudged(programme: Programme) -> None:
    long_ago = NOW - dt.timedelta(weeks=30)
    dead, alive = (make_referrer(programme, created_at=long_ago) for _ in range(2))
    make_returned(programme, referrer=dead)
    plan_nudges(now=NOW + HOUR)
    assert [nudge.referrer for nudge in Nudge.objects.all()] == [alive]
