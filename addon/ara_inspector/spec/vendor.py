"""Chromium's choices where the specification leaves the value to the browser.

May live here: vendor-specific values only, each under its specification name
(https://wicg.github.io/attribution-reporting-api/#vendor-specific-values). The values are
those of Chromium 138, as its published parameters give them and as measured.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

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
