"""Redirect chains and user actions: which requests are one, hop after hop.

May live here: joining requests to chains, the cards that tell a chain, and the rules (CHN)
that need more than one hop. What a single response registers is not judged here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ara_inspector.findings import Finding, Verdict
    from ara_inspector.registrations import RequestKind


@dataclass(frozen=True, slots=True)
class Registered:
    """What one Register header of a hop came to."""

    kind: str
    verdict: Verdict
    entry: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One request of a chain, as a row of its card."""

    number: int
    flow_id: str
    method: str
    url: str
    reporting_origin: str | None
    status: int | None
    eligibility: tuple[str, ...] | None
    """The kinds its Eligible header named; None where there was no such header."""
    registrations: tuple[Registered, ...] = ()
    milliseconds: float | None = None
    """From the request to its answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainCard:
    """A redirect chain as far as it is known."""

    number: int
    time: float | None
    kind: RequestKind
    hops: tuple[Hop, ...]
    ended: str
    """How it ended, in words; "waiting for ..." while it may go on."""
    totals: str
    """For instance "3 reporters, 2 registered, 1 silent; ended at hop 4: 200"."""
    reporters: int
    registered: int
    silent: int
    action: int | None = None
    """The number of the user action it is part of."""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionCard:
    """The requests of one user action: a navigation and its background requests."""

    number: int
    time: float | None
    navigation: str | None
    """The navigation's URL; None while only background requests were seen."""
    chains: tuple[int, ...]
    flow_ids: tuple[str, ...]
    """The first request of each chain."""
    sentence: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentHop:
    """An answer to an eligible request that carries no Register header."""

    flow_id: str
    time: float | None
    url: str
    status: int | None
    request: RequestKind
    reporting_origin: str | None
    eligibility: tuple[str, ...]
    chain: int
    hop: int
    findings: tuple[Finding, ...] = ()
