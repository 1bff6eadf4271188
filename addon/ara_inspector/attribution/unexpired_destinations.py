"""What counts against the limit of destinations covered by unexpired sources.

May live here: the records of one reporting site on one source site, and which sources have to go
for a new one. The other rate limits are in `rate_limits`.
"""

from __future__ import annotations

from array import array
from collections import Counter
from typing import TYPE_CHECKING

from ara_inspector.attribution.columns import place_of

if TYPE_CHECKING:
    from ara_inspector.attribution.sources import StoredSource


class UnexpiredDestinations:
    """The destinations of one reporting site's unexpired sources on one source site.

    In columns, oldest first: there are thousands of them, for weeks.
    """

    __slots__ = (
        "_counts", "_destinations", "_expiries", "_numbers", "_priorities", "_soonest", "_times",
    )  # fmt: skip

    def __init__(self) -> None:
        self._numbers = array("q")
        self._times = array("q")
        self._priorities = array("q")
        self._expiries = array("q")
        self._destinations: list[tuple[str, ...]] = []
        self._counts: Counter[str] = Counter()
        self._soonest = 0
        """No source expires before."""

    def add(self, source: StoredSource) -> None:
        """Count a stored source's destinations until it expires."""
        expiry = source.expiry_time
        self._soonest = min(self._soonest, expiry) if self._numbers else expiry
        self._numbers.append(source.number)
        self._times.append(source.time)
        self._priorities.append(source.source.destination_limit_priority)
        self._expiries.append(expiry)
        self._destinations.append(source.destinations)
        self._counts.update(source.destinations)

    def _remove(self, place: int) -> None:
        for destination in self._destinations[place]:
            self._counts[destination] -= 1
            if not self._counts[destination]:
                del self._counts[destination]
        del self._numbers[place], self._times[place], self._priorities[place]
        del self._expiries[place], self._destinations[place]

    def deactivate(self, number: int) -> None:
        """Stop counting a source, if it was counted."""
        place = place_of(number, self._numbers)
        if place is not None:
            self._remove(place)

    @property
    def oldest(self) -> int:
        """The number of the oldest source that counts; there has to be one."""
        return self._numbers[0]

    def drop_oldest(self) -> None:
        """Stop counting the oldest source."""
        self._remove(0)

    def expire(self, now: int) -> None:
        """Stop counting sources whose expiry time has come."""
        if now < self._soonest or not self._numbers:
            return
        due = [place for place, expiry in enumerate(self._expiries) if expiry <= now]
        for place in reversed(due):
            self._remove(place)
        self._soonest = min(self._expiries, default=0)

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
        priority = source.source.destination_limit_priority
        records = [
            *zip(self._priorities, self._times, self._numbers, self._destinations, strict=True),
            (priority, source.time, source.number, source.destinations),
        ]
        best: dict[str, tuple[int, int, str]] = {}
        for priority, time, _, destinations in records:
            for destination in destinations:
                rank = (priority, time, destination)
                best[destination] = max(best.get(destination, rank), rank)
        kept = set(sorted(best, key=best.__getitem__, reverse=True)[:limit])
        return {number for *_, number, each in records if not kept.issuperset(each)}

    def __len__(self) -> int:
        return len(self._numbers)
