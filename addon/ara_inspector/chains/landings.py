"""Pages that send the browser on by themselves: a new request, not another hop.

May live here: remembering where clicks landed, and the rule (CHN) about leaving at once.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.findings import Finding, Rule, Severity
from ara_inspector.registrations import RequestKind
from ara_inspector.spec.urls import origin

if TYPE_CHECKING:
    from ara_inspector.exchange import Exchange
    from ara_inspector.registrations import Request

AT_ONCE: Final = 5.0
"""Seconds after which leaving a page is nothing special."""
REMEMBERED: Final = 64

MOVED_ON_BY_ITSELF: Final = Rule(
    "CHN013",
    "moved-on-by-itself",
    Severity.NOTE,
    "the page {page} sent the browser on by script or markup: a new request that is not eligible, "
    "not the next hop of the click's chain",
)


class _Landing(Struct, frozen=True, gc=False):
    origin: str | None
    url: str
    time: float
    user_agent: str | None


class Landings:
    """Where the latest eligible navigations ended."""

    def __init__(self) -> None:
        self._latest: deque[_Landing] = deque(maxlen=REMEMBERED)

    def landed(self, exchange: Exchange, request: Request) -> None:
        """An eligible navigation ended on a page."""
        landing = _Landing(origin(exchange.url), exchange.url, exchange.moment, request.user_agent)
        self._latest.append(landing)

    def left(self, exchange: Exchange, request: Request) -> Finding | None:
        """Whether a new navigation is a landing page's own doing."""
        if (
            request.kind is not RequestKind.NAVIGATION
            or request.activated
            or request.eligible_text is not None
            or request.referer is None
        ):
            return None
        came_from = origin(request.referer)
        time = exchange.started or 0.0
        for landing in reversed(self._latest):
            if (
                landing.origin == came_from
                and landing.user_agent == request.user_agent
                and 0 <= time - landing.time <= AT_ONCE
            ):
                finding = MOVED_ON_BY_ITSELF.at(page=landing.url)
                ground = "its Referer, the moment, and no user action"
                return finding.inferred(ground)
        return None
