"""Findings as SARIF 2.1.0, for code scanning pages and SARIF viewers.

May live here: a log with one run for all captures. A finding is a result; its capture is the
artifact, and where in it (entry, header, path) is a logical location. The format is small and
fixed, so it is written as plain JSON: the libraries for it bring models of a hundred objects, and
none checks more than the tests do.

What GitHub's code scanning makes of a log decides some of it:

- It refuses two runs of one tool and category in a log, and more than 20 runs: hence the one run.
  `automationDetails` is left out: where it is missing, the upload action writes its `category`.
- It shows a result only at a line of a file. A capture has no lines: a flow file is binary, and
  the lines of a HAR are not those of its entries. So each result stands at the empty beginning
  of the capture, line 1, and its message says which entry is meant: GitHub shows no logical
  locations.
- It tells results apart by rule, file and the partial fingerprint `primaryLocationLineHash`
  alone, which the upload action would make from line 1 of the file: the same for all. Ours is
  made from what survives a re-recording, and is counted where two results have the same.
- It shows a rule's texts beside a result: the page that `ara-inspector explain` prints is there.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from importlib.metadata import version
from pathlib import PurePath
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from msgspec import Struct

from ara_inspector import rules
from ara_inspector.findings import Severity, printable
from ara_inspector.registrations import Registration
from ara_inspector.views import words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from ara_inspector.findings import Finding, Rule
    from ara_inspector.timeline import Entry
    from ara_inspector.views.output import Json
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
PROBLEMS: Final[Mapping[Severity, str]] = {**LEVELS, Severity.NOTE: "recommendation"}
"""The same in the words of GitHub's `problem.severity`."""
OWN: Final = "araInspector/v1"
GITHUB: Final = "primaryLocationLineHash"
TAG: Final = "attribution-reporting"
DESCRIBED: Final = 1_024
"""Characters that GitHub takes of a description."""
EXPECTATION: Final = "expectation"
UNMET: Final = {
    "id": EXPECTATION,
    "name": "expectation-not-met",
    "shortDescription": {"text": "Expectation not met"},
    "fullDescription": {"text": "The captures do not hold what a table of this file says."},
    "help": {
        "text": "The file says what captures have to hold (`ara-inspector check --expect`). The "
        "message has what was wanted (-) and what was found (+), by the numbers of entries."
    },
    "defaultConfiguration": {"level": "error"},
    "properties": {"tags": [TAG], "problem.severity": "error"},
}
"""The rule that expectations not met stand under; it is none of the catalogue."""

type Fingerprint = Callable[[Entry, Finding], str]


class Failed(Struct, frozen=True, gc=False):
    """An expectation not met: its text, what it is in every run, and where it is written."""

    text: str
    about: str
    path: str
    line: int | None


