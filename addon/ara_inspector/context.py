"""Which top-level page a request belongs to.

May live here: remembering documents and frames, climbing from a request to its page, and the
rules (CTX) about the site inferred. What reports prove afterwards is compared in `session`.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from ara_inspector.exchange import header_lines, header_text
from ara_inspector.findings import Certainty, Finding, Rule, Severity
from ara_inspector.registrations import NO_PAGE, ContextSite, PageFacts, RequestKind, redirects
from ara_inspector.registrations.content_policy import isolates, read_policies
from ara_inspector.registrations.embedder_policy import requires_corp
from ara_inspector.registrations.policy import DEFAULT, read_policy
from ara_inspector.spec.urls import is_potentially_trustworthy, place, site

if TYPE_CHECKING:
    from ara_inspector.exchange import Exchange
    from ara_inspector.registrations import Request
    from ara_inspector.registrations.content_policy import Policy
    from ara_inspector.registrations.policy import Allowlist

NOT_A_PAGE: Final = frozenset({204, 205, 304, 407})
URL_KEPT: Final = 2_048
"""Characters; of a longer URL only the origin is remembered."""
LOOKED_AT: Final = 64
"""Pages of one origin compared with a full Referer, newest first."""
LATEST: Final = 4
"""Newest top-level pages remembered: the last of them may not have been there yet."""

LOADED_LAST: Final = "no Referer; the page loaded last"
MARKUP_KEPT: Final = 65_536
"""Bytes of a page's markup that are looked at."""
MARKED: Final = 16
"""Newest pages whose markup is remembered."""
AFTER_URL: Final = frozenset(b"\"'`<> \t\r\n\\),#")
"""What may follow a URL in markup and scripts."""

CONTEXT_SITE_UNKNOWN: Final = Rule(
    "CTX001",
    "context-site-unknown",
    Severity.NOTE,
    "nothing on the wire tells the page behind this request",
)
CONTEXT_SITE_WITHOUT_REFERER: Final = Rule(
    "CTX002",
    "context-site-without-referer",
    Severity.NOTE,
    "the request has no Referer: {site} is only the page that was loaded last",
)

REMARKS: Final = frozenset({CONTEXT_SITE_UNKNOWN, CONTEXT_SITE_WITHOUT_REFERER})
"""The rules of what is said about a context site."""


class ContextNews(Struct, frozen=True, gc=False):
    """What a report showed about an earlier registration."""

    entry: int
    """The number of the registration's entry."""
    inferred: str | None
    proven: str
    findings: tuple[Finding, ...] = ()


class Page(Struct, eq=False):
    """A document or frame that was loaded."""

    url: str
    origin: str
    there: float
    """When its answer came: it asks for nothing before."""
    allowlist: Allowlist
    top: Page | None
    """The top-level page of a frame, None of a top-level page, or where it is not known."""
    is_frame: bool
    insecure: str | None
    forbidden_by: str | None
    policies: tuple[Policy, ...]
    sandboxed_by: str | None
    """The URL of the top-level page that a sandbox gave an opaque origin; None if none did."""
    embedder: str | None
    """Its URL, if its Cross-Origin-Embedder-Policy asks that answers allow it."""
    nameless: bool
    """A page opened it without a Referer, and no request of its own has named it so far."""
    markup: bytes = b""
    """Its first bytes, once they were read and as long as it is one of the newest."""
    told: dict[str, PageFacts] = field(default_factory=dict)
    """The facts for requests that name it in this header: the same for all of them."""


