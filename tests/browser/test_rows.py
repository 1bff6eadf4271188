"""What the page's rows and headings say: numbers, groups and times."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import hostile
from ara_inspector.checking.gate import Gate
from ara_inspector.checking.inspection import inspect_capture
from ara_inspector.checking.rendering import Check, Format, render
from ara_inspector.findings import Severity
from ara_inspector.session import Session
from ara_inspector.timeline import EntryKind
from ara_inspector.views import words
from ara_inspector.views.html_report import Chapter, html_report
from ara_inspector.views.selection import Selection, read_filter
from ara_inspector.views.style import Style
from ara_inspector.views.table import TableLayout
from browser.conftest import until
from fake_session import source

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from ara_inspector.views.told import Told
    from browser.conftest import Visit

pytestmark = pytest.mark.browser

FLOWS = Path(__file__).parents[2] / "fixtures" / "flows" / "realistic_session.flows"
NOON = 1_790_683_200.0
DAY = 86_400.0
SIZES = [(1366, 768), (390, 844)]


def opened(
    visit: Callable[..., Visit], place: Path, told: Told, size: tuple[int, int] = SIZES[0]
) -> Page:
    place.write_text(html_report([Chapter("one", told)]), "utf-8")
    page = visit(place.as_uri(), size=size).page
    until(page, "document.getElementById('status').textContent === 'report'")
    return page


def number(page: Page, selector: str) -> int:
    return int(page.locator(selector).inner_text().replace(",", ""))


@pytest.mark.parametrize("capture", ["recorded", "hostile"])
def test_errors_and_warnings_are_counted_as_the_table_counts_them(
    visit: Callable[..., Visit], tmp_path: Path, capture: str
) -> None:
    there = hostile.write(tmp_path / "hostile.flows", hostile.flows())
    inspection = inspect_capture(FLOWS if capture == "recorded" else there)
    page = opened(visit, tmp_path / "report.html", inspection)
    errors, warnings = number(page, "#chip-error b"), number(page, "#chip-warning b")
    check = Check([inspection], TableLayout(100, Style.PLAIN), Gate())
    table = " ".join(render(check, Format.TABLE).split())
    assert f"{errors:,} errors, {warnings:,} warnings" in table
    # A heading counts what is below it, and what is filtered out no longer.
    for text in ("", "kind:trigger"):
        page.fill("#q", text)
        page.wait_for_timeout(120)
        shown = list(Selection(read_filter(text)).of(inspection.timeline))
        for name, severity in (("errors", Severity.ERROR), ("warnings", Severity.WARNING)):
            counted = page.evaluate(
                "(name) => Ara.page.shown.groups.reduce((sum, group) => sum + group[name], 0)", name
            )
            found = [f for entry in shown for f in entry.findings if f.severity is severity]
            assert counted == len(found)
    assert number(page, "#chip-error b") == errors


def test_a_url_without_an_origin_has_a_group_that_shows_what_there_is(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    session = Session()
    for url, origin in (
        ("https://a.example/one", "https://a.example"),
        ("https://not a host\u202e/two?q=1", None),
        ("https://not a host\u202e/three", None),
        ("https:///four", None),
    ):
        about = source("{", url=url, reporting_origin=origin)
        session.timeline.add(EntryKind.REGISTRATION, about, NOON, origin)
    page = opened(visit, tmp_path / "report.html", session)
    assert page.locator("#rows .head .title").all_inner_texts() == [
        "a.example",
        r"no origin: https://not a host\u202e",
        "no origin: https://",
    ]
    errors = page.locator("#rows .head").nth(1).locator(".code.error").inner_text()
    assert errors == "2 errors"


def session_of(*times: float | None) -> Session:
    session = Session()
    for time in times:
        session.timeline.add(EntryKind.REGISTRATION, source(), time, "https://a.example")
    return session


@pytest.mark.parametrize("size", SIZES)
def test_utc_times_of_several_days_show_the_date_where_it_changes(
    visit: Callable[..., Visit], tmp_path: Path, size: tuple[int, int]
) -> None:
    times = (NOON, NOON + 5, NOON + DAY, NOON + DAY + 1, NOON + 40 * DAY)
    page = opened(visit, tmp_path / "report.html", session_of(*times), size)
    assert page.locator(".date").count() == 0
    page.keyboard.press("t")
    shown = [" ".join(text.split()) for text in page.locator(".row .time").all_inner_texts()]
    # A phone has no room for the year.
    day = slice(0 if size == SIZES[0] else 5, None)
    assert shown == [
        f"{words.day(NOON)[day]} {words.clock(NOON)}",
        words.clock(NOON + 5),
        f"{words.day(NOON + DAY)[day]} {words.clock(NOON + DAY)}",
        words.clock(NOON + DAY + 1),
        f"{words.day(NOON + 40 * DAY)[day]} {words.clock(NOON + 40 * DAY)}",
    ]
    clipped = """() => [...document.querySelectorAll(".row .time")].filter((time) =>
      time.scrollWidth > time.clientWidth + 1
      || time.scrollHeight > time.parentElement.clientHeight)"""
    assert page.evaluate(clipped) == []
    page.keyboard.press("t")
    assert page.locator(".date").count() == 0


def test_utc_times_of_one_day_need_no_date(visit: Callable[..., Visit], tmp_path: Path) -> None:
    page = opened(visit, tmp_path / "report.html", session_of(NOON, None, NOON + 5))
    page.keyboard.press("t")
    assert page.locator(".row .time").all_inner_texts() == [
        words.clock(NOON),
        "\u2013",
        words.clock(NOON + 5),
    ]


def test_relative_times_read_as_in_the_tables(visit: Callable[..., Visit], tmp_path: Path) -> None:
    page = opened(visit, tmp_path / "report.html", session_of(NOON))
    for after in (
        0,
        1.5,
        59.9994,
        3599.999,
        3600,
        86399.9996,
        86400,
        30 * DAY + 8399.899,
        -5,
        -DAY,
    ):
        told = page.evaluate("([time, zero]) => Ara.moment(time, zero)", [NOON + after, NOON])
        assert told.replace("\u2212", "-") == words.moment(NOON + after, NOON)
    assert page.evaluate("(time) => Ara.moment(time, null)", NOON + 0.25) == words.clock(
        NOON + 0.25
    )


def test_a_number_of_chains_says_which(visit: Callable[..., Visit], tmp_path: Path) -> None:
    inspection = inspect_capture(FLOWS)
    page = opened(visit, tmp_path / "report.html", inspection)
    tile = page.locator(".tiles li:has-text('redirect chains')")
    chains = [entry for entry in inspection.timeline if entry.kind is EntryKind.CHAIN]
    assert tile.locator("b").inner_text() == str(len(chains))
    assert "more than one hop" in str(tile.get_attribute("title"))
