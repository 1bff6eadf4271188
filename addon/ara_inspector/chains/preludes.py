"""Redirects without anything of the API: they matter once what they lead to does.

May live here: remembering them by where they lead, and giving them back as the first hops of a
chain. Few ever are, and the others are not even read: a session has more of them than of
registrations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.chains.breaking import is_followed
from ara_inspector.chains.joining import spellings
from ara_inspector.records import replace
from ara_inspector.registrations import redirect_location
from ara_inspector.spec.urls import requested, resolve

if TYPE_CHECKING:
    from ara_inspector.exchange import Exchange


AT_ONCE: Final = 5.0
"""Seconds within which a browser follows a redirect: it does so at once."""


class Prelude(Struct, frozen=True):
    """A redirect that may become the hop before another."""

    exchange: Exchange
    whole: bool
    """Its answer has come to its end."""
    next_urls: tuple[str, ...]
    """The URLs that the next request may have."""
    number: int
    """It was the so manieth to come."""

    @property
    def since(self) -> float:
        """When it sent the browser on, in seconds since the epoch."""
        return self.exchange.answered or self.exchange.started or 0.0


class Preludes:
    """The redirects of a session that may still matter, limited in number and in age."""

    def __init__(self, limit: int, seconds: float) -> None:
        self._limit = limit
        self._seconds = seconds
        self._kept: dict[str, Prelude] = {}
        self._count = 0
        self._leading: dict[str, list[str]] = {}
        """Flow ids by the URL they lead to."""

    def __len__(self) -> int:
        return len(self._kept)

    def add(self, exchange: Exchange, *, whole: bool) -> None:
        """Remember a redirect; told again, it keeps its place."""
        known = self._kept.get(exchange.flow_id)
        if known is not None:
            self._kept[exchange.flow_id] = replace(known, exchange=exchange, whole=whole)
            return
        next_urls = _next_urls(exchange)
        if not next_urls:
            return
        self._count += 1
        prelude = Prelude(exchange, whole, next_urls, self._count)
        self._kept[exchange.flow_id] = prelude
        for url in next_urls:
            self._leading.setdefault(url, []).append(exchange.flow_id)
        while len(self._kept) > self._limit or self._is_overdue(prelude.since):
            self._forget(next(iter(self._kept)))

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
        newest = max((prelude.since for prelude in leading), default=0.0)
        return [
            prelude
            for prelude in leading
            # Older ones have led to requests that did not matter.
            if newest - prelude.since <= AT_ONCE and self._is_in_time(prelude, started)
        ]

    def _is_in_time(self, prelude: Prelude, started: float | None) -> bool:
        return started is None or started - prelude.since <= self._seconds

    def _is_overdue(self, now: float) -> bool:
        return not self._is_in_time(next(iter(self._kept.values())), now)

    def _forget(self, flow_id: str) -> None:
        for url in self._kept.pop(flow_id).next_urls:
            ids = self._leading[url]
            ids.remove(flow_id)
            if not ids:
                del self._leading[url]


def _next_urls(exchange: Exchange) -> tuple[str, ...]:
    """Where it leads; nowhere if Chrome follows no such redirect."""
    location = redirect_location(exchange)
    target = None if location is None else resolve(exchange.url, location)
    if target is None or not is_followed(target):
        return ()
    return spellings(requested(target))
