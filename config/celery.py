"""Celery: workers hear the doorbell, beat finds what the doorbell missed."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

app = Celery("kultur")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Each entry starts one task, which finds what is due; sent twice, it changes nothing more.
app.conf.beat_schedule = {
    # A sweep or a reconciliation that no worker took within the minute is left to the next one.
    "messages-sweep": {"task": "messaging.sweep", "schedule": 60.0, "options": {"expires": 55}},
    "messages-reconcile": {"task": "messaging.reconcile", "schedule": 60.0, "options": {"expires": 55}},
    "messages-read-bounces": {
        "task": "messaging.read_bounces",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
    "messages-forget-texts": {"task": "messaging.forget_texts", "schedule": crontab(hour=3, minute=20)},
    # On Mondays; the days after make up for a Monday without a beat.
    "plan-week-digests": {
        "task": "recruitment.plan_week_digests",
        "schedule": crontab(hour=8, minute=0, day_of_week="mon-fri"),
    },
    # Ten minutes of a claim, one to the reconciliation, one to this: a task within a quarter of an hour.
    "follow-up-messages": {
        "task": "recruitment.follow_up_messages",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "plan-nudges": {
        "task": "referrals.plan_nudges",
        "schedule": crontab(hour=8, minute=5, day_of_week="mon-fri"),
    },
    # Late enough that the day's talks are noted, early enough to be sent before 16.
    "plan-news": {
        "task": "referrals.plan_news",
        "schedule": crontab(hour=15, minute=0, day_of_week="mon-fri"),
    },
    "plan-letters": {"task": "referrals.plan_letters", "schedule": 600.0},
    "receive-arrivals": {
        "task": "referrals.receive_arrivals",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "answer-link-requests": {
        "task": "referrals.answer_link_requests",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "forget-import-drafts": {"task": "referrals.forget_import_drafts", "schedule": crontab(minute=40)},
    "forget-partner-drafts": {"task": "outreach.forget_partner_drafts", "schedule": crontab(minute=45)},
    "join-interested": {"task": "outreach.join_interested", "schedule": 300.0, "options": {"expires": 290}},
    "forget-interested": {"task": "outreach.forget_interested", "schedule": crontab(hour=3, minute=30)},
    "worker-heartbeat": {"task": "core.worker_heartbeat", "schedule": 60.0},
    "delete-old-sessions": {"task": "core.delete_old_sessions", "schedule": crontab(hour=3, minute=15)},
    "delete-old-rate-hits": {"task": "core.delete_old_rate_hits", "schedule": crontab(hour=3, minute=10)},
    "tend-partners": {"task": "outreach.tend_partners", "schedule": crontab(hour=6, minute=40)},
    "open-measure-tasks": {"task": "evaluation.open_measure_tasks", "schedule": crontab(hour=6, minute=30)},
}
