from __future__ import annotations

from typing import Any

from ara_inspector.attribution.scenario import read_scenario, run_scenario
from ara_inspector.views.simulation import moment, simulation
from ara_inspector.views.style import Style

PAGE, SHOP, REPORTER = "https://pub.example", "https://shop.example", "https://r1.example"


def shown(*steps: dict[str, Any], why: bool = False) -> str:
    places = {"source": {"context": PAGE}, "trigger": {"context": SHOP}, None: {}}
    full = [{"reporter": REPORTER} | places[step.get("kind")] | step for step in steps]
    scenario = read_scenario({"steps": full})
    answers, storage = run_scenario(scenario)
    return "\n".join(simulation(scenario, answers, storage, Style.PLAIN, why=why))


SOURCE = {
    "t": 0,
    "kind": "source",
    "header": {"destination": SHOP, "aggregation_keys": {"a": "0x1"}},
}
TRIGGER = {
    "t": 3600,
    "kind": "trigger",
    "header": {
        "event_trigger_data": [{}],
        "aggregatable_values": {"a": 5},
        "aggregatable_trigger_data": [{"key_piece": "0x10", "source_keys": ["a"]}],
    },
}


def test_registrations_reports_and_what_is_left() -> None:
    text = shown(SOURCE, TRIGGER)
    assert (
        "#0 0d 00:00:00 event source on https://pub.example by https://r1.example: success" in text
    )
    assert "#1 0d 01:00:00 trigger on https://shop.example" in text
    assert "event-level success, aggregatable success" in text
    assert "30d 00:00:00 event-level to https://r1.example: {" in text
    assert '"contributions": [{"bucket": "0x11", "value": 5, "id": 0}]' in text
    assert "#0: event-level reports 0, aggregatable budget 65,531 of 65,536" in text
    assert "chosen" not in text


def test_why_lists_the_checks() -> None:
    text = shown(SOURCE, TRIGGER, TRIGGER | {"t": 7200}, why=True)
    assert "ok source-storage: 0 of 4096" in text
    assert "source #0 (chosen):" in text
    assert "ok filters\n" in text
    assert "?? randomized-response: noise strikes with" in text
    assert "NO event-level-priority: 0; the lowest pending has 0" in text
    assert "note ATT037" in text


def test_why_says_how_many_candidates_it_leaves_out() -> None:
    sources = [SOURCE | {"t": number} for number in range(40)]
    assert "and 8 older sources" in shown(*sources, TRIGGER, why=True)


def test_refusals_and_nothing_at_all() -> None:
    broken = SOURCE | {"header": "{"}
    text = shown(broken, why=True)
    assert "not registered (InvalidHeader)" in text
    assert "error JSN" in text
    assert "reports\n  none" in text
    lonely = TRIGGER | {
        "header": {
            "trigger_context_id": "c",
            "debug_reporting": True,
            "aggregatable_values": {"a": 1},
        }
    }
    text = shown(lonely, why=True)
    assert "verbose to https://r1.example: trigger-no-matching-source" in text
    assert "aggregatable to https://r1.example (null report): " in text
    assert "both levels" not in text


def test_exhausted_sources_and_flushes() -> None:
    windows = {"event_report_windows": {"end_times": [3600, 7200]}}
    source = SOURCE | {"header": {"destination": SHOP} | windows}
    trigger = TRIGGER | {"header": {"event_trigger_data": [{}]}}
    text = shown(source, trigger | {"t": 1}, trigger | {"t": 3600}, {"t": 4000, "flush": True})
    assert "#0: event-level reports none" in text
    assert "flush: 0 reports sent" in text


def test_what_a_clear_deletes() -> None:
    trigger = TRIGGER | {"t": 1, "header": {"event_trigger_data": [{}]}}
    text = shown(SOURCE, trigger, {"t": 2, "clear": "https://r1.example/a"})
    assert "clear by https://r1.example: 1 sources and 1 reports deleted" in text


def test_hostile_text_is_escaped() -> None:
    trigger = TRIGGER | {
        "header": {"aggregatable_values": {"a": 1}, "trigger_context_id": "\u202e\x1b[2J"}
    }
    text = shown(trigger)
    assert "\u202e" not in text
    assert "\x1b" not in text


def test_moments() -> None:
    assert moment(0) == "0d 00:00:00"
    assert moment(86_399.5) == "0d 23:59:59.500000"
    assert moment(30 * 86_400 + 61) == "30d 00:01:01"
