"""Verbose debug reports on source and trigger registration.

May live here: which registrations get one and its body. Chrome 138 and later need no cookie
for them (131 does). https://wicg.github.io/attribution-reporting-api/#obtaining-trigger-verbose-debug-data
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ara_inspector.attribution.aggregatable import find_matching_budget_name
from ara_inspector.attribution.delivery import (
    ExpectedReport,
    serialized_destinations,
)
from ara_inspector.attribution.results import (
    HIDDEN_SOURCE_RESULTS,
    SOURCE_DEBUG_TYPES,
    AggregatableResult,
    EventLevelResult,
    SourceResult,
)
from ara_inspector.reports.endpoints import ReportKind
from ara_inspector.spec import vendor
from ara_inspector.spec.constants import ALLOWED_AGGREGATABLE_BUDGET_PER_SOURCE

if TYPE_CHECKING:
    from ara_inspector.attribution.event_level import EventLevelOutcome
    from ara_inspector.attribution.registered import SourceRegistration, TriggerRegistration
    from ara_inspector.attribution.sources import StoredSource
    from ara_inspector.attribution.storage import AttributionStorage
    from ara_inspector.attribution.trace import Level


def source_debug_type(result: SourceResult, *, noised: bool) -> str:
    """The type as the report tells it: two limits are disguised as success."""
    if result in HIDDEN_SOURCE_RESULTS:
        result = SourceResult.SUCCESS_NOISED if noised else SourceResult.SUCCESS
    return SOURCE_DEBUG_TYPES[result]


def _source_limit(
    storage: AttributionStorage, result: SourceResult, source: StoredSource
) -> str | float | None:
    limits, source_type = storage.limits, source.registration.source_type
    scopes = source.source.attribution_scopes
    match result:
        case SourceResult.EXCEEDS_MAX_CHANNEL_CAPACITY:
            return vendor.MAX_EVENT_LEVEL_CHANNEL_CAPACITY[source_type]
        case SourceResult.EXCEEDS_MAX_SCOPES_CHANNEL_CAPACITY:
            return vendor.MAX_EVENT_LEVEL_SCOPES_CHANNEL_CAPACITY[source_type]
        case SourceResult.EXCEEDS_MAX_TRIGGER_STATE_CARDINALITY:
            limit = vendor.MAX_TRIGGER_STATE_CARDINALITY
        case SourceResult.EXCEEDS_MAX_EVENT_STATES_LIMIT if scopes is not None:
            limit = scopes.max_event_states
        case SourceResult.INSUFFICIENT_SOURCE_CAPACITY:
            limit = limits.max_pending_sources_per_source_origin
        case SourceResult.REPORTING_ORIGINS_PER_SITE_LIMIT_REACHED:
            limit = limits.max_source_reporting_origins_per_reporting_site
        case (
            SourceResult.DESTINATION_REPORTING_LIMIT_REACHED
            | SourceResult.DESTINATION_BOTH_LIMITS_REACHED
        ):
            limit = limits.max_destinations_per_rate_limit_window
        case SourceResult.DESTINATION_PER_DAY_REPORTING_LIMIT_REACHED:
            limit = limits.max_destinations_per_day
        case SourceResult.INSUFFICIENT_UNIQUE_DESTINATION_CAPACITY:
            limit = limits.max_destinations_covered_by_unexpired_sources
        case _:
            return None
    return str(limit)


def on_source_registration(
    storage: AttributionStorage,
    result: SourceResult,
    source: StoredSource,
    *,
    noised: bool,
    destination_limit_replaced: bool,
) -> list[ExpectedReport]:
    """Obtain and deliver a verbose debug report on source registration.

    https://wicg.github.io/attribution-reporting-api/#obtain-and-deliver-a-verbose-debug-report-on-source-registration
    """
    header = source.source
    if not header.debug_reporting:
        return []
    body: dict[str, Any] = {
        "attribution_destination": serialized_destinations(source.destinations),
        "source_event_id": str(header.source_event_id),
        "source_site": source.registration.source_site,
    }
    if header.debug_key is not None:
        body["source_debug_key"] = str(header.debug_key)
    limit = _source_limit(storage, result, source)
    if limit is not None:
        body["limit"] = limit
    if destination_limit_replaced:
        body["source_destination_limit"] = str(
            storage.limits.max_destinations_covered_by_unexpired_sources
        )
    data = [{"type": source_debug_type(result, noised=noised), "body": body}]
    return [_report(storage, data, source.registration, source_id=source.id)]


def _event_level_body(
    storage: AttributionStorage,
    outcome: EventLevelOutcome,
    registration: TriggerRegistration,
    source: StoredSource | None,
) -> dict[str, Any]:
    if outcome.dropped is not None:
        return {**outcome.dropped.body}
    limits = storage.limits
    limit = {
        EventLevelResult.EXCESSIVE_ATTRIBUTIONS: limits.max_attributions,
        EventLevelResult.EXCESSIVE_REPORTING_ORIGINS: limits.max_attribution_reporting_origins,
        EventLevelResult.NO_CAPACITY_FOR_ATTRIBUTION_DESTINATION: (
            limits.max_event_level_reports_per_destination
        ),
    }.get(outcome.level.result)
    return _body(registration, source, limit)


def _aggregatable_body(
    storage: AttributionStorage,
    result: AggregatableResult,
    registration: TriggerRegistration,
    source: StoredSource | None,
) -> dict[str, Any]:
    limits = storage.limits
    if result is AggregatableResult.INSUFFICIENT_NAMED_BUDGET and source is not None:
        name = find_matching_budget_name(source, registration.trigger, registration.time) or ""
        return {**_body(registration, source, source.source.named_budgets[name]), "name": name}
    limit = {
        AggregatableResult.EXCESSIVE_ATTRIBUTIONS: limits.max_attributions,
        AggregatableResult.EXCESSIVE_REPORTING_ORIGINS: limits.max_attribution_reporting_origins,
        AggregatableResult.NO_CAPACITY_FOR_ATTRIBUTION_DESTINATION: (
            limits.max_aggregatable_reports_per_destination
        ),
        AggregatableResult.EXCESSIVE_REPORTS: limits.max_aggregatable_reports_per_source,
        AggregatableResult.INSUFFICIENT_BUDGET: ALLOWED_AGGREGATABLE_BUDGET_PER_SOURCE,
    }.get(result)
    return _body(registration, source, limit)


def _body(
    registration: TriggerRegistration, source: StoredSource | None, limit: int | None
) -> dict[str, Any]:
    body: dict[str, Any] = {"attribution_destination": registration.attribution_destination}
    if limit is not None:
        body["limit"] = str(limit)
    if registration.trigger.debug_key is not None:
        body["trigger_debug_key"] = str(registration.trigger.debug_key)
    if source is not None:
        body["source_event_id"] = str(source.source.source_event_id)
        body["source_site"] = source.registration.source_site
        if source.source.debug_key is not None:
            body["source_debug_key"] = str(source.source.debug_key)
    return body


def trigger_debug_types(
    event_level: Level[EventLevelResult], aggregatable: Level[AggregatableResult]
) -> tuple[str, ...]:
    """The event-level problem, then the aggregatable one if it is another."""
    types = (event_level.debug_type, aggregatable.debug_type)
    return tuple(dict.fromkeys(name for name in types if name is not None))


def on_trigger_registration(
    storage: AttributionStorage,
    event_level: EventLevelOutcome,
    aggregatable: Level[AggregatableResult],
    registration: TriggerRegistration,
    source: StoredSource | None,
) -> list[ExpectedReport]:
    """Obtain and deliver a verbose debug report on trigger registration.

    https://wicg.github.io/attribution-reporting-api/#obtain-and-deliver-a-verbose-debug-report-on-trigger-registration
    """
    if not registration.trigger.debug_reporting:
        return []
    data: list[dict[str, Any]] = []
    for name in trigger_debug_types(event_level.level, aggregatable):
        if name == event_level.level.debug_type:
            body = _event_level_body(storage, event_level, registration, source)
        else:
            body = _aggregatable_body(storage, aggregatable.result, registration, source)
        data.append({"type": name, "body": body})
    if not data:
        return []
    source_id = source.id if source is not None else None
    return [_report(storage, data, registration, source_id=source_id, trigger_id=registration.id)]


def _report(
    storage: AttributionStorage,
    data: list[dict[str, Any]],
    about: SourceRegistration | TriggerRegistration,
    *,
    source_id: str | None,
    trigger_id: str | None = None,
) -> ExpectedReport:
    """Obtain and deliver a verbose debug report.

    https://wicg.github.io/attribution-reporting-api/#obtain-and-deliver-a-verbose-debug-report
    """
    return ExpectedReport(
        number=storage.next_number(),
        kind=ReportKind.VERBOSE,
        reporting_origin=about.reporting_origin,
        body={},
        data=tuple(data),
        earliest=about.time,
        latest=about.time,
        report_time=about.time,
        latest_report_time=about.time,
        source_id=source_id,
        trigger_id=trigger_id,
    )
