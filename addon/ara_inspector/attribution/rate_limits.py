"""The attribution rate-limit cache: who registered and attributed what, in which window.

May live here: the records, indexed so that a check costs what its limit allows at most, and
the checks that only read them. https://wicg.github.io/attribution-reporting-api/#rate-limits

Chrome counts records younger than a window, not those of exactly its age; the specification
includes those in some places (FACTS: origin per site, aggregatable debug budget).
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from enum import StrEnum
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.attribution.registered import SECOND
from ara_inspector.spec.constants import ATTRIBUTION_RATE_LIMIT_WINDOW, DAY

if TYPE_CHECKING:
    from ara_inspector.attribution.sources import StoredSource
    from ara_inspector.spec.vendor import AttributionLimits

_ATTRIBUTION_WINDOW = ATTRIBUTION_RATE_LIMIT_WINDOW * SECOND
_DAY = DAY * SECOND
RECORDS: Final = 20_000
"""Sources and attributions that count at most; Chrome has no such limit, but weeks to forget."""
_SLACK = 64
"""Expiry times kept of sources that are gone, beyond as many as there are sources."""


class RateLimitScope(StrEnum):
    """https://wicg.github.io/attribution-reporting-api/#rate-limit-scope , attributions only."""

    EVENT_ATTRIBUTION = "event-attribution"
    AGGREGATABLE_ATTRIBUTION = "aggregatable-attribution"


class Recency:
    """Names by the last moment each was seen; forgets what is older than its window."""

    __slots__ = ("_last", "window")

    def __init__(self, window: int) -> None:
        self.window = window
        self._last: dict[str, int] = {}

    def seen(self, name: str, time: int) -> None:
        """Note `name` at `time`, which is not before any earlier one."""
        self._last.pop(name, None)
        self._last[name] = time
        for old in list(takewhile(lambda key: self._last[key] <= time - self.window, self._last)):
            del self._last[old]

    def names(self, now: int) -> set[str]:
        """Every name seen less than the window ago."""
        recent = set()
        for name, last in reversed(self._last.items()):
            if last <= now - self.window:
                break
            recent.add(name)
        return recent

    def __len__(self) -> int:
        return len(self._last)


class _DestinationRecord(Struct):
    number: int
    time: int
    priority: int
    destinations: tuple[str, ...]


class UnexpiredDestinations:
    """The destinations of one reporting site's unexpired sources on one source site."""

    __slots__ = ("_counts", "_expiries", "_records")

    def __init__(self) -> None:
        self._records: dict[int, _DestinationRecord] = {}
        self._counts: Counter[str] = Counter()
        self._expiries: list[tuple[int, int]] = []

    def add(self, source: StoredSource) -> None:
        """Count a stored source's destinations until it expires."""
        self._records[source.number] = _DestinationRecord(
            source.number,
            source.time,
            source.source.destination_limit_priority,
            source.destinations,
        )
        self._counts.update(source.destinations)
        heapq.heappush(self._expiries, (source.expiry_time, source.number))

    def deactivate(self, number: int) -> None:
        """Stop counting a source, if it was counted."""
        record = self._records.pop(number, None)
        if record is not None:
            for destination in record.destinations:
                self._counts[destination] -= 1
                if not self._counts[destination]:
                    del self._counts[destination]
            if len(self._expiries) > 2 * len(self._records) + _SLACK:
                self._expiries = [each for each in self._expiries if each[1] in self._records]
                heapq.heapify(self._expiries)

    def expire(self, now: int) -> None:
        """Stop counting sources whose expiry time has come."""
        while self._expiries and self._expiries[0][0] <= now:
            self.deactivate(heapq.heappop(self._expiries)[1])

    def union(self, destinations: tuple[str, ...]) -> int:
        """How many distinct destinations there would be with `destinations`."""
        return len(self._counts.keys() | set(destinations))

    def sources_to_delete(self, source: StoredSource, limit: int) -> set[int]:
        """Whose destinations do not fit among the `limit` best, `source` among them.

        https://wicg.github.io/attribution-reporting-api/#get-sources-to-delete-for-the-unexpired-destination-limit
        sorts every record by priority, time and destination and keeps the first `limit`
        distinct destinations; the best record of each destination decides the same.
        """
        if self.union(source.destinations) <= limit:
            return set()
        records = [
            *self._records.values(),
            _DestinationRecord(
                source.number,
                source.time,
                source.source.destination_limit_priority,
                source.destinations,
            ),
        ]
        best: dict[str, tuple[int, int, str]] = {}
        for record in records:
            for destination in record.destinations:
                rank = (record.priority, record.time, destination)
                best[destination] = max(best.get(destination, rank), rank)
        kept = set(sorted(best, key=best.__getitem__, reverse=True)[:limit])
        return {record.number for record in records if not kept.issuperset(record.destinations)}

    def __contains__(self, number: int) -> bool:
        return number in self._records

    def __len__(self) -> int:
        return len(self._records)


