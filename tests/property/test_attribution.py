from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from ara_inspector.attribution.answers import told_reports, told_results, told_why
from ara_inspector.attribution.filters import match_filter_pair
from ara_inspector.attribution.results import AggregatableResult, EventLevelResult
from ara_inspector.attribution.scenario import (
    Scenario,
    ScenarioError,
    StepAnswer,
    read_scenario,
    run_scenario,
)
from ara_inspector.attribution.sources import Odometer, odometer
from ara_inspector.attribution.storing import SourceOutcome
from ara_inspector.attribution.triggering import TriggerOutcome
from ara_inspector.reports.endpoints import ReportKind

if TYPE_CHECKING:
    from ara_inspector.attribution.storage import AttributionStorage

HOUR, DAY = 3600, 86_400
NAMES = ["a", "b", "c"]
FILTERED = {
    EventLevelResult.NO_MATCHING_SOURCES.value,
    EventLevelResult.NO_MATCHING_SOURCE_FILTER_DATA.value,
}

names = st.sampled_from(NAMES)
filter_sets = st.dictionaries(st.sampled_from(["k", "source_type"]), st.lists(names, max_size=2))
filters = filter_sets | st.lists(filter_sets, max_size=2)
keys = st.integers(0, 3).map(str)
priorities = st.integers(-1, 1).map(str)
values = st.dictionaries(names, st.sampled_from([1, 100, 30_000, 40_000]), max_size=3)


def fields(**optional: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=optional)


source_headers = fields(
    source_event_id=keys,
    expiry=st.sampled_from([DAY, 2 * DAY]),
    event_report_windows=st.just({"start_time": 60, "end_times": [HOUR, DAY]}),
    aggregatable_report_window=st.just(HOUR),
    priority=priorities,
    filter_data=st.dictionaries(st.just("k"), st.lists(names, max_size=2)),
    debug_key=keys,
    debug_reporting=st.booleans(),
    aggregation_keys=st.dictionaries(names, st.just("0x1")),
    named_budgets=st.dictionaries(names, st.sampled_from([0, 100, 65_536])),
    max_event_level_reports=st.integers(0, 2),
    destination_limit_priority=priorities,
    attribution_scopes=st.fixed_dictionaries(
        {
            "limit": st.just(2),
            "values": st.lists(names, min_size=1, max_size=2, unique=True),
            "max_event_states": st.just(20),
        }
    ),
    aggregatable_debug_reporting=st.just(
        {
            "budget": 200,
            "key_piece": "0x1",
            "debug_data": [{"types": ["unspecified"], "key_piece": "0x2", "value": 90}],
        }
    ),
)
trigger_headers = st.fixed_dictionaries(
    {
        "event_trigger_data": st.lists(
            fields(trigger_data=keys, priority=priorities, deduplication_key=keys, filters=filters),
            max_size=2,
        ),
        "aggregatable_values": values,
    },
    optional={
        "filters": filters,
        "not_filters": filters,
        "debug_key": keys,
        "debug_reporting": st.booleans(),
        "aggregatable_trigger_data": st.lists(
            st.fixed_dictionaries(
                {
                    "key_piece": st.just("0x10"),
                    "source_keys": st.lists(names, max_size=2, unique=True),
                }
            ),
            max_size=2,
        ),
        "aggregatable_deduplication_keys": st.lists(fields(deduplication_key=keys), max_size=2),
        "trigger_context_id": st.just("c"),
        "attribution_scopes": st.lists(names, max_size=1),
        "named_budgets": st.lists(fields(name=names, filters=filters), max_size=2),
        "aggregatable_debug_reporting": st.just(
            {
                "key_piece": "0x4",
                "debug_data": [{"types": ["unspecified"], "key_piece": "0x8", "value": 70}],
            }
        ),
    },
)


def rarely[T](usual: T, *others: T) -> st.SearchStrategy[T]:
    return st.sampled_from([usual, usual, usual, usual, *others])


