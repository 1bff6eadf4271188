"""The live page: inside mitmweb at /attribution, or on a port of its own beside the other tools.

May live here: the handlers, the WebSocket and the server. What the page shows is made by
`rows` and `document`, its files are in `page`. Entries are turned into rows only while somebody
looks, and told in full only when they are asked for.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import secrets
import socket
from http import HTTPStatus
from itertools import batched
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from mitmproxy.tools.web import app as mitmweb
from mitmproxy.tools.web.master import WebMaster
from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError, RedirectHandler

from ara_inspector.pause import Pause
from ara_inspector.views.address import is_quiet, tell_address
from ara_inspector.views.csv_text import csv_text
from ara_inspector.views.document import document, entry_document, json_line, summary_output
from ara_inspector.views.help_texts import help_texts
from ara_inspector.views.html_report import Chapter, html_report
from ara_inspector.views.page import SCRIPTS, STYLE, asset, live_page
from ara_inspector.views.rows import in_full, row_of
from ara_inspector.views.selection import FilterError, Selection, read_filter
from ara_inspector.views.told import Excerpt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mitmproxy.master import Master

    from ara_inspector.session import Session
    from ara_inspector.timeline import Entry

logger = logging.getLogger(__name__)

BASE: Final = "/attribution"
SETTING: Final = "ara_page"
"""Where the application keeps its `LivePage`: a reloaded script puts its new one here."""
HOST: Final = "127.0.0.1"
DELAY: Final = 0.15
"""Seconds that entries are gathered before their rows are sent."""
SUMMARY_DELAY: Final = 1.0
"""Seconds between two summaries: one takes as long as dozens of rows."""
BATCH: Final = 64
"""Rows in one message, some milliseconds; between two messages the proxy gets its turn."""
QUEUED: Final = 2_000
"""Messages waiting for a slow page; beyond it is cut off, and starts anew when it reconnects."""
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws:; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
NUMBERS: Final = r"[0-9]{1,9}(?:,[0-9]{1,9}){0,63}"
"""As many entries as may be asked for at once."""
TYPES: Final = {".js": "text/javascript", ".css": "text/css"}
REFUSED: Final = """<!doctype html><meta charset="utf-8"><title>Not logged in</title>
<h1>Not logged in</h1><p>Open the address with the token that the proxy has printed{}.</p>"""
IN_MITMWEB: Final = ', or log in to <a href="/">mitmweb itself</a> and come back'


class LivePage:
    """Who looks at a session, and what they still have to be told."""

    def __init__(self, session: Callable[[], Session], *, in_mitmweb: bool) -> None:
        self._session = session
        self.in_mitmweb = in_mitmweb
        self.viewers: set[Updates] = set()
        self.session_id = secrets.token_hex(8)
        """Tells a page that comes back whether this is the session it knows."""
        self._news: dict[int, Entry] = {}
        self._rows = Pause(self._send_rows)
        self._summaries = Pause(self._send_summary)
        self._greetings: set[asyncio.Task[None]] = set()

    @property
    def session(self) -> Session:
        """The session it shows."""
        return self._session()

    def tell(self, entries: Iterable[Entry]) -> None:
        """Take new and revised entries; they are sent a moment later, together."""
        if not self.viewers:
            return
        self._news.update((entry.number, entry) for entry in entries)
        self._rows.within(DELAY)
        self._summaries.within(SUMMARY_DELAY)

    def greet(self, viewer: Updates) -> None:
        """Send a new viewer all there is; what comes meanwhile is sent to it as well."""
        self.viewers.add(viewer)
        task = asyncio.get_running_loop().create_task(self._all(viewer))
        self._greetings.add(task)
        task.add_done_callback(self._greetings.discard)

    def close(self) -> None:
        """Let everybody go."""
        self._rows.cancel()
        self._summaries.cancel()
        for viewer in tuple(self.viewers):
            viewer.close()

    async def _all(self, viewer: Updates) -> None:
        timeline = self.session.timeline
        hello = {
            "type": "hello",
            "session": self.session_id,
            "mitmweb": self.in_mitmweb,
            "entries": len(timeline),
        }
        viewer.tell(_message(hello))
        viewer.tell(self._summary())
        # Old entries are unpacked as they are come to.
        for message in _rows(timeline):
            viewer.tell(message)
            await asyncio.sleep(0)
        viewer.tell(_message({"type": "ready"}))

    def _send_rows(self) -> None:
        news, self._news = self._news, {}
        for message in _rows(news.values()):
            self._tell_all(message)

    def _send_summary(self) -> None:
        self._tell_all(self._summary())

    def _tell_all(self, message: bytes) -> None:
        for viewer in tuple(self.viewers):
            viewer.tell(message)

    def _summary(self) -> bytes:
        # The page counts its entries itself: going through them here would hold up traffic.
        session = self.session
        summary = summary_output(session.summary(whole=False), ()).model_dump(mode="json")
        first = session.timeline.dropped + 1
        return _message({"type": "summary", "summary": summary, "first": first})


def _rows(entries: Iterable[Entry]) -> Iterator[bytes]:
    for batch in batched(entries, BATCH):
        yield _message({"type": "rows", "rows": list(map(row_of, batch))})


def _message(value: dict[str, Any]) -> bytes:
    return json_line(value).encode("ascii")


class Handler(mitmweb.RequestHandler):
    """Base of all: mitmweb's own authentication and checks, a stricter policy for content."""

    def set_default_headers(self) -> None:
        """Add what keeps the page to itself."""
        mitmweb.RequestHandler.set_default_headers(self)
        self.set_header("Content-Security-Policy", POLICY)
        self.set_header("Cache-Control", "no-store")
        self.set_header("Referrer-Policy", "no-referrer")

    def auth_fail(self, invalid_password: bool) -> None:  # noqa: ARG002 - mitmweb's signature
        """Say how to get in."""
        self.write(REFUSED.format(IN_MITMWEB if self.live.in_mitmweb else ""))

    @property
    def live(self) -> LivePage:
        """The page this application shows."""
        return cast("LivePage", self.settings[SETTING])


