from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from mitmproxy import flowfilter
from mitmproxy.io import FlowReader, FlowWriter
from mitmproxy.test import tflow
from mitmproxy.utils.emoji import emoji

from ara_inspector.timeline import Entry, EntryKind
from ara_inspector.views.marks import (
    COMMENT_SHOWN,
    REPORT_MARK,
    SILENT_MARK,
    VERDICT_MARKS,
    comment_of,
    mark,
    mark_of,
    metadata_of,
)
from fake_session import a_session, source

if TYPE_CHECKING:
    from mitmproxy.http import HTTPFlow


def entries(*numbers: int) -> list[Entry]:
    timeline = a_session().timeline
    return [entry for number in numbers if (entry := timeline.get(number)) is not None]


@pytest.mark.parametrize(
    ("numbers", "comment", "mark"),
    [
        ((2,), "#2 registered source (event) SRC004", ":green_circle:"),
        ((3, 6), "#3 silent", ":white_circle:"),
        ((4,), "#4 ignored source RSP008", ":orange_circle:"),
        ((5, 6), "#5 rejected source (event) REG001 REG003", ":red_circle:"),
        ((9,), "#9 report event-level refused RPT020", ":large_blue_circle:"),
        ((11,), "#11 note RSP008", ""),
        (
            (2, 4),
            "#2 registered source (event) SRC004; #4 ignored source RSP008",
            ":orange_circle:",
        ),
        ((1, 6, 7, 10), "", ""),
    ],
)
def test_comment_and_mark(numbers: tuple[int, ...], comment: str, mark: str) -> None:
    assert comment_of(entries(*numbers)) == comment
    assert mark_of(entries(*numbers)) == mark


def test_all_marks_are_known_to_mitmproxy() -> None:
    assert {*VERDICT_MARKS.values(), REPORT_MARK, SILENT_MARK} <= set(emoji)


def test_the_comment_is_one_short_line() -> None:
    many = [Entry(n, None, EntryKind.REGISTRATION, None, source()) for n in range(20)]
    assert len(comment_of(many)) == COMMENT_SHOWN
    assert comment_of(many).endswith("…")


def test_the_metadata_is_plain_and_filters() -> None:
    flow = tflow.tflow(resp=True)
    assert mark(flow, entries(5))
    assert all(isinstance(value, str | int) for value in flow.metadata.values())
    # As the console's detail tab shows it, and as a flow file keeps it.
    assert repr(flow.metadata["ara_verdict"]) == flow.metadata["ara_verdict"]
    with io.BytesIO() as stream:
        FlowWriter(stream).add(flow)
        stream.seek(0)
        (kept,) = FlowReader(stream).stream()
    assert kept.metadata == flow.metadata
    for wanted in ('~meta "ara_verdict: rejected"', "~meta REG001", "~comment rejected", "~marked"):
        matches = flowfilter.parse(wanted)
        assert matches(flow), wanted
    assert not flowfilter.parse('~meta "ara_verdict: registered"')(flow)


def test_a_flow_without_entries_of_its_own_has_no_metadata() -> None:
    assert metadata_of(entries(6, 7)) == {}
    assert metadata_of([]) == {}


def test_comment_and_metadata_name_the_same_entry() -> None:
    for numbers in ((6, 2), (1, 7, 10, 5, 6), (9,)):
        values = metadata_of(entries(*numbers))
        assert str(values["ara"]).startswith(f"#{values['ara_entry']} ")


def test_what_a_user_wrote_stays() -> None:
    flow = tflow.tflow(resp=True)
    flow.comment, flow.marked = "mine", ":skull:"
    flow.metadata["other"] = 1
    mark(flow, entries(5))
    mark(flow, entries(2))
    assert (flow.comment, flow.marked, flow.metadata["other"]) == ("mine", ":skull:", 1)
    assert flow.metadata["ara_verdict"] == "registered"


def test_what_a_user_cleared_or_changed_stays() -> None:
    flow = tflow.tflow(resp=True)
    mark(flow, entries(5))
    flow.comment, flow.marked = "", ":eyes:"
    mark(flow, entries(2))
    assert (flow.comment, flow.marked) == ("", ":eyes:")


def test_a_second_time_changes_nothing_and_a_revision_replaces() -> None:
    flow = tflow.tflow(resp=True)
    assert mark(flow, entries(5))
    assert not mark(flow, entries(5))
    assert mark(flow, entries(2))
    assert flow.comment == "#2 registered source (event) SRC004"
    assert flow.marked == ":green_circle:"
    assert mark(flow, [])
    assert (flow.comment, flow.marked, flow.metadata) == ("", "", {})


def written_and_read(flow: HTTPFlow) -> HTTPFlow:
    stream = io.BytesIO()
    FlowWriter(stream).add(flow)
    stream.seek(0)
    (again,) = FlowReader(stream).stream()
    assert isinstance(again, type(flow))
    return again


def test_a_rerun_of_a_saved_flow_overwrites_ours() -> None:
    flow = tflow.tflow(resp=True)
    mark(flow, entries(5))
    again = written_and_read(flow)
    assert again.comment == "#5 rejected source (event) REG001 REG003"
    mark(again, entries(2))
    assert again.comment == "#2 registered source (event) SRC004"
