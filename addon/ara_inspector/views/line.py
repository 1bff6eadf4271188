"""One entry as one line of a terminal, for the live log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from ara_inspector.attribution.fates import SourceFate, TriggerFate
from ara_inspector.findings import printable
from ara_inspector.timeline import EntryKind
from ara_inspector.views import words
from ara_inspector.views.cells import cells_of

if TYPE_CHECKING:
    from ara_inspector.timeline import Entry
    from ara_inspector.views.style import Style

NARROW: Final = 100
"""Columns the line is laid out for at least."""
LONGEST: Final = 400
"""Characters of a cell where nothing else bounds it."""
UNBOUNDED: Final = 120
"""Columns it is laid out for where it may be longer."""


class Line(Protocol):
    """What makes a line of an entry."""

    def __call__(self, entry: Entry, *, width: int | None, style: Style) -> str:
        """The line."""


FIXED: Final = {"number": 4, "time": 13, "what": 19, "verdict": 11}
"""Columns of the cells whose length is known."""
LIVE: Final = frozenset(EntryKind) - {EntryKind.CHAIN, EntryKind.ACTION}
"""What gets a live line. Chains and actions grow hop by hop: they are told at the end."""


def live_line(entry: Entry, *, width: int | None, style: Style) -> str:
    """`entry` on one line of at most `width` columns (at least 100), codes at its end.

    Without a width nothing is cut: a file or a pipe has no edge.
    """
    columns = max(width or UNBOUNDED, NARROW)
    cells = cells_of(entry, zero=entry.time)
    tail = f"  {cells.codes}" if cells.codes else ""
    free = columns - sum(FIXED.values()) - len(FIXED) - 1
    in_columns = bool(cells.origin) or entry.verdict is not None
    origin_width = free * 9 // 20 if in_columns else 0
    route_width = max(free - origin_width - len(tail), 12)
    parts = [
        f"{cells.number:>{FIXED['number']}}",
        f"{words.clock(entry.time):>{FIXED['time']}}",
        f"{cells.what:<{FIXED['what']}}",
    ]
    if entry.verdict is not None:
        parts.append(style.verdict(f"{cells.verdict:<{FIXED['verdict']}}", entry.verdict))
    elif in_columns:
        parts.append(" " * FIXED["verdict"])
    if in_columns:
        origin = fitted(cells.origin, LONGEST if width is None else origin_width)
        parts.append(f"{origin:<{origin_width}}")
    parts.append(cut(cells.route, LONGEST if width is None else route_width))
    return (" ".join(parts) + style.severity(tail, entry.severity)).rstrip()


def has_answer(entry: Entry) -> bool:
    """Whether it has become known what a trigger comes to, or that a source is refused."""
    fate = entry.fate
    return isinstance(fate, TriggerFate) or (isinstance(fate, SourceFate) and not fate.stored)


def answer_line(entry: Entry, *, width: int | None, style: Style) -> str:
    """What the registration told before comes to, on one line of at most `width` columns."""
    cells = cells_of(entry, zero=entry.time)
    head = (
        f"{cells.number:>{FIXED['number']}} {'':>{FIXED['time']}} {'attribution':<{FIXED['what']}}"
    )
    tail = f"  {cells.codes}" if cells.codes else ""
    free = LONGEST if width is None else max(width, NARROW) - len(head) - len(tail) - 1
    return f"{head} {cut(cells.outcome, free)}{style.severity(tail, entry.severity)}".rstrip()


def fitted(text: str, width: int) -> str:
    """`text` cut to `width` characters, its middle left out: both ends of a host name tell."""
    text = printable(text)
    if len(text) <= width:
        return text
    tail = (width - 1) // 2
    return f"{text[: width - 1 - tail]}…{text[len(text) - tail :]}"


def cut(text: str, width: int) -> str:
    """`text` cut to `width` characters at its end."""
    text = printable(text)
    return text if len(text) <= width else f"{text[: width - 1]}…"
