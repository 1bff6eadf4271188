"""Reporting origins compared across flows: the one the browser keeps, the one just missed.

May live here: what was registered for which site by whom, bounded, and the rules (CHN) that
need two flows. Matching a trigger with its source is the work of `attribution`.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.findings import Finding, Rule, Severity, Verdict
from ara_inspector.spec.constants import DAY
from ara_inspector.spec.effective import Source, Trigger
from ara_inspector.spec.urls import site

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ara_inspector.registrations import Registration

DESTINATIONS: Final = 200
"""Destinations remembered of one reporting origin."""
TYPO: Final = 2
"""Letters by which a host may differ and still look like a slip."""

SECOND_ORIGIN_OF_REPORTING_SITE: Final = Rule(
    "CHN003",
    "second-origin-of-reporting-site",
    Severity.WARNING,
    "on {source_site} Chrome keeps one reporting origin of each site a day, and {first} came "
    "first (#{entry}): this source is dropped when it is to be stored",
    "max-source-reporting-origins-per-source-reporting-site",
)
TRIGGER_FROM_OTHER_ORIGIN: Final = Rule(
    "CHN010",
    "trigger-from-other-origin",
    Severity.WARNING,
    "no source of {reporter} was seen for {destination}, but one of {other}, another origin of "
    "the same site (#{entry}): they never match",
)
TRIGGER_DESTINATION_NEARLY: Final = Rule(
    "CHN011",
    "trigger-destination-nearly",
    Severity.WARNING,
    "no source of {reporter} was seen for {destination}, but one for {other} (#{entry}): a "
    "slip in the destination?",
)
TRIGGER_DESTINATION_OTHER_SCHEME: Final = Rule(
    "CHN012",
    "trigger-destination-other-scheme",
    Severity.WARNING,
    "no source of {reporter} was seen for {destination}, but one for {other} (#{entry}): the "
    "scheme is part of a site",
)

COMPARISONS: Final = frozenset(
    {
        SECOND_ORIGIN_OF_REPORTING_SITE,
        TRIGGER_FROM_OTHER_ORIGIN,
        TRIGGER_DESTINATION_NEARLY,
        TRIGGER_DESTINATION_OTHER_SCHEME,
    }
)
"""The rules of what earlier flows say about a registration."""


class _First(Struct):
    origin: str
    entry: int
    time: float


class Reporters:
    """Who registered what for which site; the oldest are forgotten beyond `limit`."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._first: OrderedDict[tuple[str, str], _First] = OrderedDict()
        self._sources: OrderedDict[str, OrderedDict[str, int]] = OrderedDict()
        self._origins: dict[str, dict[str, None]] = {}
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._first) + len(self._sources)

    def compare(self, about: Registration, entry: int) -> tuple[Finding, ...]:
        """What earlier flows say about a registration; it is remembered if it counts.

        `entry` is its number in the timeline.
        """
        reporter = about.reporting_origin
        if about.verdict is not Verdict.REGISTERED or reporter is None:
            return ()
        context = about.context_site.value
        if isinstance(about.effective, Source):
            self._remember(reporter, about.effective.destination, entry)
            return () if context is None else self._second(about, entry, context, reporter)
        if isinstance(about.effective, Trigger) and context is not None:
            return tuple(self._near_miss(reporter, context))
        return ()

    def forget(self, about: Registration, entry: int) -> None:
        """Take back a registration that turned out not to count."""
        reporter, context = about.reporting_origin or "", about.context_site.value or ""
        key = (context, site(reporter) or reporter)
        first = self._first.get(key)
        if first is not None and first.entry == entry:
            del self._first[key]
        known = self._sources.get(reporter, OrderedDict())
        for destination in [name for name, number in known.items() if number == entry]:
            del known[destination]

    def _second(
        self, about: Registration, entry: int, context: str, reporter: str
    ) -> tuple[Finding, ...]:
        key = (context, site(reporter) or reporter)
        time = about.time or 0.0
        first = self._first.get(key)
        if first is None or time - first.time > DAY:
            self._first[key] = _First(reporter, entry, time)
            if len(self._first) > self._limit:
                self._first.popitem(last=False)
                self.dropped += 1
            return ()
        if first.origin == reporter:
            return ()
        finding = SECOND_ORIGIN_OF_REPORTING_SITE.at(
            source_site=context, first=first.origin, entry=first.entry
        )
        return (finding.inferred("the order of the answers"),)

    def _remember(self, reporter: str, destinations: tuple[str, ...], entry: int) -> None:
        known = self._sources.setdefault(reporter, OrderedDict())
        for destination in destinations:
            known.setdefault(destination, entry)
            if len(known) > DESTINATIONS:
                known.popitem(last=False)
        self._origins.setdefault(site(reporter) or reporter, {})[reporter] = None
        if len(self._sources) > self._limit:
            oldest, _ = self._sources.popitem(last=False)
            of_site = self._origins[site(oldest) or oldest]
            del of_site[oldest]
            if not of_site:
                del self._origins[site(oldest) or oldest]
            self.dropped += 1

    def _near_miss(self, reporter: str, destination: str) -> Iterator[Finding]:
        own: Mapping[str, int] = self._sources.get(reporter, {})
        if destination in own:
            return
        for other in self._origins.get(site(reporter) or reporter, ()):
            entry = self._sources[other].get(destination)
            if entry is not None:
                yield _missed(TRIGGER_FROM_OTHER_ORIGIN, reporter, destination, other, entry)
                return
        for other, entry in own.items():
            rule = _nearly(destination, other)
            if rule is not None:
                yield _missed(rule, reporter, destination, other, entry)
                return


def _missed(rule: Rule, reporter: str, destination: str, other: str, entry: int) -> Finding:
    finding = rule.at(reporter=reporter, destination=destination, other=other, entry=entry)
    ground = "the sources seen in this capture"
    return finding.inferred(ground)


def _nearly(destination: str, other: str) -> Rule | None:
    scheme, _, host = destination.partition("://")
    other_scheme, _, other_host = other.partition("://")
    if host == other_host:
        return TRIGGER_DESTINATION_OTHER_SCHEME if scheme != other_scheme else None
    return TRIGGER_DESTINATION_NEARLY if _within(host, other_host, TYPO) else None


def _within(first: str, second: str, limit: int) -> bool:
    """Whether at most `limit` letters have to be changed, added or left out."""
    if abs(len(first) - len(second)) > limit:
        return False
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        above, row[0] = row[0], i
        for j, b in enumerate(second, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (a != b))
        if min(row) > limit:
            return False
    return row[-1] <= limit
