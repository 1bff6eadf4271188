"""Answers to a scenario in Chrome's form: results and reports as plain JSON.

May live here: writing outcomes and expected reports the way the recorded runs of Chrome are
written. Times are seconds since the scenario's start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import to_builtins

from ara_inspector.attribution.aggregatable_debug import UNSPECIFIED, known_debug_data
from ara_inspector.attribution.filters import seconds
from ara_inspector.attribution.registered import SECOND
from ara_inspector.attribution.storing import SourceOutcome
from ara_inspector.reports.endpoints import ReportKind
from ara_inspector.spec.constants import SOURCE_DEBUG_TYPES
from ara_inspector.spec.json_text import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ara_inspector.attribution.delivery import ExpectedReport
    from ara_inspector.attribution.registered import SourceRegistration
    from ara_inspector.attribution.scenario import Scenario, StepAnswer
    from ara_inspector.attribution.trace import Candidate, Check

SENT_AT_ONCE: Final = frozenset(
    {
        ReportKind.VERBOSE,
        ReportKind.AGGREGATABLE_DEBUG,
        ReportKind.DEBUG_EVENT_LEVEL,
        ReportKind.DEBUG_AGGREGATABLE,
    }
)
"""Kinds whose report tells the step that made it."""


def told_results(scenario: Scenario, answers: Sequence[StepAnswer]) -> list[dict[str, Any]]:
    """What became of each registration, in order; a flush or a clear has none."""
    return [
        _result(scenario, answer) for answer in answers if answer.step.kind in {"source", "trigger"}
    ]


def _result(scenario: Scenario, answer: StepAnswer) -> dict[str, Any]:
    step, outcome = answer.step, answer.outcome
    result: dict[str, Any] = {"t": step.t, "step": step.index, "kind": step.kind}
    if outcome is None:
        return result | {"result": None, "issues": [answer.issue]}
    if isinstance(outcome, SourceOutcome):
        registration = _registration(scenario, outcome.registration, step.header)
        return result | {"result": outcome.result.value, "registration": registration}
    return result | {
        "event_level": outcome.event_level.value,
        "aggregatable": outcome.aggregatable.value,
    }


def _registration(
    scenario: Scenario, registration: SourceRegistration, header: str
) -> dict[str, Any]:
    """The source as the DevTools protocol tells it."""
    source = registration.source
    epsilon = source.event_level_epsilon
    told: dict[str, Any] = {
        "time": _since_start(scenario, registration.time),
        "expiry": source.expiry,
        "triggerData": list(source.trigger_data),
        "eventReportWindows": {
            "start": source.event_report_windows.start_time,
            "ends": list(source.event_report_windows.end_times),
        },
        "aggregatableReportWindow": source.aggregatable_report_window,
        "type": registration.source_type.value,
        "sourceOrigin": registration.source_origin,
        "reportingOrigin": registration.reporting_origin,
        "destinationSites": list(source.destination),
        "eventId": str(source.source_event_id),
        "priority": str(source.priority),
        "filterData": [
            {"key": key, "values": sorted(values)}
            for key, values in sorted(source.filter_data.items())
        ],
        "aggregationKeys": [
            {"key": key, "value": hex(value)}
            for key, value in sorted(source.aggregation_keys.items())
        ],
        "triggerDataMatching": source.trigger_data_matching.value,
        "destinationLimitPriority": str(source.destination_limit_priority),
        "aggregatableDebugReportingConfig": _debug_config(registration, header),
        "maxEventLevelReports": source.max_event_level_reports,
        "namedBudgets": [
            {"name": name, "budget": budget}
            for name, budget in sorted(source.named_budgets.items())
        ],
        "debugReporting": source.debug_reporting,
        "eventLevelEpsilon": int(epsilon) if epsilon.is_integer() else epsilon,
    }
    if source.debug_key is not None:
        told["debugKey"] = str(source.debug_key)
    if source.attribution_scopes is not None:
        told["scopesData"] = {
            "values": list(source.attribution_scopes.values),
            "limit": source.attribution_scopes.limit,
            "maxEventStates": source.attribution_scopes.max_event_states,
        }
    return told


def _debug_config(registration: SourceRegistration, header: str) -> dict[str, Any]:
    config = registration.source.aggregatable_debug_reporting
    if config is None:
        return {"budget": 0, "keyPiece": "0x0", "debugData": []}
    values = known_debug_data(config, SOURCE_DEBUG_TYPES)
    rest = values.pop(UNSPECIFIED, None)
    if rest is not None:
        values = dict.fromkeys(SOURCE_DEBUG_TYPES - {UNSPECIFIED}, rest) | values
    told: dict[str, Any] = {
        "budget": config.budget,
        "keyPiece": hex(config.key_piece),
        "debugData": [
            {"keyPiece": hex(datum.key_piece), "value": datum.value, "types": [name]}
            for name, datum in sorted(values.items())
        ],
    }
    written = (parse(header).root or {})["aggregatable_debug_reporting"]
    if "aggregation_coordinator_origin" in written:
        # Chromium 138 tells only one that is written, be it the default; the model has the
        # default filled in, so that only the header knows.
        told["aggregationCoordinatorOrigin"] = config.aggregation_coordinator_origin
    return told


def told_reports(scenario: Scenario, answers: Sequence[StepAnswer]) -> list[dict[str, Any]]:
    """Every report the browser sends, by the earliest time; withdrawn ones left out."""
    sent = sorted(_sent(answers), key=lambda item: item[:2])
    return [_report(scenario, report, time, step) for time, _, step, report in sent]


def _sent(answers: Sequence[StepAnswer]) -> Iterator[tuple[int, int, int, ExpectedReport]]:
    outcomes = [answer.outcome for answer in answers if answer.outcome is not None]
    cleared = [answer.cleared for answer in answers if answer.cleared is not None]
    withdrawn = {number for each in (*outcomes, *cleared) for number in each.withdrawn}
    flushed = {number: answer.step.time for answer in answers for number in answer.flushed}
    for answer in answers:
        for report in answer.outcome.reports if answer.outcome is not None else ():
            if report.number not in withdrawn:
                time = flushed.get(report.number, report.earliest)
                yield time, report.number, answer.step.index, report


def _report(scenario: Scenario, report: ExpectedReport, time: int, step: int) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": report.kind.value, "reporter": report.reporting_origin}
    if report.kind in SENT_AT_ONCE:
        told["step"] = step
    told["sent_t"] = _since_start(scenario, time)
    if report.data:
        told["body"] = [
            {"type": datum["type"], "body": _relative(scenario, datum["body"])}
            for datum in report.data
        ]
        return told
    told["t"] = report.report_time // SECOND - scenario.start
    if report.shared_info is not None:
        told |= _aggregatable(scenario, report)
    told["body"] = {
        name: value for name, value in report.body.items() if name != "scheduled_report_time"
    }
    return told


def _aggregatable(scenario: Scenario, report: ExpectedReport) -> dict[str, Any]:
    shared_info: dict[str, Any] = dict(report.shared_info or {})
    del shared_info["scheduled_report_time"]
    if "source_registration_time" in shared_info:
        day = int(shared_info["source_registration_time"])
        shared_info["source_registration_time"] = day - scenario.start
    told: dict[str, Any] = {
        "contributions": [
            {"bucket": hex(entry.key), "value": entry.value, "id": entry.filtering_id}
            for entry in report.contributions
        ],
        "null": report.null,
        "padded_to": report.padded_to,
        "id_bytes": report.filtering_id_max_bytes,
        "shared_info": shared_info,
    }
    if report.cleartext:
        told["has_cleartext"] = True
    return told


def _relative(scenario: Scenario, body: dict[str, Any]) -> dict[str, Any]:
    if "scheduled_report_time" not in body:
        return body
    due = int(body["scheduled_report_time"]) - scenario.start
    return body | {"scheduled_report_time": str(due)}


def _since_start(scenario: Scenario, time: int) -> float:
    return seconds(time - scenario.start * SECOND)


def told_why(answer: StepAnswer) -> dict[str, Any]:
    """Everything behind one result: the checks in the browser's order, and what they changed."""
    outcome = answer.outcome
    why: dict[str, Any] = {"step": answer.step.index}
    if outcome is None:
        return why
    if isinstance(outcome, SourceOutcome):
        why |= {"checks": _checks(outcome.checks), "debug_type": outcome.debug_type}
    else:
        trace = outcome.trace
        why |= {
            "candidates": [_candidate(candidate) for candidate in trace.candidates],
            "untold_candidates": trace.untold,
            "near_misses": [_candidate(candidate) for candidate in trace.near_misses],
            "filters": _checks(trace.filters),
            "event_level": _checks(trace.event_level.checks),
            "aggregatable": _checks(trace.aggregatable.checks),
            "debug_types": list(outcome.debug_types),
            "budget": to_builtins(outcome.odometer),
        }
    return why | {
        "removed": [to_builtins(removal) for removal in outcome.removals],
        "possible": [to_builtins(possibility) for possibility in outcome.possibilities],
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "source": candidate.source_id,
        "chosen": candidate.chosen,
        "checks": _checks(candidate.checks),
    }


def _checks(checks: Iterable[Check]) -> list[dict[str, Any]]:
    return [
        {
            "name": check.name,
            "verdict": check.verdict.value,
            "given": check.given,
            "wanted": check.wanted,
        }
        for check in checks
    ]
