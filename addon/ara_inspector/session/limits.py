"""How much a session keeps.

May live here: the bounds, their defaults and what each is for.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct


class Limits(Struct, frozen=True, gc=False):
    """How much a session keeps; what is beyond is dropped oldest first and counted."""

    entries: int = 50_000
    """Entries of the timeline."""
    flows: int = 2_000
    """Exchanges that may still be revised by their body or a later request, and as many ids of
    those that are settled."""
    known: int = 4_000
    """Registrations a report may still go back to."""
    chains: int = 2_000
    """Redirects waiting for their next hop."""
    chain_seconds: float = 120.0
    """How long a redirect waits for its next hop."""
    pages: int = 2_000
    """Documents and frames remembered."""
    reporters: int = 5_000
    """Reporting origins, per source site, remembered for comparison."""
    browsers: int = 64
    """Browsers told apart."""
    waiting: int = 2_000
    """Registrations and reports that wait a moment before they are attributed."""
    sources: int = 20_000
    """Attribution sources simulated, over all browsers; Chrome itself keeps 4,096 a page."""
    expected: int = 2_000
    """Reports waited for, of each browser; those long overdue are given up first."""


DEFAULT_LIMITS: Final = Limits()
