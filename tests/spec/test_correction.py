"""The header as it was meant: only the usual slips, only as the findings say."""

from __future__ import annotations

import pytest

from ara_inspector.spec.correction import corrected
from ara_inspector.spec.effective import SourceType
from ara_inspector.spec.source import read_source
from ara_inspector.spec.trigger import read_trigger


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('{"destination":"shop.example"}', '{"destination": "https://shop.example"}'),
        ('{"destination":"http://www.shop.example/x"}', '{"destination": "https://shop.example"}'),
        (
            '{"destination":["https://www.shop.example","https://a.example"],"priority":5}',
            '{"destination": ["https://shop.example", "https://a.example"], "priority": "5"}',
        ),
        (
            '{"destination":"https://shop.example","sourceEventId":7,"x":1}',
            '{"destination": "https://shop.example", "source_event_id": "7", "x": 1}',
        ),
        (
            '{"destination":"https://shop.example","max_event_level_reports":"1"}',
            '{"destination": "https://shop.example", "max_event_level_reports": 1}',
        ),
        (
            '{"destination":"https://shop.example","debug_key":7,"debug_reporting":"TRUE"}',
            '{"destination": "https://shop.example", "debug_key": "7", "debug_reporting": true}',
        ),
        (
            '{"destination":"https://a.example","filter_data":{"a":"b"}}',
            '{"destination": "https://a.example", "filter_data": {"a": ["b"]}}',
        ),
        (
            '{"destination":"https://a.example","trigger_data_matching":" Exact"}',
            '{"destination": "https://a.example", "trigger_data_matching": "exact"}',
        ),
        (
            '{"destination":"https://shop.example","aggregation_keys":{"a":345}}',
            '{"destination": "https://shop.example", "aggregation_keys": {"a": "0x159"}}',
        ),
    ],
)
def test_source(text: str, wanted: str) -> None:
    assert corrected(text, SourceType.EVENT) == wanted
    assert read_source(wanted, SourceType.EVENT).ok


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            '{"event_trigger_data":{"trigger_data":2,"filters":{"a":"b"}}}',
            '{"event_trigger_data": [{"trigger_data": "2", "filters": {"a": ["b"]}}]}',
        ),
        (
            '{"eventTriggerData":{"triggerData":2}}',
            '{"event_trigger_data": [{"trigger_data": "2"}]}',
        ),
        (
            '{"aggregatable_values":{"a":"5"},"eventTriggerData":[{"Trigger-Data":2}]}',
            '{"aggregatable_values": {"a": 5}, "event_trigger_data": [{"trigger_data": "2"}]}',
        ),
    ],
)
def test_trigger(text: str, wanted: str) -> None:
    assert corrected(text, None) == wanted
    assert read_trigger(wanted).ok


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"filters":{"_lookback_window":0}}',
        '{"unheard_of":1}',
        '{"aggregatable_source_registration_time":"sometimes"}',
        '{"filters":{},"Filters":{}}',
        '{"filters":{}',
        "[]",
    ],
)
def test_nothing_to_set_right(text: str) -> None:
    assert corrected(text, None) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('{"attribution_scope":{"a":1}}', None),
        ('{"debug_key":1,"filterss":true}', '{"debug_key": "1", "filterss": true}'),
        ('{"filterss":true}', None),
        ('{"filterss":true,"filters":true}', None),
        ('{"filterss":true,"named_budgets":1}', '{"filters": true, "named_budgets": 1}'),
    ],
)
def test_a_registration_does_not_become_a_broken_one(text: str, wanted: str | None) -> None:
    better = corrected(text, None)
    assert better == wanted
