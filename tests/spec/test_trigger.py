"""Register-Trigger as a whole: what is kept, and how findings are told."""

from __future__ import annotations

from ara_inspector.spec.trigger import read_trigger


def test_defaults_are_filled_in() -> None:
    reading = read_trigger("{}")
    assert reading.ok
    assert reading.value is not None
    assert reading.value.to_json() == {
        "aggregatable_deduplication_keys": [],
        "aggregatable_filtering_id_max_bytes": 1,
        "aggregatable_source_registration_time": "exclude",
        "aggregatable_trigger_data": [],
        "aggregatable_values": [],
        "aggregation_coordinator_origin": (
            "https://publickeyservice.msmt.aws.privacysandboxservices.com"
        ),
        "attribution_scopes": [],
        "debug_reporting": False,
        "event_trigger_data": [],
        "filters": [],
        "named_budgets": [],
        "not_filters": [],
    }
