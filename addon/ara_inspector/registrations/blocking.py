"""Answers the page never gets: CORS, Cross-Origin-Resource-Policy, Opaque Response Blocking.

May live here: the three checks, over one exchange and its page, and their rules. A blocked
answer registers nothing, and the browser says nothing about it: no issue, no report.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ara_inspector.exchange import REDIRECTS, header_lines, header_text
from ara_inspector.findings import Finding, Rule, Severity, Words
from ara_inspector.spec.urls import origin, site

if TYPE_CHECKING:
    from ara_inspector.exchange import Exchange
    from ara_inspector.registrations.page import PageFacts
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
BLOCKED_BY_EMBEDDER: Final = Rule(
    "RSP062",
    "blocked-by-embedder-policy",
    Severity.ERROR,
    "the Cross-Origin-Embedder-Policy of {page} is require-corp, and the answer has no "
    "Cross-Origin-Resource-Policy: it is kept from the page",
)
BLOCKED_AS_OPAQUE: Final = Rule(
    "RSP042",
    "blocked-as-opaque",
    Severity.ERROR,
    "an answer ({what}) that looks like HTML, JSON or a document to a cross-origin request that "
    "is no navigation: Opaque Response Blocking takes it away, headers and all",
)

STYLE_REFUSED: Final = Rule(
    "RSP071",
    "stylesheet-refused",
    Severity.ERROR,
    "a stylesheet that is {what} and nosniff: Chrome refuses it, headers and all",
)

ALLOW_ORIGIN: Final = b"access-control-allow-origin"
POLICIES: Final = frozenset({"same-origin", "same-site", "cross-origin"})
"""The values of Cross-Origin-Resource-Policy; with any other there is none."""
SNIFFED: Final = 1_024
"""Bytes of a body Chrome looks at here."""
SAFE: Final = re.compile(r"text/css|image/svg\+xml|text/vtt|audio/.+|video/.+")
"""Types that pass unseen."""
NEVER: Final = re.compile(
    r"application/(?:x-gzip|gzip|x-protobuf|zip|pdf|msexcel|mspowerpoint|msword|msword-template"
    r"|vnd\.(?:ms-(?:excel|powerpoint|word)|openxmlformats-officedocument).*)"
    r"|multipart/(?:byteranges|signed)|text/(?:event-stream|csv)"
)
"""Types that never pass."""
MARKUP: Final = re.compile(r"text/html|(?:text|application)/xml|.+\+xml")
DATA: Final = re.compile(r"(?:text|application)/json|.+\+json|text/plain")
PROTECTED: Final = re.compile(
    # Prefixes, not whole tags; comments before them are not skipped.
    rb"\s*<(?:!doctype html|script|html|head|iframe|h1|div|font|table|a|style|title|b|body|br|p"
    rb"|\?xml)"
    rb"|\s*\{\s*\"(?:[^\"\\]|\\.)*\"\s*:"
    rb"|\)\]\}'|\{\}&&|for\(;;\);|while\(1\);",
    re.IGNORECASE | re.DOTALL,
)
"""What a body must not begin with, whatever its type: HTML, XML, JSON, guards against XSSI."""
MEDIA: Final = re.compile(
    rb"\x89PNG\r\n\x1a\n|GIF8[79]a|\xff\xd8\xff|BM|RIFF....WEBP|\x00\x00\x01\x00|OggS|ID3"
    rb"|RIFF....WAVE|\x1a\x45\xdf\xa3|....ftyp",
    re.DOTALL,
)


def blocked(
    exchange: Exchange, request: Request, page: PageFacts, hop: int = 1, *, whole: bool
) -> Finding | None:
    """Why the page never gets this answer; None if nothing on the wire blocks it.

    `whole` says the body is there, as far as it will ever be.
    """
    if request.is_navigation:
        return None
    return _withheld(exchange, request, page, hop, whole=whole) or _style(exchange, request)


def _withheld(
    exchange: Exchange, request: Request, page: PageFacts, hop: int, *, whole: bool
) -> Finding | None:
    if request.site in {"same-origin", None}:
        return None
    if request.mode == "cors":
        return _cors(exchange, request)
    if request.mode != "no-cors":
        return None
    relation = _relation(exchange, request, page) if hop > 1 else request.site
    if relation == "same-origin":
        return None
    finding = _corp(exchange, relation, page) or _opaque(exchange, whole=whole)
    if finding is None or hop == 1 or page.origin is not None or request.referer is not None:
        return finding
    return finding.inferred(page.site.ground)


def _relation(exchange: Exchange, request: Request, page: PageFacts) -> str | None:
    """What the answer's origin is to the page's.

    Sec-Fetch-Site tells of the farthest hop so far, the checks look only at this one.
    """
    asking = page.origin or (origin(request.referer) if request.referer else page.site.origin)
    own = origin(exchange.url)
    if asking == own:
        return "same-origin"
    if asking is not None and own is not None and site(asking) == site(own):
        return "same-site"
    return request.site


def passes_for_sure(exchange: Exchange, request: Request, hop: int = 1) -> bool:
    """Whether nothing about the body or a guessed page could make Chrome block the answer."""
    if request.is_navigation or request.site == "same-origin":
        return True
    if request.mode == "cors":
        # With * it depends on credentials, which older versions do not show.
        return _joined(exchange, ALLOW_ORIGIN) == _asking(request)
    if _is_kept_close(exchange) and hop > 1 and request.referer is None:
        return False
    if exchange.status in REDIRECTS or exchange.response_body is not None:
        return True
    essence = _essence(exchange)
    return essence is None or SAFE.fullmatch(essence) is not None


def _cors(exchange: Exchange, request: Request) -> Finding | None:
    """https://fetch.spec.whatwg.org/#concept-cors-check ."""
    wanted = _asking(request)
    value = _joined(exchange, ALLOW_ORIGIN)
    if value is None:
        return BLOCKED_BY_CORS.at(origin=wanted, problem=Words("no Access-Control-Allow-Origin"))
    if value not in {"*", wanted}:
        problem = Words.quoting("Access-Control-Allow-Origin is {}", value)
        return BLOCKED_BY_CORS.at(origin=wanted, problem=problem)
    if not (request.with_credentials or request.with_cookies):
        return None
    if value == "*":
        problem = Words("* does not do with credentials")
        finding = BLOCKED_BY_CORS.at(origin=wanted, problem=problem)
    elif _joined(exchange, b"access-control-allow-credentials") != "true":
        problem = Words("no Access-Control-Allow-Credentials")
        finding = BLOCKED_BY_CORS.at(origin=wanted, problem=problem)
    else:
        return None
    if request.with_credentials:
        return finding
    # Cookies can also be put in by a proxy or an extension.
    return finding.inferred("the request carries cookies")


