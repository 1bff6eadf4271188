"""Files of what the page shows: cut out of a saved report, or made by the proxy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import hostile
from ara_inspector.checking.gate import Gate
from ara_inspector.checking.inspection import inspect_capture
from ara_inspector.checking.rendering import Check, Format, render
from ara_inspector.views.document import entry_document
from ara_inspector.views.selection import Selection, read_filter
from ara_inspector.views.style import Style
from ara_inspector.views.table import TableLayout
from browser.conftest import running, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from ara_inspector.checking.inspection import Inspection
    from browser.conftest import Visit

pytestmark = pytest.mark.browser

FLOWS = Path(__file__).parents[2] / "fixtures" / "flows" / "realistic_session.flows"


def checked(*inspections: Inspection) -> Check:
    return Check(list(inspections), TableLayout(100, Style.PLAIN), Gate())


def offers(page: Page) -> list[str]:
    page.locator("#export summary").click()
    page.wait_for_selector("#exports a")
    titles = page.locator("#exports b").all_inner_texts()
    page.locator("#export summary").click()
    page.wait_for_selector("#exports a", state="detached")
    return titles


def exported(page: Page, name: str) -> str:
    page.locator("#export summary").click()
    with page.expect_download() as download:
        page.locator(f"#exports a[download='{name}']").click()
    assert download.value.suggested_filename == name
    return download.value.path().read_bytes().decode("utf-8")


def search(page: Page, text: str) -> None:
    page.fill("#q", text)
    page.wait_for_timeout(120)
    page.keyboard.press("Escape")


def test_escape_closes_the_menu_and_leaves_the_detail_open(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    report = tmp_path / "report.html"
    report.write_text(render(checked(inspect_capture(FLOWS)), Format.HTML), "utf-8")
    page = visit(report.as_uri() + "#entry=5").page
    page.locator("#export summary").click()
    page.wait_for_selector("#exports a")
    page.keyboard.press("Escape")
    page.wait_for_selector("#exports a", state="detached")
    assert page.evaluate("document.activeElement.textContent") == "Export"
    assert page.url.endswith("#entry=5")


def test_an_open_menu_follows_the_filter(visit: Callable[..., Visit], tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    report.write_text(render(checked(inspect_capture(FLOWS)), Format.HTML), "utf-8")
    page = visit(report.as_uri() + "#q=%235").page
    page.locator("#export summary").click()
    page.wait_for_selector("#exports a")
    before = page.locator("#exports b").all_inner_texts()
    page.evaluate("Ara.page.filterBy({ verdict: 'rejected' })")
    page.wait_for_timeout(120)
    assert page.locator("#exports b").all_inner_texts() != before
    assert "Shown (1)" in page.locator("#exports b").all_inner_texts()


@pytest.mark.parametrize("at", [0, 1])
def test_a_saved_report_gives_what_check_prints_with_the_same_filter(
    visit: Callable[..., Visit], tmp_path: Path, at: int
) -> None:
    there = hostile.write(tmp_path / 'hostile, "name".flows', hostile.flows())
    captures = [inspect_capture(there), inspect_capture(FLOWS)]
    report = tmp_path / "report.html"
    report.write_text(render(checked(*captures), Format.HTML), "utf-8")
    seen = visit(report.as_uri())
    page = seen.page
    until(page, "document.getElementById('status').textContent === 'report'")
    page.select_option("#capture", str(at))
    until(page, "document.getElementById('status').textContent === 'report'")
    both = sum(len(each.timeline) for each in captures)
    for text in ("", "kind:trigger", "-kind:registration", "verdict:rejected"):
        search(page, text)
        selection = Selection(read_filter(text))
        alone = captures[at].selected(selection)
        shown = len(alone.timeline)
        assert shown
        assert offers(page) == [f"Shown ({shown})", f"All captures ({both})"]
        lines = [
            json.loads(line) for line in exported(page, "attribution-shown.jsonl").splitlines()
        ]
        assert lines == [entry_document(entry, captures[at].name) for entry in alone.timeline]
        assert exported(page, "attribution-shown.csv") == render(checked(alone), Format.CSV)
    assert seen.troubles == []


def test_a_saved_report_of_one_capture_gives_lines_without_its_name(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    inspection = inspect_capture(FLOWS)
    report = tmp_path / "report.html"
    report.write_text(render(checked(inspection), Format.HTML), "utf-8")
    page = visit(report.as_uri()).page
    until(page, "document.getElementById('status').textContent === 'report'")
    assert offers(page) == [f"All ({len(inspection.timeline)})"]
    search(page, "kind:report")
    part = inspection.selected(Selection(read_filter("kind:report")))
    text = exported(page, "attribution-shown.jsonl")
    wanted = render(checked(part), Format.JSONL)
    assert [json.loads(line) for line in text.splitlines()] == [
        json.loads(line) for line in wanted.splitlines()
    ]
    search(page, "no-entry-has-this")
    assert offers(page) == ["Shown (0)", f"All ({len(inspection.timeline)})"]
    assert exported(page, "attribution-shown.jsonl") == ""
    assert exported(page, "attribution-shown.csv").count("\r\n") == 1


def test_numbers_in_lines_keep_their_digits(visit: Callable[..., Visit], tmp_path: Path) -> None:
    inspection = inspect_capture(FLOWS)
    report = tmp_path / "report.html"
    report.write_text(render(checked(inspection), Format.HTML), "utf-8")
    page = visit(report.as_uri()).page
    until(page, "document.getElementById('status').textContent === 'report'")
    made = page.evaluate(
        r"""async () => {
          const rest = String.raw`"big":12345678901234567890,"text":"a\",b[{"}`;
          const about = (entry) => `{"entry":${entry},${rest}`;
          const packed = { text: async () => [about(1), about(2), about(3)].join(",") };
          const row = { kind: "note", revision: 0, time: null, origin: "", verdict: "" };
          const rows = [3, 1].map((number) => ({ ...row, number, severity: "" }));
          return (await Ara.jsonLines(packed, [{ kind: "note", at: 0 }], rows, null)).text();
        }"""
    )
    told = [json.loads(line) for line in made.splitlines()]
    assert [line["number"] for line in told] == [1, 3]
    assert told[1]["note"] == {"entry": 3, "big": 12345678901234567890, "text": 'a",b[{'}


def test_the_proxy_gives_what_the_page_shows(visit: Callable[..., Visit], tmp_path: Path) -> None:
    arguments = ("-n", "-r", str(FLOWS), "-s", "addon/attribution_reporting.py")
    options = ("--set", "keepserving=true", "--set", "ara_page=0")
    with running("mitmdump", *arguments, *options, log=tmp_path / "mitmdump.log") as tool:
        page = visit(tool.page).page
        page.wait_for_selector("#status.live")
        page.wait_for_timeout(400)
        total = page.evaluate("Ara.page.entries.size")
        assert offers(page) == [f"All ({total})"]
        search(page, "-kind:report wrong:term")
        page.fill("#site", "gazette.example")
        page.wait_for_timeout(120)
        shown = page.evaluate("Ara.page.shown.size")
        assert 0 < shown < total
        assert offers(page) == [f"Shown ({shown})", f"All ({total})"]
        lines = exported(page, "attribution-shown.jsonl").splitlines()
        assert len(lines) == shown
        assert {json.loads(line)["kind"] for line in lines} == {"registration"}
        assert len(exported(page, "attribution.jsonl").splitlines()) == total
        page.locator("#clear").click()
        page.select_option("#severity", "none")
        page.wait_for_timeout(120)
        shown = page.evaluate("Ara.page.shown.size")
        assert len(exported(page, "attribution-shown.csv").splitlines()) == shown + 1
