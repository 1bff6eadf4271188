"""The timeline as tables of text, one per reporting origin, with a summary on top.

May live here: layout for a terminal or a text file of a given width. The wording of a cell is
in `words` and `cells`.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING, Final

from tabulate import tabulate

from ara_inspector.chains import ChainCard
from ara_inspector.findings import Severity, Verdict, printable
from ara_inspector.registrations import Registration
from ara_inspector.timeline import EntryKind
from ara_inspector.views import words
from ara_inspector.views.cells import cells_of
from ara_inspector.views.line import fitted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ara_inspector.session import Session, Summary
    from ara_inspector.timeline import Entry
    from ara_inspector.views.style import Style

HEADERS: Final = ("#", "time", "what", "verdict", "site > for", "chain", "findings")
TAKEN: Final = 62
"""Columns that all but the route take, separators included."""
NARROWEST: Final = 80
WIDE: Final = 140
"""From this width on the notes' codes are shown as well."""
ROWS: Final = frozenset({EntryKind.REGISTRATION, EntryKind.SILENT, EntryKind.REPORT})
"""Kinds of entries that stand in a reporting origin's table."""


def timeline_table(session: Session, *, width: int, style: Style) -> str:
    """The whole session as text of at most `width` columns (at least 80)."""
    width = max(width, NARROWEST)
    entries = list(session.timeline)
    zero = min((e.time for e in entries if e.time is not None), default=None)
    parts = [summary_text(session.summary(), entries, width=width, style=style)]
    parts += [
        origin_table(origin, rows, zero=zero, width=width, style=style)
        for origin, rows in by_reporting_origin(entries).items()
    ]
    loose = [e for e in entries if e.reporting_origin is None and e.kind is EntryKind.NOTE]
    parts += ["\n".join(_findings(loose, width, style))] if loose else []
    chains = [
        card for e in entries if isinstance(card := e.about, ChainCard) and card.reporters > 1
    ]
    parts += ["\n".join(chain_text(card, width, style) for card in chains)] if chains else []
    return "\n\n".join(part for part in parts if part) + "\n"


def by_reporting_origin(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """The entries that stand in tables, by reporting origin, in order of appearance."""
    grouped: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.kind in ROWS or (entry.kind is EntryKind.NOTE and entry.reporting_origin):
            grouped.setdefault(entry.reporting_origin or words.UNTOLD, []).append(entry)
    return grouped


def summary_text(summary: Summary, entries: Sequence[Entry], *, width: int, style: Style) -> str:
    """What to know first: the sentence, then the numbers."""
    registrations = [e for e in entries if isinstance(e.about, Registration)]
    origins = {e.reporting_origin for e in registrations}
    shared = [e for e in entries if isinstance(e.about, ChainCard) and e.about.reporters > 1]
    severities = Counter(f.severity for e in entries for f in e.findings)
    verdicts = ", ".join(
        style.verdict(f"{summary.verdicts[verdict]} {verdict}", verdict)
        for verdict in Verdict
        if summary.verdicts.get(verdict)
    )
    lines = [style.bold("Attribution Reporting timeline")]
    if summary.sentence:
        lines += textwrap.wrap(printable(summary.sentence), width)
    lines.append(
        f"{count(summary.exchanges, 'exchange')}, {summary.eligible} of them eligible; "
        f"{count(len(registrations), 'registration')}" + (f": {verdicts}" if verdicts else "")
    )
    lines.append(
        f"{count(len(origins), 'reporting origin')}; "
        f"{count(len(shared), 'chain')} with more than one reporter; "
        f"{count(summary.reports, 'report')}; "
        f"{count(severities[Severity.ERROR], 'error')}, "
        f"{count(severities[Severity.WARNING], 'warning')}"
    )
    lines += [
        style.dim(f"{count(number, what)} dropped to keep memory bounded")
        for what, number in summary.dropped.items()
        if number
    ]
    return "\n".join(lines)


def origin_table(
    origin: str, rows: Sequence[Entry], *, zero: float | None, width: int, style: Style
) -> str:
    """One reporting origin: its entries as a table, then what was found, in full."""
    kinds = Counter(
        e.about.kind.value if isinstance(e.about, Registration) else e.kind.value for e in rows
    )
    told = ", ".join(count(number, kind) for kind, number in kinds.items())
    table = tabulate(
        [_row(entry, zero=zero, width=width, style=style) for entry in rows],
        headers=HEADERS,
        tablefmt="simple",
        disable_numparse=True,
        colalign=("right", "right"),
    )
    head = f"{style.bold(printable(origin))}  {style.dim(told)}"
    return "\n".join([head, table, *_findings(rows, width, style)])


def _row(entry: Entry, *, zero: float | None, width: int, style: Style) -> tuple[str, ...]:
    cells = cells_of(entry, zero=zero)
    codes = words.codes_of(entry.findings, notes=width >= WIDE)
    return (
        cells.number,
        cells.time,
        cells.what,
        style.verdict(cells.verdict, entry.verdict),
        fitted(cells.route, max(width - TAKEN - len(codes), 12)),
        cells.place,
        style.severity(codes, entry.severity),
    )


def _findings(rows: Iterable[Entry], width: int, style: Style) -> Iterator[str]:
    """Errors and warnings in full, each distinct one once with the entries it concerns."""
    told: dict[tuple[str, Severity], list[int]] = {}
    for entry in rows:
        for finding in entry.findings:
            if finding.severity is not Severity.NOTE:
                key = (words.sentence_of(finding), finding.severity)
                numbers = told.setdefault(key, [])
                if entry.number not in numbers:
                    numbers.append(entry.number)
    for (sentence, severity), numbers in told.items():
        label = "#" + ",".join(map(str, numbers))
        wrapped = textwrap.wrap(
            f"{label} {sentence}", width - 2, subsequent_indent="    ", break_on_hyphens=False
        )
        for position, line in enumerate(wrapped):
            painted = line
            if position == 0:
                code = sentence.partition(" ")[0]
                painted = line.replace(code, style.severity(code, severity), 1)
            yield f"  {painted}"


def chain_text(card: ChainCard, width: int, style: Style) -> str:
    """A chain of several reporters: a line of totals, a row per hop."""
    lines = [style.bold(f"chain c{card.number}") + f"  {printable(card.totals)}"]
    rows = []
    for hop in card.hops:
        registered = ", ".join(f"{r.kind} {r.verdict} (#{r.entry})" for r in hop.registrations)
        spent = "" if hop.milliseconds is None else f"{hop.milliseconds:.0f} ms"
        rows.append(
            (
                str(hop.number),
                fitted(words.host(hop.reporting_origin or words.UNTOLD), width // 3),
                str(hop.status or words.UNTOLD),
                registered or "nothing",
                spent,
            )
        )
    table = tabulate(rows, tablefmt="plain", disable_numparse=True, colalign=("right",))
    return "\n".join([*lines, textwrap.indent(table, "  ")])


def count(number: int, noun: str) -> str:
    """`1 chain`, `2 chains`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
