"""What linking a report gives: links, explained buckets, proofs, findings.

May live here: the frozen values, and the rules (RPT04x) about linking. How a link is found is
in the other modules of this package.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from ara_inspector.findings import Rule, Severity
from ara_inspector.spec.effective import Source, Trigger

if TYPE_CHECKING:
    from ara_inspector.findings import Certainty, Finding
    from ara_inspector.registrations import Registration

UNEXPLAINED = Rule(
    "RPT040",
    "report-unexplained",
    Severity.NOTE,
    "no registration in this capture explains the {kind} report",
    "issue-report-request",
)
TRIGGER_UNSEEN = Rule(
    "RPT041",
    "report-trigger-unseen",
    Severity.NOTE,
    "the source is in this capture, but no trigger that fits: the report is noise, or the "
    "trigger was not seen",
    "triggering-event-level-attribution",
)
VERDICT_CONTRADICTED = Rule(
    "RPT042",
    "verdict-contradicted",
    Severity.WARNING,
    "the browser reports {type}, while the verdict on entry {entry} is {verdict}",
    "attribution-debug-data-header",
)
LIMIT_REACHED = Rule(
    "RPT043",
    "limit-reached",
    Severity.WARNING,
    "entry {entry} has a valid header, but the browser reports {type}: {meaning}",
    "attribution-debug-data-header",
)
SITE_CONTRADICTED = Rule(
    "RPT044",
    "context-contradicted",
    Severity.WARNING,
    "the report proves that entry {entry} belongs to {proven}, not to {inferred}",
    "attribution-debug-data-header",
)
HEADER_ERROR_EXPLAINED = Rule(
    "RPT045",
    "header-error-explained",
    Severity.NOTE,
    "what Chrome does not say: {code} in entry {entry}, {problem}",
    "obtain-and-deliver-debug-reports-on-registration-header-errors",
)


class Role(StrEnum):
    """What a registration is to a report."""

    CAUSE = "cause"
    """Its being registered made the browser send the report."""
    SOURCE = "source"
    TRIGGER = "trigger"


@dataclass(frozen=True, slots=True)
class Known:
    """A registration that may have caused a report, as the session remembers it.

    `spent` names the kinds of reports it has already caused, or cannot cause at all as a
    verbose report told: most kinds it can cause only once.
    """

    entry: int
    """The number of its timeline entry."""
    registration: Registration
    spent: frozenset[str] = frozenset()
    # Looked at for every report of the origin, so found out once.
    source: Source | None = field(init=False, repr=False, compare=False)
    """The effective source of a source registration the browser could parse."""
    trigger: Trigger | None = field(init=False, repr=False, compare=False)
    """The effective trigger of a trigger registration the browser could parse."""
    moment: float = field(init=False, repr=False, compare=False)
    """When its answer came; the start of time where the recording has none."""

    def __post_init__(self) -> None:
        effective = self.registration.effective
        time = self.registration.time
        for name, value in (
            ("source", effective if isinstance(effective, Source) else None),
            ("trigger", effective if isinstance(effective, Trigger) else None),
            ("moment", 0.0 if time is None else time),
        ):
            object.__setattr__(self, name, value)


@dataclass(frozen=True, slots=True)
class Link:
    """One registration a report goes back to."""

    entry: int
    role: Role
    certainty: Certainty
    ground: str
    """What they have in common."""
    others: tuple[int, ...] = ()
    """Entries that would fit as well, the likelier first."""


@dataclass(frozen=True, slots=True)
class BucketLink:
    """A contribution's bucket, taken apart: source key piece OR trigger key pieces."""

    bucket: int
    value: int
    key: str
    """The aggregation key's name; of debug reports, the debug types."""
    source: int | None
    """The entry of the source whose key piece is in it, and that piece."""
    source_piece: int | None
    trigger: int | None
    """The entry of the trigger whose key pieces are in it, if one has."""
    trigger_pieces: tuple[int, ...]
    """Its pieces; of a source's debug report, the piece of the debug data."""


class ProofOutcome(StrEnum):
    """What a report says about what was concluded before."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    LIMIT = "limit reached"
    """The header is as judged, but the browser refused for what it already held."""


class Proven(StrEnum):
    """What is proven."""

    VERDICT = "verdict"
    CONTEXT_SITE = "context site"


@dataclass(frozen=True, slots=True)
class Proof:
    """What a report proves about one entry."""

    entry: int
    about: Proven
    outcome: ProofOutcome
    concluded: str | None
    """What the timeline said; None where it did not know."""
    proven: str
    """What the report shows: a verdict or a site."""
    ground: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything linking found out about one report."""

    links: tuple[Link, ...] = ()
    buckets: tuple[BucketLink, ...] = ()
    proofs: tuple[Proof, ...] = ()
    findings: tuple[Finding, ...] = ()
    spent: tuple[tuple[int, str], ...] = ()
    """Entries, and a kind of report each of them will not cause again."""
