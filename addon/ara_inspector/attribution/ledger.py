"""The ledger: reports the browser should send against reports that were seen.

May live here: matching the two, and the balance at a moment. Expectations come from the engine,
reports from the wire; neither is judged here, and nothing is a fact that the browser draws at
random.
"""

from __future__ import annotations

from collections import Counter, deque
from enum import StrEnum
from heapq import nsmallest
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from ara_inspector.attribution.effects import Possibility, PossibilityKind
from ara_inspector.attribution.registered import SECOND
from ara_inspector.attribution.storing import SourceOutcome
from ara_inspector.records import replace
from ara_inspector.reports.bodies import (
    AggregatableReport,
    EventLevelReport,
    ReportBody,
    SharedInfo,
    VerboseReport,
)
from ara_inspector.reports.body_fields import TEXT, Notes, read_fields
from ara_inspector.reports.body_readers import (
    ATTRIBUTION_FIELDS,
    SHARED_INFO_FIELDS,
    read_event_level,
    read_verbose,
)
from ara_inspector.reports.endpoints import ReportKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ara_inspector.attribution.delivery import Contribution, ExpectedReport
    from ara_inspector.attribution.registered import TriggerRegistration
    from ara_inspector.attribution.sources import StoredSource
    from ara_inspector.attribution.triggering import TriggerOutcome
    from ara_inspector.reports.report import Report

CLOCKS_APART: Final = 5 * SECOND
"""How far the browser's clock and moment may be from what the proxy saw."""
PATIENCE: Final = 60 * SECOND
"""How long a due report may stay out: after a start Chrome waits up to a minute."""
KEPT: Final = 10_000
"""Settled entries, and chances, that are remembered."""

INFO_FIELDS: Final = SHARED_INFO_FIELDS | {"api": TEXT}

type Mark = tuple[ReportKind, str, tuple[object, ...]]
"""What tells most reports apart, and is soon found: kind, reporting origin, and of a verbose
report the types and source event ids, of others the id or the attribution destination."""
type Essence = tuple[ReportKind, str, ReportBody]
"""What is the same in a report as expected and as seen: kind, reporting origin, and the body
without ids, times and payloads."""


class Standing(StrEnum):
    """Where a report stands."""

    SEEN = "expected-and-seen"
    NOT_YET_DUE = "expected-and-not-yet-due"
    OVERDUE = "overdue"
    BY_CHANCE = "seen-and-possible-by-chance"
    """Nothing makes it certain, but the browser may have drawn it: noise or a null report."""
    UNEXPLAINED = "seen-but-unexplained"


class Entry(Struct, frozen=True, gc=False):
    """One line of the ledger."""

    standing: Standing
    expected: ExpectedReport | None = None
    seen: Report | None = None
    possibility: Possibility | None = None


class _FakeReports(Struct):
    source: StoredSource
    possibility: Possibility


class _NullReport(Struct):
    registration: TriggerRegistration
    latest: int
    possibility: Possibility


