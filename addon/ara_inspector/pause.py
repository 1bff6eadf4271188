"""Doing something later: soon, or once there has been nothing else to do for a while.

May live here: the one kind of timer the addon and its page need.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Pause:
    """Calls `then` once it has not been put off any more.

    It may be put off for every flow: however often that is, there is one timer. (A timer that is
    cancelled stays with the event loop until the loop turns, and it does not turn while
    mitmproxy reads a recording.)
    """

    def __init__(self, then: Callable[[], None]) -> None:
        self._then = then
        self._due = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def put_off(self, seconds: float) -> None:
        """Call `then` in so many seconds, unless it is put off again until then."""
        loop = asyncio.get_running_loop()
        self._due = loop.time() + seconds
        if self._timer is None:
            self._timer = loop.call_at(self._due, self._look, loop)

    def within(self, seconds: float) -> None:
        """Call `then` in so many seconds, unless it is to be called already."""
        if self._timer is None:
            self.put_off(seconds)

    def cancel(self) -> None:
        """Do not call it."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        if self._due > loop.time():
            self._timer = loop.call_at(self._due, self._look, loop)
        else:
            self._then()
