"""Captures of every kind are read as far as they go, and say clearly where they do not."""

from __future__ import annotations

import gzip
import io
import json
import math
import os
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pytest
import zstandard
from mitmproxy import exceptions, http
from mitmproxy.io import FlowReader, FlowWriter
from mitmproxy.test import tflow

from ara_inspector.exchange import Exchange
from ara_inspector.flows import (
    BODY_KEPT,
    CaptureError,
    exchange_of,
    in_request_order,
    read_capture,
)
from ara_inspector.records import replace
from ara_inspector.request_order import RequestOrder
from made_flows import flow

if TYPE_CHECKING:
    from collections.abc import Iterator

REPORT = "/.well-known/attribution-reporting/debug/verbose"


def capture(path: Path, *flows: http.HTTPFlow) -> Path:
    with path.open("wb") as stream:
        for each in flows:
            FlowWriter(stream).add(each)
    return path


def test_bodies_are_kept_only_where_something_is_read_from_them() -> None:
    plain = flow()
    plain.request.content = plain.response.content = b"body"  # type: ignore[union-attr]  # as above
    assert exchange_of(plain).request_body is None
    assert exchange_of(plain).response_body is None
    report = flow(path=REPORT)
    report.request.content = b"x" * (BODY_KEPT + 1)
    assert len(exchange_of(report).request_body or b"") == BODY_KEPT
    registering = flow(response={"Attribution-Reporting-Register-Source": "{}"})
    registering.response.content = b"<html>" * 1000  # type: ignore[union-attr]  # as above
    assert 0 < len(exchange_of(registering).response_body or b"") < 2000
    registering.response.raw_content = None  # type: ignore[union-attr]  # as above
    assert exchange_of(registering).response_body is None
    keys = flow(path="/.well-known/aggregation-service/v1/public-keys")
    keys.response.content = b"{}"  # type: ignore[union-attr]  # as above
    assert exchange_of(keys).response_body == b"{}"


def test_a_flow_without_an_answer_tells_its_error() -> None:
    failed = tflow.tflow(err=True)
    exchange = exchange_of(failed)
    assert exchange.status is None
    assert exchange.error == "error"
    assert exchange.flow_id == failed.id


@pytest.mark.parametrize("host", ["a.example", "::1", "\u00fc.example", ""])
@pytest.mark.parametrize(
    ("scheme", "port"), [("https", 443), ("https", 80), ("http", 80), ("http", 8080), ("", 443)]
)
@pytest.mark.parametrize("method", ["GET", "options", "CONNECT", "connect"])
@pytest.mark.parametrize("path", ["/a?b=c", "*", "", "//x", "/\udcff"])
def test_the_url_is_the_one_mitmproxy_tells(
    host: str, scheme: str, port: int, method: str, path: str
) -> None:
    made = flow()
    request = made.request.data
    request.host, request.port, request.scheme = host, port, scheme.encode()
    request.method, request.path = method.encode(), path.encode("utf-8", "surrogateescape")
    for authority in (b"", b"other.example"):
        request.authority = authority
        exchange = exchange_of(made)
        assert (exchange.url, exchange.method) == (made.request.url, made.request.method)


def test_a_flow_file_is_read_in_request_order(tmp_path: Path) -> None:
    flows = [flow(path=f"/{n}") for n in range(3)]
    for start, each in zip((30.0, 10.0, 20.0), flows, strict=True):
        each.request.timestamp_start = start
    path = capture(tmp_path / "c", *flows)
    assert [e.started for e in read_capture(path)] == [10.0, 20.0, 30.0]


def exchange(number: int, started: float | None) -> Exchange:
    return Exchange(
        flow_id=str(number), method="GET", url="https://a/", request_lines=(), started=started
    )


def test_order_within_the_window_only() -> None:
    starts = list(range(50))
    random.Random(1).shuffle(starts)  # noqa: S311 - a shuffle, no secret
    made = [exchange(n, float(s)) for n, s in enumerate(starts)]
    assert [e.started for e in in_request_order(made)] == sorted(map(float, starts))
    narrow = [e.started for e in in_request_order(made, window=1, batch=1)]
    assert sorted(narrow, key=lambda s: s or 0) == sorted(map(float, starts))
    assert narrow != sorted(narrow, key=lambda s: s or 0)