class Ledger(Struct):
    """Takes outcomes and reports as they come; beyond `limit` some expected are given up."""

    limit: int = KEPT
    history: int = KEPT
    """How many settled entries are remembered, for `entries`."""
    timed: bool = True
    """Whether the browser keeps to report times; in local testing mode it sends at once."""
    dropped: int = 0
    """Expected reports no longer waited for, to stay within the limit."""
    # By the hash of their mark: thousands may be out for weeks, of which few are ever compared.
    _open: dict[int, list[ExpectedReport]] = field(default_factory=dict)
    _homes: dict[int, int] = field(default_factory=dict)
    _settled: deque[Entry] = field(default_factory=deque)
    _fakes: deque[_FakeReports] = field(default_factory=lambda: deque(maxlen=KEPT))
    _nulls: deque[_NullReport] = field(default_factory=lambda: deque(maxlen=KEPT))

    def expect(self, outcome: SourceOutcome | TriggerOutcome, *, delay: int) -> None:
        """Enter what a registration caused; `delay` is the storage's longest random delay."""
        for report in outcome.reports:
            home = hash(_expected_mark(report))
            self._open.setdefault(home, []).append(report)
            self._homes[report.number] = home
        self.withdraw(outcome.withdrawn)
        while len(self._homes) > self.limit:
            self._make_room(outcome.registration.time)
        if isinstance(outcome, SourceOutcome):
            self._expect_noise(outcome)
            return
        for possibility in outcome.possibilities:
            latest = outcome.registration.time + delay
            self._nulls.append(_NullReport(outcome.registration, latest, possibility))

    def _make_room(self, now: int) -> None:
        """Give up what has been overdue the longest, if nothing is the oldest."""
        reports = (report for group in self._open.values() for report in group)
        overdue = (report for report in reports if _outstanding(report, now) is Standing.OVERDUE)
        # Some at once: to find them takes as long as to find one.
        late = nsmallest(1 + self.limit // 16, overdue, key=lambda report: report.latest)
        given_up = [report.number for report in late] or [next(iter(self._homes))]
        self.withdraw(given_up)
        self.dropped += len(given_up)

    def withdraw(self, numbers: Iterable[int]) -> None:
        """Wait no longer for these reports, those seen left alone."""
        for number in numbers:
            self._take(number)

    def _expect_noise(self, outcome: SourceOutcome) -> None:
        """Noise that may be, and noise that is certain with reports nobody knows."""
        stored = outcome.stored
        if stored is None:
            return
        if stored.noise is not None and stored.noise.states is None:
            certain = Possibility(
                kind=PossibilityKind.NOISE, probability=1.0, registration_id=stored.id
            )
            self._fakes.append(_FakeReports(stored, certain))
        for possibility in outcome.possibilities:
            self._fakes.append(_FakeReports(stored, possibility))

    def _take(self, number: int) -> ExpectedReport | None:
        home = self._homes.pop(number, None)
        if home is None:
            return None
        waiting = self._open[home]
        place = next(place for place, report in enumerate(waiting) if report.number == number)
        report = waiting.pop(place)
        if not waiting:
            del self._open[home]
        return report

    def see(self, report: Report) -> Entry:
        """Enter a report from the wire; the entry says what explains it."""
        entry = self._matched(report)
        self._settled.append(entry)
        if len(self._settled) > self.history:
            self._settled.popleft()
        return entry

    def _matched(self, report: Report) -> Entry:
        if report.body is None:
            return Entry(Standing.UNEXPLAINED, seen=report)
        essence = _essence(report.kind, report.reporting_origin, report.body)
        waiting = [
            expected
            for expected in self._open.get(hash(_mark(report, report.body)), ())
            if self._in_time(report, expected)
            and _expected_essence(expected) == essence
            and _same_contributions(report.body, expected)
        ]
        if waiting:
            best = min(waiting, key=lambda expected: (expected.report_time, expected.number))
            return Entry(Standing.SEEN, expected=self._take(best.number), seen=report)
        possibility = self._chance(report, report.body)
        if possibility is not None:
            return Entry(Standing.BY_CHANCE, seen=report, possibility=possibility)
        return Entry(Standing.UNEXPLAINED, seen=report)

    def _in_time(self, report: Report, expected: ExpectedReport) -> bool:
        told = _told_time(report)
        return told is None or (
            (expected.report_time - CLOCKS_APART - SECOND <= told or not self.timed)
            and told <= expected.latest_report_time + CLOCKS_APART
        )

    def _chance(self, report: Report, body: ReportBody) -> Possibility | None:
        if report.kind is ReportKind.EVENT_LEVEL and isinstance(body, EventLevelReport):
            for fake in self._fakes:
                if _may_be_fake(report, body, fake.source):
                    return fake.possibility
        if report.kind is ReportKind.AGGREGATABLE and isinstance(body, AggregatableReport):
            for null in self._nulls:
                if _may_be_null(report, body, null):
                    return null.possibility
        return None

    def entries(self, now: int) -> Iterator[Entry]:
        """The balance at `now`: what was seen, then what is still out, by the time it is due."""
        yield from self._settled
        for standing, report in self.waiting(now):
            yield Entry(standing, expected=report)

    def counts(self, now: int) -> Counter[Standing]:
        """How many reports are still out at `now`: cheaper than to list them."""
        return Counter(
            _outstanding(report, now) for group in self._open.values() for report in group
        )

    def waiting(self, now: int) -> Iterator[tuple[Standing, ExpectedReport]]:
        """What is still out at `now`, by the time it is due, and whether it is overdue."""
        waiting = [report for group in self._open.values() for report in group]
        for report in sorted(waiting, key=lambda report: (report.latest, report.number)):
            yield _outstanding(report, now), report


def _outstanding(report: ExpectedReport, now: int) -> Standing:
    return Standing.OVERDUE if now > report.latest + PATIENCE else Standing.NOT_YET_DUE


def _expected_mark(report: ExpectedReport) -> Mark:
    told: tuple[object, ...]
    if report.kind is ReportKind.VERBOSE:
        told = tuple(
            (datum.get("type"), datum.get("body", {}).get("source_event_id"))
            for datum in report.data
        )
    elif report.shared_info is None:
        told = (report.body.get("source_event_id"),)
    else:
        told = (report.shared_info.get("attribution_destination"),)
    return report.kind, report.reporting_origin, told


def _mark(report: Report, body: ReportBody) -> Mark:
    told: tuple[object, ...] = ()
    if isinstance(body, VerboseReport):
        told = tuple((datum.type, _text(datum.event_id)) for datum in body.data)
    elif isinstance(body, EventLevelReport):
        told = (_text(body.source_event_id),)
    elif isinstance(body, AggregatableReport) and body.shared_info is not None:
        told = (body.shared_info.attribution_destination,)
    return report.kind, report.reporting_origin, told


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


def _expected_essence(report: ExpectedReport) -> Essence:
    return _essence(report.kind, report.reporting_origin, _body(report))


def _essence(kind: ReportKind, reporting_origin: str, body: ReportBody) -> Essence:
    return kind, reporting_origin, _lasting(body)


def _lasting(body: ReportBody) -> ReportBody:
    if isinstance(body, EventLevelReport):
        return _lasting_event_level(body)
    if isinstance(body, AggregatableReport):
        info = body.shared_info or SharedInfo()
        lasting = replace(info, report_id=None, scheduled_report_time=None)
        return replace(body, shared_info=lasting, payloads=())
    if isinstance(body, VerboseReport) and any(datum.report for datum in body.data):
        return VerboseReport(
            data=tuple(
                replace(datum, report=datum.report and _lasting_event_level(datum.report))
                for datum in body.data
            )
        )
    return body


def _lasting_event_level(body: EventLevelReport) -> EventLevelReport:
    return replace(body, report_id=None, scheduled_report_time=None)


def _body(report: ExpectedReport) -> ReportBody:
    """The expected body through the same reader as one from the wire."""
    if report.kind is ReportKind.VERBOSE:
        return read_verbose(list(report.data), Notes()) or VerboseReport(data=())
    if report.shared_info is None:
        return read_event_level(report.body, Notes()) or EventLevelReport()
    info = SharedInfo(**read_fields(report.shared_info, INFO_FIELDS, (), Notes()))
    read = read_fields(report.body, ATTRIBUTION_FIELDS, (), Notes())
    return AggregatableReport(shared_info=info, **read)


def _told_time(report: Report) -> int | None:
    """The report time a body tells; for kinds that tell none, when it was on the wire."""
    body = report.body
    told: float | None = report.time
    if isinstance(body, EventLevelReport):
        told = body.scheduled_report_time
    elif isinstance(body, AggregatableReport) and body.shared_info is not None:
        told = body.shared_info.scheduled_report_time
    return None if told is None else round(told * SECOND)


def _same_contributions(body: ReportBody, expected: ExpectedReport) -> bool:
    """Whether the payload, where it can be read, has what was expected."""
    histogram = body.histogram if isinstance(body, AggregatableReport) else None
    if histogram is None:
        return True
    seen = [(entry.bucket, entry.value, entry.filtering_id) for entry in histogram.contributions]
    return sorted(seen) == sorted(map(_plain, expected.contributions))


def _plain(contribution: Contribution) -> tuple[int, int, int]:
    return contribution.key, contribution.value, contribution.filtering_id


def _may_be_fake(report: Report, body: EventLevelReport, source: StoredSource) -> bool:
    """Whether noise of a source could have made this report."""
    told = _told_time(report)
    return (
        report.reporting_origin == source.registration.reporting_origin
        and body.source_event_id == source.source.source_event_id
        and body.source_type is source.registration.source_type
        and body.attribution_destination == source.destinations
        and body.trigger_data in source.source.trigger_data
        and body.trigger_debug_key is None
        and told is not None
        and any(abs(told - end) <= CLOCKS_APART + SECOND for end in source.window_ends)
    )


def _may_be_null(report: Report, body: AggregatableReport, null: _NullReport) -> bool:
    """Whether a trigger without attribution could have drawn this report."""
    told, info = _told_time(report), body.shared_info
    return (
        report.reporting_origin == null.registration.reporting_origin
        and info is not None
        and info.attribution_destination == null.registration.attribution_destination
        and body.trigger_context_id is None
        and body.trigger_debug_key is None
        and (body.histogram is None or body.histogram.is_null)
        and told is not None
        and null.registration.time - CLOCKS_APART <= told <= null.latest + CLOCKS_APART
    )
