"""Fates and the ledger as JSON in the shapes of `fate_contract`.

May live here: making those models. Nothing is judged; numbers a browser would write as text
stay text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ara_inspector.attribution.fates import (
    Fate,
    SourceFate,
    TriggerFate,
    registrations_of,
)
from ara_inspector.attribution.filters import seconds
from ara_inspector.attribution.ledger import Standing
from ara_inspector.attribution.told_results import results_of_source, results_of_trigger
from ara_inspector.registrations import Registration
from ara_inspector.views.fate_contract import (
    AnswerOutput,
    BudgetOutput,
    CandidateOutput,
    CheckOutput,
    ContributionOutput,
    ExpectedOutput,
    FateOutput,
    LedgerOutput,
    LedgerReportOutput,
    MeterOutput,
    PossibilityOutput,
    RemovalOutput,
    StandingOutput,
    ToldOutput,
    TraceOutput,
)
from ara_inspector.views.fates import comes_to, next_fails

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ara_inspector.attribution.delivery import ExpectedReport
    from ara_inspector.attribution.fates import Balance, ReportStanding
    from ara_inspector.attribution.results import Result
    from ara_inspector.attribution.sources import Meter
    from ara_inspector.attribution.trace import Candidate, Check
    from ara_inspector.timeline import Entry
    from ara_inspector.views.output import Json


def answers_output(entries: Iterable[Entry]) -> Iterator[AnswerOutput]:
    """The answer for each registration that has one."""
    for entry in entries:
        if entry.fate is not None and isinstance(entry.about, Registration):
            yield AnswerOutput.model_construct(**_answer(entry.fate, entry.about, entry.number))


def fate_output(fate: Fate, about: Registration, entry: int) -> FateOutput:
    """The fate of one registration, told by timeline entry `entry`."""
    told = fate.told
    return FateOutput.model_construct(
        **_answer(fate, about, entry),
        told=None
        if told is None
        else ToldOutput.model_construct(
            agreement=told.agreement.value,
            types=told.types,
            certainty=told.certainty,
            flow_id=told.flow_id,
        ),
        debug_types=fate.debug_types if isinstance(fate, SourceFate | TriggerFate) else (),
        trace=_trace(fate),
        expected=tuple(map(expected_output, fate.reports)),
        seen=fate.seen,
        possible=tuple(
            PossibilityOutput.model_construct(
                kind=each.kind.value, probability=each.probability, trials=each.trials
            )
            for each in fate.possibilities
        ),
        removed=tuple(
            RemovalOutput.model_construct(source=int(each.source_id), reason=each.reason.value)
            for each in fate.removals
        ),
        budget=_budget(fate),
    )


def _answer(fate: Fate, about: Registration, entry: int) -> Json:
    trigger = fate if isinstance(fate, TriggerFate) else None
    event_level, aggregatable = results_of_trigger(trigger) if trigger else ((), ())
    return {
        "entry": entry,
        "kind": about.kind.value,
        "result": _only(results_of_source(fate) if isinstance(fate, SourceFate) else ()),
        "event_level": _only(event_level),
        "aggregatable": _only(aggregatable),
        "source": trigger.source if trigger else None,
        "certainty": fate.certainty,
        "ground": fate.ground,
        "comes_to": comes_to(fate),
    }


def _only(results: Sequence[Result]) -> str | None:
    return results[0].value if len(results) == 1 else None


def _trace(fate: Fate) -> TraceOutput | None:
    if isinstance(fate, SourceFate):
        return TraceOutput.model_construct(checks=_checks(fate.checks))
    if not isinstance(fate, TriggerFate):
        return None
    trace = fate.trace
    return TraceOutput.model_construct(
        candidates=_candidates(trace.candidates),
        untold=trace.untold,
        near_misses=_candidates(trace.near_misses),
        filters=_checks(trace.filters),
        event_level=_checks(trace.event_level.checks),
        aggregatable=_checks(trace.aggregatable.checks),
    )


def _candidates(candidates: Iterable[Candidate]) -> tuple[CandidateOutput, ...]:
    return tuple(
        CandidateOutput.model_construct(
            source=int(each.source_id), chosen=each.chosen, checks=_checks(each.checks)
        )
        for each in candidates
    )


def _checks(checks: Iterable[Check]) -> tuple[CheckOutput, ...]:
    return tuple(
        CheckOutput.model_construct(
            name=each.name, verdict=each.verdict.value, given=each.given, wanted=each.wanted
        )
        for each in checks
    )


def expected_output(report: ExpectedReport) -> ExpectedOutput:
    """A report that is expected."""
    body: Json | list[Json] = [dict(datum) for datum in report.data] or dict(report.body)
    if report.shared_info is not None and isinstance(body, dict):
        body["shared_info"] = dict(report.shared_info)
    return ExpectedOutput.model_construct(
        kind=report.kind.value,
        url=report.url,
        registrations=registrations_of(report),
        body=body,
        contributions=tuple(
            ContributionOutput.model_construct(
                bucket=hex(each.key), value=each.value, filtering_id=each.filtering_id
            )
            for each in report.contributions
        ),
        null=report.null,
        earliest=seconds(report.earliest),
        latest=seconds(report.latest),
    )


def _budget(fate: Fate) -> BudgetOutput | None:
    if not isinstance(fate, SourceFate | TriggerFate) or fate.odometer is None:
        return None
    left = fate.odometer
    return BudgetOutput.model_construct(
        source=int(left.source_id),
        expires=seconds(left.expires),
        exhausted=left.exhausted,
        event_level_reports=_meter(left.event_level_reports),
        aggregatable_reports=_meter(left.aggregatable_reports),
        aggregatable_budget=_meter(left.aggregatable_budget),
        named_budgets={name: _meter(each) for name, each in left.named_budgets.items()},
        debug_reports=_meter(left.debug_reports),
        debug_budget=_meter(left.debug_budget),
        next_fails=tuple(next_fails(fate)) if isinstance(fate, TriggerFate) else (),
    )


def _meter(meter: Meter) -> MeterOutput:
    return MeterOutput.model_construct(left=meter.left, of=meter.of)


def standing_output(standing: ReportStanding) -> StandingOutput:
    """Where a report stands."""
    return StandingOutput.model_construct(
        standing=standing.standing.value,
        registrations=standing.registrations,
        probability=_probability(standing),
    )


def _probability(standing: ReportStanding) -> float | None:
    return None if standing.possibility is None else standing.possibility.probability


def ledger_output(balance: Balance, entries: Sequence[Entry]) -> LedgerOutput:
    """The ledger: what was seen is told of `entries`, what is still out of the session."""

    def reports(standing: Standing) -> tuple[LedgerReportOutput, ...]:
        return tuple(
            LedgerReportOutput.model_construct(
                report=entry.number,
                registrations=entry.standing.registrations,
                probability=_probability(entry.standing),
            )
            for entry in entries
            if entry.standing is not None and entry.standing.standing is standing
        )

    def awaited(standing: Standing) -> tuple[ExpectedOutput, ...]:
        return tuple(
            expected_output(each.report) for each in balance.awaited if each.standing is standing
        )

    return LedgerOutput.model_construct(
        counts=dict(balance.counts),
        seen=reports(Standing.SEEN),
        by_chance=reports(Standing.BY_CHANCE),
        unexplained=reports(Standing.UNEXPLAINED),
        not_yet_due=awaited(Standing.NOT_YET_DUE),
        overdue=awaited(Standing.OVERDUE),
    )
