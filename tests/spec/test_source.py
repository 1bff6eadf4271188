"""Register-Source as a whole: what is kept, and how findings are told."""

from __future__ import annotations

from ara_inspector.spec.effective import SourceType
from ara_inspector.spec.source import read_source


def test_defaults_are_filled_in() -> None:
    reading = read_source('{"destination":"https://shop.example"}', SourceType.NAVIGATION)
    assert reading.ok
    assert reading.value is not None
    assert reading.value.to_json() == {
        "aggregatable_report_window": 2592000,
        "aggregation_keys": {},
        "debug_reporting": False,
        "destination": ["https://shop.example"],
        "destination_limit_priority": "0",
        "event_level_epsilon": 14.0,
        "event_report_windows": {"start_time": 0, "end_times": [172800, 604800, 2592000]},
        "expiry": 2592000,
        "filter_data": {},
        "max_event_level_reports": 3,
        "named_budgets": {},
        "priority": "0",
        "source_event_id": "0",
        "trigger_data": [0, 1, 2, 3, 4, 5, 6, 7],
        "trigger_data_matching": "modulus",
    }
