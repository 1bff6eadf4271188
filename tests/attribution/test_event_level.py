from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ara_inspector.attribution.registered import Noise
from ara_inspector.attribution.trace import Verdict
from profiles import DAY, HOUR, Profile, fakes, is_undecidable, moment, reports, verbose

if TYPE_CHECKING:
    from ara_inspector.attribution.triggering import TriggerOutcome


def verdicts(outcome: TriggerOutcome) -> dict[str, Verdict]:
    return {check.name: check.verdict for check in outcome.trace.event_level.checks}


def test_success_passes_every_check_but_noise() -> None:
    profile = Profile()
    profile.source(0)
    outcome = profile.event_trigger(deduplication_key="1")
    assert outcome.event_level == "success"
    made = verdicts(outcome)
    assert made.pop("randomized-response") is Verdict.UNDECIDABLE
    assert set(made.values()) == {Verdict.PASSED}
    assert list(made) == [
        "event-trigger-data-filters",
        "deduplication-key",
        "trigger-data",
        "event-report-window-start",
        "event-report-window-end",
        "attribution-reporting-origin-limit",
        "event-level-attributable",
        "event-level-report-quota",
        "attribution-limit",
        "event-level-report-storage",
    ]


def test_the_report_is_written_as_chrome_writes_it() -> None:
    profile = Profile()
    profile.source(0.9, destination=["https://z.example", "https://shop.example"], debug_key="1")
    outcome = profile.trigger(event_trigger_data=[{"trigger_data": "3"}], debug_key="2")
    (report,) = reports(outcome, "event-level")
    assert (
        report.url
        == "https://r1.example/.well-known/attribution-reporting/report-event-attribution"
    )
    assert report.body == {
        "attribution_destination": ["https://shop.example", "https://z.example"],
        "randomized_trigger_rate": 0.0000025,
        "scheduled_report_time": str(moment(30 * DAY) // 1_000_000),
        "source_event_id": "0",
        "source_type": "event",
        "trigger_data": "1",
        "source_debug_key": "1",
        "trigger_debug_key": "2",
    }
    assert report.earliest == report.latest == moment(30 * DAY + 0.9)
    (copy,) = reports(outcome, "debug-event-level")
    assert copy.url.endswith("/debug/report-event-attribution")
    assert (copy.earliest, copy.report_time) == (moment(HOUR), report.report_time)


def test_one_debug_key_alone_is_not_shown() -> None:
    profile = Profile()
    profile.source(0, debug_key="1")
    outcome = profile.event_trigger()
    assert not {"source_debug_key", "trigger_debug_key"} & set(outcome.reports[0].body)
    assert not reports(outcome, "debug-event-level")


@pytest.mark.parametrize(
    ("t", "end"),
    [(2 * DAY - 0.000001, 2 * DAY), (2 * DAY, 7 * DAY), (7 * DAY, 30 * DAY)],
)
def test_a_trigger_at_a_windows_end_belongs_to_the_next(t: float, end: int) -> None:
    profile = Profile()
    profile.source(0, "navigation")
    (report,) = reports(profile.event_trigger(t), "event-level")
    assert report.earliest == moment(end)


@pytest.mark.parametrize(
    ("t", "result"),
    [
        (HOUR - 0.000001, "reportWindowNotStarted"),
        (HOUR, "success"),
        (2 * HOUR - 0.000001, "success"),
        (2 * HOUR, "reportWindowPassed"),
    ],
)
def test_total_window(t: float, result: str) -> None:
    profile = Profile()
    profile.source(0, event_report_windows={"start_time": HOUR, "end_times": [2 * HOUR]})
    assert profile.event_trigger(t).event_level == result


@pytest.mark.parametrize(
    ("header", "data", "result"),
    [
        ({"trigger_data": [0, 5], "trigger_data_matching": "exact"}, "5", "success"),
        (
            {"trigger_data": [0, 5], "trigger_data_matching": "exact"},
            "1",
            "noMatchingTriggerData",
        ),
        ({"trigger_data": []}, "0", "noMatchingTriggerData"),
        ({}, "18446744073709551615", "success"),
    ],
)
def test_trigger_data(header: dict[str, Any], data: str, result: str) -> None:
    profile = Profile()
    profile.source(0, **header)
    assert profile.event_trigger(HOUR, data).event_level == result


def test_the_first_configuration_that_matches_decides() -> None:
    profile = Profile()
    profile.source(0, trigger_data_matching="exact", trigger_data=[0])
    data = [
        {"trigger_data": "0", "filters": {"source_type": ["navigation"]}},
        {"trigger_data": "1"},
        {"trigger_data": "0"},
    ]
    outcome = profile.trigger(event_trigger_data=data)
    assert outcome.event_level == "noMatchingTriggerData"
    refused = profile.trigger(event_trigger_data=data[:1])
    assert refused.event_level == "noMatchingConfigurations"


def test_deduplication_keys_are_remembered_on_success_only() -> None:
    profile = Profile()
    profile.source(0, "navigation", event_report_windows={"start_time": 60, "end_times": [DAY]})
    assert profile.event_trigger(1, deduplication_key="7").event_level == "reportWindowNotStarted"
    assert profile.event_trigger(60, deduplication_key="7").event_level == "success"
    assert profile.event_trigger(61, deduplication_key="7").event_level == "deduplicated"
    assert profile.event_trigger(62, deduplication_key="8").event_level == "success"


def test_a_higher_priority_replaces_the_lowest_newest_report() -> None:
    profile = Profile()
    profile.source(0, "navigation", max_event_level_reports=2)
    first = profile.event_trigger(1, deduplication_key="1")
    second = profile.event_trigger(2, deduplication_key="2")
    outcome = profile.event_trigger(3, priority="1")
    assert outcome.event_level == "successDroppedLowerPriority"
    assert outcome.withdrawn == (second.reports[0].number,)
    assert first.reports[0].number not in outcome.withdrawn
    assert profile.event_trigger(4, deduplication_key="2").event_level == "deduplicated"


@pytest.mark.parametrize("t", [1, 2])
def test_at_the_same_priority_the_older_report_stays(t: int) -> None:
    profile = Profile()
    profile.source(0, max_event_level_reports=1, debug_key="1")
    profile.event_trigger(1)
    outcome = profile.trigger(t, event_trigger_data=[{}], debug_reporting=True, debug_key="2")
    assert outcome.event_level == "priorityTooLow"
    ((kind, body),) = verbose(outcome)
    assert kind == "trigger-event-low-priority"
    assert body["trigger_data"] == "0"
    assert (body["source_debug_key"], body["trigger_debug_key"]) == ("1", "2")
    assert profile.event_trigger(3, priority="1").event_level == "successDroppedLowerPriority"


def test_nothing_to_replace_exhausts_the_source_for_good() -> None:
    profile = Profile()
    windows = {"end_times": [HOUR, DAY]}
    profile.source(0, event_report_windows=windows)
    profile.event_trigger(1)
    assert profile.event_trigger(HOUR, priority="1").event_level == "excessiveReports"
    outcome = profile.event_trigger(HOUR + 1, priority="2")
    assert outcome.event_level == "excessiveReports"
    assert verdicts(outcome)["event-level-attributable"] is Verdict.FAILED
    assert outcome.odometer is not None
    assert outcome.odometer.exhausted


def test_a_source_without_reports_is_exhausted_at_once() -> None:
    profile = Profile()
    profile.source(0, max_event_level_reports=0)
    assert profile.event_trigger().event_level == "excessiveReports"


def test_attribution_limit_looks_back_from_the_source() -> None:
    profile = Profile(max_attributions=1)
    profile.source(0, event_report_window=HOUR)
    profile.event_trigger(1)
    profile.source(20 * DAY, expiry=20 * DAY)
    late = profile.trigger(31 * DAY, event_trigger_data=[{}], debug_reporting=True)
    assert late.event_level == "excessiveAttributions"
    ((kind, body),) = verbose(late)
    assert kind == "trigger-event-attributions-per-source-destination-limit"
    assert body["limit"] == "1"
    profile.source(30 * DAY, priority="1")
    assert profile.event_trigger(31 * DAY).event_level == "success"


def test_replaced_reports_give_their_attribution_back() -> None:
    profile = Profile(max_attributions=1)
    profile.source(0)
    profile.event_trigger(1)
    outcome = profile.event_trigger(2, priority="1")
    assert outcome.event_level == "successDroppedLowerPriority"


def test_reporting_origins_with_attributions_are_limited() -> None:
    profile = Profile(max_attribution_reporting_origins=1)
    profile.source(0)
    profile.source(0, reporter="https://r2.example")
    profile.event_trigger(1)
    outcome = profile.trigger(
        2, reporter="https://r2.example", event_trigger_data=[{}], debug_reporting=True
    )
    assert outcome.event_level == "excessiveReportingOrigins"
    assert verbose(outcome)[0][1]["limit"] == "1"


def test_too_many_reporting_origins_come_before_any_other_limit() -> None:
    profile = Profile(
        max_attribution_reporting_origins=1,
        max_attributions=1,
        max_event_level_reports_per_destination=1,
    )
    other = "https://sub.r1.example"
    profile.source(0)
    profile.source(DAY, reporter=other, max_event_level_reports=0)
    profile.source(DAY, reporter="https://r2.example")
    profile.event_trigger(DAY + 1)
    for reporter in (other, "https://r2.example"):
        outcome = profile.event_trigger(DAY + 2, reporter=reporter)
        assert outcome.event_level == "excessiveReportingOrigins"
        assert outcome.odometer is not None
        assert not outcome.odometer.exhausted


def test_noise_of_others_does_not_stop_a_reporting_origin_that_counts_already() -> None:
    profile = Profile(max_attribution_reporting_origins=1)
    profile.source(0, "navigation")
    profile.event_trigger(1)
    profile.source(2, reporter="https://r2.example", noise=fakes())
    assert profile.event_trigger(3).event_level == "success"
    late = profile.event_trigger(4, reporter="https://r2.example")
    assert late.event_level == "excessiveReportingOrigins"


@pytest.mark.parametrize(
    "limits", [{"max_attributions": 1}, {"max_event_level_reports_per_destination": 1}]
)
def test_a_report_that_replaces_another_needs_no_room(limits: dict[str, Any]) -> None:
    profile = Profile(**limits)
    profile.source(0)
    profile.event_trigger(1)
    profile.source(DAY, reporter="https://sub.r1.example", noise=fakes((0, 0)))
    replacing = profile.event_trigger(DAY + 1, priority="1")
    assert replacing.event_level == "successDroppedLowerPriority"


def test_pending_reports_of_a_destination_are_limited() -> None:
    profile = Profile(max_event_level_reports_per_destination=1)
    profile.source(0, "navigation")
    profile.event_trigger(1)
    full = profile.trigger(2, event_trigger_data=[{}], debug_reporting=True)
    assert full.event_level == "noCapacityForAttributionDestination"
    assert verbose(full)[0][1]["limit"] == "1"
    assert profile.event_trigger(2 * DAY).event_level == "success"


def test_noise_with_reports_makes_every_trigger_false() -> None:
    profile = Profile()
    profile.source(0, noise=fakes((0, 0)))
    outcome = profile.trigger(event_trigger_data=[{}], debug_reporting=True)
    assert outcome.event_level == "falselyAttributedSource"
    assert [kind for kind, _ in verbose(outcome)] == ["trigger-event-noise"]
    assert verdicts(outcome) == {"randomized-response": Verdict.FAILED}


def test_noise_without_reports_goes_through_all_checks_and_reports_nothing() -> None:
    profile = Profile()
    profile.source(0, noise=fakes())
    outcome = profile.event_trigger(deduplication_key="1")
    assert outcome.event_level == "neverAttributedSource"
    assert not reports(outcome, "event-level")
    assert profile.event_trigger(2 * HOUR, deduplication_key="1").event_level == "deduplicated"


def test_noise_of_unknown_outcome_is_taken_for_false_reports() -> None:
    profile = Profile()
    profile.source(0, noise=Noise())
    outcome = profile.event_trigger()
    assert outcome.event_level == "falselyAttributedSource"
    assert is_undecidable(outcome.trace.event_level)


def test_local_testing_sends_at_once() -> None:
    profile = Profile(local_testing=True)
    profile.source(0)
    (report,) = reports(profile.event_trigger(HOUR), "event-level")
    assert report.earliest == report.latest == moment(HOUR)