class PageHandler(Handler):
    """The page."""

    def get(self) -> None:
        """Give it."""
        if self.get_query_argument("token", None) is not None:
            # The cookie is set by now: the token need not stand in the address any longer.
            self.redirect(BASE)
            return
        self.write(live_page(BASE))


class AssetHandler(Handler):
    """Style and scripts."""

    def get(self, name: str) -> None:
        """Give one of them."""
        self.set_header("Content-Type", f"{TYPES[name[name.rindex('.') :]]}; charset=utf-8")
        self.write(asset(name))


class EntriesHandler(Handler):
    """Entries in full."""

    def get(self, numbers: str) -> None:
        """Give those of the numbers asked for that there are."""
        timeline = self.live.session.timeline
        found = (timeline.get(int(number)) for number in numbers.split(","))
        told = [in_full(entry) for entry in found if entry is not None]
        self.write({"session": self.live.session_id, "entries": told})


class RulesHandler(Handler):
    """The help pages of all rules."""

    async def get(self) -> None:
        """Give them, by code."""
        # Beside the loop: the first time, all modules with rules are imported for it.
        self.write(await asyncio.to_thread(help_texts))


class ExportHandler(Handler):
    """The session, or what a filter shows of it, as a file."""

    async def get(self, ending: str) -> None:
        """Give it; always as a download, never shown in mitmweb's own origin."""
        kind, make = EXPORTS[ending]
        session = self.live.session
        try:
            selection = Selection(read_filter(self.get_query_argument("filter", "")))
        except FilterError as error:
            raise HTTPError(HTTPStatus.BAD_REQUEST) from error
        entries, summary = iter(session.timeline), session.summary()
        # Beside the loop, for a long session takes seconds; entries never change once told.
        text = await asyncio.to_thread(
            lambda: make(selection.excerpt(Excerpt(tuple(entries), summary)))
        )
        name = f"attribution{'-shown' if selection.terms else ''}.{ending}"
        self.set_header("Content-Type", f"{kind}; charset=utf-8")
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.write(text)


def _lines(told: Excerpt) -> str:
    return "".join(json_line(entry_document(entry)) + "\n" for entry in told.timeline)


NAME: Final = "live session"
EXPORTS: Final[dict[str, tuple[str, Callable[[Excerpt], str]]]] = {
    "json": ("application/json", lambda told: json.dumps(document(told), indent=1)),
    "jsonl": ("application/jsonl", _lines),
    "html": ("text/html", lambda told: html_report([Chapter(NAME, told)])),
    "csv": ("text/csv", lambda told: csv_text([(NAME, told)])),
}
"""Each kind of file: its media type, and what makes it."""


