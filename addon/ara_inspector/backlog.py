"""Flows the hooks have noted and the session has not gone through yet.

May live here: what waits, in which order and for how long. A hook only notes its flow, so it
holds nothing up; and flows that are gone through together take half the time: between two that
come alone so much of mitmproxy runs that each finds the processor's caches cold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ara_inspector.pause import Pause
from ara_inspector.request_order import BATCH, RequestOrder
from ara_inspector.session import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mitmproxy import http

    from ara_inspector.exchange import Exchange

HELD_BACK: Final = 500
"""Recorded exchanges that wait for those that started before them: of interest are one in seven."""
SOON: Final = 0.4
"""Seconds a live flow waits at most, and what is asked for earlier is there at once."""
SETTLED: Final = 0.2
"""Seconds without a recorded flow after which what is held back is gone through."""


type Waiting = tuple[http.HTTPFlow | Exchange, Stage]
"""What waits, and how much of it is there."""


class Backlog:
    """Hands all that is due to `take`, those that began first first."""

    def __init__(self, take: Callable[[Sequence[Waiting]], None]) -> None:
        self._take = take
        self._live: dict[str, Waiting] = {}
        self._soon = Pause(self.go_through_live)
        self._order = RequestOrder(HELD_BACK)
        self._settled = Pause(self.go_through)

    def note(self, flow: http.HTTPFlow, stage: Stage) -> None:
        """A live flow has come so far; noted before and not gone through, it keeps its place."""
        self._live[flow.id] = flow, stage
        if len(self._live) >= BATCH:
            self.go_through_live()
        else:
            self._soon.within(SOON)

    def push(self, exchange: Exchange) -> None:
        """Hold a recorded exchange back until those that started before it have been read."""
        self._go_through_due(self._order.push(exchange))
        self._settled.put_off(SETTLED)

    def go_through(self) -> None:
        """Everything now."""
        self._go_through_due(self._order.drain())
        self.go_through_live()

    def go_through_live(self) -> None:
        """What is live now, leaving a recording in its order."""
        if self._live:
            live, self._live = self._live, {}
            self._take(list(live.values()))

    def cancel(self) -> None:
        """Do not go on by itself."""
        self._soon.cancel()
        self._settled.cancel()

    def _go_through_due(self, due: Sequence[Exchange]) -> None:
        if due:
            self._take([(exchange, Stage.END) for exchange in due])
