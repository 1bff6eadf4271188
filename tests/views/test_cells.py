"""Every kind of entry has its row."""

from __future__ import annotations

from ara_inspector.timeline import EntryKind
from ara_inspector.views.cells import cells_of
from exchanges import entries

TEXT = """
page https://news.example/

click-background https://r3.example/
< Attribution-Reporting-Register-Source: {"destination":"https://shop.example"}

click https://r1.example/go
< 302
< Location: https://r2.example/
< Attribution-Reporting-Register-Source: {"destination":"https://shop.example"}

click https://r2.example/


report https://r1.example/.well-known/attribution-reporting/debug/verbose
= [{"type":"source-success","body":{"source_site":"https://news.example","attribution_destination":"https://shop.example","source_event_id":"0"}}]
"""


def test_rows() -> None:
    told = entries(TEXT)
    rows = {(entry.kind, cells_of(entry, zero=None).what) for entry in told}
    assert {
        (EntryKind.REGISTRATION, "source (navigation)"),
        (EntryKind.SILENT, "silent"),
        (EntryKind.CHAIN, "chain c2"),
        (EntryKind.ACTION, "action a1"),
        (EntryKind.REPORT, "verbose report"),
        (EntryKind.BROWSER, "browser"),
    } <= rows
    for entry in told:
        cells = cells_of(entry, zero=0.0)
        assert cells.number == str(entry.number)
        assert cells.route
