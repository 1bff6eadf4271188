"""The request behind a response: what made it and what it was eligible for.

May live here: reading an exchange's request lines once, and telling the kinds of request apart.
No judgement about the answer.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.exchange import header_lines
from ara_inspector.registrations.clearing import CLEAR_SITE_DATA
from ara_inspector.registrations.lines import has_ara_lines
from ara_inspector.registrations.registration import RequestKind
from ara_inspector.spec.eligible import read_eligible
from ara_inspector.spec.support import read_support

if TYPE_CHECKING:
    from ara_inspector.exchange import Exchange
    from ara_inspector.spec.eligible import Eligible
    from ara_inspector.spec.support import Support

REPORT_PATH: Final = "/.well-known/attribution-reporting/"
KEYS_PATH: Final = "/.well-known/aggregation-service/"
FRAMES: Final = frozenset({"iframe", "frame", "fencedframe", "object", "embed"})
"""Sec-Fetch-Dest of navigations that do not replace the top-level page."""
WORKERS: Final = frozenset(
    {"worker", "sharedworker", "serviceworker", "audioworklet", "paintworklet"}
)
"""Sec-Fetch-Dest of a worker's or worklet's own script."""
WANTED: Final = {
    b"sec-fetch-dest": "dest",
    b"sec-fetch-mode": "mode",
    b"sec-fetch-site": "site",
    b"sec-fetch-user": "user",
    b"referer": "referer",
    b"origin": "origin",
    b"attribution-reporting-eligible": "eligible",
    b"attribution-reporting-support": "support",
    b"accept": "accept",
    b"cookie": "cookie",
    b"content-type": "content-type",
    b"user-agent": "user-agent",
    b"sec-ch-ua": "sec-ch-ua",
    b"access-control-request-method": "preflight",
    b"upgrade-insecure-requests": "upgrade",
    b"sec-fetch-storage-access": "storage-access",
    b"sec-purpose": "purpose",
}
ONLY_WHETHER: Final = frozenset({"cookie", "upgrade", "storage-access"})
"""Of these only whether they are there is looked at."""
ELIGIBLE_LENGTH: Final = len(b"attribution-reporting-eligible")
WELL_KNOWN: Final = "/.well-known/a"
"""How the paths of reports and of aggregation keys begin."""
KINDS_KEPT: Final = 1_024
"""Distinct Eligible values remembered; Chrome has some sixty."""


class Request(Struct, frozen=True, gc=False):
    """One request as the rules look at it. Absent headers are None."""

    kind: RequestKind
    ground: str
    """What tells the kind, in a few words."""
    dest: str | None
    mode: str | None
    site: str | None
    """Sec-Fetch-Site."""
    activated: bool
    """Sec-Fetch-User: the navigation came from a user's action."""
    referer: str | None
    origin: str | None
    with_cookies: bool
    with_credentials: bool
    """Whether the page asked for cookies to be sent: a header says so, in new versions."""
    eligible_text: str | None
    eligible: Eligible | None
    """None without the header, and where it cannot be read (`eligible_text` tells)."""
    support: Support | None
    has_support: bool
    """The header is there, readable or not."""
    user_agent: str | None
    brands: str | None
    """Sec-CH-UA."""
    prefetched: bool = False
    """The page had it fetched ahead: a click may use the answer (Sec-Purpose)."""

    @property
    def is_navigation(self) -> bool:
        """Whether the answer becomes a page, in a frame or at the top."""
        return self.kind in {RequestKind.NAVIGATION, RequestKind.FRAME}

    def is_from_worker(self, *, hints: bool) -> bool:
        """Whether a worker's script made it. `hints` says the browser's pages send client hints.

        In Chromium 138 requests of workers lack them, and Eligible comes without Support.
        """
        if self.dest != "empty" or self.kind in {RequestKind.REPORT, RequestKind.PREFLIGHT}:
            return False
        if self.eligible_text is not None:
            return not self.has_support
        return hints and self.brands is None and self.kind is not RequestKind.KEYS

    @property
    def eligibility(self) -> tuple[str, ...] | None:
        """The bare keys of Eligible, None without the header."""
        return None if self.eligible_text is None else keys_of(self.eligible_text)


def concerns_api(exchange: Exchange) -> bool:
    """Whether an exchange has a header of the API or Clear-Site-Data, is a page or frame, a report.

    Runs for every exchange, so it looks at as little as it can.
    """
    for key, value in exchange.request_lines:
        if len(key) == ELIGIBLE_LENGTH and key.lower() == b"attribution-reporting-eligible":
            return True
        # Pages: Sec-Fetch-Mode, and Accept where that is not sent.
        if value == b"navigate" or value[:9] == b"text/html":
            return True
    return (
        has_ara_lines(exchange)
        or WELL_KNOWN in exchange.url
        or bool(header_lines(exchange.response_lines, CLEAR_SITE_DATA))
    )


