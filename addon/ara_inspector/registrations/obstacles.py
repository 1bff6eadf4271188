"""What keeps a whole response from registering, whatever its headers say.

May live here: the circumstances of a response, and the obstacles in the order Chrome meets them,
with their rules. What one header says and is worth is judged in `outcome`.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.exchange import REDIRECTS, header_lines
from ara_inspector.findings import Certainty, Finding, Rule, Severity, Verdict, Words
from ara_inspector.registrations.blocking import blocked
from ara_inspector.registrations.page import NO_PAGE, PageFacts
from ara_inspector.registrations.registration import RequestKind
from ara_inspector.registrations.request import WORKERS
from ara_inspector.spec.urls import origin, reporting_origin

if TYPE_CHECKING:
    from ara_inspector.exchange import Exchange, HeaderLines
    from ara_inspector.registrations.request import Request
    from ara_inspector.spec.support import Support

REDIRECT_LIMIT: Final = 20
"""Redirects Chrome follows; the answer that asks for one more is an error."""
NAVIGATION_REDIRECT_LIMIT: Final = 19
"""The same of a navigation."""
NOT_MODIFIED: Final = 304
PROXY_AUTHENTICATION: Final = 407
ASKED_AGAIN_FOR: Final = frozenset({421, 425})
"""Statuses for which Chrome makes the same request once more, by itself."""
NOT_ASCII: Final = 0x80
"""From here on Chrome escapes the bytes of a Location before it reads it as a URL."""
ON_THE_WIRE: Final = "the wire shows it"
"""The ground of a certain verdict."""

GIVEN_UP: Final = re.compile(r"stream reset by client|client disconnected", re.IGNORECASE)
"""What mitmproxy says of a request that the browser took back."""

ANSWER_TO_PREFLIGHT: Final = Rule(
    "RSP001",
    "answer-to-preflight",
    Severity.ERROR,
    "the answer to a CORS preflight registers nothing",
)
ANSWER_TO_BROWSER_REQUEST: Final = Rule(
    "RSP002",
    "answer-to-browser-request",
    Severity.ERROR,
    "the answer to a {request} registers nothing: the browser made the request, no page",
)
FORBIDDEN_BY_PERMISSIONS_POLICY: Final = Rule(
    "RSP003",
    "forbidden-by-permissions-policy",
    Severity.ERROR,
    "the Permissions-Policy of {page} forbids the API here",
    "permission-policy-integration",
    "PermissionPolicyDisabled",
)
INSECURE_CONTEXT: Final = Rule(
    "RSP004",
    "insecure-context",
    Severity.ERROR,
    "{page} is not a secure context: on http pages, and in frames of them, nothing registers",
    "",
    "InsecureContext",
)
UNTRUSTWORTHY_REPORTING_ORIGIN: Final = Rule(
    "RSP005",
    "untrustworthy-reporting-origin",
    Severity.ERROR,
    "{origin} may not register: a reporting origin is https, or the local machine",
    "check-if-an-origin-is-suitable",
    "UntrustworthyReportingOrigin",
)
UNTRUSTWORTHY_NAVIGATION_HOP: Final = Rule(
    "RSP006",
    "untrustworthy-navigation-hop",
    Severity.ERROR,
    "{origin} may not register: the hop over http is skipped without a word, later hops count",
    "check-if-an-origin-is-suitable",
)
NAVIGATION_NEVER_CAME: Final = Rule(
    "RSP016",
    "navigation-never-came",
    Severity.ERROR,
    "no navigation followed the background request (a link within the page?): Chrome drops it",
)
REDIRECT_LIMIT_REACHED: Final = Rule(
    "RSP035",
    "redirect-limit-reached",
    Severity.ERROR,
    "redirect {count} of one request: Chrome follows {limit} and gives up at this one",
)
LEFTOVER_HEADER: Final = Rule(
    "RSP037",
    "leftover-header",
    Severity.ERROR,
    "{browser} did not ask for it and has no such API: the header is a leftover",
)
ELIGIBLE_UNREADABLE: Final = Rule(
    "RSP045",
    "eligible-unreadable",
    Severity.WARNING,
    "the request's Eligible header is not one Chrome sends: {eligible}",
)
FROM_A_WORKER: Final = Rule(
    "RSP048",
    "from-a-worker",
    Severity.ERROR,
    "a worker made the request, or is what was asked for: nothing registers in workers",
)
LOCATIONS_DIFFER: Final = Rule(
    "RSP051",
    "locations-differ",
    Severity.ERROR,
    "the answer has Location headers that differ: Chrome refuses it as a whole",
)
STATUS_OF_A_PROXY: Final = Rule(
    "RSP060",
    "status-of-a-proxy",
    Severity.ERROR,
    "the status is 407, which only a proxy may send: Chrome refuses the answer as a whole",
)
NAVIGATION_NOT_MODIFIED: Final = Rule(
    "RSP061",
    "navigation-not-modified",
    Severity.ERROR,
    "a navigation was answered with 304: Chrome goes nowhere, and nothing registers",
)
SANDBOXED_PAGE: Final = Rule(
    "RSP064",
    "sandboxed-page",
    Severity.ERROR,
    "the Content-Security-Policy of {page} sandboxes it without allow-same-origin: a page without "
    "an origin registers nothing",
)
ASKED_AGAIN: Final = Rule(
    "RSP063",
    "asked-again",
    Severity.ERROR,
    "the status is {status}: Chrome asks again, this answer counts for nothing",
)
THROWN_AWAY_FOR_HINTS: Final = Rule(
    "RSP065",
    "thrown-away-for-hints",
    Severity.NOTE,
    "the request lacks client hints that the answer calls critical ({hints}): Chrome throws it "
    "away and starts the navigation anew",
)

ANSWER_NOT_DELIVERED: Final = Rule(
    "RSP072",
    "answer-not-delivered",
    Severity.ERROR,
    "the browser took the request back ({error}) before it was answered",
)


class NavigationState(Enum):
    """For a background request that is eligible for navigation sources."""

    SEEN = auto()
    SEEN_LATE = auto()
    """One came, but so long after that it may be of another click."""
    AWAITED = auto()
    NEVER = auto()
    CUT_OFF = auto()
    """The recording ends while it could still have come."""
    IN_FRAME = auto()


class Circumstances(Struct, frozen=True, gc=False):
    """What a response's verdicts depend on beyond its own exchange."""

    page: PageFacts = NO_PAGE
    chain: int = 1
    hop: int = 1
    lost: Finding | None = None
    """Why Chrome breaks the chain off here, or did at an earlier hop."""
    navigation: NavigationState = NavigationState.AWAITED
    from_worker: bool = False
    """A worker made the request, going by what its headers lack."""
    by_itself: bool = False
    """A landing page moved on to this one by script or markup."""
    browser: str = "the client"
    has_api: bool | None = None
    """Whether the browser has the API; None where nothing tells."""
    support: Support | None = None
    """What Support said last, for requests without one."""
    whole: bool = False
    """The body is there, as far as it will ever be."""
    unfollowed: bool = False
    """The answer is a redirect, and what it leads to was never asked for."""
    second_try: bool = False
    """The browser made the same request before and threw its answer away."""
    unsent: tuple[str, ...] = ()
    """Client hints that the answer calls critical and the request lacks."""
    carried: bool = False
    """The request has such hints, but maybe only because the redirect before it carried them."""


