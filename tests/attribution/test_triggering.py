from __future__ import annotations

from typing import Any

from profiles import HOUR, Profile, reports


def test_nothing_to_do_is_nothing_done() -> None:
    profile = Profile()
    profile.source(0)
    profile.source(1)
    outcome = profile.trigger(
        debug_reporting=True,
        aggregatable_values={},
        trigger_context_id="c",
        aggregatable_debug_reporting={
            "key_piece": "0x1",
            "debug_data": [{"types": ["unspecified"], "key_piece": "0x1", "value": 1}],
        },
    )
    assert (outcome.event_level, outcome.aggregatable) == ("notRegistered", "notRegistered")
    assert (outcome.reports, outcome.removals, outcome.possibilities) == ((), (), ())
    assert outcome.source is None
    assert outcome.odometer is None


def test_each_level_says_only_what_it_has_data_for() -> None:
    profile = Profile()
    assert profile.results(event_trigger_data=[{}]) == ("noMatchingSources", "notRegistered")
    assert profile.results(aggregatable_values={"a": 1}) == ("notRegistered", "noMatchingSources")
    profile.source(HOUR)
    header: dict[str, Any] = {
        "filters": {"source_type": ["navigation"]},
        "event_trigger_data": [{}],
    }
    assert profile.results(**header) == ("noMatchingSourceFilterData", "notRegistered")
    header["aggregatable_values"] = {"a": 1}
    assert profile.results(**header) == (
        "noMatchingSourceFilterData",
        "noMatchingSourceFilterData",
    )


def test_filters_are_looked_at_after_the_choice_and_save_the_losers() -> None:
    profile = Profile()
    profile.source(0, filter_data={"k": ["a"]})
    profile.source(1, filter_data={"k": ["b"]})
    outcome = profile.trigger(event_trigger_data=[{}], filters={"k": ["a"]})
    assert outcome.event_level == "noMatchingSourceFilterData"
    assert outcome.trace.filters[0].given == {
        "filters": ({"key": "k", "source": ("b",), "trigger": ("a",)},)
    }
    assert not outcome.removals


def test_losers_go_even_if_no_report_comes_out_and_their_reports_stay() -> None:
    profile = Profile()
    profile.source(0)
    made = profile.event_trigger(1)
    profile.source(2, trigger_data=[])
    outcome = profile.event_trigger(3)
    assert outcome.event_level == "noMatchingTriggerData"
    assert [removal.source_id for removal in outcome.removals] == ["source@0"]
    assert outcome.withdrawn == ()
    assert reports(made, "event-level")


def test_an_exhausted_source_keeps_winning() -> None:
    profile = Profile()
    profile.source(0, priority="1", event_report_windows={"end_times": [HOUR, 2 * HOUR]})
    profile.event_trigger(1)
    profile.source(2)
    assert profile.event_trigger(HOUR).event_level == "excessiveReports"


def test_both_levels_are_independent() -> None:
    profile = Profile()
    profile.source(0, event_report_window=HOUR, aggregation_keys={"a": "0x1"})
    outcome = profile.trigger(HOUR, event_trigger_data=[{}], aggregatable_values={"a": 1})
    assert (outcome.event_level, outcome.aggregatable) == ("reportWindowPassed", "success")
