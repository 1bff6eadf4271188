"""Days of a real Chrome, recorded as flows: the engine and the ledger against every report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ara_inspector.attribution.answers import told_reports, told_results
from ara_inspector.attribution.ledger import Ledger, Standing
from ara_inspector.attribution.scenario import read_scenario, run_scenario
from ara_inspector.flows import read_capture
from ara_inspector.reports.endpoints import ReportKind
from ara_inspector.reports.report import read_report

STORIES = Path(__file__).parents[3] / "shared" / "attribution" / "stories"
MONTHS = 10**7 * 1_000_000


@pytest.mark.skipif(not STORIES.exists(), reason="the recordings are not here")
@pytest.mark.parametrize(
    "name",
    ["budget_runs_out", "debug_keys", "multi_destination", "priorities", "retail", "two_adtechs"],
)
def test_every_report_of_a_story_is_expected_and_seen(name: str) -> None:
    truth = json.loads((STORIES / f"story_{name}.json").read_text("utf-8"))
    scenario = read_scenario(truth["scenario"] | {"base_epoch": truth["base_epoch"]})
    answers, storage = run_scenario(scenario)
    assert told_results(scenario, answers) == truth["results"]
    due = [r["sent_t"] for r in told_reports(scenario, answers) if r["kind"] == "event-level"]
    sent = [r["sent_t"] for r in truth["reports"] if r["kind"] == "event-level"]
    assert sorted(due) == sorted(sent)
    ledger = Ledger()
    for answer in answers:
        if answer.outcome is not None:
            ledger.expect(answer.outcome, delay=storage.aggregatable_delay)
    for exchange in read_capture(STORIES / f"story_{name}.flows"):
        report = read_report(exchange)
        if report is not None and report.kind is not ReportKind.PUBLIC_KEYS:
            ledger.see(report)
    entries = list(ledger.entries(max(answer.step.time for answer in answers) + MONTHS))
    assert entries
    assert {entry.standing for entry in entries} == {Standing.SEEN}
