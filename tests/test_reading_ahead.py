"""What is read ahead of mitmproxy, and that it is said where that cannot be."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from mitmproxy.test import taddons

from ara_inspector.addon import AttributionInspector
from ara_inspector.reading_ahead import is_dumping, read_ahead

if TYPE_CHECKING:
    from collections.abc import Iterator

FIXTURES = Path(__file__).parents[1] / "fixtures"
FLOWS = FIXTURES / "flows" / "realistic_session.flows"
HAR = FIXTURES / "har" / "realistic_session.har"


@pytest.fixture
def master() -> Iterator[taddons.context]:
    with taddons.context(AttributionInspector()) as context:
        for name in ("rfile", "save_stream_file", "readfile_filter"):
            context.options.add_option(name, str, "", "as of mitmproxy's own addons")
        context.options.add_option("flow_detail", int, 2, "as of mitmproxy's own addon")
        yield context


def test_a_recording_that_is_written_anew(master: taddons.context) -> None:
    master.options.update(rfile=str(FLOWS), save_stream_file="out.flows")
    exchanges = list(read_ahead())
    times = [exchange.started or 0.0 for exchange in exchanges]
    assert len(exchanges) > 30
    assert times == sorted(times)


def test_of_a_recording_only_what_is_chosen(master: taddons.context) -> None:
    master.options.update(
        rfile=str(FLOWS), save_stream_file="out.flows", readfile_filter="~d px.cinder.example"
    )
    assert {exchange.url.split("/")[2] for exchange in read_ahead()} == {"px.cinder.example"}


def test_a_recording_that_is_shown_in_full(master: taddons.context) -> None:
    master.options.update(rfile=str(FLOWS), flow_detail=3, ara_mark=False)
    assert is_dumping()
    assert len(list(read_ahead())) > 30
    master.options.update(flow_detail=2)
    assert not is_dumping()
    assert not list(read_ahead())


@pytest.mark.parametrize(("source", "saved"), [("", "out.flows"), (str(FLOWS), "")])
def test_nothing_where_nothing_is_written_anew(
    master: taddons.context, source: str, saved: str, caplog: pytest.LogCaptureFixture
) -> None:
    master.options.update(rfile=source, save_stream_file=saved)
    assert not list(read_ahead())
    assert not caplog.messages


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("-", "standard input cannot be read ahead"),
        (str(HAR), "is a HAR, whose exchanges get new ids each time"),
        ("nowhere.flows", "cannot be opened"),
    ],
)
def test_what_cannot_be_read_ahead_is_said(
    master: taddons.context, source: str, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    master.options.update(rfile=source, save_stream_file="out.flows")
    with caplog.at_level(logging.WARNING):
        assert not list(read_ahead())
    (told,) = caplog.messages
    assert told.startswith("-w gets no comments of ours: ")
    assert why in told
    caplog.clear()
    master.options.update(save_stream_file="", flow_detail=4)
    with caplog.at_level(logging.WARNING):
        assert not list(read_ahead())
    (told,) = caplog.messages
    assert told.startswith("--flow-detail shows of each flow only what it tells by itself: ")
    assert why in told
