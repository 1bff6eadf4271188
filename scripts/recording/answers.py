"""What the invented hosts answer: plain data, no mitmproxy and no browser.

An `Answer` is one response; the functions below build the common ones, and the Attribution
Reporting headers that go on top.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Header = tuple[str, str]

KEY_SERVICE = (
    "publickeyservice.msmt.aws.privacysandboxservices.com"
    "/.well-known/aggregation-service/v1/public-keys"
)
REPORT_PATH = "/.well-known/attribution-reporting/"
TEST_KEY = Path(__file__).parents[2] / "fixtures" / "keys" / "aggregation-service.test-key.json"
SHOP = "https://shop.example"
"""Where the customers of the numbered sources buy."""
ALLOW_ALL: Header = ("access-control-allow-origin", "*")

# One transparent pixel.
GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


@dataclass(frozen=True, slots=True)
class Answer:
    """One response of an invented host."""

    status: int = 200
    headers: tuple[Header, ...] = ()
    body: bytes = b""
    after: float = 0.0
    """Seconds it takes; the browser may take the request back before that."""


NO_ANSWER = Answer(0)
"""The connection is cut instead."""


def page(html: str, *headers: Header) -> Answer:
    """An HTML document."""
    document = f"<!doctype html><meta charset=utf-8>{html}"
    return Answer(200, (("content-type", "text/html; charset=utf-8"), *headers), document.encode())


def pixel(*headers: Header) -> Answer:
    """The 1x1 image of every ad-tech."""
    kind = (("content-type", "image/gif"), ("cache-control", "no-store"))
    return Answer(200, (*kind, *headers), GIF)


def script(source: str, *headers: Header) -> Answer:
    """A script that may be cached."""
    return Answer(200, (("content-type", "text/javascript"), *headers), source.encode())


def style(source: str, *headers: Header) -> Answer:
    """A style sheet."""
    return Answer(200, (("content-type", "text/css"), *headers), source.encode())


def data(value: Any) -> Answer:
    """The JSON answer of some API, readable from any origin."""
    kind = (("content-type", "application/json"), ALLOW_ALL)
    return Answer(200, kind, json.dumps(value).encode())


def nothing(*headers: Header) -> Answer:
    """204, what beacons and background requests get."""
    return Answer(204, headers)


def redirect(location: str, *headers: Header) -> Answer:
    """302 to somewhere else."""
    return Answer(302, (("location", location), ("cache-control", "no-store"), *headers))


def source(**registration: Any) -> Header:
    """Attribution-Reporting-Register-Source with these members."""
    return ("Attribution-Reporting-Register-Source", _compact(registration))


def trigger(**registration: Any) -> Header:
    """Attribution-Reporting-Register-Trigger with these members."""
    return ("Attribution-Reporting-Register-Trigger", _compact(registration))


def numbered_source(number: int, **registration: Any) -> Header:
    """A source that a truth file tells apart by its event id."""
    return source(source_event_id=str(number), destination=SHOP, **registration)


def numbered_trigger(number: int) -> Header:
    """A trigger that a truth file tells apart by its trigger data."""
    return trigger(event_trigger_data=[{"trigger_data": str(number)}])


def tell_me_about_header_errors() -> Header:
    """Attribution-Reporting-Info asking for header-parsing-error reports."""
    return ("Attribution-Reporting-Info", "report-header-errors")


def public_keys() -> Answer:
    """The key service's answer: our own test key, so that tests can decrypt the payloads."""
    key = json.loads(TEST_KEY.read_text(encoding="utf-8"))
    keys = {"keys": [{"id": key["id"], "key": key["public_key"]}]}
    kind = (("content-type", "application/json"), ("cache-control", "max-age=604800"))
    return Answer(200, kind, json.dumps(keys).encode())


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
