from __future__ import annotations

from ara_inspector.spec.effective import FilterConfig, SourceType
from ara_inspector.spec.sharing import shared, shared_mapping
from ara_inspector.spec.source import read_source
from ara_inspector.spec.trigger import read_trigger


def test_equal_values_are_one_object() -> None:
    first, second = (shared(tuple(text)) for text in ("ab", "ab"))
    assert first is second
    assert first == ("a", "b")


def test_what_has_no_hash_stays_as_it_is() -> None:
    configs = (FilterConfig(values={"a": ("b",)}),)
    assert shared(configs) is configs


def test_mappings_are_shared_if_their_order_is_the_same_too() -> None:
    one, other = ({"a": 1, "b": 2}, {"b": 2, "a": 1})
    assert shared_mapping(one) is shared_mapping(dict(one))
    assert list(shared_mapping(other)) == ["b", "a"]


def test_sources_of_a_campaign_share_what_they_have_in_common() -> None:
    text = (
        '{"destination": "https://a.example", "source_event_id": "%s", "filter_data": {"a": ["b"]},'
        ' "aggregation_keys": {"c": "0x1"}, "event_report_window": 4000}'
    )
    one, other = (read_source(text % n, SourceType.EVENT).value for n in (1, 2))
    assert one is not None
    assert other is not None
    assert (one.source_event_id, other.source_event_id) == (1, 2)
    for part in ("destination", "filter_data", "aggregation_keys", "event_report_windows"):
        assert getattr(one, part) is getattr(other, part)


def test_triggers_share_what_they_have_in_common() -> None:
    text = (
        '{"event_trigger_data": [{"deduplication_key": "%s"}], "aggregatable_values": {"a": 1},'
        ' "aggregatable_trigger_data": [{"key_piece": "0x1", "source_keys": ["a"]}]}'
    )
    one, other = (read_trigger(text % n).value for n in (1, 2))
    assert one is not None
    assert other is not None
    assert one.aggregatable_trigger_data is other.aggregatable_trigger_data
    assert one.aggregatable_values[0].values is other.aggregatable_values[0].values
