"""Rows of a table made as narrow as they have to be: which column gives way, and how.

May live here: the columns by their names, their order of giving way, and how a text is shortened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ara_inspector.views.line import LONGEST, cut, fitted

if TYPE_CHECKING:
    from collections.abc import Sequence

NUMBER: Final = "#"
TIME: Final = "time"
ORIGIN: Final = "reporting origin"
ORIGIN_SHORT: Final = "origin"
WHAT: Final = "what"
VERDICT: Final = "verdict"
ROUTED: Final = "site > for"
PURPOSE: Final = "for"
OUTCOME: Final = "attribution"
CHAIN: Final = "chain"
HOP: Final = "hop"
CODES: Final = "findings"

GIVING: Final = (
    *((CODES, 10), (ROUTED, 32), (PURPOSE, 32), (WHAT, 14)),
    *((ROUTED, 22), (PURPOSE, 22), (OUTCOME, 12), (ORIGIN, 18), (ORIGIN_SHORT, 14)),
    *((ROUTED, 12), (PURPOSE, 12), (WHAT, 8), (ORIGIN_SHORT, 8), (PURPOSE, 8)),
)
"""Columns that give way where there is no room, first to last, and what each keeps.

None less than its heading takes. Of times the fractions of a second go after that.
"""
LEAVING: Final = (CHAIN, HOP, TIME)
"""Columns that are left out where that is not enough, first to last."""
GAP: Final = 2
PADDING: Final = 2
"""Columns tabulate leaves to a heading beyond its own length."""


def fitting(rows: Sequence[dict[str, str]], width: int | None) -> list[dict[str, str]]:
    """The same rows, no wider than `width`."""
    if width is None:
        return [{name: cut(text, LONGEST) for name, text in row.items()} for row in rows]
    widths = {name: max(len(name) + PADDING, *(len(row[name]) for row in rows)) for name in rows[0]}
    over = sum(widths.values()) + GAP * (len(widths) - 1) - width
    seconds = max((len(row.get(TIME, "").partition(".")[0]) for row in rows), default=0)
    for name, least in (*GIVING, (TIME, max(seconds, len(TIME) + PADDING))):
        if over > 0 and name in widths:
            given = min(over, max(widths[name] - least, 0))
            over -= given
            widths[name] -= given
    for name in LEAVING:
        if over > 0 and name in widths:
            over -= widths.pop(name) + GAP
    return [
        {name: SHORTEN.get(name, fitted)(row[name], room) for name, room in widths.items()}
        for row in rows
    ]


def begun(text: str, width: int) -> str:
    """The first `width` characters: a time without its fraction is one as well."""
    return text[:width]


def whole_codes(codes: str, width: int) -> str:
    """As many codes as fit, and how many more there are."""
    kept = codes.split()
    more = 0
    while kept and len(shown := " ".join([*kept, f"+{more}"] if more else kept)) > width:
        kept.pop()
        more += 1
    return shown if kept else ""


SHORTEN: Final = {
    CODES: whole_codes,
    TIME: begun,
    WHAT: cut,
    ROUTED: cut,
    PURPOSE: cut,
    OUTCOME: cut,
}
"""How a column's text is shortened; the middle is left out of all others."""
