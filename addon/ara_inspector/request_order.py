"""The order in which a recording is gone through: that in which its requests started.

May live here: holding exchanges back for those that started before them.
"""

from __future__ import annotations

from bisect import insort
from collections import deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ara_inspector.exchange import Exchange

BATCH: Final = 250
"""Exchanges that are gone through in one go."""


class RequestOrder:
    """Puts exchanges of a recording back into the order in which their requests started.

    Recordings are written as answers end: a page's slow frame stands after what it caused.
    Of the last `window` none is given yet; one without a time stays where it stood. They are
    given `batch` at a time, for what is gone through together takes half the time.
    """

    def __init__(self, window: int, batch: int = BATCH) -> None:
        self._window = window
        self._batch = batch
        # Most come in order: a heap would take longer than an `append` and a `popleft`.
        self._held: deque[tuple[float, int, Exchange]] = deque()
        self._latest = 0.0
        self._pushed = 0
        self._unanswered: dict[str, int] = {}
        self._outdated: set[int] = set()

    def push(self, exchange: Exchange) -> Sequence[Exchange]:
        """Hold `exchange` back; return those that are due, none until there is a batch of them.

        One that was saved before its answer came gives way to what was saved of it later.
        """
        self._latest = exchange.started if exchange.started is not None else self._latest
        self._pushed += 1
        if self._unanswered:
            earlier = self._unanswered.pop(exchange.flow_id, None)
            if earlier is not None:
                self._outdated.add(earlier)
        if exchange.status is None and exchange.error is None:
            self._unanswered[exchange.flow_id] = self._pushed
        held = (self._latest, self._pushed, exchange)
        if not self._held or held > self._held[-1]:
            self._held.append(held)
        else:
            insort(self._held, held)
        due = len(self._held) >= self._window + self._batch
        return self._next(self._batch) if due else ()

    def drain(self) -> Sequence[Exchange]:
        """Everything still held, in order; leaves it empty."""
        return self._next(len(self._held))

    def _next(self, number: int) -> list[Exchange]:
        due = []
        for _ in range(number):
            _, position, exchange = self._held.popleft()
            if position in self._outdated:
                self._outdated.remove(position)
                continue
            if self._unanswered.get(exchange.flow_id) == position:
                del self._unanswered[exchange.flow_id]
            due.append(exchange)
        return due