def _asking(request: Request) -> str:
    """The origin that CORS has to allow."""
    return request.origin or (origin(request.referer) if request.referer else None) or "null"


def _joined(exchange: Exchange, name: bytes) -> str | None:
    """The value as Chrome reads it: blanks around lines are no part, more lines make a list."""
    lines = header_lines(exchange.response_lines, name)
    return header_text(b", ".join(line.strip(b" \t") for line in lines)) if lines else None


def _is_kept_close(exchange: Exchange) -> bool:
    """Whether the answer is not for pages of every site."""
    return _joined(exchange, b"cross-origin-resource-policy") in POLICIES - {"cross-origin"}


def _corp(exchange: Exchange, relation: str | None, page: PageFacts) -> Finding | None:
    """https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check ."""
    policy = _joined(exchange, b"cross-origin-resource-policy")
    if policy == "same-origin" or (policy == "same-site" and relation == "cross-site"):
        told = "same-site" if relation == "same-site" else "cross-site"
        return BLOCKED_BY_CORP.at(policy=Words(policy), relation=Words(told))
    if page.embedder is None or policy in POLICIES:
        return None
    finding = BLOCKED_BY_EMBEDDER.at(page=page.embedder)
    return finding.inferred(page.site.ground)


def _opaque(exchange: Exchange, *, whole: bool) -> Finding | None:
    """https://github.com/annevk/orb, as Chrome 138 was measured to do it.

    It is stricter than its text: a body that looks like HTML or JSON is blocked under any type,
    scripts and images included.
    """
    essence = _essence(exchange)
    if exchange.status in REDIRECTS or essence is None or SAFE.fullmatch(essence):
        return None
    protected = MARKUP.fullmatch(essence) is not None
    strict = (exchange.response_header(b"x-content-type-options") or "").lower() == "nosniff"
    if NEVER.fullmatch(essence) or (strict and (protected or DATA.fullmatch(essence))):
        return BLOCKED_AS_OPAQUE.at(what=essence)
    body = exchange.response_body
    if body is not None and (whole or len(body) >= SNIFFED):
        seen = body[:SNIFFED]
        blocks = PROTECTED.match(seen) and not MEDIA.match(seen)
        return BLOCKED_AS_OPAQUE.at(what=essence) if blocks else None
    if not protected or exchange.response_header(b"content-length") == "0":
        return None
    finding = BLOCKED_AS_OPAQUE.at(what=essence)
    return finding.inferred("declared as markup, the body is not known")


def _style(exchange: Exchange, request: Request) -> Finding | None:
    """https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-nosniff? ."""
    if request.dest != "style" or exchange.status in REDIRECTS:
        return None
    essence = _essence(exchange)
    options = _joined(exchange, b"x-content-type-options") or ""
    if essence == "text/css" or options.partition(",")[0].strip().lower() != "nosniff":
        return None
    return STYLE_REFUSED.at(what=essence or Words("of no type"))


def _essence(exchange: Exchange) -> str | None:
    """The media type without parameters, lower case; None without a usable one.

    https://fetch.spec.whatwg.org/#concept-header-extract-mime-type : the last of several counts.
    """
    lines = header_lines(exchange.response_lines, b"content-type")
    essence = None
    for value in header_text(b",".join(lines)).split(","):
        candidate = value.partition(";")[0].strip().lower()
        if "/" in candidate and candidate != "*/*":
            essence = candidate
    return essence
