"""What stands above the tables of a timeline: the sentence of the summary and its numbers.

May live here: which numbers are told, in which words, and how they are put on lines.
"""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from ara_inspector.attribution.ledger import Standing
from ara_inspector.findings import Severity, Verdict, printable
from ara_inspector.session.summary import counted
from ara_inspector.views.fates import STANDINGS
from ara_inspector.views.style import COLOURS
from ara_inspector.views.words import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ara_inspector.session import Summary
    from ara_inspector.session.summary import Counts
    from ara_inspector.timeline import Entry
    from ara_inspector.views.style import Style


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
    # A ledger of many standings can be longer than a narrow line.
    return [
        part
        for line in lines
        for part in (textwrap.wrap(line, width) if len(COLOURS.sub("", line)) > width else [line])
    ]
