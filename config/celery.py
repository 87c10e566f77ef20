"""Celery: workers hear the doorbell, beat finds what the doorbell missed."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

app = Celery("kultur")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
