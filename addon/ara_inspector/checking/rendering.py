"""Inspected captures in one of the formats of `check`.

May live here: which view makes which format, and what stands around several captures.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from ara_inspector.checking.baseline import fingerprint
from ara_inspector.findings import Severity, printable
from ara_inspector.views.contract import CaptureOutput
from ara_inspector.views.csv_text import csv_text
from ara_inspector.views.document import document, documents, entry_document, json_line
from ara_inspector.views.html_report import Chapter, html_report
from ara_inspector.views.junit import junit_text
from ara_inspector.views.sarif import Failed, sarif_text
from ara_inspector.views.table import count, timeline_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ara_inspector.checking.expectations import Comparison
    from ara_inspector.checking.gate import Gate
    from ara_inspector.checking.inspection import Inspection
    from ara_inspector.views.contract import Json
    from ara_inspector.views.expectation import Judged
    from ara_inspector.views.table import TableLayout


class Format(StrEnum):
    """What `check` can print."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    JUNIT = "junit"
    SARIF = "sarif"
    HTML = "html"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Check:
    """What is printed about a run of `check`."""

    inspections: Sequence[Inspection]
    layout: TableLayout
    gate: Gate
    comparison: Comparison | None = None
    """What came of the expectations, if there are any."""
    expected_in: str = ""
    """The path of their file."""

    @property
    def named(self) -> list[tuple[str, Inspection, tuple[str, ...]]]:
        """Name, contents and remarks of each capture."""
        return [(each.name, each, each.remarks) for each in self.inspections]

    @property
    def judged(self) -> Sequence[Judged]:
        """The expectations, met or not."""
        return () if self.comparison is None else self.comparison.judged


def render(check: Check, kind: Format) -> str:
    """The run in one of the formats."""
    return MAKERS[kind](check)


def _tables(check: Check) -> str:
    style = check.layout.style
    parts = []
    for inspection in check.inspections:
        if len(check.inspections) > 1:
            parts.append(style.bold(f"=== {printable(inspection.name)}"))
        parts.append(timeline_table(inspection, check.layout).rstrip("\n"))
        parts += [f"! {printable(remark)}" for remark in inspection.remarks]
    if check.comparison is not None:
        parts.append(str(check.comparison))
    parts.append(_outcome(check.inspections, check.gate))
    return "\n\n".join(parts) + "\n"


def _outcome(inspections: Sequence[Inspection], gate: Gate) -> str:
    entries = [entry for inspection in inspections for entry in inspection.timeline]
    failing = sum(1 for _ in gate.failures(entries))
    known = sum(
        gate.is_known(entry, finding)
        for entry in entries
        for finding in entry.findings
        if finding.severity is not Severity.NOTE
    )
    told = f"{count(failing, 'finding')} that fail{'s' if failing == 1 else ''} the check"
    return told + (f"; {known} known from the baseline" if gate.known else "")


def _document(check: Check) -> Json:
    return documents([document(each, _read(each)) for each in check.inspections])


def _read(inspection: Inspection) -> CaptureOutput:
    return CaptureOutput(
        name=inspection.name,
        damage=inspection.damage,
        skipped=inspection.skipped,
        lacks=inspection.lacks,
        redacted=inspection.redacted,
    )


def _html(check: Check) -> str:
    return html_report(
        (Chapter(each.name, each, each.remarks, _read(each)) for each in check.inspections),
        check.judged,
        check.expected_in,
    )


def _lines(check: Check) -> str:
    several = len(check.inspections) > 1
    return "".join(
        json_line(entry_document(entry, each.name if several else None)) + "\n"
        for each in check.inspections
        for entry in each.timeline
    )


def _sarif(check: Check) -> str:
    return sarif_text(
        check.named,
        fingerprint,
        check.gate.is_known if check.gate.known else None,
        [
            Failed(each.text, each.about, check.expected_in, each.line)
            for each in check.judged
            if not each.is_met
        ],
        whole=all(each.damage is None for each in check.inspections),
    )


MAKERS: Final[Mapping[Format, Callable[[Check], str]]] = {
    Format.TABLE: _tables,
    Format.JSON: lambda check: json.dumps(_document(check), indent=2) + "\n",
    Format.JSONL: _lines,
    Format.JUNIT: lambda check: junit_text(check.named, check.gate.fails, check.judged),
    Format.SARIF: _sarif,
    Format.HTML: _html,
    Format.CSV: lambda check: csv_text((each.name, each) for each in check.inspections),
}
