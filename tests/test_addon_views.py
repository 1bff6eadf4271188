"""What the addon shows inside mitmproxy: marks, contentview, pages."""

from __future__ import annotations

import asyncio
import logging
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from mitmproxy import contentviews, ctx, exceptions, http
from mitmproxy.io import FlowReader
from mitmproxy.options import Options
from mitmproxy.test import taddons
from mitmproxy.tools.dump import DumpMaster
from tornado.httpclient import AsyncHTTPClient

from ara_inspector.addon import AttributionInspector
from ara_inspector.backlog import SOON
from ara_inspector.timeline import EntryKind
from ara_inspector.views.contentview import ALONE
from exchanges import of_kind
from fake_session import a_session
from test_addon import impression, play

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mitmproxy.flow import Flow

RECORDING = Path(__file__).parents[1] / "fixtures" / "flows" / "realistic_session.flows"


class Updated:
    """An addon that remembers which flows it was told of."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    def update(self, flows: Sequence[Flow]) -> None:
        self.ids += [flow.id for flow in flows]


@pytest.fixture
def inspector() -> AttributionInspector:
    return AttributionInspector()


@pytest.fixture
def updated() -> Updated:
    return Updated()


@pytest.fixture
def master(inspector: AttributionInspector, updated: Updated) -> Iterator[taddons.context]:
    with taddons.context(inspector, updated) as context:
        yield context
        inspector.done()


async def test_a_live_flow_is_marked_soon_and_mitmproxy_is_told(
    inspector: AttributionInspector, master: taddons.context, updated: Updated
) -> None:
    del master
    flow = impression(live=True)
    play(inspector, flow)
    assert flow.comment == ""
    await asyncio.sleep(2 * SOON)
    assert flow.marked == ":green_circle:"
    assert "registered source (event)" in flow.comment
    assert flow.metadata["ara_verdict"] == "registered"
    assert flow.id in updated.ids


async def test_a_live_flow_that_is_being_saved_is_marked_before_it_is_written(
    inspector: AttributionInspector, master: taddons.context
) -> None:
    master.options.add_option("save_stream_file", str, "", "as of mitmproxy's own addon")
    master.configure(inspector, save_stream_file="somewhere")
    flow = impression(live=True)
    play(inspector, flow)
    assert "registered source (event)" in flow.comment


async def test_a_recorded_flow_is_marked_later_and_mitmproxy_is_told(
    inspector: AttributionInspector, master: taddons.context, updated: Updated
) -> None:
    del master
    flow = impression(live=False)
    play(inspector, flow)
    assert flow.comment == ""
    await asyncio.sleep(0.3)
    assert "registered" in flow.comment
    assert flow.id in updated.ids


async def test_marking_can_be_left_out(
    inspector: AttributionInspector, master: taddons.context
) -> None:
    master.configure(inspector, ara_mark=False)
    flow = impression(live=True)
    play(inspector, flow)
    assert EntryKind.REGISTRATION in {entry.kind for entry in inspector.session.timeline}
    assert (flow.comment, flow.marked, flow.metadata) == ("", "", {})


async def test_a_failing_view_leaves_the_rest_alone(
    inspector: AttributionInspector,
    master: taddons.context,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    del master

    def broken(*_: object) -> bool:
        raise RuntimeError("ours")

    monkeypatch.setattr("ara_inspector.addon.mark", broken)
    for _ in range(2):
        play(inspector, impression(live=True))
    assert EntryKind.REGISTRATION in {entry.kind for entry in inspector.session.timeline}
    assert sum("failed in marks" in record.getMessage() for record in caplog.records) == 1


async def test_a_live_flow_that_mitmdump_shows_in_full_is_told_before(
    inspector: AttributionInspector, master: taddons.context
) -> None:
    master.options.add_option("flow_detail", int, 2, "as of mitmdump's own addon")
    flow = impression(live=True)
    play(inspector, flow)
    assert flow.comment == ""
    master.options.update(flow_detail=3)
    flow = impression(live=True)
    play(inspector, flow)
    assert "registered source (event)" in flow.comment


async def test_the_contentview_does_not_wait_for_the_timeline(
    inspector: AttributionInspector, master: taddons.context
) -> None:
    del master
    flow = impression(live=True)
    play(inspector, flow)
    assert isinstance(flow.response, http.Response)
    shown = contentviews.prettify_message(flow.response, flow, "Attribution Reporting").text
    (entry,) = of_kind(inspector.session.timeline, EntryKind.REGISTRATION)
    assert f"#{entry.number}  REGISTERED  source (event)  for r.example" in shown


async def test_the_contentview_tells_what_the_timeline_has(
    inspector: AttributionInspector, master: taddons.context
) -> None:
    del master
    flow = impression(live=True)
    play(inspector, flow)
    await asyncio.sleep(2 * SOON)
    assert isinstance(flow.response, http.Response)
    told = contentviews.prettify_message(flow.response, flow)
    assert told.view_name == "Attribution Reporting"
    assert "REGISTERED  source (event)" in told.text
    assert ALONE not in told.text


@pytest.mark.parametrize("value", ["x", "-1", "65536", "\u0661", " 1"])
def test_what_is_no_port_is_refused(
    inspector: AttributionInspector, master: taddons.context, value: str
) -> None:
    with pytest.raises(exceptions.OptionsError, match="port"):
        master.configure(inspector, ara_page=value)


def addresses(caplog: pytest.LogCaptureFixture) -> list[str]:
    told = [record.getMessage() for record in caplog.records]
    return [text.rpartition(" ")[2] for text in told if "Attribution Reporting page" in text]


async def test_the_page_is_served_and_moved_and_stopped(
    inspector: AttributionInspector,
    master: taddons.context,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = AsyncHTTPClient()
    with caplog.at_level(logging.INFO):
        master.configure(inspector, ara_page="0")
        assert addresses(caplog) == []
        inspector.running()
        (first,) = addresses(caplog)
        monkeypatch.setattr(inspector, "_session", a_session())
        export = first.replace("/attribution?", "/attribution/export/attribution.csv?")
        assert b"a.example" in (await client.fetch(export)).body
        master.configure(inspector, ara_page="0")
        second = addresses(caplog)[1]
        assert second != first
        with pytest.raises(OSError, match="refused"):
            await client.fetch(first)
        master.configure(inspector, ara_page="")
        with pytest.raises(OSError, match="refused"):
            await client.fetch(second)


@pytest.mark.parametrize(("rfile", "keepserving"), [("x", False), ("x", True), ("", False)])
async def test_a_page_that_goes_with_mitmdump_is_told(
    rfile: str, keepserving: bool, caplog: pytest.LogCaptureFixture
) -> None:
    inspector = AttributionInspector()
    master = DumpMaster(Options(), with_termlog=False, with_dumper=False)
    master.addons.add(inspector)
    ctx.master, ctx.options = master, master.options
    with caplog.at_level(logging.WARNING):
        ctx.options.update(ara_page="0", rfile=rfile or None, keepserving=keepserving)
        inspector.running()
    inspector.done()
    told = [text for text in caplog.messages if "keepserving=true" in text]
    assert len(told) == (1 if rfile and not keepserving else 0)


async def test_a_recording_that_is_shown_in_full_is_told_whole_at_its_first_flow(
    inspector: AttributionInspector, master: taddons.context
) -> None:
    for name, value in {"rfile": str(RECORDING), "readfile_filter": ""}.items():
        master.options.add_option(name, str, value, "as of mitmproxy's own addons")
    master.options.add_option("flow_detail", int, 3, "as of mitmdump's own addon")
    with RECORDING.open("rb") as stream:
        flows = [flow for flow in FlowReader(stream).stream() if isinstance(flow, http.HTTPFlow)]
    for flow in flows:
        play(inspector, flow)
        for message in filter(None, (flow.request, flow.response)):
            assert ALONE not in contentviews.prettify_message(message, flow).text
    assert len([flow for flow in flows if flow.comment]) == 29


async def test_a_taken_port_is_told_once_and_stops_nothing(
    inspector: AttributionInspector, master: taddons.context, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        master.configure(inspector, ara_page=str(port))
        inspector.running()
    told = [r for r in caplog.records if "ara_page: cannot listen" in r.getMessage()]
    assert [record.levelno for record in told] == [logging.WARNING]
    assert str(port) in told[0].getMessage()
    play(inspector, impression(live=True))
    assert EntryKind.REGISTRATION in {entry.kind for entry in inspector.session.timeline}
