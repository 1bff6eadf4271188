"""Navigations that come to nothing: Chrome reads the headers it got last a second time.

May live here: which answer that is, for whom it counts then, and the rule that says so. What
the answer registers is judged like any other.

A navigation ends with a look at the headers of its last answer, for the last place it was to go
to. One that fails has no new answer, so that the last redirect is looked at again; and not for
the place that failed, but for the one before it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ara_inspector.chains.breaking import is_refused_by_browser
from ara_inspector.findings import Rule, Severity
from ara_inspector.registrations import RequestKind

if TYPE_CHECKING:
    from ara_inspector.chains.joining import Chain
    from ara_inspector.findings import Finding

READ_AGAIN: Final = Rule(
    "CHN016",
    "read-again",
    Severity.WARNING,
    "the navigation came to nothing after this: Chrome reads the headers it got last once more, "
    "for {origin}",
)

UNANSWERED: Final = re.compile(r"\bclient\b|\bkilled\b|\Anet::", re.IGNORECASE)
"""How errors read after which the browser got no answer: it went away, the proxy cut it off, or
it says itself that it failed. Where a server fails, the proxy answers in its place."""


class Again(NamedTuple):
    """An answer that is read a second time."""

    answer: int
    """The hop whose answer it is, from 1."""
    place: int
    """The hop for whose origin it is read."""
    ground: str
    """What it is inferred from; empty where the wire shows it."""

    def finding(self, origin: str) -> Finding:
        """That it is read for `origin`."""
        found = READ_AGAIN.at(origin=origin)
        return found.inferred(self.ground) if self.ground else found


def read_again(chain: Chain) -> Again | None:
    """Which answer of a click's navigation is read again; None if none is, or not yet."""
    again = _last_heard(chain)
    return again if again is not None and again.place > 0 else None


def _last_heard(chain: Chain) -> Again | None:
    if chain.kind is not RequestKind.NAVIGATION or chain.action is None:
        return None
    last, hop = len(chain.hops), chain.hops[-1]
    if hop.status is None:
        if hop.error is None or UNANSWERED.search(hop.error) is None:
            return None
        return Again(last - 1, last - 1, f"the next request failed ({hop.error})")
    if hop.refused:
        return Again(last - 1, last - 1, "")
    if chain.lost is not None:
        heard = last if is_refused_by_browser(chain.next_url or "") else last - 1
        return Again(heard, last - 1, chain.lost.ground)
    return Again(last, last, "") if chain.barred else None
