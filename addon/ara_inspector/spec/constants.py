"""The specification's own limits, each with its anchor. Chromium's choices are in `vendor`."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ara_inspector.spec.effective import SourceType

if TYPE_CHECKING:
    from collections.abc import Mapping

DAY: Final = 86_400
HOUR: Final = 3_600
UINT32_MAX: Final = 2**32 - 1
UINT64_MAX: Final = 2**64 - 1
INT64_MIN: Final = -(2**63)
INT64_MAX: Final = 2**63 - 1

MIN_SOURCE_EXPIRY: Final = DAY
"""Seconds, the lower end of #valid-source-expiry-range ."""

MAX_SOURCE_EXPIRY: Final = 30 * DAY
"""The upper end of #valid-source-expiry-range ."""

MIN_REPORT_WINDOW: Final = HOUR
"""Seconds: #min-report-window ."""

DEFAULT_EARLY_REPORT_WINDOWS: Final[Mapping[SourceType, tuple[int, ...]]] = MappingProxyType(
    {SourceType.NAVIGATION: (2 * DAY, 7 * DAY), SourceType.EVENT: ()}
)
"""Report windows that end before the last one: #obtain-default-effective-windows ."""

MAX_EVENT_REPORT_WINDOWS: Final = 5
"""End times a source may list: #max-settable-event-level-report-windows ."""

DEFAULT_EVENT_LEVEL_REPORTS: Final[Mapping[SourceType, int]] = MappingProxyType(
    {SourceType.NAVIGATION: 3, SourceType.EVENT: 1}
)
"""#default-event-level-attributions-per-source ."""

MAX_SETTABLE_EVENT_LEVEL_REPORTS: Final = 20
"""#max-settable-event-level-attributions-per-source ."""

DEFAULT_TRIGGER_DATA: Final[Mapping[SourceType, tuple[int, ...]]] = MappingProxyType(
    {SourceType.NAVIGATION: tuple(range(8)), SourceType.EVENT: tuple(range(2))}
)
"""#default-trigger-data-cardinality ."""

MAX_TRIGGER_DATA: Final = 32
"""Distinct trigger data of a source: #max-distinct-trigger-data-per-source ."""

MAX_DESTINATIONS: Final = 3
"""Sites a source may name: #max-destinations-per-source ."""

MAX_FILTER_DATA_KEYS: Final = 50
"""#max-entries-per-filter-data ."""

MAX_FILTER_DATA_VALUES: Final = 50
"""#max-values-per-filter-data-entry ."""

MAX_FILTER_STRING: Final = 25
"""Length of a filter data key or value: #max-length-per-filter-string ."""

MAX_AGGREGATION_KEYS: Final = 20
"""#max-aggregation-keys-per-source-registration ."""

MAX_AGGREGATION_KEY_ID: Final = 25
"""Length of an aggregation key's name: #max-length-per-aggregation-key-identifier ."""

ALLOWED_AGGREGATABLE_BUDGET_PER_SOURCE: Final = 65_536
"""What the values of one source may add up to: #allowed-aggregatable-budget-per-source ."""

MAX_NAMED_BUDGETS: Final = 25
"""#max-named-budgets-per-source-registration ."""

MAX_BUDGET_NAME: Final = 25
"""#max-length-per-budget-name-for-source ."""

MAX_ATTRIBUTION_SCOPES: Final = 20
"""#max-attribution-scopes-per-source ."""

MAX_ATTRIBUTION_SCOPE: Final = 50
"""Length of one scope: #max-length-of-attribution-scope-for-source ."""

DEFAULT_MAX_EVENT_STATES: Final = 3
"""#default-max-event-states ."""

MAX_TRIGGER_CONTEXT_ID: Final = 64
"""#max-length-per-trigger-context-id ."""

DEFAULT_FILTERING_ID_MAX_BYTES: Final = 1
"""#default-filtering-id-max-bytes ."""

MAX_FILTERING_ID_MAX_BYTES: Final = 8
"""#valid-filtering-id-max-bytes-range ."""

SOURCE_DEBUG_TYPES: Final = frozenset(
    {
        "source-channel-capacity-limit",
        "source-destination-global-rate-limit",
        "source-destination-limit",
        "source-destination-limit-replaced",
        "source-destination-per-day-rate-limit",
        "source-destination-rate-limit",
        "source-max-event-states-limit",
        "source-noised",
        "source-reporting-origin-limit",
        "source-reporting-origin-per-site-limit",
        "source-scopes-channel-capacity-limit",
        "source-storage-limit",
        "source-success",
        "source-trigger-state-cardinality-limit",
        "source-unknown-error",
        "unspecified",
    }
)
"""What aggregatable debug reporting of a source may name: #source-debug-data-type .

The reference validator lacks the limit per day; Chrome knows it, as its parsed registrations show.
"""

TRIGGER_DEBUG_TYPES: Final = frozenset(
    {
        "trigger-aggregate-attributions-per-source-destination-limit",
        "trigger-aggregate-deduplicated",
        "trigger-aggregate-excessive-reports",
        "trigger-aggregate-insufficient-budget",
        "trigger-aggregate-insufficient-named-budget",
        "trigger-aggregate-no-contributions",
        "trigger-aggregate-report-window-passed",
        "trigger-aggregate-storage-limit",
        "trigger-event-attributions-per-source-destination-limit",
        "trigger-event-deduplicated",
        "trigger-event-excessive-reports",
        "trigger-event-low-priority",
        "trigger-event-no-matching-configurations",
        "trigger-event-no-matching-trigger-data",
        "trigger-event-noise",
        "trigger-event-report-window-not-started",
        "trigger-event-report-window-passed",
        "trigger-event-storage-limit",
        "trigger-no-matching-filter-data",
        "trigger-no-matching-source",
        "trigger-reporting-origin-limit",
        "trigger-unknown-error",
        "unspecified",
    }
)
"""The same for a trigger: #trigger-debug-data-type ."""

ATTRIBUTION_RATE_LIMIT_WINDOW: Final = 30 * DAY
"""#attribution-rate-limit-window ."""

MAX_CONTRIBUTIONS_PER_AGGREGATABLE_DEBUG_REPORT: Final = 2
"""#max-contributions-per-aggregatable-debug-report ."""

AGGREGATABLE_DEBUG_RATE_LIMIT_WINDOW: Final = DAY
"""#aggregatable-debug-rate-limit-window ."""

MAX_AGGREGATABLE_DEBUG_BUDGET_PER_CONTEXT_SITE: Final = 2**20
"""First of #max-aggregatable-debug-budget-per-rate-limit-window ."""

MAX_AGGREGATABLE_DEBUG_BUDGET_PER_REPORTING_SITE: Final = 65_536
"""Second of #max-aggregatable-debug-budget-per-rate-limit-window ."""
