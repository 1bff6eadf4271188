"""The attribution rate-limit cache: who registered and attributed what, in which window.

May live here: the records, indexed so that a check costs what its limit allows at most, and
the checks that only read them. https://wicg.github.io/attribution-reporting-api/#rate-limits

Chrome counts records younger than a window, not those of exactly its age; the specification
includes those in some places (FACTS: origin per site, aggregatable debug budget).
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from enum import StrEnum
from itertools import chain, takewhile
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from ara_inspector.attribution.columns import place_of
from ara_inspector.attribution.registered import SECOND
from ara_inspector.attribution.unexpired_destinations import UnexpiredDestinations
from ara_inspector.spec.constants import ATTRIBUTION_RATE_LIMIT_WINDOW, DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ara_inspector.attribution.sources import StoredSource
    from ara_inspector.spec.vendor import AttributionLimits

_ATTRIBUTION_WINDOW = ATTRIBUTION_RATE_LIMIT_WINDOW * SECOND
_DAY = DAY * SECOND
_CLEARING = 5 * 60 * SECOND
"""How long Chrome leaves old attribution records alone after it has dropped some.

Measured in Chromium 138 to the microsecond, as is that a record as old as the window goes.
"""
RECORDS: Final = 20_000
"""Sources and attributions that count at most; Chrome has no such limit, but weeks to forget."""


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
        self._recorded = 0
        """Sources that count at most: some may have expired."""
        self._attributions = _Attributions()
        self._cleared = -_CLEARING
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
        self._recorded += 1
        if self._recorded > RECORDS:
            self._make_room()
        self.drop_old(now)

    def _make_room(self) -> None:
        counted = [unexpired for unexpired in self._unexpired.values() if unexpired]
        self._recorded = sum(map(len, counted))
        if self._recorded > RECORDS:
            min(counted, key=attrgetter("oldest")).drop_oldest()
            self._recorded -= 1

    def attributions(self, scope: RateLimitScope, source: StoredSource, destination: str) -> int:
        """Records that count against the attribution limit.

        https://wicg.github.io/attribution-reporting-api/#check-if-attribution-should-be-blocked-by-attribution-rate-limit
        looks back from the source's time.
        """
        return self._attributions.count(scope, source, destination)

    def attribution_reporting_origins(self, source: StoredSource, destination: str) -> int:
        """Distinct reporting origins with attributions for a (source site, destination).

        https://wicg.github.io/attribution-reporting-api/#should-block-processing-for-reporting-origin-limit
        counts all of them and the source's own. Chromium 138 was measured to stop counting at a
        record of the source's own, event-level records first: it makes a difference only where
        noised sources, which are never asked, have made too many.
        """
        origins = self._attributions.origins(source, destination)
        own = source.registration.reporting_origin
        return 1 + len(origins[: origins.index(own)] if own in origins else origins)

    def add_attribution(
        self,
        scope: RateLimitScope,
        source: StoredSource,
        destination: str,
        *,
        number: int,
    ) -> None:
        """Record an attribution under its report's `number`; its time is the source's.

        Whoever has added one calls `drop_old` when both levels of a trigger are done: Chromium 138
        was measured to count old records at the second level still, after success at the first.
        """
        self._attributions.add(scope, source, destination, number)

    def remove_attribution(self, number: int) -> None:
        """Take back the record of a report that was replaced or deleted."""
        self._attributions.remove(number)

    def drop_old(self, now: int) -> None:
        """Drop attribution records that Chrome drops when it adds a record."""
        # Chrome drops records as old as the window only when it adds one, and not again for a
        # while; the specification would drop older ones after every trigger, and let late
        # triggers of old sources through.
        if now - self._cleared >= _CLEARING:
            self._cleared = now
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
        self._attributions.drop_empty()


def _drop_idle(index: dict[tuple[str, ...], Recency], now: int) -> None:
    for key in [key for key, recency in index.items() if not recency.names(now)]:
        del index[key]


def _sites(source: StoredSource) -> tuple[str, str]:
    return source.registration.source_site, source.registration.reporting_site


class _Attributed:
    """Attributions of one kind: their reports' numbers in order, and their sources' times."""

    __slots__ = ("numbers", "times")

    def __init__(self) -> None:
        self.numbers = array("q")
        self.times = array("q")

    def add(self, number: int, time: int) -> None:
        place = bisect_left(self.numbers, number)
        self.numbers.insert(place, number)
        self.times.insert(place, time)

    def remove(self, place: int) -> None:
        del self.numbers[place], self.times[place]


type _Kind = tuple[RateLimitScope, str, str]
"""Scope, reporting site and reporting origin."""


class _Attributions:
    """Attribution records by what they are counted over; their time is the source's."""

    __slots__ = ("_by_sites", "_count", "_oldest")

    def __init__(self) -> None:
        self._by_sites: dict[tuple[str, str], dict[_Kind, _Attributed]] = {}
        """By source site and destination, then kind."""
        self._count = 0
        self._oldest = 0
        """No record has an earlier time."""

    def add(
        self, scope: RateLimitScope, source: StoredSource, destination: str, number: int
    ) -> None:
        registration = source.registration
        same_sites = self._by_sites.setdefault((registration.source_site, destination), {})
        key = (scope, registration.reporting_site, registration.reporting_origin)
        same_sites.setdefault(key, _Attributed()).add(number, source.time)
        self._oldest = min(self._oldest, source.time) if self._count else source.time
        self._count += 1
        if self._count > RECORDS:
            self.remove(min(each.numbers[0] for each in self._all() if each.numbers))

    def _all(self) -> Iterator[_Attributed]:
        return chain.from_iterable(each.values() for each in self._by_sites.values())

    def remove(self, number: int) -> None:
        # Seldom asked for: an index would take more than the records.
        for records in self._all():
            place = place_of(number, records.numbers)
            if place is not None:
                records.remove(place)
                self._count -= 1

    def purge(self, until: int) -> None:
        if self._oldest > until or not self._count:
            return
        for records in self._all():
            old = [place for place, time in enumerate(records.times) if time <= until]
            for place in reversed(old):
                records.remove(place)
            self._count -= len(old)
        times = (min(records.times) for records in self._all() if records.times)
        self._oldest = min(times, default=until)

    def drop_empty(self) -> None:
        for sites, same_sites in list(self._by_sites.items()):
            left = {key: records for key, records in same_sites.items() if records.numbers}
            if left:
                self._by_sites[sites] = left
            else:
                del self._by_sites[sites]

    def count(self, scope: RateLimitScope, source: StoredSource, destination: str) -> int:
        same_sites = self._by_sites.get((source.registration.source_site, destination), {})
        counted = (scope, source.registration.reporting_site)
        since = source.time - _ATTRIBUTION_WINDOW
        return sum(
            time > since
            for kind, records in same_sites.items()
            if kind[:2] == counted
            for time in records.times
        )

    def origins(self, source: StoredSource, destination: str) -> list[str]:
        """Reporting origins, in the order of their first records: event-level ones, then others."""
        same_sites = self._by_sites.get((source.registration.source_site, destination), {})
        since = source.time - _ATTRIBUTION_WINDOW
        first: list[tuple[bool, int, str]] = []
        for (scope, _, origin), records in same_sites.items():
            counted = zip(records.times, records.numbers, strict=True)
            number = next((number for time, number in counted if time > since), None)
            if number is not None:
                first.append((scope is RateLimitScope.AGGREGATABLE_ATTRIBUTION, number, origin))
        return list(dict.fromkeys(origin for *_, origin in sorted(first)))