@st.composite
def worlds(draw: st.DrawFn, world: str = "x") -> list[dict[str, Any]]:
    """Some sources, then some triggers, mostly of one reporter for one shop."""
    near, far = (f"https://shop{number}-{world}.example" for number in range(2))
    origins = rarely(f"https://r.ads-{world}.example", f"https://s.ads-{world}.example")
    steps: list[dict[str, Any]] = [
        {
            "t": draw(st.integers(0, 60)),
            "kind": "source",
            "source_type": draw(st.sampled_from(["event", "navigation"])),
            "context": f"https://pub-{world}.example",
            "reporter": draw(origins),
            "header": header | {"destination": draw(rarely([near], [near, far], [far]))},
            "noise": draw(rarely(False, True, [])),
        }
        for header in draw(st.lists(source_headers, min_size=1, max_size=4))
    ]
    steps += [
        {
            "t": draw(st.sampled_from([30, 60, 61, HOUR - 1, HOUR, HOUR + 1, DAY, 2 * DAY])),
            "kind": "trigger",
            "context": draw(rarely(near, far)),
            "reporter": draw(origins),
            "header": header,
        }
        for header in draw(st.lists(trigger_headers, min_size=1, max_size=6))
    ]
    return steps


TIGHT = {
    "max_attributions": 4,
    "max_aggregatable_reports_per_source": 2,
    "max_event_level_reports_per_destination": 3,
    "max_aggregatable_reports_per_destination": 3,
    "max_destinations_covered_by_unexpired_sources": 1,
}
limits = st.sampled_from([{}, TIGHT])


def play(
    world: list[dict[str, Any]], changed: dict[str, int]
) -> tuple[Scenario, list[StepAnswer], AttributionStorage]:
    scenario = read_scenario({"steps": world, "limits": changed})
    answers, storage = run_scenario(scenario)
    return scenario, answers, storage


def meters(left: Odometer) -> list[int]:
    every = [
        left.event_level_reports,
        left.aggregatable_budget,
        left.aggregatable_reports,
        left.debug_budget,
        left.debug_reports,
        *left.named_budgets.values(),
    ]
    return [meter.left for meter in every]


@given(worlds(), limits)
def test_budgets_never_become_negative(world: list[Any], changed: dict[str, int]) -> None:
    _, answers, storage = play(world, changed)
    budgets = [odometer(source, storage.limits) for source in storage.sources()]
    budgets += [
        answer.outcome.odometer
        for answer in answers
        if isinstance(answer.outcome, TriggerOutcome) and answer.outcome.odometer is not None
    ]
    for left in budgets:
        assert min(meters(left)) >= 0
        assert left.repeats_left(100, "a") >= 0


@given(worlds(), limits)
def test_reports_come_from_the_source_that_matched(
    world: list[Any], changed: dict[str, int]
) -> None:
    _, answers, _ = play(world, changed)
    for answer in answers:
        outcome = answer.outcome
        if not isinstance(outcome, TriggerOutcome):
            continue
        attributed = [report for report in outcome.reports if report.kind in ATTRIBUTION_KINDS]
        real = [report for report in attributed if not report.null]
        if {outcome.event_level.value, outcome.aggregatable.value} & FILTERED:
            assert not real
            assert not outcome.removals
        for report in real:
            assert outcome.source is not None
            assert report.source_id == outcome.source.id
            trigger, moment = outcome.registration.trigger, outcome.registration.time
            assert match_filter_pair(outcome.source, trigger, moment) is None


ATTRIBUTION_KINDS = {
    ReportKind.EVENT_LEVEL,
    ReportKind.AGGREGATABLE,
    ReportKind.DEBUG_EVENT_LEVEL,
    ReportKind.DEBUG_AGGREGATABLE,
}


@given(worlds(), limits)
def test_no_source_gives_more_than_it_has(world: list[Any], changed: dict[str, int]) -> None:
    scenario, answers, _ = play(world, changed)
    outcomes = [answer.outcome for answer in answers if answer.outcome is not None]
    made = [report.number for outcome in outcomes for report in outcome.reports]
    withdrawn = [number for outcome in outcomes for number in outcome.withdrawn]
    assert len(set(made)) == len(made)
    assert len(set(withdrawn)) == len(withdrawn)
    assert set(withdrawn) <= set(made)
    event_level: Counter[str | None] = Counter()
    budget: Counter[str | None] = Counter()
    for outcome in outcomes:
        for report in outcome.reports:
            if report.kind is ReportKind.EVENT_LEVEL and report.number not in withdrawn:
                event_level[report.source_id] += 1
            if report.kind is ReportKind.AGGREGATABLE:
                budget[report.source_id] += sum(entry.value for entry in report.contributions)
    assert all(total <= 65_536 for total in budget.values())
    for outcome in outcomes:
        if isinstance(outcome, SourceOutcome):
            most = outcome.registration.source.max_event_level_reports
            assert event_level[outcome.registration.id] <= most
    sent = [report["sent_t"] for report in told_reports(scenario, answers)]
    assert sent == sorted(sent)


