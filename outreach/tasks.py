"""Entry points for Celery."""

from celery import shared_task
from django.utils import timezone
from django_scopes import scope

from accounts.models import Programme
from outreach.services import forget_old_interest, forget_partner_drafts, join_twins_of_all, tend_partners


@shared_task(name="outreach.forget_interested")
def forget_interested() -> None:
    """Forget those whose yes to being contacted is too old; done twice, it changes nothing more."""
    forget_old_interest(now=timezone.now())


@shared_task(name="outreach.forget_partner_drafts")
def forget_drafts() -> None:
    """Forget lists of partners that somebody uploaded and never imported."""
    forget_partner_drafts(now=timezone.now())


@shared_task(name="outreach.tend_partners")
def tend_partners_of_all() -> None:
    """Turn what makes partnerships vulnerable into tasks; safe to run twice."""
    now = timezone.now()
    for programme in Programme.objects.order_by("pk"):
        with scope(programme=programme):
            tend_partners(programme=programme, now=now)


@shared_task(name="outreach.join_interested")
def join_interested() -> None:
    """Let whoever wrote themselves up twice be one; done twice, it changes nothing more."""
    join_twins_of_all(now=timezone.now())
