"""The recordings under fixtures/ are whole: each opens, is small, and has its truth beside it."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from mitmproxy.http import HTTPFlow
from mitmproxy.io import FlowReader

from recording.answers import NO_ANSWER, Answer
from recording.scenario import Browser
from recording.scenarios import SCENARIOS
from recording.witness import outcome, reports_on_wire

FIXTURES = Path(__file__).parents[1] / "fixtures"
FLOWS = FIXTURES / "flows"
NAMES = sorted(SCENARIOS)
LARGEST = 300_000
TAKEN_BACK = "stream reset by client (CANCEL)"
PLAIN = {
    *("no_ara_traffic", "feature_policy", "policy_strings", "reports_of_a_policy"),
    "nosniff_styles",
}
"""Scenarios whose requests do not ask to register; triggers need no such request."""


def truth_of(name: str) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads((FLOWS / f"{name}.json").read_text(encoding="utf-8"))
    return truth


def flows_of(path: Path) -> list[HTTPFlow]:
    with path.open("rb") as file:
        return [flow for flow in FlowReader(file).stream() if isinstance(flow, HTTPFlow)]


def answer_to(flow: HTTPFlow, name: str) -> Answer:
    return SCENARIOS[name].answer(flow.request.url, flow.request.method)


def test_every_scenario_is_recorded_and_nothing_else_lies_there() -> None:
    expected = {f"{name}{suffix}" for name in NAMES for suffix in (".flows", ".json")}

    assert {path.name for path in FLOWS.iterdir()} == expected


@pytest.mark.parametrize("name", NAMES)
def test_recording_is_small_and_every_flow_has_its_answer(name: str) -> None:
    path = FLOWS / f"{name}.flows"
    flows = flows_of(path)

    assert path.stat().st_size < LARGEST
    assert flows
    for flow in flows:
        answer = answer_to(flow, name)
        cut = answer is NO_ANSWER
        assert (flow.response is None) is cut
        if answer.after and flow.error is not None:
            assert flow.error.msg == TAKEN_BACK
        else:
            assert (flow.error is not None) is cut


@pytest.mark.parametrize("name", NAMES)
def test_truth_has_the_numbers_the_scenario_promises(name: str) -> None:
    assert outcome(truth_of(name)) == SCENARIOS[name].outcome


@pytest.mark.parametrize("name", NAMES)
def test_truth_belongs_to_the_recording_beside_it(name: str) -> None:
    truth = truth_of(name)

    assert truth["name"] == name
    assert truth["note"] == SCENARIOS[name].note
    assert truth["reports_on_wire"] == reports_on_wire(FLOWS / f"{name}.flows")


@pytest.mark.parametrize("name", NAMES)
def test_answers_on_file_are_those_of_the_scenario(name: str) -> None:
    for flow in flows_of(FLOWS / f"{name}.flows"):
        answer = answer_to(flow, name)
        if answer is NO_ANSWER:
            continue

        assert flow.response is not None
        assert flow.response.status_code == answer.status
        assert flow.response.raw_content == answer.body
        for field, value in answer.headers:
            assert (field.encode(), value.encode()) in flow.response.headers.fields


@pytest.mark.parametrize("name", NAMES)
def test_only_a_browser_with_the_api_sends_eligibility(name: str) -> None:
    eligible = [
        flow
        for flow in flows_of(FLOWS / f"{name}.flows")
        if "attribution-reporting-eligible" in flow.request.headers
    ]

    has_the_api = SCENARIOS[name].browser is Browser.CHROMIUM_138
    assert bool(eligible) is (has_the_api and name not in PLAIN)
    assert ("138." in truth_of(name)["browser"]) is has_the_api


def test_har_has_the_same_requests_as_its_flow_file() -> None:
    har = json.loads((FIXTURES / "har" / "realistic_session.har").read_text(encoding="utf-8"))

    requests = [entry["request"] for entry in har["log"]["entries"]]
    assert [(request["method"], request["url"]) for request in requests] == [
        (flow.request.method, flow.request.pretty_url)
        for flow in flows_of(FLOWS / "realistic_session.flows")
    ]


def test_key_of_the_key_service_is_marked_as_a_test_key() -> None:
    text = (FIXTURES / "keys" / "aggregation-service.test-key.json").read_text(encoding="utf-8")
    key = json.loads(text)

    assert "TEST KEY" in key["note"]
    assert {len(base64.b64decode(key[half])) for half in ("public_key", "private_key")} == {32}
