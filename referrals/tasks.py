"""Entry points for Celery."""

from celery import shared_task
from django.utils import timezone

from referrals.services import (
    answer_link_request,
    forget_import_drafts,
    plan_referrer_news,
    receive_arrival,
    receive_waiting_arrivals,
    waiting_link_requests,
)
from referrals.services import plan_letters as plan_letters_of_all
from referrals.services import plan_nudges as plan_nudges_of_all


@shared_task(name="referrals.plan_nudges")
def plan_nudges() -> None:
    """Plan the nudges of the day; sent twice, it plans nothing more."""
    plan_nudges_of_all(now=timezone.now())


@shared_task(name="referrals.plan_news")
def plan_news() -> None:
    """Plan the day's mails to referrers; sent twice, it plans nothing more."""
    plan_referrer_news(now=timezone.now())


@shared_task(name="referrals.plan_letters")
def plan_letters() -> None:
    """Plan the letters to people who got a seat or came all the way; sent twice, it plans nothing more."""
    plan_letters_of_all(now=timezone.now())


@shared_task(name="referrals.receive_arrival")
def receive_one_arrival(arrival_id: int) -> None:
    """Let in a form that has just been sent."""
    receive_arrival(arrival_id=arrival_id)


@shared_task(name="referrals.receive_arrivals")
def receive_arrivals() -> None:
    """Let in what the doorbell missed."""
    receive_waiting_arrivals()


@shared_task(name="referrals.answer_link_request")
def answer_one_link_request(request_id: int) -> None:
    """Answer a request that has just been made."""
    answer_link_request(request_id=request_id, now=timezone.now())


@shared_task(name="referrals.answer_link_requests")
def answer_link_requests() -> None:
    """Answer what the doorbell missed."""
    for request_id in waiting_link_requests():
        answer_link_request(request_id=request_id, now=timezone.now())


@shared_task(name="referrals.forget_import_drafts")
def forget_drafts() -> None:
    """Forget lists that somebody uploaded and never imported."""
    forget_import_drafts(now=timezone.now())
