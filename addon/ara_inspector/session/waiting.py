"""What waits until the traffic has moved on, to be taken in the order of time.

May live here: the bounded queue. Verbose debug reports come within a blink of what they are
about, and answers come in another order than requests: a moment's patience brings both.
"""

from __future__ import annotations

import heapq
import math
from typing import TYPE_CHECKING, Final

from ara_inspector.attribution.registered import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE: Final = 6 * SECOND
"""How long something waits, by the clock of the traffic: longer than a click for its navigation."""
LATEST: Final = 10**11
"""Seconds since the epoch; what claims to be later has no time."""


class Waiting[T]:
    """Things with a moment, given back in its order; beyond `limit` the earliest goes at once."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._heap: list[tuple[int, int, T]] = []
        self._added = 0
        self.now = 0
        """The latest moment the traffic has shown, in microseconds since the epoch."""

    def __len__(self) -> int:
        return len(self._heap)

    def moment(self, time: float | None) -> int:
        """A time of the wire as a moment; of what has none, or no possible one: now."""
        if time is None or not math.isfinite(time) or not 0 <= time <= LATEST:
            return self.now
        return round(time * SECOND)

    def saw(self, time: float | None) -> None:
        """Something happened at that time."""
        self.now = max(self.now, self.moment(time))

    def add(self, moment: int, thing: T) -> None:
        """Let a thing wait."""
        self._added += 1
        heapq.heappush(self._heap, (moment, self._added, thing))

    def due(self) -> Iterator[tuple[int, T]]:
        """What has waited long enough, with its moment."""
        while self._heap and (
            self._heap[0][0] + PATIENCE <= self.now or len(self._heap) > self._limit
        ):
            yield self._pop()

    def drain(self) -> Iterator[tuple[int, T]]:
        """Everything, in order."""
        while self._heap:
            yield self._pop()

    def _pop(self) -> tuple[int, T]:
        moment, _, thing = heapq.heappop(self._heap)
        return moment, thing
