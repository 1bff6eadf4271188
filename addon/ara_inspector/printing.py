"""What is printed beside mitmproxy's own lines: one for each registration, and a table at the end.

May live here: the options `ara_live` and `ara_table`, and how their text gets to the terminal
(mitmdump) or into the log (mitmweb, the console). The text itself comes from the views.
"""

from __future__ import annotations

import contextlib
import logging
import sys
from typing import TYPE_CHECKING, Final

from mitmproxy import ctx
from mitmproxy.tools.dump import DumpMaster

from ara_inspector.findings import Severity
from ara_inspector.flows import REORDERED
from ara_inspector.terminal import columns, style
from ara_inspector.views.line import LIVE, answer_line, has_answer, live_line
from ara_inspector.views.style import Style, encodable
from ara_inspector.views.table import timeline_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mitmproxy.addonmanager import Loader

    from ara_inspector.session import Session
    from ara_inspector.showing import Showing
    from ara_inspector.timeline import Entry
    from ara_inspector.views.line import Line

logger = logging.getLogger(__name__)

STAMP: Final = len("[14:03:59.120] ")
"""Columns that the log of mitmweb puts in front of a line."""
QUIET: Final = "error"
"""mitmproxy's log level under -q: no live lines, only the table."""


class Printing:
    """Prints what it is told, and the timeline when it is asked to."""

    name = "attribution-printing"

    def __init__(self, showing: Showing) -> None:
        self._showing = showing
        self._answered: set[int] = set()

    def load(self, loader: Loader) -> None:
        """Declare the options."""
        loader.add_option(
            "ara_live", bool, True, "Print a line for each Attribution Reporting registration."
        )
        loader.add_option(
            "ara_table", bool, True, "Print the per-origin timeline when the proxy stops."
        )

    def table(self, session: Session) -> None:
        """Print the timeline, if that is wanted."""
        if ctx.options.ara_table:
            layout = self._showing.layout(columns(), style())
            _print(timeline_table(self._showing.excerpt(session), layout))

    def tell(self, entries: Iterable[Entry]) -> None:
        """Print the lines of new and revised entries."""
        dumping = isinstance(ctx.master, DumpMaster)
        if not ctx.options.ara_live or (dumping and ctx.options.termlog_verbosity == QUIET):
            return
        lines = [(line, entry) for entry in entries if (line := self._line_of(entry)) is not None]
        if dumping and lines:
            width, painted = columns(), style()
            _print("\n".join(line(entry, width=width, style=painted) for line, entry in lines))
        elif not dumping:
            width = columns()
            room = None if width is None else width - STAMP
            for line, entry in lines:
                # An ERROR in the log would stop mitmweb and the console while they start.
                level = logging.INFO if entry.severity is not Severity.ERROR else logging.WARNING
                logger.log(level, "%s", line(entry, width=room, style=Style.PLAIN))

    def _line_of(self, entry: Entry) -> Line | None:
        """The line an entry gets: when it is told first, and when a trigger has its answer."""
        if not entry.revision:
            return live_line if entry.kind in LIVE else None
        if entry.number in self._answered or not has_answer(entry):
            return None
        if len(self._answered) > REORDERED:
            self._answered.clear()
        self._answered.add(entry.number)
        return answer_line


def _print(text: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(encodable(text, sys.stdout.encoding) + "\n")
        sys.stdout.flush()
