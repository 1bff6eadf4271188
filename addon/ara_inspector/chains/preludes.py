"""Redirects without anything of the API: they matter once what they lead to does.

May live here: remembering them by where they lead, and giving them back as the first hops of a
chain. Few ever are, and the others are not even read: a session has more of them than of
registrations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.chains.joining import lead_of
from ara_inspector.records import replace

if TYPE_CHECKING:
    from ara_inspector.exchange import Exchange


AT_ONCE: Final = 5.0
"""Seconds within which a browser follows a redirect: it does so at once."""


class Prelude(Struct, frozen=True, gc=False):
    """A redirect that may become the hop before another."""

    exchange: Exchange
    whole: bool
    """Its answer has come to its end."""
    requests: tuple[str, ...]
    """The URLs the next request may have."""
    number: int
    """Counts them as they come."""


class Preludes:
    """The redirects of a session that may still matter, limited in number and in age."""

    def __init__(self, limit: int, seconds: float) -> None:
        self._limit = limit
        self._seconds = seconds
        self._kept: dict[str, Prelude] = {}
        self._count = 0
        self._leading: dict[str, list[str]] = {}
        """Flow ids by the URL they lead to."""
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._kept)

    def add(self, exchange: Exchange, *, whole: bool) -> None:
        """Remember a redirect; told again, it keeps its place."""
        known = self._kept.get(exchange.flow_id)
        if known is not None:
            self._kept[exchange.flow_id] = replace(known, exchange=exchange, whole=whole)
            return
        lead = lead_of(exchange)
        if lead is None or not lead.requests:
            return
        self._count += 1
        self._kept[exchange.flow_id] = Prelude(exchange, whole, lead.requests, self._count)
        for url in lead.requests:
            self._leading.setdefault(url, []).append(exchange.flow_id)
        self._make_room(exchange.moment)

    def before(self, exchange: Exchange) -> list[Prelude]:
        """Those that lead to `exchange`, as they came; they are not remembered any longer."""
        found: list[Prelude] = []
        later = [exchange]
        while later:
            latest = later.pop()
            leading = self._taken(latest.url, latest.started)
            later += [each.exchange for each in leading]
            found += leading
        return sorted(found, key=lambda prelude: prelude.number)

    def _taken(self, url: str, started: float | None) -> list[Prelude]:
        """Those that lead to a request of `url` at `started`."""
        leading = [self._kept[flow_id] for flow_id in self._leading.get(url, ())]
        for prelude in leading:
            self._forget(prelude.exchange.flow_id)
        newest = max((prelude.exchange.moment for prelude in leading), default=0.0)
        return [
            prelude
            for prelude in leading
            # Older ones have led to requests that did not matter.
            if newest - prelude.exchange.moment <= AT_ONCE and self._is_in_time(prelude, started)
        ]

    def _is_in_time(self, prelude: Prelude, started: float | None) -> bool:
        return started is None or started - prelude.exchange.moment <= self._seconds

    def _make_room(self, now: float) -> None:
        while self._kept:
            flow_id, oldest = next(iter(self._kept.items()))
            if len(self._kept) > self._limit:
                self.dropped += 1
            elif self._is_in_time(oldest, now):
                break
            self._forget(flow_id)

    def _forget(self, flow_id: str) -> None:
        for url in self._kept.pop(flow_id).requests:
            ids = self._leading[url]
            ids.remove(flow_id)
            if not ids:
                del self._leading[url]
