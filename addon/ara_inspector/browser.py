"""The browser itself, and whether the API can work in it at all.

May live here: what User-Agent, client hints, Eligible and Support say about the browser, and
the rules (BRW) about that. No exchange-level judgement.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.findings import Certainty, Finding, Rule, Severity, Words
from ara_inspector.records import replace
from ara_inspector.registrations import RequestKind
from ara_inspector.spec.support import serialize_support

if TYPE_CHECKING:
    from ara_inspector.registrations import Request

FIRST: Final = 115
"""Chrome's first version with the API for everybody."""
DEPRECATED: Final = 144
REFUSING: Final = 150
REMOVED: Final = 152
FORKS: Final = ("Edg", "OPR", "Brave", "Vivaldi", "YaBrowser", "SamsungBrowser")
"""Tokens of Chromium browsers whose makers may have switched the API off."""
CHROMIUM: Final = re.compile(r"(?:HeadlessChrome|Chrome|Chromium)/([0-9]{1,4})")
BRAND: Final = re.compile(r'"(?:Chromium|Google Chrome|HeadlessChrome)";v="([0-9]{1,4})')
OTHER: Final = re.compile(r"(Firefox|FxiOS|CriOS|EdgiOS|Version)/([0-9]{1,4})")
SAFARI: Final = "Version"
IDENTITIES_KEPT: Final = 512

API_REMOVED: Final = Rule(
    "BRW001",
    "api-removed",
    Severity.ERROR,
    "{browser} has no Attribution Reporting API: Chrome removed it in version 152",
)
API_DEPRECATED: Final = Rule(
    "BRW002",
    "api-deprecated",
    Severity.NOTE,
    "{browser} still has the API, but it is deprecated: Chrome 152 is the first without",
)
API_NEVER_THERE: Final = Rule(
    "BRW003",
    "api-never-there",
    Severity.ERROR,
    "{browser} never had the Attribution Reporting API",
)
API_PARTLY_OFF: Final = Rule(
    "BRW004",
    "api-partly-off",
    Severity.WARNING,
    "{browser} refuses the API to a part of its users on the way to removing it",
)
API_BEFORE_LAUNCH: Final = Rule(
    "BRW005",
    "api-before-launch",
    Severity.WARNING,
    "{browser} is older than Chrome 115, where the API was opened to everybody",
)
NEVER_ELIGIBLE: Final = Rule(
    "BRW006",
    "never-eligible",
    Severity.WARNING,
    "{browser} was answered with Register headers {answers} times and sent no Eligible header "
    "in {requests} requests: the API seems to be off",
)
ELIGIBLE_MISSED: Final = 20
"""Register headers answered in vain before we say that the browser never asks for them."""


class Identity(Struct, frozen=True, gc=False):
    """What a browser says it is, and what follows for the API."""

    name: str
    version: int | None
    ara: bool | None
    """Whether such a browser has the API; None where its name does not tell."""
    rule: Rule | None = None

    @property
    def text(self) -> str:
        """Name and version: our own words, unless the name is one we do not know."""
        return self.name if self.version is None else Words(f"{self.name} {self.version}")


UNNAMED: Final = Identity(Words("an unnamed client"), None, None)


@lru_cache(IDENTITIES_KEPT)
def identify(user_agent: str | None, brands: str | None) -> Identity:
    """The browser behind a User-Agent and the brands of its client hints."""
    text = user_agent or ""
    found = CHROMIUM.search(text) or BRAND.search(brands or "")
    if found is not None:
        return _chromium(int(found[1]), text)
    other = OTHER.search(text)
    if other is not None:
        name = "Safari" if other[1] == SAFARI else other[1]
        return Identity(name, int(other[2]), ara=False, rule=API_NEVER_THERE)
    if not text:
        return UNNAMED
    return Identity(text.partition(" ")[0].partition("/")[0], None, ara=False, rule=API_NEVER_THERE)


