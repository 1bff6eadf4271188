"""The sink answers reports of the origins it was given, and leaves everything else alone."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from mitmproxy import exceptions, http
from mitmproxy.test import taddons, tflow, tutils

from ara_inspector.flows import exchange_of
from ara_inspector.reports import Outcome, read_report
from ara_inspector.sink import ReportSink, is_for_sink, read_origins

if TYPE_CHECKING:
    from collections.abc import Iterator

VERBOSE = "/.well-known/attribution-reporting/debug/verbose"
ORIGINS = frozenset({"https://ads.example", "https://ads.example:8443"})


@pytest.fixture
def sink() -> ReportSink:
    return ReportSink()


@pytest.fixture
def master(sink: ReportSink) -> Iterator[taddons.context]:
    with taddons.context(sink) as context:
        yield context


def report(path: str = VERBOSE, *, live: bool = True) -> http.HTTPFlow:
    flow = tflow.tflow(
        req=tutils.treq(
            method=b"POST", scheme=b"https", host="ads.example", port=443, path=path.encode()
        )
    )
    flow.live = live
    return flow


def test_reports_of_the_origins_named_are_answered(
    sink: ReportSink, master: taddons.context
) -> None:
    master.configure(sink, ara_sink=["https://ads.example"])
    flow = report()
    sink.request(flow)
    assert flow.response is not None
    assert (flow.response.status_code, flow.response.content) == (200, b"")
    assert flow.metadata["ara_sink"]
    read = read_report(exchange_of(flow))
    assert read is not None
    assert read.delivery.outcome is Outcome.ACCEPTED
    assert "RPT024" in {finding.rule.code for finding in read.findings}


def test_it_is_off_by_default(sink: ReportSink, master: taddons.context) -> None:
    assert master.options.ara_sink == []
    flow = report()
    sink.request(flow)
    assert flow.response is None


def test_recordings_and_answers_that_are_there_stay(
    sink: ReportSink, master: taddons.context
) -> None:
    master.configure(sink, ara_sink=["https://ads.example"])
    recorded, answered, other = report(live=False), report(), report("/collect")
    answered.response = given = tutils.tresp()
    for flow in (recorded, answered, other):
        sink.request(flow)
    assert recorded.response is None
    assert answered.response is given
    assert other.response is None


def test_it_says_aloud_that_traffic_is_changed(
    sink: ReportSink, master: taddons.context, caplog: pytest.LogCaptureFixture
) -> None:
    master.options.add_option("connection_strategy", str, "eager", "mitmproxy's own")
    caplog.set_level(logging.WARNING)
    master.configure(sink, ara_sink=["https://ads.example"])
    assert "changes traffic" in caplog.text
    assert "connection_strategy=lazy" in caplog.text
    caplog.clear()
    master.configure(sink, connection_strategy="lazy")
    assert caplog.text == ""
    master.configure(sink, ara_sink=["https://ads.example", "https://b.example"])
    assert "https://ads.example, https://b.example" in caplog.text
    assert "lazy" not in caplog.text
    caplog.clear()
    master.configure(sink, ara_sink=[])
    assert caplog.text == ""


@pytest.mark.parametrize(
    "value", ["ads.example", "https://ads.example/path", "*", "", "ftp://x.example"]
)
def test_what_is_no_origin_is_refused(
    value: str, sink: ReportSink, master: taddons.context
) -> None:
    with pytest.raises(exceptions.OptionsError, match="not an origin"):
        master.configure(sink, ara_sink=[value])


def test_origins_are_normal() -> None:
    assert read_origins(["HTTPS://Ads.example:443/", "http://localhost:8080"]) == {
        "https://ads.example",
        "http://localhost:8080",
    }


@pytest.mark.parametrize(
    ("method", "url", "expected"),
    [
        ("POST", f"https://ads.example{VERBOSE}", True),
        ("POST", f"https://ads.example:8443{VERBOSE}", True),
        ("POST", f"https://other.example{VERBOSE}", False),
        ("POST", f"http://ads.example{VERBOSE}", False),
        ("GET", f"https://ads.example{VERBOSE}", False),
        ("POST", "https://ads.example/.well-known/attribution-reporting/other", False),
        ("GET", "https://ads.example/.well-known/aggregation-service/v1/public-keys", False),
        ("POST", "https://ads.example/", False),
    ],
)
def test_only_reports_are_for_the_sink(method: str, url: str, *, expected: bool) -> None:
    assert is_for_sink(method, url, ORIGINS) is expected
