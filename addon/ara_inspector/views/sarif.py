"""Findings as SARIF 2.1.0, for code scanning pages and SARIF viewers.

May live here: a log with a run for each capture. A finding is a result; the capture is the
artifact, and where in it (entry, header, path) is a logical location: a capture has no lines.
The format is small and fixed, so it is written as plain JSON: the libraries for it bring models
of a hundred objects, and none checks more than the tests do.
"""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from ara_inspector.findings import Severity, printable
from ara_inspector.registrations import Registration
from ara_inspector.views import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ara_inspector.findings import Finding, Rule
    from ara_inspector.timeline import Entry
    from ara_inspector.views.told import Told

VERSION: Final = "2.1.0"
SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
LEVELS: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "note",
}

type Fingerprint = Callable[[Entry, Finding], str]


def sarif_text(
    captures: Iterable[tuple[str, Told, Sequence[str]]],
    fingerprint: Fingerprint,
    is_known: Callable[[Entry, Finding], bool] | None = None,
) -> str:
    """The captures (name, what they tell, remarks) as one log; `is_known` after a baseline."""
    runs = [_run(name, told, remarks, fingerprint, is_known) for name, told, remarks in captures]
    log = {"$schema": SCHEMA, "version": VERSION, "runs": runs}
    return json.dumps(log, indent=2) + "\n"


def _run(
    name: str,
    told: Told,
    remarks: Sequence[str],
    fingerprint: Fingerprint,
    is_known: Callable[[Entry, Finding], bool] | None,
) -> dict[str, Any]:
    found = [(entry, finding) for entry in told.timeline for finding in entry.findings]
    rules = {finding.rule.code: finding.rule for _, finding in found}
    places = {code: index for index, code in enumerate(rules)}
    artifact = {"uri": quote(PurePath(name).as_posix(), safe="/:", errors="surrogateescape")}
    results = []
    for entry, finding in found:
        mark = hashlib.sha256(fingerprint(entry, finding).encode()).hexdigest()[:32]
        result = {
            "ruleId": finding.rule.code,
            "ruleIndex": places[finding.rule.code],
            "level": LEVELS[finding.severity],
            "message": {"text": printable(finding.message)},
            "locations": [
                {
                    "physicalLocation": {"artifactLocation": artifact},
                    "logicalLocations": [_logical(entry, finding)],
                }
            ],
            "partialFingerprints": {"araInspector/v1": mark},
            "properties": _properties(entry, finding),
        }
        if is_known is not None:
            result["baselineState"] = "unchanged" if is_known(entry, finding) else "new"
        results.append(result)
    return {
        "tool": {
            "driver": {
                "name": "ara-inspector",
                "semanticVersion": version("ara-inspector"),
                "rules": [_rule(rule) for rule in rules.values()],
            }
        },
        "artifacts": [{"location": artifact}],
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "warning", "message": {"text": printable(remark)}}
                    for remark in remarks
                ],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.name.replace("-", " ")},
        "helpUri": rule.url,
        "help": {"text": f"ara-inspector explain {rule.code}"},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
    }


def _logical(entry: Entry, finding: Finding) -> dict[str, str]:
    about = entry.about
    steps = [f"entry {entry.number}"]
    if isinstance(about, Registration):
        steps.append(about.header)
    place = words.pointer(finding)
    if place:
        steps.append(place)
    url = getattr(about, "url", None)
    located = {"name": steps[-1], "fullyQualifiedName": " > ".join(steps)}
    if url:
        located["decoratedName"] = printable(url)
    return located


def _properties(entry: Entry, finding: Finding) -> dict[str, str | int]:
    told: dict[str, str | int | None] = {
        "entry": entry.number,
        "reportingOrigin": printable(entry.reporting_origin or "") or None,
        "verdict": entry.verdict.value if entry.verdict else None,
        "certainty": finding.certainty.value,
        "flowId": printable(getattr(entry.about, "flow_id", None) or "") or None,
    }
    return {name: value for name, value in told.items() if value is not None}
