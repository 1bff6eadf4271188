"""Triggering attribution: from a trigger registration to both results and all reports.

May live here: https://wicg.github.io/attribution-reporting-api/#trigger-attribution , which
only puts the other algorithms in order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.attribution import aggregatable_debug, debug_reports
from ara_inspector.attribution.aggregatable import (
    contains_aggregatable_data,
    generate_null_attribution_reports,
    trigger_aggregatable_attribution,
)
from ara_inspector.attribution.effects import Effects, Possibility, Removal, RemovalReason
from ara_inspector.attribution.event_level import (
    EventLevelOutcome,
    trigger_event_level_attribution,
)
from ara_inspector.attribution.filters import match_filter_pair
from ara_inspector.attribution.matching import Match, find_matching_sources, near_misses
from ara_inspector.attribution.results import (
    AGGREGATABLE_DEBUG_TYPES,
    EVENT_LEVEL_DEBUG_TYPES,
    AggregatableResult,
    EventLevelResult,
)
from ara_inspector.attribution.sources import Odometer, StoredSource, odometer
from ara_inspector.attribution.trace import Candidate, Check, Level, TriggerTrace, Verdict

if TYPE_CHECKING:
    from ara_inspector.attribution.delivery import ExpectedReport
    from ara_inspector.attribution.registered import TriggerRegistration
    from ara_inspector.attribution.storage import AttributionStorage


class TriggerOutcome(Struct, frozen=True, gc=False, kw_only=True):
    """What became of a trigger, why, and what else happened."""

    registration: TriggerRegistration
    event_level: EventLevelResult
    aggregatable: AggregatableResult
    trace: TriggerTrace
    debug_types: tuple[str, ...]
    """What a verbose debug report lists, whether or not the trigger asks for one."""
    source: StoredSource | None
    """The source the trigger was attributed to, or would have been."""
    odometer: Odometer | None
    """What is left of it right after this trigger."""
    reports: tuple[ExpectedReport, ...]
    withdrawn: tuple[int, ...]
    removals: tuple[Removal, ...]
    possibilities: tuple[Possibility, ...]


_NOTHING: Final = Match(None, (), ())
_ATTRIBUTED: Final[frozenset[str]] = frozenset(
    {
        EventLevelResult.SUCCESS,
        EventLevelResult.SUCCESS_DROPPED_LOWER_PRIORITY,
        AggregatableResult.SUCCESS,
    }
)


class _Levels(Struct, frozen=True, gc=False):
    event_level: EventLevelOutcome
    aggregatable: Level[AggregatableResult]


def trigger_attribution(
    storage: AttributionStorage, registration: TriggerRegistration
) -> TriggerOutcome:
    """https://wicg.github.io/attribution-reporting-api/#trigger-attribution ."""
    storage.advance(registration.time)
    effects = Effects()
    trigger = registration.trigger
    if not trigger.event_trigger_data and not contains_aggregatable_data(trigger):
        # Chrome does nothing at all then: no deletion, no debug report of any kind.
        levels = _Levels(
            EventLevelOutcome(Level(EventLevelResult.NOT_REGISTERED)),
            Level(AggregatableResult.NOT_REGISTERED),
        )
        return _outcome(storage, registration, _NOTHING, _trace(levels, _NOTHING), effects)
    match = find_matching_sources(storage, registration)
    filters = _check_filters(match.winner, registration)
    levels = _attribute(storage, registration, match, filters, effects)
    misses = near_misses(storage, registration) if match.winner is None else ()
    types = debug_reports.trigger_debug_types(levels.event_level.level, levels.aggregatable)
    effects.reports += debug_reports.on_trigger_registration(
        storage, levels.event_level, levels.aggregatable, registration, match.winner
    )
    effects.reports += aggregatable_debug.on_trigger_registration(
        storage, types, registration, match.winner
    )
    if contains_aggregatable_data(trigger):
        made = levels.aggregatable.result is AggregatableResult.SUCCESS
        generate_null_attribution_reports(
            storage, registration, match.winner if made else None, effects
        )
    return _outcome(storage, registration, match, _trace(levels, match, filters, misses), effects)


def _check_filters(
    source: StoredSource | None, registration: TriggerRegistration
) -> tuple[Check, ...]:
    """The trigger's top-level filters against the chosen source."""
    if source is None:
        return ()
    mismatch = match_filter_pair(source, registration.trigger, registration.time)
    verdict = Verdict.PASSED if mismatch is None else Verdict.FAILED
    return (Check("filters", verdict, mismatch, None, source.id),)


def _attribute(
    storage: AttributionStorage,
    registration: TriggerRegistration,
    match: Match,
    filters: tuple[Check, ...],
    effects: Effects,
) -> _Levels:
    if match.winner is None:
        return _both(
            registration,
            EventLevelResult.NO_MATCHING_SOURCES,
            AggregatableResult.NO_MATCHING_SOURCES,
        )
    if filters[0].verdict is Verdict.FAILED:
        return _both(
            registration,
            EventLevelResult.NO_MATCHING_SOURCE_FILTER_DATA,
            AggregatableResult.NO_MATCHING_SOURCE_FILTER_DATA,
        )
    for loser in match.losers:
        effects.removals.append(
            storage.remove(
                loser,
                RemovalReason.LOST_TO_ANOTHER_SOURCE,
                cause_id=registration.id,
                now=registration.time,
            )
        )
    event_level = trigger_event_level_attribution(storage, registration, match.winner, effects)
    aggregatable = trigger_aggregatable_attribution(storage, registration, match.winner, effects)
    if _ATTRIBUTED & {event_level.level.result, aggregatable.result}:
        storage.rate_limits.drop_old(registration.time)
    return _Levels(event_level, aggregatable)


def _both(
    registration: TriggerRegistration,
    event_level: EventLevelResult,
    aggregatable: AggregatableResult,
) -> _Levels:
    """A result for each level the trigger has data for."""
    trigger = registration.trigger
    if not trigger.event_trigger_data:
        event_level = EventLevelResult.NOT_REGISTERED
    if not contains_aggregatable_data(trigger):
        aggregatable = AggregatableResult.NOT_REGISTERED
    return _Levels(
        EventLevelOutcome(Level(event_level, debug_type=EVENT_LEVEL_DEBUG_TYPES.get(event_level))),
        Level(aggregatable, debug_type=AGGREGATABLE_DEBUG_TYPES.get(aggregatable)),
    )


def _trace(
    levels: _Levels,
    match: Match,
    filters: tuple[Check, ...] = (),
    misses: tuple[Candidate, ...] = (),
) -> TriggerTrace:
    return TriggerTrace(
        match.candidates,
        match.untold,
        misses,
        filters,
        levels.event_level.level,
        levels.aggregatable,
    )


def _outcome(
    storage: AttributionStorage,
    registration: TriggerRegistration,
    match: Match,
    trace: TriggerTrace,
    effects: Effects,
) -> TriggerOutcome:
    return TriggerOutcome(
        registration=registration,
        event_level=trace.event_level.result,
        aggregatable=trace.aggregatable.result,
        trace=trace,
        debug_types=debug_reports.trigger_debug_types(trace.event_level, trace.aggregatable),
        source=match.winner,
        odometer=odometer(match.winner, storage.limits) if match.winner is not None else None,
        reports=tuple(effects.reports),
        withdrawn=tuple(effects.withdrawn),
        removals=tuple(effects.removals),
        possibilities=tuple(effects.possibilities),
    )
