"""The mitmproxy addon: hooks and options, nothing that judges.

May live here: what mitmproxy calls. Each hook hands an exchange to the session and the entries
it gives back to the views. A hook never raises, changes or delays a flow: what goes wrong in
here is reported once and the proxying goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import sys
from typing import TYPE_CHECKING, Final

from mitmproxy import ctx, exceptions, http
from mitmproxy.tools.dump import DumpMaster

from ara_inspector.findings import Severity
from ara_inspector.flows import REORDERED, RequestOrder, exchange_of, is_of_interest
from ara_inspector.session import Session
from ara_inspector.views.line import live_line
from ara_inspector.views.style import Style
from ara_inspector.views.table import timeline_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mitmproxy.addonmanager import Loader

    from ara_inspector.exchange import Exchange
    from ara_inspector.timeline import Entry

logger = logging.getLogger(__name__)

SETTLED: Final = 0.2
"""Seconds without a replayed flow after which what is held back is gone through."""
FALLBACK_WIDTH: Final = 100
"""Columns of a table where the terminal does not tell its own."""
QUIET: Final = "error"
"""mitmproxy's log level under -q: no live lines, only the table."""
FAILED_STATUS: Final = 3


class AttributionInspector:
    """Watches the traffic, logs each registration as it comes, prints the timeline at the end."""

    name = "attribution"

    def __init__(self) -> None:
        self.session = Session()
        self._order = RequestOrder()
        self._taken: set[str] = set()
        self._flush: asyncio.TimerHandle | None = None
        self._reported: set[str] = set()

    def load(self, loader: Loader) -> None:
        """Declare the options."""
        loader.add_option(
            "ara_live", bool, True, "Print a line for each Attribution Reporting registration."
        )
        loader.add_option(
            "ara_table", bool, True, "Print the per-origin timeline when the proxy stops."
        )

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Take a recorded flow whole; note the start of a live page or frame."""
        with self._guard("requestheaders"):
            if not flow.live:
                self._replayed(flow)
            elif is_of_interest(flow):
                self._tell(self.session.requested(exchange_of(flow)))

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Judge a live answer: its body may never end."""
        with self._guard("responseheaders"):
            if not flow.live:
                return
            if is_of_interest(flow):
                self._tell(self.session.headers(exchange_of(flow)))
            else:
                self.session.passed()

    def response(self, flow: http.HTTPFlow) -> None:
        """Read what only a whole answer has: reports, sniffed content."""
        with self._guard("response"):
            if flow.live and is_of_interest(flow):
                self._tell(self.session.complete(exchange_of(flow)))

    def error(self, flow: http.HTTPFlow) -> None:
        """Note that an answer broke off or never came."""
        with self._guard("error"):
            if flow.live and is_of_interest(flow):
                self._tell(self.session.failed(exchange_of(flow)))

    def done(self) -> None:
        """Go through what is held back and print the timeline."""
        with self._guard("done"):
            self._go_through()
            self._tell(self.session.finish())
            if ctx.options.ara_table:
                self._print_table()

    def _replayed(self, flow: http.HTTPFlow) -> None:
        """Hold a recorded flow back until those that started before it have been read."""
        if flow.id in self._taken:
            return
        if len(self._taken) > REORDERED:
            self._taken.clear()
        self._taken.add(flow.id)
        if not is_of_interest(flow):
            self.session.passed()
            return
        due = self._order.push(exchange_of(flow))
        if due is not None:
            self._recorded(due)
        if self._flush is not None:
            self._flush.cancel()
        self._flush = asyncio.get_running_loop().call_later(SETTLED, self._settle)

    def _settle(self) -> None:
        with self._guard("replay"):
            self._go_through()

    def _go_through(self) -> None:
        for exchange in self._order.drain():
            self._recorded(exchange)

    def _recorded(self, exchange: Exchange) -> None:
        self._tell(self.session.recorded(exchange))

    def _tell(self, entries: Iterable[Entry]) -> None:
        if not ctx.options.ara_live or ctx.options.termlog_verbosity == QUIET:
            return
        for entry in entries:
            if entry.revision:
                continue
            if isinstance(ctx.master, DumpMaster):
                _print(live_line(entry, width=_columns(), style=_style()))
            else:
                # An ERROR in the log would stop mitmweb and the console while they start.
                level = logging.INFO if entry.severity is not Severity.ERROR else logging.WARNING
                logger.log(level, "%s", live_line(entry, width=FALLBACK_WIDTH, style=Style.PLAIN))

    def _print_table(self) -> None:
        _print(timeline_table(self.session, width=_columns(), style=_style()))

    @contextlib.contextmanager
    def _guard(self, hook: str) -> Iterator[None]:
        """Keep any failure of ours away from the proxying; report each place once."""
        try:
            yield
        except exceptions.OptionsError:
            raise
        except Exception:
            if hook not in self._reported:
                self._reported.add(hook)
                logger.warning(
                    "ara-inspector failed in %s; traffic goes on, entries may be missing",
                    hook,
                    exc_info=True,
                )


def _print(text: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def _columns() -> int:
    return shutil.get_terminal_size((FALLBACK_WIDTH, 24)).columns


def _style() -> Style:
    return Style.COLOUR if sys.stdout.isatty() and "NO_COLOR" not in os.environ else Style.PLAIN
