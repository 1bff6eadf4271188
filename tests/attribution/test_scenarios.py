from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from ara_inspector.attribution.answers import told_reports, told_results
from ara_inspector.attribution.scenario import StepAnswer, read_scenario, run_scenario
from ara_inspector.attribution.triggering import TriggerOutcome
from profiles import is_undecidable

SHARED = Path(__file__).parents[3] / "shared" / "attribution"
DELAY = 600
DELAYED = {"aggregatable", "debug-aggregatable"}


def recorded(name: str) -> list[dict[str, Any]]:
    path = SHARED / f"{name}.jsonl"
    if not path.exists():
        pytest.skip("the recordings are not here")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def with_noise_seen(line: dict[str, Any]) -> dict[str, Any]:
    """The scenario, with the fake reports that Chrome drew for its one noised source."""
    scenario: dict[str, Any] = line["scenario"] | {"base_epoch": line["base_epoch"]}
    noised = [result for result in line["results"] if result.get("result") == "successNoised"]
    if not noised:
        return scenario
    (source,) = noised
    ends = source["registration"]["eventReportWindows"]["ends"]
    noise = [
        {
            "trigger_data": int(report["body"]["trigger_data"]),
            "window": ends.index(report["t"] - source["t"]),
        }
        for report in line["reports"]
        if report["kind"] == "event-level"
    ]
    steps = [dict(step) for step in scenario["steps"]]
    steps[source["step"]]["noise"] = noise
    return scenario | {"steps": steps}


def comparable(result: dict[str, Any]) -> dict[str, Any]:
    """A result with the one list whose order means nothing sorted."""
    if "registration" not in result:
        return result
    registration = dict(result["registration"])
    config = dict(registration["aggregatableDebugReportingConfig"])
    config["debugData"] = sorted(config["debugData"], key=lambda datum: str(datum["types"]))
    return result | {"registration": registration | {"aggregatableDebugReportingConfig": config}}


def grouped(reports: list[dict[str, Any]]) -> dict[str, list[int]]:
    """Reports by all they say, with the times that random delays may have moved."""
    groups = defaultdict(list)
    for report in reports:
        if report.get("random_null"):
            continue
        said = {key: value for key, value in report.items() if key != "sent_t"}
        time = said.pop("t") if report["kind"] in DELAYED else 0
        groups[json.dumps(said, sort_keys=True)].append(time)
    return {said: sorted(times) for said, times in groups.items()}


def same_reports(ours: list[dict[str, Any]], chromes: list[dict[str, Any]]) -> bool:
    given, wanted = grouped(ours), grouped(chromes)
    if {k: len(v) for k, v in given.items()} != {k: len(v) for k, v in wanted.items()}:
        return False
    for said, times in given.items():
        report = json.loads(said)
        at_once = "trigger_context_id" in report["body"] or report.get("id_bytes") != 1
        longest = 0 if at_once else DELAY
        for earliest, seen in zip(times, wanted[said], strict=True):
            if not earliest <= seen <= earliest + longest:
                return False
    return True


def first_undecidable(answers: list[StepAnswer]) -> int:
    """The first step whose answer depends on how long random delays were."""
    for answer in answers:
        outcome = answer.outcome
        if isinstance(outcome, TriggerOutcome) and is_undecidable(outcome.trace.aggregatable):
            return answer.step.index
    return len(answers)


@pytest.mark.parametrize(
    "name", ["hand", "hand2", "attribution_dev", "attribution_dev2", "attribution_dev3"]
)
def test_recordings_of_chrome_are_reproduced(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    score: Counter[str] = Counter()
    wrong: list[str] = []
    for line in recorded(name):
        scenario = read_scenario(with_noise_seen(line))
        answers, _ = run_scenario(scenario)
        results = [comparable(result) for result in told_results(scenario, answers)]
        wanted = [comparable(result) for result in line["results"]]
        decidable = first_undecidable(answers)
        same_results = results[:decidable] == wanted[:decidable]
        same = same_results and (
            decidable < len(answers)
            or same_reports(told_reports(scenario, answers), line["reports"])
        )
        score["scenarios"] += 1
        score["registrations"] += min(decidable, len(wanted))
        score["reports"] += len(line["reports"])
        score["same"] += same
        if not same:
            wrong.append(line["name"])
    with capsys.disabled():
        sys.stdout.write(
            f"\n{name}: {score['same']} of {score['scenarios']} scenarios as in Chrome "
            f"({score['registrations']} registrations, {score['reports']} reports)\n"
        )
    assert not wrong
