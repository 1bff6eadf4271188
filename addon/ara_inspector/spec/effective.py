"""What the browser keeps of a registration: frozen models, defaults filled, values clamped.

May live here: the effective models only - they are the output contract and the JSON Schema.
Reading a header into them is the work of `source`, `trigger` and their parts. Wire names;
integers that JSON cannot hold safely (uint64, int64, uint128) are ints here and strings in
JSON, durations are whole seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

from ara_inspector.spec.models import DecimalText, HexText, Model

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema


class SourceType(StrEnum):
    """https://wicg.github.io/attribution-reporting-api/#source-type ."""

    NAVIGATION = "navigation"
    EVENT = "event"


class TriggerDataMatching(StrEnum):
    """https://wicg.github.io/attribution-reporting-api/#trigger-data-matching-mode ."""

    EXACT = "exact"
    MODULUS = "modulus"


class SourceRegistrationTime(StrEnum):
    """Whether aggregatable reports tell the day of the source."""

    EXCLUDE = "exclude"
    INCLUDE = "include"


class Effective(Model, frozen=True, kw_only=True):
    """Base of all effective models."""


class FilterConfig(Effective, frozen=True, kw_only=True):
    """One filter set; in JSON the values and `_lookback_window` stand side by side."""

    values: Mapping[str, tuple[str, ...]]
    lookback_window: int | None = None

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Called by pydantic when it looks at the model: how a filter set is written."""
        from pydantic_core import core_schema  # noqa: PLC0415 - loaded where asked for

        written = core_schema.plain_serializer_function_ser_schema(
            _flat, return_schema=core_schema.dict_schema(core_schema.str_schema())
        )
        plain = super().__get_pydantic_core_schema__(source, handler)
        return cast("CoreSchema", {**plain, "serialization": written})


class FilterPair(Effective, frozen=True, kw_only=True):
    """`filters` and `not_filters`: lists of sets, any of which may match."""

    filters: tuple[FilterConfig, ...] = ()
    not_filters: tuple[FilterConfig, ...] = ()


class DebugDatum(Effective, frozen=True, kw_only=True):
    """One entry of `debug_data` in aggregatable debug reporting."""

    key_piece: HexText
    types: tuple[str, ...]
    value: int


class TriggerDebugReporting(Effective, frozen=True, kw_only=True):
    """`aggregatable_debug_reporting` of a trigger."""

    key_piece: HexText
    aggregation_coordinator_origin: str
    debug_data: tuple[DebugDatum, ...] = ()


class SourceDebugReporting(TriggerDebugReporting, frozen=True, kw_only=True):
    """`aggregatable_debug_reporting` of a source."""

    budget: int


class EventReportWindows(Effective, frozen=True, kw_only=True):
    """Seconds after the source's time."""

    start_time: int
    end_times: tuple[int, ...]


class AttributionScopes(Effective, frozen=True, kw_only=True):
    """`attribution_scopes` of a source."""

    limit: int
    values: tuple[str, ...]
    max_event_states: int


class Source(Effective, frozen=True, kw_only=True):
    """What the browser keeps of a Register-Source header."""

    source_event_id: DecimalText
    destination: tuple[str, ...]
    """Serialized sites, in Chrome's order."""
    expiry: int
    event_report_windows: EventReportWindows
    aggregatable_report_window: int
    priority: DecimalText
    filter_data: Mapping[str, tuple[str, ...]]
    debug_key: DecimalText | None = None
    debug_reporting: bool
    aggregation_keys: Mapping[str, HexText]
    named_budgets: Mapping[str, int]
    trigger_data: tuple[int, ...]
    trigger_data_matching: TriggerDataMatching
    max_event_level_reports: int
    event_level_epsilon: float
    destination_limit_priority: DecimalText
    aggregatable_debug_reporting: SourceDebugReporting | None = None
    attribution_scopes: AttributionScopes | None = None


class EventTriggerDatum(FilterPair, frozen=True, kw_only=True):
    """One entry of `event_trigger_data`."""

    trigger_data: DecimalText
    priority: DecimalText
    deduplication_key: DecimalText | None = None


class AggregatableTriggerDatum(FilterPair, frozen=True, kw_only=True):
    """One entry of `aggregatable_trigger_data`."""

    key_piece: HexText
    source_keys: tuple[str, ...]


class AggregatableValue(Effective, frozen=True, kw_only=True):
    """What one aggregation key contributes."""

    value: int
    filtering_id: DecimalText


class AggregatableValues(FilterPair, frozen=True, kw_only=True):
    """One entry of `aggregatable_values` (the object form is one entry without filters)."""

    values: Mapping[str, AggregatableValue]


class AggregatableDeduplicationKey(FilterPair, frozen=True, kw_only=True):
    """One entry of `aggregatable_deduplication_keys`."""

    deduplication_key: DecimalText | None = None


class NamedBudget(FilterPair, frozen=True, kw_only=True):
    """One entry of a trigger's `named_budgets`."""

    name: str | None = None


class Trigger(FilterPair, frozen=True, kw_only=True):
    """What the browser keeps of a Register-Trigger header."""

    debug_key: DecimalText | None = None
    debug_reporting: bool
    event_trigger_data: tuple[EventTriggerDatum, ...]
    aggregatable_trigger_data: tuple[AggregatableTriggerDatum, ...]
    aggregatable_values: tuple[AggregatableValues, ...]
    aggregatable_deduplication_keys: tuple[AggregatableDeduplicationKey, ...]
    aggregatable_filtering_id_max_bytes: int
    aggregatable_source_registration_time: SourceRegistrationTime
    aggregation_coordinator_origin: str
    trigger_context_id: str | None = None
    aggregatable_debug_reporting: TriggerDebugReporting | None = None
    attribution_scopes: tuple[str, ...]
    named_budgets: tuple[NamedBudget, ...]


def _flat(config: FilterConfig) -> dict[str, Any]:
    flat: dict[str, Any] = {name: list(values) for name, values in config.values.items()}
    if config.lookback_window is not None:
        flat["_lookback_window"] = config.lookback_window
    return flat
