"""Effective values are frozen and write themselves as a header would."""

from __future__ import annotations

import subprocess
import sys

import pytest
from pydantic import TypeAdapter, ValidationError

from ara_inspector.spec.effective import (
    AggregatableValue,
    EventTriggerDatum,
    FilterConfig,
    TriggerDebugReporting,
)


def test_frozen() -> None:
    value = AggregatableValue(value=1, filtering_id=0)
    with pytest.raises(AttributeError):
        value.value = 2  # type: ignore[misc] # what is tested


def test_nothing_extra() -> None:
    adapter = TypeAdapter(AggregatableValue)
    with pytest.raises(ValidationError):
        adapter.validate_python({"value": 1, "filtering_id": 0, "more": 1})
    assert adapter.json_schema()["additionalProperties"] is False


def test_pydantic_is_loaded_only_to_write() -> None:
    program = """
import sys
from ara_inspector.addon import AttributionInspector
from ara_inspector.spec.effective import AggregatableValue, SourceType
from ara_inspector.spec.source import read_source
AttributionInspector()
value = read_source('{"destination": "https://shop.example"}', SourceType.EVENT).value
assert "pydantic" not in sys.modules
assert value.to_json()["destination"] == ["https://shop.example"]
assert "pydantic" in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_64_bits_are_strings_and_absent_stays_absent() -> None:
    datum = EventTriggerDatum(trigger_data=2**64 - 1, priority=-(2**63))
    assert datum.to_json() == {
        "filters": [],
        "not_filters": [],
        "trigger_data": "18446744073709551615",
        "priority": "-9223372036854775808",
    }


def test_key_pieces_are_hexadecimal() -> None:
    config = TriggerDebugReporting(key_piece=2**128 - 1, aggregation_coordinator_origin="https://x")
    assert config.to_json()["key_piece"] == "0x" + "f" * 32


def test_a_filter_set_is_flat() -> None:
    config = FilterConfig(values={"a": ("x", "y")}, lookback_window=3600)
    assert config.to_json() == {"a": ["x", "y"], "_lookback_window": 3600}
    assert FilterConfig(values={}).to_json() == {}
