"""The page's search box, which reads the same language as `ara_filter` and `check --filter`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import hostile
from ara_inspector.checking.inspection import inspect_capture
from ara_inspector.timeline import EntryKind
from ara_inspector.views.html_report import Chapter, html_report
from ara_inspector.views.selection import Selection, read_filter
from browser.conftest import fits_and_reads, until
from exchanges import watched
from filter_cases import REFUSED, SHOWN, TRAFFIC

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from ara_inspector.views.told import Told
    from browser.conftest import Visit

pytestmark = pytest.mark.browser

FLOWS = Path(__file__).parents[2] / "fixtures" / "flows" / "realistic_session.flows"
FILTERS = (
    *(text for text, _ in SHOWN),
    *("kind:trigger", "-kind:report", "verdict:rejected,ignored", "code:SRC", "kind:os-source"),
    *("site:gazette.example", "site:runfast.example kind:trigger", "-site:gazette.example"),
    *("origin:cinder.example", "origin:orbit.example -kind:chain", "severity:warning -code:ATT"),
    *('"success (#15)"', "#15", "c2:3", '"Chrome cannot read"', "success data"),
    *(f'"{text[:20]}"' for text in hostile.FRAGMENTS if '"' not in text),
    *(r"\x1b", r"\u202e", "<script", "=cmd"),
)


def opened(
    visit: Callable[..., Visit], place: Path, told: Told, address: str = "", **look: Any
) -> Page:
    place.write_text(html_report([Chapter("one", told)]), "utf-8")
    page = visit(f"{place.as_uri()}{address}", **look).page
    until(page, "document.getElementById('status').textContent === 'report'")
    return page


def shown(page: Page) -> list[int]:
    numbers: list[int] = page.evaluate(
        "Ara.page.shown.groups.flatMap((group) => group.rows.map((told) => told.number))"
    )
    return sorted(numbers)


def search(page: Page, text: str) -> None:
    page.fill("#q", text)
    # Typing is waited for a moment.
    page.wait_for_timeout(120)


@pytest.mark.parametrize("capture", ["cases", "recorded", "hostile"])
def test_the_box_shows_what_the_same_filter_shows_elsewhere(
    visit: Callable[..., Visit], tmp_path: Path, capture: str
) -> None:
    told: Told
    if capture == "cases":
        told = watched(TRAFFIC)
    else:
        there = hostile.write(tmp_path / "hostile.flows", hostile.flows())
        told = inspect_capture(FLOWS if capture == "recorded" else there)
    page = opened(visit, tmp_path / "report.html", told)
    told_apart = set()
    for text in FILTERS:
        wanted = [entry.number for entry in Selection(read_filter(text)).of(told.timeline)]
        search(page, text)
        assert shown(page) == wanted, text
        assert page.locator("#unread").is_hidden(), text
        told_apart.add(tuple(wanted))
    assert len(told_apart) > 10


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_a_term_that_cannot_be_read_is_told_and_left_out(
    visit: Callable[..., Visit], tmp_path: Path, text: str, message: str
) -> None:
    session = watched(TRAFFIC)
    page = opened(visit, tmp_path / "report.html", session)
    search(page, f"kind:registration {text}")
    assert page.locator("#unread").inner_text() == f"Not applied: {message}"
    # The sheet lies over it.
    assert page.locator("#hints .wrong").inner_text() == message
    assert page.locator("#q").get_attribute("aria-invalid") == "true"
    registrations = {e.number for e in session.timeline if e.kind is EntryKind.REGISTRATION}
    assert set(shown(page)) <= registrations
    assert shown(page)
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    assert page.locator("#unread").is_hidden()
    assert page.locator("#q").get_attribute("aria-invalid") == "false"


def test_terms_are_offered_and_can_be_pressed(visit: Callable[..., Visit], tmp_path: Path) -> None:
    page = opened(visit, tmp_path / "report.html", inspect_capture(FLOWS))
    assert page.locator("#hints").is_hidden()
    page.keyboard.press("/")
    hints = page.locator("#hints")
    hints.wait_for(state="visible")
    lines = dict(zip(hints.locator("dt").all_inner_texts(), hints.locator("dd").all(), strict=True))
    assert lines["kind:"].locator("button").all_inner_texts() == [
        "source",
        "trigger",
        "report",
        "silent",
        "chain",
    ]
    lines["kind:"].locator("button:text-is('trigger')").click()
    assert hints.is_hidden()
    assert page.locator("#count").inner_text().startswith("4 of ")
    page.keyboard.type(" site:")
    hints.wait_for(state="visible")
    hints.locator("button:text-is('runfast.example')").last.click()
    assert page.input_value("#q") == "kind:trigger site:runfast.example"
    assert page.locator("#unread").is_hidden()
    page.keyboard.press("Escape")
    assert hints.is_hidden()
    assert page.evaluate("document.activeElement.id") == "list"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_what_it_says_and_offers_fits_and_can_be_read(
    visit: Callable[..., Visit], tmp_path: Path, size: tuple[int, int], scheme: str
) -> None:
    told = inspect_capture(FLOWS)
    page = opened(visit, tmp_path / "report.html", told, size=size, scheme=scheme)
    search(page, "kind:trig oops:1")
    assert page.locator("#hints").is_visible()
    fits_and_reads(page)
    page.keyboard.press("Escape")
    page.wait_for_selector("#hints", state="hidden")
    assert page.locator("#unread").is_visible()
    page.locator("#export summary").click()
    page.wait_for_selector("#exports a")
    fits_and_reads(page)


def test_the_fields_beside_it_are_terms_as_well(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    inspection = inspect_capture(FLOWS)
    page = opened(visit, tmp_path / "report.html", inspection)
    for name, choice, text in (
        ("kind", "trigger", "kind:trigger"),
        ("kind", "registration", "kind:registration"),
        ("verdict", "rejected", "verdict:rejected"),
        ("severity", "none", "-severity:note"),
        ("severity", "warning", "severity:warning"),
        ("origin", "cinder.example", "origin:cinder.example"),
        ("site", "https://gazette.example", "site:https://gazette.example"),
        ("code", "src", "code:src"),
    ):
        field = page.locator(f"#{name}")
        if name in {"origin", "site", "code"}:
            field.fill(choice)
        else:
            field.select_option(choice)
        page.wait_for_timeout(120)
        wanted = [entry.number for entry in Selection(read_filter(text)).of(inspection.timeline)]
        assert shown(page) == wanted, text
        assert 0 < len(wanted) < page.evaluate("Ara.page.entries.size")
        page.locator("#clear").click()
    field = page.locator("#origin")
    field.focus()
    assert page.locator("#origins option").count() > 3
    page.locator("#site").focus()
    assert page.locator("#sites option").count() > 1


def test_a_filter_in_the_address_is_read(visit: Callable[..., Visit], tmp_path: Path) -> None:
    address = "#q=kind:source+oops:1&site=gazette.example"
    page = opened(visit, tmp_path / "report.html", inspect_capture(FLOWS), address)
    assert page.input_value("#q") == "kind:source oops:1"
    assert page.locator("#unread").inner_text().startswith("Not applied: oops: is no filter;")
    text = "kind:source site:gazette.example"
    told = inspect_capture(FLOWS).timeline
    assert shown(page) == [entry.number for entry in Selection(read_filter(text)).of(told)]
