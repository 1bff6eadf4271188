"""The browser's attribution caches: sources and pending reports, indexed for the algorithms.

May live here: state and its bookkeeping only. What may be stored is decided in `storing`,
what is found in `matching`; rate limits have their own module. All of it is bounded by the
browser's own limits; memory of sources that are gone is a bounded convenience for the trace.
https://wicg.github.io/attribution-reporting-api/#storage
"""

from __future__ import annotations

import heapq
from array import array
from bisect import bisect_left
from collections import Counter, OrderedDict, deque
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.attribution.aggregatable_debug import AggregatableDebugRateLimits
from ara_inspector.attribution.effects import Removal, RemovalReason
from ara_inspector.attribution.rate_limits import RateLimits
from ara_inspector.attribution.registered import SECOND
from ara_inspector.reports.endpoints import ReportKind
from ara_inspector.spec.constants import HOUR
from ara_inspector.spec.vendor import CHROMIUM_LIMITS, AttributionLimits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ara_inspector.attribution.delivery import ExpectedReport
    from ara_inspector.attribution.effects import Effects
    from ara_inspector.attribution.sources import StoredSource

REMEMBERED_KEYS: Final = 4096
"""Pairs of reporting origin and destination whose gone sources are remembered."""
REMEMBERED_PER_KEY: Final = 8

_HOUR = HOUR * SECOND

ANY: Final = ""
"""In a key: whatever the reporting origin, or whatever the destination."""

type Key = tuple[str, str]
"""Reporting origin and attribution destination: what a trigger looks sources up by."""


class PendingReport(Struct, eq=False):
    """A report in the browser's cache. `due` is the latest moment it leaves the cache."""

    report: ExpectedReport
    source_number: int
    due: int
    trigger_time: int
    priority: int = 0
    destinations: tuple[str, ...] = ()
    pending: bool = True


class Gone(Struct, frozen=True, gc=False):
    """A source that is no longer there, and why."""

    source: StoredSource
    removal: Removal


class Cleared(Struct, frozen=True, gc=False):
    """What was deleted of an origin."""

    sources: int
    withdrawn: tuple[int, ...]
    """Numbers of the reports that will not be sent."""


class PendingReports:
    """https://wicg.github.io/attribution-reporting-api/#event-level-report-cache and its twin."""

    def __init__(self, delay: int) -> None:
        self.delay = delay
        self._by_source: dict[int, list[PendingReport]] = {}
        self._queue: list[tuple[int, int, PendingReport]] = []
        self._event_level: Counter[str] = Counter()
        self._aggregatable: Counter[str] = Counter()
        self._aggregatable_due: Counter[str] = Counter()

    def add(self, pending: PendingReport) -> None:
        """Put a report into the cache until it is due."""
        self._by_source.setdefault(pending.source_number, []).append(pending)
        heapq.heappush(self._queue, (pending.due, pending.report.number, pending))
        self._count(pending, 1)

    def _count(self, pending: PendingReport, step: int) -> None:
        if pending.report.kind is ReportKind.AGGREGATABLE:
            destination = pending.destinations[0]
            self._aggregatable[destination] += step
            self._aggregatable_due[destination] += step * pending.due
            if not self._aggregatable[destination]:
                del self._aggregatable[destination], self._aggregatable_due[destination]
            return
        for destination in pending.destinations:
            self._event_level[destination] += step
            if not self._event_level[destination]:
                del self._event_level[destination]

    def remove(self, pending: PendingReport) -> None:
        """Take a report out of the cache."""
        pending.pending = False
        siblings = self._by_source[pending.source_number]
        siblings.remove(pending)
        if not siblings:
            del self._by_source[pending.source_number]
        self._count(pending, -1)

    def deliver(self, now: int) -> None:
        """https://wicg.github.io/attribution-reporting-api/#queue-reports-for-delivery ."""
        while self._queue and self._queue[0][0] <= now:
            pending = heapq.heappop(self._queue)[2]
            if pending.pending:
                self.remove(pending)

    def flush(self) -> list[PendingReport]:
        """Send everything at once, as Storage.sendPendingAttributionReports does."""
        waiting = [item[2] for item in sorted(self._queue, key=lambda item: item[:2])]
        sent = [pending for pending in waiting if pending.pending]
        self._queue.clear()
        for pending in sent:
            self.remove(pending)
        return sent

    def of_source(self, number: int) -> list[PendingReport]:
        """The pending reports of a source, oldest first."""
        return list(self._by_source.get(number, ()))

    def of_reporting_origin(self, origin: str) -> list[PendingReport]:
        """The pending reports for an origin."""
        pending = (each for reports in self._by_source.values() for each in reports)
        return [each for each in pending if each.report.reporting_origin == origin]

    def event_level(self, destination: str) -> int:
        """Pending event-level reports with `destination` among theirs."""
        return self._event_level[destination]

    def aggregatable(self, destination: str, now: int) -> tuple[int, float]:
        """Aggregatable reports that may be pending for `destination`, and how many to expect.

        A delayed report leaves at a random moment before it is due.
        """
        most = self._aggregatable[destination]
        if not most or not self.delay:
            return most, float(most)
        return most, (self._aggregatable_due[destination] - most * now) / self.delay

    def __len__(self) -> int:
        return sum(map(len, self._by_source.values()))


