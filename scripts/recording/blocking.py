"""Scenarios of Opaque Response Blocking: which answers Chrome takes away from the page.

Each page has many images, each answered by a reporting host of its own with a source of its own
number, so that the truth tells which of the answers registered. `recording.measured` makes the
tables of `fixtures/MEASURED.md` of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from recording.answers import (
    GIF,
    SHOP,
    Answer,
    Header,
    numbered_source,
    numbered_trigger,
    page,
    redirect,
)
from recording.scenario import Click, Outcome, Scenario, Visit

if TYPE_CHECKING:
    from collections.abc import Iterable

NEWS = "news.example"
MARKUP = b"<html><body>hello</body></html>"
WORDS = b"just words"
JSON = b'{"a": 1}'
TYPES = (
    *("", "nonsense", "x/y"),
    *("text/html", "application/xhtml+xml", "text/xml", "application/xml", "application/rss+xml"),
    *("text/plain", "text/css", "text/javascript"),
    *("application/javascript", "application/x-javascript"),
    *("application/json", "text/json", "application/ld+json", "application/json+protobuf"),
    *("image/gif", "image/png", "image/svg+xml", "audio/mpeg", "video/mp4", "font/woff2"),
    *("text/vtt", "application/x-mpegurl"),
    *("application/wasm", "application/webbundle", "application/octet-stream"),
    *("application/x-protobuf", "text/csv", "text/event-stream"),
    *("application/pdf", "application/msword", "application/zip", "application/gzip"),
)


@dataclass(frozen=True, slots=True)
class Case:
    """One answer to an image, as far as Opaque Response Blocking may look at it."""

    kind: str = "text/html"
    """Content-Type, without one if empty; lines are parted by `|`."""
    body: bytes = MARKUP
    nosniff: bool = False
    status: int = 200

    def answer(self, registration: Header) -> Answer:
        """The response."""
        types = tuple(("content-type", line) for line in self.kind.split("|") if line)
        strict = (("x-content-type-options", "nosniff"),) if self.nosniff else ()
        return Answer(self.status, (*types, *strict, registration), self.body)


def _images(name: str, note: str, first: int, cases: Iterable[Case], *, sources: int) -> Scenario:
    answers = {
        f"r{number}.example/": case.answer(numbered_source(number))
        for number, case in enumerate(cases, first)
    }
    images = "".join(f'<img attributionsrc src="https://{place}">' for place in answers)
    return Scenario(
        name,
        note,
        (Visit(f"https://{NEWS}/"),),
        {f"{NEWS}/": page(images)} | answers,
        Outcome(sources=sources),
    )


ORB_TYPES_MARKUP = _images(
    "orb_types_markup",
    "the same HTML as an image under many content types",
    1100,
    (Case(kind) for kind in TYPES),
    sources=7,
)
ORB_TYPES_WORDS = _images(
    "orb_types_words",
    "the same few words as an image under many content types",
    1200,
    (Case(kind, WORDS) for kind in TYPES),
    sources=28,
)

BEGINNINGS = (
    *(b"<!DOCTYPE html>x", b"<html>", b"<HTML>", b" \n<html>", b"<html", b"<htmlx>"),
    *(b"<head>", b"<title>x", b"<style>", b"<script>", b"<body>", b"<div>x", b"<p>x", b"<br>"),
    *(b"<a href=x>", b"<b>x", b"<h1>x", b"<font>", b"<table>", b"<iframe>"),
    *(b"<h2>x", b"<span>x", b"<img src=x>", b"<ul>", b"<!-- a -->", b"<!-- a --><html>"),
    *(b"<?xml version='1.0'?><a/>", b"\xef\xbb\xbf<html>"),
    *(b" " * blanks + b"<html>" for blanks in (1018, 1019, 1020, 1100)),
    *(JSON, b"\n{\n 'a': 1}", b'{ "a" :', b"{}", b"[1]", b'[{"a": 1}]', b'"a"'),
    *(b")]}'\n{}", b"{}&&{}", b"for(;;);{}", b"while(1);{}", b"%PDF-1.4", GIF, WORDS, b""),
)
ORB_BEGINNINGS = _images(
    "orb_beginnings",
    "what a text/html answer may begin with",
    1300,
    (Case(body=body) for body in BEGINNINGS),
    sources=18,
)

ORB_BODIES = _images(
    "orb_bodies",
    "the same bodies under the content types of ad-tech's answers",
    1400,
    (
        Case(kind, body)
        for body, kind in product(
            (b"", b"{}", JSON, b"[1]", b")]}'\n{}", b"for(;;);{}", BEGINNINGS[26], b"%PDF-1.4"),
            ("text/plain", "text/javascript", "application/json", "application/xml", "image/gif"),
        )
    ),
    sources=20,
)

ORB_NOSNIFF = _images(
    "orb_nosniff",
    "X-Content-Type-Options: nosniff, with and without what the type promises",
    1500,
    (
        *(
            Case(kind, body, nosniff=True)
            for kind, body in product(
                (
                    *("", "text/html", "text/html; charset=utf-8", "TEXT/HTML", "text/xml"),
                    *("text/plain", "application/json", "application/ld+json"),
                    *("image/gif", "image/svg+xml", "text/javascript", "text/css"),
                    *("application/octet-stream", "text/html|image/gif", "image/gif|text/html"),
                ),
                (b"", WORDS, MARKUP),
            )
        ),
        Case(body=GIF, nosniff=True),
        Case("image/gif", GIF, nosniff=True),
    ),
    sources=18,
)

ORB_STATUSES = _images(
    "orb_statuses",
    "answers of other statuses than 200",
    1600,
    (
        *(
            Case(kind, body, status=status)
            for status, (kind, body) in product(
                (206, 404, 500),
                (
                    *(("text/html", MARKUP), ("text/html", WORDS), ("text/html", b"")),
                    *(("", WORDS), ("text/plain", WORDS), ("image/gif", WORDS)),
                    ("application/json", WORDS),
                ),
            )
        ),
        *(
            Case("text/html", b"", nosniff, status)
            for status, nosniff in product((204, 304), (False, True))
        ),
        *(Case("text/html", b"", nosniff=True, status=status) for status in (404, 500)),
        *(Case("", b"", status=401), Case("text/html", b"", status=401)),
    ),
    sources=22,
)

_HTML = Case()
_FETCH = "{mode: 'no-cors', attributionReporting: {eventSourceEligible: true,"

ORB_REQUESTS = Scenario(
    "orb_requests",
    "HTML as the answer to each kind of request; the paths tell which it is",
    (Visit(f"https://{NEWS}/"), Click("a")),
    {
        f"{NEWS}/": page(
            '<img attributionsrc src="https://r1701.example/image">'
            '<script attributionsrc src="https://r1702.example/script"></script>'
            '<img attributionsrc="https://r1703.example/background">'
            '<img attributionsrc="https://r1704.example/background-json">'
            f"<script>fetch('https://r1705.example/fetch', {_FETCH} triggerEligible: true}}}})"
            "</script>"
            '<img src="https://r1706.example/plain-image-with-a-trigger">'
            '<img attributionsrc src="https://media.news.example/image-of-the-same-site">'
            '<img attributionsrc src="/image-of-the-same-origin">'
            '<img attributionsrc src="https://r1709.example/image-that-redirects">'
            '<a attributionsrc="https://r1711.example/background-of-a-click"'
            ' href="https://r1712.example/click">Shoes</a>'
        ),
        "r1701.example/image": _HTML.answer(numbered_source(1701)),
        "r1702.example/script": _HTML.answer(numbered_source(1702)),
        "r1703.example/background": _HTML.answer(numbered_source(1703)),
        "r1704.example/background-json": Case("application/json", JSON).answer(
            numbered_source(1704)
        ),
        "r1705.example/fetch": _HTML.answer(numbered_source(1705)),
        "r1706.example/plain-image-with-a-trigger": _HTML.answer(numbered_trigger(1706)),
        "media.news.example/image-of-the-same-site": _HTML.answer(numbered_source(1707)),
        f"{NEWS}/image-of-the-same-origin": _HTML.answer(numbered_source(1708)),
        "r1709.example/image-that-redirects": Answer(
            302,
            (
                ("content-type", "text/html"),
                ("location", "https://r1710.example/image-redirected-to"),
                numbered_source(1709),
            ),
            MARKUP,
        ),
        "r1710.example/image-redirected-to": _HTML.answer(numbered_source(1710)),
        "r1711.example/background-of-a-click": _HTML.answer(numbered_source(1711)),
        "r1712.example/click": redirect(f"{SHOP}/", numbered_source(1712)),
        "shop.example/": page("<h1>Shoes</h1>"),
    },
    Outcome(sources=3),
)

BLOCKING = (
    ORB_TYPES_MARKUP,
    ORB_TYPES_WORDS,
    ORB_BEGINNINGS,
    ORB_BODIES,
    ORB_NOSNIFF,
    ORB_STATUSES,
    ORB_REQUESTS,
)
