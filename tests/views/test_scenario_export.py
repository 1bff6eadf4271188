"""A capture exported as a scenario gives the same results as the capture itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ara_inspector.attribution.answers import told_results
from ara_inspector.attribution.fates import SourceFate, TriggerFate
from ara_inspector.attribution.scenario import read_scenario, run_scenario
from ara_inspector.checking.inspection import inspect_capture
from ara_inspector.records import replace
from ara_inspector.session import Session
from ara_inspector.views.scenario_export import UNKNOWN_PAGE, scenario_of
from chrome_account import PATHS
from exchanges import exchanges, watched

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_results_are_the_same(path: Path) -> None:
    inspection = inspect_capture(path)
    scenario = read_scenario(scenario_of(inspection))
    answers, _ = run_scenario(scenario)
    wanted = {}
    for entry in inspection.timeline:
        if isinstance(entry.fate, SourceFate):
            wanted[entry.number] = {entry.fate.result.value}
        elif isinstance(entry.fate, TriggerFate):
            wanted[entry.number] = {entry.fate.event_level.value, entry.fate.aggregatable.value}
    steps = scenario_of(inspection)["steps"]
    found = {
        steps[result["step"]]["entry"]: {
            result[name] for name in ("result", "event_level", "aggregatable") if name in result
        }
        for result in told_results(scenario, answers)
    }
    assert found == wanted


PAGE = "page https://pub.example/\n"
SOURCE = "ad https://r1.example/i\n< Attribution-Reporting-Register-Source: "


def test_an_empty_capture_is_an_empty_scenario() -> None:
    assert scenario_of(watched("")) == {"base_epoch": 0, "steps": []}


def test_what_is_not_processed_is_left_out() -> None:
    assert scenario_of(watched(f"{PAGE}\n{SOURCE}7\n"))["steps"] == []


def test_a_header_becomes_an_object_that_says_the_same() -> None:
    twice = '{"destination": "https://shop.example", "priority": "7", "priority": "1"}'
    (step,) = scenario_of(watched(f"{PAGE}\n{SOURCE}{twice}\n"))["steps"]
    assert step["header"] == {"destination": "https://shop.example", "priority": "1"}


def test_a_header_python_cannot_read_stays_text() -> None:
    marked = '\ufeff{"destination": "https://shop.example"}'
    clicked = SOURCE.replace("ad", "click", 1)
    (step,) = scenario_of(watched(f"{PAGE}\n{clicked}{marked}\n"))["steps"]
    assert step["header"] == marked


def test_a_header_read_as_latin_1_says_what_was_registered() -> None:
    host = '{"destination": "https://bücher.example"}'
    (step,) = scenario_of(watched(f"{PAGE}\n{SOURCE}{host}\n"))["steps"]
    assert step["header"] == {"destination": "https://b\u00c3\u00bccher.example"}


def test_what_has_no_time_was_when_the_one_before_it_was() -> None:
    header = '{"destination": "https://shop.example"}'
    first, *later = exchanges(f"{PAGE}\n{SOURCE}{header}\n\n{SOURCE}{header}\n\n{SOURCE}{header}")
    session = Session()
    for exchange in (first, replace(later[0], started=None, answered=None), *later[1:]):
        session.recorded(exchange)
    session.finish()
    scenario = scenario_of(session)
    assert [step["t"] for step in scenario["steps"]] == sorted(
        step["t"] for step in scenario["steps"]
    )
    assert scenario["base_epoch"] == int(later[1].answered or 0)
    read_scenario(scenario)


def test_a_page_nobody_knows_is_named_so() -> None:
    text = f'{SOURCE}{{"destination": "https://shop.example"}}\n> Referer:\n'
    (step,) = scenario_of(watched(text))["steps"]
    assert step["context"] == UNKNOWN_PAGE
    assert step["source_type"] == "event"
    assert step["t"] == pytest.approx(0.05)
