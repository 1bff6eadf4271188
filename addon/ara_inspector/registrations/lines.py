"""The ARA header lines of a response, put together as Chrome does.

May live here: collecting lines by name and joining the ones given twice, with the rules (HDR)
about lines. What a value means is read elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.exchange import header_text
from ara_inspector.findings import Rule, Severity
from ara_inspector.registrations.registration import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ara_inspector.exchange import Exchange, HeaderLines
    from ara_inspector.findings import Finding

PREFIX: Final = b"attribution-reporting-"
PREFIX_LENGTH: Final = len(PREFIX)
INFO: Final = "attribution-reporting-info"
REDIRECT_HEADERS: Final = ("attribution-reporting-redirect", "attribution-reporting-redirects")
KINDS: Final = {kind.header.lower(): kind for kind in Kind}
KNOWN: Final = frozenset({INFO, *REDIRECT_HEADERS, *KINDS})

HEADER_GIVEN_TWICE: Final = Rule(
    "HDR010",
    "header-given-twice",
    Severity.WARNING,
    'the header {name} is given {times} times: Chrome joins the lines with ", " into one value',
)
HEADER_NAME_UNKNOWN: Final = Rule(
    "HDR011",
    "header-name-unknown",
    Severity.WARNING,
    "{name} is no header of the API; Chrome does not look at it",
)
HEADER_ONLY_FOR_REQUESTS: Final = Rule(
    "HDR012",
    "header-only-for-requests",
    Severity.NOTE,
    "{name} on an answer means nothing: browsers send it, servers do not",
)


class AnswerHeaders(Struct, frozen=True, gc=False):
    """The ARA headers of one response, each joined to one value."""

    registrations: Mapping[Kind, str]
    info: str | None
    redirects: tuple[str, ...]
    """Values of Attribution-Reporting-Redirect, which Chrome ignores."""
    findings: Mapping[str, tuple[Finding, ...]]
    """By lower-case header name."""


def has_ara_lines(exchange: Exchange) -> bool:
    """Whether the response carries any header of the API; cheap, most carry none."""
    return any_ara_line(exchange.response_lines)


def any_ara_line(lines: HeaderLines) -> bool:
    """Whether any of these lines is a header of the API."""
    for key, _ in lines:
        if len(key) >= PREFIX_LENGTH and key[:PREFIX_LENGTH].lower() == PREFIX:
            return True
    return False


def read_lines(exchange: Exchange) -> AnswerHeaders:
    """The ARA headers of a response."""
    values: dict[str, list[str]] = {}
    spelling: dict[str, str] = {}
    for key, value in exchange.response_lines:
        if len(key) >= PREFIX_LENGTH and key[:PREFIX_LENGTH].lower() == PREFIX:
            name = header_text(key).lower()
            spelling.setdefault(name, header_text(key))
            # DevTools writes the lines of a repeated header into HARs as one, with line ends.
            values.setdefault(name, []).extend(header_text(value).split("\n"))
    findings: dict[str, tuple[Finding, ...]] = {}
    for name, lines in values.items():
        if name in {"attribution-reporting-eligible", "attribution-reporting-support"}:
            findings[name] = (HEADER_ONLY_FOR_REQUESTS.at(name=spelling[name]),)
        elif name not in KNOWN:
            findings[name] = (HEADER_NAME_UNKNOWN.at(name=spelling[name]),)
        elif len(lines) > 1 and name not in REDIRECT_HEADERS:
            findings[name] = (HEADER_GIVEN_TWICE.at(name=spelling[name], times=len(lines)),)
    joined = {name: ", ".join(lines) for name, lines in values.items()}
    return AnswerHeaders(
        registrations={kind: joined[name] for name, kind in KINDS.items() if name in joined},
        info=joined.get(INFO),
        redirects=tuple(line for name in REDIRECT_HEADERS for line in values.get(name, ())),
        findings=findings,
    )