def _chromium(version: int, text: str) -> Identity:
    fork = next((token for token in FORKS if f"{token}/" in text), None)
    name = "Chrome" if fork is None else {"Edg": "Edge", "OPR": "Opera"}.get(fork, fork)
    if version >= REMOVED:
        return Identity(name, version, ara=False, rule=API_REMOVED)
    if version >= REFUSING:
        return Identity(name, version, ara=None, rule=API_PARTLY_OFF)
    if version < FIRST:
        return Identity(name, version, ara=None, rule=API_BEFORE_LAUNCH)
    ara = True if fork is None else None
    return Identity(name, version, ara=ara, rule=API_DEPRECATED if version >= DEPRECATED else None)


class BrowserAccount(Struct, frozen=True, gc=False):
    """What is known of one browser. `sentence` says in one line whether the API can work."""

    name: str
    version: int | None
    works: bool | None
    """Whether it has a working API; None where the wire does not tell."""
    certainty: Certainty
    ground: str
    sentence: str
    support: str | None = None
    """Bare keys of the Support header last sent, such as "web"; None if it never was."""
    requests: int = 0
    """Requests that could have been eligible or were answered with Register headers."""
    eligible_seen: int = 0
    """Of these, requests with an Eligible header."""
    findings: tuple[Finding, ...] = ()


class Sightings(Struct):
    """What one browser was seen to do; counts on as it does it."""

    requests: int = 0
    eligible: int = 0
    answers: int = 0
    """Answers with a Register header."""
    support: str | None = None

    @property
    def essence(self) -> object:
        """Equal as long as an account of them says the same, but for how often."""
        if self.eligible:
            return self.support
        return (self.support, self.answers, self.requests) if self.answers else ()

    def saw(self, request: Request) -> None:
        """One more request."""
        if request.kind in {RequestKind.REPORT, RequestKind.KEYS}:
            return
        self.requests += 1
        self.eligible += request.eligible_text is not None
        if request.support is not None:
            self.support = serialize_support(request.support) or "nothing"


def _ability(identity: Identity, support: str | None) -> str:
    """What can be said of a client that sent Eligible headers."""
    if identity.rule is API_NEVER_THERE:
        # curl and the like, with the headers of a browser.
        return "sent Eligible headers: it is judged as a Chrome with the API"
    if support is None:
        return "has the API; no Support header was seen"
    return f"has the API and registers with: {support}"


def account(identity: Identity, seen: Sightings) -> BrowserAccount:
    """Whether the API can work in this browser, from its name and from what it did."""
    name = identity.text
    findings: tuple[Finding, ...] = ()
    if identity.rule is not None:
        findings = (identity.rule.at(browser=name),)
    if seen.eligible:
        # What it does counts more than what it says: a User-Agent can be anything.
        works, certainty, ground = True, Certainty.CERTAIN, "it sent Eligible headers"
        findings = tuple(f for f in findings if f.severity is not Severity.ERROR)
        sentence = f"{name} {_ability(identity, seen.support)}"
    elif identity.ara is False:
        works, certainty, ground = False, Certainty.LIKELY, "its User-Agent"
        sentence = f"{name} has no Attribution Reporting API: nothing can be registered in it"
    elif seen.answers >= ELIGIBLE_MISSED:
        works, certainty, ground = None, Certainty.LIKELY, "Eligible was never sent"
        finding = NEVER_ELIGIBLE.at(browser=name, answers=seen.answers, requests=seen.requests)
        findings = (*findings, replace(finding, certainty=certainty, ground=ground))
        sentence = finding.message
    else:
        works = identity.ara
        certainty = Certainty.UNKNOWN if works is None else Certainty.LIKELY
        ground = "its User-Agent"
        sentence = f"{name}: no Eligible header was seen so far"
    return BrowserAccount(
        name=identity.name,
        version=identity.version,
        works=works,
        certainty=certainty,
        ground=ground,
        sentence=sentence,
        support=seen.support,
        requests=seen.requests,
        eligible_seen=seen.eligible,
        findings=findings,
    )
