"""Answers the page never gets: CORS, Cross-Origin-Resource-Policy, Opaque Response Blocking.

May live here: the three checks, over one exchange, and their rules. A blocked answer registers
nothing, and the browser says nothing about it: no issue, no report.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ara_inspector.exchange import header_lines, header_text
from ara_inspector.findings import Certainty, Finding, Rule, Severity
from ara_inspector.spec.urls import origin

if TYPE_CHECKING:
    from ara_inspector.exchange import Exchange
    from ara_inspector.registrations.request import Request

BLOCKED_BY_CORS: Final = Rule(
    "RSP040",
    "blocked-by-cors",
    Severity.ERROR,
    "the page asked in CORS mode and the answer does not allow {origin}: {problem}",
)
BLOCKED_BY_CORP: Final = Rule(
    "RSP041",
    "blocked-by-corp",
    Severity.ERROR,
    "Cross-Origin-Resource-Policy: {policy} keeps the answer from a {relation} page",
)
BLOCKED_AS_OPAQUE_HTML: Final = Rule(
    "RSP042",
    "blocked-as-opaque-html",
    Severity.ERROR,
    "{what} as the answer to a cross-origin request that is no navigation: Chrome blocks it "
    "(Opaque Response Blocking) and its headers with it",
)

NO_BODY: Final = frozenset({204, 205, 304})
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
SNIFFED: Final = 1_445
SAFE: Final = re.compile(
    r"text/css|image/svg\+xml|(?:text|application)/(?:x-)?(?:java|ecma)script|text/jscript"
    r"|text/livescript|text/javascript1\.[0-5]"
)
"""Types the check lets through unseen: style sheets, SVG, scripts."""
NEVER: Final = re.compile(
    r"application/(?:gzip|x-gzip|x-protobuf|zip|pdf|msexcel|mspowerpoint|msword|msword-template"
    r"|vnd\.(?:ms-(?:excel|powerpoint|word)|openxmlformats-officedocument|apple\.mpegurl).*)"
    r"|multipart/(?:byteranges|signed)|text/(?:event-stream|csv|vtt)|audio/mpegurl"
)
"""Types it never lets through."""
MARKUP: Final = re.compile(r"text/html|(?:text|application)/xml|.+\+xml")
DATA: Final = re.compile(r"(?:text|application)/json|.+\+json")
HTML: Final = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype html|script|html|head|iframe|h1|div|font|table|a|style"
    rb"|title|b|body|br|p|\?xml)",
    re.IGNORECASE | re.DOTALL,
)
JSON: Final = re.compile(rb'\s*\{\s*"(?:[^"\\]|\\.)*"\s*:|\)\]\}\'|\{\}&&|for\(;;\);|while\(1\);')
MEDIA: Final = re.compile(
    rb"\x89PNG\r\n\x1a\n|GIF8[79]a|\xff\xd8\xff|BM|RIFF....WEBP|\x00\x00\x01\x00|OggS|ID3"
    rb"|RIFF....WAVE|\x1a\x45\xdf\xa3|....ftyp",
    re.DOTALL,
)


def blocked(exchange: Exchange, request: Request, *, whole: bool) -> Finding | None:
    """Why the page never gets this answer; None if nothing on the wire blocks it.

    `whole` says the body is there, as far as it will ever be.
    """
    if request.is_navigation or request.site in {"same-origin", None}:
        return None
    if request.mode == "cors":
        return _cors(exchange, request)
    if request.mode == "no-cors":
        return _corp(exchange, request) or _opaque(exchange, whole=whole)
    return None


def passes_for_sure(exchange: Exchange, request: Request) -> bool:
    """Whether nothing about the body could make Chrome block the answer."""
    if request.is_navigation or request.site == "same-origin" or request.mode == "cors":
        return True
    if exchange.status in NO_BODY or exchange.status in REDIRECTS:
        return True
    body = exchange.response_body
    essence = _essence(exchange)
    if essence is not None and SAFE.fullmatch(essence):
        return True
    if body is None:
        return False
    return not body or MEDIA.match(body) is not None or essence in {None, "text/plain"}


def _cors(exchange: Exchange, request: Request) -> Finding | None:
    """https://fetch.spec.whatwg.org/#concept-cors-check ."""
    wanted = request.origin or (origin(request.referer) if request.referer else None) or "null"
    allowed = header_lines(exchange.response_lines, b"access-control-allow-origin")
    if not allowed:
        return BLOCKED_BY_CORS.at(origin=wanted, problem="no Access-Control-Allow-Origin")
    value = header_text(b", ".join(allowed))
    if value == "*" and not request.with_cookies:
        return None
    if value == "*":
        # Cookies can also be put in by a proxy or an extension.
        finding = BLOCKED_BY_CORS.at(
            origin=wanted, problem="* does not do for a request with cookies"
        )
        return replace(finding, certainty=Certainty.LIKELY, ground="the request carries cookies")
    if value != wanted:
        return BLOCKED_BY_CORS.at(origin=wanted, problem=f"Access-Control-Allow-Origin is {value}")
    return None


def _corp(exchange: Exchange, request: Request) -> Finding | None:
    """https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check ."""
    policy = exchange.response_header(b"cross-origin-resource-policy")
    if policy == "same-origin" or (policy == "same-site" and request.site == "cross-site"):
        return BLOCKED_BY_CORP.at(policy=policy, relation=request.site or "cross-site")
    return None


def _opaque(exchange: Exchange, *, whole: bool) -> Finding | None:
    """https://github.com/annevk/orb, as far as Chrome 138 has it."""
    essence = _essence(exchange)
    if essence is None or SAFE.fullmatch(essence) or _is_empty(exchange, whole=whole):
        return None
    if NEVER.fullmatch(essence):
        return _likely(essence, "a type Chrome blocks whatever it contains")
    body = exchange.response_body
    markup = MARKUP.fullmatch(essence) is not None
    known = body is not None and (whole or len(body) >= SNIFFED)
    sniffed = body if known and body is not None else b""
    if markup and HTML.match(sniffed) and not MEDIA.match(sniffed):
        return BLOCKED_AS_OPAQUE_HTML.at(what=essence)
    strict = (exchange.response_header(b"x-content-type-options") or "").lower() == "nosniff"
    if strict and (markup or essence == "text/plain" or DATA.fullmatch(essence)):
        return _likely(essence, f"nosniff and {essence}")
    if not known:
        return _likely(essence, "declared as HTML, the body is not known") if markup else None
    return _sniffed(essence, sniffed)


def _sniffed(essence: str, body: bytes) -> Finding | None:
    if essence == "text/plain" and HTML.match(body):
        return _likely(essence, "the body begins like HTML")
    if (essence == "text/plain" or DATA.fullmatch(essence)) and JSON.match(body):
        return _likely(essence, "the body begins like JSON")
    return None


def _is_empty(exchange: Exchange, *, whole: bool) -> bool:
    if exchange.status in NO_BODY or exchange.status in REDIRECTS:
        return True
    if exchange.response_header(b"content-length") == "0":
        return True
    return whole and exchange.response_body == b""


def _likely(what: str, ground: str) -> Finding:
    return replace(BLOCKED_AS_OPAQUE_HTML.at(what=what), certainty=Certainty.LIKELY, ground=ground)


def _essence(exchange: Exchange) -> str | None:
    """The media type without parameters, lower case; None without a usable one."""
    value = exchange.response_header(b"content-type")
    if value is None:
        return None
    essence = value.partition(";")[0].strip().lower()
    return essence if "/" in essence else None
