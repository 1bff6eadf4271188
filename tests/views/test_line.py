"""Live lines: one line, the columns in their places, never wider than the terminal."""

from __future__ import annotations

import pytest

from ara_inspector.records import replace
from ara_inspector.registrations import Registration
from ara_inspector.timeline import EntryKind
from ara_inspector.views.cells import cells_of
from ara_inspector.views.line import LIVE, answer_line, cut, fitted, live_line
from ara_inspector.views.style import Style
from exchanges import entries

TEXT = """
page https://news.example/

ad https://a-very-long-reporting-origin-name.of-an-adtech.example/i
< 302
< Location: https://r2.example/
< Attribution-Reporting-Register-Source: {"destination":"shop.example"}

ad https://r2.example/
< Attribution-Reporting-Register-Source: {"destination":"https://shop.example"}

report https://r2.example/.well-known/attribution-reporting/debug/verbose
= [{"type":"source-success","body":{}}]
"""


@pytest.mark.parametrize("width", [20, 100, 140, 200])
@pytest.mark.parametrize("style", [Style.PLAIN, Style.COLOUR])
def test_each_entry_is_one_line_within_the_width(width: int, style: Style) -> None:
    plain = [live_line(entry, width=width, style=Style.PLAIN) for entry in entries(TEXT)]
    assert max(map(len, plain)) <= max(width, 100)
    for entry, line in zip(entries(TEXT), plain, strict=True):
        painted = live_line(entry, width=width, style=style)
        assert "\n" not in painted
        assert ("\x1b[" in painted) is (style is Style.COLOUR and entry.verdict is not None) or (
            entry.severity is not None
        )
        assert line.startswith(f"{entry.number:>4} ")


def test_columns_stand_below_each_other() -> None:
    told = [e for e in entries(TEXT) if e.kind in {EntryKind.REGISTRATION, EntryKind.REPORT}]
    lines = [live_line(entry, width=140, style=Style.PLAIN) for entry in told]
    assert len(lines) == 3
    assert {
        line.index("a-very") if "a-very" in line else line.index("r2.example") for line in lines
    } == {51}


def test_columns_stay_where_there_is_no_reporting_origin() -> None:
    entry, about = next((e, e.about) for e in entries(TEXT) if isinstance(e.about, Registration))
    there = live_line(entry, width=140, style=Style.PLAIN)
    gone = replace(entry, reporting_origin=None, about=replace(about, url="//["))
    line = live_line(gone, width=140, style=Style.PLAIN)
    assert line.index("news.example") == there.index("news.example")
    assert "//[" in line


LONG = """
page https://news.example/

ad https://a-very-long-reporting-origin-name.of-an-adtech-with-many-words.example/i
< Attribution-Reporting-Register-Source: {"destination":["https://one-shop.example",\
"https://another-shop-with-a-long-name.example","https://third.example"],"expiry":"1"}

page https://third.example/

ad https://a-very-long-reporting-origin-name.of-an-adtech-with-many-words.example/c
< Attribution-Reporting-Register-Trigger: {"event_trigger_data":[{}]}
"""


def test_nothing_is_cut_where_there_is_no_edge() -> None:
    told = [e for e in entries(LONG) if isinstance(e.about, Registration)]
    line = live_line(told[0], width=None, style=Style.PLAIN)
    assert "a-very-long-reporting-origin-name.of-an-adtech-with-many-words.example" in line
    assert "another-shop-with-a-long-name.example, one-shop.example, third.example" in line
    assert "…" in live_line(told[0], width=100, style=Style.PLAIN)
    answer = answer_line(told[1], width=None, style=Style.PLAIN)
    assert answer.endswith(cells_of(told[1], zero=None).outcome)


def test_even_then_a_cell_has_an_end() -> None:
    text = LONG.replace("third", "x" * 60 + "." + "third.".join(["y" * 60] * 20))
    assert all(len(live_line(e, width=None, style=Style.PLAIN)) < 1000 for e in entries(text))


def test_what_grows_is_not_told_live() -> None:
    assert EntryKind.CHAIN not in LIVE
    assert EntryKind.REGISTRATION in LIVE


def test_fitting_keeps_both_ends_and_cutting_the_start() -> None:
    assert fitted("abcdefghij", 5) == "ab…ij"
    assert fitted("abc", 5) == "abc"
    assert fitted("a\x1bb", 20) == r"a\x1bb"
    assert cut("abcdefghij", 5) == "abcd…"
    assert cut("abc", 5) == "abc"
