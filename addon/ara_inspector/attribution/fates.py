"""The fate of one registration: what the browser makes of it, why, and how sure that is.

May live here: the frozen values the timeline and the views are given. Making them from the
engine's outcomes is the work of the session; entries are named by their numbers.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, Self

from msgspec import Struct, field

from ara_inspector.attribution.effects import PossibilityKind
from ara_inspector.attribution.results import SourceResult
from ara_inspector.attribution.trace import NOISE_CHECK, TriggerTrace
from ara_inspector.findings import Certainty
from ara_inspector.records import replace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ara_inspector.attribution.delivery import ExpectedReport
    from ara_inspector.attribution.effects import Possibility, Removal
    from ara_inspector.attribution.ledger import Standing
    from ara_inspector.attribution.results import AggregatableResult, EventLevelResult
    from ara_inspector.attribution.sources import Odometer
    from ara_inspector.attribution.trace import Check
    from ara_inspector.findings import Finding


STORED: Final = frozenset({SourceResult.SUCCESS, SourceResult.SUCCESS_NOISED})


class Agreement(StrEnum):
    """What a verbose debug report says about a predicted fate."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"


class Told(Struct, frozen=True, gc=False):
    """What the browser itself said of a registration: the types of its verbose debug report."""

    agreement: Agreement
    types: tuple[str, ...]
    certainty: Certainty
    """Of its being this registration that the report is about."""
    flow_id: str
    entry: int
    """Flow and entry of the report."""


class Fate(Struct, frozen=True, gc=False, kw_only=True):
    """What is common to all fates; by itself: that none can be told, `ground` says why."""

    certainty: Certainty = Certainty.UNKNOWN
    ground: str
    told: Told | None = None
    seen: tuple[int, ...] = ()
    """The entries of its reports that were seen."""
    findings: tuple[Finding, ...] = ()
    reports: tuple[ExpectedReport, ...] = ()
    removals: tuple[Removal, ...] = ()
    """Sources it pushed out of the browser's storage, by the numbers of their entries."""
    possibilities: tuple[Possibility, ...] = ()


class SourceFate(Fate, frozen=True, kw_only=True):
    """What becomes of a source."""

    result: SourceResult
    checks: tuple[Check, ...]
    debug_types: tuple[str, ...]
    odometer: Odometer | None
    """What it has to give; None where it was not stored."""

    def without_noise(self) -> Self:
        """The same for a browser that turns out not to answer at random: local testing mode."""
        return replace(
            self, checks=_without_noise(self.checks), possibilities=_truthful(self.possibilities)
        )

    @property
    def stored(self) -> bool:
        """Whether the browser keeps it."""
        return self.result in STORED


class TriggerFate(Fate, frozen=True, kw_only=True):
    """What becomes of a trigger."""

    event_level: EventLevelResult
    aggregatable: AggregatableResult
    trace: TriggerTrace
    debug_types: tuple[str, ...]
    """What a verbose debug report would list, whether or not the trigger asks for one."""
    source: int | None
    """The entry of the source it was attributed to, or would have been."""
    odometer: Odometer | None
    """What that source had left afterwards."""
    at_an_edge: bool = False
    """So near the end of a window that the wire cannot tell the side."""

    def without_noise(self) -> Self:
        """The same for a browser that turns out not to answer at random: local testing mode."""
        level = self.trace.event_level
        trace = replace(self.trace, event_level=replace(level, checks=_without_noise(level.checks)))
        return replace(self, trace=trace, possibilities=_truthful(self.possibilities))


def _without_noise(checks: tuple[Check, ...]) -> tuple[Check, ...]:
    return tuple(check for check in checks if check.name != NOISE_CHECK)


def _truthful(possibilities: tuple[Possibility, ...]) -> tuple[Possibility, ...]:
    return tuple(each for each in possibilities if each.kind is not PossibilityKind.NOISE)


class ReportStanding(Struct, frozen=True, gc=False, kw_only=True):
    """Where a report that was seen stands in the ledger."""

    standing: Standing
    registrations: tuple[int, ...] = ()
    """The entries that make the browser send it: source, then trigger."""
    possibility: Possibility | None = None


class Awaited(Struct, frozen=True, gc=False, kw_only=True):
    """A report that is expected and has not been seen."""

    standing: Standing
    registrations: tuple[int, ...]
    report: ExpectedReport


class Balance(Struct, frozen=True, gc=False, kw_only=True):
    """The ledger at a moment: how many reports stand where, and those still out."""

    counts: Mapping[str, int] = field(default_factory=dict)
    awaited: tuple[Awaited, ...] = ()


def registrations_of(report: ExpectedReport) -> tuple[int, ...]:
    """The entries of the registrations an expected report comes of."""
    return tuple(int(each) for each in (report.source_id, report.trigger_id) if each is not None)
