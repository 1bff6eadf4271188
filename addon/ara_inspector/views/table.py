"""The timeline as tables of text, one per reporting origin (or site, page, chain), summary on top.

May live here: layout for a terminal or a text file of a given width. The wording of a cell is
in `words` and `cells`.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from tabulate import tabulate

from ara_inspector.chains import ChainCard
from ara_inspector.findings import Severity, printable
from ara_inspector.registrations import Registration
from ara_inspector.timeline import EntryKind
from ara_inspector.views import words
from ara_inspector.views.cells import cells_of
from ara_inspector.views.fitting import (
    CHAIN,
    CODES,
    GAP,
    HOP,
    NUMBER,
    ORIGIN,
    ORIGIN_SHORT,
    OUTCOME,
    PURPOSE,
    ROUTED,
    TIME,
    VERDICT,
    WHAT,
    fitting,
)
from ara_inspector.views.grouping import GroupBy, grouped
from ara_inspector.views.head import summary_text
from ara_inspector.views.line import LONGEST, cut, fitted
from ara_inspector.views.words import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ara_inspector.chains import Hop
    from ara_inspector.session import Summary
    from ara_inspector.timeline import Entry
    from ara_inspector.views.style import Style
    from ara_inspector.views.told import Told

NOUNS: Final = {"silent": "silent hop", "context": "proven site"}
"""What some kinds of entries are called where they are counted."""
UNBOUNDED: Final = 120
"""Columns text is wrapped at where a table may be wider."""
NARROWEST: Final = 60
"""Columns a table takes in any case."""
NARROW: Final = 80
"""Below this width chains stand in a table of their own only."""
CODED: Final = 100
"""From this width on the codes stand beside each entry as well as below the table."""
ROOMY: Final = 130
"""From this width on what a registration comes to has a column of its own."""
WIDE: Final = 140
"""From this width on the notes' codes are shown as well."""
LEAST_REPORTER: Final = 12
"""Columns that the reporter of a hop keeps."""
DATED: Final = 120
"""From this width on absolute times have their date."""


class TableLayout(Struct, frozen=True, gc=False):
    """How the tables are laid out: for a terminal of `width` columns (at least 60).

    Without a width they are as wide as they need to be: a file or a pipe has no edge.
    """

    width: int | None
    style: Style
    group_by: GroupBy = GroupBy.ORIGIN
    absolute: bool = False
    """Times as dates; otherwise as seconds after the first entry."""

    @property
    def columns(self) -> int:
        """The columns there are for text and, where there is an edge, for tables."""
        return max(self.width or UNBOUNDED, NARROWEST)

    @property
    def edge(self) -> int | None:
        """The same, None where there is no edge."""
        return None if self.width is None else self.columns

    @property
    def names_origin(self) -> bool:
        """Whether a row has to name its reporting origin."""
        return self.group_by is not GroupBy.ORIGIN

    @property
    def names_site(self) -> bool:
        """Whether a row has to name its site: where the heading does not."""
        return self.group_by not in {GroupBy.SITE, GroupBy.PAGE}

    @property
    def lists_codes(self) -> bool:
        """Whether a row has room for the codes that stand below the table in any case."""
        return self.columns >= (ROOMY if self.names_origin else CODED)


class Clock(Struct, frozen=True, gc=False):
    """How the tables tell times: after `zero`, or without one as dates."""

    zero: float | None = None
    title: str = ""
    """The date of all times, where only the heading tells it."""


