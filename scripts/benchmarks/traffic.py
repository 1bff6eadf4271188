"""Invented traffic: as many exchanges as wanted, of the mix a browsing session has.

One visit is a hundred exchanges: a page with its images, scripts and calls, three ads (one of
them a chain of two reporters), a click, a shop and a conversion. Five carry headers of the API,
two more are its reports; some answers are redirects, most have nothing to do with it. As
recordings of https have them, flows carry the certificates of their server.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from itertools import count, islice
from typing import TYPE_CHECKING, Final

from mitmproxy import certs, http
from mitmproxy.test import tflow

from ara_inspector.exchange import Exchange

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ara_inspector.exchange import HeaderLines

VISIT: Final = 100
"""Exchanges of one visit."""
PUBLISHERS: Final = 50
REPORTERS: Final = 12
SHOPS: Final = 20
START: Final = 1_750_000_000.0
BETWEEN: Final = 0.02
"""Seconds from request to request."""
CHROME: Final = (
    b"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 "
    b"Safari/537.36"
)
ALWAYS: Final[HeaderLines] = (
    (b"sec-ch-ua-platform", b'"Linux"'),
    (b"user-agent", CHROME),
    (b"sec-ch-ua", b'"Not)A;Brand";v="8", "Chromium";v="138", "Google Chrome";v="138"'),
    (b"sec-ch-ua-mobile", b"?0"),
    (b"accept-encoding", b"gzip, deflate, br, zstd"),
    (b"accept-language", b"en-US,en;q=0.9"),
    (b"cookie", b"session=4f1c9d0e7a; consent=yes"),
)
HTML: Final = b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
IMAGE: Final = b"image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"
FETCHED: Final = {"document": (b"navigate", HTML), "image": (b"no-cors", IMAGE)}
"""Sec-Fetch-Mode and Accept by Sec-Fetch-Dest."""
BOTH: Final = b"event-source, trigger"
SERVED: Final[HeaderLines] = (
    (b"server", b"edge"),
    (b"date", b"Sun, 15 Jun 2025 12:00:00 GMT"),
    (b"cache-control", b"max-age=3600"),
    (b"vary", b"Accept-Encoding"),
)
ORDINARY: Final = (
    ("image", b"image/webp", 900),
    ("image", b"image/jpeg", 2_000),
    ("script", b"text/javascript", 3_000),
    ("style", b"text/css", 1_200),
    ("empty", b"application/json", 300),
    ("font", b"font/woff2", 4_000),
)
BODIES: Final = {size: b"x" * size for _, _, size in ORDINARY} | {
    0: b"",
    42: b"GIF89a" + b"\0" * 36,
}


def exchanges(number: int) -> Iterator[Exchange]:
    """So many exchanges, in order."""
    return islice((one for visit in count() for one in _visit(visit)), number)


def flow_of(exchange: Exchange) -> http.HTTPFlow:
    """An exchange as mitmproxy would have recorded it."""
    flow = tflow.tflow()
    flow.id = exchange.flow_id
    started = exchange.started or START
    flow.timestamp_created = started
    body = exchange.response_body or b""
    request = http.Request.make(exchange.method, exchange.url, exchange.request_body or b"")
    request.headers = http.Headers(exchange.request_lines)
    request.timestamp_start, request.timestamp_end = started, started + 0.001
    response = http.Response.make(exchange.status or 200, body)
    response.headers = http.Headers(
        (*exchange.response_lines, (b"content-length", str(len(body)).encode()))
    )
    response.timestamp_start = exchange.answered or started
    response.timestamp_end = exchange.finished
    flow.request, flow.response = request, response
    flow.server_conn.certificate_list = list(_certificates())
    flow.server_conn.tls = True
    return flow


@cache
def _certificates() -> tuple[certs.Cert, ...]:
    """A server's certificate and its issuer's."""
    key, issuer = certs.create_ca("benchmark", "benchmark", 2048)
    return certs.dummy_cert(key, issuer, "news.example", ()), certs.Cert(issuer)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What is given for a request."""

    lines: HeaderLines = ()
    status: int = 200
    size: int = 42


