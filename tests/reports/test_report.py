from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ara_inspector.records import replace
from ara_inspector.reports import Delivery, Outcome, ReportKind, read_report
from ara_inspector.reports.bodies import EventLevelReport, PublicKeys
from ara_inspector.reports.endpoints import REPORT_PATHS
from ara_inspector.reports.report import MAX_BODY, RAW_KEPT, Report
from report_posts import COORDINATOR, KEYS_URL, ORIGIN, encoded, event_level, key_fetch, post

if TYPE_CHECKING:
    from ara_inspector.exchange import Exchange

KEYS = json.dumps({"keys": [{"id": "a", "key": encoded(bytes(32))}]}).encode()


def read(exchange: Exchange) -> tuple[Report, list[str]]:
    report = read_report(exchange)
    assert report is not None
    return report, [finding.rule.code for finding in report.findings]


def test_a_report_is_read_whole() -> None:
    exchange = post("report-event-attribution", event_level())
    report, codes = read(exchange)
    assert codes == []
    assert isinstance(report.body, EventLevelReport)
    assert report.kind is ReportKind.EVENT_LEVEL
    assert report.reporting_origin == ORIGIN
    assert (report.flow_id, report.time, report.url) == ("report", 1000.0, exchange.url)
    assert report.delivery == Delivery(Outcome.ACCEPTED, 200)
    assert json.loads(report.raw) == event_level()


def test_other_exchanges_are_no_reports() -> None:
    exchange = replace(post("debug/verbose", []), url="https://r1.example/collect")
    assert read_report(exchange) is None


def test_a_request_of_another_program_is_told() -> None:
    plain = replace(
        post("report-event-attribution", event_level()),
        request_lines=((b"Content-Type", b"text/plain"),),
    )
    report, codes = read(plain)
    assert codes == ["RPT002", "RPT002"]
    assert [finding.params["value"] for finding in report.findings] == ["text/plain", "missing"]
    assert report.findings[1].message.endswith("its origin is missing")


def test_an_unknown_place_is_kept_with_its_text() -> None:
    report, codes = read(post("report-new", b"{oops"))
    assert codes == ["RPT001"]
    assert report.kind is ReportKind.UNKNOWN
    assert (report.body, report.raw) == (None, "{oops")


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (b"", ["RPT003"]),
        (b" " * (MAX_BODY + 1), ["RPT003"]),
        (b"{oops", ["RPT004"]),
        (b"NaN", ["RPT004"]),
        (b"\xff", ["RPT004"]),
        (b"1" * 5_000, ["RPT004"]),
        (b"[" * 100_000, ["RPT004"]),
        (b'"\xe9"', ["RPT005"]),
        (b'[[{"a": 1, "a": 2, "b": 3, "b": 4, "c": 5}], "a', ["RPT015", "RPT015", "RPT004"]),
    ],
)
@pytest.mark.parametrize("name", REPORT_PATHS)
def test_broken_bodies_are_told_and_kept(name: str, content: bytes, codes: list[str]) -> None:
    report, found = read(post(name, content))
    assert found == codes
    assert report.body is None
    assert len(report.raw) == min(len(content), RAW_KEPT)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"a": 1', "a closing bracket is missing at the end, character 7"),
        (b'{"a": }', "a value is missing, character 6"),
        (b'{"a": NaN}', "NaN is no JSON number"),
        (b"1" * 5_000, "a number has more digits than anybody reads"),
        (b"[" * 100_000, "it is nested too deeply"),
    ],
)
def test_why_a_body_is_no_json_is_said_in_our_words(content: bytes, reason: str) -> None:
    report = read_report(post("debug/verbose", content))
    assert report is not None
    (finding,) = report.findings
    assert finding.params == {"reason": reason}


def test_a_body_that_was_not_recorded_is_told() -> None:
    exchange = replace(post("debug/verbose", []), request_body=None)
    report, codes = read(exchange)
    assert codes == ["RPT003"]
    assert report.raw == ""


@pytest.mark.parametrize(
    ("status", "answer", "error", "delivery", "codes"),
    [
        (204, (), None, Delivery(Outcome.ACCEPTED, 204), []),
        (304, (), None, Delivery(Outcome.ACCEPTED, 304), []),
        (302, (), None, Delivery(Outcome.ACCEPTED, 302), []),
        (302, ((b"Location", b" "),), None, Delivery(Outcome.ACCEPTED, 302), []),
        (
            301,
            ((b"Location", b""), (b"location", b"/\xff ")),
            None,
            Delivery(Outcome.REDIRECTED, 301, location="/\udcff"),
            ["RPT021"],
        ),
        (200, (), "reset", Delivery(Outcome.ACCEPTED, 200, "reset"), []),
        (404, (), None, Delivery(Outcome.REFUSED, 404), ["RPT020"]),
        (500, (), None, Delivery(Outcome.REFUSED, 500), ["RPT020"]),
        (
            307,
            ((b"Location", b"https://r2.example/"),),
            None,
            Delivery(Outcome.REDIRECTED, 307, location="https://r2.example/"),
            ["RPT021"],
        ),
        (200, ((b"X-ARA-Sink", b"x"),), None, Delivery(Outcome.ACCEPTED, 200), ["RPT024"]),
        (None, (), "timed out", Delivery(Outcome.FAILED, error="timed out"), ["RPT022"]),
        (None, (), None, Delivery(Outcome.UNANSWERED), []),
    ],
)
def test_delivery_is_told(
    status: int | None,
    answer: tuple[tuple[bytes, bytes], ...],
    error: str | None,
    delivery: Delivery,
    codes: list[str],
) -> None:
    exchange = post(
        "report-event-attribution", event_level(), status=status, answer=answer, error=error
    )
    report, found = read(exchange)
    assert report.delivery == delivery
    assert found == codes


def test_keys_are_the_coordinators() -> None:
    report, codes = read(key_fetch(KEYS))
    assert codes == []
    assert isinstance(report.body, PublicKeys)
    assert (report.kind, report.reporting_origin) == (ReportKind.PUBLIC_KEYS, COORDINATOR)
    assert report.url == KEYS_URL


@pytest.mark.parametrize(
    ("exchange", "codes"),
    [
        (key_fetch(b"gone", status=404), ["RPT023"]),
        (key_fetch(None, status=None, error="reset"), ["RPT023"]),
        (key_fetch(None, status=None), []),
        (key_fetch(None), ["RPT003"]),
        (key_fetch(b"{"), ["RPT004"]),
        (key_fetch(b"{}"), ["RPT005"]),
    ],
)
def test_keys_that_did_not_come_are_told(exchange: Exchange, codes: list[str]) -> None:
    report, found = read(exchange)
    assert found == codes
    assert report.body is None


NAMES = [
    *("type", "body", "limit", "keys", "id", "key", "shared_info", "source_type", "payload"),
    *("key_id", "aggregation_service_payloads", "debug_cleartext_payload"),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner | st.sampled_from(["source-success", "trigger-event-low-priority"]),
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.sampled_from([*REPORT_PATHS, "other"]), JSON | st.binary(max_size=64))
def test_no_body_raises(name: str, body: object) -> None:
    report, _ = read(post(name, body))
    for finding in report.findings:
        assert finding.message.isprintable()
