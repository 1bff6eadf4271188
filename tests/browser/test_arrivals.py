"""Chromium 138 browses through mitmweb while somebody looks at the page in another browser.

Chromium 138 is fetched on first use, as by `scripts/record-fixtures`.
"""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser.conftest import free_port, running, until
from recording.record import STATE
from recording.scenarios import SCENARIOS
from recording.stage import stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    from browser.conftest import Tool, Visit

pytestmark = pytest.mark.browser

SCENARIO = SCENARIOS["realistic_session"]
SERVER = Path(__file__).parents[2] / "scripts" / "recording" / "server.py"
LONGEST = 120
"""Seconds a scenario may take."""


class Browsing:
    """What the scenario's user does, in a thread of its own: the page's browser keeps this one."""

    def __init__(self, proxy: str) -> None:
        self._proxy = proxy
        self._failed: list[BaseException] = []
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        async def play() -> None:
            async with stage(SCENARIO.browser) as here:
                await here.play(SCENARIO, self._proxy)

        try:
            asyncio.run(play())
        except BaseException as error:  # noqa: BLE001 - raised again by `over`
            self._failed.append(error)

    @property
    def goes_on(self) -> bool:
        """Whether it is still on."""
        return self._thread.is_alive()

    def over(self) -> None:
        """Wait for its end, and raise what went wrong."""
        self._thread.join(LONGEST)
        assert not self.goes_on
        for error in self._failed:
            raise error


@pytest.fixture
def proxied(tmp_path: Path) -> Iterator[tuple[Tool, str]]:
    """A mitmweb with the invented hosts behind it, and where it proxies."""
    port = str(free_port())
    arguments = (
        *("--listen-host", "127.0.0.1", "--listen-port", port),
        *("--no-web-open-browser", "--web-port", str(free_port())),
        *("--set", f"confdir={STATE}", "--set", "connection_strategy=lazy"),
        *("--set", "upstream_cert=false", "--set", "termlog_verbosity=info"),
        *("-s", "addon/attribution_reporting.py", "-s", str(SERVER)),
        *("--set", f"recording_scenario={SCENARIO.name}"),
    )
    with running("mitmweb", *arguments, log=tmp_path / "mitmweb.log") as tool:
        yield tool, f"127.0.0.1:{port}"


def count(page: Page, chip: str) -> int:
    return int(page.locator(f"#chip-{chip} b").inner_text())


def heading(page: Page) -> str:
    return page.locator("#detail h2").inner_text()


def test_entries_arrive_while_somebody_browses(
    proxied: tuple[Tool, str], visit: Callable[..., Visit]
) -> None:
    tool, proxy = proxied
    seen = visit(tool.page)
    page = seen.page
    page.wait_for_selector("#status.live")
    sizes = set()
    browsing = Browsing(proxy)
    while browsing.goes_on:
        sizes.add(page.evaluate("Ara.page.entries.size"))
        page.wait_for_timeout(50)
    browsing.over()
    # Not all at the end: page, click and shop are seconds apart.
    assert len(sizes) > 3
    page.wait_for_selector("#count:text-is('35 entries')")
    page.wait_for_selector(".row :text('success (#')")
    assert count(page, "registered") == 11
    assert count(page, "rejected") == 1
    assert page.locator("#sentence").inner_text().startswith("12 registrations: 11 registered")

    # By the keyboard alone: to the first error, into its findings, and to the reports.
    page.keyboard.press("n")
    page.wait_for_selector("#detail .finding")
    page.keyboard.press("/")
    page.keyboard.type("report-event-attribution")
    page.keyboard.press("Enter")
    page.wait_for_selector("#count:has-text('of 35')")
    page.keyboard.press("j")
    page.wait_for_selector("#detail h3:text('Goes back to')")
    report = heading(page)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.className") != "jump":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#detail h3:text('Attribution-Reporting-Register-')")
    assert heading(page) != report
    page.wait_for_selector("#detail h3:text('Reports')")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "list"
    assert seen.troubles == []


def test_a_phone_and_a_reader_in_the_middle_of_it(
    proxied: tuple[Tool, str], visit: Callable[..., Visit]
) -> None:
    tool, proxy = proxied
    phone = visit(tool.page, size=(390, 844), scheme="dark")
    page = phone.page
    page.wait_for_selector("#status.live")
    browsing = Browsing(proxy)
    # The first one that comes is opened, and is not closed by what comes after it.
    page.wait_for_selector(".row.registration", timeout=LONGEST * 1_000)
    page.locator(".row.registration").first.click()
    page.wait_for_selector("#detail .facts-list")
    opened = heading(page)
    browsing.over()
    until(page, "Ara.page.entries.size === 35")
    assert heading(page) == opened
    assert page.locator("#detail").is_visible()
    page.wait_for_selector("#detail h3:text('Attribution')")
    page.locator("#detail .back").click()
    assert page.locator("#detail").is_hidden()
    assert page.locator(".row").first.is_visible()
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) == 0
    assert phone.troubles == []
