"""Captures in tests: what a recording must hold, in three lines.

May live here: the assertions. They say what a file of expectations says (`check --expect`), and
fail with the same text, after the name of the recording.

    from ara_inspector.testing import inspect

    def test_the_click() -> None:
        capture = inspect("recordings/click.flows")
        capture.assert_registers(kind="source", reporting_origins=["https://a.example"])
        capture.assert_attributed(source={"site": "https://news.example"})
        capture.assert_clean()

The fixture `ara_capture` of `ara_inspector.pytest_plugin` finds recordings beside the test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ara_inspector import rules
from ara_inspector.checking.expectation_file import expected, read_expectation_file
from ara_inspector.checking.expectations import Expectations, compare
from ara_inspector.checking.gate import FailOn, Gate
from ara_inspector.checking.inspection import Inspection, inspect_capture
from ara_inspector.checking.keys import ATTRIBUTED
from ara_inspector.checking.tables import Place
from ara_inspector.findings import printable
from ara_inspector.registrations import Kind, Registration
from ara_inspector.reports import Report
from ara_inspector.views import words
from ara_inspector.views.selection import Selection
from ara_inspector.views.style import Style
from ara_inspector.views.table import TableLayout, timeline_table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ara_inspector.findings import Finding
    from ara_inspector.timeline import Entry

WIDTH = 120
"""Columns of the timeline shown beside a failure."""


class Capture(Struct, frozen=True, gc=False):
    """A recording that has been gone through; `str()` of it is its timeline."""

    inspection: Inspection

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The whole timeline."""
        return self.inspection.timeline

    @property
    def registrations(self) -> list[Registration]:
        """Every registration, in order."""
        return [e.about for e in self.entries if isinstance(e.about, Registration)]

    @property
    def reports(self) -> list[Report]:
        """Every report, in order."""
        return [e.about for e in self.entries if isinstance(e.about, Report)]

    @property
    def findings(self) -> list[Finding]:
        """Every finding, in order."""
        return [finding for entry in self.entries for finding in entry.findings]

    def assert_registers(self, **table: Any) -> None:
        """Fail unless registrations are there as a `[[registrations]]` table would ask for.

        Keys: `kind`, `source_type`, `site`, `destination`, `reporting_origin` or
        `reporting_origins`, `verdict` (else: registered), `result`, `event_level`,
        `aggregatable`, `source` (a dictionary: `site`, `source_type`, `destination`),
        `at_least`, `at_most`, `count`, `name`.
        """
        __tracebackhide__ = True
        self._assert_table("registration", table, "assert_registers")

    def assert_attributed(self, **table: Any) -> None:
        """Fail unless triggers are attributed; keys as in `assert_registers`.

        `result` is "attributed" (at either level) unless it or a level is given.
        """
        __tracebackhide__ = True
        asked = {"result", "event_level", "aggregatable"} & table.keys()
        wanted = {} if asked else {"result": ATTRIBUTED}
        table = {"kind": Kind.TRIGGER.value, **wanted, **table}
        self._assert_table("registration", table, "assert_attributed")

    def assert_reports(self, **table: Any) -> None:
        """Fail unless reports are there; keys as in `[[reports]]`.

        `standing` is "seen" unless given; "expected" are those the browser has to send, also
        where the recording ends before.
        """
        __tracebackhide__ = True
        self._assert_table("report", table, "assert_reports")

    def assert_clean(self, fail_on: str = FailOn.ERROR, ignore: Iterable[str] = ()) -> None:
        """Fail if there are errors (or warnings: `fail_on="warning"`) of rules not ignored.

        Rules are ignored by code, name or the beginning of codes.
        """
        __tracebackhide__ = True
        selection = Selection(ignored=rules.codes_meant(ignore))
        failing = [
            f"  + #{entry.number} {words.sentence_of(finding)}"
            for entry, finding in Gate(FailOn(fail_on)).failures(selection.of(self.entries))
        ]
        if failing:
            raise AssertionError("\n".join([f"{self._name}: findings:", *failing]))

    def assert_expected(self, path: str | Path) -> None:
        """Fail unless the capture holds what a file of expectations (TOML or YAML) says."""
        __tracebackhide__ = True
        self._assert(read_expectation_file(path))

    def _assert_table(self, what: str, table: dict[str, Any], place: str) -> None:
        __tracebackhide__ = True
        self._assert(Expectations(tuple(expected(what, table, Place(place)))))

    def _assert(self, expectations: Expectations) -> None:
        __tracebackhide__ = True
        unmet = compare(expectations, [self.inspection]).unmet
        if unmet:
            raise AssertionError("\n".join(f"{self._name}: {each.text}" for each in unmet))

    @property
    def _name(self) -> str:
        return printable(self.inspection.name)

    def __str__(self) -> str:
        return timeline_table(self.inspection, TableLayout(WIDTH, Style.PLAIN))


def inspect(path: str | Path) -> Capture:
    """Go through a flow file or a HAR. Raises `CaptureError` where it cannot be read to its end."""
    inspection = inspect_capture(path)
    inspection.require_whole()
    return Capture(inspection)
