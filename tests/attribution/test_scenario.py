from __future__ import annotations

import json
import math
from typing import Any

import pytest

from ara_inspector.attribution.answers import told_reports, told_results, told_why
from ara_inspector.attribution.registered import Noise
from ara_inspector.attribution.scenario import ScenarioError, read_scenario, run_scenario

PAGE, SHOP, REPORTER = "https://pub.example", "https://shop.example", "https://r1.example"
HOUR, DAY = 3600, 86_400


def source(t: float = 0, **more: Any) -> dict[str, Any]:
    step = {"t": t, "kind": "source", "source_type": "event", "context": PAGE}
    return step | {"reporter": REPORTER, "header": {"destination": SHOP}} | more


def trigger(t: float = HOUR, **more: Any) -> dict[str, Any]:
    step = {"t": t, "kind": "trigger", "context": SHOP, "reporter": REPORTER}
    return step | {"header": {"event_trigger_data": [{"trigger_data": "1"}]}} | more


def play(*steps: dict[str, Any], **scenario: Any) -> tuple[list[Any], list[Any]]:
    read = read_scenario(scenario | {"steps": list(steps)})
    answers, _ = run_scenario(read)
    results, reports = told_results(read, answers), told_reports(read, answers)
    json.dumps([results, reports, [told_why(answer) for answer in answers]])
    return results, reports


@pytest.mark.parametrize(
    ("scenario", "why"),
    [
        ([], "a scenario is an object"),
        ({}, "`steps` has to be a list"),
        ({"steps": [1]}, r"steps\[0\]: `t`"),
        ({"steps": [source(), {"t": -1}]}, r"steps\[1\]: `t`"),
        ({"steps": [source(t=True)]}, "`t`"),
        ({"steps": [source(t=float("nan"))]}, "`t`"),
        ({"steps": [source(t=10**12)]}, "`t`"),
        ({"steps": [source(kind="view")]}, "`kind`"),
        ({"steps": [source(header=None)]}, "`header`"),
        ({"steps": [source(source_type="click")]}, "`source_type`"),
        ({"steps": [source(source_type=["event"])]}, "`source_type`"),
        ({"steps": [{"t": 0, "kind": []}]}, "`kind`"),
        ({"steps": [source(context="about:blank")]}, "`context`"),
        ({"steps": [source(reporter=7)]}, "`reporter`"),
        ({"steps": [source(noise=7)]}, "`noise`"),
        ({"steps": [source(noise=[{}])]}, "`noise`"),
        ({"steps": [source(noise=[{"trigger_data": -1, "window": 0}])]}, "`noise`"),
        ({"steps": [], "frac_us": 0.5}, "`frac_us`"),
        ({"steps": [], "base_epoch": -1}, "`base_epoch`"),
        ({"steps": [], "limits": []}, "`limits`"),
        ({"steps": [], "limits": {"unknown": 1}}, "`limits`"),
        ({"steps": [], "limits": {"max_attributions": "1"}}, "`limits`"),
        ({"steps": [], "limits": {"max_attributions": -1}}, "`limits`"),
        ({"steps": [], "limits": {"max_attributions": math.nan}}, "`limits`"),
        ({"steps": [], "limits": {"max_attributions": math.inf}}, "`limits`"),
    ],
)
def test_what_is_no_scenario(scenario: object, why: str) -> None:
    with pytest.raises(ScenarioError, match=why):
        read_scenario(scenario)


def test_a_fake_report_needs_a_window_that_is_there() -> None:
    scenario = read_scenario({"steps": [source(noise=[{"trigger_data": 0, "window": 1}])]})
    with pytest.raises(ScenarioError, match="window that is not there"):
        run_scenario(scenario)


