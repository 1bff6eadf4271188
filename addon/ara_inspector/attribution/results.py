"""Chrome's words for what became of a registration, and the debug type each is reported as.

May live here: the result enumerations as the DevTools protocol spells them, and the mapping
to debug data types. What the words mean for the reader is in `outcomes`.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class SourceResult(StrEnum):
    """What became of a source."""

    SUCCESS = "success"
    SUCCESS_NOISED = "successNoised"
    INSUFFICIENT_SOURCE_CAPACITY = "insufficientSourceCapacity"
    INSUFFICIENT_UNIQUE_DESTINATION_CAPACITY = "insufficientUniqueDestinationCapacity"
    EXCESSIVE_REPORTING_ORIGINS = "excessiveReportingOrigins"
    DESTINATION_REPORTING_LIMIT_REACHED = "destinationReportingLimitReached"
    DESTINATION_GLOBAL_LIMIT_REACHED = "destinationGlobalLimitReached"
    DESTINATION_BOTH_LIMITS_REACHED = "destinationBothLimitsReached"
    DESTINATION_PER_DAY_REPORTING_LIMIT_REACHED = "destinationPerDayReportingLimitReached"
    REPORTING_ORIGINS_PER_SITE_LIMIT_REACHED = "reportingOriginsPerSiteLimitReached"
    EXCEEDS_MAX_CHANNEL_CAPACITY = "exceedsMaxChannelCapacity"
    EXCEEDS_MAX_SCOPES_CHANNEL_CAPACITY = "exceedsMaxScopesChannelCapacity"
    EXCEEDS_MAX_TRIGGER_STATE_CARDINALITY = "exceedsMaxTriggerStateCardinality"
    EXCEEDS_MAX_EVENT_STATES_LIMIT = "exceedsMaxEventStatesLimit"


class EventLevelResult(StrEnum):
    """What became of a trigger's event-level part."""

    SUCCESS = "success"
    SUCCESS_DROPPED_LOWER_PRIORITY = "successDroppedLowerPriority"
    NOT_REGISTERED = "notRegistered"
    NO_MATCHING_SOURCES = "noMatchingSources"
    NO_MATCHING_SOURCE_FILTER_DATA = "noMatchingSourceFilterData"
    FALSELY_ATTRIBUTED_SOURCE = "falselyAttributedSource"
    NEVER_ATTRIBUTED_SOURCE = "neverAttributedSource"
    NO_MATCHING_CONFIGURATIONS = "noMatchingConfigurations"
    DEDUPLICATED = "deduplicated"
    NO_MATCHING_TRIGGER_DATA = "noMatchingTriggerData"
    REPORT_WINDOW_NOT_STARTED = "reportWindowNotStarted"
    REPORT_WINDOW_PASSED = "reportWindowPassed"
    EXCESSIVE_REPORTS = "excessiveReports"
    PRIORITY_TOO_LOW = "priorityTooLow"
    EXCESSIVE_ATTRIBUTIONS = "excessiveAttributions"
    EXCESSIVE_REPORTING_ORIGINS = "excessiveReportingOrigins"
    NO_CAPACITY_FOR_ATTRIBUTION_DESTINATION = "noCapacityForAttributionDestination"


class AggregatableResult(StrEnum):
    """What became of a trigger's aggregatable part."""

    SUCCESS = "success"
    NOT_REGISTERED = "notRegistered"
    NO_MATCHING_SOURCES = "noMatchingSources"
    NO_MATCHING_SOURCE_FILTER_DATA = "noMatchingSourceFilterData"
    REPORT_WINDOW_PASSED = "reportWindowPassed"
    DEDUPLICATED = "deduplicated"
    NO_HISTOGRAMS = "noHistograms"
    NO_CAPACITY_FOR_ATTRIBUTION_DESTINATION = "noCapacityForAttributionDestination"
    EXCESSIVE_ATTRIBUTIONS = "excessiveAttributions"
    EXCESSIVE_REPORTING_ORIGINS = "excessiveReportingOrigins"
    EXCESSIVE_REPORTS = "excessiveReports"
    INSUFFICIENT_BUDGET = "insufficientBudget"
    INSUFFICIENT_NAMED_BUDGET = "insufficientNamedBudget"


type Result = SourceResult | EventLevelResult | AggregatableResult

