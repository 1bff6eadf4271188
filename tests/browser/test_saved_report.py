"""The saved report, opened from disk in a real chromium."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import hostile
from ara_inspector.checking.gate import Gate
from ara_inspector.checking.inspection import inspect_capture
from ara_inspector.checking.rendering import Check, Format, render
from ara_inspector.findings import printable
from ara_inspector.flows import read_capture
from ara_inspector.records import replace
from ara_inspector.session import Session
from ara_inspector.timeline import EntryKind
from ara_inspector.views.html_report import Chapter, html_report
from ara_inspector.views.style import Style
from ara_inspector.views.table import TableLayout
from browser.conftest import until
from fake_session import NEWS, ZERO, a_session, many, source
from unpacked import held

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

    from ara_inspector.views.told import Told
    from browser.conftest import Visit

    Save = Callable[..., str]

pytestmark = pytest.mark.browser

FLOWS = Path(__file__).parents[2] / "fixtures" / "flows" / "realistic_session.flows"
ELEMENTS = 2_000
"""A page of any length has fewer: only the rows in sight exist."""


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """`save(("name", session))` writes a report and gives its address."""

    def write(*captures: tuple[str, Told]) -> str:
        place = tmp_path / "report.html"
        place.write_text(html_report(Chapter(*each) for each in captures), "utf-8")
        return place.as_uri()

    return write


def opened(page: Page) -> Page:
    """The page when all of its pieces that it needs at first are unpacked."""
    until(page, "document.getElementById('status').textContent === 'report'")
    return page


def choose(page: Page, number: int) -> None:
    """Choose an entry, and wait until it is there in full."""
    page.evaluate("(number) => Ara.page.list.select(number)", number)
    wait_for_entry(page, number)


def wait_for_entry(page: Page, number: int) -> None:
    page.wait_for_selector(f"#detail h2 .muted:text-is('#{number} ')")
    assert "Loading" not in page.locator("#detail").inner_text()


def watched(page: Page) -> list[str]:
    """What it requests from now on, as it does."""
    made: list[str] = []
    page.on("request", lambda request: made.append(request.url))
    return made


def requests_of(page: Page) -> list[str]:
    made = watched(page)
    page.reload()
    page.wait_for_selector(".row")
    return made


def test_it_opens_from_disk_and_loads_nothing(save: Save, visit: Callable[..., Visit]) -> None:
    address = save(("one", a_session()), ("two", many(3)))
    seen = visit(address)
    assert requests_of(seen.page) == [address]
    opened(seen.page)
    assert seen.page.locator("#count").inner_text() == "11 entries"
    seen.page.select_option("#capture", "1")
    opened(seen.page)
    assert seen.page.locator("#count").inner_text() == "3 entries"
    assert seen.troubles == []


def test_every_kind_of_entry_has_its_detail(save: Save, visit: Callable[..., Visit]) -> None:
    seen = visit(save(("one", a_session())))
    opened(seen.page)
    parts = {
        1: "Chrome 138 has the API",
        2: "dimmed: filled in",
        3: "no Register header",
        4: "DevTools issue: SourceIgnored",
        5: "nothing is kept",
        6: "ended with 200 at hop 3",
        7: "one click",
        8: "Reports",
        9: "0x159",
        10: "other.example",
        11: "https://d.example/",
    }
    for number, part in parts.items():
        choose(seen.page, number)
        text = seen.page.locator("#detail").inner_text()
        assert f"#{number} " in text
        assert part.lower() in text.lower(), number
    assert seen.troubles == []


def test_keys_lead_through_it(save: Save, visit: Callable[..., Visit]) -> None:
    page = opened(visit(save(("one", a_session()))).page)

    for key, entry in (
        ("j", 2),
        ("j", 8),
        ("k", 2),
        ("G", 11),
        ("g", 2),
        ("n", 8),
    ):
        page.keyboard.press(key)
        wait_for_entry(page, entry)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "detail"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "list"
    page.keyboard.press("h")
    assert page.locator(".row.selected").count() == 0
    page.keyboard.press("l")
    assert page.locator(".row.selected").count() == 1
    assert page.locator("#list").get_attribute("aria-activedescendant") == "entry-8"
    page.keyboard.press("Escape")
    assert page.locator("#detail h2").inner_text() == "Overview"


def test_the_wire_cannot_act_in_it(save: Save, visit: Callable[..., Visit], tmp_path: Path) -> None:
    session = Session()
    for exchange in read_capture(hostile.write(tmp_path / "hostile.flows", hostile.flows())):
        session.recorded(exchange)
    session.finish()
    address = save((hostile.TEXTS[1], session), (hostile.TEXTS[3], a_session()))
    for js in (True, False):
        seen = visit(address, js=js)
        if js:
            opened(seen.page)
            for number in range(1, len(session.timeline) + 1):
                choose(seen.page, number)
            assert requests_of(seen.page) == [address]
            assert seen.page.evaluate(f"window.{hostile.PWNED}") is None
        assert seen.troubles == []
        assert seen.page.locator("img, svg, iframe").count() == 0


def test_what_is_megabytes_long_is_cut_until_asked_for(
    save: Save, visit: Callable[..., Visit]
) -> None:
    session = a_session()
    raw, url = "{" + "x" * 5_000_000, "https://a.example/" + "y" * 3_000_000
    about = source(raw, url=url, context_site=replace(NEWS, page=url))
    session.timeline.add(EntryKind.REGISTRATION, about, ZERO, "https://a.example")
    page = opened(visit(save(("one", session))).page)
    choose(page, 12)
    assert len(page.locator("#detail").inner_text()) < 10_000
    finding = page.locator("#detail .finding").first.bounding_box()
    assert finding is not None
    assert finding["y"] < 800
    more = page.locator("#detail .url .jump")
    assert more.inner_text() == "… show all 3,000,018 characters"
    more.click()
    assert page.locator("#detail .url").inner_text() == url
    page.locator("#detail pre .jump").first.click()
    assert len(page.locator("#detail pre").first.inner_text()) == 5_000_001


def test_entries_that_a_sentence_names_can_be_gone_to(
    save: Save, visit: Callable[..., Visit]
) -> None:
    session = a_session()
    flow = "dd3cc8d6-2f3e-4651-ba92-822ecc7001f2"
    unknown = "00000000-2f3e-4651-ba92-822ecc7001f2"
    session.timeline.add(EntryKind.REGISTRATION, source(flow_id=flow), ZERO, "https://a.example")
    ground = f"told by others (flow {flow}), (#5), (flow {unknown}), (#999) and #5"
    about = source(ground=ground, context_site=replace(NEWS, ground=f'flow "{flow}"'))
    session.timeline.add(EntryKind.REGISTRATION, about, ZERO, "https://a.example")
    page = opened(visit(save(("one", session))).page)
    choose(page, 13)
    said = page.locator("#detail > article > .ground")
    assert said.inner_text() == (
        f"certain: told by others (#12), (#5), (flow {unknown}), (#999) and #5"
    )
    assert said.locator(".jump").all_inner_texts() == ["#12", "#5"]
    assert "likely: #12" in page.locator("#detail .facts-list").inner_text()
    said.locator(".jump").last.click()
    wait_for_entry(page, 5)


def test_a_header_can_be_indented(save: Save, visit: Callable[..., Visit]) -> None:
    page = opened(visit(save(("one", a_session()))).page)
    choose(page, 2)
    page.locator("#detail button:text('Indent')").click()
    shown = page.locator("#detail pre").first.inner_text()
    assert '\n  "source_event_id": "17",\n' in shown


def exported(page: Page, label: str) -> tuple[str, str]:
    """A file of all that the report holds: its name and its text."""
    page.locator("#export summary").click()
    with page.expect_download() as download:
        page.locator(f"#exports a:text-is('{label}')").last.click()
    return download.value.suggested_filename, download.value.path().read_bytes().decode("utf-8")


def test_it_exports_what_check_prints_without_any_server(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    captures = [hostile.write(tmp_path / "hostile.flows", hostile.flows()), FLOWS]
    inspections = [inspect_capture(capture) for capture in captures]
    for checked in (inspections, inspections[1:]):
        check = Check(checked, TableLayout(100, Style.PLAIN), Gate())
        report = tmp_path / "report.html"
        report.write_text(render(check, Format.HTML), "utf-8")
        seen = visit(report.as_uri())
        opened(seen.page)
        requested = watched(seen.page)
        name, text = exported(seen.page, "JSON")
        assert name == "attribution.json"
        assert json.loads(text) == json.loads(render(check, Format.JSON))
        name, text = exported(seen.page, "CSV")
        assert name == "attribution.csv"
        assert text == render(check, Format.CSV)
        assert seen.troubles == []
        assert all(url.startswith("blob:") for url in requested)
        assert seen.page.evaluate(f"window.{hostile.PWNED}") is None
        # Nothing is left open over the page.
        assert seen.page.locator("#exports").is_hidden()


def test_it_says_what_must_be_known_about_the_capture(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.flows"
    broken.write_bytes(FLOWS.read_bytes()[:-100])
    inspection = inspect_capture(broken)
    assert inspection.damage
    check = Check([inspection], TableLayout(100, Style.PLAIN), Gate())
    report = tmp_path / "report.html"
    report.write_text(render(check, Format.HTML), "utf-8")
    page = opened(visit(report.as_uri()).page)
    assert page.locator("#detail .remarks").inner_text() == printable(inspection.damage)


def test_an_address_leads_to_an_entry(save: Save, visit: Callable[..., Visit]) -> None:
    address = save(("one", a_session()))
    page = opened(visit(f"{address}#entry=5&group=none").page)
    wait_for_entry(page, 5)
    page.evaluate("location.hash = 'entry=8&verdict=registered'")
    wait_for_entry(page, 8)
    assert set(page.locator(".row .verdict").all_inner_texts()) == {"registered", "registered?"}


def test_it_can_be_read_without_javascript(save: Save, visit: Callable[..., Visit]) -> None:
    page = visit(save(("one", a_session())), js=False).page
    assert page.locator("#app").is_hidden()
    assert page.locator(".plain article").count() == 11
    assert "SRC004 expiry-clamped" in page.locator(".plain").inner_text()


def test_five_thousand_entries_are_a_handful_of_elements(
    save: Save, visit: Callable[..., Visit]
) -> None:
    page = opened(visit(save(("many", many(5_000)))).page)
    assert page.locator("#count").inner_text() == "5,000 entries"
    for part in range(11):
        page.evaluate("(part) => { list.scrollTop = list.scrollHeight * part / 10 }", part)
        page.wait_for_timeout(30)
        assert page.locator(".row").count() > 10
        assert page.locator("*").count() < ELEMENTS
    page.fill("#q", "ads7.example")
    page.wait_for_selector("#count:has-text('125 of 5,000 entries')")


def test_an_address_leads_to_an_entry_of_a_later_piece(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    report = tmp_path / "report.html"
    page_text = html_report([Chapter("many", many(9_000))])
    assert len(held(page_text)["captures"][0]["rows"]) > 2
    report.write_text(page_text, "utf-8")
    seen = visit(f"{report.as_uri()}#entry=8990&q=ads29.example")
    page = opened(seen.page)
    wait_for_entry(page, 8990)
    assert page.locator(".row.selected .number").inner_text() == "8990"
    assert page.locator(".row.selected").is_visible()
    assert page.locator("#count").inner_text() == "225 of 9,000 entries"
    # Entries of all its pieces, one after the other, and back in one that was dropped.
    page.keyboard.press("c")
    for number in (*range(1, 9_001, 900), 1):
        choose(page, number)
        assert f"/imp?id={number - 1}" in page.locator("#detail").inner_text()
    assert seen.troubles == []


def test_another_capture_is_chosen_while_one_is_opened(
    save: Save, visit: Callable[..., Visit]
) -> None:
    seen = visit(save(("one", many(9_000)), ("two", many(3))))
    page = opened(seen.page)
    page.evaluate(
        """for (const at of ["1", "0", "1"]) {
            document.getElementById("capture").value = at;
            document.getElementById("capture").dispatchEvent(new Event("change"));
        }"""
    )
    opened(page)
    page.wait_for_timeout(500)
    assert page.locator("#count").inner_text() == "3 entries"
    choose(page, 2)
    assert page.locator(".row").count() == 3
    assert seen.troubles == []


def test_a_browser_that_cannot_unpack_it_says_so(chromium: Browser, save: Save) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.add_init_script("delete window.DecompressionStream")
    page.goto(save(("one", a_session())))
    said = page.locator("#notice").inner_text()
    assert "lacks DecompressionStream" in said
    assert "without JavaScript" in said
    assert page.locator("#status").inner_text() == "unreadable"
    context.close()


@pytest.mark.parametrize("hurt", ["last", "rows", "entries"])
def test_a_damaged_file_says_so(visit: Callable[..., Visit], tmp_path: Path, hurt: str) -> None:
    page_text = html_report([Chapter("one", many(5))])
    (capture,) = held(page_text)["captures"]
    number = {"last": -1, "rows": capture["rows"][0], "entries": capture["full"][0]["at"]}[hurt]
    before, _, rest = page_text.partition('id="packed">')
    packed, _, after = rest.partition("</script>")
    lines = packed.split("\n")
    lines[number] = lines[number][: len(lines[number]) // 8 * 4]
    damaged = '"packed">'.join((before.removesuffix("id=") + "id=", "\n".join(lines)))
    report = tmp_path / "report.html"
    report.write_text(f"{damaged}</script>{after}", "utf-8")
    seen = visit(report.as_uri())
    page = seen.page
    if hurt == "entries":
        opened(page)
        assert page.locator("#count").inner_text() == "5 entries"
        choose(page, 2)
        assert "This file is damaged" in page.locator("#detail .ground").inner_text()
        page.locator("#export summary").click()
        page.locator("#exports a:text-is('JSON')").click()
    page.wait_for_selector("#notice:has-text('This file is damaged')")
    assert not [said for said in seen.troubles if said.startswith("error")]
