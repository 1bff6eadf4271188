"""What a scenario is: hosts that answer, things a user does, and how much must come of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from recording.answers import KEY_SERVICE, REPORT_PATH, Answer, public_keys

if TYPE_CHECKING:
    from collections.abc import Mapping

ICON = "/favicon.ico"


class Browser(StrEnum):
    """The two browsers scenarios are played in."""

    CHROMIUM_138 = "chromium-138"
    """Has the Attribution Reporting API."""

    WITHOUT_ARA = "without-ara"
    """A Chromium from which the API has been removed (152 and later)."""


@dataclass(frozen=True, slots=True)
class Visit:
    """The user enters this address."""

    url: str


@dataclass(frozen=True, slots=True)
class Click:
    """The user clicks the middle of the element; with user activation, unlike `element.click()`."""

    selector: str


@dataclass(frozen=True, slots=True)
class Run:
    """A script of the page runs without user activation."""

    script: str


@dataclass(frozen=True, slots=True)
class Tabs:
    """The user has these addresses opened in new tabs, all at once."""

    urls: tuple[str, ...]


Step = Visit | Click | Run | Tabs


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many of each the browser accounts for. A recording with other numbers is refused."""

    sources: int = 0
    triggers: int = 0
    reports: int = 0
    """Reports on the wire: attribution, debug and verbose ones."""
    issues: int = 0


@dataclass(frozen=True, slots=True)
class Scenario:
    """One recording."""

    name: str
    note: str
    steps: tuple[Step, ...]
    answers: Mapping[str, Answer]
    """By host and path, with the query where one path has several answers.

    Those to preflights may have places of their own, which begin with `OPTIONS` and a blank.
    """
    outcome: Outcome
    browser: Browser = Browser.CHROMIUM_138

    def answer(self, url: str, method: str = "GET") -> Answer:
        """The response to a request for `url`; 404 for whatever nobody wrote an answer for."""
        parts = urlsplit(url)
        place = f"{parts.netloc}{parts.path}"
        if place == KEY_SERVICE:
            return public_keys()
        if parts.path.startswith(REPORT_PATH):
            return Answer(200)
        asked = f"{place}?{parts.query}" if parts.query else place
        places = (f"{method} {place}", asked, place)
        return next(filter(None, map(self.answers.get, places)), Answer(404))

    def records(self, url: str) -> bool:
        """Whether a request belongs into the recording: what browsers ask on their own does not."""
        parts = urlsplit(url)
        if parts.path == ICON:
            return False
        host = parts.hostname or ""
        return host.endswith(".example") or KEY_SERVICE.startswith(host)