class Updates(mitmweb.WebSocketEventBroadcaster):
    """The way news get to a page. tornado refuses other origins, mitmweb's base everyone else."""

    connections: ClassVar[set[mitmweb.WebSocketEventBroadcaster]] = set()

    def open(self, *_args: str, **_kwargs: str) -> None:
        """Greet."""
        mitmweb.WebSocketEventBroadcaster.open(self)
        self._live = cast("LivePage", self.settings[SETTING])
        self._live.greet(self)

    def on_close(self) -> None:
        """Forget."""
        mitmweb.WebSocketEventBroadcaster.on_close(self)
        self._live.viewers.discard(self)

    def on_message(self, message: str | bytes) -> None:
        """Nothing is taken from a page."""

    def tell(self, message: bytes) -> None:
        """Queue a message; a page that does not read is cut off."""
        if self._send_queue.qsize() > QUEUED:
            self.close()
            return
        self.send(message)


def handlers() -> list[tuple[str, type]]:
    """The addresses below BASE."""
    names = "|".join(name.replace(".", r"\.") for name in (STYLE, *SCRIPTS))
    return [
        (f"{BASE}/?", PageHandler),
        (f"{BASE}/({names})", AssetHandler),
        (rf"{BASE}/entries/({NUMBERS})", EntriesHandler),
        (rf"{BASE}/rules\.json", RulesHandler),
        (rf"{BASE}/export/attribution\.(json|jsonl|html|csv)", ExportHandler),
        (f"{BASE}/updates", Updates),
    ]


def install(application: Application, page: LivePage) -> None:
    """Add the page to mitmweb's application; a second time only the page is exchanged."""
    if SETTING not in application.settings:
        application.add_handlers(".*", cast("Any", handlers()))
    application.settings[SETTING] = page


def page_url(web_url: str) -> str:
    """Where the page is, given mitmweb's own address with its token."""
    root, question, query = web_url.partition("?")
    return f"{root.rstrip('/')}{BASE}{question}{query}"


class Pages:
    """All live pages of one addon: the one in mitmweb and the one on a port of its own."""

    def __init__(self, session: Callable[[], Session]) -> None:
        self._session = session
        self._quiet = False
        self._pages: list[LivePage] = []
        self._server: PageServer | None = None

    def open(self, master: Master) -> None:
        """Add the page to mitmweb, if that is what runs."""
        self._quiet = is_quiet(master)
        if isinstance(master, WebMaster):
            page = LivePage(self._session, in_mitmweb=True)
            install(master.app, page)
            self._pages.append(page)
            tell_address(page_url(master.web_url), quiet=self._quiet)

    def serve(self, port: int | None) -> None:
        """Start, move or stop the server of our own; a port that is taken stops nothing else."""
        if self._server is not None:
            self._pages.remove(self._server.page)
            self._server.stop()
            self._server = None
        if port is None:
            return
        try:
            self._server = PageServer(LivePage(self._session, in_mitmweb=False), port)
        except OSError as error:
            # Not an ERROR: while mitmproxy starts, that would end it.
            logger.warning(
                "ara_page: cannot listen on %s:%s (%s); there is no page, all else goes on",
                HOST,
                port,
                error.strerror or error,
            )
            return
        self._pages.append(self._server.page)
        tell_address(self._server.url, quiet=self._quiet)

    def tell(self, entries: Iterable[Entry]) -> None:
        """Take new and revised entries."""
        for page in self._pages:
            page.tell(entries)

    def close(self) -> None:
        """Let everybody go and listen no longer."""
        self.serve(None)
        for page in self._pages:
            page.close()


class PageServer:
    """The page on a port of its own, for this machine only and with a token.

    Only the names of this machine are answered, so that no other site can have its name point
    here (DNS rebinding); the token keeps out other users of the machine.
    """

    def __init__(self, page: LivePage, port: int) -> None:
        """Listen on `port` (0: any free one). Raises OSError."""
        self.page = page
        token = secrets.token_urlsafe(16)
        listener = socket.create_server((HOST, port))
        listener.setblocking(False)
        self.port: int = listener.getsockname()[1]
        application = Application(
            cookie_secret=secrets.token_bytes(32),
            xsrf_cookies=True,
            is_valid_password=lambda given: hmac.compare_digest(given.encode(), token.encode()),
            auth_cookie_name=lambda: f"ara-page-{self.port}",
            # Who asks for what is no news in the proxy's terminal; failures are logged elsewhere.
            log_function=lambda _handler: None,
        )
        application.settings[SETTING] = page
        # With its query, so that a token is not lost on the way.
        root = ("/", RedirectHandler, {"url": BASE, "permanent": False})
        names = r"(127\.0\.0\.1|localhost)"
        application.add_handlers(names, cast("Any", [root, *handlers()]))
        self._server = HTTPServer(application)
        self._server.add_socket(listener)
        self.url = f"http://{HOST}:{self.port}{BASE}?token={token}"

    def stop(self) -> None:
        """Stop listening and let everybody go."""
        self._server.stop()
        self.page.close()
