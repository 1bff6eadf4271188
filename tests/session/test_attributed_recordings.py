"""Fates and ledger over whole recordings of a real Chrome, against its own account of them.

The scores are printed (`pytest -s`); each difference has its reason here.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import pytest

from ara_inspector.attribution.fates import Agreement, SourceFate, TriggerFate
from ara_inspector.attribution.ledger import Standing
from ara_inspector.findings import Certainty
from ara_inspector.flows import read_capture
from ara_inspector.registrations import Registration
from ara_inspector.session import Session
from chrome_account import (
    NOT_IN_THE_HEADERS,
    NOT_ON_THE_WIRE,
    PATHS,
    REPORTS,
    ROOT,
    chrome_source_key,
    chrome_trigger_key,
    web_key,
)

if TYPE_CHECKING:
    from pathlib import Path

    from ara_inspector.attribution.fates import Fate

STORIES = sorted((ROOT.parent / "shared" / "attribution" / "stories").glob("*.flows"))
NEVER_SENT = {
    "iframe_cross_origin_allow_none": "of a trigger that Chrome did not take",
    "pubkey_404": "without a public key the aggregatable report is never sent",
}
"""Recordings that end with a report still expected."""
UNTOLD_MODE = {
    "eligibility": "a report sent at once cannot be replaced any more",
    "vd_trigger_event_excessive_reports": "as above",
    "noise_eps0_testing": "noise that would be certain is not done",
}
"""Recordings whose results show the local testing mode, which only reports give away."""
ONLY_REPORTED = {"clicks_that_stay": 3}
"""Sources of links to other programs: their navigations pass no proxy, reports alone tell them."""

every_recording = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
every_story = pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)


@cache
def gone_through(path: Path, *, reports: bool) -> Session:
    session = Session()
    for exchange in read_capture(path):
        if reports or REPORTS not in exchange.url:
            session.recorded(exchange)
    session.finish()
    return session


def fates(session: Session) -> list[tuple[Registration, Fate]]:
    return [
        (entry.about, entry.fate)
        for entry in session.timeline
        if isinstance(entry.about, Registration) and entry.fate is not None
    ]


def result(fate: Fate) -> str:
    if isinstance(fate, SourceFate):
        return fate.result.value
    assert isinstance(fate, TriggerFate)
    return f"{fate.event_level} {fate.aggregatable}"


def predicted(path: Path, *, reports: bool) -> Counter[tuple[str, str]]:
    return Counter(
        (web_key(about), result(fate))
        for about, fate in fates(gone_through(path, reports=reports))
        if isinstance(fate, SourceFate | TriggerFate)
    )


@cache
def chromes(path: Path) -> Counter[tuple[str, str]]:
    truth = json.loads(path.with_suffix(".json").read_text("utf-8"))
    results = Counter((chrome_source_key(s), s["result"]) for s in truth["sources"])
    results.update(
        (chrome_trigger_key(t["registration"]), f"{t['event_level']} {t['aggregatable']}")
        for t in truth["triggers"]
    )
    return results


@every_recording
@pytest.mark.parametrize("reports", [True, False], ids=["with reports", "without"])
def test_results_are_chromes(path: Path, *, reports: bool) -> None:
    ours, real = predicted(path, reports=reports), chromes(path)
    if not reports and path.stem in UNTOLD_MODE:
        assert (real - ours).total() == (ours - real).total() > 0
        return
    untold = 0 if reports else ONLY_REPORTED.get(path.stem, 0)
    assert (real - ours).total() == untold + (path.stem in NOT_ON_THE_WIRE)
    assert (ours - real).total() == (path.stem in NOT_IN_THE_HEADERS)


@every_recording
def test_every_report_is_expected_and_every_expected_report_seen(path: Path) -> None:
    counts = dict(gone_through(path, reports=True).summary().balance.counts)
    counts.pop(Standing.SEEN.value, None)
    wanted = {}
    if path.stem in NOT_ON_THE_WIRE:
        wanted[Standing.UNEXPLAINED.value] = 1
    if path.stem in NEVER_SENT:
        wanted[Standing.NOT_YET_DUE.value] = 1
    assert counts == wanted


@every_recording
def test_what_is_certain_is_right(path: Path) -> None:
    real = chromes(path)
    for about, fate in fates(gone_through(path, reports=True)):
        if fate.certainty is Certainty.CERTAIN:
            assert real[web_key(about), result(fate)]
        assert fate.told is None or fate.told.agreement is Agreement.CONFIRMED


@every_story
def test_a_story_comes_out_as_it_did(path: Path) -> None:
    truth = json.loads(path.with_suffix(".json").read_text("utf-8"))
    session = gone_through(path, reports=True)
    wanted = [
        r["result"] if r["kind"] == "source" else f"{r['event_level']} {r['aggregatable']}"
        for r in truth["results"]
    ]
    assert [result(fate) for _, fate in fates(session)] == wanted
    assert [result(fate) for _, fate in fates(gone_through(path, reports=False))] == wanted
    counts = session.summary().balance.counts
    sent = [r for r in truth["reports"] if not r.get("random_null")]
    assert counts == {Standing.SEEN.value: len(sent)}


@pytest.mark.skipif(not PATHS, reason="no recordings here")
def test_score(capsys: pytest.CaptureFixture[str]) -> None:
    right: Counter[str] = Counter()
    standings: Counter[str] = Counter()
    certainties: Counter[str] = Counter()
    for path in PATHS:
        for told, reports in (("with reports", True), ("without reports", False)):
            right[told] += (predicted(path, reports=reports) & chromes(path)).total()
        standings.update(gone_through(path, reports=True).summary().balance.counts)
        certainties.update(f.certainty for _, f in fates(gone_through(path, reports=True)))
    total = sum(chromes(path).total() for path in PATHS)
    with capsys.disabled():
        print(f"\n{len(PATHS)} recordings, {len(STORIES)} stories")  # noqa: T201
        for told, number in right.items():
            print(f"  results as in Chrome, {told}: {number} of {total}")  # noqa: T201
        print(f"  fates: {dict(certainties)}; reports: {dict(standings)}")  # noqa: T201
    assert right["with reports"] >= total - len(NOT_ON_THE_WIRE)
