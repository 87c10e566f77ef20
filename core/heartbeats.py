"""Signs of life of the background processes: one row each, written each minute."""

from datetime import datetime

from core.models import Heartbeat


def record_heartbeat(process: Heartbeat.Process, *, now: datetime) -> None:
    """Note that `process` lives at `now`."""
    Heartbeat.objects.update_or_create(process=process, defaults={"beaten_at": now})
