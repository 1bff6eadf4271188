"""The timeline as tables of text, one per reporting origin (or site, page, chain), summary on top.

May live here: layout for a terminal or a text file of a given width. The wording of a cell is
in `words` and `cells`.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from tabulate import tabulate

from ara_inspector.attribution.ledger import Standing
from ara_inspector.chains import ChainCard
from ara_inspector.findings import Severity, Verdict, printable
from ara_inspector.registrations import Registration
from ara_inspector.session.summary import counted
from ara_inspector.timeline import EntryKind
from ara_inspector.views import words
from ara_inspector.views.cells import cells_of
from ara_inspector.views.fates import STANDINGS
from ara_inspector.views.grouping import GroupBy, grouped
from ara_inspector.views.line import cut, fitted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ara_inspector.chains import Hop
    from ara_inspector.session import Summary
    from ara_inspector.session.summary import Counts
    from ara_inspector.timeline import Entry
    from ara_inspector.views.style import Style
    from ara_inspector.views.told import Told

ROUTED: Final = "site > for"
ORIGIN: Final = "reporting origin"
OUTCOME: Final = "attribution"
PURPOSE: Final = "for"
HOP: Final = "hop"
GIVING: Final = (
    *((ROUTED, 22), (PURPOSE, 22), (OUTCOME, 12), ("findings", 10), (ORIGIN, 18)),
    *((ROUTED, 12), (PURPOSE, 12), ("what", 12)),
)
"""Columns that give way where there is no room, first to last, and what each keeps."""
NOUNS: Final = {"silent": "silent hop", "context": "proven site"}
"""What some kinds of entries are called where they are counted."""
GAP: Final = 2
COLOURS: Final = re.compile("\x1b\\[[0-9;]*m")
PADDING: Final = 2
"""Columns tabulate leaves to a heading beyond its own length."""
UNBOUNDED: Final = 120
"""Columns text is wrapped at where a table may be wider."""
LONGEST: Final = 400
"""Characters of a cell where nothing else bounds it: what the wire says may have millions."""
NARROWEST: Final = 80
NARROWEST_NAMED: Final = 100
"""The same, where each row names its reporting origin."""
ROOMY: Final = 130
"""From this width on what a registration comes to has a column of its own."""
WIDE: Final = 140
"""From this width on the notes' codes are shown as well."""
DATED: Final = 120
"""From this width on absolute times have their date."""


