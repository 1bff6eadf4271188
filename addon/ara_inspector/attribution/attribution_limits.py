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


def require_attributions_left(
    storage: AttributionStorage,
    checks: Checks,
    scope: RateLimitScope,
    source: StoredSource,
    destination: str,
) -> None:
    """Check if attribution should be blocked by attribution rate limit; stops where it should.

    https://wicg.github.io/attribution-reporting-api/#check-if-attribution-should-be-blocked-by-attribution-rate-limit
    """
    most = storage.limits.max_attributions
    made = storage.rate_limits.attributions(scope, source, destination)
    checks.require(
        "attribution-limit",
        made < most,
        RESULTS[scope].EXCESSIVE_ATTRIBUTIONS,
        given=made,
        wanted=most,
    )


def require_reporting_origin_allowed(
    storage: AttributionStorage,
    checks: Checks,
    scope: RateLimitScope,
    source: StoredSource,
    destination: str,
) -> None:
    """Should block processing for reporting origin limit; stops where it should.

    https://wicg.github.io/attribution-reporting-api/#should-block-processing-for-reporting-origin-limit
    """
    most = storage.limits.max_attribution_reporting_origins
    origins = storage.rate_limits.attribution_reporting_origins(source, destination)
    checks.require(
        "attribution-reporting-origin-limit",
        origins <= most,
        RESULTS[scope].EXCESSIVE_REPORTING_ORIGINS,
        given=origins,
        wanted=most,
    )
