"""Captures as one HTML file that opens from disk and needs nothing else.

May live here: which data of captures is embedded, with exports, style and scripts so that
nothing the wire said can run, and the plain list that is shown without JavaScript.

In the file are, packed: the rows of every capture; the document (contract 2), which has the
entries in full and is what the file exports as JSON; why entries are as they are, which the
document does not say; and the entries as CSV. What the pieces hold is told by the last of them.
Short reports are packed as well: a page with two ways to its data would have one that is seldom
tried, and who wants to read or compare data as text has `--format json` and `jsonl` for it.
"""

from __future__ import annotations

import base64
import hashlib
import html
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.findings import Severity, printable
from ara_inspector.registrations import Registration
from ara_inspector.session.summary import counted
from ara_inspector.timeline import EntryKind
from ara_inspector.views import words
from ara_inspector.views.cells import cells_of
from ara_inspector.views.csv_text import csv_text
from ara_inspector.views.document import (
    LISTS,
    documents,
    expectations_output,
    frame,
    json_line,
    members,
    summary_output,
    told_of,
)
from ara_inspector.views.expectation import only_likely
from ara_inspector.views.help_texts import help_texts
from ara_inspector.views.packing import Pack, batches
from ara_inspector.views.page import SCRIPTS, STYLE, asset, shell
from ara_inspector.views.rows import row_of, why_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ara_inspector.timeline import Entry
    from ara_inspector.views.contract import CaptureOutput
    from ara_inspector.views.expectation import Judged
    from ara_inspector.views.output import Json
    from ara_inspector.views.packing import Part
    from ara_inspector.views.told import Told

POLICY: Final = (
    "default-src 'none'; script-src {script}; style-src {style}; img-src data:; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
)
"""Nothing is loaded; the one script that runs is the one whose hash stands here."""
LISTED: Final = 1_000
"""Entries in the plain list. It is read without JavaScript, and downloaded by everybody."""
RAW_SHOWN: Final = 2_000
"""Characters of a header in the plain list."""


class Chapter(Struct, frozen=True, gc=False):
    """One capture in a report."""

    name: str
    told: Told
    remarks: tuple[str, ...] = ()
    """What the reader must know about the capture itself."""
    read: CaptureOutput | None = None
    """What its document says it was read from."""


def html_report(
    chapters: Iterable[Chapter], judged: Sequence[Judged] = (), expected_in: str = ""
) -> str:
    """All captures in one file, with the expectations they were held against and their file."""
    chapters = list(chapters)
    script = "\n".join(map(asset, SCRIPTS))
    policy = POLICY.format(script=_hash(script), style=_hash(asset(STYLE)))
    return shell(
        head=f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n',
        style=f"<style>{asset(STYLE)}</style>\n",
        static=f"<noscript>\n{_plain_list(chapters, judged)}\n</noscript>\n",
        data=_data(chapters, judged, expected_in),
        script=f"<script>{script}</script>\n",
    )


def _hash(text: str) -> str:
    """`text` as a Content-Security-Policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _expectations(judged: Sequence[Judged], file: str) -> Json | None:
    """What the page shows of expectations."""
    told = [
        {
            "about": each.about,
            "line": each.line,
            "text": each.text,
            "likely": list(only_likely(each.likely)),
        }
        for each in judged
    ]
    return {"file": file, "judged": told} if told else None


def _data(chapters: Sequence[Chapter], judged: Sequence[Judged], expected_in: str) -> str:
    """The element with all that the page shows, a piece a line; see `Packed` in packed.js."""
    codes = {
        finding.rule.code
        for chapter in chapters
        for entry in chapter.told.timeline
        for finding in entry.findings
    }
    pack = Pack()
    captures, made = [], []
    expected = expectations_output(judged) or None
    for chapter in chapters:
        full, text = _in_full(pack, chapter, expected if len(chapters) == 1 else None)
        captures.append({**_capture(pack, chapter), "full": full})
        made.append(text)
    damages = [(each.name, each.read.damage) for each in chapters if each.read and each.read.damage]
    csv = csv_text(((chapter.name, chapter.told) for chapter in chapters), damages)
    held = {
        "rules": help_texts(codes),
        "captures": captures,
        "expectations": _expectations(judged, expected_in),
        "exports": {"json": _under_one_roof(made, expected), "csv": pack.cut(csv)},
    }
    pack.put(json_line(held))
    return f'<script type="text/plain" id="packed">{pack}</script>\n'


def _capture(pack: Pack, chapter: Chapter) -> Json:
    """One capture; `rows` are the numbers of the pieces that have them."""
    entries = list(chapter.told.timeline)
    rows = batches((entry.number, json_line(row_of(entry))) for entry in entries)
    return {
        "name": chapter.name,
        "label": f"{chapter.name}{_label(chapter, entries)}",
        "remarks": chapter.remarks,
        "summary": summary_output(chapter.told.summary(), entries).model_dump(mode="json"),
        "entries": len(entries),
        "rows": [pack.put(f"[{text}]") for _, text in rows],
    }


def _label(chapter: Chapter, entries: Iterable[Entry]) -> str:
    """What stands behind a capture's name where one of several is chosen."""
    if chapter.read is not None and not chapter.read.readable:
        return " - cannot be read"
    errors = counted(entries).severities.get(Severity.ERROR, 0)
    return f" - {words.count(errors, 'error')}" if errors else ""


