"""Messages that failed or may have been sent, and the tasks that ask somebody to see to them."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from messaging.enums import MessageState
from messaging.models import OutboundMessage
from messaging.queries import failed_or_uncertain
from worklist.enums import TaskKind
from worklist.models import Task

TASK_OF_STATE: dict[str, TaskKind] = {
    MessageState.FAILED: TaskKind.MESSAGE_FAILED,
    MessageState.UNCERTAIN: TaskKind.MESSAGE_UNCERTAIN,
}


def messages_without_task() -> QuerySet[OutboundMessage]:
    """Return the programme's failed and uncertain messages that nobody was asked about since the last try.

    A task that was done or set aside without settling its message is not opened again.
    """
    asked = Task.objects.filter(message=OuterRef("pk"), created_at__gte=OuterRef("claimed_at"))
    unasked = Q()
    for state, kind in TASK_OF_STATE.items():
        unasked |= Q(~Exists(asked.filter(kind=kind)), state=state)
    found: QuerySet[OutboundMessage] = failed_or_uncertain().filter(unasked)
    return found


def tasks_of_settled_messages() -> QuerySet[Task]:
    """Return the open tasks whose message is no longer in the state that they ask about."""
    settled = Q()
    for state, kind in TASK_OF_STATE.items():
        settled |= Q(kind=kind) & ~Q(message__state=state)
    found: QuerySet[Task] = Task.objects.open().filter(settled)
    return found