class Decision(Struct, frozen=True, gc=False):
    """A verdict with what it rests on."""

    verdict: Verdict
    finding: Finding | None = None
    certainty: Certainty = Certainty.CERTAIN
    ground: str = ON_THE_WIRE


def redirects(exchange: Exchange) -> bool:
    """Whether the answer sends the browser elsewhere, be it to where Chrome does not go."""
    return exchange.status in REDIRECTS and any(_locations(exchange.response_lines))


def redirect_location(exchange: Exchange) -> str | None:
    """The Location that Chrome resolves; None where it has none to follow."""
    return location_of(exchange.response_lines) if exchange.status in REDIRECTS else None


def location_of(lines: HeaderLines) -> str | None:
    """The same of the headers of an answer that is a redirect."""
    found = _locations(lines)
    # An empty one is as good as none, and of two that differ Chrome takes neither.
    if len(found) != 1 or not found[0]:
        return None
    return _escaped(found[0])


def _locations(lines: HeaderLines) -> list[bytes]:
    """The values of Location that differ, in wire order."""
    found = header_lines(lines, b"location")
    if len(found) == 1:
        return [found[0].strip(b" \t")]
    return list(dict.fromkeys(line.strip(b" \t") for line in found))


def _escaped(location: bytes) -> str:
    """As Chrome reads what is not ASCII."""
    if location.isascii():
        return location.decode("ascii")
    return "".join(chr(byte) if byte < NOT_ASCII else f"%{byte:02X}" for byte in location)


def obstacle(exchange: Exchange, request: Request, around: Circumstances) -> Decision | None:
    """What keeps every header of the response from registering, whatever it says."""
    decision = _not_a_page_request(request, around)
    if decision is not None:
        return decision
    reason = (
        _not_delivered(exchange)
        or refused(exchange, around.hop, navigates=request.is_navigation)
        or _thrown_away(exchange, around)
        or blocked(exchange, request, around.page, around.hop, whole=around.whole)
        or around.lost
    )
    if reason is not None:
        return ignored(reason)
    return _forbidden(exchange, request, around.page) or _without_navigation(request, around)


