"""The browser itself, and whether the API can work in it at all.

May live here: what User-Agent, client hints, Eligible and Support say about the browser, and
the rules (BRW) about that. No exchange-level judgement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ara_inspector.findings import Certainty, Finding


@dataclass(frozen=True, slots=True)
class BrowserAccount:
    """What is known of one browser. `sentence` says in one line whether the API can work."""

    name: str
    version: int | None
    works: bool | None
    """Whether it has a working API; None where the wire does not tell."""
    certainty: Certainty
    ground: str
    sentence: str
    support: str | None = None
    """"web", "os" or "web, os", as the Support header's bare keys said; None if never sent."""
    eligible_seen: int = 0
    """Requests seen with an Eligible header."""
    findings: tuple[Finding, ...] = ()
