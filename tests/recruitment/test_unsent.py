"""A message that did not get out becomes a task, once, and the task goes when the message is settled."""

import datetime as dt

import pytest

from accounts.models import Programme, User
from messaging.enums import MessageState
from messaging.models import OutboundMessage
from messaging.services import confirm_message, retry_message
from recruitment import tasks
from recruitment.services.unsent import close_tasks_of_settled, open_tasks_for_unsent
from tests.factories import NOW, make_referrer
from worklist.enums import TaskKind, TaskState
from worklist.models import Task
from worklist.services import complete_task, dismiss_task

HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _in_scope(in_scope: Programme) -> None:
    """Every test here stands inside the programme's scope."""


def make_unsent(programme: Programme, state: str, key: str = "k") -> OutboundMessage:
    message: OutboundMessage = OutboundMessage.objects.create(
        programme=programme,
        kind="nudge",
        unique_key=key,
        referrer=make_referrer(programme, name="Henrik Henviser"),
        state=state,
        planned_at=NOW,
        send_after=NOW,
        claimed_at=NOW,
        sent_at=NOW if state == MessageState.SENT else None,
        returned_at=NOW if state == MessageState.RETURNED else None,
        fault="Mailserveren afviste modtagerens adresse (svarkode 550).",
    )
    return message


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (MessageState.FAILED, TaskKind.MESSAGE_FAILED),
        (MessageState.UNCERTAIN, TaskKind.MESSAGE_UNCERTAIN),
    ],
)
def test_a_message_that_did_not_get_out_is_a_task_for_today(
    programme: Programme, state: str, kind: str
) -> None:
    message = make_unsent(programme, state)
    assert open_tasks_for_unsent(programme=programme, now=NOW) == 1
    task = Task.objects.get()
    assert (task.kind, task.message, task.due_on) == (kind, message, NOW.date())
    assert task.reasons == [
        "Påmindelse til henviser til Henrik Henviser. "
        "Mailserveren afviste modtagerens adresse (svarkode 550)."
    ]


def test_a_message_that_fails_on_a_saturday_is_a_task_for_monday(programme: Programme) -> None:
    make_unsent(programme, MessageState.FAILED)
    open_tasks_for_unsent(programme=programme, now=NOW + dt.timedelta(days=4))
    assert Task.objects.get().due_on == NOW.date() + dt.timedelta(days=6)


@pytest.mark.parametrize("state", set(MessageState.values) - {MessageState.FAILED, MessageState.UNCERTAIN})
def test_a_message_on_its_way_or_settled_is_no_task(programme: Programme, state: str) -> None:
    make_unsent(programme, state)
    assert open_tasks_for_unsent(programme=programme, now=NOW) == 0


def test_asking_twice_opens_one_task(programme: Programme) -> None:
    make_unsent(programme, MessageState.FAILED)
    open_tasks_for_unsent(programme=programme, now=NOW)
    assert open_tasks_for_unsent(programme=programme, now=NOW + HOUR) == 0
    assert Task.objects.count() == 1


@pytest.mark.parametrize("close", [complete_task, dismiss_task])
def test_a_task_set_aside_is_not_opened_again(
    programme: Programme, coordinator: User, close: type[complete_task]
) -> None:
    make_unsent(programme, MessageState.UNCERTAIN)
    open_tasks_for_unsent(programme=programme, now=NOW)
    close(task=Task.objects.get(), by=coordinator, now=NOW)
    assert open_tasks_for_unsent(programme=programme, now=NOW + HOUR) == 0


def test_a_message_that_fails_again_is_asked_about_again(programme: Programme, coordinator: User) -> None:
    message = make_unsent(programme, MessageState.FAILED)
    open_tasks_for_unsent(programme=programme, now=NOW)
    retry_message(message=message, by=coordinator, now=NOW)
    assert close_tasks_of_settled(now=NOW) == 1
    OutboundMessage.objects.update(state=MessageState.FAILED, claimed_at=NOW + HOUR)
    assert open_tasks_for_unsent(programme=programme, now=NOW + HOUR) == 1
    assert [task.state for task in Task.objects.order_by("pk")] == [TaskState.DONE, TaskState.OPEN]


def test_a_confirmed_message_closes_its_task(programme: Programme, coordinator: User) -> None:
    message = make_unsent(programme, MessageState.UNCERTAIN)
    other = make_unsent(programme, MessageState.FAILED, "other")
    open_tasks_for_unsent(programme=programme, now=NOW)
    confirm_message(message=message, by=coordinator, now=NOW)
    assert close_tasks_of_settled(now=NOW) == 1
    assert Task.objects.get(message=message).state == TaskState.DONE
    assert Task.objects.get(message=other).state == TaskState.OPEN


def test_the_task_looks_after_every_programme(programme: Programme, other_programme: Programme) -> None:
    make_unsent(programme, MessageState.FAILED)
    tasks.follow_up_messages()
    tasks.follow_up_messages()
    assert Task.objects.count() == 1
