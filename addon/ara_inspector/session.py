"""One capture or one live run: every exchange goes through all stages, in order.

May live here: driving the stages, and the state they share, all of it bounded. Judgement is in
the stages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ara_inspector.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ara_inspector.browser import BrowserAccount
    from ara_inspector.exchange import Exchange
    from ara_inspector.timeline import Entry


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a session keeps; what is beyond is dropped oldest first and counted."""

    entries: int = 50_000
    """Entries of the timeline."""
    flows: int = 10_000
    """Exchanges that may still be revised: by their body, by a report, by a later hop."""
    chains: int = 2_000
    """Redirects waiting for their next hop."""
    chain_seconds: float = 120.0
    """How long a redirect waits for its next hop."""
    pages: int = 5_000
    """Documents and frames remembered."""
    reporters: int = 5_000
    """Reporting origins, per source site, remembered for comparison."""


DEFAULT_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Summary:
    """The session in numbers and one sentence."""

    exchanges: int
    eligible: int
    """Requests with an Eligible header."""
    verdicts: Mapping[str, int]
    """Registrations by verdict."""
    reports: int
    chains: int
    silent: int
    browsers: tuple[BrowserAccount, ...]
    sentence: str
    """What to know first; says it clearly when the API cannot work here."""
    dropped: Mapping[str, int] = field(default_factory=dict)
    """What was dropped to keep the state bounded, by what it was; empty if nothing."""


class Session:
    """Takes exchanges as events and tells what they mean as timeline entries.

    For each exchange: `requested` when its request is there (optional), `headers` when the
    answer's headers are, then `complete` or `failed`. Each may come more than once for a flow.
    The entries returned are the new and the revised ones, oldest first.
    """

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self.limits = limits
        self.timeline = Timeline(limits.entries)
        self._exchanges = 0

    def requested(self, exchange: Exchange) -> tuple[Entry, ...]:
        """The request is known, the answer not yet."""
        self._exchanges += bool(exchange.flow_id)
        return ()

    def headers(self, exchange: Exchange) -> tuple[Entry, ...]:
        """The answer's headers are known: registrations, silent hops, chains."""
        self._exchanges += bool(exchange.flow_id)
        return ()

    def complete(self, exchange: Exchange) -> tuple[Entry, ...]:
        """The exchange is complete: reports, key answers, what the body decides."""
        return self.headers(exchange)

    def failed(self, exchange: Exchange) -> tuple[Entry, ...]:
        """No answer, or it broke off."""
        return self.headers(exchange)

    def recorded(self, exchange: Exchange) -> tuple[Entry, ...]:
        """A whole exchange of a recording: all its steps at once."""
        last = self.complete if exchange.error is None else self.failed
        return (*self.requested(exchange), *self.headers(exchange), *last(exchange))

    def passed(self) -> None:
        """Count an exchange that holds nothing of interest and was not made into one."""
        self._exchanges += 1

    def finish(self) -> tuple[Entry, ...]:
        """No more exchanges come: what waited for them is told as it stands."""
        return ()

    def summary(self) -> Summary:
        """Where things stand now."""
        return Summary(
            exchanges=self._exchanges,
            eligible=0,
            verdicts={},
            reports=0,
            chains=0,
            silent=0,
            browsers=(),
            sentence="",
        )
