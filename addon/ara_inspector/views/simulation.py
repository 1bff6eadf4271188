"""A simulated scenario as text: each registration's fate, then the reports.

May live here: laying out answers for reading. What happened is decided in `attribution`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ara_inspector.attribution.answers import told_reports, told_results
from ara_inspector.attribution.outcome_findings import source_findings, trigger_findings
from ara_inspector.attribution.sources import odometer
from ara_inspector.attribution.storing import SourceOutcome
from ara_inspector.findings import printable
from ara_inspector.spec.constants import DAY
from ara_inspector.views.annotated import sentence
from ara_inspector.views.fates import check_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ara_inspector.attribution.scenario import Scenario, StepAnswer
    from ara_inspector.attribution.storage import AttributionStorage
    from ara_inspector.findings import Finding
    from ara_inspector.views.style import Style

INDENT: Final = "    "
SHOWN_ELSEWHERE: Final = {
    "body",
    "kind",
    "reporter",
    "sent_t",
    "shared_info",
    "padded_to",
    "null",
    "id_bytes",
    "step",
    "t",
}


def simulation(
    scenario: Scenario,
    answers: list[StepAnswer],
    storage: AttributionStorage,
    style: Style,
    *,
    why: bool,
) -> Iterator[str]:
    """The lines of the whole answer; `why` adds every check."""
    yield style.bold("registrations")
    results = {result["step"]: result for result in told_results(scenario, answers)}
    for answer in answers:
        yield from _step(answer, results.get(answer.step.index), style, why=why)
    yield ""
    yield style.bold("reports")
    reports = told_reports(scenario, answers)
    for report in reports:
        yield f"  {_report(report)}"
    if not reports:
        yield "  none"
    yield ""
    yield style.bold("what the stored sources have left")
    for source in storage.sources():
        left = odometer(source, storage.limits)
        event_level = "none" if left.exhausted else str(left.event_level_reports.left)
        yield (
            f"  #{source.id}: event-level reports {event_level}, aggregatable budget "
            f"{left.aggregatable_budget.left:,} of {left.aggregatable_budget.of:,}, aggregatable "
            f"reports {left.aggregatable_reports.left}"
        )


def _step(
    answer: StepAnswer, result: dict[str, Any] | None, style: Style, *, why: bool
) -> Iterator[str]:
    step, cleared = answer.step, answer.cleared
    if cleared is not None and step.reporter is not None:
        yield (
            f"  #{step.index} {moment(step.t)} clear by {printable(step.reporter.origin)}: "
            f"{cleared.sources} sources and {len(cleared.withdrawn)} reports deleted"
        )
        return
    if result is None or step.context is None or step.reporter is None:
        yield f"  #{step.index} {moment(step.t)} flush: {len(answer.flushed)} reports sent"
        return
    kind = f"{step.source_type} source" if step.kind == "source" else "trigger"
    yield (
        f"  #{step.index} {moment(step.t)} {kind} on {printable(step.context.origin)} "
        f"by {printable(step.reporter.origin)}: {style.bold(_words(result))}"
    )
    for finding in _findings(answer):
        yield INDENT + sentence(finding, style)
    if why:
        yield from (f"{INDENT}{line}" for line in _checks(answer))


def _words(result: dict[str, Any]) -> str:
    if "event_level" in result:
        return f"event-level {result['event_level']}, aggregatable {result['aggregatable']}"
    if result["result"] is None:
        return f"not registered ({', '.join(result['issues'])})"
    return str(result["result"])


def _findings(answer: StepAnswer) -> Iterable[Finding]:
    if answer.outcome is None:
        return answer.findings
    if isinstance(answer.outcome, SourceOutcome):
        return (*answer.findings, *source_findings(answer.outcome))
    return (*answer.findings, *trigger_findings(answer.outcome))


def _checks(answer: StepAnswer) -> Iterator[str]:
    outcome = answer.outcome
    if outcome is None:
        return
    if isinstance(outcome, SourceOutcome):
        yield from map(check_line, outcome.checks)
        return
    trace = outcome.trace
    for candidate in (*trace.candidates, *trace.near_misses):
        chosen = " (chosen)" if candidate.chosen else ""
        yield f"source #{candidate.source_id}{chosen}:"
        yield from (f"  {check_line(check)}" for check in candidate.checks)
    if trace.untold:
        yield f"and {trace.untold} older sources"
    for name, checks in (
        ("both levels", trace.filters),
        ("event-level", trace.event_level.checks),
        ("aggregatable", trace.aggregatable.checks),
    ):
        if checks:
            yield f"{name}:"
            yield from (f"  {check_line(check)}" for check in checks)


def _report(report: dict[str, Any]) -> str:
    head = f"{moment(report['sent_t'])} {report['kind']} to {printable(report['reporter'])}"
    details = {key: value for key, value in report.items() if key not in SHOWN_ELSEWHERE}
    body = report["body"]
    if isinstance(body, list):
        shown = ", ".join(datum["type"] for datum in body)
        return f"{head}: {shown}"
    null = " (null report)" if report.get("null") else ""
    return f"{head}{null}: {printable(json.dumps(details | body, ensure_ascii=False))}"


def moment(t: float) -> str:
    """A time of the scenario as days and the time of day since its start."""
    days, rest = divmod(t, DAY)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    second = f"{seconds:02.0f}" if float(seconds).is_integer() else f"{seconds:09.6f}"
    return f"{int(days)}d {int(hours):02}:{int(minutes):02}:{second}"