def timeline_table(told: Told, layout: TableLayout) -> str:
    """The whole session as text."""
    entries = list(told.timeline)
    summary = told.summary()
    width, style = layout.columns, layout.style
    groups = grouped(entries, layout.group_by)
    clock = _clock(groups.values(), summary, layout)
    parts = [summary_text(summary, entries, width=width, style=style, dated=clock.title)]
    parts += [
        group_table(title, rows, clock, layout)
        for title, rows in groups.items()
        if any(entry.kind is not EntryKind.SILENT for entry in rows)
    ]
    mute = [
        e for rows in groups.values() if all(e.kind is EntryKind.SILENT for e in rows) for e in rows
    ]
    parts += [silent_text(mute, width, style)] if mute else []
    loose = [e for e in entries if e.reporting_origin is None and e.kind is EntryKind.NOTE]
    parts += ["\n".join(_findings(loose, width, style))] if loose else []
    chains = [e for e in entries if e.kind is EntryKind.CHAIN]
    shared = [card for e in chains if isinstance(card := e.about, ChainCard) and card.reporters > 1]
    parts += [chains_text(shared, layout.edge, style)] if shared else []
    parts += ["\n".join(_findings(chains, width, style))]
    return "\n\n".join(part for part in parts if part) + "\n"


def silent_text(entries: Iterable[Entry], width: int, style: Style) -> str:
    """Who was asked and registered nothing, on a line or two: no table for what did not happen."""
    told: dict[str, list[str]] = {}
    for entry in entries:
        cells = cells_of(entry, zero=None)
        told.setdefault(cells.origin or words.UNTOLD, []).append(f"#{cells.number} {cells.place}")
    names = "; ".join(f"{origin} ({', '.join(places)})" for origin, places in told.items())
    lines = textwrap.wrap(
        f"Eligible, but registered nothing: {names}", width, break_on_hyphens=False
    )
    return "\n".join(style.dim(line) for line in lines)


def _clock(groups: Iterable[Sequence[Entry]], summary: Summary, layout: TableLayout) -> Clock:
    if not layout.absolute:
        return Clock(zero=summary.started)
    times = (entry.time for rows in groups for entry in rows)
    days = {words.day(time) for time in times if time is not None}
    # One date for all is told once where there is little room; where the day changes, by each.
    return Clock(title=days.pop() if layout.columns < DATED and len(days) == 1 else "")


def group_table(title: str, rows: Sequence[Entry], clock: Clock, layout: TableLayout) -> str:
    """One group: its entries as a table, then what was found, in full."""
    style = layout.style
    kinds = Counter(
        e.about.kind.value if isinstance(e.about, Registration) else e.kind.value for e in rows
    )
    told = ", ".join(count(number, NOUNS.get(kind, kind)) for kind, number in kinds.items())
    cells = fitting(_told([_row(entry, clock, layout) for entry in rows]), layout.edge)
    for row, entry in zip(cells, rows, strict=True):
        if VERDICT in row:
            row[VERDICT] = style.verdict(row[VERDICT], entry.verdict)
        if CODES in row:
            row[CODES] = style.severity(row[CODES], entry.severity)
    table = tabulate(
        [list(row.values()) for row in cells],
        headers=list(cells[0]),
        tablefmt="simple",
        disable_numparse=True,
        colalign=("right", "right") if TIME in cells[0] else ("right",),
    )
    heads = _heads(printable(title), told, layout)
    return "\n".join([*heads, table, *_findings(rows, layout.columns, style)])


def _heads(title: str, told: str, layout: TableLayout) -> Iterator[str]:
    """What a group is and how much there is in it: on a line, or on more where that is narrow."""
    style, edge = layout.style, layout.edge
    if edge is None or len(title) + GAP + len(told) <= edge:
        yield f"{style.bold(title)}  {style.dim(told)}"
        return
    yield style.bold(fitted(title, edge))
    indent = " " * GAP
    for line in textwrap.wrap(told, edge, initial_indent=indent, subsequent_indent=indent):
        yield style.dim(line)


def _row(entry: Entry, clock: Clock, layout: TableLayout) -> dict[str, str]:
    cells = cells_of(entry, zero=clock.zero, sited=layout.names_site)
    notes = layout.columns >= WIDE or words.notes_matter(entry)
    codes = words.codes_of(entry.findings, notes=notes)
    row = {NUMBER: cells.number, TIME: cells.time}
    if clock.title:
        row[TIME] = words.clock(entry.time)
    if layout.names_origin:
        row[ORIGIN if layout.columns >= NARROW else ORIGIN_SHORT] = cells.origin or words.UNTOLD
    route, outcome = cells.route, cells.outcome
    if layout.columns < ROOMY:
        if outcome and entry.fate is not None:
            route = f"{outcome}: {route}" if route else outcome
        outcome = ""
    return row | {
        WHAT: cells.what,
        VERDICT: cells.verdict,
        ROUTED if layout.names_site else PURPOSE: route,
        OUTCOME: outcome,
        **_place(cells.place, layout),
        CODES: codes if layout.lists_codes else "",
    }


