"""An excerpt: what a filter shows of a session, and what it says of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ara_inspector.findings import Severity
from ara_inspector.views.document import summary_output
from ara_inspector.views.selection import Selection, read_filter
from ara_inspector.views.style import Style
from ara_inspector.views.table import TableLayout, timeline_table
from exchanges import watched

if TYPE_CHECKING:
    from ara_inspector.views.told import Excerpt

TRAFFIC = """
page https://news.example/

ad https://a.example/imp
< Attribution-Reporting-Register-Source: {"destination":"https://shop.example","expiry":"1"}

ad https://b.example/imp
< Attribution-Reporting-Register-Source: {"destination":7}
"""
WHOLE = "2 registrations: 1 registered, 1 rejected."


def excerpt(terms: str, *ignored: str) -> Excerpt:
    return Selection(read_filter(terms), frozenset(ignored)).excerpt(watched(TRAFFIC))


def test_a_filter_is_told_and_what_is_counted_is_the_whole() -> None:
    part = excerpt('origin:a.example kind:source -verdict:rejected,ignored "a b" -"x"')
    assert part.timeline == ()
    count = len(watched(TRAFFIC).timeline)
    assert part.summary().sentence == (
        f"Whole timeline: {WHOLE} Filter origin:a.example kind:source -verdict:rejected,ignored "
        f'"a b" -x: 0 of {count} entries shown.'
    )
    output = summary_output(part.summary(), part.timeline)
    assert (output.registrations, output.errors, output.warnings) == (2, 2, 1)
    assert output.reporting_origins == ("https://a.example", "https://b.example")
    assert output.shown is not None
    assert output.shown.model_dump() == {"entries": 0, "errors": 0, "warnings": 0, "notes": 0}


def test_what_is_counted_of_the_whole_says_so() -> None:
    part = excerpt("origin:a.example kind:source")
    head = " ".join(timeline_table(part, TableLayout(100, Style.PLAIN)).split())
    assert head.startswith(f"Attribution Reporting timeline Whole timeline: {WHOLE} Filter ")
    assert " whole timeline: 3 exchanges, 2 of them eligible; " in head
    assert " 2 errors, 1 warning (of them shown: 0 errors, 1 warning)" in head
    shown = summary_output(part.summary(), part.timeline).shown
    assert shown is not None
    assert (shown.entries, shown.errors, shown.warnings) == (1, 0, 1)


def test_without_terms_there_is_nothing_to_tell() -> None:
    part = excerpt("", "SRC004")
    assert part.summary() == watched(TRAFFIC).summary()
    output = summary_output(part.summary(), part.timeline)
    assert (output.warnings, output.shown) == (0, None)


def test_the_whole_is_counted_without_what_is_ignored() -> None:
    whole = excerpt("origin:b.example", "SRC004").summary().whole
    assert whole is not None
    assert whole.severities[Severity.WARNING] == 0
    assert whole.severities[Severity.ERROR] == 2


def test_times_count_from_the_first_entry_whatever_is_shown() -> None:
    layout = TableLayout(140, Style.PLAIN)
    rows = timeline_table(watched(TRAFFIC), layout).splitlines()
    shown = timeline_table(excerpt("origin:b.example"), layout).splitlines()
    (row,) = (line for line in rows if " rejected  " in line)
    (alone,) = (line for line in shown if " rejected  " in line)
    assert row.split()[:2] == alone.split()[:2]
    assert alone.split()[1] == "+0.100"
