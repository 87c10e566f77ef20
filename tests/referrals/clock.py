"""What pages do at another time."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch


@contextmanager
def clock_at(moment: dt.datetime) -> Iterator[None]:
    """Let views and signatures read `moment` from the clock."""
    utc = moment.astimezone(dt.UTC)
    with (
        patch("django.utils.timezone.now", return_value=utc),
        patch("time.time", return_value=utc.timestamp()),
    ):
        yield
