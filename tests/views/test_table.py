from __future__ import annotations

from pathlib import Path

import pytest

from ara_inspector.checking.inspection import inspect_capture
from ara_inspector.findings import Severity, Verdict, printable
from ara_inspector.views import words
from ara_inspector.views.cells import cells_of
from ara_inspector.views.fitting import GAP, LEAVING, fitting, whole_codes
from ara_inspector.views.grouping import GroupBy
from ara_inspector.views.head import packed
from ara_inspector.views.style import COLOURS, Style
from ara_inspector.views.table import TableLayout, timeline_table
from chrome_account import PATHS
from exchanges import watched

OS_HEADERS = Path(__file__).parents[2] / "fixtures" / "flows" / "os_headers.flows"
TRAFFIC = """
page https://news.example/

ad https://a.example/imp
< 302
< Location: https://a-reporter-with-a-rather-long-name.sub.b.example/next
< Attribution-Reporting-Register-Source: {"destination":"https://shop.example","expiry":"1"}

ad https://a-reporter-with-a-rather-long-name.sub.b.example/next
< Attribution-Reporting-Register-Source: {"destination":7}

page https://shop.example/

ad https://a.example/conv
< Attribution-Reporting-Register-Trigger: {"event_trigger_data":[{"trigger_data":"3"}]}
"""


def table(width: int = 140, style: Style = Style.PLAIN, **layout: object) -> str:
    made = TableLayout(width, style, **layout)  # type: ignore[arg-type]  # spelt out by each test
    return timeline_table(watched(TRAFFIC), made)


def test_the_summary_comes_first() -> None:
    head = table().splitlines()
    assert head[0] == "Attribution Reporting timeline"
    assert head[1] == "3 registrations: 2 registered, 1 rejected."
    assert (
        "2 reporting origins; 1 chain with more than one reporter; 0 reports"
        in table(160).splitlines()[2]
    )


def test_a_table_for_each_reporting_origin_then_its_findings() -> None:
    first = table().split("\n\n")[1].splitlines()
    assert first[0] == "https://a.example  1 source, 1 trigger"
    assert first[1].split() == [
        "#",
        "time",
        "what",
        "verdict",
        "site",
        ">",
        "for",
        "attribution",
        "chain",
        "findings",
    ]
    assert "source (event)" in first[3]
    assert first[-1].startswith("  #2 SRC004 expiry-clamped at expiry: ")


@pytest.mark.parametrize(
    ("width", "told"),
    [(140, "shop.example? > data 3        success (#2) "), (80, " success (#2): s")],
)
def test_a_trigger_says_what_it_comes_to(width: int, told: str) -> None:
    (row,) = (line for line in table(width).splitlines() if " trigger  " in line)
    assert told in row


def test_the_ledger_is_counted() -> None:
    assert "report ledger: 1 not yet due" in table(160)


def test_chains_of_several_reporters_come_last() -> None:
    last = table().rstrip().split("\n\n")[-1].splitlines()
    assert last[0].startswith("chain c1  2 reporters, ")
    assert [line.split()[0] for line in last[1:]] == ["1", "2"]


@pytest.mark.parametrize("by", GroupBy)
@pytest.mark.parametrize("absolute", [False, True])
@pytest.mark.parametrize("width", [0, 60, 70, 80, 100, 140, 200])
def test_no_line_of_a_table_is_wider_than_asked_for(
    by: GroupBy, width: int, *, absolute: bool
) -> None:
    for line in table(width, group_by=by, absolute=absolute).splitlines():
        assert len(line) <= TableLayout(width, Style.PLAIN, by).columns, line


@pytest.mark.parametrize("by", [GroupBy.ORIGIN, GroupBy.CHAIN])
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_no_recording_is_too_wide_for_a_narrow_terminal(path: Path, by: GroupBy) -> None:
    layout = TableLayout(60, Style.PLAIN, by, absolute=by is GroupBy.CHAIN)
    shown = timeline_table(inspect_capture(path), layout)
    assert max(map(len, shown.splitlines())) <= 60


def test_codes_and_chains_leave_the_table_before_the_route_is_cut() -> None:
    headings = [
        next(line for line in table(width).splitlines() if line.startswith("  #")).split("  ")
        for width in (60, 80, 100)
    ]
    (narrow, middle, broad) = ({each.strip() for each in heading} for heading in headings)
    assert broad - middle == {"findings"}
    assert middle - narrow == {"chain"}
    assert "  news.example? > shop.example  " in table(80)
    assert "\n  #2 SRC004 " in table(80)


