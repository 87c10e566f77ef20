"""What the clock does for measures."""

from celery import shared_task
from django.utils import timezone
from django_scopes import scope

from accounts.models import Programme
from evaluation.queries.lacking import due_measures
from evaluation.services import open_measure_task
from participants.models import Participant


@shared_task(name="evaluation.open_measure_tasks")
def open_measure_tasks() -> None:
    """Open a task for each measure that is due and nobody was asked to see to yet; safe to run twice."""
    now = timezone.now()
    for programme in Programme.objects.order_by("pk"):
        with scope(programme=programme):
            for due in due_measures(timezone.localdate(now)):
                open_measure_task(
                    participant=Participant.objects.get(pk=due.participant_id),
                    occasion=due.occasion,
                    due_on=due.due_on,
                    now=now,
                )
