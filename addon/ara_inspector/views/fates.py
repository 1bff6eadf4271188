"""The fate of a registration in words: short for a row, in full for whoever asks why.

May live here: wording only. What is told was found out by the engine and weighed by the
session; wire text in it is escaped here.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from ara_inspector.attribution.effects import PossibilityKind
from ara_inspector.attribution.fates import Agreement, Fate, SourceFate, TriggerFate
from ara_inspector.attribution.ledger import Standing
from ara_inspector.attribution.registered import SECOND
from ara_inspector.attribution.results import (
    AggregatableResult,
    EventLevelResult,
    SourceResult,
)
from ara_inspector.attribution.trace import Verdict
from ara_inspector.findings import printable
from ara_inspector.reports.endpoints import ReportKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ara_inspector.attribution.delivery import ExpectedReport
    from ara_inspector.attribution.effects import Possibility
    from ara_inspector.attribution.results import Result
    from ara_inspector.attribution.sources import Odometer
    from ara_inspector.attribution.trace import Candidate, Check, Value

INDENT: Final = "  "
SHOWN: Final = 200
"""Characters of a compared value that are shown."""
EXACT_FROM: Final = 1000
"""Numbers of this and above are shown as they are: moments, mostly; below, bits and rates."""
NOTHING: Final = frozenset({EventLevelResult.NOT_REGISTERED, AggregatableResult.NOT_REGISTERED})
HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
MARKS: Final[Mapping[Verdict, str]] = {
    Verdict.PASSED: "ok",
    Verdict.FAILED: "NO",
    Verdict.UNDECIDABLE: "??",
}
PHRASES: Final[Mapping[str, str]] = {
    "expiry": "{given} s after the source, which lives {wanted} s",
    "attribution-scopes": "the source has {given}; the trigger wants one of {wanted}",
    "reporting-origin-per-site": "of this reporting site here: {given}; the limit is {wanted} "
    "a day",
    "source-priority": "{given}; the chosen source has {wanted}",
    "source-age": "{given} s; the chosen source {wanted} s",
    "destination": "it is for {given}, the trigger is on {wanted}",
    "reporting-origin": "it is of {given}, the trigger is of {wanted}",
    "randomized-response": "noise strikes with probability {wanted}; the wire does not show it",
    "deduplication-key": "{given}; used before: {wanted}",
    "aggregatable-deduplication-key": "{given}; used before: {wanted}",
    "trigger-data": "{given}; the source has {wanted}",
    "event-report-window-start": "{given} s after the source; the first begins at {wanted} s",
    "event-report-window-end": "{given} s after the source; the last ends at {wanted} s",
    "aggregatable-report-window": "{given} s after the source; it ends at {wanted} s",
    "event-level-priority": "{given}; the lowest pending has {wanted}",
    "aggregatable-contributions": "the source has the keys {given}, values are for {wanted}",
    "aggregatable-budget": "{given} left, {wanted} needed",
    "named-budget": "{given} left, {wanted} needed",
}
"""What a check compared; of those not here, how many of how many."""
COUNTED: Final = "{given} of {wanted}"
STANDINGS: Final[Mapping[Standing, str]] = {
    Standing.SEEN: "expected and seen",
    Standing.NOT_YET_DUE: "not yet due",
    Standing.OVERDUE: "overdue",
    Standing.BY_CHANCE: "possible by chance",
    Standing.UNEXPLAINED: "unexplained",
}
"""The lines of the ledger."""
REPEATED: Final = {
    EventLevelResult.EXCESSIVE_REPORTS: "its event-level reports are used up",
    EventLevelResult.PRIORITY_TOO_LOW: "its event-level reports have no lower priority",
    AggregatableResult.EXCESSIVE_REPORTS: "its aggregatable reports are used up",
    AggregatableResult.INSUFFICIENT_BUDGET: "its aggregatable budget is too small",
    AggregatableResult.INSUFFICIENT_NAMED_BUDGET: "its named budget is too small",
}
"""Why another trigger like one that failed would fail as well."""


def plain(result: Result) -> str:
    """One of Chrome's result words as a reader writes it: `no matching sources`."""
    return HUMP.sub(" ", result.value).lower()


