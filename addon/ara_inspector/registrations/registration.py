"""What one Register header of one response says and comes to.

May live here: the frozen values the stage hands on. How they are come by is in the other
modules of this package, in `context` and in `chains`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from ara_inspector.findings import Certainty, Severity, Verdict

if TYPE_CHECKING:
    from ara_inspector.findings import Finding
    from ara_inspector.reports.links import Proof
    from ara_inspector.spec.effective import Effective, SourceType


class Kind(StrEnum):
    """What a header registers, and with whom: the browser (web) or the operating system."""

    SOURCE = "source"
    TRIGGER = "trigger"
    OS_SOURCE = "os-source"
    OS_TRIGGER = "os-trigger"

    @property
    def header(self) -> str:
        """The header's name as documentation writes it."""
        return HEADERS[self]

    @property
    def is_source(self) -> bool:
        """Whether it registers sources."""
        return self in {Kind.SOURCE, Kind.OS_SOURCE}

    @property
    def is_os(self) -> bool:
        """Whether it registers with the operating system."""
        return self in {Kind.OS_SOURCE, Kind.OS_TRIGGER}


HEADERS = {
    Kind.SOURCE: "Attribution-Reporting-Register-Source",
    Kind.TRIGGER: "Attribution-Reporting-Register-Trigger",
    Kind.OS_SOURCE: "Attribution-Reporting-Register-OS-Source",
    Kind.OS_TRIGGER: "Attribution-Reporting-Register-OS-Trigger",
}


class RequestKind(StrEnum):
    """What made the request, as far as the wire tells."""

    NAVIGATION = "navigation"
    FRAME = "frame navigation"
    ELEMENT = "element load"
    BACKGROUND = "background attributionsrc request"
    FETCH = "fetch or XHR"
    BEACON = "beacon or ping"
    PREFLIGHT = "CORS preflight"
    REPORT = "report"
    KEYS = "aggregation key fetch"
    UNKNOWN = "unknown"


class ContextSite(Struct, frozen=True, gc=False):
    """The top-level site a registration belongs to: its source site or destination site."""

    value: str | None
    certainty: Certainty
    ground: str
    origin: str | None = None
    """The context origin, where it is known as well."""
    page: str | None = None
    """The page's URL without query, where it was seen loading. A Referer seldom names more than
    the origin: of several pages of one origin it is the one that was loaded last."""


UNKNOWN_SITE = ContextSite(None, Certainty.UNKNOWN, "nothing on the wire tells the page")


class Registration(Struct, frozen=True, gc=False, kw_only=True):
    """One Register header of one response, judged.

    `eligible` says whether the request let a header of this kind register; `eligibility` the
    keys its Eligible header carried, None where it had none. `effective` is the value the
    browser reads (for OS registrations a tuple of them), `raw` the header's text as Chrome
    joins its lines. `chain` and `hop` number the redirect chain and the place in it, from 1.
    """

    flow_id: str
    time: float | None
    url: str
    status: int | None
    request: RequestKind
    kind: Kind
    source_type: SourceType | None
    reporting_origin: str | None
    context_site: ContextSite
    eligible: bool
    eligibility: tuple[str, ...] | None
    verdict: Verdict
    certainty: Certainty
    ground: str
    chain: int
    hop: int
    findings: tuple[Finding, ...]
    effective: Effective | tuple[Effective, ...] | None
    raw: str
    proof: Proof | None = None
    """What a report of the browser's own proved about the verdict, if one did."""

    @property
    def header(self) -> str:
        """The header's name."""
        return self.kind.header

    @property
    def severity(self) -> Severity | None:
        """The worst severity found, None without findings."""
        return worst(self.findings)

    @property
    def issue(self) -> str | None:
        """The DevTools issue type Chrome raises for this header, where it raises one."""
        return next((f.rule.issue for f in self.findings if f.rule.issue is not None), None)


def worst(findings: tuple[Finding, ...]) -> Severity | None:
    """The worst severity among `findings`."""
    order = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
    present = {finding.severity for finding in findings}
    return next((severity for severity in order if severity in present), None)