class Pages:
    """The documents and frames of a session; the oldest are dropped beyond `limit`."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._by_origin: dict[str, list[Page]] = {}
        self._all: dict[int, Page] = {}
        self._next = 0
        self._latest: deque[Page] = deque(maxlen=LATEST)
        self._marked: deque[Page] = deque()
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._all)

    def add(self, exchange: Exchange, request: Request) -> None:
        """Remember the page a navigation led to, if it led to one."""
        own = _origin_of(exchange.url)
        if own is None or not _is_page(exchange):
            return
        allowlist = _allowlist(exchange)
        is_frame = request.kind is RequestKind.FRAME
        parent = self._initiator(exchange, request) if is_frame else None
        insecure = None if is_potentially_trustworthy(own) else own
        forbidden = None if allowlist.allows(own, own) else exchange.url
        if parent is not None:
            insecure = parent.insecure or insecure
            forbidden = parent.forbidden_by or forbidden
            if not parent.allowlist.allows(own, parent.origin):
                forbidden = parent.url
        url = exchange.url if len(exchange.url) <= URL_KEPT else own
        policies = _content_policies(exchange)
        sandboxed = url if not is_frame and isolates(policies) else None
        page = Page(
            url=url,
            origin=own,
            there=exchange.moment,
            allowlist=allowlist,
            top=None if parent is None else parent.top or parent,
            is_frame=is_frame,
            insecure=insecure,
            forbidden_by=forbidden,
            policies=policies,
            sandboxed_by=sandboxed if parent is None else parent.sandboxed_by,
            # Browsers take the header from secure contexts only.
            embedder=url if insecure is None and _embeds_strictly(exchange) else None,
            nameless=request.referer is None and request.site not in {None, "none"},
        )
        self._all[self._next] = page
        self._next += 1
        self._by_origin.setdefault(own, []).append(page)
        if not is_frame:
            self._latest.append(page)
        if len(self._all) > self._limit:
            self._drop()

    def read(self, exchange: Exchange) -> None:
        """Remember the markup of a page: of several pages it tells which one asks for a URL."""
        own = _origin_of(exchange.url)
        for page in reversed(self._by_origin.get(own or "", ())[-LOOKED_AT:]):
            if page.url == exchange.url and exchange.response_body:
                page.markup = exchange.response_body[:MARKUP_KEPT]
                self._marked.append(page)
                break
        if len(self._marked) > MARKED:
            self._marked.popleft().markup = b""

    def _drop(self) -> None:
        oldest = self._all.pop(next(iter(self._all)))
        of_origin = self._by_origin[oldest.origin]
        of_origin.remove(oldest)
        if not of_origin:
            del self._by_origin[oldest.origin]
        self.dropped += 1

    def facts(self, exchange: Exchange, request: Request) -> PageFacts:
        """The page a request came from, with the ground for saying so."""
        if request.kind in {RequestKind.REPORT, RequestKind.KEYS} or (
            request.is_navigation and request.site == "none"
        ):
            return NO_PAGE
        time = exchange.started or 0.0
        referer = _origin_of(request.referer)
        told, name = (request.referer, "Referer") if referer else (request.origin, "Origin")
        if _origin_of(told) is None and request.site == "same-origin":
            told, name = exchange.url, "Sec-Fetch-Site: same-origin"
        own = _origin_of(told)
        if told is None or own is None:
            return _guessed(*self._loaded_last(exchange.url, time))
        page = self._named(told, own, exchange.url, time)
        if page is None:
            insecure = None if is_potentially_trustworthy(own) else own
            ground = f"{name}: {own}, a page that was not seen loading"
            return PageFacts(_site(own, ground), insecure)
        return _facts(page, name)

    def _initiator(self, exchange: Exchange, request: Request) -> Page | None:
        own = _origin_of(request.referer)
        time = exchange.started or 0.0
        if request.referer is None or own is None:
            return self._loaded_last(exchange.url, time)[0]
        return self._named(request.referer, own, exchange.url, time)

    def _loaded_last(self, url: str, time: float) -> tuple[Page | None, bool]:
        """The newest top-level page that was there at `time`, or one whose markup has `url`.

        And whether it is taken for its markup alone.
        """
        there = [page for page in reversed(self._latest) if page.there <= time]
        if not there:
            return self._latest[-1] if self._latest else None, False
        page = _asking(there, url)
        return page, page is not there[0]

    def _named(self, referer: str, own: str, url: str, time: float) -> Page | None:
        """The page a request for `url` at `time` names: it has an origin, or could not be named."""
        page = self._find(referer, own, url, time)
        if page is not None:
            page.nameless = False
        return page

    def _find(self, referer: str, own: str, url: str, time: float) -> Page | None:
        """The page of `own` that made a request at `time`: by Referer, markup, else the newest."""
        there, root = [], f"{own}/"
        for page in reversed(self._by_origin.get(own, ())[-LOOKED_AT:]):
            if page.there > time:
                continue
            if page.url == referer and referer != root:
                return page
            there.append(page)
        return _asking(there, url) if there else None


def _asking(pages: list[Page], url: str) -> Page:
    """The first page whose markup has `url`, else the first."""
    if len(pages) > 1:
        wanted = url.partition("://")[2].encode("utf-8", "surrogateescape")
        for page in pages:
            if page.markup and _has(page.markup, wanted):
                return page
    return pages[0]


def _has(markup: bytes, wanted: bytes) -> bool:
    """Whether a URL stands in markup, as a whole; `&` may be escaped."""
    for spelling in {wanted, wanted.replace(b"&", b"&amp;")}:
        at = markup.find(spelling)
        while at >= 0:
            end = at + len(spelling)
            if end == len(markup) or markup[end] in AFTER_URL:
                return True
            at = markup.find(spelling, end)
    return False


def _allowlist(exchange: Exchange) -> Allowlist:
    lines = _lines(exchange, b"permissions-policy")
    old_lines = _lines(exchange, b"feature-policy")
    return read_policy(lines, old_lines) if lines or old_lines else DEFAULT


def _content_policies(exchange: Exchange) -> tuple[Policy, ...]:
    lines = _lines(exchange, b"content-security-policy")
    return read_policies(lines) if lines else ()


def _embeds_strictly(exchange: Exchange) -> bool:
    lines = _lines(exchange, b"cross-origin-embedder-policy")
    return bool(lines) and requires_corp(lines)


def _lines(exchange: Exchange, name: bytes) -> list[str]:
    return [header_text(line) for line in header_lines(exchange.response_lines, name)]


def _is_page(exchange: Exchange) -> bool:
    if exchange.status is None or exchange.status in NOT_A_PAGE or redirects(exchange):
        return False
    disposition = exchange.response_header(b"content-disposition")
    return disposition is None or not disposition.lower().startswith("attachment")


def _origin_of(url: str | None) -> str | None:
    found = None if url is None else place(url)
    return None if found is None else found.origin


def _site(top: str, ground: str, page: str | None = None) -> ContextSite:
    shown = None if page is None else page.partition("?")[0]
    return ContextSite(site(top), Certainty.LIKELY, ground, top, shown)


def _facts(page: Page, name: str) -> PageFacts:
    facts = page.told.get(name)
    if facts is None:
        facts = page.told[name] = _made_facts(page, name)
    return facts


def _made_facts(page: Page, name: str) -> PageFacts:
    ground = f"{name}: {page.origin}, a top-level page seen before"
    top = page
    if page.is_frame:
        top = page.top or page
        ground = (
            f"{name}: {page.origin}, a frame of an unknown page"
            if page.top is None
            else f"{name}: {page.origin}, a frame in the page {top.origin}"
        )
    return PageFacts(
        site=_site(top.origin, ground, top.url),
        insecure=page.insecure,
        forbidden_by=page.forbidden_by,
        seen=not (page.is_frame and page.top is None),
        in_frame=page.is_frame,
        origin=page.origin,
        policies=page.policies,
        sandboxed_by=page.sandboxed_by,
        embedder=page.embedder,
    )


def _guessed(latest: Page | None, by_markup: bool) -> PageFacts:
    """Without Referer and Origin the page loaded last is all there is, or one that has the URL."""
    if latest is None:
        return NO_PAGE
    ground = "no Referer; the URL is in the page" if by_markup else LOADED_LAST
    return PageFacts(
        site=_site(latest.origin, ground, latest.url),
        insecure=latest.insecure,
        forbidden_by=latest.forbidden_by,
        sandboxed_by=latest.sandboxed_by,
        embedder=latest.embedder,
        guessed=True,
        nameless=latest.nameless,
    )


def remarks(facts: PageFacts) -> tuple[Finding, ...]:
    """What to say about the context site besides itself."""
    if facts.site.value is None:
        return (CONTEXT_SITE_UNKNOWN.at(),)
    if facts.guessed:
        return (CONTEXT_SITE_WITHOUT_REFERER.at(site=facts.site.value),)
    return ()