def test_where_nothing_else_helps_columns_are_left_out() -> None:
    row = {"#": "12345", "time": "+29d 23:59:59.899", "what": "source", "verdict": "registered"}
    row |= {"site > for": "news.example > shop.example", "chain": "c1234:12"}
    for width in range(30, 100):
        (made,) = fitting([row], width)
        wide = sum(max(len(name) + 2, len(text)) for name, text in made.items())
        assert wide + GAP * (len(made) - 1) <= max(width, 5 + 8 + 10 + 12 + 3 * GAP)
        assert made.get("time", "+29d 23:59:59.").startswith("+29d 23:59:59")
    assert not made.keys().isdisjoint(LEAVING)


def test_without_a_width_nothing_is_cut() -> None:
    long = TRAFFIC.replace(
        '"https://shop.example"',
        '["https://shop.example","https://another-rather-long-shop.example"]',
    )
    layout = TableLayout(None, Style.PLAIN, GroupBy.SITE)
    shown = timeline_table(watched(long), layout)
    assert "…" not in shown
    assert shown.count("a-reporter-with-a-rather-long-name.sub.b.example") == 2
    assert "? > another-rather-long-shop.example, shop.example" in shown
    narrow = timeline_table(watched(long), TableLayout(100, Style.PLAIN, GroupBy.SITE))
    assert "…" in narrow


def test_not_even_then_a_cell_is_endless() -> None:
    endless = TRAFFIC.replace("https://shop.example", f"https://{'a.' * 2000}example")
    shown = timeline_table(watched(endless), TableLayout(None, Style.PLAIN))
    assert max(map(len, shown.splitlines())) < 1000


def test_rows_name_their_origin_where_the_tables_do_not() -> None:
    shown = table(group_by=GroupBy.SITE)
    assert "\nhttps://news.example  2 sources\n" in shown
    assert "a-reporter" in shown.split("https://news.example  2 sources")[1].split("\n\n")[0]


@pytest.mark.parametrize("by", [GroupBy.SITE, GroupBy.PAGE])
def test_a_row_does_not_repeat_its_heading(by: GroupBy) -> None:
    rows = [line for line in table(100, group_by=by).splitlines() if " c" in line]
    assert any("  registered  ? > shop.example  " in row for row in rows)
    assert any("  success (#2): ? > data 3  " in row for row in rows)
    assert not any("news.example" in row for row in rows)


def test_where_rows_name_their_origin_codes_stand_below_only() -> None:
    assert "findings" not in table(100, group_by=GroupBy.SITE)
    assert "  #2 SRC004 " in table(100, group_by=GroupBy.SITE)
    assert "findings" in table(140, group_by=GroupBy.SITE)


def test_by_chain_a_row_names_its_hop() -> None:
    lines = table(100, group_by=GroupBy.CHAIN).splitlines()
    start = lines.index("chain c1  2 sources")
    assert lines[start + 1].startswith("  #    time  reporting origin ")
    assert lines[start + 1].endswith("  hop")
    assert [line.split()[-1] for line in lines[start + 3 : start + 5]] == ["1", "2"]


def test_absolute_times() -> None:
    assert "2027-01-15 08:00:00.150Z" in table(absolute=True)
    assert "+0.150" in table()


def test_one_date_is_told_once_where_there_is_little_room() -> None:
    head, *rest = table(100, absolute=True).splitlines()
    assert head == "Attribution Reporting timeline  2027-01-15 UTC"
    assert not any("2027-01-15" in line for line in rest)
    assert any(" 08:00:00.150Z " in line for line in rest)


def test_each_row_has_its_date_where_the_day_changes() -> None:
    layout = TableLayout(100, Style.PLAIN, absolute=True)
    later = TRAFFIC.replace("/conv", "/conv\n@ 86400")
    head, *rest = timeline_table(watched(later), layout).splitlines()
    assert head == "Attribution Reporting timeline"
    assert any("2027-01-15 08:00:00.150Z " in line for line in rest)
    assert any("2027-01-16 08:00:00.050Z " in line for line in rest)


def test_days_are_told_as_days() -> None:
    later = TRAFFIC.replace("/conv", f"/conv\n@ {30 * 86_400}")
    shown = timeline_table(watched(later), TableLayout(100, Style.PLAIN))
    assert " +29d 23:59:59.950 " in shown


def test_colour_changes_nothing_else() -> None:
    coloured = table(style=Style.COLOUR)
    assert coloured != table()
    assert COLOURS.sub("", coloured) == table()


def test_notes_about_no_origin_and_remarks_are_told() -> None:
    text = "ad https://a.example/x\n< Attribution-Reporting-Register-Source: \x1b"
    shown = timeline_table(watched(text), TableLayout(80, Style.PLAIN))
    assert printable(shown.replace("\n", "")) == shown.replace("\n", "")


