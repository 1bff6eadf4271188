"""A small language for exchanges, for tests and for the `exchange` blocks of help pages.

Exchanges are paragraphs. The first line says what makes the request and its URL; Chrome's
request headers for that follow from it, with the page loaded last as the initiator:

    page        the user opens a page              frame      an iframe in it
    click       a link with attributionsrc         link       a link without
    goto        a navigation nobody clicked        image      an <img>, no use of the API
    ad          an <img attributionsrc>            script     a <script attributionsrc>
    background  a URL in attributionsrc            click-background  the same, of a link
    fetch       fetch(), no-cors                   cors       fetch() in CORS mode
    beacon      sendBeacon()                       preflight  OPTIONS before a CORS request
    report      the browser's own POST             request    nothing but the URL

Further lines, in any order (nothing given: answered with 200 and an empty body):

    > Name: value      a request header, in place of the usual one; `> Name:` leaves it out
                       (Support goes with Eligible)
    < 302              the answer's status
    < Name: value      a header of the answer; `<1,000 spaces>` in it stands for so many
    = text             a line of the answer's body (of a report: of its own body)
    ! text             the request failed, or the answer broke off after the headers given;
                       with a body, it was complete and could not be passed on
    @ 12.5             seconds after the first exchange (default: 0.1 after the one before)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ara_inspector.exchange import Exchange
from ara_inspector.registrations import Registration
from ara_inspector.session import Session
from ara_inspector.spec.urls import is_potentially_trustworthy, origin, site

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ara_inspector.findings import Finding
    from ara_inspector.timeline import Entry, EntryKind

START = 1_800_000_000.0
CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/138.0.0.0 Safari/537.36"
)
HTML = "text/html,application/xhtml+xml,*/*;q=0.8"
IMAGE = "image/avif,image/webp,image/*,*/*;q=0.8"
BOTH = "event-source, trigger"
ELIGIBLE = "attribution-reporting-eligible"

# dest, mode, accept, Eligible, further headers
KINDS: dict[str, tuple[str, str, str, str | None, dict[str, str]]] = {
    "page": ("document", "navigate", HTML, None, {"sec-fetch-user": "?1"}),
    "click": ("document", "navigate", HTML, "navigation-source", {"sec-fetch-user": "?1"}),
    "link": ("document", "navigate", HTML, None, {"sec-fetch-user": "?1"}),
    "goto": ("document", "navigate", HTML, None, {}),
    "frame": ("iframe", "navigate", HTML, None, {}),
    "image": ("image", "no-cors", IMAGE, None, {}),
    "ad": ("image", "no-cors", IMAGE, BOTH, {}),
    "script": ("script", "no-cors", "*/*", BOTH, {}),
    "background": ("empty", "no-cors", "*/*", BOTH, {"sec-fetch-storage-access": "active"}),
    "click-background": ("empty", "no-cors", "*/*", "navigation-source", {}),
    "fetch": ("empty", "no-cors", "*/*", None, {}),
    "cors": ("empty", "cors", "*/*", None, {}),
    "beacon": ("empty", "no-cors", "*/*", None, {}),
    "preflight": ("empty", "cors", "*/*", None, {"access-control-request-method": "GET"}),
    "report": ("empty", "same-origin", "*/*", None, {"content-type": "application/json"}),
    "request": ("", "", "", None, {}),
}
METHODS = {"beacon": "POST", "preflight": "OPTIONS", "report": "POST"}
PAGES = {"page", "click", "link", "goto", "frame"}
SPACES = re.compile(r"<([0-9,]+) spaces>")


@dataclass
class Draft:
    """An exchange being written."""

    kind: str
    url: str
    at: float
    request: dict[str, str] = field(default_factory=dict)
    response: list[tuple[str, str]] = field(default_factory=list)
    status: int | None = 200
    body: str = ""
    error: str | None = None


def exchanges(text: str) -> Iterator[Exchange]:
    """The exchanges a text in the language describes, in its order."""
    page: str | None = None
    at = -0.1
    for number, paragraph in enumerate(filter(str.strip, text.split("\n\n")), 1):
        draft = read_paragraph(paragraph.strip("\n"), at + 0.1)
        at = draft.at
        yield written(draft, number, page)
        if draft.kind in PAGES and draft.status == 200:
            page = draft.url


def read_paragraph(paragraph: str, at: float) -> Draft:
    first, *lines = paragraph.splitlines()
    kind, url = first.split()
    draft = Draft(kind, url, at)
    explicit = False
    for line in lines:
        mark, _, rest = line.partition(" ")
        name, colon, value = rest.partition(":")
        if mark == ">":
            draft.request[name.lower()] = value.strip()
        elif mark == "<" and colon:
            draft.response.append((name, SPACES.sub(widened, value.strip())))
            explicit = True
        elif mark == "<":
            draft.status, explicit = int(rest), True
        elif mark == "=":
            draft.body += f"{rest}\n"
        elif mark == "!":
            draft.error = rest
        elif mark == "@":
            draft.at = float(rest)
        else:
            raise ValueError(f"not a line of the language: {line}")
    if draft.error is not None and not explicit:
        draft.status = None
    return draft


def widened(match: re.Match[str]) -> str:
    return " " * int(match[1].replace(",", ""))


def written(draft: Draft, number: int, page: str | None) -> Exchange:
    headers = usual_headers(draft.kind, draft.url, page) | draft.request
    if ELIGIBLE in headers:
        headers.setdefault("attribution-reporting-support", "web")
    started = START + draft.at
    body = draft.body.encode()
    reporting = draft.kind == "report"
    return Exchange(
        flow_id=f"flow-{number}",
        method=METHODS.get(draft.kind, "GET"),
        url=draft.url,
        request_lines=tuple((k.encode(), v.encode()) for k, v in headers.items() if v),
        started=started,
        status=draft.status,
        response_lines=tuple(
            (k.encode(), v.encode(errors="surrogateescape")) for k, v in draft.response
        ),
        answered=None if draft.status is None else started + 0.05,
        finished=None if draft.error is not None else started + 0.06,
        request_body=body if reporting else None,
        response_body=None if reporting or (draft.error and not body) else body,
        http_version="HTTP/2.0",
        error=draft.error,
    )


def usual_headers(kind: str, url: str, page: str | None) -> dict[str, str]:
    dest, mode, accept, eligible, further = KINDS[kind]
    headers = {"user-agent": CHROME, "accept": accept}
    own = origin(url) or ""
    if kind == "report":
        return headers | further | {"origin": own, "sec-fetch-site": "same-origin"}
    if kind == "request":
        return {}
    if eligible is not None:
        headers |= {ELIGIBLE: eligible}
    initiator = None if kind == "page" else page
    if is_potentially_trustworthy(own):
        relation = relation_of(own, initiator)
        headers |= {"sec-fetch-dest": dest, "sec-fetch-mode": mode, "sec-fetch-site": relation}
        headers |= further
    if initiator is not None:
        from_origin = origin(initiator) or ""
        headers["referer"] = initiator if from_origin == own else f"{from_origin}/"
        if kind in {"cors", "beacon", "preflight"} and from_origin != own:
            headers["origin"] = from_origin
    return headers


def relation_of(own: str, initiator: str | None) -> str:
    if initiator is None:
        return "none"
    if origin(initiator) == own:
        return "same-origin"
    return "same-site" if site(initiator) == site(own) else "cross-site"


def watched(text: str) -> Session:
    """A session that has gone through a text in the language, to its end."""
    session = Session()
    for exchange in exchanges(text):
        session.recorded(exchange)
    session.finish()
    return session


def entries(text: str) -> list[Entry]:
    return list(watched(text).timeline)


def findings(text: str) -> list[Finding]:
    return [finding for entry in entries(text) for finding in entry.findings]


def registrations(text: str) -> list[Registration]:
    return [entry.about for entry in entries(text) if isinstance(entry.about, Registration)]


def of_kind(timeline: Iterable[Entry], kind: EntryKind) -> list[Entry]:
    """The entries of one kind, in order."""
    return [entry for entry in timeline if entry.kind is kind]
