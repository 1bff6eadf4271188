"""The page beside the proxy: whether it is wanted, and where it is.

May live here: the option `ara_page`, and opening, telling and closing the pages. What they show is
in `views.web`.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from mitmproxy import ctx, exceptions
from mitmproxy.tools.dump import DumpMaster

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mitmproxy.addonmanager import Loader

    from ara_inspector.guard import Guards
    from ara_inspector.session import Session
    from ara_inspector.timeline import Entry
    from ara_inspector.views.web import Pages

logger = logging.getLogger(__name__)

ENDING: Final = ("rfile", "client_replay", "server_replay")
"""mitmproxy's options after which mitmdump does not wait for more."""
PORT_MAX: Final = 65_535


class Serving:
    """Serves the page in mitmweb, and on a port of its own where `ara_page` asks for one."""

    name = "attribution-page"

    def __init__(self, session: Callable[[], Session], guard: Guards) -> None:
        self._session = session
        self._guard = guard
        self._port: int | None = None
        self._pages: Pages | None = None
        self._running = False

    def load(self, loader: Loader) -> None:
        """Declare the option."""
        loader.add_option(
            "ara_page", str, "", "Serve the live page on this port of 127.0.0.1 (0: any free one)."
        )

    def configure(self, updated: set[str]) -> None:
        """Read the port; one that changes while the proxy runs is served at once."""
        if "ara_page" not in updated:
            return
        self._port = read_port(ctx.options.ara_page)
        if self._running:
            with self._guard("page"):
                self._serve()

    def running(self) -> None:
        """Open the pages: the address in mitmweb, the port of our own."""
        self._running = True
        with self._guard("page"):
            self._serve()
            if self._port is not None and _ends_by_itself():
                logger.warning(
                    "ara_page: the page goes when mitmdump ends, as soon as all is read or "
                    "replayed; --set keepserving=true keeps it"
                )

    def tell(self, entries: Sequence[Entry]) -> None:
        """Show new and revised entries to whoever looks."""
        if self._pages is not None:
            with self._guard("page"):
                self._pages.tell(entries)

    def done(self) -> None:
        """Close the pages."""
        if self._pages is not None:
            with self._guard("page"):
                self._pages.close()

    def _serve(self) -> None:
        """Have the pages that are asked for, and only then what a web server takes."""
        if self._pages is None and (self._port is not None or hasattr(ctx.master, "web_url")):
            from ara_inspector.views.web import Pages  # noqa: PLC0415 - loaded where asked for

            self._pages = Pages(self._session)
            self._pages.open(ctx.master)
        if self._pages is not None:
            self._pages.serve(self._port)


def read_port(text: str) -> int | None:
    """The option's port, None for no page. Raises OptionsError."""
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or int(text) > PORT_MAX:
        raise exceptions.OptionsError(f"ara_page is a port from 0 to {PORT_MAX}, not {text!r}")
    return int(text)


def _ends_by_itself() -> bool:
    """Whether mitmdump ends before anybody has asked it to."""
    ends = any(getattr(ctx.options, name, None) for name in ENDING)
    return ends and isinstance(ctx.master, DumpMaster) and not ctx.options.keepserving
