from __future__ import annotations

from ara_inspector.attribution.results import (
    AGGREGATABLE_DEBUG_TYPES,
    EVENT_LEVEL_DEBUG_TYPES,
    SOURCE_DEBUG_TYPES,
    AggregatableResult,
    EventLevelResult,
    SourceResult,
)
from ara_inspector.spec import constants


def test_every_source_result_has_a_debug_type() -> None:
    assert set(SOURCE_DEBUG_TYPES) == set(SourceResult)
    assert set(SOURCE_DEBUG_TYPES.values()) <= constants.SOURCE_DEBUG_TYPES


def test_every_trigger_result_but_success_has_a_debug_type() -> None:
    silent = {EventLevelResult.SUCCESS, EventLevelResult.SUCCESS_DROPPED_LOWER_PRIORITY}
    assert set(EventLevelResult) - set(EVENT_LEVEL_DEBUG_TYPES) == silent | {
        EventLevelResult.NOT_REGISTERED
    }
    assert set(AggregatableResult) - set(AGGREGATABLE_DEBUG_TYPES) == {
        AggregatableResult.SUCCESS,
        AggregatableResult.NOT_REGISTERED,
    }
    told = {*EVENT_LEVEL_DEBUG_TYPES.values(), *AGGREGATABLE_DEBUG_TYPES.values()}
    assert told <= constants.TRIGGER_DEBUG_TYPES
