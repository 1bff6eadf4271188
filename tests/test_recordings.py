"""How well the inspector tells what Chrome did, recording by recording.

The recordings are real sessions with Chrome's own account beside them (DevTools' registrations
and issues). The score is printed (`pytest -s`); each difference has to be explained
in `chrome_account`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ara_inspector.findings import Certainty
from ara_inspector.registrations import RequestKind
from chrome_account import (
    NO_HEADER_TO_IGNORE,
    NOT_IN_THE_HEADERS,
    NOT_ON_THE_WIRE,
    PATHS,
    Tally,
    registrations,
    tally,
)

if TYPE_CHECKING:
    from pathlib import Path

every_recording = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


@every_recording
def test_registered_is_what_chrome_registered(path: Path) -> None:
    found = tally(path)
    if path.stem in NOT_ON_THE_WIRE:
        assert len(found.missing) == 1, NOT_ON_THE_WIRE[path.stem]
    else:
        assert not found.missing
    if path.stem in NOT_IN_THE_HEADERS:
        assert len(found.invented) == 1, NOT_IN_THE_HEADERS[path.stem]
    else:
        assert not found.invented


@every_recording
def test_what_chrome_dropped_has_a_rule_and_chromes_issue(path: Path) -> None:
    found = tally(path)
    assert not found.unexplained
    if path.stem not in NO_HEADER_TO_IGNORE:
        assert found.issues == found.chrome_issues


@every_recording
def test_what_is_certain_is_right(path: Path) -> None:
    found = tally(path)
    assert not found.verdicts[Certainty.CERTAIN, False]
    assert not found.sites[Certainty.CERTAIN, False]


@every_recording
def test_what_reports_prove_was_inferred_without_them(path: Path) -> None:
    with_reports = [
        about
        for about in registrations(path, reports=True)
        if about.request is not RequestKind.REPORT
    ]
    for proven, inferred in zip(with_reports, registrations(path, reports=False), strict=True):
        if proven.context_site.certainty is Certainty.CERTAIN:
            assert inferred.context_site.value == proven.context_site.value
            assert inferred.context_site.certainty is Certainty.LIKELY


def test_markup_tells_which_of_several_pages_asked() -> None:
    (path,) = (path for path in PATHS if path.stem == "pages_side_by_side")
    sites = tally(path).sites
    assert sites[Certainty.LIKELY, True] == sites.total() > 0


@pytest.mark.skipif(not PATHS, reason="no recordings here")
def test_score(capsys: pytest.CaptureFixture[str]) -> None:
    total = Tally()
    differing = []
    for path in PATHS:
        found = tally(path)
        total.verdicts.update(found.verdicts)
        total.sites.update(found.sites)
        if found.missing or found.invented:
            reason = NOT_ON_THE_WIRE.get(path.stem) or NOT_IN_THE_HEADERS.get(path.stem)
            differing.append(f"  {path.stem}: {reason}")
    with capsys.disabled():
        print(f"\n{len(PATHS)} recordings, {len(differing)} differing:", *differing, sep="\n")  # noqa: T201
        for name, counted in (("verdicts", total.verdicts), ("context sites", total.sites)):
            for certainty in Certainty:
                right, wrong = counted[certainty, True], counted[certainty, False]
                print(f"  {name}, {certainty}: {right} right, {wrong} wrong")  # noqa: T201
    for counted in (total.verdicts, total.sites):
        right, wrong = counted[Certainty.LIKELY, True], counted[Certainty.LIKELY, False]
        assert right >= 0.95 * (right + wrong)