def comes_to(fate: Fate) -> str:
    """What a registration comes to, in a few words; empty where a source is simply stored."""
    if fate.told is not None and fate.told.agreement is Agreement.CONTRADICTED:
        return f"the browser says {printable(', '.join(fate.told.types))}"
    if isinstance(fate, SourceFate):
        return "" if fate.result is SourceResult.SUCCESS else plain(fate.result)
    return _trigger_comes_to(fate) if isinstance(fate, TriggerFate) else "unknown"


def _trigger_comes_to(fate: TriggerFate) -> str:
    event_level, aggregatable = plain(fate.event_level), plain(fate.aggregatable)
    to = "" if fate.source is None else f" (#{fate.source})"
    if {fate.event_level, fate.aggregatable} <= NOTHING:
        return "nothing to do"
    if fate.aggregatable in NOTHING or event_level == aggregatable:
        return event_level + to
    if fate.event_level in NOTHING:
        return aggregatable + to
    return f"{event_level}, histogram {aggregatable}{to}"


def told_in_full(fate: Fate) -> Iterator[str]:
    """Everything about a fate, line by line: result, checks in order, reports, what is left."""
    yield f"result: {_result(fate)}"
    yield f"how sure: {fate.certainty}, {printable(fate.ground)}"
    if fate.told is not None:
        told = printable(", ".join(fate.told.types))
        yield f"the browser's verbose debug report {fate.told.agreement} it: {told}"
    if isinstance(fate, SourceFate):
        yield from _checks("checks before it is stored", fate.checks)
    elif isinstance(fate, TriggerFate):
        yield from _trace(fate)
    for removal in fate.removals:
        yield f"source #{removal.source_id} leaves the browser's storage: {removal.reason}"
    if isinstance(fate, SourceFate | TriggerFate):
        types = ", ".join(fate.debug_types) or "none"
        yield f"verbose debug type: {types}"
    yield from _reports(fate)
    yield from _left(fate)


def _result(fate: Fate) -> str:
    if isinstance(fate, SourceFate):
        return f"{'stored' if fate.stored else 'not stored'} ({fate.result})"
    if isinstance(fate, TriggerFate):
        to = "" if fate.source is None else f", source #{fate.source}"
        return f"event-level {fate.event_level}, aggregatable {fate.aggregatable}{to}"
    return "not known"


def _trace(fate: TriggerFate) -> Iterator[str]:
    trace = fate.trace
    if trace.candidates:
        yield "sources of this reporting origin for this destination, newest first"
    for candidate in trace.candidates:
        yield from _candidate(candidate)
    if trace.untold:
        yield f"{INDENT}and {trace.untold} older ones"
    if trace.near_misses:
        yield "sources that came near"
    for candidate in trace.near_misses:
        yield from _candidate(candidate)
    yield from _checks("the trigger's filters against the chosen source", trace.filters)
    if fate.event_level not in NOTHING:
        yield from _level("event-level", fate.event_level, trace.event_level.checks)
    if fate.aggregatable not in NOTHING:
        yield from _level("aggregatable", fate.aggregatable, trace.aggregatable.checks)


def _candidate(candidate: Candidate) -> Iterator[str]:
    yield f"{INDENT}#{candidate.source_id}{' (chosen)' if candidate.chosen else ''}"
    yield from (f"{INDENT * 2}{check_line(check)}" for check in candidate.checks)


def _checks(title: str, checks: Iterable[Check]) -> Iterator[str]:
    lines = [f"{INDENT}{check_line(check)}" for check in checks]
    return iter([title, *lines] if lines else [])


def _level(name: str, result: Result, checks: Iterable[Check]) -> Iterator[str]:
    yield f"{name}: {plain(result)}"
    yield from (f"{INDENT}{check_line(check)}" for check in checks)


def check_line(check: Check) -> str:
    """One check: how it went, its name, and what was compared."""
    return f"{MARKS[check.verdict]} {check.name}{_compared(check)}"


def _compared(check: Check) -> str:
    if check.given is None and check.wanted is None:
        return ""
    phrase = PHRASES.get(check.name, COUNTED)
    if check.name == "still-stored":
        phrase = "gone: {wanted}"
    elif check.name == "filters":
        phrase = "{given}"
    elif check.name == "event-trigger-data-filters":
        phrase = "no entry" if check.given is None else "entry {given}"
        phrase += "; not matching: {wanted}" if check.wanted else ""
    values = {"given": _value(check.given), "wanted": _value(check.wanted)}
    return f": {phrase.format_map(values)}"


