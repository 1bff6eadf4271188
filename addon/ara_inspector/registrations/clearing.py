"""Clear-Site-Data: answers upon which Chrome deletes what their origin has registered.

May live here: which answers do so. What there is to delete, the simulation of the browser knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ara_inspector.exchange import header_lines
from ara_inspector.registrations.registration import RequestKind
from ara_inspector.spec.urls import reporting_origin

if TYPE_CHECKING:
    from ara_inspector.exchange import Exchange
    from ara_inspector.registrations.request import Request

CLEAR_SITE_DATA: Final = b"clear-site-data"
DELETING: Final = frozenset({b'"storage"', b'"*"'})
"""What the header has to name, spelt exactly so."""
ALWAYS: Final = frozenset({RequestKind.NAVIGATION, RequestKind.BACKGROUND, RequestKind.BEACON})
"""Requests that go with credentials whatever the page says."""
SAME_ORIGIN: Final = "same-origin"


def cleared_origin(exchange: Exchange, request: Request) -> str | None:
    """The reporting origin whose sources and pending reports Chrome deletes; mostly None.

    Answers to requests without credentials clear nothing, and those of other sites' frames only
    what is kept apart for them. https://w3c.github.io/webappsec-clear-site-data/#header
    """
    lines = header_lines(exchange.response_lines, CLEAR_SITE_DATA)
    named = (name.strip(b" \t") for line in lines for name in line.split(b","))
    if DELETING.isdisjoint(named) or not _with_credentials(request):
        return None
    return reporting_origin(exchange.url)


def _with_credentials(request: Request) -> bool:
    if request.kind is RequestKind.FRAME:
        return request.site == SAME_ORIGIN
    return (
        request.kind in ALWAYS
        or (request.kind is RequestKind.ELEMENT and request.mode == "no-cors")
        or request.with_cookies
        or request.with_credentials
        or (request.kind is RequestKind.FETCH and request.site == SAME_ORIGIN)
    )