class _Visit:
    """Writes the exchanges of one visit, one after the other."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._position = 0

    def get(
        self,
        url: str,
        dest: str,
        referer: str,
        answer: _Answer,
        request: HeaderLines = (),
    ) -> Exchange:
        """A request of a page or of the user's, and its answer."""
        mode, accept = FETCHED.get(dest, (b"no-cors", b"*/*"))
        own: HeaderLines = (
            (b"accept", accept),
            (b"sec-fetch-site", b"cross-site"),
            (b"sec-fetch-mode", mode),
            (b"sec-fetch-dest", dest.encode()),
            (b"referer", referer.encode()),
        )
        return self._exchange(url, (*ALWAYS, *own, *request), answer)

    def report(self, url: str, body: object) -> Exchange:
        """A report of the browser's own."""
        lines = (*ALWAYS, (b"content-type", b"application/json"))
        return self._exchange(url, lines, _Answer(size=0), json.dumps(body).encode())

    def page(self, url: str, referer: str, request: HeaderLines = ()) -> Exchange:
        """A document."""
        html = _Answer(((b"content-type", b"text/html; charset=utf-8"),))
        return self.get(url, "document", referer, html, request)

    def ordinary(self, site: str, number: int) -> Iterator[Exchange]:
        """Images, scripts and calls; every twentieth a redirect, every fortieth a frame."""
        for n in range(number):
            dest, kind, size = ORDINARY[n % len(ORDINARY)]
            url = f"{site}/asset/{self._number}/{self._position}"
            if n % 40 == 20:  # noqa: PLR2004 - as said above
                yield self.page(url.replace("https://www", "https://frame"), f"{site}/")
            elif n % 20 == 10:  # noqa: PLR2004 - likewise
                leads = ((b"location", f"{url}/there".encode()),)
                yield self.get(url, dest, f"{site}/", _Answer(leads, 302, 0))
            else:
                typed = ((b"content-type", kind),)
                yield self.get(url, dest, f"{site}/", _Answer(typed, size=size))

    def _exchange(
        self, url: str, lines: HeaderLines, answer: _Answer, posted: bytes | None = None
    ) -> Exchange:
        started = START + (self._number * VISIT + self._position) * BETWEEN
        self._position += 1
        return Exchange(
            flow_id=f"{self._number:08x}-0000-4000-8000-{self._position:012x}",
            method="GET" if posted is None else "POST",
            url=url,
            request_lines=lines,
            started=started,
            status=answer.status,
            response_lines=(*SERVED, *answer.lines),
            answered=started + 0.01,
            finished=started + 0.015,
            request_body=posted,
            response_body=BODIES[answer.size],
            http_version="HTTP/2.0",
        )


def _visit(number: int) -> Iterator[Exchange]:
    visit = _Visit(number)
    publisher = f"https://www.news{number % PUBLISHERS}.example"
    shop = f"https://www.shop{number * 7 % SHOPS}.example"
    source_site, destination = publisher.replace("www.", ""), shop.replace("www.", "")
    one, two = (f"https://ads{(number + n) % REPORTERS}.example" for n in (0, 1))
    asked = ((b"attribution-reporting-eligible", BOTH), (b"attribution-reporting-support", b"web"))
    clicked = ((b"attribution-reporting-eligible", b"navigation-source"), asked[1])
    gif = (b"content-type", b"image/gif")
    registers = _Answer((gif, _source(number, destination)))
    there = f"{two}/view?c={number}"
    leads = _Answer(((b"location", there.encode()), *registers.lines), 302, 0)
    reports = "/.well-known/attribution-reporting"

    yield visit.page(f"{publisher}/story/{number}", f"{publisher}/")
    yield from visit.ordinary(publisher, 55)
    yield visit.get(f"{one}/view?c={number}", "image", f"{publisher}/", leads, asked)
    yield visit.get(there, "image", f"{publisher}/", registers, asked)
    yield visit.get(f"{one}/side?c={number}", "image", f"{publisher}/", registers, asked)
    yield from visit.ordinary(publisher, 3)
    yield visit.page(f"{shop}/landing?c={number}", f"{publisher}/", clicked)
    yield from visit.ordinary(shop, 35)
    triggers = _Answer((gif, _trigger(number)))
    yield visit.get(f"{one}/conversion?order={number}", "image", f"{shop}/", triggers)
    event_level = {
        "attribution_destination": destination,
        "randomized_trigger_rate": 0.0000025,
        "report_id": f"{number:08x}-7a04-4000-8000-000000000000",
        "scheduled_report_time": str(int(START) + number),
        "source_event_id": str(number),
        "source_type": "event",
        "trigger_data": "1",
    }
    yield visit.report(f"{one}{reports}/report-event-attribution", event_level)
    success = {
        "attribution_destination": destination,
        "source_event_id": str(number),
        "source_site": source_site,
    }
    verbose = [{"type": "source-success", "body": success}]
    yield visit.report(f"{one}{reports}/debug/verbose", verbose)


def _source(number: int, destination: str) -> tuple[bytes, bytes]:
    header = {
        "destination": destination,
        "source_event_id": str(number),
        "expiry": "604800",
        "priority": "100",
        "filter_data": {"campaign": ["summer", "autumn"], "product": ["123"]},
        "aggregation_keys": {"counts": "0x159", "value": "0x5"},
        "debug_reporting": True,
    }
    return b"attribution-reporting-register-source", json.dumps(header).encode()


def _trigger(number: int) -> tuple[bytes, bytes]:
    header = {
        "event_trigger_data": [{"trigger_data": "1", "deduplication_key": str(number)}],
        "aggregatable_trigger_data": [{"key_piece": "0x400", "source_keys": ["counts"]}],
        "aggregatable_values": {"counts": 32768, "value": 1664},
    }
    return b"attribution-reporting-register-trigger", json.dumps(header).encode()