def _value(value: Value) -> str:
    if isinstance(value, str):
        text = value
    elif isinstance(value, float) and abs(value) < EXACT_FROM:
        text = f"{value:.5g}"
    elif isinstance(value, tuple) and not any(isinstance(item, tuple | dict) for item in value):
        text = ", ".join(map(str, value)) or "none"
    else:
        text = json.dumps(value, ensure_ascii=False)
    return printable(text if len(text) <= SHOWN else f"{text[:SHOWN]}...")


def _reports(fate: Fate) -> Iterator[str]:
    if fate.reports:
        yield "reports expected of it"
    for report in fate.reports:
        yield f"{INDENT}{report_line(report)}"
    if fate.seen:
        yield f"reports of it seen: {', '.join(f'#{entry}' for entry in fate.seen)}"
    for possibility in fate.possibilities:
        yield _possible(possibility)


def _possible(possibility: Possibility) -> str:
    null = possibility.kind is PossibilityKind.NULL_REPORT
    what = "also send a null report" if null else "answer at random"
    times = "" if possibility.trials == 1 else f", drawn {possibility.trials} times"
    return f"may {what} (probability {possibility.probability:.7g}{times})"


def report_line(report: ExpectedReport) -> str:
    """A report as it is expected: kind, address, when, and what it says."""
    when = _moment(report.earliest)
    if report.latest > report.earliest:
        when += f" to {_moment(report.latest)}"
    return f"{report.kind} to {printable(report.url)}, {when}: {_content(report)}"


def _content(report: ExpectedReport) -> str:
    if report.kind is ReportKind.VERBOSE:
        return ", ".join(str(datum["type"]) for datum in report.data)
    if report.shared_info is None:
        return f"trigger data {report.body['trigger_data']}"
    if report.null:
        return "a null report"
    values = ", ".join(f"{entry.key:#x}: {entry.value}" for entry in report.contributions)
    return f"contributions {values or 'none'}"


def _moment(moment: int) -> str:
    return datetime.fromtimestamp(moment // SECOND, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _left(fate: Fate) -> Iterator[str]:
    if not isinstance(fate, SourceFate | TriggerFate) or fate.odometer is None:
        return
    yield f"source #{fate.odometer.source_id} has left: {'; '.join(_meters(fate.odometer))}"
    if isinstance(fate, TriggerFate) and (why := next_fails(fate)):
        yield f"the next trigger like this one will fail: {'; '.join(why)}"


def _meters(left: Odometer) -> Iterator[str]:
    event_level = 0 if left.exhausted else left.event_level_reports.left
    yield f"event-level reports {event_level} of {left.event_level_reports.of}"
    yield f"aggregatable reports {left.aggregatable_reports.left} of {left.aggregatable_reports.of}"
    budget = left.aggregatable_budget
    yield f"aggregatable budget {budget.left:,} of {budget.of:,}"
    for name, meter in left.named_budgets.items():
        yield f"budget {printable(name)} {meter.left:,} of {meter.of:,}"
    if left.debug_budget.of:
        yield f"debug budget {left.debug_budget.left:,} of {left.debug_budget.of:,}"


def next_fails(fate: TriggerFate) -> list[str]:
    """What another trigger like this one would not get, and why; empty where it would."""
    left = fate.odometer
    if left is None:
        return []
    why = [REPEATED[r] for r in (fate.event_level, fate.aggregatable) if r in REPEATED]
    made = {report.kind: report for report in fate.reports}
    if ReportKind.EVENT_LEVEL in made and (left.exhausted or not left.event_level_reports.left):
        why.append("no event-level report is left, but in the place of a lower priority")
    if fate.aggregatable is AggregatableResult.SUCCESS:
        needed = sum(c.value for c in made[ReportKind.AGGREGATABLE].contributions)
        charged = next(
            (c for c in fate.trace.aggregatable.checks if c.name == "named-budget"), None
        )
        name = charged.given[1] if charged and isinstance(charged.given, tuple) else None
        if not left.repeats_left(needed, name if isinstance(name, str) else None):
            why.append(f"no budget or report is left for an aggregatable one that needs {needed:,}")
    return why
