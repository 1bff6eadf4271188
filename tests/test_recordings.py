"""How well the inspector tells what Chrome did, recording by recording.

The recordings are real sessions with Chrome's own account beside them (DevTools' registrations
and issues). The score is printed (`pytest -s`); each difference has to be explained below.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ara_inspector.findings import Certainty, Verdict
from ara_inspector.flows import read_capture
from ara_inspector.registrations import Registration, RequestKind
from ara_inspector.session import Session
from ara_inspector.spec.effective import Source, Trigger
from ara_inspector.spec.urls import site

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parents[1]
COLLECTIONS = (ROOT.parent / "shared" / "chrome", ROOT / "fixtures" / "flows")
PATHS = sorted(
    path
    for folder in COLLECTIONS
    if folder.is_dir()
    for path in folder.glob("*.flows")
    if path.with_suffix(".json").exists()
)
every_recording = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
REPORTS = "/.well-known/attribution-reporting/"

REFUSED = {
    "exceedsMaxEventStatesLimit",
    "exceedsMaxTriggerStateCardinality",
    "exceedsMaxScopesChannelCapacity",
    "exceedsMaxChannelCapacity",
}
"""Results of sources whose header alone made Chrome refuse them; others are storage limits."""

NOT_ON_THE_WIRE = {
    "cached_img": "the second source comes from the HTTP cache",
    "cached_img_trigger_then_source": "the second trigger comes from the HTTP cache",
    "service_worker": "a response made by the service worker",
}
NOT_IN_THE_HEADERS = {
    "iframe_cross_origin_allow_none": "the frame's allow attribute is in the page's markup",
}
NO_HEADER_TO_IGNORE = {
    "chain_first_http_upgraded": "UntrustworthyReportingOrigin is about the element's http URL",
    "iframe_cross_origin_allow_none": "as above: PermissionPolicyDisabled looks like SourceIgnored",
    "pp_disabled_bg": "the background request is never sent",
    "winopen_1url_nogesture": "the background request is never sent",
    "window_open": "the background request is never sent",
}
"""Recordings with an issue that no response on the wire can show."""


@dataclass
class Tally:
    """One recording: what was predicted and what Chrome says."""

    missing: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    verdicts: Counter[tuple[Certainty, bool]] = field(default_factory=Counter)
    sites: Counter[tuple[Certainty, bool]] = field(default_factory=Counter)
    issues: set[str] = field(default_factory=set)
    chrome_issues: set[str] = field(default_factory=set)
    unexplained: list[str] = field(default_factory=list)
    """Registrations predicted lost without a rule."""


def registrations(path: Path, *, reports: bool) -> list[Registration]:
    session = Session()
    for exchange in read_capture(path):
        if reports or REPORTS not in exchange.url:
            session.recorded(exchange)
    session.finish()
    return [entry.about for entry in session.timeline if isinstance(entry.about, Registration)]


def source_key(source: Source, about: Registration) -> str:
    return json.dumps(
        [
            about.reporting_origin,
            about.source_type,
            sorted(source.destination),
            str(source.source_event_id),
        ]
    )


def chrome_source_key(source: dict[str, Any]) -> str:
    return json.dumps(
        [
            source["reporting_origin"],
            source["type"],
            sorted(source["destinations"]),
            source["event_id"],
        ]
    )


def trigger_key(trigger: Trigger) -> str:
    return json.dumps(
        [
            [
                [str(datum.trigger_data), str(datum.priority), _text(datum.deduplication_key)]
                for datum in trigger.event_trigger_data
            ],
            [[hex(d.key_piece), sorted(d.source_keys)] for d in trigger.aggregatable_trigger_data],
            [
                sorted((key, value.value) for key, value in values.values.items())
                for values in trigger.aggregatable_values
            ],
            _text(trigger.debug_key),
            trigger.debug_reporting,
        ]
    )


def chrome_trigger_key(registration: dict[str, Any]) -> str:
    return json.dumps(
        [
            [
                [datum["data"], datum["priority"], datum.get("dedupKey")]
                for datum in registration["eventTriggerData"]
            ],
            [
                [datum["keyPiece"], sorted(datum["sourceKeys"])]
                for datum in registration["aggregatableTriggerData"]
            ],
            [
                sorted((entry["key"], int(entry["value"])) for entry in values["values"])
                for values in registration["aggregatableValues"]
            ],
            registration.get("debugKey"),
            registration["debugReporting"],
        ]
    )


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


def web_key(about: Registration) -> str:
    if isinstance(about.effective, Source):
        return source_key(about.effective, about)
    assert isinstance(about.effective, Trigger)
    return trigger_key(about.effective)


@cache
def tally(path: Path) -> Tally:
    truth = json.loads(path.with_suffix(".json").read_text("utf-8"))
    found = Tally(chrome_issues={issue["type"] for issue in truth["issues"]})
    kept = Counter(
        chrome_source_key(source) for source in truth["sources"] if source["result"] not in REFUSED
    )
    kept.update(chrome_trigger_key(trigger["registration"]) for trigger in truth["triggers"])
    left = kept.copy()
    predicted = registrations(path, reports=True)
    for about in predicted:
        if about.issue is not None:
            found.issues.add(about.issue)
        if about.verdict is Verdict.REGISTERED:
            key = web_key(about)
            right = left[key] > 0
            left[key] -= right
            if not right:
                found.invented.append(key)
            found.verdicts[about.certainty, right] += 1
        elif not any(finding.rule.code[:3] in {"RSP", "CHN"} for finding in about.findings):
            found.unexplained.append(about.url)
    found.missing = list(left.elements())
    if not found.missing:
        # All that Chrome kept is accounted for, so what is left of the predictions was lost.
        for about in predicted:
            if about.verdict in {Verdict.IGNORED, Verdict.REJECTED}:
                found.verdicts[about.certainty, True] += 1
    for reports in (True, False):
        found.sites.update(judged_sites(registrations(path, reports=reports), truth["sources"]))
    return found


def judged_sites(
    predicted: Iterable[Registration], sources: list[dict[str, Any]]
) -> Counter[tuple[Certainty, bool]]:
    counted: Counter[tuple[Certainty, bool]] = Counter()
    origins: dict[str, set[str | None]] = {}
    for source in sources:
        origins.setdefault(chrome_source_key(source), set()).add(site(source["source_origin"]))
    for about in predicted:
        if isinstance(about.effective, Source) and about.verdict is Verdict.REGISTERED:
            real = origins.get(source_key(about.effective, about))
            if real is not None:
                counted[about.context_site.certainty, about.context_site.value in real] += 1
    return counted


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


@every_recording
def test_the_har_of_a_session_gives_the_same(path: Path, tmp_path: Path) -> None:
    archive = tmp_path / "session.har"
    write_har(path, archive)
    assert [told(about) for about in registrations(archive, reports=True)] == [
        told(about) for about in registrations(path, reports=True)
    ]


def told(about: Registration) -> tuple[object, ...]:
    return about.url, about.kind, about.verdict, about.effective, about.context_site.value


def write_har(path: Path, archive: Path) -> None:
    from mitmproxy.addons.savehar import SaveHar  # noqa: PLC0415 - slow to load
    from mitmproxy.io import FlowReader  # noqa: PLC0415 - likewise

    with path.open("rb") as file:
        flows = list(FlowReader(file).stream())
    archive.write_text(json.dumps(SaveHar().make_har(flows)), "utf-8")


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
