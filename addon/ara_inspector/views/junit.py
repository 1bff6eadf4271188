"""Entries as JUnit XML, for the test page of a CI server.

May live here: which entry is a test case and what of it is a failure. A suite is a capture, a
case an entry that could fail; cases are classed by reporting origin. The form is the one Jenkins'
xUnit plugin and GitLab read. XML has no way to write control characters, not even escaped:
what is not printable is escaped as everywhere else before it gets here.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.findings import printable
from ara_inspector.registrations import Registration
from ara_inspector.timeline import EntryKind
from ara_inspector.views import words
from ara_inspector.views.cells import cells_of
from ara_inspector.views.expectation import only_likely

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ara_inspector.findings import Finding
    from ara_inspector.timeline import Entry
    from ara_inspector.views.expectation import Judged
    from ara_inspector.views.told import Told

CASES: Final = frozenset({EntryKind.REGISTRATION, EntryKind.REPORT})
"""Entries that are a case even when nothing was found."""


class Suite(Struct, frozen=True, gc=False):
    """A capture: its name, what it tells and what is to be said about the capture itself."""

    name: str
    told: Told
    remarks: Sequence[str] = ()
    damage: str | None = None
    """Why it could not be read, or not to its end."""


def junit_text(
    captures: Iterable[Suite],
    fails: Callable[[Entry, Finding], bool],
    judged: Sequence[Judged] = (),
) -> str:
    """The captures as suites; `fails` says what is a failure, damage is an error.

    Each of `judged` is a case of a suite of its own, called the same whether it is met or not.
    """
    suites = [_suite(capture, fails) for capture in captures]
    if judged:
        suites.append(_expectations(judged))
    root = ET.Element("testsuites", name="ara-inspector")
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in suites)))
    root.extend(suites)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(capture: Suite, fails: Callable[[Entry, Finding], bool]) -> ET.Element:
    entries = list(capture.told.timeline)
    cases = [_case(entry, fails) for entry in entries if entry.kind in CASES or entry.findings]
    if capture.damage is not None:
        cases.append(_damaged(capture.damage))
    suite = ET.Element("testsuite", name=printable(capture.name), tests=str(len(cases)))
    suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    suite.set("errors", str(sum(case.find("error") is not None for case in cases)))
    suite.set("skipped", "0")
    times = [entry.time for entry in entries if entry.time is not None]
    if times:
        suite.set("time", f"{max(times) - min(times):.3f}")
        start = datetime.fromtimestamp(min(times), UTC)
        suite.set("timestamp", start.strftime("%Y-%m-%dT%H:%M:%S"))
    suite.extend(cases)
    if capture.remarks:
        ET.SubElement(suite, "system-err").text = "\n".join(map(printable, capture.remarks))
    return suite


def _damaged(damage: str) -> ET.Element:
    """What is missing could have failed: no case that passes says anything about it."""
    name = "the capture can be read to its end"
    case = ET.Element("testcase", classname="capture", name=name, time="0")
    error = ET.SubElement(case, "error", type="damage", message=printable(damage))
    error.text = printable(damage)
    return case


def _expectations(judged: Sequence[Judged]) -> ET.Element:
    suite = ET.Element("testsuite", name="expectations", tests=str(len(judged)))
    suite.set("failures", str(sum(not each.is_met for each in judged)))
    suite.set("errors", "0")
    suite.set("skipped", "0")
    for each in judged:
        name = printable(each.about)
        case = ET.SubElement(suite, "testcase", classname="expectations", name=name, time="0")
        if not each.is_met:
            head = printable(each.text.partition("\n")[0])
            failure = ET.SubElement(case, "failure", type="expectation", message=head)
            failure.text = "\n".join(map(printable, each.text.split("\n")))
        if each.likely:
            remarks = map(printable, only_likely(each.likely))
            ET.SubElement(case, "system-out").text = "\n".join(remarks)
    return suite


def _case(entry: Entry, fails: Callable[[Entry, Finding], bool]) -> ET.Element:
    cells = cells_of(entry, zero=None)
    title = " ".join(filter(None, (f"#{entry.number}", cells.what, cells.route)))
    case = ET.Element(
        "testcase",
        classname=printable(entry.reporting_origin or entry.kind.value),
        name=printable(title),
        time="0",
    )
    failing = [finding for finding in entry.findings if fails(entry, finding)]
    passing = [finding for finding in entry.findings if finding not in failing]
    if failing:
        # One failure a case: some readers take no more.
        failure = ET.SubElement(
            case,
            "failure",
            type=failing[0].rule.code,
            message=printable(words.sentence_of(failing[0])),
        )
        failure.text = "\n".join([*map(words.sentence_of, failing), *_place(entry)])
    if passing:
        lines = [f"{finding.severity}: {words.sentence_of(finding)}" for finding in passing]
        ET.SubElement(case, "system-out").text = "\n".join(lines)
    return case


def _place(entry: Entry) -> list[str]:
    """Where it was: what an engineer needs to find it in the capture."""
    about = entry.about
    url = getattr(about, "url", None)
    flow_id = getattr(about, "flow_id", None)
    lines = []
    if isinstance(about, Registration):
        lines.append(f"{about.header}: {words.verdict_of(about)}")
    if url:
        lines.append(printable(url))
    if flow_id:
        lines.append(f"flow {printable(flow_id)}")
    return lines
