"""A running browser on which scenarios are played, each in a browser context of its own."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, assert_never

from recording.chromium import installation, running
from recording.devtools import DevTools, DevToolsError, devtools
from recording.scenario import Browser, Click, Run, Scenario, Step, Tabs, Visit
from recording.witness import Witness

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

# Verbose reports follow their response within 100 ms; a busy machine is slower.
QUIET = 1.2
LONGEST_STEP = 20

CENTRE = """
(() => {
  const box = document.querySelector(%s).getBoundingClientRect();
  return {x: box.x + box.width / 2, y: box.y + box.height / 2};
})()
"""


class Stage:
    """The browser, and what all scenarios on it share."""

    def __init__(self, connection: DevTools, browser: Browser, version: str) -> None:
        self._connection = connection
        self._browser = browser
        self._version = version

    async def play(self, scenario: Scenario, proxy: str) -> Witness:
        """Do what the scenario's user does, through the proxy at `host:port`.

        A new browser context has an empty attribution storage, no cookies and no cache, and is
        gone afterwards.
        """
        created = await self._connection.call(
            "Target.createBrowserContext",
            proxyServer=proxy,
            # Chrome would go to localhost directly.
            proxyBypassList="<-loopback>",
        )
        context = created["browserContextId"]
        visitor = _Visitor(self._connection, self._browser, self._version, context)
        self._connection.listen(visitor.hear)
        try:
            await visitor.open()
            for step in scenario.steps:
                await visitor.do(step)
        finally:
            self._connection.ignore(visitor.hear)
            await self._connection.call("Target.disposeBrowserContext", browserContextId=context)
        return visitor.witness


@asynccontextmanager
async def stage(browser: Browser) -> AsyncIterator[Stage]:
    """Start a browser; it has ended when the block ends."""
    async with running(installation(browser)) as address, devtools(address) as connection:
        version = await connection.call("Browser.getVersion")
        # Popups are attached before they load anything, so that no issue of theirs is missed.
        await connection.call(
            "Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=True, flatten=True
        )
        yield Stage(connection, browser, version["product"])


class _Visitor:
    """One user in one browser context."""

    def __init__(self, connection: DevTools, browser: Browser, version: str, context: str) -> None:
        self._connection = connection
        self._has_ara = browser is Browser.CHROMIUM_138
        self._context = context
        self._sessions: dict[str, str] = {}
        self._page = ""
        self._attached = asyncio.Event()
        self._heard = asyncio.Event()
        self._rearm = False
        self.witness = Witness(version, "")

    def hear(self, method: str, params: dict[str, Any], session: str | None) -> None:
        """Follow the pages and frames of this context, and let the witness hear what they say."""
        if method == "Target.attachedToTarget":
            self._welcome(params)
        elif method == "Target.detachedFromTarget" and params["sessionId"] in self._sessions:
            del self._sessions[params["sessionId"]]
            # Chrome leaves local testing mode for the whole context when any session ends.
            self._rearm = True
        elif session in self._sessions:
            self._heard.set()
            self.witness.hear(method, params, session)

    def _welcome(self, params: dict[str, Any]) -> None:
        target, session = params["targetInfo"], params["sessionId"]
        if target.get("browserContextId") != self._context:
            self._connection.send("Runtime.runIfWaitingForDebugger", session)
            return
        self._sessions[session] = target["targetId"]
        self._heard.set()
        for method in ("Network.enable", "Audits.enable"):
            self._connection.send(method, session)
        self._connection.send(
            "Target.setAutoAttach",
            session,
            autoAttach=True,
            waitForDebuggerOnStart=True,
            flatten=True,
        )
        self._connection.send("Runtime.runIfWaitingForDebugger", session)
        if target["type"] == "page" and not self._page:
            self._page = session
            self._attached.set()

    async def open(self) -> None:
        """Open the first page, with the browser's account of attribution switched on."""
        await self._connection.call(
            "Target.createTarget", url="about:blank", browserContextId=self._context
        )
        await self._attached.wait()
        self.witness = Witness(self.witness.browser, self._page)
        if self._has_ara:
            await self._arm()
            await self._on_page("Storage.setAttributionReportingTracking", enable=True)

    async def do(self, step: Step) -> None:
        """One step, and all that comes of it until the browser is quiet."""
        match step:
            case Visit(url):
                await self._on_page("Page.navigate", url=url)
            case Click(selector):
                await self._click(await self._evaluate(CENTRE % json.dumps(selector)))
            case Run(script):
                await self._evaluate(script)
            case Tabs(urls):
                for url in urls:
                    self._connection.send(
                        "Target.createTarget", None, url=url, browserContextId=self._context
                    )
            case _:
                assert_never(step)
        await self._settle()

    async def _click(self, centre: dict[str, float]) -> None:
        for event in ("mousePressed", "mouseReleased"):
            click = self._on_page(
                "Input.dispatchMouseEvent", type=event, **centre, button="left", clickCount=1
            )
            # The page may be gone before the answer to a click that leads away from it.
            with suppress(DevToolsError):
                await click

    async def _settle(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_STEP):
                while await self._something_heard():
                    pass
        if self._rearm and self._has_ara:
            self._rearm = False
            await self._arm()

    async def _something_heard(self) -> bool:
        self._heard.clear()
        try:
            await asyncio.wait_for(self._heard.wait(), QUIET)
        except TimeoutError:
            return False
        return True

    async def _arm(self) -> None:
        """Local testing mode: no noise, and reports at once."""
        await self._on_page("Storage.setAttributionReportingLocalTestingMode", enabled=True)

    async def _evaluate(self, expression: str) -> Any:
        answer = await self._on_page(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            raise DevToolsError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    async def _on_page(self, method: str, **params: Any) -> dict[str, Any]:
        return await self._connection.call(method, self._page, **params)
