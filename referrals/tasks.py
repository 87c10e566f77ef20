"""Entry points for Celery."""

from celery import shared_task
from django.utils import timezone

from referrals.services import plan_letters as plan_letters_of_all
from referrals.services import plan_referrer_news, plan_silent_referrer_nudges


@shared_task(name="referrals.plan_nudges")
def plan_nudges() -> None:
    """Plan the nudges of the day; sent twice, it plans nothing more."""
    plan_silent_referrer_nudges(now=timezone.now())


@shared_task(name="referrals.plan_news")
def plan_news() -> None:
    """Plan the day's mails to referrers; sent twice, it plans nothing more."""
    plan_referrer_news(now=timezone.now())


@shared_task(name="referrals.plan_letters")
def plan_letters() -> None:
    """Plan the letters to people who got a seat or came all the way; sent twice, it plans nothing more."""
    plan_letters_of_all(now=timezone.now())
