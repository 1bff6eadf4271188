"""Expectations in the saved report, opened from disk in a real chromium."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import hostile
from ara_inspector.views.expectation import Judged
from ara_inspector.views.html_report import Chapter, html_report
from browser.conftest import WIDE, until
from fake_session import a_session, many

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from playwright.sync_api import Page

    from browser.conftest import Visit

pytestmark = pytest.mark.browser

CONTRAST = Path(__file__).parent / "contrast.js"
PHONE = (390, 800)
READABLE = 4.5
"""The contrast ratio WCAG wants at least."""
JUDGED = (
    Judged("at least 1 report expected: kind = event-level", 1, likely={"a guess": ("#9",)}),
    Judged(
        '"the purchase": exactly 2 registrations expected: site = https://shop.example',
        4,
        '"the purchase": exactly 2 registrations expected, 1 found\n'
        "  - site = https://shop.example\n  = #8 - only likely: a guess\n  + #5 x\n  + #5 y\n"
        "  + #99 is not in this capture",
    ),
    Judged("findings: none of ATT expected", None),
)


def opened(
    visit: Callable[..., Visit],
    place: Path,
    judged: Sequence[Judged] = JUDGED,
    captures: Sequence[Chapter] = (),
    **how: object,
) -> Visit:
    place = place / "report.html"
    captures = captures or [Chapter("one", a_session())]
    place.write_text(html_report(captures, judged, "tests/ads.toml"), "utf-8")
    seen = visit(place.as_uri(), **how)
    until(seen.page, "document.getElementById('status').textContent === 'report'")
    return seen


def shown(page: Page) -> list[str]:
    return page.locator("#detail .part:has(h3:text-is('Expectations')) li").all_inner_texts()


def test_what_is_not_met_comes_first_with_its_reason(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    seen = opened(visit, tmp_path)
    failed, passed, other = [text.split("\n") for text in shown(seen.page)]
    assert [line for line in failed if line] == [
        "not met",
        '"the purchase": exactly 2 registrations expected, 1 found',
        "tests/ads.toml, line 4",
        "- site = https://shop.example",
        "= #8 - only likely: a guess",
        "+ #5 x",
        "+ #5 y",
        "+ #99 is not in this capture",
        "Entries #8 #5",
    ]
    assert passed[:2] == ["met", "at least 1 report expected: kind = event-level"]
    assert passed[-1] == "only likely: #9 (a guess)"
    assert other == ["met", "findings: none of ATT expected", "tests/ads.toml"]
    assert seen.page.locator(".outcome").inner_text() == "2 of 3 met"
    seen.page.locator("#detail .finding .jump").last.click()
    seen.page.wait_for_selector("#detail h2 .muted:text-is('#5 ')")
    assert seen.troubles == []


def test_numbers_of_several_captures_lead_nowhere(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    captures = [Chapter("one", a_session()), Chapter("two", many(3))]
    page = opened(visit, tmp_path, captures=captures).page
    assert len(shown(page)) == 3
    page.select_option("#capture", "1")
    until(page, "document.getElementById('count').textContent === '3 entries'")
    assert len(shown(page)) == 3
    assert page.locator("#detail .finding.error .jump").count() == 0


def test_without_expectations_nothing_is_said(visit: Callable[..., Visit], tmp_path: Path) -> None:
    page = opened(visit, tmp_path, ()).page
    assert page.locator("#detail h2").inner_text() == "Overview"
    assert page.locator("#detail h3:text-is('Expectations')").count() == 0


def test_very_many_are_counted(visit: Callable[..., Visit], tmp_path: Path) -> None:
    judged = [Judged(f"number {number}", number) for number in range(1_500)]
    page = opened(visit, tmp_path, judged).page
    assert len(shown(page)) == 200
    text = page.locator("#detail").inner_text()
    assert "1,500 of 1,500 met" in text
    assert "and 1,300 more that are met" in text


@pytest.mark.parametrize("js", [True, False])
def test_no_text_of_them_can_act(visit: Callable[..., Visit], tmp_path: Path, *, js: bool) -> None:
    judged = [Judged(text, 1, f"{text}\n{text}") for text in hostile.TEXTS]
    judged += [Judged(text, 1, likely={text: (text,)}) for text in hostile.TEXTS]
    place = tmp_path / "report.html"
    place.write_text(html_report([Chapter("one", a_session())], judged, hostile.TEXTS[0]), "utf-8")
    seen = visit(place.as_uri(), js=js)
    if js:
        until(seen.page, "document.getElementById('status').textContent === 'report'")
        assert len(shown(seen.page)) == 2 * len(hostile.TEXTS)
        assert seen.page.evaluate(f"window.{hostile.PWNED}") is None
    else:
        assert seen.page.locator(".plain pre").count() >= 2 * len(hostile.TEXTS)
    assert seen.page.locator("img, svg, iframe").count() == 0
    assert seen.troubles == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_they_fit_and_read(
    visit: Callable[..., Visit], tmp_path: Path, size: tuple[int, int], scheme: str
) -> None:
    page = opened(visit, tmp_path, size=size, scheme=scheme).page
    if size == PHONE:
        page.locator("#overview").click()
    page.wait_for_selector("#detail .finding.met")
    for box in ("document.documentElement", "detail"):
        assert page.evaluate(f"{box}.scrollWidth - {box}.clientWidth") == 0
    contrast, *where = page.evaluate(CONTRAST.read_text())
    assert contrast >= READABLE, where