class RateLimits:
    """https://wicg.github.io/attribution-reporting-api/#attribution-rate-limit-cache ."""

    def __init__(self, limits: AttributionLimits) -> None:
        self._limits = limits
        minute = limits.destination_rate_limit_window * SECOND
        self._destinations: dict[tuple[str, ...], Recency] = defaultdict(lambda: Recency(minute))
        self._site_destinations: dict[tuple[str, ...], Recency] = defaultdict(lambda: Recency(_DAY))
        self._minute_destinations: dict[tuple[str, ...], Recency] = defaultdict(
            lambda: Recency(minute)
        )
        self._site_origins: dict[tuple[str, ...], Recency] = defaultdict(
            lambda: Recency(limits.origin_rate_limit_window * SECOND)
        )
        self._destination_origins: dict[tuple[str, ...], Recency] = defaultdict(
            lambda: Recency(_ATTRIBUTION_WINDOW)
        )
        self._unexpired: dict[tuple[str, str], UnexpiredDestinations] = defaultdict(
            UnexpiredDestinations
        )
        self._recorded: dict[int, UnexpiredDestinations] = {}
        self._attributions = _Attributions()
        self._swept = 0

    def destinations_in_window(self, source: StoredSource) -> tuple[int, int]:
        """Distinct destinations of the source site: over all reporting sites, over this one.

        https://wicg.github.io/attribution-reporting-api/#check-if-an-attribution-source-exceeds-the-time-based-destination-limits
        """
        site, key, now = source.registration.source_site, _sites(source), source.time
        own = set(source.destinations)
        total = self._destinations[site,].names(now) | own
        same = self._minute_destinations[key].names(now) | own
        return len(total), len(same)

    def destinations_in_day(self, source: StoredSource) -> int:
        """Check if an attribution source exceeds the per day destination limits.

        https://wicg.github.io/attribution-reporting-api/#check-if-an-attribution-source-exceeds-the-per-day-destination-limits
        """
        names = self._site_destinations[_sites(source)].names(source.time)
        return len(names.union(source.destinations))

    def other_origins_per_site(self, source: StoredSource) -> set[str]:
        """Reporting origins of the same reporting site that registered on the source site.

        https://wicg.github.io/attribution-reporting-api/#check-if-an-attribution-source-should-be-blocked-by-reporting-origin-per-site-limit
        does not say "same reporting site"; Chrome, and the limit's definition, do.
        """
        names = self._site_origins[_sites(source)].names(source.time)
        return names - {source.registration.reporting_origin}

    def source_reporting_origins(self, source: StoredSource, destination: str) -> int:
        """Distinct reporting origins with sources for a (source site, destination), this included.

        https://wicg.github.io/attribution-reporting-api/#should-block-processing-for-reporting-origin-limit
        """
        key = (source.registration.source_site, destination)
        names = self._destination_origins[key].names(source.time)
        return len(names | {source.registration.reporting_origin})

    def unexpired(self, source: StoredSource) -> UnexpiredDestinations:
        """What counts against the limit of unexpired destinations, at the source's time."""
        unexpired = self._unexpired[_sites(source)]
        unexpired.expire(source.time)
        return unexpired

    def deactivate(self, source: StoredSource, numbers: set[int]) -> None:
        """Stop counting sources that the limit of unexpired destinations pushed out."""
        for number in numbers:
            self._unexpired[_sites(source)].deactivate(number)

    def add_source(self, source: StoredSource) -> None:
        """Record a stored source, one record for each of its destinations."""
        site, key, now = source.registration.source_site, _sites(source), source.time
        origin = source.registration.reporting_origin
        self._site_origins[key].seen(origin, now)
        for destination in source.destinations:
            self._destinations[site,].seen(destination, now)
            self._minute_destinations[key].seen(destination, now)
            self._site_destinations[key].seen(destination, now)
            self._destination_origins[site, destination].seen(origin, now)
        self._unexpired[key].add(source)
        self._recorded[source.number] = self._unexpired[key]
        if len(self._recorded) > RECORDS:
            oldest = next(iter(self._recorded))
            self._recorded.pop(oldest).deactivate(oldest)
        self._purge(now)

    def attributions(self, scope: RateLimitScope, source: StoredSource, destination: str) -> int:
        """Records that count against the attribution limit.

        https://wicg.github.io/attribution-reporting-api/#check-if-attribution-should-be-blocked-by-attribution-rate-limit
        looks back from the source's time.
        """
        return self._attributions.count(scope, source, destination)

    def attribution_reporting_origins(self, source: StoredSource, destination: str) -> int:
        """Distinct reporting origins with attributions for a (source site, destination).

        https://wicg.github.io/attribution-reporting-api/#should-block-processing-for-reporting-origin-limit
        """
        return len(
            self._attributions.origins(source, destination) | {source.registration.reporting_origin}
        )

    def add_attribution(
        self,
        scope: RateLimitScope,
        source: StoredSource,
        destination: str,
        *,
        number: int,
        now: int,
    ) -> None:
        """Record an attribution under its report's `number`; its time is the source's."""
        self._attributions.add(scope, source, destination, number)
        self._purge(now)

    def remove_attribution(self, number: int) -> None:
        """Take back the record of a report that was replaced or deleted."""
        self._attributions.remove(number)

    def _purge(self, now: int) -> None:
        # Chrome drops records older than the window only when it adds one; the specification
        # would do so after every trigger, and let late triggers of old sources through.
        self._attributions.purge(now - _ATTRIBUTION_WINDOW)
        if now - self._swept > _DAY:
            self._swept = now
            self._sweep(now)

    def _sweep(self, now: int) -> None:
        # Bounds memory over a long life; what is dropped here no longer counts anywhere.
        keyed = (
            self._destinations,
            self._minute_destinations,
            self._site_destinations,
            self._site_origins,
            self._destination_origins,
        )
        for index in keyed:
            _drop_idle(index, now)
        for key, unexpired in list(self._unexpired.items()):
            unexpired.expire(now)
            if not unexpired:
                del self._unexpired[key]
        self._recorded = {
            number: unexpired for number, unexpired in self._recorded.items() if number in unexpired
        }
        self._attributions.drop_empty()