class TableLayout(Struct, frozen=True, gc=False):
    """How the tables are laid out: for a terminal of `width` columns (at least 80).

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
        return max(self.width or UNBOUNDED, NARROWEST_NAMED if self.names_origin else NARROWEST)

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
        return not self.names_origin or self.columns >= ROOMY


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
    parts += [chains_text(shared, layout.width and width, style)] if shared else []
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


def summary_text(
    summary: Summary, entries: Sequence[Entry], *, width: int, style: Style, dated: str = ""
) -> str:
    """What to know first: the sentence, then the numbers; `dated` is the date of all times.

    The numbers are of the whole timeline, and say so where only a part of it is shown.
    """
    shown = counted(entries)
    counts = summary.whole or shown
    heading = style.bold("Attribution Reporting timeline")
    lines = [f"{heading}  {style.dim(f'{dated} UTC')}" if dated else heading]
    if summary.sentence:
        lines += [
            _with_verdicts(line, style)
            for line in textwrap.wrap(printable(summary.sentence), width)
        ]
    of = "" if summary.whole is None else "whole timeline: "
    lines += packed(
        [
            f"{of}{count(summary.exchanges, 'exchange')}, {summary.eligible:,} of them eligible",
            count(len(counts.reporting_origins), "reporting origin"),
            f"{count(counts.shared_chains, 'chain')} with more than one reporter",
            count(summary.reports, "report"),
            _severe(counts)
            + ("" if summary.whole is None else f" (of them shown: {_severe(shown)})"),
            *_ledger(summary),
            *_proofs(summary),
        ],
        width,
    )
    lines += [
        style.dim(f"{count(number, what)} dropped to keep memory bounded")
        for what, number in summary.dropped.items()
        if number
    ]
    return "\n".join(lines)


def _severe(counts: Counts) -> str:
    return ", ".join(
        count(counts.severities.get(severity, 0), severity)
        for severity in (Severity.ERROR, Severity.WARNING)
    )


def _with_verdicts(line: str, style: Style) -> str:
    def painted(found: re.Match[str]) -> str:
        return style.verdict(found[0], Verdict(found[1]))

    return re.sub(rf"[\d,]+ ({'|'.join(Verdict)})\b", painted, line)


def _ledger(summary: Summary) -> Iterator[str]:
    """How many reports stand where, in short; nothing where none is expected or seen."""
    counts = summary.balance.counts
    told = ", ".join(f"{counts[each]:,} {STANDINGS[each]}" for each in Standing if each in counts)
    if told:
        yield f"report ledger: {told}"


def _proofs(summary: Summary) -> Iterator[str]:
    """What the browser's own reports say about our statements, where there are such reports."""
    for outcome in ("confirmed", "contradicted", "limit reached"):
        plain, attributed = (
            summary.proofs.get(name, 0) for name in (outcome, f"attribution {outcome}")
        )
        if plain or attributed:
            about = f" ({attributed:,} about attribution)" if attributed else ""
            yield f"{count(plain + attributed, 'statement')} {outcome} by reports{about}"


def packed(pieces: Sequence[str], width: int) -> list[str]:
    """`pieces` joined by `; `, as many on a line as fit."""
    lines = [pieces[0]]
    for number, piece in enumerate(pieces[1:], 2):
        longer = f"{lines[-1]}; {piece}"
        semicolon = number < len(pieces)
        if len(COLOURS.sub("", longer)) + semicolon <= width:
            lines[-1] = longer
        else:
            lines[-1] += ";"
            lines.append(piece)
    return lines


def group_table(title: str, rows: Sequence[Entry], clock: Clock, layout: TableLayout) -> str:
    """One group: its entries as a table, then what was found, in full."""
    style = layout.style
    kinds = Counter(
        e.about.kind.value if isinstance(e.about, Registration) else e.kind.value for e in rows
    )
    told = ", ".join(count(number, NOUNS.get(kind, kind)) for kind, number in kinds.items())
    head = f"{style.bold(printable(title))}  {style.dim(told)}"
    cells = fitting(_told([_row(entry, clock, layout) for entry in rows]), layout)
    for row, entry in zip(cells, rows, strict=True):
        if "verdict" in row:
            row["verdict"] = style.verdict(row["verdict"], entry.verdict)
        if "findings" in row:
            row["findings"] = style.severity(row["findings"], entry.severity)
    table = tabulate(
        [list(row.values()) for row in cells],
        headers=list(cells[0]),
        tablefmt="simple",
        disable_numparse=True,
        colalign=("right", "right"),
    )
    return "\n".join([head, table, *_findings(rows, layout.columns, style)])


def _row(entry: Entry, clock: Clock, layout: TableLayout) -> dict[str, str]:
    cells = cells_of(entry, zero=clock.zero, sited=layout.names_site)
    notes = layout.columns >= WIDE or _is_unknown(entry)
    codes = words.codes_of(entry.findings, notes=notes)
    row = {"#": cells.number, "time": cells.time}
    if clock.title:
        row["time"] = words.clock(entry.time)
    if layout.names_origin:
        row[ORIGIN] = cells.origin or words.UNTOLD
    route, outcome = cells.route, cells.outcome
    if layout.columns < ROOMY:
        if outcome and entry.fate is not None:
            route = f"{outcome}: {route}" if route else outcome
        outcome = ""
    return row | {
        "what": cells.what,
        "verdict": cells.verdict,
        ROUTED if layout.names_site else PURPOSE: route,
        OUTCOME: outcome,
        **_place(cells.place, layout),
        "findings": codes if layout.lists_codes else "",
    }


