"""What is printed into mitmdump's output, and what goes to the log of the other tools."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from mitmproxy import ctx, options
from mitmproxy.test import taddons
from mitmproxy.tools.dump import DumpMaster

from ara_inspector import printing
from ara_inspector.printing import Printing
from ara_inspector.records import replace
from ara_inspector.showing import Showing
from ara_inspector.views.line import has_answer
from exchanges import entries, watched

if TYPE_CHECKING:
    from ara_inspector.timeline import Entry

TRAFFIC = """
page https://news.example/

ad https://a.example/
< Attribution-Reporting-Register-Source: {"destination":"https://shop.example"}

ad https://b.example/
< Attribution-Reporting-Register-Source: {}

page https://shop.example/

ad https://a.example/
< Attribution-Reporting-Register-Trigger: {"event_trigger_data":[{}]}
"""


def first_told() -> list[Entry]:
    """The entries as they are before anything is known of what becomes of them."""
    return [replace(entry, revision=0) for entry in entries(TRAFFIC)]


@pytest.fixture
async def mitmdump() -> Printing:
    showing = Showing()
    told = Printing(showing)
    master = DumpMaster(options.Options(), with_termlog=True, with_dumper=False)
    ctx.master, ctx.options = master, master.options
    master.addons.add(showing, told)
    return told


async def test_mitmdump_prints_a_line_for_each_registration(
    mitmdump: Printing, capsys: pytest.CaptureFixture[str]
) -> None:
    mitmdump.tell(first_told())
    lines = capsys.readouterr().out.splitlines()
    assert [word for line in lines for word in ("registered", "rejected") if word in line] == [
        "registered", "rejected", "registered",
    ]  # fmt: skip
    mitmdump.tell([])
    ctx.options.update(ara_live=False)
    mitmdump.tell(first_told())
    ctx.options.update(ara_live=True, termlog_verbosity="error")
    mitmdump.tell(first_told())
    assert capsys.readouterr().out == ""


async def test_a_trigger_gets_a_second_line_once(
    mitmdump: Printing,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(printing, "REORDERED", 1)
    (answered,) = (e for e in watched(TRAFFIC).timeline if has_answer(e))
    told = [replace(answered, number=number, revision=1) for number in (7, 7, 8, 9, 9)]
    mitmdump.tell(told)
    assert capsys.readouterr().out.count("attribution") == 3


async def test_the_table_is_printed_if_it_is_wanted(
    mitmdump: Printing, capsys: pytest.CaptureFixture[str]
) -> None:
    mitmdump.table(watched(TRAFFIC))
    assert capsys.readouterr().out.startswith("Attribution Reporting timeline\n3 registrations")
    ctx.options.update(ara_table=False)
    mitmdump.table(watched(TRAFFIC))
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("told", "is_cut"), [(None, False), ("120", True), ("200", False)])
def test_a_log_is_cut_only_where_it_has_an_edge(
    told: str | None,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_cut: bool,
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    if told is not None:
        monkeypatch.setenv("COLUMNS", told)
    showing = Showing()
    told_by = Printing(showing)
    long = TRAFFIC.replace("shop.example", "a-shop-with-a-rather-long-name-of-its-own.example")
    with taddons.context(showing, told_by), caplog.at_level(logging.INFO):
        told_by.tell(replace(entry, revision=0) for entry in entries(long))
    assert ("…" in caplog.text) is is_cut


def test_other_tools_get_it_as_log_lines_that_do_not_stop_them(
    caplog: pytest.LogCaptureFixture,
) -> None:
    showing = Showing()
    told = Printing(showing)
    with taddons.context(showing, told), caplog.at_level(logging.INFO):
        told.tell(first_told())
    assert [record.levelno for record in caplog.records] == [
        logging.INFO, logging.INFO, logging.WARNING, logging.INFO,
    ]  # fmt: skip
