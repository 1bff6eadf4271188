"""What a flow's own comment, mark and metadata say about its entries.

May live here: the texts, and when they may be set: never over something a user wrote. mitmproxy
shows comment and mark in its lists and filters on all three (`~comment`, `~marked`, `~meta`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from ara_inspector.chains import SilentHop
from ara_inspector.findings import Severity, Verdict, printable
from ara_inspector.registrations import Registration
from ara_inspector.reports import Report
from ara_inspector.timeline import Note
from ara_inspector.views import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ara_inspector.timeline import Entry

COMMENT_SHOWN: Final = 160
"""Characters: the comment is a column of a table."""
COMMENT_SET: Final = "ara"
MARK_SET: Final = "ara_mark"
"""What we set is remembered in the metadata: a rerun overwrites ours and only ours."""
VERDICT_MARKS: Final[Mapping[Verdict, str]] = {
    Verdict.REGISTERED: ":green_circle:",
    Verdict.REJECTED: ":red_circle:",
    Verdict.IGNORED: ":orange_circle:",
    Verdict.UNKNOWN: ":white_circle:",
}
WORST_FIRST: Final = (Verdict.REJECTED, Verdict.IGNORED, Verdict.UNKNOWN, Verdict.REGISTERED)
REPORT_MARK: Final = ":large_blue_circle:"
SILENT_MARK: Final = ":white_circle:"


class Plain(str):
    """A text that the console's detail tab, which shows metadata by `repr`, shows as it is.

    It is saved as any other text.
    """

    __slots__ = ()
    __repr__ = str.__str__


class Markable(Protocol):
    """The part of a mitmproxy flow that is written."""

    comment: str
    marked: str
    metadata: dict[Any, Any]


def mark(flow: Markable, entries: Iterable[Entry]) -> bool:
    """Set comment, mark and metadata from the flow's entries; whether anything changed."""
    entries = list(entries)
    before = (flow.comment, flow.marked, dict(flow.metadata))
    wanted = metadata_of(entries)
    if flow.comment == flow.metadata.get(COMMENT_SET, ""):
        flow.comment = str(wanted.get(COMMENT_SET, ""))
    if flow.marked == flow.metadata.get(MARK_SET, ""):
        flow.marked = str(wanted.get(MARK_SET, ""))
    for key in [key for key in flow.metadata if key == COMMENT_SET or str(key).startswith("ara_")]:
        del flow.metadata[key]
    flow.metadata.update(wanted)
    return before != (flow.comment, flow.marked, flow.metadata)


def comment_of(entries: Iterable[Entry]) -> str:
    """One line for the comment column: verdict, what, findings."""
    told = "; ".join(filter(None, map(_said, entries)))
    return told if len(told) <= COMMENT_SHOWN else told[: COMMENT_SHOWN - 1] + "…"


def mark_of(entries: Iterable[Entry]) -> str:
    """The worst verdict's mark; a report's or a silent hop's where nothing was registered."""
    entries = list(entries)
    verdicts = {entry.verdict for entry in entries}
    for verdict in WORST_FIRST:
        if verdict in verdicts:
            return VERDICT_MARKS[verdict]
    abouts = [entry.about for entry in entries]
    if any(isinstance(about, Report) for about in abouts):
        return REPORT_MARK
    return SILENT_MARK if any(isinstance(about, SilentHop) for about in abouts) else ""


def metadata_of(entries: Iterable[Entry]) -> dict[str, str | int]:
    """Plain values to filter on: `~meta "ara_verdict: rejected"`, `~meta SRC012`."""
    entries = list(entries)
    # A chain's or an action's entry may come first: the flow's own is the one the comment names.
    named = [entry for entry in entries if _said(entry)]
    if not named:
        return {}
    values: dict[str, str | int] = {
        COMMENT_SET: comment_of(named),
        "ara_entry": named[0].number,
    }
    registrations = [e.about for e in entries if isinstance(e.about, Registration)]
    findings = [finding for entry in entries for finding in entry.findings]
    texts = {
        MARK_SET: mark_of(entries),
        "ara_verdict": _joined(r.verdict for r in registrations),
        "ara_kind": _joined(r.kind for r in registrations),
        "ara_origin": _joined(e.reporting_origin for e in entries if e.reporting_origin),
        "ara_codes": words.codes_of(findings, notes=True),
        "ara_severity": _joined(s for s in Severity if any(f.severity is s for f in findings)),
        "ara_chain": _joined(
            words.place_of(e.about.chain, e.about.hop)
            for e in entries
            if isinstance(e.about, Registration | SilentHop)
        ),
    }
    values |= {key: text for key, text in texts.items() if text}
    return {key: Plain(value) if isinstance(value, str) else value for key, value in values.items()}


def _said(entry: Entry) -> str:
    about = entry.about
    codes = words.codes_of(entry.findings)
    tail = f" {codes}" if codes else ""
    match about:
        case Registration():
            return f"#{entry.number} {words.verdict_of(about)} {words.what_of(about)}{tail}"
        case SilentHop():
            return f"#{entry.number} silent{tail}"
        case Report():
            return f"#{entry.number} report {about.kind} {about.delivery.outcome}{tail}"
        case Note():
            return f"#{entry.number} note{tail}" if tail else ""
        case _:
            return ""


def _joined(texts: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(printable(str(text)) for text in texts))