def _place(place: str, layout: TableLayout) -> dict[str, str]:
    if layout.group_by is GroupBy.CHAIN:
        return {HOP: place.rpartition(":")[2]}
    return {"chain": place}


def _told(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The same rows without the columns in which nothing stands."""
    told = {name for row in rows for name, text in row.items() if text}
    return [{name: text for name, text in row.items() if name in told} for row in rows]


def fitting(rows: Sequence[dict[str, str]], layout: TableLayout) -> list[dict[str, str]]:
    """The same rows, no wider than the layout: the route gives way first."""
    if layout.width is None:
        return [{name: cut(text, LONGEST) for name, text in row.items()} for row in rows]
    widths = {name: max(len(name) + PADDING, *(len(row[name]) for row in rows)) for name in rows[0]}
    over = sum(widths.values()) + GAP * (len(widths) - 1) - layout.columns
    for name, least in GIVING:
        if over > 0 and name in widths:
            given = min(over, max(widths[name] - least, 0))
            over -= given
            widths[name] -= given
    return [
        {name: SHORTEN.get(name, fitted)(text, widths[name]) for name, text in row.items()}
        for row in rows
    ]


def whole_codes(codes: str, width: int) -> str:
    """As many codes as fit, and how many more there are."""
    kept = codes.split()
    more = 0
    while kept and len(shown := " ".join([*kept, f"+{more}"] if more else kept)) > width:
        kept.pop()
        more += 1
    return shown if kept else ""


SHORTEN: Final = {"findings": whole_codes, ROUTED: cut, PURPOSE: cut, OUTCOME: cut}
"""How a column's text is shortened; the middle is left out of all others."""


def _is_unknown(entry: Entry) -> bool:
    """Whether nothing is known of what the browser does: then a note may say why."""
    return entry.verdict is Verdict.UNKNOWN


def _findings(rows: Iterable[Entry], width: int, style: Style) -> Iterator[str]:
    """Errors and warnings in full, each distinct one once with the entries it concerns.

    Notes as well where the verdict is unknown. Chains go by their own numbers, as in the tables.
    """
    told: dict[tuple[str, str, Severity], list[int]] = {}
    for entry in rows:
        about = entry.about
        mark, number = ("c", about.number) if isinstance(about, ChainCard) else ("#", entry.number)
        for finding in entry.findings:
            if finding.severity is not Severity.NOTE or _is_unknown(entry):
                key = (mark, words.sentence_of(finding), finding.severity)
                numbers = told.setdefault(key, [])
                if number not in numbers:
                    numbers.append(number)
    for (mark, sentence, severity), numbers in told.items():
        label = mark + ",".join(map(str, numbers))
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
    rows = [_hop_row(hop, width) for card in cards for hop in card.hops]
    table = tabulate(rows, tablefmt="plain", disable_numparse=True, colalign=("right",))
    told = iter(table.split("\n"))
    lines = []
    for card in cards:
        lines.append(style.bold(f"chain c{card.number}") + f"  {printable(card.totals)}")
        lines += [f"  {next(told)}" for _ in card.hops]
    return "\n".join(lines)


def _hop_row(hop: Hop, width: int | None) -> tuple[str, ...]:
    registered = ", ".join(f"{r.kind} {r.verdict} (#{r.entry})" for r in hop.registrations)
    reporter = words.host(hop.reporting_origin or words.UNTOLD)
    return (
        str(hop.number),
        fitted(reporter, LONGEST if width is None else width // 3),
        str(hop.status or words.UNTOLD),
        registered or "nothing",
        "" if hop.milliseconds is None else f"{hop.milliseconds:.0f} ms",
    )


def count(number: int, noun: str) -> str:
    """`1 chain`, `2 chains`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