SOURCE_DEBUG_TYPES: Final[Mapping[SourceResult, str]] = MappingProxyType(
    {
        SourceResult.SUCCESS: "source-success",
        SourceResult.SUCCESS_NOISED: "source-noised",
        SourceResult.INSUFFICIENT_SOURCE_CAPACITY: "source-storage-limit",
        SourceResult.INSUFFICIENT_UNIQUE_DESTINATION_CAPACITY: "source-destination-limit",
        SourceResult.EXCESSIVE_REPORTING_ORIGINS: "source-reporting-origin-limit",
        SourceResult.DESTINATION_REPORTING_LIMIT_REACHED: "source-destination-rate-limit",
        SourceResult.DESTINATION_GLOBAL_LIMIT_REACHED: "source-destination-global-rate-limit",
        SourceResult.DESTINATION_BOTH_LIMITS_REACHED: "source-destination-rate-limit",
        SourceResult.DESTINATION_PER_DAY_REPORTING_LIMIT_REACHED: (
            "source-destination-per-day-rate-limit"
        ),
        SourceResult.REPORTING_ORIGINS_PER_SITE_LIMIT_REACHED: (
            "source-reporting-origin-per-site-limit"
        ),
        SourceResult.EXCEEDS_MAX_CHANNEL_CAPACITY: "source-channel-capacity-limit",
        SourceResult.EXCEEDS_MAX_SCOPES_CHANNEL_CAPACITY: "source-scopes-channel-capacity-limit",
        SourceResult.EXCEEDS_MAX_TRIGGER_STATE_CARDINALITY: (
            "source-trigger-state-cardinality-limit"
        ),
        SourceResult.EXCEEDS_MAX_EVENT_STATES_LIMIT: "source-max-event-states-limit",
    }
)
"""https://wicg.github.io/attribution-reporting-api/#source-debug-data-type ."""

HIDDEN_SOURCE_RESULTS: Final = frozenset(
    {
        SourceResult.DESTINATION_GLOBAL_LIMIT_REACHED,
        SourceResult.EXCESSIVE_REPORTING_ORIGINS,
    }
)
"""Refusals whose verbose debug report says success: they depend on other reporting sites."""

_NO_MATCHING_SOURCE: Final = "trigger-no-matching-source"
_NO_MATCHING_FILTER_DATA: Final = "trigger-no-matching-filter-data"
_REPORTING_ORIGIN_LIMIT: Final = "trigger-reporting-origin-limit"

EVENT_LEVEL_DEBUG_TYPES: Final[Mapping[EventLevelResult, str]] = MappingProxyType(
    {
        EventLevelResult.NO_MATCHING_SOURCES: _NO_MATCHING_SOURCE,
        EventLevelResult.NO_MATCHING_SOURCE_FILTER_DATA: _NO_MATCHING_FILTER_DATA,
        EventLevelResult.FALSELY_ATTRIBUTED_SOURCE: "trigger-event-noise",
        EventLevelResult.NEVER_ATTRIBUTED_SOURCE: "trigger-event-noise",
        EventLevelResult.NO_MATCHING_CONFIGURATIONS: "trigger-event-no-matching-configurations",
        EventLevelResult.DEDUPLICATED: "trigger-event-deduplicated",
        EventLevelResult.NO_MATCHING_TRIGGER_DATA: "trigger-event-no-matching-trigger-data",
        EventLevelResult.REPORT_WINDOW_NOT_STARTED: "trigger-event-report-window-not-started",
        EventLevelResult.REPORT_WINDOW_PASSED: "trigger-event-report-window-passed",
        EventLevelResult.EXCESSIVE_REPORTS: "trigger-event-excessive-reports",
        EventLevelResult.PRIORITY_TOO_LOW: "trigger-event-low-priority",
        EventLevelResult.EXCESSIVE_ATTRIBUTIONS: (
            "trigger-event-attributions-per-source-destination-limit"
        ),
        EventLevelResult.EXCESSIVE_REPORTING_ORIGINS: _REPORTING_ORIGIN_LIMIT,
        EventLevelResult.NO_CAPACITY_FOR_ATTRIBUTION_DESTINATION: "trigger-event-storage-limit",
    }
)
"""https://wicg.github.io/attribution-reporting-api/#trigger-debug-data-type ; success has none."""

AGGREGATABLE_DEBUG_TYPES: Final[Mapping[AggregatableResult, str]] = MappingProxyType(
    {
        AggregatableResult.NO_MATCHING_SOURCES: _NO_MATCHING_SOURCE,
        AggregatableResult.NO_MATCHING_SOURCE_FILTER_DATA: _NO_MATCHING_FILTER_DATA,
        AggregatableResult.REPORT_WINDOW_PASSED: "trigger-aggregate-report-window-passed",
        AggregatableResult.DEDUPLICATED: "trigger-aggregate-deduplicated",
        AggregatableResult.NO_HISTOGRAMS: "trigger-aggregate-no-contributions",
        AggregatableResult.NO_CAPACITY_FOR_ATTRIBUTION_DESTINATION: (
            "trigger-aggregate-storage-limit"
        ),
        AggregatableResult.EXCESSIVE_ATTRIBUTIONS: (
            "trigger-aggregate-attributions-per-source-destination-limit"
        ),
        AggregatableResult.EXCESSIVE_REPORTING_ORIGINS: _REPORTING_ORIGIN_LIMIT,
        AggregatableResult.EXCESSIVE_REPORTS: "trigger-aggregate-excessive-reports",
        AggregatableResult.INSUFFICIENT_BUDGET: "trigger-aggregate-insufficient-budget",
        AggregatableResult.INSUFFICIENT_NAMED_BUDGET: "trigger-aggregate-insufficient-named-budget",
    }
)
"""As above, for the aggregatable part."""
