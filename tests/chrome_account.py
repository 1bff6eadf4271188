"""Recordings with Chrome's own account beside them, and holding predictions against it.

The account is DevTools': registrations with their result, and issues. The tables explain what
may differ.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ara_inspector.findings import Certainty, Verdict
from ara_inspector.flows import read_capture
from ara_inspector.registrations import Registration
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
"""Recordings of which Chrome registered one thing more than is told."""
NOT_IN_THE_HEADERS = {
    "frame_not_allowed": "the frame's allow attribute is in the page's markup",
    "iframe_cross_origin_allow_none": "the frame's allow attribute is in the page's markup",
    "sandboxed_popup": "the frame's sandbox attribute is in the page's markup",
}
NO_HEADER_TO_IGNORE = {
    "chain_first_http_upgraded": "UntrustworthyReportingOrigin is about the element's http URL",
    "frame_not_allowed": "PermissionPolicyDisabled looks like SourceIgnored",
    "iframe_cross_origin_allow_none": "PermissionPolicyDisabled looks like SourceIgnored",
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
