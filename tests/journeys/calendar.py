"""Time, as the journeys let it pass: a clock for the app, and the rounds that beat and worker do."""

import datetime as dt

import pytest
from django.utils import timezone

from config.celery import app as celery_app
from core.danish import COPENHAGEN


class Calendar:
    """The day and hour it is for the app."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._now = timezone.now()
        monkeypatch.setattr(timezone, "now", lambda: self._now)

    def says(self, moment: str) -> None:
        """Let it be `moment` in Denmark, such as 2026-03-10 10:00; beat and worker have done their rounds."""
        self._now = dt.datetime.fromisoformat(moment).replace(tzinfo=COPENHAGEN).astimezone(dt.UTC)
        beat_and_worker_do_their_rounds()


def beat_and_worker_do_their_rounds() -> None:
    """Run each task of the beat schedule, and again the next minute: what one plans, another sends."""
    celery_app.loader.import_default_modules()
    for entry in 2 * list(celery_app.conf.beat_schedule.values()):
        celery_app.tasks[entry["task"]].apply(throw=True)
