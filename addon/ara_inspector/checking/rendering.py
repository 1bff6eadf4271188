"""Inspected captures in one of the formats of `check`.

May live here: which view makes which format, and what stands around several captures.
"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.checking.baseline import fingerprint
from ara_inspector.checking.outcome import outcome_of
from ara_inspector.findings import printable
from ara_inspector.views.contract import CaptureOutput
from ara_inspector.views.csv_text import csv_text
from ara_inspector.views.document import document, documents, entry_document, json_line
from ara_inspector.views.html_report import Chapter, html_report
from ara_inspector.views.junit import Suite, junit_text
from ara_inspector.views.sarif import Failed, sarif_text
from ara_inspector.views.table import timeline_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ara_inspector.checking.expectations import Comparison
    from ara_inspector.checking.gate import Gate
    from ara_inspector.checking.inspection import Inspection
    from ara_inspector.checking.outcome import Outcome
    from ara_inspector.views.expectation import Judged
    from ara_inspector.views.output import Json
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


class Check(Struct, frozen=True, gc=False):
    """What is printed about a run of `check`."""

    inspections: Sequence[Inspection]
    layout: TableLayout
    gate: Gate
    comparison: Comparison | None = None
    """What came of the expectations, if there are any."""
    expected_in: str = ""
    """The path of their file."""
    unchecked: bool = False
    """Whether the captures have entries, but none that is looked at."""

    @property
    def outcome(self) -> Outcome:
        """What it comes to."""
        return outcome_of(self.inspections, self.gate, self.comparison, unchecked=self.unchecked)

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
        if inspection.is_readable:
            parts.append(timeline_table(inspection, check.layout).rstrip("\n"))
        parts += [f"! {printable(remark)}" for remark in inspection.remarks]
    if check.comparison is not None:
        parts.append(str(check.comparison))
    parts.append(str(check.outcome))
    return "\n\n".join(parts) + "\n"


def _document(check: Check) -> Json:
    made = [document(each, _read(each)) for each in check.inspections]
    return documents(made, None if check.comparison is None else check.judged)


def _read(inspection: Inspection) -> CaptureOutput:
    return CaptureOutput(
        name=inspection.name,
        readable=inspection.is_readable,
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
        damages=[each.damage for each in check.inspections if each.damage is not None],
    )


def _junit(check: Check) -> str:
    suites = [Suite(each.name, each, each.remarks, each.damage) for each in check.inspections]
    return junit_text(suites, check.gate.fails, check.judged)


def _csv(check: Check) -> str:
    damages = [(each.name, each.damage) for each in check.inspections if each.damage is not None]
    return csv_text(((each.name, each) for each in check.inspections), damages)


MAKERS: Final[Mapping[Format, Callable[[Check], str]]] = {
    Format.TABLE: _tables,
    Format.JSON: lambda check: json.dumps(_document(check), indent=2) + "\n",
    Format.JSONL: _lines,
    Format.JUNIT: _junit,
    Format.SARIF: _sarif,
    Format.HTML: _html,
    Format.CSV: _csv,
}
