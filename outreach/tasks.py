"""Entry points for Celery."""

from celery import shared_task
from django.utils import timezone

from outreach.services import forget_old_interest


@shared_task(name="outreach.forget_interested")
def forget_interested() -> None:
    """Forget those whose yes to being contacted is too old; done twice, it changes nothing more."""
    forget_old_interest(now=timezone.now())