def test_what_is_due_comes_in_batches_once_the_window_is_full() -> None:
    order = RequestOrder(window=2, batch=3)
    given = [[e.started for e in order.push(exchange(n, float(-n)))] for n in range(7)]
    assert given == [[], [], [], [], [-4, -3, -2], [], []]
    assert [e.started for e in order.drain()] == [-6, -5, -1, 0]
    assert list(order.drain()) == []


def test_what_waits_for_its_turn_is_given_back_as_it_was() -> None:
    made = [
        Exchange(
            flow_id="1",
            method="GÉT",
            url="https://a.example/\udcff",
            request_lines=((b"", b"\x00\xff"), (b"a" * 70_000, b"")),
            started=1e300,
            status=302,
            response_lines=((b"Location", b"\r\n"),),
            answered=0.1,
            finished=None,
            request_body=b"",
            response_body=bytes(range(256)),
            error="\ud800",
            lacks=frozenset({"connection", "answered"}),
        ),
        Exchange(flow_id="", method="", url="", request_lines=(), started=None),
    ]
    assert list(in_request_order(made)) == made


def test_what_was_saved_before_its_answer_gives_way_to_what_was_saved_later() -> None:
    early, other = exchange(1, 1.0), exchange(2, 2.0)
    whole = replace(early, status=200)
    assert list(in_request_order([early, other, whole])) == [whole, other]
    assert list(in_request_order([early, early, whole, whole, other])) == [whole, whole, other]
    # Given already, it cannot be taken back.
    assert list(in_request_order([early, other, whole], window=1, batch=1)) == [early, whole, other]


def test_exchanges_without_a_time_stay_where_they_stand() -> None:
    made = [exchange(0, 5.0), exchange(1, None), exchange(2, 9.0)]
    assert [e.flow_id for e in in_request_order(made)] == ["0", "1", "2"]


def test_flows_before_the_damage_are_given(tmp_path: Path) -> None:
    path = capture(tmp_path / "c", flow(), flow())
    path.write_bytes(path.read_bytes()[:-50])
    reading = read_capture(path)
    assert next(reading).method == "GET"
    with pytest.raises(CaptureError, match="damaged after flow 1"):
        next(reading)


def test_a_flow_that_mitmproxy_stumbles_over_is_damage(tmp_path: Path) -> None:
    path = capture(tmp_path / "c", flow(), flow())
    before, after = path.read_bytes().rsplit(b"timestamp_created", 1)
    path.write_bytes(before + b"Timestamp_created" + after)
    reading = read_capture(path)
    assert next(reading).method == "GET"
    with pytest.raises(CaptureError, match="damaged after flow 1"):
        next(reading)
    path.write_bytes(path.read_bytes().replace(b"timestamp_created", b"Timestamp_created"))
    with pytest.raises(CaptureError, match="damaged from its start on"):
        list(read_capture(path))


def test_a_flow_with_values_of_other_types_is_left_out(tmp_path: Path) -> None:
    odd = flow()
    odd.id = b"of bytes"  # type: ignore[assignment] # what is tested
    told: list[str] = []
    path = capture(tmp_path / "c", odd, flow(path="/fine"))
    (read,) = read_capture(path, told.append)
    assert read.url.endswith("/fine")
    assert told == [
        f"{path}: flow 1 cannot be used: Expected `str`, got `bytes` - at `$.flow_id`",
    ]


