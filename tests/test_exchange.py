"""Header lines are found by name whatever their case, in wire order, and never fail to decode."""

from __future__ import annotations

from ara_inspector.exchange import Exchange, header_lines, header_text

LINES = ((b"X-A", b"1"), (b"x-b", b"\xff"), (b"x-a", b"2"))
EXCHANGE = Exchange(
    flow_id="f",
    method="GET",
    url="https://a.test/",
    request_lines=LINES,
    response_lines=LINES,
    started=None,
)


def test_header_lines_keep_order_and_duplicates() -> None:
    assert header_lines(LINES, b"x-a") == [b"1", b"2"]
    assert header_lines(LINES, b"x-c") == []


def test_first_value() -> None:
    assert EXCHANGE.request_header(b"x-a") == "1"
    assert EXCHANGE.response_header(b"x-b") == "\udcff"
    assert EXCHANGE.request_header(b"none") is None
    assert header_text(b"\xc3\xa9") == "é"
