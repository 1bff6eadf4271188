"""Following redirects: which request is the next hop of which answer.

May live here: the chains under way and the joining of requests to them. Most redirects have
nothing to do with the API, so a chain is small until it has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct, field

from ara_inspector.chains.breaking import broken_off, is_followed, may_go_on, over_https
from ara_inspector.registrations import (
    RequestKind,
    critical_hints,
    eligible_of,
    redirect_location,
    refused,
    sent_hints,
)
from ara_inspector.spec.urls import origin, requested, resolve

if TYPE_CHECKING:
    from ara_inspector.chains.actions import Action
    from ara_inspector.exchange import Exchange
    from ara_inspector.findings import Finding
    from ara_inspector.registrations import PageFacts, Request

EARLY: Final = 0.05
"""Seconds a next hop may seem to start before its redirect was answered: clocks are coarse."""


class Lead(NamedTuple):
    """Where an answer sends the browser."""

    url: str
    """As it would be requested, or what Location says where that is no URL."""
    target: str | None
    """What Location says as a URL, None where it is none."""

    @property
    def requests(self) -> tuple[str, ...]:
        """The URLs the next request may have, none where Chrome follows no such redirect."""
        followed = self.target is not None and is_followed(self.target)
        return _spellings(self.url) if followed else ()


def lead_of(exchange: Exchange) -> Lead | None:
    """Where its answer sends the browser, None where nowhere."""
    location = redirect_location(exchange)
    if location is None:
        return None
    target = resolve(exchange.url, location)
    return Lead(location if target is None else requested(target), target)


class HopState(Struct):
    """One request of a chain."""

    flow_id: str
    method: str
    url: str
    started: float | None
    eligibility: tuple[str, ...] | None
    site: str | None = None
    """Sec-Fetch-Site."""
    status: int | None = None
    answered: float | None = None
    error: str | None = None
    refused: bool = False
    """Chrome refuses the answer of a navigation as a whole."""
    hints: frozenset[str] = frozenset()
    """Client hints of a navigation's request."""
    unsent: tuple[str, ...] = ()
    """Those that the answer calls critical and the request lacks: Chrome starts anew with them."""
    carried: bool = False
    """The request has them, but maybe only because the redirect before it carried them."""
    entries: list[int] = field(default_factory=list)
    """Numbers of the entries of what it registers."""


class Chain(Struct, eq=False):
    """A request and the redirects it went through, as far as they are known."""

    kind: RequestKind
    eligible_text: str | None
    """Of the last hop: its noise may differ from that of those before (`_is_sent_anew`)."""
    referer: str | None
    dest: str | None
    mode: str | None
    """Sec-Fetch-Mode."""
    user_agent: str | None
    page: PageFacts
    from_worker: bool = False
    """A worker made the request, going by what its headers lack."""
    by_itself: bool = False
    """A landing page moved on to it by script or markup."""
    number: int = 0
    """Given once the chain turns out to have to do with the API."""
    hops: list[HopState] = field(default_factory=list)
    next_url: str | None = None
    """Where the last answer sends the browser; None when it sends it nowhere."""
    since: float = 0.0
    given_up: bool = False
    """The next hop did not come in time."""
    asked_first: bool = False
    """A CORS preflight asked whether the next hop may be requested."""
    barred: bool = False
    """There will be no next hop: Chrome follows no redirect of this kind, or it is to no URL."""
    lost: Finding | None = None
    """Why Chrome breaks the chain off."""
    revived: bool = False
    """It was taken to be broken off, and went on: hops told before have to be told again."""
    lost_from: int = 0
    """The first hop whose registrations are lost by that."""
    ambiguous: bool = False
    """Another chain waited for the same request; the joining is likely only."""
    action: Action | None = None
    """The user action it is part of."""
    entry: int | None = None
    """The number of its card's entry."""

    @property
    def is_open(self) -> bool:
        """Whether it may still get a hop, or its action a navigation."""
        awaited = self.next_url is not None and not self.barred and not self.given_up
        return awaited or (self.action is not None and self.action.is_open)

    @property
    def is_unfollowed(self) -> bool:
        """Whether the request that the last answer leads to never came."""
        return self.given_up and self.next_url is not None and not self.barred


