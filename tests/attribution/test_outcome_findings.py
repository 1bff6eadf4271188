from __future__ import annotations

from typing import Any

from ara_inspector.attribution.outcome_findings import (
    AGGREGATABLE_RULES,
    EVENT_LEVEL_RULES,
    SOURCE_RULES,
    source_findings,
    trigger_findings,
)
from ara_inspector.attribution.results import AggregatableResult, EventLevelResult, SourceResult
from profiles import DAY, HOUR, Profile

COMMON = {"notRegistered", "noMatchingSources", "noMatchingSourceFilterData"}


def test_every_result_word_but_plain_success_is_told() -> None:
    by_header = {word for word in SourceResult if word.name.startswith("EXCEEDS_MAX")}
    assert set(SourceResult) - set(SOURCE_RULES) == by_header | {SourceResult.SUCCESS}
    for words, rules in (
        (EventLevelResult, EVENT_LEVEL_RULES),
        (AggregatableResult, AGGREGATABLE_RULES),
    ):
        assert {word.value for word in words} - set(rules) == COMMON | {"success"}


def test_messages_tell_the_two_values() -> None:
    profile = Profile()
    profile.source(0, aggregation_keys={"a": "0x1"}, aggregatable_report_window=HOUR)
    outcome = profile.trigger(
        2 * HOUR,
        event_trigger_data=[{"filters": {"source_type": ["navigation"]}}],
        aggregatable_values={"a": 1},
    )
    assert [finding.message for finding in trigger_findings(outcome)] == [
        "no event-level report: the filters of no event_trigger_data entry match (1 tried)",
        "no aggregatable report: 7200 s after the source, and its window ends at 3600 s",
    ]


def test_top_level_mismatch_is_told_once() -> None:
    profile = Profile()
    profile.source(0)
    outcome = profile.trigger(event_trigger_data=[{}], filters={"source_type": ["navigation"]})
    (finding,) = trigger_findings(outcome)
    assert finding.rule.code == "ATT022"
    assert "source_type" in finding.message


def test_plain_success_says_nothing() -> None:
    profile = Profile()
    assert list(source_findings(profile.source(0))) == []
    assert list(trigger_findings(profile.event_trigger())) == []


def test_forecast_takes_the_tighter_budget() -> None:
    profile = Profile()
    profile.source(0, aggregation_keys={"a": "0x1"}, named_budgets={"x": 100, "y": 65536})
    header: dict[str, Any] = {"aggregatable_values": {"a": 60}}
    (finding,) = trigger_findings(profile.trigger(named_budgets=[{"name": "x"}], **header))
    assert finding.params == {"required": 60, "left": 40}
    for name in ("y", "unknown"):
        outcome = profile.trigger(named_budgets=[{"name": name}], **header)
        assert list(trigger_findings(outcome)) == []


def test_limits_of_the_aggregatable_level_say_so() -> None:
    profile = Profile(max_attributions=0)
    profile.source(0, aggregation_keys={"a": "0x1"})
    (finding,) = trigger_findings(profile.trigger(aggregatable_values={"a": 1}))
    assert finding.message.startswith("no aggregatable report: 0 attributions")


def test_removals_are_counted_by_what_caused_them() -> None:
    profile = Profile(max_destinations_covered_by_unexpired_sources=1)
    profile.source(0)
    scopes = {"limit": 1, "values": ["a"]}
    (scoped,) = source_findings(profile.source(1, attribution_scopes=scopes))
    assert (scoped.rule.code, scoped.params) == ("ATT011", {"count": 1, "sources": "source"})
    (pushed,) = source_findings(profile.source(2, destination="https://b.example"))
    assert pushed.rule.code == "ATT012"
    assert pushed.message.startswith("its destinations push out 1 stored source:")
    assert profile.source(DAY).stored
