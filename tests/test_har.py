"""HAR entries become exchanges; what is wrong with one costs only that one."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from ara_inspector.exchange import Exchange, header_lines
from ara_inspector.har import ArchiveError, EntryError, exchange_of_entry, has_entries, read_archive


def entry(**over: Any) -> dict[str, Any]:
    return {
        "startedDateTime": "2026-01-02T03:04:05.500Z",
        "time": 250,
        "request": {
            "method": "POST",
            "url": "https://a.test/x#frag",
            "httpVersion": "h2",
            "headers": [
                {"name": ":authority", "value": "a.test"},
                {"name": "X-A", "value": "1\n2"},
                ["X-B", "3"],
                ["short"],
                7,
                {"name": "X-C", "value": 5},
            ],
            "postData": {"text": "é"},
        },
        "response": {
            "status": 200,
            "headers": [{"name": "B", "value": "2"}],
            "content": {"text": "aGk=", "encoding": "base64"},
        },
    } | over


def test_an_entry_is_an_exchange() -> None:
    exchange = exchange_of_entry(entry(), "har-1")
    assert exchange.url == "https://a.test/x"
    assert header_lines(exchange.request_lines, b"x-a") == [b"1", b"2"]
    assert header_lines(exchange.request_lines, b"x-b") == [b"3"]
    assert not header_lines(exchange.request_lines, b":authority")
    assert exchange.started == 1767323045.5
    assert exchange.finished == 1767323045.75
    assert exchange.status == 200
    assert exchange.request_body == "é".encode()
    assert exchange.response_body == b"hi"
    assert exchange.error is None
    assert exchange.lacks == {"connection", "header-lines"}


def test_no_answer_is_told_as_such() -> None:
    exchange = exchange_of_entry(entry(response={"status": 0, "headers": []}), "har-1")
    assert exchange.status is None
    assert exchange.finished is None
    assert exchange.error == "no answer in the HAR"
    aborted = exchange_of_entry(
        entry(response={"status": 0, "_error": "net::ERR_ABORTED"}, time=-1), "har-1"
    )
    assert aborted.error == "net::ERR_ABORTED"


@pytest.mark.parametrize(
    "start", [None, 5, "yesterday", "9999999-01-01T00:00:00", "9999-12-31T23:59:59-14:00"]
)
def test_a_bad_start_is_no_time(start: Any) -> None:
    exchange = exchange_of_entry(entry(startedDateTime=start), "har-1")
    assert exchange.started is None
    assert exchange.finished is None


@pytest.mark.parametrize(
    ("content", "expected"),
    [({"text": "hi"}, b"hi"), ({"text": "%%%", "encoding": "base64"}, None), ({}, None)],
)
def test_answer_bodies(content: dict[str, str], expected: bytes | None) -> None:
    response = {"status": 200, "headers": "none", "content": content}
    assert exchange_of_entry(entry(response=response), "har-1").response_body == expected


def test_a_bad_entry_costs_only_itself() -> None:
    archive = {"log": {"entries": [entry(), {"request": {"method": "GET"}}, 5, entry()]}}
    found = list(read_archive(io.BytesIO(json.dumps(archive).encode())))
    assert [type(item) for item in found] == [Exchange, EntryError, EntryError, Exchange]
    assert str(found[1]) == "entry 2: the request has no url or no method"


@pytest.mark.parametrize(
    ("time", "finished"),
    [
        ("250.5", 1767323045.7505),
        ("18446744073709551616", None),
        ("-1", None),
        ("1" + "0" * 400, None),
        ("1e400", None),
        ("1" * 5_000 + ".5", None),
        ('"250"', None),
    ],
)
def test_numbers_of_any_size_cost_at_most_their_time(time: str, finished: float | None) -> None:
    text = json.dumps({"log": {"entries": [entry(time=7007), entry()]}}).replace("7007", time)
    first, second = read_archive(io.BytesIO(text.encode()))
    assert isinstance(first, Exchange)
    assert isinstance(second, Exchange)
    assert first.status == 200
    assert first.finished == finished
    assert second.finished == 1767323045.75


@pytest.mark.parametrize("time", ["1" * 5_000, "1e" + "9" * 5_000])
def test_a_number_nobody_can_read_ends_an_archive(time: str) -> None:
    text = json.dumps({"log": {"entries": [entry(), entry(time=7007)]}}).replace("7007", time)
    reading = read_archive(io.BytesIO(text.encode()))
    assert isinstance(next(reading), Exchange)
    with pytest.raises(ArchiveError) as told:
        list(reading)
    wrong = "it is not JSON: Unexpected symbol '1"
    assert str(told.value).startswith(f"the HAR breaks off after entry 1: {wrong}")
    assert len(str(told.value)) < 150


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"log": {"entries": [], "x": %s}}', True),
        ('{"x": %s, "log": {"entries": []}}', False),
        ('{"x": %s}', False),
    ],
)
def test_entries_are_looked_for_beside_any_number(text: str, expected: bool) -> None:
    assert has_entries(io.BytesIO((text % ("1" * 5_000)).encode())) is expected


def test_a_status_of_more_than_three_digits_is_no_answer() -> None:
    response = {"status": 2**64, "headers": []}
    assert exchange_of_entry(entry(response=response), "har-1").status is None


def test_a_broken_archive_gives_what_came_before() -> None:
    text = json.dumps({"log": {"entries": [entry(), entry()]}})
    reading = read_archive(io.BytesIO(text[:-20].encode()))
    assert isinstance(next(reading), Exchange)
    with pytest.raises(ArchiveError, match=r"breaks off after entry 1: the JSON ends too early$"):
        list(reading)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (b"{nothing", "invalid string in json text"),
        (b'{"log":{"entries":[\xff', "invalid char in json text"),
        (b'{"log":{"entries":["\xff', "invalid bytes in UTF8 string"),
    ],
)
def test_what_is_wrong_with_an_archive_is_told_in_one_line(text: bytes, wrong: str) -> None:
    with pytest.raises(ArchiveError) as told:
        list(read_archive(io.BytesIO(text)))
    assert str(told.value) == f"the HAR breaks off before its first entry: it is not JSON: {wrong}"
