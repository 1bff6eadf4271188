from __future__ import annotations

from typing import Any

import pytest

from ara_inspector.attribution.delivery import (
    debug_info,
    is_unconditional,
    rounded_source_time,
    serialized_destinations,
    whole_seconds,
)
from profiles import DAY, START, moment, trigger_registration


@pytest.mark.parametrize(
    ("header", "unconditional"),
    [
        ({}, False),
        ({"trigger_context_id": ""}, True),
        ({"aggregatable_filtering_id_max_bytes": 1}, False),
        ({"aggregatable_filtering_id_max_bytes": 8}, True),
    ],
)
def test_what_is_sent_in_any_case(header: dict[str, Any], *, unconditional: bool) -> None:
    assert is_unconditional(trigger_registration(**header).trigger) is unconditional


def test_times_are_rounded_down() -> None:
    assert whole_seconds(moment(0.999999)) == str(START)
    assert rounded_source_time(moment(0)) == START - 36_000
    assert rounded_source_time(moment(DAY - 36_000 - 0.000001)) == START - 36_000


def test_one_destination_is_a_string() -> None:
    assert serialized_destinations(("https://a.example",)) == "https://a.example"
    assert serialized_destinations(("https://a.example", "https://b.example")) == [
        "https://a.example",
        "https://b.example",
    ]


def test_debug_keys_only_together() -> None:
    assert debug_info(1, None) == debug_info(None, 2) == {}
    assert debug_info(0, 2) == {"source_debug_key": "0", "trigger_debug_key": "2"}
