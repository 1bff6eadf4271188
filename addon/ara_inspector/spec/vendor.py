"""Chromium's choices where the specification leaves the value to the browser.

May live here: vendor-specific values only, each under its specification name
(https://wicg.github.io/attribution-reporting-api/#vendor-specific-values). The values are
those of Chromium 138, as its published parameters give them and as measured.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.spec.constants import DAY
from ara_inspector.spec.effective import SourceType

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_SETTABLE_EVENT_LEVEL_EPSILON: Final = 14.0
"""Also the default: #max-settable-event-level-epsilon ."""

MAX_TRIGGER_STATE_CARDINALITY: Final = 2**32 - 1
"""#max-trigger-state-cardinality ."""

MAX_EVENT_LEVEL_CHANNEL_CAPACITY: Final[Mapping[SourceType, float]] = MappingProxyType(
    {SourceType.NAVIGATION: 11.5, SourceType.EVENT: 6.5}
)
"""Bits a source: #max-event-level-channel-capacity-per-source ."""

MAX_EVENT_LEVEL_SCOPES_CHANNEL_CAPACITY: Final[Mapping[SourceType, float]] = MappingProxyType(
    {SourceType.NAVIGATION: 11.55, SourceType.EVENT: 6.5}
)
"""Bits a source: #max-event-level-attribution-scopes-channel-capacity-per-source ."""

AGGREGATION_COORDINATOR_ORIGINS: Final = (
    "https://publickeyservice.msmt.aws.privacysandboxservices.com",
    "https://publickeyservice.msmt.gcp.privacysandboxservices.com",
)
"""The origins a registration may name; the first is the default."""


class AttributionLimits(Struct, frozen=True, gc=False, kw_only=True):
    """How much the browser stores, attributes and sends; each field is a vendor-specific value.

    One object, so that another browser, another version or a test can pass its own. Windows
    and delays are seconds. Fields ending in `_total` count over all reporting sites.
    """

    max_pending_sources_per_source_origin: int = 4096
    max_event_level_reports_per_destination: int = 1024
    max_aggregatable_reports_per_destination: int = 1024
    max_aggregatable_reports_per_source: int = 20
    max_aggregatable_debug_reports_per_source: int = 5
    max_destinations_covered_by_unexpired_sources: int = 100
    destination_rate_limit_window: int = 60
    max_destinations_per_rate_limit_window_total: int = 200
    max_destinations_per_rate_limit_window: int = 50
    max_destinations_per_day: int = 100
    max_source_reporting_origins: int = 100
    max_source_reporting_origins_per_reporting_site: int = 1
    origin_rate_limit_window: int = DAY
    max_attribution_reporting_origins: int = 10
    max_attributions: int = 100
    aggregatable_report_delay: int = 600
    null_report_rate_excluding_source_registration_time: float = 0.05
    null_report_rate_including_source_registration_time: float = 0.008
    aggregatable_report_contributions: int = 20
    """Chrome fills every aggregatable report up to this many, so that the size tells nothing."""


CHROMIUM_LIMITS: Final = AttributionLimits()
"""Chromium 138's own."""
