"""Entry points for Celery: what the clock does for the desk."""

from celery import shared_task
from django.utils import timezone
from django_scopes import scope

from accounts.models import Programme
from recruitment.services.digest import plan_week_digests
from recruitment.services.returned import close_tasks_of_mended, open_tasks_for_dead_addresses
from recruitment.services.unsent import close_tasks_of_settled, open_tasks_for_unsent


@shared_task(name="recruitment.plan_week_digests")
def plan_digests() -> None:
    """Plan the week's overview to those who want it by mail."""
    plan_week_digests(now=timezone.now())


@shared_task(name="recruitment.follow_up_messages")
def follow_up_messages() -> None:
    """Open a task for each message that did not get out or came back, and close those that are settled."""
    now = timezone.now()
    for programme in Programme.objects.order_by("pk"):
        with scope(programme=programme):
            close_tasks_of_settled(now=now)
            open_tasks_for_unsent(programme=programme, now=now)
            close_tasks_of_mended(now=now)
            open_tasks_for_dead_addresses(programme=programme, now=now)
