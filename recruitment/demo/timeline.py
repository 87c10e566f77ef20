"""Events in time order, up to now."""

import datetime as dt
import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.timezone import localdate

from accounts.models import Programme, User


@dataclass
class Timeline:
    """What happens to a programme, in time order; what lies after `now` has not happened."""

    programme: Programme
    coordinator: User
    now: dt.datetime
    draw: random.Random
    deliver: Callable[[dt.datetime], None]
    queue: list[tuple[dt.datetime, int, Callable[[dt.datetime], None]]] = field(default_factory=list)
    count: itertools.count = field(default_factory=itertools.count)

    def at(self, moment: dt.datetime, act: Callable[[dt.datetime], None]) -> None:
        """Let `act` happen at `moment`, which it is given as its now."""
        heapq.heappush(self.queue, (moment, next(self.count), act))

    def run(self) -> None:
        """Let everything happen that has happened by now."""
        while self.queue:
            moment, _, act = heapq.heappop(self.queue)
            if moment > self.now:
                return
            act(moment)
            self.deliver(moment)

    @property
    def today(self) -> dt.date:
        return localdate(self.now)