@given(worlds(), limits)
def test_the_same_scenario_gives_the_same_answer(world: list[Any], changed: dict[str, int]) -> None:
    first, second = (play(world, changed) for _ in range(2))
    assert told_results(*first[:2]) == told_results(*second[:2])
    assert told_reports(*first[:2]) == told_reports(*second[:2])
    assert [told_why(answer) for answer in first[1]] == [told_why(answer) for answer in second[1]]


def without_steps(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: value for key, value in item.items() if key != "step"} for item in told]


@given(worlds(), worlds("y"))
def test_unrelated_registrations_do_not_touch_each_other(
    ours: list[Any], theirs: list[Any]
) -> None:
    """Other pages, reporting sites and destinations: only the browser's random acts are shared."""
    alone, alone_answers, _ = play(ours, {})
    mixed, mixed_answers, _ = play([*theirs, *ours], {})
    mine = [
        answer
        for answer in mixed_answers
        if answer.step.reporter is not None and "ads-x" in answer.step.reporter.site
    ]
    assert without_steps(told_results(mixed, mine)) == without_steps(
        told_results(alone, alone_answers)
    )
    assert without_steps(told_reports(mixed, mine)) == without_steps(
        told_reports(alone, alone_answers)
    )


@given(worlds())
def test_the_order_inside_sets_means_nothing(world: list[Any]) -> None:
    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: list(reversed(item)) if key in SETS else turned(item)
                for key, item in reversed(value.items())
            }
        return [turned(item) for item in value] if isinstance(value, list) else value

    plain, answers, _ = play(world, {})
    other, other_answers, _ = play(
        [step | {"header": turned(step["header"])} for step in world], {}
    )
    assert [told["step"] for told in told_results(plain, answers)] == [
        told["step"] for told in told_results(other, other_answers)
    ]
    for first, second in zip(answers, other_answers, strict=True):
        if isinstance(first.outcome, TriggerOutcome):
            assert isinstance(second.outcome, TriggerOutcome)
            assert first.outcome.event_level == second.outcome.event_level
            assert first.outcome.aggregatable == second.outcome.aggregatable
    assert told_reports(plain, answers) == told_reports(other, other_answers)


SETS = {"k", "source_type", "destination", "source_keys"}


@given(worlds())
def test_a_verbose_report_tells_every_refusal(world: list[Any]) -> None:
    for step in world:
        step["header"]["debug_reporting"] = True
    _, answers, _ = play(world, {})
    silent = {EventLevelResult.NOT_REGISTERED, AggregatableResult.NOT_REGISTERED}
    for answer in answers:
        if isinstance(answer.outcome, TriggerOutcome):
            told = [
                datum["type"]
                for report in answer.outcome.reports
                if report.kind is ReportKind.VERBOSE
                for datum in report.data
            ]
            assert told == list(answer.outcome.debug_types)
            words = {answer.outcome.event_level, answer.outcome.aggregatable} - silent
            assert bool(told) is any("success" not in word.value for word in words)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
STEP_KEYS = ["t", "kind", "source_type", "context", "reporter", "header", "flush", "noise", "clear"]


@given(
    st.fixed_dictionaries(
        {"steps": st.lists(st.dictionaries(st.sampled_from(STEP_KEYS), json_values), max_size=3)},
        optional={"frac_us": json_values, "base_epoch": json_values, "limits": json_values},
    )
    | json_values
)
def test_anything_is_a_scenario_or_refused(scenario: object) -> None:
    try:
        read = read_scenario(scenario)
        answers, _ = run_scenario(read)
    except ScenarioError:
        return
    told_results(read, answers)
    told_reports(read, answers)
