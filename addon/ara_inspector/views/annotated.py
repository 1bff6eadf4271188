"""A header's value with a marker under each offending part.

May live here: how findings are put under the text they are about. The text's layout comes
from `layout`; nothing is judged.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Final

from ara_inspector.findings import Severity, printable
from ara_inspector.views.layout import Span, columns, lay_out_field, lay_out_json
from ara_inspector.views.style import COLOURS
from ara_inspector.views.wrapping import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ara_inspector.findings import Finding
    from ara_inspector.spec.headers import HeaderKind
    from ara_inspector.views.layout import Layout
    from ara_inspector.views.style import Style

WHOLE_LINES: Final = 60
"""A layout of up to this many lines is shown whole; of a longer one only what is marked."""
NEIGHBOURS: Final = 2
"""Lines shown before and after a marked one, where not everything is."""
EXCERPT: Final = 60
"""Characters shown before and after a place in text that has no layout."""
POSITION: Final = "position"
"""The parameter of findings that know a character rather than a path."""
MARKER: Final = re.compile(rf" *(?:~*\^ )?(?:{'|'.join(Severity)}) [A-Z]{{3}}\d{{3}}")
"""What the line of a finding begins with."""
SHORTEST: Final = 10
"""Columns that have to be left beside it for its message to be broken there."""


def annotated(
    kind: HeaderKind,
    text: str,
    findings: Sequence[Finding],
    style: Style,
    width: int | None = None,
) -> str:
    """A header's value with its findings marked; what is said of it is as wide as `width`."""
    annotate = annotated_json if kind.is_json else annotated_field
    lines = annotate(text, findings, style).split("\n")
    return "\n".join(lines if width is None else _wrapped(lines, width))


def _wrapped(lines: Iterable[str], width: int) -> Iterable[str]:
    """Findings broken into lines; the value, and a marker that stands further out, as they are."""
    for line in lines:
        marker = MARKER.match(COLOURS.sub("", line))
        if marker is None or marker.end() + SHORTEST > width:
            yield line
        else:
            yield from wrapped([line], width)


def annotated_json(text: str, findings: Sequence[Finding], style: Style) -> str:
    """JSON pretty-printed with its findings marked; an excerpt where it is not JSON."""
    layout = None if any(_knows_position(f) for f in findings) else lay_out_json(text)
    return _annotated(text, layout, findings, style)


def annotated_field(text: str, findings: Sequence[Finding], style: Style) -> str:
    """A structured field with its findings marked; an excerpt where it is long or broken."""
    short = len(text) <= 2 * EXCERPT
    layout = lay_out_field(text) if short else None
    return _annotated(text, layout, findings, style)


def _knows_position(finding: Finding) -> bool:
    return isinstance(finding.params.get(POSITION), int)


def _annotated(text: str, layout: Layout | None, findings: Sequence[Finding], style: Style) -> str:
    if layout is None:
        return "\n".join(_excerpts(text, findings, style))
    placed = [(_place(finding, layout, text), finding) for finding in findings]
    placed.sort(key=lambda pair: (pair[0].line, pair[0].start))
    notes = {
        line: [_note(span, finding, style) for span, finding in group]
        for line, group in groupby(placed, key=lambda pair: pair[0].line)
    }
    return "\n".join(_woven(layout.lines, notes))


def _place(finding: Finding, layout: Layout, text: str) -> Span:
    position = finding.params.get(POSITION)
    if isinstance(position, int):
        start = columns(printable(text[:position]))
        return Span(0, start, start + 1)
    return layout.locate(finding.path)


def _note(span: Span, finding: Finding, style: Style) -> str:
    marker = "~" * (span.end - span.start - 1) + "^"
    return (
        f"{' ' * span.start}{style.severity(marker, finding.severity)} {sentence(finding, style)}"
    )


def _woven(lines: Sequence[str], notes: dict[int, list[str]]) -> Iterable[str]:
    whole = len(lines) <= WHOLE_LINES
    shown = -1
    for number, line in enumerate(lines):
        near = range(number - NEIGHBOURS, number + NEIGHBOURS + 1)
        if not whole and not any(other in notes for other in near):
            continue
        if number != shown + 1:
            yield "..."
        shown = number
        yield line
        yield from notes.get(number, ())
    if shown != len(lines) - 1:
        yield "..."


def _excerpts(text: str, findings: Sequence[Finding], style: Style) -> Iterable[str]:
    """Without a layout: the surroundings of each place that is known, once per place."""
    for finding in findings:
        position = finding.params.get(POSITION)
        if isinstance(position, int):
            start = max(0, position - EXCERPT)
            before = ("..." if start else "") + printable(text[start:position])
            after = printable(text[position : position + EXCERPT])
            more = "..." if position + EXCERPT < len(text) else ""
            yield f"{before}{after}{more}"
            yield _note(Span(0, columns(before), columns(before) + 1), finding, style)
        else:
            yield sentence(finding, style)


def sentence(finding: Finding, style: Style) -> str:
    """Severity, code and message of a finding, without its place."""
    head = style.severity(f"{finding.severity} {finding.rule.code}", finding.severity)
    return f"{head} {finding.message}"
