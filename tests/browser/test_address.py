"""What the page's address and the browser's way back lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ara_inspector.views.html_report import Chapter, html_report
from browser.conftest import until
from fake_session import a_session, many

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from browser.conftest import Visit

    Open = Callable[..., Page]

pytestmark = pytest.mark.browser

PHONE = (390, 844)
WIDE = (1366, 768)


@pytest.fixture
def report(visit: Callable[..., Visit], tmp_path: Path) -> Open:
    """`report(size)` opens a saved report, from an empty page before it."""
    place = tmp_path / "report.html"
    place.write_text(html_report([Chapter("one", a_session())]), "utf-8")

    def start(size: tuple[int, int], address: str = "") -> Page:
        page = visit("about:blank", size=size).page
        page.goto(f"{place.as_uri()}{address}")
        until(page, "document.getElementById('status').textContent === 'report'")
        return page

    return start


def wait_for_entry(page: Page, number: int) -> None:
    page.wait_for_selector(f"#detail h2 .muted:text-is('#{number} ')")


def covered(page: Page) -> bool:
    found: bool = page.evaluate("document.body.classList.contains('opened')")
    return found


def back(page: Page) -> None:
    # A moment later: what leads away from the page takes the context of the call with it.
    page.evaluate("() => { setTimeout(() => history.back()) }")
    page.wait_for_timeout(300)


def test_on_a_phone_the_way_back_leads_to_the_list(report: Open) -> None:
    page = report(PHONE)
    page.fill("#q", "kind:registration")
    page.wait_for_timeout(120)
    page.keyboard.press("Escape")
    page.locator("#entry-2").click()
    wait_for_entry(page, 2)
    assert covered(page)
    # From one entry to another is no step of its own.
    page.locator("#detail .jump:text-is('#6')").click()
    wait_for_entry(page, 6)
    assert covered(page)
    back(page)
    assert not covered(page)
    assert "entry=" not in page.url
    assert "q=kind" in page.url
    page.evaluate("history.forward()")
    page.wait_for_timeout(200)
    assert covered(page)
    back(page)
    assert not covered(page)
    back(page)
    assert page.url == "about:blank"


def test_on_a_phone_closing_and_going_back_are_the_same(report: Open) -> None:
    page = report(PHONE)
    length = page.evaluate("history.length")
    for _ in range(3):
        page.locator("#entry-2").click()
        wait_for_entry(page, 2)
        page.locator("#detail .back").click()
        page.wait_for_timeout(200)
        assert not covered(page)
        page.locator("#overview").click()
        page.wait_for_selector("#detail h2:text-is('Overview')")
        assert covered(page)
        page.keyboard.press("Escape")
        page.wait_for_timeout(200)
        assert not covered(page)
    assert page.evaluate("history.length") == length + 1
    back(page)
    assert page.url == "about:blank"


def test_on_a_phone_the_list_stays_where_it_was(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    place = tmp_path / "long.html"
    place.write_text(html_report([Chapter("long", many(500))]), "utf-8")
    page = visit(place.as_uri(), size=PHONE).page
    until(page, "document.getElementById('status').textContent === 'report'")
    page.evaluate("list.scrollTop = 5000")
    page.wait_for_timeout(100)
    page.locator(".row").nth(12).click()
    page.wait_for_selector("#detail .facts-list")
    before = page.evaluate("list.scrollTop")
    back(page)
    assert not covered(page)
    assert page.evaluate("list.scrollTop") == before > 4000


def test_on_a_phone_what_a_finding_asks_for_is_seen(report: Open) -> None:
    page = report(PHONE)
    page.locator("#overview").click()
    page.locator("#detail table .code.warning").first.click()
    assert not covered(page)
    assert page.locator("#count").inner_text() == "1 of 11 entries"


def test_on_a_phone_an_address_of_an_entry_leads_back_to_where_one_was(report: Open) -> None:
    page = report(PHONE, "#entry=5")
    wait_for_entry(page, 5)
    assert covered(page)
    page.reload()
    wait_for_entry(page, 5)
    page.locator("#detail .back").click()
    assert not covered(page)
    back(page)
    assert page.url == "about:blank"


def test_a_page_made_narrow_leads_back_to_the_list_as_well(report: Open) -> None:
    page = report(WIDE, "#entry=5")
    wait_for_entry(page, 5)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.evaluate("Ara.page.list.select(2)")
    wait_for_entry(page, 2)
    back(page)
    assert not covered(page)


def test_where_both_stand_side_by_side_there_is_one_step(report: Open) -> None:
    page = report(WIDE)
    length = page.evaluate("history.length")
    for number in (2, 5, 8):
        page.evaluate("(number) => Ara.page.list.select(number)", number)
        wait_for_entry(page, number)
    page.locator("#overview").click()
    page.locator("#entry-2").click()
    wait_for_entry(page, 2)
    assert page.evaluate("history.length") == length
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert page.locator("#detail h2").inner_text() == "Overview"
    back(page)
    assert page.url == "about:blank"


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_an_entry_that_is_not_there_is_told(report: Open, size: tuple[int, int]) -> None:
    page = report(size, "#entry=999&group=none")
    assert page.locator("#detail h2").inner_text() == "No entry 999"
    said = "There is no entry 999 here: those there are have the numbers #1 to #11."
    assert page.locator("#detail .ground").inner_text() == said
    assert page.locator("#detail .ground").is_visible()
    page.locator("#detail button:text-is('Overview')").click()
    assert "No entry" not in page.locator("#detail").inner_text()
    assert page.locator("#entry-2").is_visible()
    page.evaluate("location.hash = 'entry=<b>x'")
    page.wait_for_selector("#detail h2:text-is('No entry <b>x')")
    page.evaluate("location.hash = 'entry=5'")
    wait_for_entry(page, 5)


def test_both_switches_say_what_is(report: Open) -> None:
    page = report(WIDE)
    assert page.locator("#clock").inner_text() == "Time Relative"
    assert page.locator("#theme").inner_text() == "Theme Light"
    page.locator("#clock").click()
    page.locator("#theme").click()
    assert page.locator("#clock").inner_text() == "Time UTC"
    assert page.locator("#theme").inner_text() == "Theme Dark"
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
