"""A live page of as many entries as a session keeps, and more coming."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from ara_inspector.session.limits import DEFAULT_LIMITS
from ara_inspector.timeline import EntryKind
from ara_inspector.views.web import LivePage, PageServer
from fake_session import ZERO, ignored, many, source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    from ara_inspector.session import Session
    from browser.conftest import Visit

pytestmark = pytest.mark.browser

KEPT = DEFAULT_LIMITS.entries
ELEMENTS = 2_000
"""A page of any length has fewer: only the rows in sight exist."""
BYTES = 1_200
"""Of a row, at most, over the WebSocket."""
LONGEST = 500
"""Milliseconds of the longest task a user could be held up by; measured: 70."""
BUSY = 2.0
"""Seconds of work for a page in ten seconds in which 40 entries come each; measured: 0.6."""
WATCH = """
window.__tasks = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) __tasks.push(entry.duration);
}).observe({ type: "longtask", buffered: true });
window.__bytes = 0;
window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data }) => (window.__bytes += data.length));
  }
};
"""

COUNT_ARRANGED = """() => {
  const { shown } = Ara.page;
  const { arrange } = shown;
  window.__arranged = 0;
  shown.arrange = (...given) => {
    window.__arranged += 1;
    return arrange.apply(shown, given);
  };
}"""


@dataclass
class Served:
    """A session behind a page, in a thread of its own."""

    session: Session
    url: str
    page: LivePage
    loop: asyncio.AbstractEventLoop

    def add(self, number: int, origin: str = "https://ads7.example", **over: Any) -> None:
        """So many more entries come."""

        def come() -> None:
            for index in range(number):
                about = source(flow_id=f"new-{index}", reporting_origin=origin, **over)
                told = self.session.timeline.add(
                    EntryKind.REGISTRATION, about, ZERO + 10_000 + index, origin
                )
                self.page.tell([told])

        self.loop.call_soon_threadsafe(come)


@pytest.fixture(scope="module")
def long_session() -> Session:
    return many(KEPT)


@pytest.fixture
def serve() -> Iterator[Callable[[Session], Served]]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    servers: list[PageServer] = []

    def start(session: Session) -> Served:
        async def listen() -> PageServer:
            return PageServer(LivePage(lambda: session, in_mitmweb=False), 0)

        server = asyncio.run_coroutine_threadsafe(listen(), loop).result(10)
        servers.append(server)
        return Served(session, server.url, server.page, loop)

    async def stop() -> None:
        for server in servers:
            server.stop()
        # The last connections are closed a turn later.
        await asyncio.sleep(0.2)

    yield start
    asyncio.run_coroutine_threadsafe(stop(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


def opened(visit: Callable[..., Visit], served: Served, group: str = "origin") -> Page:
    seen = visit("about:blank")
    seen.context.add_init_script(WATCH)
    # Logged in first: the part after # would not outlive the way by the token.
    seen.context.request.get(served.url)
    seen.page.goto(f"{served.url.partition('?')[0]}#group={group}")
    seen.page.wait_for_selector("#status.live", timeout=60_000)
    seen.page.wait_for_timeout(300)
    return seen.page


def longest(page: Page) -> float:
    page.wait_for_timeout(300)
    task: float = page.evaluate("Math.max(0, ...__tasks.splice(0))")
    return task


def first_in_sight(page: Page) -> str:
    """The row at the upper edge of the list, below a heading that is held there."""
    told: str = page.evaluate(
        """() => {
          const { left, top } = list.getBoundingClientRect();
          return document.elementFromPoint(left + 200, top + 45).closest(".row").id;
        }"""
    )
    return told


def test_as_many_entries_as_are_kept(
    long_session: Session,
    serve: Callable[[Session], Served],
    visit: Callable[..., Visit],
) -> None:
    served = serve(long_session)
    page = opened(visit, served)
    assert page.locator("#count").inner_text() == f"{KEPT:,} entries"
    assert page.evaluate("__bytes") < KEPT * BYTES
    assert longest(page) < LONGEST
    for part in range(11):
        page.evaluate("(part) => { list.scrollTop = list.scrollHeight * part / 10 }", part)
        page.wait_for_timeout(30)
        assert page.locator(".row").count() > 10
        assert page.locator("*").count() < ELEMENTS
    assert longest(page) < LONGEST
    page.locator("#q").focus()
    page.keyboard.type("ads7.example id=4", delay=60)
    page.wait_for_selector("#count:has-text('of 50,000 entries')")
    assert longest(page) < LONGEST
    page.fill("#q", "")
    page.wait_for_selector(f"#count:text-is('{KEPT:,} entries')")
    for group in ("site", "page", "chain", "none", "origin"):
        page.select_option("#group", group)
        assert page.locator(".row, .head").count() > 10
    assert longest(page) < LONGEST
    page.locator("#list").focus()
    for key in "GgnpNjk":
        page.keyboard.press(key)
    page.wait_for_selector("#detail .facts-list")
    assert longest(page) < LONGEST


def test_entries_that_come_cost_what_they_are_not_what_there_is(
    long_session: Session,
    serve: Callable[[Session], Served],
    visit: Callable[..., Visit],
) -> None:
    served = serve(long_session)
    page = opened(visit, served)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable")

    def spent() -> float:
        metrics = devtools.send("Performance.getMetrics")["metrics"]
        return next(float(each["value"]) for each in metrics if each["name"] == "TaskDuration")

    page.evaluate(COUNT_ARRANGED)
    longest(page)
    before, last = spent(), served.session.timeline.dropped
    for _ in range(50):
        served.add(8)
        page.wait_for_timeout(200)
    page.wait_for_timeout(1_500)
    assert spent() - before < BUSY
    assert page.evaluate("__arranged") == 0
    assert longest(page) < LONGEST
    # What the session dropped is gone from everything the page keeps.
    assert served.session.timeline.dropped == last + 400
    assert page.locator("#count").inner_text() == f"{KEPT:,} entries"
    kept = page.evaluate(
        "(() => { const { byNumber, byFlow, sorted, counts } = Ara.page.entries;"
        " return [byNumber.size, byFlow.size, sorted.length, counts.kinds.get('registration')] })()"
    )
    assert kept[0] == kept[2] == kept[3] == KEPT
    assert kept[1] <= KEPT


def test_a_key_that_is_held_down_gets_there(
    serve: Callable[[Session], Served], visit: Callable[..., Visit]
) -> None:
    page = opened(visit, serve(many(400)), "none")
    for _ in range(300):
        page.keyboard.press("j")
    page.wait_for_selector("#detail h2 .muted:text-is('#300 ')")
    page.wait_for_url("**entry=300*", timeout=40_000)
    page.reload()
    page.wait_for_selector("#entry-300.selected")


def test_what_is_being_read_stays_where_it_is(
    serve: Callable[[Session], Served], visit: Callable[..., Visit]
) -> None:
    served = serve(many(2_000))
    page = opened(visit, served)
    page.evaluate("list.scrollTop = list.scrollHeight / 2")
    page.wait_for_timeout(100)
    before = first_in_sight(page)
    # Into the first group, above what is in sight.
    served.add(30, "https://ads0.example")
    page.wait_for_selector("#count:has-text('2,030')")
    assert first_in_sight(page) == before
    page.evaluate("list.scrollTop = 0")
    page.wait_for_timeout(100)
    before = first_in_sight(page)
    served.add(30, "https://ads0.example")
    page.wait_for_selector("#count:has-text('2,060')")
    assert first_in_sight(page) == before


def test_at_the_end_it_follows(
    serve: Callable[[Session], Served], visit: Callable[..., Visit]
) -> None:
    served = serve(many(100))
    page = opened(visit, served, "none")
    assert page.evaluate("list.scrollTop") == 0
    page.keyboard.press("G")
    served.add(40)
    page.wait_for_selector("#entry-140")
    assert page.locator("#newest").inner_text() == "newest: #140 source (event)"
    # Who goes up again is left there.
    page.keyboard.press("g")
    served.add(40)
    page.wait_for_selector("#count:has-text('180')")
    assert page.locator("#entry-1").is_visible()
    page.keyboard.press("N")
    page.wait_for_selector("#entry-180.selected")


def test_an_empty_page_fills_and_follows(
    serve: Callable[[Session], Served], visit: Callable[..., Visit]
) -> None:
    served = serve(many(0))
    page = opened(visit, served, "none")
    assert "No entries yet" in page.locator("#empty").inner_text()
    for number in range(1, 9):
        served.add(5)
        page.wait_for_selector(f"#entry-{5 * number}")
    assert page.locator(".row.fresh").count() > 0
    page.wait_for_timeout(2_200)
    served.add(1)
    page.wait_for_selector("#entry-41.fresh")
    assert page.locator(".row.fresh").count() == 1


def test_the_detail_follows_a_revision_without_throwing_the_reader_out(
    serve: Callable[[Session], Served], visit: Callable[..., Visit]
) -> None:
    session = many(30)
    served = serve(session)
    page = opened(visit, served)
    page.evaluate("Ara.page.list.select(1)")
    page.locator("#detail .help summary").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#detail .help h4")
    about = ignored("flow-0")

    def revise(raw: str) -> None:
        entry = session.timeline.revise(1, source(raw, flow_id="flow-0", ground="another ground"))
        assert entry is not None
        served.loop.call_soon_threadsafe(served.page.tell, [entry])

    revise('{"destination":"https://shop.example","expiry":true}')
    page.wait_for_selector("#detail :text('another ground')")
    assert page.locator("#detail .help[open]").count() == 1
    assert page.evaluate("document.activeElement.localName") == "summary"
    # Text that is being marked is not drawn anew.
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#detail .ground'))")
    revised = session.timeline.revise(1, about)
    assert revised is not None
    served.loop.call_soon_threadsafe(served.page.tell, [revised])
    page.wait_for_selector("#entry-1 .ignored")
    page.wait_for_timeout(400)
    assert "another ground" in page.locator("#detail").inner_text()
    page.evaluate("getSelection().removeAllRanges()")
    served.add(1)
    page.wait_for_selector("#detail :text('not eligible for sources')")
