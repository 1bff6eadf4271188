"""Outcomes as findings: which rule tells each of Chrome's result words, and with which values.

May live here: the table from result to rule, and what its message takes from the check that
decided. A finding says what the engine found; how sure that is, the caller knows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from ara_inspector.attribution.aggregatable import find_matching_budget_name
from ara_inspector.attribution.effects import RemovalReason
from ara_inspector.attribution.outcomes import (
    AGGREGATABLE_DEDUPLICATED,
    AGGREGATABLE_REPORTS_USED_UP,
    AGGREGATABLE_WINDOW_PASSED,
    ATTRIBUTION_LIMIT,
    ATTRIBUTION_REPORTING_ORIGINS,
    BUDGET_USED_UP,
    DESTINATIONS_PER_DAY,
    DESTINATIONS_PER_MINUTE,
    DESTINATIONS_PER_MINUTE_TOTAL,
    EVENT_DEDUPLICATED,
    EVENT_NOISE,
    EVENT_REPORTS_USED_UP,
    EVENT_WINDOW_NOT_STARTED,
    EVENT_WINDOW_PASSED,
    FILTERS_DO_NOT_MATCH,
    NAMED_BUDGET_USED_UP,
    NEXT_WILL_NOT_FIT,
    NO_CONTRIBUTIONS,
    NO_MATCHING_CONFIGURATION,
    NO_MATCHING_SOURCE,
    NO_MATCHING_TRIGGER_DATA,
    NOTHING_TO_REPORT,
    PRIORITY_TOO_LOW,
    REPORT_REPLACED,
    REPORT_STORAGE_FULL,
    SECOND_REPORTING_ORIGIN,
    SOURCE_NOISED,
    SOURCE_REPORTING_ORIGINS,
    SOURCE_STORAGE_FULL,
    SOURCES_DELETED,
    SOURCES_PUSHED_OUT,
    SOURCES_REMOVED_BY_SCOPES,
    UNEXPIRED_DESTINATIONS,
)
from ara_inspector.attribution.results import AggregatableResult, EventLevelResult, SourceResult
from ara_inspector.attribution.trace import Check
from ara_inspector.findings import Finding, Param, Rule, Words
from ara_inspector.reports.endpoints import ReportKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ara_inspector.attribution.effects import Removal
    from ara_inspector.attribution.storing import SourceOutcome
    from ara_inspector.attribution.trace import Value
    from ara_inspector.attribution.triggering import TriggerOutcome

type Params = dict[str, Param]
type Told = tuple[Rule, Callable[[Check], Params]]
"""A rule, and what its message takes from the check that decided."""


def _nothing(_: Check) -> Params:
    return {}


def _compared(check: Check) -> Params:
    return {"given": _scalar(check.given), "wanted": _scalar(check.wanted)}


def _event_level(check: Check) -> Params:
    return {"level": Words("event-level"), **_compared(check)}


def _aggregatable(check: Check) -> Params:
    return {"level": Words("aggregatable"), **_compared(check)}


def _key(check: Check) -> Params:
    return {"key": _scalar(check.given)}


def _keys(check: Check) -> Params:
    return {"keys": _scalar(check.given)}


def _given(check: Check) -> Params:
    return {"given": _scalar(check.given)}


def _other(check: Check) -> Params:
    return {"other": _scalar(_items(check.given)[0])}


def _tried(check: Check) -> Params:
    return {"tried": len(_items(check.wanted))}


def _named(check: Check) -> Params:
    left, name = _items(check.given)
    return {"given": _scalar(left), "wanted": _scalar(check.wanted), "name": _scalar(name)}


def _sources(count: int) -> Params:
    return {"count": count, "sources": Words.counted(count, "source")}


def _items(value: Value) -> tuple[Value, ...]:
    return value if isinstance(value, tuple) else (value,)


def _scalar(value: Value) -> Param:
    if isinstance(value, tuple):
        return ", ".join(str(_scalar(item)) for item in value)
    return json.dumps(value) if isinstance(value, Mapping) else value


SOURCE_RULES: Final[Mapping[SourceResult, Told]] = {
    SourceResult.SUCCESS_NOISED: (SOURCE_NOISED, _nothing),
    SourceResult.INSUFFICIENT_SOURCE_CAPACITY: (SOURCE_STORAGE_FULL, _compared),
    SourceResult.INSUFFICIENT_UNIQUE_DESTINATION_CAPACITY: (UNEXPIRED_DESTINATIONS, _compared),
    SourceResult.EXCESSIVE_REPORTING_ORIGINS: (SOURCE_REPORTING_ORIGINS, _compared),
    SourceResult.DESTINATION_REPORTING_LIMIT_REACHED: (DESTINATIONS_PER_MINUTE, _compared),
    SourceResult.DESTINATION_BOTH_LIMITS_REACHED: (DESTINATIONS_PER_MINUTE, _compared),
    SourceResult.DESTINATION_GLOBAL_LIMIT_REACHED: (DESTINATIONS_PER_MINUTE_TOTAL, _compared),
    SourceResult.DESTINATION_PER_DAY_REPORTING_LIMIT_REACHED: (DESTINATIONS_PER_DAY, _compared),
    SourceResult.REPORTING_ORIGINS_PER_SITE_LIMIT_REACHED: (SECOND_REPORTING_ORIGIN, _other),
}
"""Success says nothing; what the header alone decides has its rules in `spec`."""

EVENT_LEVEL_RULES: Final[Mapping[EventLevelResult, Told]] = {
    EventLevelResult.SUCCESS_DROPPED_LOWER_PRIORITY: (REPORT_REPLACED, _nothing),
    EventLevelResult.FALSELY_ATTRIBUTED_SOURCE: (EVENT_NOISE, _nothing),
    EventLevelResult.NEVER_ATTRIBUTED_SOURCE: (EVENT_NOISE, _nothing),
    EventLevelResult.NO_MATCHING_CONFIGURATIONS: (NO_MATCHING_CONFIGURATION, _tried),
    EventLevelResult.DEDUPLICATED: (EVENT_DEDUPLICATED, _key),
    EventLevelResult.NO_MATCHING_TRIGGER_DATA: (NO_MATCHING_TRIGGER_DATA, _given),
    EventLevelResult.REPORT_WINDOW_NOT_STARTED: (EVENT_WINDOW_NOT_STARTED, _compared),
    EventLevelResult.REPORT_WINDOW_PASSED: (EVENT_WINDOW_PASSED, _compared),
    EventLevelResult.EXCESSIVE_REPORTS: (EVENT_REPORTS_USED_UP, _compared),
    EventLevelResult.PRIORITY_TOO_LOW: (PRIORITY_TOO_LOW, _compared),
    EventLevelResult.EXCESSIVE_ATTRIBUTIONS: (ATTRIBUTION_LIMIT, _event_level),
    EventLevelResult.EXCESSIVE_REPORTING_ORIGINS: (ATTRIBUTION_REPORTING_ORIGINS, _event_level),
    EventLevelResult.NO_CAPACITY_FOR_ATTRIBUTION_DESTINATION: (REPORT_STORAGE_FULL, _event_level),
}
AGGREGATABLE_RULES: Final[Mapping[AggregatableResult, Told]] = {
    AggregatableResult.REPORT_WINDOW_PASSED: (AGGREGATABLE_WINDOW_PASSED, _compared),
    AggregatableResult.DEDUPLICATED: (AGGREGATABLE_DEDUPLICATED, _key),
    AggregatableResult.NO_HISTOGRAMS: (NO_CONTRIBUTIONS, _keys),
    AggregatableResult.EXCESSIVE_REPORTS: (AGGREGATABLE_REPORTS_USED_UP, _compared),
    AggregatableResult.INSUFFICIENT_BUDGET: (BUDGET_USED_UP, _compared),
    AggregatableResult.INSUFFICIENT_NAMED_BUDGET: (NAMED_BUDGET_USED_UP, _named),
    AggregatableResult.EXCESSIVE_ATTRIBUTIONS: (ATTRIBUTION_LIMIT, _aggregatable),
    AggregatableResult.EXCESSIVE_REPORTING_ORIGINS: (ATTRIBUTION_REPORTING_ORIGINS, _aggregatable),
    AggregatableResult.NO_CAPACITY_FOR_ATTRIBUTION_DESTINATION: (
        REPORT_STORAGE_FULL,
        _aggregatable,
    ),
}
_SCOPE_REASONS: Final = frozenset(
    {
        RemovalReason.UNSCOPED,
        RemovalReason.SCOPES_INCOMPATIBLE,
        RemovalReason.SCOPE_NOT_SELECTED,
    }
)


def source_findings(outcome: SourceOutcome) -> Iterator[Finding]:
    """What is worth telling about a source's fate."""
    told = SOURCE_RULES.get(outcome.result)
    if told is not None:
        yield _finding(told, outcome.checks[-1])
    scoped = _count(outcome.removals, _SCOPE_REASONS)
    if scoped:
        yield SOURCES_REMOVED_BY_SCOPES.at((), **_sources(scoped))
    pushed = _count(outcome.removals, {RemovalReason.DESTINATION_LIMIT})
    if pushed:
        yield SOURCES_PUSHED_OUT.at((), **_sources(pushed))


