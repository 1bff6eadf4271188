"""Captures as one HTML file that opens from disk and needs nothing else.

May live here: embedding entries, exports, style and scripts so that nothing the wire said can
run, and the plain list that is shown without JavaScript.

In the file are, as data: the rows of every capture; the document (contract 2), which has the
entries in full and is what the file exports as JSON; what is shown beside that; and the entries
as CSV. All but the rows stay text until somebody asks.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ara_inspector.findings import printable
from ara_inspector.registrations import Registration
from ara_inspector.timeline import EntryKind
from ara_inspector.views import words
from ara_inspector.views.cells import cells_of
from ara_inspector.views.csv_text import csv_text
from ara_inspector.views.document import about_output, document, documents, summary_output
from ara_inspector.views.help_texts import help_texts
from ara_inspector.views.page import SCRIPTS, STYLE, asset, shell
from ara_inspector.views.rows import row_of, why_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ara_inspector.timeline import Entry
    from ara_inspector.views.contract import CaptureOutput
    from ara_inspector.views.told import Told

POLICY: Final = (
    "default-src 'none'; script-src {script}; style-src {style}; img-src data:; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
)
"""Nothing is loaded; the one script that runs is the one whose hash stands here."""
RAW_SHOWN: Final = 2_000
"""Characters of a header in the plain list."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One capture in a report."""

    name: str
    told: Told
    remarks: tuple[str, ...] = ()
    """What the reader must know about the capture itself."""
    read: CaptureOutput | None = None
    """What its document says it was read from."""


def html_report(chapters: Iterable[Chapter]) -> str:
    """All captures in one file."""
    chapters = list(chapters)
    script = "\n".join(map(asset, SCRIPTS))
    policy = POLICY.format(script=_hash(script), style=_hash(asset(STYLE)))
    return shell(
        head=f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n',
        style=f"<style>{asset(STYLE)}</style>\n",
        static=f"<noscript>\n{_plain_list(chapters)}\n</noscript>\n",
        data="".join(_data(chapters)),
        script=f"<script>{script}</script>\n",
    )


def _hash(text: str) -> str:
    """`text` as a Content-Security-Policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _data(chapters: Sequence[Chapter]) -> Iterator[str]:
    codes = {
        finding.rule.code
        for chapter in chapters
        for entry in chapter.told.timeline
        for finding in entry.findings
    }
    first = {
        "rules": help_texts(codes),
        "captures": [_capture(chapter) for chapter in chapters],
    }
    yield _block("data", first)
    made = [document(chapter.told, chapter.read) for chapter in chapters]
    yield _block("document", documents(made))
    yield _block("beside", [_beside(chapter.told) for chapter in chapters])
    yield _block("csv", csv_text((chapter.name, chapter.told) for chapter in chapters))


def _beside(told: Told) -> dict[str, Any]:
    """What the page shows of entries and their document does not have."""
    whys = ((entry.number, why_of(entry)) for entry in told.timeline)
    # The document has browsers as they are now, and not all that there were.
    browsers = (entry for entry in told.timeline if entry.kind is EntryKind.BROWSER)
    return {
        "why": {number: why for number, why in whys if why},
        "browsers": [about_output(entry).model_dump(mode="json") for entry in browsers],
    }


def _block(name: str, value: object) -> str:
    return f'<script type="application/json" id="{name}">{_embedded(value)}</script>\n'


def _capture(chapter: Chapter) -> dict[str, Any]:
    entries = list(chapter.told.timeline)
    return {
        "name": chapter.name,
        "remarks": chapter.remarks,
        "summary": summary_output(chapter.told.summary(), entries).model_dump(mode="json"),
        "rows": [row_of(entry) for entry in entries],
    }


def _embedded(value: object) -> str:
    r"""JSON that cannot end the element it stands in: `<`, `>` and `&` as `\u003c` and so on."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _plain_list(chapters: Sequence[Chapter]) -> str:
    parts = ['<div class="plain">', "<h1>Attribution Reporting timeline</h1>"]
    for chapter in chapters:
        entries = list(chapter.told.timeline)
        parts.append(f"<h2>{_text(chapter.name)}</h2>")
        parts.append(f"<p>{_text(chapter.told.summary().sentence)}</p>")
        parts += [f"<p>{_text(remark)}</p>" for remark in chapter.remarks]
        zero = min((e.time for e in entries if e.time is not None), default=None)
        parts += ["\n".join(_plain_entry(entry, zero)) for entry in entries]
    return "\n".join([*parts, "</div>"])


def _plain_entry(entry: Entry, zero: float | None) -> Iterator[str]:
    cells = cells_of(entry, zero=zero)
    head = " ".join(filter(None, (f"#{cells.number}", cells.time, cells.what, cells.verdict)))
    yield f"<article><h2>{_text(head)}</h2>"
    for text in (cells.origin, cells.route, cells.place, getattr(entry.about, "url", "")):
        if text:
            yield f"<p>{_text(text)}</p>"
    if entry.findings:
        items = (f"<li>{_text(words.sentence_of(finding))}</li>" for finding in entry.findings)
        yield f"<ul>{''.join(items)}</ul>"
    if isinstance(entry.about, Registration):
        raw = entry.about.raw
        rest = f"... ({len(raw):,} characters)" if len(raw) > RAW_SHOWN else ""
        yield f"<pre>{_text(raw[:RAW_SHOWN])}{rest}</pre>"
    yield "</article>"


def _text(value: str) -> str:
    return html.escape(printable(value))