def _not_delivered(exchange: Exchange) -> Finding | None:
    """Why the browser never saw the answer: mitmproxy passes one on when it is complete."""
    if exchange.error is None or exchange.response_body is None:
        return None
    if GIVEN_UP.search(exchange.error) is None:
        return None
    finding = ANSWER_NOT_DELIVERED.at(error=exchange.error)
    return finding.inferred("a proxy keeps an answer until it is complete")


def refused(exchange: Exchange, hop: int, *, navigates: bool) -> Finding | None:
    """Why Chrome refuses the answer of a chain's hop as a whole; None if it takes it."""
    limit = NAVIGATION_REDIRECT_LIMIT if navigates else REDIRECT_LIMIT
    if hop > limit and redirects(exchange):
        return REDIRECT_LIMIT_REACHED.at(count=hop, limit=limit)
    if len(_locations(exchange.response_lines)) > 1:
        return LOCATIONS_DIFFER.at()
    # Other answers count whatever their status.
    if exchange.status == PROXY_AUTHENTICATION:
        return STATUS_OF_A_PROXY.at()
    if exchange.status == NOT_MODIFIED and navigates:
        return NAVIGATION_NOT_MODIFIED.at()
    return None


def _thrown_away(exchange: Exchange, around: Circumstances) -> Finding | None:
    if exchange.status in ASKED_AGAIN_FOR and not around.second_try:
        return ASKED_AGAIN.at(status=exchange.status).inferred("the first answer of its kind")
    if around.unsent:
        hints = ", ".join(around.unsent)
        return THROWN_AWAY_FOR_HINTS.at(hints=hints).inferred("Chrome sends such hints")
    return None


def _not_a_page_request(request: Request, around: Circumstances) -> Decision | None:
    """Requests no page made, and clients that never ask."""
    if request.kind is RequestKind.PREFLIGHT:
        return ignored(ANSWER_TO_PREFLIGHT.at())
    if request.kind in {RequestKind.REPORT, RequestKind.KEYS}:
        return ignored(ANSWER_TO_BROWSER_REQUEST.at(request=Words(request.kind.value)))
    return _of_a_worker(request, around) or _of_another_client(request, around)


def _of_a_worker(request: Request, around: Circumstances) -> Decision | None:
    if request.dest in WORKERS:
        return ignored(FROM_A_WORKER.at())
    if around.from_worker:
        ground = "without Support, or without the client hints pages send"
        return ignored(FROM_A_WORKER.at().inferred(ground))
    return None


def _of_another_client(request: Request, around: Circumstances) -> Decision | None:
    if request.eligible_text is None:
        if around.has_api is False:
            finding = LEFTOVER_HEADER.at(browser=around.browser)
            return ignored(finding.inferred("the User-Agent"))
    elif request.eligible is None:
        finding = ELIGIBLE_UNREADABLE.at(eligible=request.eligible_text)
        return Decision(Verdict.UNKNOWN, finding, Certainty.UNKNOWN, "not a browser's own header")
    return None


def _forbidden(exchange: Exchange, request: Request, page: PageFacts) -> Decision | None:
    """Sandbox, policy, secure context and reporting origin, in the order Chrome asks."""
    if page.sandboxed_by is not None:
        return ignored(SANDBOXED_PAGE.at(page=page.sandboxed_by).inferred(page.site.ground))
    if request.eligible_text is None:
        # With an Eligible header the browser has already said that the page may.
        if page.forbidden_by is not None:
            finding = FORBIDDEN_BY_PERMISSIONS_POLICY.at(page=page.forbidden_by)
            return ignored(finding.inferred(page.site.ground))
        if page.insecure is not None:
            return ignored(INSECURE_CONTEXT.at(page=page.insecure).inferred(page.site.ground))
    if reporting_origin(exchange.url) is None:
        silent = request.is_navigation and request.eligible_text is not None
        return ignored(
            (UNTRUSTWORTHY_NAVIGATION_HOP if silent else UNTRUSTWORTHY_REPORTING_ORIGIN).at(
                origin=origin(exchange.url)
            )
        )
    return None


def _without_navigation(request: Request, around: Circumstances) -> Decision | None:
    eligible = request.eligible
    if request.is_navigation or eligible is None or not eligible.navigation_source:
        return None
    if around.navigation is NavigationState.NEVER:
        return ignored(NAVIGATION_NEVER_CAME.at().inferred("no navigation was seen after it"))
    if around.navigation is NavigationState.IN_FRAME:
        return ignored(NAVIGATION_NEVER_CAME.at().inferred("the navigation was one of a frame"))
    return None


def ignored(finding: Finding) -> Decision:
    """Not looked at, for the reason the finding gives."""
    return Decision(Verdict.IGNORED, finding, finding.certainty, finding.ground or ON_THE_WIRE)