def trigger_findings(outcome: TriggerOutcome) -> Iterator[Finding]:
    """What is worth telling about a trigger's fate, event-level before aggregatable."""
    common = _common(outcome)
    if common is not None:
        yield common
        return
    for told, level in (
        (EVENT_LEVEL_RULES.get(outcome.event_level), outcome.trace.event_level),
        (AGGREGATABLE_RULES.get(outcome.aggregatable), outcome.trace.aggregatable),
    ):
        if told is not None:
            yield _finding(told, level.checks[-1])
    yield from _forecast(outcome)
    lost = _count(outcome.removals, {RemovalReason.LOST_TO_ANOTHER_SOURCE})
    if lost:
        yield SOURCES_DELETED.at((), **_sources(lost))


def _common(outcome: TriggerOutcome) -> Finding | None:
    """What stops a trigger before its levels part."""
    words = {outcome.event_level.value, outcome.aggregatable.value}
    if words == {EventLevelResult.NOT_REGISTERED.value}:
        return NOTHING_TO_REPORT.at()
    if EventLevelResult.NO_MATCHING_SOURCES.value in words:
        return NO_MATCHING_SOURCE.at(
            reporting_origin=outcome.registration.reporting_origin,
            destination=outcome.registration.attribution_destination,
        )
    if EventLevelResult.NO_MATCHING_SOURCE_FILTER_DATA.value in words:
        return FILTERS_DO_NOT_MATCH.at(mismatch=_scalar(outcome.trace.filters[0].given))
    return None


def _forecast(outcome: TriggerOutcome) -> Iterator[Finding]:
    """Whether the budgets would bear the same report once more."""
    source, budget = outcome.source, outcome.odometer
    if outcome.aggregatable is not AggregatableResult.SUCCESS or source is None or budget is None:
        return
    trigger, moment = outcome.registration.trigger, outcome.registration.time
    required = sum(
        contribution.value
        for report in outcome.reports
        if report.kind is ReportKind.AGGREGATABLE
        for contribution in report.contributions
    )
    name = find_matching_budget_name(source, trigger, moment)
    named = budget.named_budgets.get(name) if name is not None else None
    left = budget.aggregatable_budget.left
    if named is not None:
        left = min(left, named.left)
    if left < required:
        yield NEXT_WILL_NOT_FIT.at(required=required, left=left)


def _finding(told: Told, check: Check) -> Finding:
    rule, params = told
    return Finding(rule, (), params(check))


def _count(
    removals: Iterable[Removal], reasons: frozenset[RemovalReason] | set[RemovalReason]
) -> int:
    return sum(removal.reason in reasons for removal in removals)
