"""A report as the wire had it: from an exchange to the frozen `Report`.

May live here: the value the stage hands on, and the rules about the request and its answer.
What the body says is read in `body_readers`, what caused it is found in `links`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ara_inspector.exchange import ERROR_STATUS, REDIRECTS, header_lines, header_text
from ara_inspector.findings import Rule, Severity, Words
from ara_inspector.reports.body_fields import Notes
from ara_inspector.reports.body_readers import (
    read_aggregatable,
    read_event_level,
    read_public_keys,
    read_verbose,
)
from ara_inspector.reports.endpoints import ReportKind, endpoint_of
from ara_inspector.reports.json_body import UNREADABLE, read_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ara_inspector.exchange import Exchange
    from ara_inspector.findings import Finding
    from ara_inspector.reports.bodies import ReportBody
    from ara_inspector.reports.endpoints import Endpoint

MAX_BODY: Final = 1_000_000
"""Bytes of a body that is read at all: the largest real one quotes a header of 256 KB."""
RAW_KEPT: Final = 20_000
"""Characters of a body that are kept beside what was read from it."""
SINK_HEADER: Final = "x-ara-sink"
"""Set on answers that no server gave, so that recordings stay honest about it."""

UNKNOWN_ENDPOINT = Rule(
    "RPT001",
    "report-endpoint-unknown",
    Severity.WARNING,
    "{place} is no place a browser we know sends reports to",
    "get-report-url",
)
NOT_FROM_BROWSER = Rule(
    "RPT002",
    "report-not-from-browser",
    Severity.NOTE,
    "the request was not made by a browser's reporting: its {header} is {value}",
    "create-report-request",
)
BODY_NOT_SEEN = Rule(
    "RPT003",
    "report-body-not-seen",
    Severity.NOTE,
    "the body is not in the capture ({reason}), so nothing can be said about the report",
    "serialize-report-body",
)
REFUSED = Rule(
    "RPT020",
    "report-refused",
    Severity.WARNING,
    "the server answered the report with {status}: for the browser it is delivered, and it is "
    "not sent again",
    "issue-report-request",
)
REDIRECTED = Rule(
    "RPT021",
    "report-redirected",
    Severity.WARNING,
    "the server redirected the report to {location}; the browser does not follow, the report "
    "is lost",
    "issue-report-request",
)
UNDELIVERED = Rule(
    "RPT022",
    "report-undelivered",
    Severity.WARNING,
    "the report got no answer ({error})",
    "issue-report-request",
)
KEYS_REFUSED = Rule(
    "RPT023",
    "public-keys-refused",
    Severity.WARNING,
    "the coordinator gave no keys ({reason}): aggregatable reports cannot be encrypted and wait",
    "obtain-aggregatable-report-aggregation-service-payloads",
)
SUNK = Rule(
    "RPT024",
    "report-sunk",
    Severity.NOTE,
    "the report was answered by ara-inspector (ara_sink): no server has seen it",
    "issue-report-request",
)


class Outcome(StrEnum):
    """How the delivery of a report ended."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    """Answered with an error: Chrome still counts it as sent."""
    REDIRECTED = "redirected"
    """Not followed: Chrome counts it as failed."""
    FAILED = "failed"
    UNANSWERED = "unanswered"
    """No answer in this capture."""


class Delivery(Struct, frozen=True, gc=False):
    """What became of the request that carried a report."""

    outcome: Outcome
    status: int | None = None
    error: str | None = None
    location: str | None = None


class Report(Struct, frozen=True, gc=False, kw_only=True):
    """One request of the browser's own reporting, decoded.

    `reporting_origin` is the origin it went to; for a key fetch that is the coordinator. `body`
    is None where nothing could be read of it. `raw` is the body's text, cut if it is long.
    """

    flow_id: str
    time: float | None
    url: str
    kind: ReportKind
    reporting_origin: str
    delivery: Delivery
    body: ReportBody | None
    raw: str
    findings: tuple[Finding, ...]


def read_report(exchange: Exchange, keys: Mapping[str, bytes] | None = None) -> Report | None:
    """The report an exchange is, None if it is none.

    `keys` are private keys by key id: with them encrypted payloads are opened.
    """
    endpoint = endpoint_of(exchange.method, exchange.url)
    if endpoint is None:
        return None
    notes = Notes()
    for finding in _request_findings(exchange, endpoint):
        notes.add(finding)
    delivery = _delivery(exchange)
    fetch = endpoint.kind is ReportKind.PUBLIC_KEYS
    content = exchange.response_body if fetch else exchange.request_body
    wanted = not fetch or delivery.outcome is Outcome.ACCEPTED
    body = _body(content, endpoint, keys or {}, notes) if wanted else None
    if exchange.response_header(SINK_HEADER.encode()) is not None:
        notes.add(SUNK.at())
    lost = _key_finding(delivery) if fetch else _delivery_finding(delivery)
    if lost is not None:
        notes.add(lost)
    return Report(
        flow_id=exchange.flow_id,
        time=exchange.started,
        url=exchange.url,
        kind=endpoint.kind,
        reporting_origin=endpoint.origin,
        delivery=delivery,
        body=body,
        raw=_raw(content),
        findings=notes.findings,
    )


def _request_findings(exchange: Exchange, endpoint: Endpoint) -> list[Finding]:
    """What a browser's report request always has; something else sent it where that is missing.

    https://wicg.github.io/attribution-reporting-api/#create-a-report-request
    """
    findings = []
    if endpoint.kind is ReportKind.UNKNOWN:
        findings.append(UNKNOWN_ENDPOINT.at(place=endpoint.path))
    if endpoint.kind is not ReportKind.PUBLIC_KEYS:
        expected = {b"content-type": "application/json", b"origin": endpoint.origin}
        for name, value in expected.items():
            sent = exchange.request_header(name)
            if sent != value:
                given = Words("missing") if sent is None else sent
                findings.append(NOT_FROM_BROWSER.at(header=Words(name.decode()), value=given))
    return findings


def _delivery(exchange: Exchange) -> Delivery:
    status = exchange.status
    if status is None:
        error = exchange.error
        return Delivery(Outcome.UNANSWERED if error is None else Outcome.FAILED, error=error)
    lines = header_lines(exchange.response_lines, b"location")
    # An empty one is as good as none.
    location = next(filter(None, (line.strip(b" \t") for line in lines)), None)
    if status in REDIRECTS and location is not None:
        return Delivery(Outcome.REDIRECTED, status, location=header_text(location))
    outcome = Outcome.ACCEPTED if status < ERROR_STATUS else Outcome.REFUSED
    return Delivery(outcome, status, exchange.error)


def _delivery_finding(delivery: Delivery) -> Finding | None:
    match delivery.outcome:
        case Outcome.REFUSED:
            return REFUSED.at(status=delivery.status)
        case Outcome.REDIRECTED:
            return REDIRECTED.at(location=delivery.location)
        case Outcome.FAILED:
            return UNDELIVERED.at(error=delivery.error)
        case _:
            return None


def _key_finding(delivery: Delivery) -> Finding | None:
    match delivery.outcome:
        case Outcome.REFUSED | Outcome.REDIRECTED:
            return KEYS_REFUSED.at(reason=Words(f"status {delivery.status}"))
        case Outcome.FAILED:
            return KEYS_REFUSED.at(reason=delivery.error)
        case _:
            return None


def _body(
    content: bytes | None, endpoint: Endpoint, keys: Mapping[str, bytes], notes: Notes
) -> ReportBody | None:
    if endpoint.kind is ReportKind.UNKNOWN:
        return None
    unseen = _unseen(content)
    if unseen is not None:
        notes.add(BODY_NOT_SEEN.at(reason=Words(unseen)))
        return None
    value = read_json(header_text(content or b""), notes)
    return None if value is UNREADABLE else _read(value, endpoint, keys, notes)


def _unseen(content: bytes | None) -> str | None:
    if content is None:
        return "it was not recorded"
    if not content:
        return "it is empty"
    return f"it is longer than {MAX_BODY:,} bytes" if len(content) > MAX_BODY else None


def _read(
    value: Any, endpoint: Endpoint, keys: Mapping[str, bytes], notes: Notes
) -> ReportBody | None:
    if endpoint.kind is ReportKind.VERBOSE:
        return read_verbose(value, notes)
    if endpoint.kind is ReportKind.PUBLIC_KEYS:
        return read_public_keys(value, notes)
    if endpoint.kind.is_event_level:
        return read_event_level(value, notes)
    return read_aggregatable(value, endpoint, keys, notes)


def _raw(content: bytes | None) -> str:
    return header_text((content or b"")[:RAW_KEPT])