@pytest.mark.parametrize("time", [math.nan, math.inf, -1.0, 1e18, 253_402_214_400.0])
def test_what_cannot_be_a_time_is_none(time: float) -> None:
    odd = flow()
    odd.request.timestamp_start = time
    assert odd.response is not None
    odd.response.timestamp_start = odd.response.timestamp_end = time
    exchange = exchange_of(odd)
    assert (exchange.started, exchange.answered, exchange.finished) == (None, None, None)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"root:x:0:0", "neither a mitmproxy flow file nor a HAR"),
        (b"{}", "holds no HAR entries"),
        (b'{"log": {"entries": []}}', "has no entries: nothing was recorded"),
        (b'\xef\xbb\xbf{"log": {"entries": []}}', "has no entries: nothing was recorded"),
        (gzip.compress(b"{}"), "is compressed (gzip): unpack it first, for instance `zcat "),
        (zstandard.compress(b"{}"), "is compressed (zstd): unpack it first"),
        (b"PK\x03\x04rest", "is compressed (zip): unpack it first, for instance `unzip -p "),
        (b'\xef\xbb\xbf{"log": [', "breaks off"),
        (b'{"log":{"entries":[{}, 5]}}', "has no entry that can be used: entry 1: the request has"),
    ],
)
def test_unusable_captures_say_why(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "capture"
    path.write_bytes(content)
    with pytest.raises(CaptureError, match=re.escape(message)):
        list(read_capture(path))


def test_how_to_unpack_can_be_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a capture.flows.gz"
    path.write_bytes(gzip.compress(b"x"))
    with pytest.raises(CaptureError, match=re.escape(f"`zcat '{path}' | ara-inspector check -`")):
        list(read_capture(path))
    monkeypatch.setattr("ara_inspector.flows._standard_input", lambda: path.open("rb"))
    with pytest.raises(CaptureError, match=re.escape("standard input is compressed (gzip): ")):
        list(read_capture("-"))


def test_a_disk_that_fails_in_the_middle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = capture(tmp_path / "c", flow(), flow())

    def failing(stream: BinaryIO) -> Iterator[http.HTTPFlow]:
        yield from FlowReader(stream).stream()  # type: ignore[misc]  # there are no others
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("ara_inspector.flows._flows", failing)
    reading = read_capture(path)
    assert [next(reading).method, next(reading).method] == ["GET", "GET"]
    with pytest.raises(CaptureError, match="c cannot be read on: Input/output error"):
        next(reading)


def test_places_that_are_no_file(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match="is a directory"):
        list(read_capture(tmp_path))
    with pytest.raises(CaptureError, match="cannot be opened: No such file"):
        list(read_capture(tmp_path / "none"))


def har(*urls: str | None) -> bytes:
    entries = [{"request": {"method": "GET", "url": url}, "response": {}} for url in urls]
    return json.dumps({"log": {"entries": entries}}).encode()


def test_a_har_is_told_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "capture.flows"
    path.write_bytes(b"\xef\xbb\xbf" + har("https://a.test/", None))
    reasons: list[str] = []
    assert [e.url for e in read_capture(path, reasons.append)] == ["https://a.test/"]
    assert reasons == [f"{path}: entry 2: the request has no url or no method"]


def test_standard_input() -> None:
    code = "from ara_inspector.flows import read_capture\nprint([e.url for e in read_capture('-')])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=har("https://a.test/"),
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1] / "addon")},
    )
    assert done.stdout == b"['https://a.test/']\n"


def test_a_pipe_with_a_name_is_read_like_a_file() -> None:
    there, here = os.pipe()
    with os.fdopen(here, "wb") as writing:
        writing.write(har("https://a.test/"))
    shares: list[float] = []
    try:
        found = list(read_capture(f"/dev/fd/{there}", progress=shares.append))
    finally:
        os.close(there)
    assert [exchange.url for exchange in found] == ["https://a.test/"]
    assert shares == [1.0]


def test_websocket_and_tcp_flows_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "c"
    with path.open("wb") as stream:
        FlowWriter(stream).add(tflow.ttcpflow())
        FlowWriter(stream).add(flow())
    assert len(list(read_capture(path))) == 1


def test_mitmproxy_still_reports_damage_as_we_expect() -> None:
    from mitmproxy.io import FlowReader  # noqa: PLC0415 - only this test needs it

    with pytest.raises(exceptions.FlowReadException):
        list(FlowReader(io.BytesIO(b"5:abc")).stream())
