from __future__ import annotations

from typing import Any

from profiles import HOUR, SHOP, Profile, verbose


def test_silent_without_debug_reporting() -> None:
    profile = Profile()
    assert not verbose(profile.source(0))
    assert not verbose(profile.trigger(aggregatable_values={"a": 1}))


def test_a_success_says_nothing_on_a_trigger() -> None:
    profile = Profile()
    profile.source(0)
    assert not verbose(profile.trigger(event_trigger_data=[{}], debug_reporting=True))


def test_a_source_tells_its_debug_key() -> None:
    outcome = Profile().source(0, debug_reporting=True, debug_key="5", source_event_id="9")
    assert verbose(outcome) == [
        (
            "source-success",
            {
                "attribution_destination": SHOP,
                "source_event_id": "9",
                "source_site": "https://pub.example",
                "source_debug_key": "5",
            },
        )
    ]


def test_without_a_source_the_body_has_the_trigger_only() -> None:
    outcome = Profile().trigger(event_trigger_data=[{}], debug_reporting=True, debug_key="6")
    body = {"attribution_destination": SHOP, "trigger_debug_key": "6"}
    assert verbose(outcome) == [("trigger-no-matching-source", body)]
    assert outcome.reports[0].url.endswith("/debug/verbose")


def test_each_debug_key_stands_alone_here() -> None:
    profile = Profile()
    profile.source(0, debug_key="5")
    outcome = profile.trigger(aggregatable_values={"a": 1}, debug_reporting=True)
    assert verbose(outcome) == [
        (
            "trigger-aggregate-no-contributions",
            {
                "attribution_destination": SHOP,
                "source_event_id": "0",
                "source_site": "https://pub.example",
                "source_debug_key": "5",
            },
        )
    ]


def test_both_levels_in_order_but_one_problem_once() -> None:
    profile = Profile()
    both: dict[str, Any] = {
        "event_trigger_data": [{}],
        "aggregatable_values": {"a": 1},
        "debug_reporting": True,
    }
    assert [kind for kind, _ in verbose(profile.trigger(**both))] == ["trigger-no-matching-source"]
    profile.source(HOUR, trigger_data=[])
    outcome = profile.trigger(HOUR, **both)
    assert [kind for kind, _ in verbose(outcome)] == [
        "trigger-event-no-matching-trigger-data",
        "trigger-aggregate-no-contributions",
    ]
    assert outcome.debug_types == tuple(kind for kind, _ in verbose(outcome))
