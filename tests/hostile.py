"""A capture whose every text tries to get out of where it is shown.

`flows` are the exchanges, `write` makes a flow file of them. `PWNED` is the name a script of
theirs would set on a page; `FRAGMENTS` may stand in no output as they are.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from mitmproxy import http
from mitmproxy.io import FlowWriter
from mitmproxy.test import tflow, tutils

if TYPE_CHECKING:
    from pathlib import Path

PWNED = "pwned"
RUN = f"window.{PWNED}=1;alert(1)"
TEXTS = (
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"<!--<script>{RUN}</script>-->",
    f"</noscript></style><img src=x onerror={RUN}>",
    f'"><svg onload={RUN}>',
    f"javascript:{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    '=HYPERLINK("http://evil.example/","x")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\x1b[2J\x1b[31mred\x1b]0;title\x07",
    "\u202egpj.exe\u2066\u200f",
    "line\r\n\tbreak\x00\x7f\x9b",
    "${7*7}{{constructor.constructor('x')()}}",
    "__proto__",
    "\ud800\ufeff\u2028",
)
FRAGMENTS = (f"<script>{RUN}", f"onerror={RUN}>", "\x1b[", "\u202e", "\u2066", "\u200f", "\x9b")
"""As they stand they would act; an output has them escaped."""
ELIGIBLE = b"attribution-reporting-eligible"
LONG = 300_000


def flows() -> list[http.HTTPFlow]:
    """One page, a source and a trigger for each text, broken headers, reports, a long header."""
    made = [_flow(0, "/", {b"sec-fetch-mode": b"navigate", b"sec-fetch-dest": b"document"})]
    for index, text in enumerate(TEXTS, start=1):
        wire = text.encode("utf-8", "surrogatepass")
        source = {
            "destination": "https://shop.example",
            "aggregation_keys": {text: "0x1"},
            "filter_data": {text: [text]},
            text: text,
        }
        register = json.dumps(source, ensure_ascii=index % 2 == 0).encode("utf-8", "surrogatepass")
        made += [
            _flow(index, f"/?q={text}", register={b"register-source": register}),
            _flow(100 + index, f"/{text}", register={b"register-source": wire}),
            _flow(200 + index, "/t", {ELIGIBLE: wire}, {b"register-trigger": wire}),
            _flow(300 + index, "/i", register={b"register-os-source": wire, b"info": wire}),
            _report(400 + index, text),
        ]
    long = b'{"destination":"https://shop.example","x":"' + b"<b>" * (LONG // 3) + b'"}'
    return [*made, _flow(500, "/long", register={b"register-source": long})]


def write(path: Path, flows: list[http.HTTPFlow]) -> Path:
    """A flow file."""
    with path.open("wb") as stream:
        writer = FlowWriter(stream)
        for flow in flows:
            writer.add(flow)
    return path


def _flow(
    number: int,
    path: str,
    request: dict[bytes, bytes] | None = None,
    register: dict[bytes, bytes] | None = None,
) -> http.HTTPFlow:
    text = TEXTS[number % len(TEXTS)].encode("utf-8", "surrogatepass")
    asked = {
        ELIGIBLE: b"event-source, trigger",
        b"sec-fetch-mode": b"no-cors",
        b"sec-fetch-dest": b"image",
        b"referer": b"https://news.example/" + text,
        b"user-agent": b"Mozilla/5.0 Chrome/138.0.0.0 " + text,
    }
    answered = {b"attribution-reporting-" + k: v for k, v in (register or {}).items()}
    started = 1_760_000_000 + number / 10
    flow = tflow.tflow(
        req=tutils.treq(
            host=f"r{number % 7}.example",
            port=443,
            scheme=b"https",
            authority=b"",
            path=path.encode("utf-8", "surrogatepass"),
            headers=http.Headers(tuple((asked | (request or {})).items())),
            timestamp_start=started,
        ),
        resp=tutils.tresp(
            status_code=200,
            headers=http.Headers(tuple(answered.items())),
            content=b"",
            timestamp_start=started + 0.01,
            timestamp_end=started + 0.02,
        ),
    )
    flow.id = f"00000000-0000-4000-8000-{number:012d}"
    return flow


def _report(number: int, text: str) -> http.HTTPFlow:
    body = [{"type": text, "body": {"source_site": text, "attribution_destination": text}}]
    flow = _flow(number, "/.well-known/attribution-reporting/debug/verbose")
    flow.request.method = "POST"
    flow.request.headers = http.Headers(
        ((b"content-type", b"application/json"), (b"origin", text.encode("utf-8", "replace")))
    )
    flow.request.content = json.dumps(body).encode()
    return flow