def _drop_idle(index: dict[tuple[str, ...], Recency], now: int) -> None:
    for key in [key for key, recency in index.items() if not recency.names(now)]:
        del index[key]


def _sites(source: StoredSource) -> tuple[str, str]:
    return source.registration.source_site, source.registration.reporting_site


class _Attributions:
    """Attribution records by what they are counted over; their time is the source's."""

    __slots__ = ("_by_origin", "_by_site", "_homes", "_order")

    def __init__(self) -> None:
        self._by_site: dict[tuple[RateLimitScope, str, str, str], dict[int, int]] = {}
        self._by_origin: dict[tuple[str, str], dict[str, dict[int, int]]] = {}
        self._homes: dict[int, list[dict[int, int]]] = {}
        self._order: list[tuple[int, int]] = []

    def add(
        self, scope: RateLimitScope, source: StoredSource, destination: str, number: int
    ) -> None:
        registration = source.registration
        site = (scope, registration.source_site, destination, registration.reporting_site)
        origins = self._by_origin.setdefault((registration.source_site, destination), {})
        homes = [
            self._by_site.setdefault(site, {}),
            origins.setdefault(registration.reporting_origin, {}),
        ]
        for home in homes:
            home[number] = source.time
        self._homes[number] = homes
        heapq.heappush(self._order, (source.time, number))
        if len(self._homes) > RECORDS:
            self.remove(next(iter(self._homes)))
        if len(self._order) > 2 * len(self._homes) + _SLACK:
            self._order = [each for each in self._order if each[1] in self._homes]
            heapq.heapify(self._order)

    def remove(self, number: int) -> None:
        for home in self._homes.pop(number, ()):
            del home[number]

    def purge(self, before: int) -> None:
        while self._order and self._order[0][0] < before:
            self.remove(heapq.heappop(self._order)[1])

    def drop_empty(self) -> None:
        for site in [key for key, records in self._by_site.items() if not records]:
            del self._by_site[site]
        for key, origins in list(self._by_origin.items()):
            for origin in [origin for origin, records in origins.items() if not records]:
                del origins[origin]
            if not origins:
                del self._by_origin[key]

    def count(self, scope: RateLimitScope, source: StoredSource, destination: str) -> int:
        registration = source.registration
        key = (scope, registration.source_site, destination, registration.reporting_site)
        since = source.time - _ATTRIBUTION_WINDOW
        return sum(time > since for time in self._by_site.get(key, {}).values())

    def origins(self, source: StoredSource, destination: str) -> set[str]:
        since = source.time - _ATTRIBUTION_WINDOW
        origins = self._by_origin.get((source.registration.source_site, destination), {})
        return {
            origin
            for origin, records in origins.items()
            if any(time > since for time in records.values())
        }
