"""The rate limits both levels of attribution are held to, as checks.

May live here: what event-level and aggregatable attribution check alike. The records behind the
counts are in `rate_limits`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ara_inspector.attribution.rate_limits import RateLimitScope
from ara_inspector.attribution.results import AggregatableResult, EventLevelResult

if TYPE_CHECKING:
    from ara_inspector.attribution.sources import StoredSource
    from ara_inspector.attribution.storage import AttributionStorage
    from ara_inspector.attribution.trace import Checks

RESULTS: Final[dict[RateLimitScope, type[EventLevelResult | AggregatableResult]]] = {
    RateLimitScope.EVENT_ATTRIBUTION: EventLevelResult,
    RateLimitScope.AGGREGATABLE_ATTRIBUTION: AggregatableResult,
}
"""The result words of the level a scope belongs to."""


def require_attribution_allowed(
    storage: AttributionStorage,
    checks: Checks,
    scope: RateLimitScope,
    source: StoredSource,
    destination: str,
) -> None:
    """Check if attribution should be blocked by rate limits; stops where it should.

    https://wicg.github.io/attribution-reporting-api/#check-if-attribution-should-be-blocked-by-rate-limits
    """
    limits, records = storage.limits, storage.rate_limits
    made = records.attributions(scope, source, destination)
    results = RESULTS[scope]
    checks.require(
        "attribution-limit",
        made < limits.max_attributions,
        results.EXCESSIVE_ATTRIBUTIONS,
        given=made,
        wanted=limits.max_attributions,
    )
    origins = records.attribution_reporting_origins(source, destination)
    checks.require(
        "attribution-reporting-origin-limit",
        origins <= limits.max_attribution_reporting_origins,
        results.EXCESSIVE_REPORTING_ORIGINS,
        given=origins,
        wanted=limits.max_attribution_reporting_origins,
    )
