"""The shapes of fates and of the ledger in JSON: part of the output contract.

May live here: the models; `fate_document` makes them. Result words are Chrome's own, moments
are seconds since the epoch, registrations and reports are named by their entries' numbers.
"""

from __future__ import annotations

from typing import Any

from ara_inspector.findings import Certainty
from ara_inspector.views.output import Json, Output


class CheckOutput(Output):
    """One comparison the browser makes; `verdict` is passed, failed or undecidable."""

    name: str
    verdict: str
    given: Any
    wanted: Any


class CandidateOutput(Output):
    """A source that was looked at, or came near."""

    source: int
    chosen: bool
    checks: tuple[CheckOutput, ...]


class TraceOutput(Output):
    """The checks in the browser's order, for a source `checks`, for a trigger the rest."""

    checks: tuple[CheckOutput, ...] = ()
    candidates: tuple[CandidateOutput, ...] = ()
    untold: int = 0
    near_misses: tuple[CandidateOutput, ...] = ()
    filters: tuple[CheckOutput, ...] = ()
    event_level: tuple[CheckOutput, ...] = ()
    aggregatable: tuple[CheckOutput, ...] = ()


class ContributionOutput(Output):
    """One contribution of an expected aggregatable report; the bucket is hexadecimal."""

    bucket: str
    value: int
    filtering_id: int


class ExpectedOutput(Output):
    """A report the browser sends if the fate is as told, between `earliest` and `latest`."""

    kind: str
    url: str
    registrations: tuple[int, ...]
    body: Json | list[Json]
    contributions: tuple[ContributionOutput, ...]
    null: bool
    earliest: float
    latest: float


class PossibilityOutput(Output):
    """What the browser may do at random: noise, null reports."""

    kind: str
    probability: float
    trials: int


class RemovalOutput(Output):
    """A source that left the browser's storage for it."""

    source: int
    reason: str


class MeterOutput(Output):
    """What is left of how much."""

    left: int
    of: int


class BudgetOutput(Output):
    """What a source has left; of a trigger, right after it.

    `next_fails` says what another trigger like this one would not get.
    """

    source: int
    expires: float
    exhausted: bool
    event_level_reports: MeterOutput
    aggregatable_reports: MeterOutput
    aggregatable_budget: MeterOutput
    named_budgets: dict[str, MeterOutput]
    debug_reports: MeterOutput
    debug_budget: MeterOutput
    next_fails: tuple[str, ...]


class ToldOutput(Output):
    """What a verbose debug report of the browser says about the fate."""

    agreement: str
    types: tuple[str, ...]
    certainty: Certainty
    flow_id: str


class AnswerOutput(Output):
    """What the browser makes of one registration, in short.

    `result` is set for sources, `event_level` and `aggregatable` for triggers; all three are
    null where nothing can be said, and `ground` says why. They are what the browser's own report
    says where that is not what was predicted, null where it may mean several. `comes_to` is the
    same for reading.
    """

    entry: int
    kind: str
    result: str | None
    event_level: str | None
    aggregatable: str | None
    source: int | None
    certainty: Certainty
    ground: str
    comes_to: str


class FateOutput(AnswerOutput):
    """What the browser makes of one registration, with everything behind it."""

    told: ToldOutput | None
    debug_types: tuple[str, ...]
    trace: TraceOutput | None
    expected: tuple[ExpectedOutput, ...]
    seen: tuple[int, ...]
    possible: tuple[PossibilityOutput, ...]
    removed: tuple[RemovalOutput, ...]
    budget: BudgetOutput | None


class StandingOutput(Output):
    """Where a report that was seen stands, and the registrations that explain it."""

    standing: str
    registrations: tuple[int, ...]
    probability: float | None


class LedgerReportOutput(Output):
    """A report that was seen, entry `report`."""

    report: int
    registrations: tuple[int, ...]
    probability: float | None


class LedgerOutput(Output):
    """Expected reports against those seen; `counts` are over the whole session."""

    counts: dict[str, int]
    seen: tuple[LedgerReportOutput, ...]
    by_chance: tuple[LedgerReportOutput, ...]
    unexplained: tuple[LedgerReportOutput, ...]
    not_yet_due: tuple[ExpectedOutput, ...]
    overdue: tuple[ExpectedOutput, ...]
