"""The proxy goes away and comes back while its page is open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser.conftest import free_port, running, until

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from playwright.sync_api import Page

    from browser.conftest import Tool, Visit

    Visitor = Callable[..., Visit]

pytestmark = pytest.mark.browser

FLOWS = Path(__file__).parents[2] / "fixtures" / "flows"
FIRST, SECOND = FLOWS / "realistic_session.flows", FLOWS / "iframe_ad.flows"
COME_BACK = 20_000
"""Milliseconds within which a page must have tried again."""


@pytest.fixture(params=["mitmweb", "mitmdump"])
def start(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Callable[[Path], AbstractContextManager[Tool]]:
    """Runs a tool on a capture, with its page always at the same port."""
    port = str(free_port())
    places = {
        "mitmweb": ("--no-web-open-browser", "--web-port", port),
        "mitmdump": ("--set", "keepserving=true", "--set", f"ara_page={port}"),
    }

    def run(capture: Path) -> AbstractContextManager[Tool]:
        return running(
            request.param,
            *("-n", "-r", str(capture), "-s", "addon/attribution_reporting.py"),
            *("--set", "termlog_verbosity=info", *places[request.param]),
            log=tmp_path / f"{capture.stem}.log",
        )

    return run


def settled(page: Page) -> None:
    page.wait_for_selector("#status.live", timeout=COME_BACK)
    page.wait_for_selector(".row")
    page.wait_for_timeout(400)


def origins(page: Page) -> set[str]:
    told: list[str] = page.evaluate("Ara.page.entries.sorted.map((told) => told.origin)")
    return set(filter(None, told))


def errors(seen: Visit) -> list[str]:
    """What was thrown; that requests fail is to be expected here."""
    return [trouble for trouble in seen.troubles if trouble.startswith("error ")]


def test_a_page_says_that_the_proxy_is_away_and_comes_back_without_mixing_sessions(
    start: Callable[[Path], AbstractContextManager[Tool]], visit: Visitor
) -> None:
    with start(FIRST) as tool:
        seen = visit(tool.page)
        page = seen.page
        settled(page)
        page.keyboard.press("n")
        page.wait_for_selector("#detail .finding")
        before = page.locator("#count").inner_text()
        old = origins(page)

    page.wait_for_selector("#status.offline")
    assert "has not answered since" in page.locator("#notice").inner_text()
    # What was told stays, and can be gone through.
    assert page.locator("#count").inner_text() == before
    page.keyboard.press("j")
    page.wait_for_selector("#detail h2")

    with start(SECOND) as tool:
        page.wait_for_selector("#notice form", timeout=COME_BACK)
        assert page.locator("#count").inner_text() == before
        page.fill("#notice input", "no-token-of-its")
        page.keyboard.press("Enter")
        page.wait_for_selector("#notice :text('That does not let you in.')")
        page.fill("#notice input", tool.page)
        page.keyboard.press("Enter")
        settled(page)
        assert "a new session" in page.locator("#notice").inner_text()
        assert page.locator("#count").inner_text() == "7 entries"
        assert origins(page).isdisjoint(old)
        assert page.locator(".row.selected").count() == 0
        assert "Overview" in page.locator("#detail").inner_text()
        until(page, "!location.hash.includes('entry=')")
        page.locator("#notice button").click()
        assert page.locator("#notice").is_hidden()
        page.locator(".row").first.click()
        page.wait_for_selector("#detail .facts-list")
        assert errors(seen) == []


def log_in_elsewhere(seen: Visit, tool: Tool) -> None:
    """Open the page with its token in another tab of the same browser."""
    other = seen.context.new_page()
    other.goto(tool.page)
    settled(other)


def test_to_log_in_elsewhere_is_enough(
    start: Callable[[Path], AbstractContextManager[Tool]], visit: Visitor
) -> None:
    with start(FIRST) as tool:
        seen = visit(tool.page)
        settled(seen.page)
        seen.page.keyboard.press("n")
        seen.page.wait_for_url("**entry=*")
    with start(SECOND) as tool:
        seen.page.wait_for_selector("#notice form", timeout=COME_BACK)
        log_in_elsewhere(seen, tool)
        settled(seen.page)
        assert seen.page.locator("#count").inner_text() == "7 entries"
        assert errors(seen) == []


def test_a_reload_in_another_session_chooses_nothing(
    start: Callable[[Path], AbstractContextManager[Tool]], visit: Visitor
) -> None:
    with start(FIRST) as tool:
        seen = visit(tool.page)
        settled(seen.page)
        seen.page.keyboard.press("j")
        seen.page.wait_for_url("**entry=2")
        seen.page.reload()
        settled(seen.page)
        assert seen.page.locator(".row.selected").count() == 1
    with start(SECOND) as tool:
        seen.page.reload()
        assert "Not logged in" in seen.page.locator("body").inner_text()
        log_in_elsewhere(seen, tool)
        seen.page.reload()
        settled(seen.page)
        assert seen.page.locator(".row.selected").count() == 0


def test_a_broken_connection_to_the_same_session_changes_nothing(
    start: Callable[[Path], AbstractContextManager[Tool]], visit: Visitor
) -> None:
    with start(FIRST) as tool:
        seen = visit(tool.page)
        page = seen.page
        settled(page)
        # What waited for more traffic has been attributed by then.
        page.wait_for_selector(".row :text('success (#15)')")
        page.keyboard.press("j")
        page.wait_for_selector("#detail .facts-list")
        before = page.locator("#list").inner_text()
        page.evaluate("Ara.page.source.socket.close()")
        page.wait_for_selector("#status.offline")
        settled(page)
        assert page.locator("#notice").is_hidden()
        assert page.locator("#list").inner_text() == before
        assert page.locator(".row.selected").count() == 1
        assert seen.troubles == []
