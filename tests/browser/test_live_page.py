"""The page in mitmweb, and beside mitmdump, in a real chromium."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import hostile
from ara_inspector.views.page import SCRIPTS
from browser.conftest import fits_and_reads, running, until

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from playwright.sync_api import Page

    from browser.conftest import Tool, Visit

    Mitmweb = Callable[..., AbstractContextManager[Tool]]

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent
CAPTURE = HERE.parents[1] / "fixtures" / "flows" / "realistic_session.flows"
SIZES = {"wide": (1366, 800), "phone": (390, 844), "short": (1366, 700)}
SMALL = 200_000
"""Bytes of a picture in README."""


def settled(page: Page) -> None:
    page.wait_for_selector("#status.live")
    page.wait_for_selector(".row")
    page.wait_for_timeout(400)


def test_a_recorded_session_in_mitmweb(mitmweb: Mitmweb, visit: Callable[..., Visit]) -> None:
    with mitmweb(CAPTURE) as tool:
        seen = visit(tool.page)
        page = seen.page
        settled(page)
        assert "token" not in page.url
        assert page.locator(".head .title").first.is_visible()

        page.keyboard.press("n")
        page.wait_for_url("**entry=*")
        page.wait_for_selector("#detail .finding")
        page.locator("#detail .help summary").first.click()
        page.wait_for_selector("#detail .help h4:text('What the browser does')")

        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        assert "Overview" in page.locator("#detail").inner_text()

        page.select_option("#kind", "chain")
        page.locator(".row.chain").first.click()
        page.wait_for_selector("#detail .hop:nth-child(2)")
        page.locator("#detail .hop .jump").first.click()
        page.wait_for_selector("#detail figure.side")
        assert page.locator("#detail figure.side").count() == 2

        with seen.context.expect_page() as opened:
            page.locator("#detail .jump-out").click()
        mitmweb_tab = opened.value
        mitmweb_tab.wait_for_selector(".flow-detail :text('CHAIN c')")
        page.select_option("#kind", "report")
        page.locator(".row.report").first.click()
        page.wait_for_selector("#detail h3:text('Goes back to')")
        page.locator("#detail .jump-out").click()
        mitmweb_tab.wait_for_url("**/flows/*/response")
        mitmweb_tab.wait_for_selector("tr.selected :text('/.well-known/')")
        assert len(seen.context.pages) == 2
        assert seen.troubles == []


def test_filters_groups_and_themes(mitmweb: Mitmweb, visit: Callable[..., Visit]) -> None:
    with mitmweb(CAPTURE) as tool:
        page = visit(tool.page).page
        settled(page)
        whole = page.locator("#count").inner_text()
        page.keyboard.press("/")
        page.keyboard.type("rejected-nothing-has-this")
        page.wait_for_selector("#empty:visible")
        page.keyboard.press("Escape")
        page.keyboard.press("c")
        assert page.locator("#count").inner_text() == whole
        page.locator("#chip-rejected").click()
        assert set(page.locator(".row .pill").all_inner_texts()) == {"rejected"}
        page.reload()
        settled(page)
        assert set(page.locator(".row .pill").all_inner_texts()) == {"rejected"}
        page.keyboard.press("c")
        for group in ("site", "page", "chain", "none", "origin"):
            page.select_option("#group", group)
            assert page.locator(".row").count() > 5
        before = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.locator("#list").focus()
        page.keyboard.press("d")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
        assert page.locator(".row .time").first.inner_text().startswith("+")
        page.keyboard.press("t")
        assert re.match(r"\d\d:\d\d:\d\d\.\d{3}", page.locator(".row .time").nth(1).inner_text())
        page.keyboard.press("?")
        assert page.locator("#keys").is_visible()


def test_new_entries_appear_and_marks_reach_mitmweb(
    mitmweb: Mitmweb, visit: Callable[..., Visit], tmp_path: Path
) -> None:
    empty = hostile.write(tmp_path / "empty.flows", [])
    columns = ("--set", "web_columns=path", "--set", "web_columns=comment")
    with mitmweb(empty, *columns) as tool:
        page = visit(tool.page).page
        page.wait_for_selector("#status.live")
        assert page.locator(".row").count() == 0
        loaded = page.evaluate(
            """async (bytes) => {
              const cookie = document.cookie.match(/_mitmproxy_xsrf=([^;]+)/)[1];
              const body = Uint8Array.from(bytes);
              const headers = {"X-XSRFToken": cookie, "Content-Type": "application/octet-stream"};
              return (await fetch("/flows/dump", {method: "POST", headers, body})).status;
            }""",
            list(CAPTURE.read_bytes()),
        )
        assert loaded == 200
        page.wait_for_selector(".row")
        page.goto(f"{tool.root}/")
        page.wait_for_selector(".flow-table")
        page.wait_for_selector(".flow-table :text('registered source')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_it_fits_and_can_be_read(
    mitmweb: Mitmweb,
    visit: Callable[..., Visit],
    size: str,
    scheme: str,
) -> None:
    with mitmweb(CAPTURE) as tool:
        page = visit(tool.page, size=SIZES[size], scheme=scheme).page
        settled(page)
        fits_and_reads(page)
        page.locator(".row").nth(1).click()
        page.wait_for_selector("#detail article .facts-list")
        fits_and_reads(page)


def test_the_wire_cannot_act_on_the_page(
    mitmweb: Mitmweb, visit: Callable[..., Visit], tmp_path: Path
) -> None:
    capture = hostile.write(tmp_path / "hostile.flows", hostile.flows())
    with mitmweb(capture) as tool:
        seen = visit(tool.page)
        page = seen.page
        settled(page)
        total = page.evaluate("Ara.page.entries.size")
        assert total > len(hostile.TEXTS)
        for number in range(1, total + 1):
            page.evaluate("(number) => Ara.page.list.select(number)", number)
            page.wait_for_selector(f"#detail h2 .muted:text-is('#{number} ')")
        page.evaluate("document.querySelectorAll('.help').forEach((help) => (help.open = true))")
        for group in ("site", "page", "chain", "none"):
            page.select_option("#group", group)
        assert page.evaluate(f"window.{hostile.PWNED}") is None
        assert seen.troubles == []
        text = page.evaluate("document.body.innerText")
        assert not any(mark in text for mark in ("\x1b", "\u202e", "\u2066", "\u200f"))
        links = page.evaluate("[...document.links].map((link) => link.href)")
        assert all(link.startswith(("https://wicg.github.io/", f"{tool.root}/")) for link in links)
        assert page.locator("script").count() == len(SCRIPTS)
        for ending in ("json", "jsonl", "html", "csv"):
            with page.expect_download() as download:
                page.locator("#export summary").click()
                page.locator(f"#exports a[download='attribution.{ending}']").click()
            kept = download.value.path().read_text("utf-8")
            assert not any(mark in kept for mark in hostile.FRAGMENTS[2:])
        shown = seen.context.new_page()
        shown.goto(f"{tool.root}/#/flows/00000000-0000-4000-8000-000000000001/response")
        shown.wait_for_selector(".flow-detail")
        assert shown.evaluate(f"window.{hostile.PWNED}") is None


def test_without_the_token_there_is_nothing(mitmweb: Mitmweb, visit: Callable[..., Visit]) -> None:
    with mitmweb(CAPTURE) as tool:
        stranger = visit("about:blank")
        for path in ("", "/page.js", "/entries/1", "/export/attribution.json", "/updates"):
            answer = stranger.context.request.get(f"{tool.root}/attribution{path}")
            assert answer.status == 403


def test_it_works_beside_mitmdump(visit: Callable[..., Visit], tmp_path: Path) -> None:
    arguments = ("-n", "-r", str(CAPTURE), "-s", "addon/attribution_reporting.py")
    options = ("--set", "keepserving=true", "--set", "ara_page=0")
    with running("mitmdump", *arguments, *options, log=tmp_path / "mitmdump.log") as tool:
        seen = visit(tool.page)
        settled(seen.page)
        assert seen.page.evaluate("Ara.page.entries.size") > 20
        seen.page.keyboard.press("j")
        seen.page.wait_for_selector("#detail .facts-list")
        assert seen.page.locator("#detail .jump-out").count() == 0
        assert seen.troubles == []


@dataclass(frozen=True)
class Picture:
    """A picture in README: what it shows, and how."""

    name: str
    size: str
    scheme: str
    keys: str = ""


PICTURES = (Picture("page", "short", "light", "nn"), Picture("page-phone", "phone", "dark"))


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_the_pictures_of_the_readme(
    mitmweb: Mitmweb,
    visit: Callable[..., Visit],
    pytestconfig: pytest.Config,
    picture: Picture,
) -> None:
    with mitmweb(CAPTURE) as tool:
        page = visit(tool.page, size=SIZES[picture.size], scheme=picture.scheme).page
        settled(page)
        # What waited for more traffic has been attributed by then.
        until(page, "Ara.page.entries.get(21).route.startsWith('success')")
        for key in picture.keys:
            page.keyboard.press(key)
        page.wait_for_timeout(400)
        taken = page.screenshot()
    place = HERE.parents[1] / "fixtures" / "pictures" / f"{picture.name}.png"
    if pytestconfig.getoption("--update-golden"):
        place.write_bytes(taken)
    kept = place.read_bytes()
    # Fonts differ from machine to machine, so what is compared is the size: bytes 16 to 24.
    assert kept[16:24] == taken[16:24]
    assert len(kept) < SMALL