def _place(place: str, layout: TableLayout) -> dict[str, str]:
    if layout.group_by is GroupBy.CHAIN:
        return {HOP: place.rpartition(":")[2]}
    return {CHAIN: place} if layout.columns >= NARROW else {}


def _told(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The same rows without the columns in which nothing stands."""
    told = {name for row in rows for name, text in row.items() if text}
    return [{name: text for name, text in row.items() if name in told} for row in rows]


def _findings(rows: Iterable[Entry], width: int, style: Style) -> Iterator[str]:
    """Errors and warnings in full, each distinct one once with the entries it concerns.

    Notes as well where they may be the reason of a verdict. Chains go by their own numbers, as in
    the tables.
    """
    told: dict[tuple[str, str, Severity], list[int]] = {}
    for entry in rows:
        about = entry.about
        mark, number = ("c", about.number) if isinstance(about, ChainCard) else ("#", entry.number)
        for finding in entry.findings:
            if finding.severity is not Severity.NOTE or words.notes_matter(entry):
                key = (mark, words.sentence_of(finding), finding.severity)
                numbers = told.setdefault(key, [])
                if number not in numbers:
                    numbers.append(number)
    for (mark, sentence, severity), numbers in told.items():
        label = mark + words.numbers(numbers)
        wrapped = textwrap.wrap(
            f"{label} {sentence}", width - 2, subsequent_indent="    ", break_on_hyphens=False
        )
        for position, line in enumerate(wrapped):
            painted = line
            if position == 0:
                code = sentence.partition(" ")[0]
                painted = line.replace(code, style.severity(code, severity), 1)
            yield f"  {painted}"


def chains_text(cards: Sequence[ChainCard], width: int | None, style: Style) -> str:
    """Chains of several reporters: of each a line of totals and a row per hop, all in columns."""
    rows = [_hop_row(hop) for card in cards for hop in card.hops]
    if width is not None:
        rows = _fitting_hops(rows, width)
    table = tabulate(rows, tablefmt="plain", disable_numparse=True, colalign=("right",))
    told = iter(table.split("\n"))
    lines = []
    for card in cards:
        name = f"chain c{card.number}"
        head = f"{name}  {printable(card.totals)}"
        first, *rest = textwrap.wrap(head, width or len(head), subsequent_indent="    ")
        lines += [style.bold(name) + first.removeprefix(name), *rest]
        lines += [f"  {next(told)}" for _ in card.hops]
    return "\n".join(lines)


def _hop_row(hop: Hop) -> tuple[str, ...]:
    registered = ", ".join(f"{r.kind} {r.verdict} (#{r.entry})" for r in hop.registrations)
    return (
        str(hop.number),
        fitted(words.host(hop.reporting_origin or words.UNTOLD), LONGEST),
        str(hop.status or words.UNTOLD),
        registered or "nothing",
        "" if hop.milliseconds is None else f"{hop.milliseconds:.0f} ms",
    )


def _fitting_hops(rows: Sequence[tuple[str, ...]], width: int) -> list[tuple[str, ...]]:
    """The same rows, no wider: the reporter gives way first."""
    number, _, status, registered, spent = (
        max(map(len, cells)) for cells in zip(*rows, strict=True)
    )
    room = width - number - status - spent - GAP * len(rows[0])
    kept = min(registered, room - LEAST_REPORTER)
    reporter = min(width // 3, room - kept)
    return [(n, fitted(r, reporter), s, cut(told, kept), ms) for n, r, s, told, ms in rows]
