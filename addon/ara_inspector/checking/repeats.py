"""Exchanges that a capture holds more than once: files that were joined, flows saved twice.

May live here: noticing them. A browser makes no two requests with one flow id, so to count the
second would invent reports that nothing made the browser send.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ara_inspector.exchange import Exchange

KEPT: Final = 500_000
"""Flow ids remembered (65 bytes each); of later exchanges none is taken for a repetition."""


class Repeats:
    """The exchanges that were there before, told by their flow ids."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._seen: set[int] = set()
        self.count = 0

    def has(self, exchange: Exchange) -> bool:
        """Whether an exchange of this flow id was there before, to its end."""
        name = hash(exchange.flow_id)
        if name in self._seen:
            self.count += 1
            return True
        ended = exchange.status is not None or exchange.error is not None
        if ended and len(self._seen) < self._kept:
            self._seen.add(name)
        return False

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the reader must know about them."""
        if not self.count:
            return ()
        repeat = "exchange repeats" if self.count == 1 else "exchanges repeat"
        left_out = "was" if self.count == 1 else "were"
        return (f"{self.count:,} {repeat} the flow id of an earlier one and {left_out} left out",)
