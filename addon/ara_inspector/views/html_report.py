"""Captures as one HTML file that opens from disk and needs nothing else.

May live here: embedding entries, style and scripts so that nothing the wire said can run, and
the plain list that is shown without JavaScript.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from typing import TYPE_CHECKING, Any, Final

from ara_inspector.findings import printable
from ara_inspector.registrations import Registration
from ara_inspector.views import words
from ara_inspector.views.cells import cells_of
from ara_inspector.views.document import summary_output
from ara_inspector.views.help_texts import help_texts
from ara_inspector.views.page import SCRIPTS, STYLE, asset, shell, shown_entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ara_inspector.timeline import Entry
    from ara_inspector.views.told import Told

POLICY: Final = (
    "default-src 'none'; script-src {script}; style-src {style}; img-src data:; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
)
"""Nothing is loaded; the one script that runs is the one whose hash stands here."""
RAW_SHOWN: Final = 2_000
"""Characters of a header in the plain list."""


def html_report(captures: Iterable[tuple[str, Told]]) -> str:
    """All captures, each under its name, in one file."""
    captures = list(captures)
    script = "\n".join(map(asset, SCRIPTS))
    policy = POLICY.format(script=_hash(script), style=_hash(asset(STYLE)))
    return shell(
        head=f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n',
        style=f"<style>{asset(STYLE)}</style>\n",
        static=f"<noscript>\n{_plain_list(captures)}\n</noscript>\n",
        data=f'<script type="application/json" id="data">{_embedded(_data(captures))}</script>\n',
        script=f"<script>{script}</script>\n",
    )


def _hash(text: str) -> str:
    """`text` as a Content-Security-Policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _data(captures: Sequence[tuple[str, Told]]) -> dict[str, Any]:
    codes = {
        finding.rule.code
        for _, told in captures
        for entry in told.timeline
        for finding in entry.findings
    }
    return {"rules": help_texts(codes), "captures": [_capture(*pair) for pair in captures]}


def _capture(name: str, told: Told) -> dict[str, Any]:
    entries = list(told.timeline)
    return {
        "name": name,
        "summary": summary_output(told.summary(), entries).model_dump(mode="json"),
        "entries": [shown_entry(entry) for entry in entries],
    }


def _embedded(value: object) -> str:
    r"""JSON that cannot end the element it stands in: `<`, `>` and `&` as `\u003c` and so on."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _plain_list(captures: Sequence[tuple[str, Told]]) -> str:
    parts = ['<div class="plain">', "<h1>Attribution Reporting timeline</h1>"]
    for name, told in captures:
        entries = list(told.timeline)
        parts.append(f"<h2>{_text(name)}</h2>")
        parts.append(f"<p>{_text(told.summary().sentence)}</p>")
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