def test_an_empty_session_says_so() -> None:
    shown = timeline_table(watched(""), TableLayout(80, Style.PLAIN))
    assert "0 exchanges" in shown


@pytest.mark.parametrize(
    ("width", "shown"), [(20, "AB1 AB2 AB3"), (10, "AB1 AB2 +1"), (6, "AB1 +2"), (2, "")]
)
def test_codes_are_left_out_whole(width: int, shown: str) -> None:
    assert whole_codes("AB1 AB2 AB3", width) == shown


def test_pieces_are_packed_by_what_is_seen_of_them() -> None:
    red = Style.COLOUR.paint("three", "\x1b[31m")
    assert packed(["one", "two", red], 15) == [f"one; two; {red}"]
    assert packed(["one", "two", red], 14) == ["one; two;", red]
    assert packed(["one", "two and three"], 9) == ["one;", "two and", "three"]


SILENT = """
page https://news.example/

ad https://mute.example/

ad https://a.example/imp
< Attribution-Reporting-Register-Source: {"destination":"https://shop.example","debug_reporting":true}

report https://a.example/.well-known/attribution-reporting/debug/verbose
= [{"type":"source-success","body":{"source_site":"https://news.example","attribution_destination":"https://shop.example","source_event_id":"0"}}]
"""


def test_why_a_verdict_is_unknown_is_told() -> None:
    text = (
        "page https://news.example/\n\nclick-background https://a.example/\n"
        '< Attribution-Reporting-Register-Source: {"destination":"https://shop.example"}'
    )
    shown = timeline_table(watched(text), TableLayout(100, Style.PLAIN))
    (row,) = (line for line in shown.splitlines() if "  unknown  " in line)
    assert row.endswith("  RSP049")
    assert "  #2 RSP049 navigation-not-recorded: the capture ends before " in shown


def test_why_something_is_ignored_is_told() -> None:
    told = inspect_capture(OS_HEADERS)
    shown = timeline_table(told, TableLayout(100, Style.PLAIN))
    (row,) = (line for line in shown.splitlines() if line.startswith("  6  "))
    assert " ignored  " in row
    assert row.endswith("  RSP028")
    assert "  #6 RSP028 " in shown


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_no_verdict_is_without_a_reason(path: Path) -> None:
    inspection = inspect_capture(path)
    for entry in inspection.timeline:
        if entry.verdict not in {None, Verdict.REGISTERED} and entry.findings:
            assert cells_of(entry, zero=None).codes


def test_who_registered_nothing_gets_a_line_and_no_table() -> None:
    shown = timeline_table(watched(SILENT), TableLayout(160, Style.PLAIN))
    assert "Eligible, but registered nothing: mute.example (#" in shown
    assert "\nhttps://mute.example" not in shown


def test_silent_hops_are_counted_as_such() -> None:
    text = SILENT.replace(
        "ad https://mute.example/",
        "ad https://a.example/\n< 302\n< Location: https://a.example/imp",
    )
    shown = timeline_table(watched(text), TableLayout(160, Style.PLAIN))
    assert "https://a.example  1 silent hop, 1 source, 1 report" in shown


def test_columns_without_content_are_left_out() -> None:
    shown = timeline_table(watched(SILENT), TableLayout(160, Style.PLAIN))
    heading = next(line for line in shown.splitlines() if line.lstrip().startswith("#  "))
    assert "findings" not in heading
    assert "verdict" in heading


def test_what_reports_prove_is_counted() -> None:
    assert " confirmed by reports" in timeline_table(watched(SILENT), TableLayout(160, Style.PLAIN))


def test_verdicts_of_the_summary_are_coloured() -> None:
    assert "\x1b[32m2 registered" in table(160, Style.COLOUR)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_whatever_is_counted_is_told(path: Path) -> None:
    inspection = inspect_capture(path)
    shown = " ".join(timeline_table(inspection, TableLayout(80, Style.PLAIN)).split())
    untold = {
        finding.rule.code
        for entry in inspection.timeline
        for finding in entry.findings
        if finding.severity is not Severity.NOTE
        and " ".join(words.sentence_of(finding).split()) not in shown
    }
    # What there is about a browser is in the sentence at the top.
    assert untold <= {"BRW001", "BRW006"}


def test_findings_of_a_chain_go_by_its_number() -> None:
    one, two = (
        f"click https://{host}.example/\n< 302\n< Location: tel:1\n"
        '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example"}'
        for host in ("one", "two")
    )
    text = f"page https://pub.example/\n\n{one}\n\n{two}\n@ 60"
    last = timeline_table(watched(text), TableLayout(100, Style.PLAIN)).splitlines()[-2:]
    assert last[0].startswith("  c1,2 CHN015 redirect-not-followed: ")
