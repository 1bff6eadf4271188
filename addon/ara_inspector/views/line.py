"""One entry as one line of a terminal, for the live log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ara_inspector.findings import printable
from ara_inspector.views import words
from ara_inspector.views.cells import cells_of

if TYPE_CHECKING:
    from ara_inspector.timeline import Entry
    from ara_inspector.views.style import Style

NARROW: Final = 100
"""Columns the line is laid out for at least."""
FIXED: Final = {"number": 4, "time": 10, "what": 20, "verdict": 11}
"""Columns of the cells whose length is known."""


def live_line(entry: Entry, *, width: int, style: Style, zero: float | None = None) -> str:
    """`entry` on one line of at most `width` columns (at least 100), codes at its end."""
    width = max(width, NARROW)
    cells = cells_of(entry, zero=zero)
    tail = f"  {cells.codes}" if cells.codes else ""
    free = width - sum(FIXED.values()) - len(FIXED) - 1 - len(tail)
    origin_width = max(free * 9 // 20, 16)
    route_width = max(free - origin_width, 16)
    origin = fitted(cells.origin or words.UNTOLD, origin_width)
    route = fitted(cells.route, route_width)
    parts = (
        f"{cells.number:>{FIXED['number']}}",
        f"{cells.time:>{FIXED['time']}}",
        f"{origin:<{origin_width}}",
        f"{cells.what:<{FIXED['what']}}",
        style.verdict(f"{cells.verdict:<{FIXED['verdict']}}", entry.verdict),
        route,
    )
    return (" ".join(parts) + style.severity(tail, entry.severity)).rstrip()


def fitted(text: str, width: int) -> str:
    """`text` cut to `width` characters, its middle left out: both ends of a host name tell."""
    text = printable(text)
    if len(text) <= width:
        return text
    tail = (width - 1) // 2
    return f"{text[: width - 1 - tail]}…{text[len(text) - tail :]}"