def test_results_come_in_order_of_time_with_the_registration_as_devtools_tells_it() -> None:
    header = {
        "destination": SHOP,
        "debug_key": "5",
        "event_level_epsilon": 12.5,
        "filter_data": {"k": ["b", "a"]},
        "aggregation_keys": {"b": "0x2", "a": "0x1"},
        "named_budgets": {"x": 7},
        "attribution_scopes": {"limit": 1, "values": ["s"]},
        "aggregatable_debug_reporting": {
            "budget": 10,
            "key_piece": "0x1",
            "debug_data": [{"types": ["source-noised"], "key_piece": "0x2", "value": 3}],
        },
    }
    results, _ = play(trigger(HOUR), source(0, header=json.dumps(header)), frac_us=500_000)
    assert [(result["step"], result["kind"], result["t"]) for result in results] == [
        (0, "source", 0),
        (1, "trigger", HOUR),
    ]
    assert results[0]["result"] == "success"
    assert results[0]["registration"] == {
        "time": 0.5,
        "expiry": 30 * DAY,
        "triggerData": [0, 1],
        "eventReportWindows": {"start": 0, "ends": [30 * DAY]},
        "aggregatableReportWindow": 30 * DAY,
        "type": "event",
        "sourceOrigin": PAGE,
        "reportingOrigin": REPORTER,
        "destinationSites": [SHOP],
        "eventId": "0",
        "priority": "0",
        "filterData": [{"key": "k", "values": ["a", "b"]}],
        "aggregationKeys": [{"key": "a", "value": "0x1"}, {"key": "b", "value": "0x2"}],
        "triggerDataMatching": "modulus",
        "destinationLimitPriority": "0",
        "aggregatableDebugReportingConfig": {
            "budget": 10,
            "keyPiece": "0x1",
            "debugData": [{"keyPiece": "0x2", "value": 3, "types": ["source-noised"]}],
        },
        "maxEventLevelReports": 1,
        "namedBudgets": [{"name": "x", "budget": 7}],
        "debugReporting": False,
        "eventLevelEpsilon": 12.5,
        "debugKey": "5",
        "scopesData": {"values": ["s"], "limit": 1, "maxEventStates": 3},
    }
    assert (results[1]["event_level"], results[1]["aggregatable"]) == ("success", "notRegistered")


def test_unspecified_debug_types_are_spelled_out() -> None:
    debugging = {
        "budget": 10,
        "key_piece": "0x1",
        "debug_data": [
            {"types": ["unspecified"], "key_piece": "0x2", "value": 3},
            {"types": ["source-noised"], "key_piece": "0x4", "value": 5},
        ],
    }
    header = {"destination": SHOP, "aggregatable_debug_reporting": debugging}
    (result,), _ = play(source(header=header))
    data = result["registration"]["aggregatableDebugReportingConfig"]["debugData"]
    told = {datum["types"][0]: datum["value"] for datum in data}
    assert len(told) == 15
    assert (told.pop("source-noised"), set(told.values())) == (5, {3})


def test_unknown_debug_types_are_not_told_but_a_coordinator_that_is_written() -> None:
    coordinator = "https://publickeyservice.msmt.aws.privacysandboxservices.com"
    debugging = {
        "budget": 10,
        "key_piece": "0x1",
        "aggregation_coordinator_origin": coordinator,
        "debug_data": [{"types": ["nope", "source-noised"], "key_piece": "0x2", "value": 3}],
    }
    (result,), _ = play(
        source(header={"destination": SHOP, "aggregatable_debug_reporting": debugging})
    )
    assert result["registration"]["aggregatableDebugReportingConfig"] == {
        "budget": 10,
        "keyPiece": "0x1",
        "debugData": [{"keyPiece": "0x2", "value": 3, "types": ["source-noised"]}],
        "aggregationCoordinatorOrigin": coordinator,
    }


def test_refused_headers_and_places() -> None:
    results, reports = play(
        source(header="{"),
        trigger(header={"filters": 1}),
        trigger(context="http://shop.example"),
        source(2 * HOUR, reporter="http://r1.example"),
    )
    assert [result["issues"] for result in results] == [
        ["InvalidHeader"],
        ["InvalidRegisterTriggerHeader"],
        ["InsecureContext"],
        ["UntrustworthyReportingOrigin"],
    ]
    assert all(result["result"] is None for result in results)
    assert reports == []


def test_a_loopback_page_needs_no_https() -> None:
    header = {"destination": "http://localhost:8080"}
    _, reports = play(source(header=header), trigger(context="http://localhost:9090"))
    assert reports[0]["body"]["attribution_destination"] == "http://localhost"


def test_an_event_level_report() -> None:
    _, (report,) = play(source(), trigger())
    assert report == {
        "kind": "event-level",
        "reporter": REPORTER,
        "sent_t": 30 * DAY,
        "t": 30 * DAY,
        "body": {
            "attribution_destination": SHOP,
            "randomized_trigger_rate": 2.5e-06,
            "source_event_id": "0",
            "source_type": "event",
            "trigger_data": "1",
        },
    }


