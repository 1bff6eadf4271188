"""One request and its answer, as the wire had them.

May live here: the frozen `Exchange`, reading its headers as bytes or text, and what HTTP's
statuses mean. No judgement, no mitmproxy: `flows` makes exchanges from flows, flow files and HAR.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct, field

LAST: Final = 253_402_128_000.0
"""Two days before the year 10,000, which no calendar of Python knows, whatever the time zone."""
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
"""Statuses of answers that send the browser elsewhere, if they say where."""
ERROR_STATUS: Final = 400
"""The first status of those that tell of an error."""

type HeaderLines = tuple[tuple[bytes, bytes], ...]
"""Header lines in wire order, names and values as sent."""


def header_text(value: bytes) -> str:
    """A header value as text: UTF-8, undecodable bytes kept as lone surrogates."""
    return value.decode("utf-8", "surrogateescape")


def header_lines(lines: HeaderLines, name: bytes) -> list[bytes]:
    """Every value sent under `name` (lower case), in wire order."""
    size = len(name)
    return [value for key, value in lines if len(key) == size and key.lower() == name]


def time_of(value: object) -> float | None:
    """What a recording has as a time: seconds since the epoch, None where they can be none."""
    if isinstance(value, float | int) and 0 <= value < LAST:
        return value
    return None


class Exchange(Struct, frozen=True, gc=False, kw_only=True):
    """One request and, when it came, its answer.

    Times are seconds since the epoch, None where the recording has none. `url` is absolute,
    without fragment, as the proxy saw it. Bodies are None where they were not kept; only
    report bodies, key answers, pages and the first bytes of other answers are of interest.
    """

    flow_id: str
    method: str
    url: str
    request_lines: HeaderLines
    started: float | None
    status: int | None = None
    """None while no answer has come (or none ever will: see `error`)."""
    response_lines: HeaderLines = ()
    answered: float | None = None
    """When the answer's headers began."""
    finished: float | None = None
    """When the answer was complete; None if it never was."""
    request_body: bytes | None = None
    response_body: bytes | None = None
    http_version: str = "HTTP/1.1"
    error: str | None = None
    """What the proxy says went wrong, if something did."""
    connection: str = ""
    """The client connection's id: equal for exchanges of one connection, else says nothing."""
    lacks: frozenset[str] = field(default_factory=frozenset)
    """What this recording cannot show: of "connection", "answered", "error", "header-lines"."""

    @property
    def moment(self) -> float:
        """When it was answered, else when it began; 0.0 where the recording tells neither."""
        return self.answered or self.started or 0.0

    def request_header(self, name: bytes) -> str | None:
        """The first value of request header `name` (lower case), or None."""
        return _first(self.request_lines, name)

    def response_header(self, name: bytes) -> str | None:
        """The first value of response header `name` (lower case), or None."""
        return _first(self.response_lines, name)


def _first(lines: HeaderLines, name: bytes) -> str | None:
    size = len(name)
    for key, value in lines:
        if len(key) == size and key.lower() == name:
            return header_text(value)
    return None