def read_request(exchange: Exchange) -> Request:
    """Everything the rules want to know of the request, in one pass."""
    given: dict[str, str] = {}
    for key, value in exchange.request_lines:
        # As HTTP/2 and Chrome write it first: most names need no lower-case copy then.
        name = WANTED.get(key) or WANTED.get(key.lower())
        if name is not None and name not in given:
            given[name] = "" if name in ONLY_WHETHER else value.decode("utf-8", "surrogateescape")
    get = given.get
    eligible_text = get("eligible")
    eligible = eligible_of(eligible_text) if eligible_text is not None else None
    support_text = get("support")
    kind, ground = _kind(exchange, given, eligible)
    return Request(
        kind=kind,
        ground=ground,
        dest=get("dest"),
        mode=get("mode"),
        site=get("site"),
        activated=get("user") == "?1",
        referer=get("referer"),
        origin=get("origin"),
        with_cookies="cookie" in given,
        with_credentials="storage-access" in given,
        eligible_text=eligible_text,
        eligible=eligible,
        support=support_of(support_text) if support_text is not None else None,
        has_support=support_text is not None,
        user_agent=get("user-agent"),
        brands=get("sec-ch-ua"),
        prefetched=get("purpose", "").startswith("prefetch"),
    )


@lru_cache(KINDS_KEPT)
def eligible_of(text: str) -> Eligible | None:
    """What an Eligible header means; its noise takes few different forms."""
    return read_eligible(text).value


@lru_cache(KINDS_KEPT)
def keys_of(text: str) -> tuple[str, ...]:
    """The bare keys of an Eligible header, none where it cannot be read."""
    eligible = eligible_of(text)
    return eligible.keys if eligible is not None else ()


@lru_cache(KINDS_KEPT)
def support_of(text: str) -> Support | None:
    """What a Support header means."""
    return read_support(text).value


def _kind(
    exchange: Exchange, given: dict[str, str], eligible: Eligible | None
) -> tuple[RequestKind, str]:
    if exchange.method == "OPTIONS" and "preflight" in given:
        return RequestKind.PREFLIGHT, "OPTIONS with Access-Control-Request-Method"
    if exchange.method == "POST" and REPORT_PATH in exchange.url:
        return RequestKind.REPORT, "POST to the API's own path"
    if KEYS_PATH in exchange.url:
        return RequestKind.KEYS, "the path of an aggregation service's keys"
    mode = given.get("mode")
    if mode is None:
        return _kind_without_fetch_metadata(given, eligible)
    return _kind_of_page_request(exchange, given, eligible, mode)


def _kind_of_page_request(
    exchange: Exchange, given: dict[str, str], eligible: Eligible | None, mode: str
) -> tuple[RequestKind, str]:
    dest = given.get("dest")
    if mode == "navigate":
        if dest in FRAMES:
            return RequestKind.FRAME, f"Sec-Fetch-Dest: {dest}"
        return RequestKind.NAVIGATION, "Sec-Fetch-Mode: navigate"
    if dest == "empty":
        return _kind_of_empty(exchange, given, eligible)
    return RequestKind.ELEMENT, f"Sec-Fetch-Dest: {dest}"


def _kind_without_fetch_metadata(
    given: dict[str, str], eligible: Eligible | None
) -> tuple[RequestKind, str]:
    # Browsers leave Sec-Fetch-* out towards untrustworthy (http) URLs.
    accept = given.get("accept", "")
    if accept.startswith("text/html") or "upgrade" in given:
        return RequestKind.NAVIGATION, "asks for HTML"
    if accept.startswith("image/"):
        return RequestKind.ELEMENT, "asks for an image"
    if eligible is not None and eligible.navigation_source:
        return RequestKind.BACKGROUND, "eligible for navigation sources, asks for anything"
    return RequestKind.UNKNOWN, "no Sec-Fetch headers"


def _kind_of_empty(
    exchange: Exchange, given: dict[str, str], eligible: Eligible | None
) -> tuple[RequestKind, str]:
    """Sec-Fetch-Dest is `empty`: a script's request, or one the browser makes by itself."""
    accept = given.get("accept", "*/*")
    if accept.startswith("image/"):
        return RequestKind.ELEMENT, "asks for an image, through a service worker"
    if eligible is None:
        posted = exchange.method == "POST" and given.get("mode") == "no-cors"
        return (
            (RequestKind.BEACON, "a no-cors POST")
            if posted
            else (RequestKind.FETCH, "Sec-Fetch-Dest: empty")
        )
    if eligible.navigation_source:
        return RequestKind.BACKGROUND, "eligible for navigation sources, yet no navigation"
    if (
        given.get("mode") == "no-cors"
        and exchange.method == "GET"
        and eligible.event_source
        and eligible.trigger
        # Background requests carry credentials, a plain fetch() to another site does not; the
        # header comes with credentials, and only cross-site.
        and ("storage-access" in given or given.get("site") != "cross-site")
    ):
        return RequestKind.BACKGROUND, "eligible for both kinds and sent with credentials"
    return RequestKind.FETCH, "Sec-Fetch-Dest: empty"
