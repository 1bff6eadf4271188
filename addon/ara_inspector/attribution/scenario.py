"""Scenarios: registrations at times, run through the engine as a browser would meet them.

May live here: reading the scenario language and running it. How results and reports are
written is in `answers`. The language is that of `ara-inspector simulate` (README): `t` in
seconds since the start, top-level page, reporter, header as object or text.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ara_inspector.attribution.registered import (
    SECOND,
    Noise,
    SourceRegistration,
    TriggerRegistration,
    TriggerState,
)
from ara_inspector.attribution.storage import AttributionStorage, Cleared
from ara_inspector.attribution.storing import SourceOutcome, process_attribution_source
from ara_inspector.attribution.triggering import TriggerOutcome, trigger_attribution
from ara_inspector.records import field_names, replace
from ara_inspector.spec import urls
from ara_inspector.spec.effective import SourceType
from ara_inspector.spec.source import read_source
from ara_inspector.spec.trigger import read_trigger
from ara_inspector.spec.vendor import CHROMIUM_LIMITS, AttributionLimits

if TYPE_CHECKING:
    from ara_inspector.findings import Finding

START: Final = 1_704_103_200
"""The epoch of t=0 where a scenario names none: 2024-01-01, 10:00 UTC."""
LONGEST: Final = 10**9
"""Seconds; later steps are refused rather than computed with."""


class ScenarioError(ValueError):
    """The scenario is not written in the language; the text says where."""


class Step(Struct, frozen=True, gc=False, kw_only=True):
    """One step of a scenario, in the order of time."""

    index: int
    t: float
    """As written."""
    time: int
    kind: str
    """`source`, `trigger`, `flush` (send everything pending now) or `clear` (delete what the
    reporter has stored, as its Clear-Site-Data does)."""
    context: urls.Place | None = None
    reporter: urls.Place | None = None
    header: str = ""
    source_type: SourceType = SourceType.EVENT
    noise: Noise | None = None


class Scenario(Struct, frozen=True, gc=False, kw_only=True):
    """A scenario as it will be run."""

    steps: tuple[Step, ...]
    start: int = START
    local_testing: bool = False
    limits: AttributionLimits = CHROMIUM_LIMITS


class StepAnswer(Struct, frozen=True, gc=False):
    """What the browser made of one step."""

    step: Step
    outcome: SourceOutcome | TriggerOutcome | None
    """None where the header or its place was refused, for a flush and a clear."""
    findings: tuple[Finding, ...] = ()
    issue: str = ""
    """The DevTools issue of a refusal."""
    flushed: tuple[int, ...] = ()
    """Numbers of the reports a flush sent."""
    cleared: Cleared | None = None
    """What a clear deleted."""


def read_scenario(scenario: object) -> Scenario:
    """A decoded scenario; raises `ScenarioError`."""
    if not isinstance(scenario, dict):
        raise ScenarioError("a scenario is an object")
    steps = scenario.get("steps")
    if not isinstance(steps, list):
        raise ScenarioError("`steps` has to be a list")
    start = _integer(scenario, "base_epoch", START)
    offset = _integer(scenario, "frac_us", 0)
    timed = sorted(
        ((_seconds(step, place), place, step) for place, step in enumerate(steps)),
        key=lambda item: item[:2],
    )
    return Scenario(
        steps=tuple(
            _step(step, index, t, start * SECOND + round(t * SECOND) + offset)
            for index, (t, _, step) in enumerate(timed)
        ),
        start=start,
        local_testing=scenario.get("testing") is True,
        limits=_limits(scenario.get("limits", {})),
    )


def _limits(changes: object) -> AttributionLimits:
    """Chrome's limits, with those changed that the scenario names."""
    known = field_names(AttributionLimits)
    if not isinstance(changes, dict) or not set(known) >= changes.keys():
        raise ScenarioError(f"`limits` may have {', '.join(known)}")
    if any(type(n) not in {int, float} or not 0 <= n < math.inf for n in changes.values()):
        raise ScenarioError("`limits` are numbers from 0 up")
    return replace(CHROMIUM_LIMITS, **changes)


def _integer(scenario: dict[str, Any], name: str, default: int) -> int:
    value = scenario.get(name, default)
    if type(value) is not int or not 0 <= value <= LONGEST * 10:
        raise ScenarioError(f"`{name}` has to be a whole number from 0 up")
    return value


def _seconds(step: object, place: int) -> float:
    t = step.get("t") if isinstance(step, dict) else None
    if isinstance(t, bool) or not isinstance(t, int | float) or not 0 <= t <= LONGEST:
        raise ScenarioError(f"steps[{place}]: `t` has to be a number of seconds from 0 up")
    return t