def test_an_aggregatable_report_and_its_copy() -> None:
    header = {"destination": SHOP, "aggregation_keys": {"a": "0x1"}, "debug_key": "1"}
    asked = {
        "aggregatable_values": {"a": 5},
        "debug_key": "2",
        "aggregatable_source_registration_time": "include",
    }
    _, (first, second) = play(source(header=header), trigger(header=asked))
    assert (first["kind"], second["kind"]) == ("aggregatable", "debug-aggregatable")
    assert "step" not in first
    assert second["step"] == 1
    assert first["sent_t"] == first["t"] == HOUR
    assert first["contributions"] == [{"bucket": "0x1", "value": 5, "id": 0}]
    assert (first["null"], first["padded_to"], first["id_bytes"]) == (False, 20, 1)
    assert first["has_cleartext"]
    assert first["shared_info"] == {
        "api": "attribution-reporting",
        "attribution_destination": SHOP,
        "debug_mode": "enabled",
        "reporting_origin": REPORTER,
        "source_registration_time": -36_000,
        "version": "1.0",
    }


def test_verbose_reports_tell_times_of_the_scenario() -> None:
    data = {"event_trigger_data": [{}], "debug_reporting": True}
    _, reports = play(source(), trigger(), trigger(2 * HOUR, header=data))
    (body,) = reports[0]["body"]
    assert body["type"] == "trigger-event-low-priority"
    assert body["body"]["scheduled_report_time"] == str(30 * DAY)
    assert reports[0]["step"] == 2


def test_replaced_reports_are_not_sent() -> None:
    higher = {"event_trigger_data": [{"priority": "1"}]}
    _, reports = play(source(), trigger(), trigger(2 * HOUR, header=higher))
    assert [report["body"]["trigger_data"] for report in reports] == ["0"]


def test_a_flush_sends_what_is_pending() -> None:
    results, (report,) = play(
        source(), trigger(), {"t": DAY, "flush": True}, {"t": 1, "flush": True}
    )
    assert len(results) == 2
    assert (report["sent_t"], report["t"]) == (DAY, 30 * DAY)


def test_a_clear_deletes_sources_and_pending_reports_of_a_reporter() -> None:
    clear = {"t": DAY, "clear": REPORTER}
    results, reports = play(source(), trigger(), clear, trigger(2 * DAY))
    assert [result.get("event_level") for result in results] == [
        None,
        "success",
        "noMatchingSources",
    ]
    assert reports == []
    results, reports = play(source(), trigger(), {"t": DAY, "clear": "https://other.example"})
    assert len(reports) == 1


@pytest.mark.parametrize("clear", [True, None, "nowhere"])
def test_a_clear_names_an_origin(clear: object) -> None:
    with pytest.raises(ScenarioError, match="`clear` has to be an http or https URL"):
        read_scenario({"steps": [{"t": 1, "clear": clear}]})


def test_local_testing_sends_at_once() -> None:
    _, (report,) = play(source(), trigger(), testing=True)
    assert report["t"] == HOUR


@pytest.mark.parametrize(
    ("noise", "result"),
    [
        (False, "success"),
        (True, "falselyAttributedSource"),
        ([], "neverAttributedSource"),
        ([{"trigger_data": "1", "window": 0}], "falselyAttributedSource"),
    ],
)
def test_noise_may_be_stated(noise: object, result: str) -> None:
    results, reports = play(source(noise=noise), trigger())
    assert results[1]["event_level"] == result
    assert len(reports) == (result == "success" or bool(noise and noise is not True))


def test_noise_of_a_step_is_read() -> None:
    (step,) = read_scenario({"steps": [source(noise=True)]}).steps
    assert step.noise == Noise()


def test_limits_may_be_changed() -> None:
    limits = {"max_attributions": 0}
    results, _ = play(source(), trigger(), limits=limits)
    assert results[1]["event_level"] == "excessiveAttributions"


def test_the_same_start_makes_the_same_reports_whatever_the_epoch() -> None:
    assert play(source(), trigger()) == play(source(), trigger(), base_epoch=2_026_461_600)


def test_why_holds_the_trace() -> None:
    read = read_scenario({"steps": [source(), trigger(), {"t": DAY, "flush": True}]})
    answers, _ = run_scenario(read)
    source_why, trigger_why, flush_why = map(told_why, answers)
    assert source_why["debug_type"] == "source-success"
    assert source_why["checks"][0]["name"] == "trigger-state-cardinality"
    assert trigger_why["candidates"][0]["chosen"]
    assert trigger_why["budget"]["event_level_reports"] == {"left": 0, "of": 1}
    assert flush_why == {"step": 2}
    lonely, _ = run_scenario(read_scenario({"steps": [trigger()]}))
    assert told_why(lonely[0])["budget"] is None
