"""Client hints a navigation's answer cannot do without.

May live here: reading Accept-CH and Critical-CH against what the request sent. Chrome throws such
an answer away and starts the navigation anew, from its first URL, with the hints.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import http_sf

from ara_inspector.exchange import header_lines, header_text
from ara_inspector.findings import Finding
from ara_inspector.spec.structured import read_list
from ara_inspector.spec.urls import reporting_origin

if TYPE_CHECKING:
    from ara_inspector.exchange import Exchange

SENT: Final = frozenset(
    {
        *("sec-ch-ua-arch", "sec-ch-ua-bitness", "sec-ch-ua-form-factors"),
        *("sec-ch-ua-full-version", "sec-ch-ua-full-version-list", "sec-ch-ua-model"),
        *("sec-ch-ua-platform-version", "sec-ch-ua-wow64"),
        *("sec-ch-device-memory", "sec-ch-dpr", "sec-ch-viewport-height", "sec-ch-viewport-width"),
        *("sec-ch-prefers-color-scheme", "sec-ch-prefers-reduced-motion"),
        *("sec-ch-prefers-reduced-transparency", "device-memory", "dpr", "viewport-width"),
    }
)
"""Hints for which Chromium 138 was seen to ask again; for others (`width`, `rtt`, those that are
always there) it was not."""


def sent_hints(exchange: Exchange) -> frozenset[str]:
    """The hints that a request has, of those that are not always there; in lower case."""
    names = (name.lower().decode("latin-1") for name, _ in exchange.request_lines)
    return SENT.intersection(names)


def critical_hints(exchange: Exchange) -> frozenset[str]:
    """The hints that a navigation's answer calls critical, in lower case.

    They count where Accept-CH asks for them as well, on a secure connection.
    https://datatracker.ietf.org/doc/html/draft-davidben-http-client-hint-reliability
    """
    critical = _tokens(exchange, b"critical-ch")
    if not critical or reporting_origin(exchange.url) is None:
        return frozenset()
    return SENT & critical & _tokens(exchange, b"accept-ch")


def _tokens(exchange: Exchange, name: bytes) -> frozenset[str]:
    """The tokens of a header that is a list of them; none if it is no such list."""
    lines = header_lines(exchange.response_lines, name)
    members = read_list(", ".join(map(header_text, lines))) if lines else ()
    if isinstance(members, Finding):
        return frozenset()
    return frozenset(str(m.value).lower() for m in members if isinstance(m.value, http_sf.Token))