def _step(step: dict[str, Any], index: int, t: float, time: int) -> Step:
    if step.get("flush") is True:
        return Step(index=index, t=t, time=time, kind="flush")
    if "clear" in step:
        return Step(index=index, t=t, time=time, kind="clear", reporter=_place(step, "clear", t))
    kind = step.get("kind")
    if not isinstance(kind, str) or kind not in {"source", "trigger"}:
        raise ScenarioError(f"the step at t={t}: `kind` is `source` or `trigger`")
    header = step.get("header")
    if not isinstance(header, str | dict):
        raise ScenarioError(f"the step at t={t}: `header` has to be an object or text")
    try:
        source_type = SourceType(step.get("source_type", SourceType.EVENT))
    except ValueError:
        raise ScenarioError(
            f"the step at t={t}: `source_type` is `event` or `navigation`"
        ) from None
    return Step(
        index=index,
        t=t,
        time=time,
        kind=kind,
        context=_place(step, "context", t),
        reporter=_place(step, "reporter", t),
        header=header if isinstance(header, str) else json.dumps(header),
        source_type=source_type,
        noise=_noise(step, t),
    )


def _place(step: dict[str, Any], name: str, t: float) -> urls.Place:
    url = step.get(name)
    place = urls.place(url) if isinstance(url, str) else None
    if place is None:
        raise ScenarioError(f"the step at t={t}: `{name}` has to be an http or https URL")
    return place


def _noise(step: dict[str, Any], t: float) -> Noise | None:
    """`noise`: true, or the fake reports as a list of {"trigger_data", "window"}."""
    noise = step.get("noise")
    if noise is None or noise is False:
        return None
    if noise is True:
        return Noise()
    try:
        states = tuple(TriggerState(int(s["trigger_data"]), int(s["window"])) for s in noise)
    except (TypeError, KeyError, ValueError, OverflowError):
        states = None
    if states is None or any(state.trigger_data < 0 or state.window < 0 for state in states):
        raise ScenarioError(
            f"the step at t={t}: `noise` is true or a list of objects with trigger_data and window"
        )
    return Noise(states)


def run_scenario(scenario: Scenario) -> tuple[list[StepAnswer], AttributionStorage]:
    """Run every step in order; the storage is as the last step left it."""
    storage = AttributionStorage(scenario.limits, local_testing=scenario.local_testing)
    return [_run_step(storage, step) for step in scenario.steps], storage


def _run_step(storage: AttributionStorage, step: Step) -> StepAnswer:
    if step.kind == "clear" and step.reporter is not None:
        return StepAnswer(step, None, cleared=storage.clear(step.reporter.origin, step.time))
    if step.context is None or step.reporter is None:
        storage.advance(step.time)
        sent = storage.reports.flush()
        return StepAnswer(step, None, flushed=tuple(pending.report.number for pending in sent))
    if not urls.is_potentially_trustworthy(step.context.origin):
        return StepAnswer(step, None, issue="InsecureContext")
    if not urls.is_potentially_trustworthy(step.reporter.origin):
        return StepAnswer(step, None, issue="UntrustworthyReportingOrigin")
    if step.kind == "source":
        return _run_source(storage, step, step.context, step.reporter)
    return _run_trigger(storage, step, step.context, step.reporter)


def _run_source(
    storage: AttributionStorage, step: Step, context: urls.Place, reporter: urls.Place
) -> StepAnswer:
    reading = read_source(step.header, step.source_type)
    if reading.value is None:
        return StepAnswer(step, None, reading.findings, "InvalidHeader")
    windows = len(reading.value.event_report_windows.end_times)
    if step.noise is not None and any(s.window >= windows for s in step.noise.states or ()):
        raise ScenarioError(f"the step at t={step.t}: `noise` names a window that is not there")
    registration = SourceRegistration(
        id=str(step.index),
        time=step.time,
        source_type=step.source_type,
        source_origin=context.origin,
        source_site=context.site,
        reporting_origin=reporter.origin,
        reporting_site=reporter.site,
        source=reading.value,
        noise=step.noise,
    )
    return StepAnswer(step, process_attribution_source(storage, registration), reading.findings)


def _run_trigger(
    storage: AttributionStorage, step: Step, context: urls.Place, reporter: urls.Place
) -> StepAnswer:
    reading = read_trigger(step.header)
    if reading.value is None:
        return StepAnswer(step, None, reading.findings, "InvalidRegisterTriggerHeader")
    registration = TriggerRegistration(
        id=str(step.index),
        time=step.time,
        attribution_destination=context.site,
        reporting_origin=reporter.origin,
        reporting_site=reporter.site,
        trigger=reading.value,
    )
    return StepAnswer(step, trigger_attribution(storage, registration), reading.findings)
