"""What linking a report gives: links, explained buckets, proofs, findings.

May live here: the frozen values, and the rules (RPT04x) about linking. How a link is found is
in the other modules of this package.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.findings import Rule, Severity
from ara_inspector.spec.effective import Source, Trigger
from ara_inspector.spec.os_registration import OsRegistration
from ara_inspector.spec.sharing import shared
from ara_inspector.spec.urls import origin

if TYPE_CHECKING:
    from ara_inspector.findings import Certainty, Finding, Verdict
    from ara_inspector.registrations import Kind, Registration
    from ara_inspector.spec.effective import SourceType

NOTHING_SPENT: Final[frozenset[str]] = frozenset()

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
    "the browser reports {type}, while the verdict on #{entry} is {verdict}",
    "attribution-debug-data-header",
)
LIMIT_REACHED = Rule(
    "RPT043",
    "limit-reached",
    Severity.WARNING,
    "#{entry} has a valid header, but the browser reports {type}: {meaning}",
    "attribution-debug-data-header",
)
SITE_CONTRADICTED = Rule(
    "RPT044",
    "context-contradicted",
    Severity.WARNING,
    "the report proves that #{entry} belongs to {proven}, not to {inferred}",
    "attribution-debug-data-header",
)
HEADER_ERROR_EXPLAINED = Rule(
    "RPT045",
    "header-error-explained",
    Severity.NOTE,
    "what Chrome does not say: {code} in #{entry}: {problem}",
    "obtain-and-deliver-debug-reports-on-registration-header-errors",
)


class Role(StrEnum):
    """What a registration is to a report."""

    CAUSE = "cause"
    """Its being registered made the browser send the report."""
    SOURCE = "source"
    TRIGGER = "trigger"


class Known(Struct, frozen=True, gc=False):
    """What the session remembers of a registration that may have caused a report.

    Not the registration itself: there are thousands, for weeks of the traffic's time. The
    timeline has it.
    """

    entry: int
    """The number of its timeline entry."""
    kind: Kind
    source_type: SourceType | None
    verdict: Verdict
    site: str | None
    """Its context site, None where that is not known."""
    moment: float
    """When its answer came; the start of time where the recording has none."""
    origins: tuple[str, ...]
    """Where reports about it go: of one with the system, the origins of the URLs it names."""
    source: Source | None
    """The effective source of a source registration the browser could parse."""
    trigger: Trigger | None
    """The effective trigger of a trigger registration the browser could parse."""
    text: int
    """The hash of the header's text, which reports about broken headers quote."""
    urls: str
    """The header's text, of one with the system: reports quote a URL of it."""
    error: Finding | None
    """Our own first error in the header."""
    spent: frozenset[str] = NOTHING_SPENT
    """The kinds of reports it has already caused, or cannot cause at all as a verbose report
    told: most kinds it can cause only once."""

    @classmethod
    def of(
        cls, entry: int, registration: Registration, spent: frozenset[str] = NOTHING_SPENT
    ) -> Known:
        """What is to be remembered of the registration that entry `entry` tells."""
        effective, time = registration.effective, registration.time
        return cls(
            entry=entry,
            kind=registration.kind,
            source_type=registration.source_type,
            verdict=registration.verdict,
            site=registration.context_site.value,
            moment=0.0 if time is None else time,
            origins=report_origins(registration),
            source=effective if isinstance(effective, Source) else None,
            trigger=effective if isinstance(effective, Trigger) else None,
            text=hash(registration.raw),
            urls=registration.raw if registration.kind.is_os else "",
            error=_first_error(registration),
            spent=spent,
        )


def report_origins(registration: Registration) -> tuple[str, ...]:
    """Where reports about a registration go: of one with the system, to the URLs it names."""
    if isinstance(registration.effective, tuple):
        found = {
            origin(each.url) for each in registration.effective if isinstance(each, OsRegistration)
        }
        return tuple(where for where in found if where is not None)
    where = registration.reporting_origin
    return () if where is None else shared((where,))


def _first_error(registration: Registration) -> Finding | None:
    """The first error of those that say where in the header they are, or that it is no JSON."""
    return next(
        (
            finding
            for finding in registration.findings
            if (finding.path or finding.rule.code[:3] == "JSN")
            and finding.severity is Severity.ERROR
        ),
        None,
    )


class Link(Struct, frozen=True, gc=False):
    """One registration a report goes back to."""

    entry: int
    role: Role
    certainty: Certainty
    ground: str
    """What they have in common."""
    others: tuple[int, ...] = ()
    """Entries that would fit as well, the likelier first."""


class BucketLink(Struct, frozen=True, gc=False):
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


class Proof(Struct, frozen=True, gc=False):
    """What a report proves about one entry."""

    entry: int
    about: Proven
    outcome: ProofOutcome
    concluded: str | None
    """What the timeline said; None where it did not know."""
    proven: str
    """What the report shows: a verdict or a site."""
    ground: str


class Explanation(Struct, frozen=True, gc=False):
    """Everything linking found out about one report."""

    links: tuple[Link, ...] = ()
    buckets: tuple[BucketLink, ...] = ()
    proofs: tuple[Proof, ...] = ()
    findings: tuple[Finding, ...] = ()
    spent: tuple[tuple[int, str], ...] = ()
    """Entries, and a kind of report each of them will not cause again."""