class Chains:
    """The chains of a session that wait for a next hop, limited in number and in age."""

    def __init__(self, limit: int, seconds: float) -> None:
        self._limit = limit
        self._seconds = seconds
        self._waiting: dict[str, list[Chain]] = {}
        self._queue: dict[Chain, None] = {}
        self._count = 0
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._queue)

    def expects(self, url: str) -> bool:
        """Whether a redirect leads to `url`; cheap."""
        return url in self._waiting

    def join(self, exchange: Exchange, request: Request, page: PageFacts) -> Chain:
        """The chain a request belongs to, with the request as its last hop."""
        if request.kind is RequestKind.PREFLIGHT:
            for waiting in self._waiting.get(exchange.url, ()):
                waiting.asked_first = True
        fitting = self._fitting(exchange, request)
        if fitting:
            # The one whose redirect was answered first, as all that fit look the same; one that
            # Chrome is taken to have broken off only if no other is left.
            chain = min(fitting, key=lambda chain: (chain.lost is not None, chain.since))
            chain.ambiguous = chain.ambiguous or len(fitting) > 1
            self._leave(chain)
            if may_go_on(chain, exchange.url):
                chain.lost, chain.revived = None, True
            chain.next_url, chain.asked_first = None, False
            chain.eligible_text = request.eligible_text
        else:
            chain = Chain(
                kind=request.kind,
                eligible_text=request.eligible_text,
                referer=request.referer,
                dest=request.dest,
                mode=request.mode,
                user_agent=request.user_agent,
                page=page,
            )
        navigates = chain.kind is RequestKind.NAVIGATION
        chain.hops.append(
            HopState(
                exchange.flow_id,
                exchange.method,
                exchange.url,
                exchange.started,
                request.eligibility,
                request.site,
                hints=sent_hints(exchange) if navigates else frozenset(),
            )
        )
        return chain

    def _fitting(self, exchange: Exchange, request: Request) -> list[Chain]:
        """The chains of which a request may be the next hop."""
        if request.kind is RequestKind.PREFLIGHT:
            return []
        waiting = self._waiting.get(exchange.url, ())
        fitting = [chain for chain in waiting if _fits(chain, exchange, request)]
        alike = [chain for chain in fitting if chain.eligible_text == request.eligible_text]
        return alike or fitting

    def answered(self, chain: Chain, number: int, exchange: Exchange) -> None:
        """Note the answer of hop `number`; wait for the next one if it redirects."""
        hop = chain.hops[number - 1]
        hop.status, hop.answered, hop.error = exchange.status, exchange.answered, exchange.error
        if chain.kind is RequestKind.NAVIGATION:
            hop.refused = refused(exchange, number, navigates=True) is not None
            critical = critical_hints(exchange)
            hop.unsent = tuple(sorted(critical - hop.hints))
            hop.carried = number > 1 and not critical.isdisjoint(chain.hops[number - 2].hints)
        lead = lead_of(exchange)
        if lead is None or hop.unsent:
            return
        chain.next_url, chain.since = lead.url, exchange.moment
        if chain.lost is None:
            chain.lost, chain.lost_from = broken_off(chain, lead.url, lead.target), number
        if not lead.requests:
            chain.barred = True
            return
        self._queue[chain] = None
        for url in lead.requests:
            self._waiting.setdefault(url, []).append(chain)
        if len(self._queue) > self._limit:
            self._give_up(next(iter(self._queue)))
            self.dropped += 1

    def number(self, chain: Chain) -> int:
        """The chain's number, from 1 in the order they were first asked for."""
        if not chain.number:
            self._count += 1
            chain.number = self._count
        return chain.number

    def expire(self, now: float) -> list[Chain]:
        """Give up the chains whose next hop is overdue."""
        overdue = []
        for chain in self._queue:
            if now - chain.since <= self._seconds:
                break
            overdue.append(chain)
        for chain in overdue:
            self._give_up(chain)
        return overdue

    def finish(self) -> list[Chain]:
        """Give up all: no more requests will come."""
        rest = list(self._queue)
        for chain in rest:
            self._give_up(chain)
        return rest

    def _give_up(self, chain: Chain) -> None:
        self._leave(chain)
        chain.given_up = True

    def _leave(self, chain: Chain) -> None:
        self._queue.pop(chain, None)
        for url in _spellings(chain.next_url or ""):
            others = [other for other in self._waiting.get(url, ()) if other is not chain]
            if others:
                self._waiting[url] = others
            else:
                self._waiting.pop(url, None)


def _spellings(target: str) -> tuple[str, ...]:
    """The URLs a redirect may be requested under: Chrome upgrades http on its own account."""
    if target.startswith("http:"):
        return (target, over_https(target))
    return (target,)


def _fits(chain: Chain, exchange: Exchange, request: Request) -> bool:
    if exchange.started is not None and exchange.started < chain.since - EARLY:
        return False
    # Chrome draws Eligible's noise once for all it redirects: other bytes, other chain.
    alike = request.eligible_text == chain.eligible_text
    if not alike and not _is_sent_anew(chain, exchange, request):
        return False
    if request.dest is not None and chain.dest is not None and request.dest != chain.dest:
        return False
    return request.user_agent == chain.user_agent and _names_alike(chain.referer, request.referer)


def _names_alike(first: str | None, later: str | None) -> bool:
    """Whether Referer may be so at a later hop.

    It never becomes the hop before, but is cut to the origin where a chain leaves that, and is
    lost at an http hop.
    """
    if later is None or later == first:
        return True
    return first is not None and later == f"{origin(first)}/"


def _is_sent_anew(chain: Chain, exchange: Exchange, request: Request) -> bool:
    """Whether a CORS request is not redirected but made anew, which draws Eligible's noise again.

    Chrome does so where the redirect leaves the origin of the page, changes the method, or needs a
    preflight.
    """
    last = chain.hops[-1]
    leaves = last.site == "same-origin" and request.site != "same-origin"
    return (
        chain.mode == request.mode == "cors"
        and (leaves or exchange.method != last.method or chain.asked_first)
        and request.eligible is not None
        and chain.eligible_text is not None
        and request.eligible == eligible_of(chain.eligible_text)
    )