def sarif_text(
    captures: Iterable[tuple[str, Told, Sequence[str]]],
    fingerprint: Fingerprint,
    is_known: Callable[[Entry, Finding], bool] | None = None,
    failed: Sequence[Failed] = (),
    *,
    damages: Collection[str] = (),
) -> str:
    """The captures (name, what they tell, remarks) as one log.

    `is_known` after a baseline; `failed` are expectations, `damages` the remarks which say
    that a capture cannot be read, or not to its end.
    """
    captures = list(captures)
    found = [
        (place, entry, finding)
        for place, (_, told, _) in enumerate(captures)
        for entry in told.timeline
        for finding in entry.findings
    ]
    artifacts = [{"uri": _uri(name), "index": place} for place, (name, _, _) in enumerate(captures)]
    described = {finding.rule.code: finding.rule for _, _, finding in found}
    places = {code: place for place, code in enumerate(described)}
    results = []
    for place, entry, finding in found:
        result = {
            "ruleIndex": places[finding.rule.code],
            "locations": [
                {**_at(artifacts[place], 1), "logicalLocations": [_logical(entry, finding)]}
            ],
            "properties": _properties(entry, finding),
        }
        result |= _result(
            finding.rule.code,
            LEVELS[finding.severity],
            _message(entry, finding),
            fingerprint(entry, finding),
        )
        if is_known is not None:
            result["baselineState"] = "unchanged" if is_known(entry, finding) else "new"
        results.append(result)
    for each in failed:
        result = _result(EXPECTATION, "error", each.text, each.about)
        result["ruleIndex"] = len(places)
        result["locations"] = [_at({"uri": _uri(each.path)}, each.line or 1)]
        if is_known is not None:
            result["baselineState"] = "new"
        results.append(result)
    _count_alike(results)
    run = {
        "tool": {
            "driver": {
                "name": "ara-inspector",
                "semanticVersion": version("ara-inspector"),
                "rules": [*map(rule_of, described.values()), *([UNMET] if failed else [])],
            }
        },
        "artifacts": [{"location": artifact} for artifact in artifacts],
        "invocations": [
            {
                "executionSuccessful": not damages,
                "toolExecutionNotifications": [
                    {
                        "level": "error" if remark in damages else "warning",
                        "message": {"text": _text(remark)},
                        "locations": [{"physicalLocation": {"artifactLocation": artifact}}],
                    }
                    for artifact, (_, _, remarks) in zip(artifacts, captures, strict=True)
                    for remark in remarks
                ],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": VERSION, "runs": [run]}, indent=2) + "\n"


def _uri(name: str) -> str:
    """A path as a URI: a relative one stays so, GitHub takes it from the repository's root."""
    path = PurePath(name)
    if path.is_absolute():
        return path.as_uri()
    # A colon would make what is before it a scheme.
    return quote(path.as_posix(), safe="/", errors="surrogateescape")


def _at(artifact: Json, line: int) -> Json:
    """An empty region at the beginning of a line."""
    region = {"startLine": line, "startColumn": 1, "endLine": line, "endColumn": 1}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}


def _result(rule: str, level: str, text: str, fingerprint: str) -> Json:
    mark = hashlib.sha256(fingerprint.encode()).hexdigest()[:32]
    return {
        "ruleId": rule,
        "level": level,
        "message": {"text": _text(text)},
        "partialFingerprints": {GITHUB: mark, OWN: mark},
    }


def _count_alike(results: Iterable[Json]) -> None:
    """Tell results apart that are of one rule, in one file and about the same."""
    alike = Counter[tuple[str, str]]()
    for result in results:
        file = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        marks = result["partialFingerprints"]
        alike[file, marks[GITHUB]] += 1
        marks[GITHUB] += f":{alike[file, marks[GITHUB]]}"


def _message(entry: Entry, finding: Finding) -> str:
    """What was found, and in a second sentence where: only the first is shown in lists."""
    about = entry.about
    what = words.what_of(about) if isinstance(about, Registration) else entry.kind.value
    of = f" of {entry.reporting_origin}" if entry.reporting_origin else ""
    at = f", at {finding.place}" if finding.place else ""
    ground = f" This is {finding.certainty}: {finding.ground}." if finding.ground else ""
    return f"{finding.message}. Entry {entry.number}, {what}{of}{at}.{ground}"


def _text(text: str) -> str:
    """Line by line printable, and no link, which messages may have: `[here](where)`."""
    return "\n".join(map(printable, text.split("\n"))).replace("](", "] (")


def rule_of(rule: Rule) -> Json:
    """A rule as a reporting descriptor, with its page."""
    text = rules.page_text(rule.code)
    says = " ".join(rules.read_page(text).sections["What it says"].split())
    # The title is shown by itself.
    page = text.partition("\n")[2].strip()
    name = rule.name.replace("-", " ")
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": f"{name[:1].upper()}{name[1:]}"},
        "fullDescription": {"text": says[:DESCRIBED]},
        "helpUri": rule.url,
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {
            "tags": [TAG, rule.code[:3]],
            "problem.severity": PROBLEMS[rule.severity],
        },
    }


def _logical(entry: Entry, finding: Finding) -> dict[str, str]:
    about = entry.about
    steps = [f"entry {entry.number}"]
    if isinstance(about, Registration):
        steps.append(about.header)
    if finding.place:
        steps.append(finding.place)
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
