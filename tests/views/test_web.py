from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
from mitmproxy.master import Master
from mitmproxy.options import Options
from mitmproxy.tools.dump import DumpMaster
from mitmproxy.tools.web.master import WebMaster
from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.web import Application
from tornado.websocket import websocket_connect

from ara_inspector.session import Session
from ara_inspector.timeline import EntryKind
from ara_inspector.views.page import SCRIPTS, STYLE
from ara_inspector.views.rows import in_full
from ara_inspector.views.selection import Selection, read_filter
from ara_inspector.views.web import (
    BASE,
    BATCH,
    QUEUED,
    SETTING,
    LivePage,
    Pages,
    PageServer,
    Updates,
    handlers,
    install,
    page_url,
)
from fake_session import ZERO, a_session, many, source

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tornado.websocket import WebSocketClientConnection


class Site:
    """A server with a session, and what a browser would do with it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.page = LivePage(lambda: self.session, in_mitmweb=False)
        self.server = PageServer(self.page, 0)
        self.root, _, query = self.server.url.partition("/attribution")
        self.token = query.partition("=")[2]
        self.sockets: list[WebSocketClientConnection] = []

    async def get(self, path: str, **headers: str) -> HTTPResponse:
        return await self.fetch(path, {"Authorization": f"Bearer {self.token}"} | headers)

    async def fetch(self, path: str, headers: dict[str, str] | None = None) -> HTTPResponse:
        """As somebody who has no token."""
        return await AsyncHTTPClient().fetch(
            f"{self.root}{path}", headers=headers, raise_error=False, follow_redirects=False
        )

    async def listen(self, **headers: str) -> WebSocketClientConnection:
        given = {"Authorization": f"Bearer {self.token}"}
        address = f"{self.root.replace('http', 'ws')}{BASE}/updates"
        socket = await websocket_connect(HTTPRequest(address, headers=given | headers))
        self.sockets.append(socket)
        return socket

    async def drain(self, socket: WebSocketClientConnection) -> None:
        """Read until the server has closed; reading on would wait for ever."""
        self.sockets.remove(socket)
        while await asyncio.wait_for(socket.read_message(), 5) is not None:
            pass
        socket.close()

    async def stop(self) -> None:
        for socket in tuple(self.sockets):
            socket.close()
            await self.drain(socket)
        self.server.stop()
        # The last answers' connections are closed a turn later.
        await asyncio.sleep(0.05)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    made = Site(a_session())
    yield made
    await made.stop()


async def messages(socket: WebSocketClientConnection, until: int) -> list[dict[str, Any]]:
    """Messages until `until` rows have come."""
    came: list[dict[str, Any]] = []
    while sum(len(message.get("rows", ())) for message in came) < until:
        came.append(await read(socket))
    return came


async def read(socket: WebSocketClientConnection) -> dict[str, Any]:
    """The next message."""
    text = await asyncio.wait_for(socket.read_message(), 5)
    assert text is not None
    message = json.loads(text)
    assert isinstance(message, dict)
    return message


def numbers(came: list[dict[str, Any]]) -> list[int]:
    return [row["number"] for message in came for row in message.get("rows", ())]


async def test_the_page_and_its_files(site: Site) -> None:
    page = await site.get(BASE)
    assert page.code == 200
    assert b"Attribution Reporting" in page.body
    assert "require-trusted-types-for" in page.headers["Content-Security-Policy"]
    assert len(page.headers.get_list("Content-Security-Policy")) == 1
    for name in (STYLE, *SCRIPTS):
        assert (await site.get(f"{BASE}/{name}")).code == 200
    assert (await site.get(f"{BASE}/{SCRIPTS[0]}")).headers["Content-Type"].startswith("text/java")
    for missing in (
        "/favicon.ico",
        f"{BASE}/page.html",
        f"{BASE}/../web.py",
        f"{BASE}/export/attribution.exe",
    ):
        assert (await site.get(missing)).code == 404
    rules = json.loads((await site.get(f"{BASE}/rules.json")).body)
    assert "ELG001" in rules


@pytest.mark.parametrize(
    "path",
    ["", "/page.js", "/rules.json", "/entries/1", "/export/attribution.json", "/updates"],
)
async def test_nothing_without_the_token(site: Site, path: str) -> None:
    answer = await site.fetch(f"{BASE}{path}")
    assert answer.code == 403
    wrong = await site.fetch(f"{BASE}{path}?token=wrong")
    assert wrong.code == 403
    if path == "":
        assert b"Not logged in" in answer.body


async def test_the_token_becomes_a_cookie_and_leaves_the_address(site: Site) -> None:
    first = await site.fetch(f"{BASE}?token={site.token}")
    assert first.code == 302
    assert first.headers["Location"] == BASE
    cookie = first.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    again = await site.fetch(BASE, {"Cookie": cookie.partition(";")[0]})
    assert again.code == 200


async def test_who_comes_to_the_root_is_led_to_the_page(site: Site) -> None:
    for query in ("", f"?token={site.token}"):
        answer = await site.fetch(f"/{query}")
        assert answer.code == 302
        assert answer.headers["Location"] == f"{BASE}{query}"


async def test_who_is_refused_is_told_of_mitmweb_only_where_it_is() -> None:
    site = Site(a_session())
    assert b"mitmweb" not in (await site.fetch(BASE)).body
    site.page.in_mitmweb = True
    assert b'<a href="/">mitmweb itself</a>' in (await site.fetch(BASE)).body
    await site.stop()


async def test_requests_are_no_news_in_the_terminal(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        for path in ("/favicon.ico", BASE, f"{BASE}/entries/x"):
            await site.fetch(path)
    assert not [record for record in caplog.records if record.name.startswith("tornado")]


async def test_only_names_of_this_machine_are_answered(site: Site) -> None:
    port = str(site.server.port)
    assert (await site.get(BASE, Host=f"localhost:{port}")).code == 200
    for host in ("evil.example", f"evil.example:{port}", f"127.0.0.1.evil.example:{port}"):
        assert (await site.get(BASE, Host=host)).code == 404


async def test_other_origins_get_no_news(site: Site) -> None:
    upgrade = {
        "Origin": "https://evil.example",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    refused = await site.get(f"{BASE}/updates", **upgrade)
    assert refused.code == 403
    await messages(await site.listen(Origin=site.root), 11)


@pytest.mark.parametrize(
    ("ending", "kind", "start"),
    [
        ("json", "application/json", b'{\n "schema": "ara-inspector/document/1"'),
        ("jsonl", "application/jsonl", b'{"schema":"ara-inspector/entry/1"'),
        ("html", "text/html", b"<!doctype html>"),
        ("csv", "text/csv", b"capture,entry,"),
    ],
)
async def test_exports_are_downloads(site: Site, ending: str, kind: str, start: bytes) -> None:
    answer = await site.get(f"{BASE}/export/attribution.{ending}")
    assert answer.headers["Content-Type"].startswith(kind)
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.body.startswith(start)
    assert b"a.example" in answer.body


async def test_a_filter_exports_what_it_shows(site: Site) -> None:
    export = f"{BASE}/export/attribution"
    answer = await site.get(f"{export}.jsonl?filter=kind:source%20%20-verdict:rejected")
    assert answer.headers["Content-Disposition"].endswith('"attribution-shown.jsonl"')
    given = [json.loads(line)["number"] for line in answer.body.splitlines()]
    terms = read_filter("kind:source -verdict:rejected")
    assert given == [entry.number for entry in Selection(terms).of(site.session.timeline)]
    assert 0 < len(given) < len(site.session.timeline)
    told = json.loads((await site.get(f"{export}.json?filter=kind:trigger")).body)
    assert [each["kind"] for each in told["registrations"]] == ["trigger"]
    assert "Filter kind:trigger: 1 of 11 entries shown." in told["summary"]["sentence"]
    assert (await site.get(f"{export}.json?filter=oops:1")).code == 400


async def test_a_viewer_gets_what_there_is_and_what_comes(site: Site) -> None:
    socket = await site.listen()
    came = await messages(socket, 11)
    hello = {"type": "hello", "session": site.page.session_id, "mitmweb": False, "entries": 11}
    assert came[0] == hello
    assert came[1]["type"] == "summary"
    assert came[1]["first"] == 1
    assert numbers(came) == list(range(1, 12))
    assert await read(socket) == {"type": "ready"}
    entry = site.session.timeline.add(
        EntryKind.REGISTRATION, source("{}"), ZERO, "https://a.example"
    )
    revised = site.session.timeline.revise(entry.number, source())
    assert revised is not None
    site.page.tell([entry])
    site.page.tell([revised])
    news = await messages(socket, 1)
    assert [row["revision"] for row in news[0]["rows"]] == [1]
    assert (await read(socket))["type"] == "summary"
    await socket.write_message("ignored")


async def test_summaries_come_seldom(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ara_inspector.views.web.SUMMARY_DELAY", 0.5)
    monkeypatch.setattr("ara_inspector.views.web.DELAY", 0.01)
    socket = await site.listen()
    await messages(socket, 11)
    assert (await read(socket))["type"] == "ready"
    entry = site.session.timeline.get(2)
    assert entry is not None
    kinds = []
    for _ in range(3):
        site.page.tell([entry])
        kinds.append((await read(socket))["type"])
    assert kinds == ["rows"] * 3
    assert (await read(socket))["type"] == "summary"


async def test_each_session_has_a_name_of_its_own(site: Site) -> None:
    other = Site(a_session())
    assert other.page.session_id != site.page.session_id
    await other.stop()


async def test_a_long_session_comes_in_parts() -> None:
    site = Site(many(450))
    socket = await site.listen()
    came = await messages(socket, 450)
    sizes = [len(message["rows"]) for message in came if message["type"] == "rows"]
    assert sizes == [BATCH] * (450 // BATCH) + [450 % BATCH]
    await site.stop()


async def test_bytes_that_are_no_text_get_through(site: Site) -> None:
    socket = await site.listen()
    await messages(socket, 11)
    assert (await read(socket))["type"] == "ready"
    about = source('{"destination":"\udcff"}')
    entry = site.session.timeline.add(EntryKind.REGISTRATION, about, ZERO, "https://a.example")
    site.page.tell([entry])
    (news,) = await messages(socket, 1)
    assert "\\udcff" in news["rows"][0]["text"]
    answer = json.loads((await site.get(f"{BASE}/entries/12")).body)
    assert "\udcff" in answer["entries"][0]["entry"]["registration"]["raw"]


async def test_entries_in_full_are_given_by_their_numbers(site: Site) -> None:
    answer = await site.get(f"{BASE}/entries/2,99,6")
    assert answer.headers["Content-Type"].startswith("application/json")
    given = json.loads(answer.body)
    assert given["session"] == site.page.session_id
    wanted = [site.session.timeline.get(number) for number in (2, 6)]
    assert given["entries"] == json.loads(
        json.dumps([in_full(entry) for entry in wanted if entry is not None])
    )


@pytest.mark.parametrize("numbers", ["", "x", "1,", "-1", "1.0", "1234567890", ",".join("1" * 65)])
async def test_what_is_no_list_of_numbers_is_not_found(site: Site, numbers: str) -> None:
    assert (await site.get(f"{BASE}/entries/{numbers}")).code == 404


async def test_nothing_is_made_while_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    page = LivePage(a_session, in_mitmweb=True)
    monkeypatch.setattr("ara_inspector.views.web.row_of", pytest.fail)
    page.tell(a_session().timeline)
    page.close()


async def test_a_viewer_that_left_is_forgotten(site: Site) -> None:
    socket = await site.listen()
    await messages(socket, 11)
    assert len(site.page.viewers) == 1
    socket.close()
    for _ in range(100):
        await asyncio.sleep(0.01)
        if not site.page.viewers:
            return
    pytest.fail("still there")


async def test_a_viewer_that_does_not_read_is_cut_off(site: Site) -> None:
    socket = await site.listen()
    await messages(socket, 11)
    (viewer,) = site.page.viewers
    for number in range(QUEUED + 2):
        viewer.tell(b"%d" % number)
    assert viewer.close_code is None
    await site.drain(socket)
    assert not site.page.viewers


async def test_closing_lets_everybody_go(site: Site) -> None:
    socket = await site.listen()
    await messages(socket, 11)
    entry = site.session.timeline.get(1)
    assert entry is not None
    site.page.tell([entry])
    site.server.stop()
    await site.drain(socket)


async def test_a_taken_port_is_an_os_error(site: Site) -> None:
    with pytest.raises(OSError, match="in use"):
        PageServer(site.page, site.server.port)


def test_a_reloaded_script_only_exchanges_the_page() -> None:
    application = Application()
    first, second = (LivePage(Session, in_mitmweb=True) for _ in range(2))
    install(application, first)
    rules = len(application.default_router.rules)
    install(application, second)
    assert application.settings[SETTING] is second
    assert len(application.default_router.rules) == rules
    assert (f"{BASE}/updates", Updates) in handlers()


@pytest.mark.parametrize(
    ("web_url", "page"),
    [
        ("http://127.0.0.1:8081/?token=abc", "http://127.0.0.1:8081/attribution?token=abc"),
        ("http://127.0.0.1:8081/", "http://127.0.0.1:8081/attribution"),
        ("http://[::1]:8081/?token=abc", "http://[::1]:8081/attribution?token=abc"),
    ],
)
def test_the_pages_address_in_mitmweb(web_url: str, page: str) -> None:
    assert page_url(web_url) == page


async def test_inside_mitmweb_the_address_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    master = WebMaster(Options(), with_termlog=False)
    pages = Pages(a_session)
    with caplog.at_level(logging.INFO):
        pages.open(master)
    told = [
        r.getMessage() for r in caplog.records if "Attribution Reporting page" in r.getMessage()
    ]
    assert len(told) == 1
    assert "/attribution?token=" in told[0]
    live = master.app.settings[SETTING]
    assert live.in_mitmweb
    pages.tell(a_session().timeline)
    pages.close()


async def test_beside_other_tools_there_is_no_page_in_mitmweb() -> None:
    pages = Pages(a_session)
    pages.open(Master(Options()))
    pages.tell(a_session().timeline)
    pages.close()


@pytest.mark.parametrize(("verbosity", "told"), [("error", True), ("info", False)])
async def test_a_quiet_log_does_not_hide_the_address(
    verbosity: str, *, told: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    options = Options()
    master = DumpMaster(options, with_dumper=False)
    options.update(termlog_verbosity=verbosity)
    pages = Pages(a_session)
    pages.open(master)
    pages.serve(0)
    pages.close()
    assert ("/attribution?token=" in capsys.readouterr().err) is told