class AttributionStorage:
    """All state of one browser profile. One per profile; not shared between threads."""

    def __init__(
        self, limits: AttributionLimits = CHROMIUM_LIMITS, *, local_testing: bool = False
    ) -> None:
        self.limits = limits
        self.local_testing = local_testing
        """https://wicg.github.io/attribution-reporting-api/#automation-local-testing-mode ."""
        self.rate_limits = RateLimits(limits)
        self.debug_rate_limits = AggregatableDebugRateLimits()
        self.reports = PendingReports(self.aggregatable_delay)
        self._numbers = 0
        self._sources: dict[int, StoredSource] = {}
        self._by_key: dict[Key, list[StoredSource]] = {}
        self._per_source_origin: Counter[str] = Counter()
        self._expiring: dict[int, array[int]] = {}
        """The numbers of the sources that expire in an hour, by that hour."""
        self._gone: OrderedDict[Key, deque[Gone]] = OrderedDict()

    @property
    def aggregatable_delay(self) -> int:
        """The longest random delay of aggregatable reports, in microseconds."""
        return 0 if self.local_testing else self.limits.aggregatable_report_delay * SECOND

    def begin_local_testing(self) -> None:
        """From now on no delays and no noise: the browser was seen to be in that mode."""
        self.local_testing = True
        self.reports.delay = self.aggregatable_delay

    def next_number(self) -> int:
        """https://wicg.github.io/attribution-reporting-api/#get-the-next-internal-id ."""
        self._numbers += 1
        return self._numbers

    def advance(self, now: int) -> None:
        """Let the browser do what is due at `now`: send reports, forget expired sources."""
        self.reports.deliver(now)
        self.delete_expired_sources(now)

    def delete_expired_sources(self, now: int) -> None:
        """https://wicg.github.io/attribution-reporting-api/#delete-expired-sources .

        A source whose expiry time is `now` goes as well: no trigger can match it any more.
        """
        hours = [hour for hour in self._expiring if hour <= now // _HOUR]
        soon = [self._sources[number] for hour in hours for number in self._expiring[hour]]
        for source in sorted(soon, key=attrgetter("expiry_time", "number")):
            time = source.expiry_time
            if time > now:
                break
            removal = Removal(
                source_id=source.id, reason=RemovalReason.EXPIRED, cause_id=None, time=time
            )
            self._forget(source, removal)

    def add(self, source: StoredSource) -> None:
        """Put a source into the cache."""
        self._sources[source.number] = source
        for key in self._keys(source):
            self._by_key.setdefault(key, []).append(source)
        self._per_source_origin[source.registration.source_origin] += 1
        hour = source.expiry_time // _HOUR
        self._expiring.setdefault(hour, array("q")).append(source.number)

    @staticmethod
    def _keys(source: StoredSource) -> Iterator[Key]:
        origin = source.registration.reporting_origin
        yield origin, ANY
        for destination in source.destinations:
            yield origin, destination
            yield ANY, destination

    def remove(
        self, source: StoredSource, reason: RemovalReason, *, cause_id: str | None, now: int
    ) -> Removal:
        """Take a source out of the cache; its reports stay."""
        removal = Removal(source_id=source.id, reason=reason, cause_id=cause_id, time=now)
        self._forget(source, removal)
        return removal

    def _forget(self, source: StoredSource, removal: Removal) -> None:
        del self._sources[source.number]
        for key in self._keys(source):
            alike = self._by_key[key]
            del alike[bisect_left(alike, source.number, key=attrgetter("number"))]
            if not alike:
                del self._by_key[key]
            if ANY not in key:
                self._remember(key, Gone(source, removal))
        hour = source.expiry_time // _HOUR
        expiring = self._expiring[hour]
        del expiring[bisect_left(expiring, source.number)]
        if not expiring:
            del self._expiring[hour]
        origin = source.registration.source_origin
        self._per_source_origin[origin] -= 1
        if not self._per_source_origin[origin]:
            del self._per_source_origin[origin]

    def _remember(self, key: Key, gone: Gone) -> None:
        self._gone.setdefault(key, deque(maxlen=REMEMBERED_PER_KEY)).append(gone)
        self._gone.move_to_end(key)
        if len(self._gone) > REMEMBERED_KEYS:
            self._gone.popitem(last=False)

    def source(self, number: int) -> StoredSource | None:
        """The stored source of that internal ID, if it is still there."""
        return self._sources.get(number)

    def sources(self) -> Iterable[StoredSource]:
        """Every stored source, oldest first."""
        return self._sources.values()

    def __len__(self) -> int:
        return len(self._sources)

    def sources_of_origin(self, source_origin: str) -> int:
        """How many stored sources a source origin has."""
        return self._per_source_origin[source_origin]

    def matching(self, reporting_origin: str, destination: str) -> list[StoredSource]:
        """Stored sources of a reporting origin for a destination, oldest first."""
        return list(self._by_key.get((reporting_origin, destination), ()))

    def newest(self, reporting_origin: str, destination: str) -> Iterator[StoredSource]:
        """As `matching`, newest first and lazily; either may be `ANY`."""
        return reversed(self._by_key.get((reporting_origin, destination), ()))

    def gone(self, reporting_origin: str, destination: str) -> tuple[Gone, ...]:
        """The latest sources of that reporting origin and destination that are gone."""
        return tuple(self._gone.get((reporting_origin, destination), ()))

    def clear(self, reporting_origin: str, now: int) -> Cleared:
        """Delete the sources and pending reports of an origin; rate-limit records stay.

        https://w3c.github.io/webappsec-clear-site-data/#clear-dom
        """
        self.advance(now)
        sources = self.matching(reporting_origin, ANY)
        for source in sources:
            self.remove(source, RemovalReason.CLEARED_BY_SITE, cause_id=None, now=now)
        pending = self.reports.of_reporting_origin(reporting_origin)
        for each in pending:
            self.reports.remove(each)
        return Cleared(len(sources), tuple(each.report.number for each in pending))

    def withdraw(self, number: int, effects: Effects, *, since: int, aggregatable: bool) -> None:
        """Delete a source's pending reports and their rate-limit records.

        Event-level ones whose trigger time is not before `since` (fake ones that lie ahead),
        and if told so the aggregatable ones, those taken for sent that are past half their
        longest delay.

        https://wicg.github.io/attribution-reporting-api/#remove-associated-event-level-reports-and-rate-limit-records
        """
        for pending in self.reports.of_source(number):
            if pending.report.kind is ReportKind.AGGREGATABLE:
                # More likely than not its random delay has not run out.
                deleted = aggregatable and 2 * (pending.due - since) >= self.aggregatable_delay
            else:
                deleted = pending.trigger_time >= since
            if deleted:
                self.reports.remove(pending)
                self.rate_limits.remove_attribution(pending.report.number)
                effects.withdrawn.append(pending.report.number)