def _in_full(
    pack: Pack, chapter: Chapter, expected: list[Json] | None
) -> tuple[list[Json], list[Part]]:
    """Where entries are in full, and the document, whose own lists they are.

    Of each piece is told of which kind its entries are and which is the last of them, and beside
    it the piece that says why they are so, where that is known of any.
    """
    entries = {entry.number: entry for entry in chapter.told.timeline}
    ordered = list(entries.values())
    full: list[Json] = []

    def kept(values: Iterable[Json], kind: EntryKind) -> Iterator[Part]:
        for numbers, text in batches((value["entry"], json_line(value)) for value in values):
            whys = {number: why for number in numbers if (why := why_of(entries[number]))}
            at = pack.put(text)
            beside = pack.put(json_line(whys)) if whys else None
            full.append({"kind": kind.value, "last": numbers[-1], "at": at, "why": beside})
            yield at

    def packed(values: Iterable[Json]) -> Iterator[Part]:
        for _, text in batches((None, json_line(value)) for value in values):
            yield pack.part(text)

    lists = members(ordered)
    parts: list[Part] = []
    document = frame(chapter.told, chapter.read) | {"expectations": expected}
    for name, value in document.items():
        parts.append(f'{"," if parts else "{"}"{name}":')
        if name not in lists:
            parts.append(pack.part(json_line(value)))
            continue
        pieces = kept(lists[name], LISTS[name]) if name in LISTS else packed(lists[name])
        parts += ["[", *_with_commas(pieces), "]"]
    # The document has browsers as they are now, and not all that there were.
    list(kept(told_of(ordered, EntryKind.BROWSER), EntryKind.BROWSER))
    return full, [*parts, "}"]


def _under_one_roof(made: Sequence[list[Part]], expected: list[Json] | None) -> list[Part]:
    """The texts of documents as `documents` puts the documents themselves."""
    if len(made) == 1:
        return made[0]
    # Of none, the roof alone: its list stands last.
    head = json_line(documents([]) | {"expectations": expected}).removesuffix("[]}")
    inside = [part for text in made for part in (",", *text)][1:]
    return [f"{head}[", *inside, "]}"]


def _with_commas(parts: Iterable[Part]) -> Iterator[Part]:
    for number, part in enumerate(parts):
        if number:
            yield ","
        yield part


def _plain_list(chapters: Sequence[Chapter], judged: Sequence[Judged]) -> str:
    parts = ['<div class="plain">', "<h1>Attribution Reporting timeline</h1>"]
    parts += _plain_expectations(judged)
    left = LISTED
    for chapter in chapters:
        entries = list(chapter.told.timeline)
        listed = entries[:left]
        left -= len(listed)
        parts.append(f"<h2>{_text(chapter.name)}</h2>")
        parts.append(f"<p>{_text(chapter.told.summary().sentence)}</p>")
        parts += [f"<p>{_text(remark)}</p>" for remark in chapter.remarks]
        if len(listed) < len(entries):
            parts.append(
                f"<p>Here are the first {len(listed):,} of {len(entries):,} entries; "
                "with JavaScript this page has them all.</p>"
            )
        zero = chapter.told.summary().started
        parts += ["\n".join(_plain_entry(entry, zero)) for entry in listed]
    return "\n".join([*parts, "</div>"])


def _plain_expectations(judged: Sequence[Judged]) -> Iterator[str]:
    if judged:
        yield "<h2>Expectations</h2>"
    for each in judged:
        lines = [f"not met: {each.text}" if each.text else f"met: {each.about}"]
        lines += [f"  {remark}" for remark in only_likely(each.likely)]
        shown = "\n".join(map(_text, "\n".join(lines)[:RAW_SHOWN].split("\n")))
        yield f"<pre>{shown}</pre>"


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
