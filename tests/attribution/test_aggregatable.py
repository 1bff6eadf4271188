from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ara_inspector.attribution.effects import PossibilityKind
from profiles import DAY, HOUR, SHOP, Profile, is_undecidable, moment, reports, verbose

if TYPE_CHECKING:
    from ara_inspector.attribution.triggering import TriggerOutcome

KEYS: dict[str, Any] = {"aggregation_keys": {"b": "0x20", "a": "0x1"}}
CONTEXT: dict[str, Any] = {"trigger_context_id": "c"}


def told(outcome: TriggerOutcome) -> list[tuple[int, int, int]]:
    (report,) = reports(outcome, "aggregatable")
    return [(entry.key, entry.value, entry.filtering_id) for entry in report.contributions]


def profile_with_source(**header: Any) -> Profile:
    profile = Profile()
    assert profile.source(0, **(KEYS | header)).stored
    return profile


def aggregatable(profile: Profile, t: float = HOUR, value: int = 100, **header: Any) -> str:
    return profile.trigger(t, aggregatable_values={"a": value}, **header).aggregatable.value


def test_contributions_follow_the_key_names_and_are_never_merged() -> None:
    profile = profile_with_source(aggregation_keys={"b": "0x1", "a": "0x1"})
    outcome = profile.trigger(aggregatable_values={"b": 7, "a": {"value": 5, "filtering_id": "9"}})
    assert told(outcome) == [(1, 5, 9), (1, 7, 0)]


def test_key_pieces_are_joined_where_filters_match_and_the_source_has_the_key() -> None:
    outcome = profile_with_source().trigger(
        aggregatable_trigger_data=[
            {"key_piece": "0x100", "source_keys": ["a", "zz"]},
            {"key_piece": "0x200", "source_keys": ["a"], "filters": {"source_type": ["event"]}},
            {"key_piece": "0x400", "source_keys": ["a"], "not_filters": {"source_type": ["event"]}},
        ],
        aggregatable_values={"a": 1, "zz": 2},
    )
    assert told(outcome) == [(0x301, 1, 0)]


def test_the_first_matching_values_entry_decides_even_if_it_gives_nothing() -> None:
    profile = profile_with_source()
    entries: Any = [
        {"values": {"a": 1}, "filters": {"source_type": ["navigation"]}},
        {"values": {"zz": 1}},
        {"values": {"a": 1}},
    ]
    assert profile.results(aggregatable_values=entries)[1] == "noHistograms"
    assert profile.results(aggregatable_values=entries[:1])[1] == "noHistograms"
    assert profile.results(aggregatable_values=entries[2:])[1] == "success"


def test_trigger_data_alone_counts_as_aggregatable_data() -> None:
    data: Any = [{"key_piece": "0x1", "source_keys": ["a"]}]
    assert profile_with_source().results(aggregatable_trigger_data=data)[1] == "noHistograms"


def test_the_report_is_written_as_chrome_writes_it() -> None:
    profile = profile_with_source(debug_key="1")
    outcome = profile.trigger(aggregatable_values={"a": 1}, debug_key="2")
    (report,) = reports(outcome, "aggregatable")
    assert report.url.endswith("/report-aggregate-attribution")
    coordinator = "https://publickeyservice.msmt.aws.privacysandboxservices.com"
    assert report.body == {
        "aggregation_coordinator_origin": coordinator,
        "source_debug_key": "1",
        "trigger_debug_key": "2",
    }
    assert report.shared_info == {
        "api": "attribution-reporting",
        "attribution_destination": SHOP,
        "debug_mode": "enabled",
        "reporting_origin": "https://r1.example",
        "scheduled_report_time": str(moment(HOUR) // 1_000_000),
        "version": "1.0",
    }
    assert (report.earliest, report.latest) == (moment(HOUR), moment(HOUR + 600))
    assert (report.padded_to, report.cleartext) == (20, True)
    (copy,) = reports(outcome, "debug-aggregatable")
    assert copy.url.endswith("/debug/report-aggregate-attribution")
    assert copy.latest == moment(HOUR)


def test_the_sources_day_is_included_on_demand() -> None:
    outcome = profile_with_source().trigger(
        2 * DAY, aggregatable_values={"a": 1}, aggregatable_source_registration_time="include"
    )
    (report,) = reports(outcome, "aggregatable")
    assert report.shared_info is not None
    midnight = moment(0) // 1_000_000 - 10 * HOUR
    assert report.shared_info["source_registration_time"] == str(midnight)
    (possibility,) = outcome.possibilities
    assert (possibility.probability, possibility.trials) == (0.008, 30)


@pytest.mark.parametrize("header", [CONTEXT, {"aggregatable_filtering_id_max_bytes": 2}])
def test_unconditional_reports_are_not_delayed(header: dict[str, Any]) -> None:
    outcome = profile_with_source().trigger(aggregatable_values={"a": 1}, **header)
    (report,) = reports(outcome, "aggregatable")
    assert report.earliest == report.latest == moment(HOUR)
    assert report.body.get("trigger_context_id") == header.get("trigger_context_id")
    assert not outcome.possibilities


@pytest.mark.parametrize(
    ("t", "result"), [(HOUR - 0.000001, "success"), (HOUR, "reportWindowPassed")]
)
def test_window(t: float, result: str) -> None:
    assert aggregatable(profile_with_source(aggregatable_report_window=HOUR), t) == result


def test_deduplication_keys_are_remembered_on_success_only() -> None:
    profile = profile_with_source()
    keys: Any = {"aggregatable_deduplication_keys": [{"deduplication_key": "7"}]}
    assert aggregatable(profile, value=65536 // 2 + 1, **keys) == "success"
    assert aggregatable(profile, **keys) == "deduplicated"
    other: Any = {"aggregatable_deduplication_keys": [{"deduplication_key": "8"}]}
    assert aggregatable(profile, value=65536 // 2, **other) == "insufficientBudget"
    assert aggregatable(profile, **other) == "success"


def test_the_first_matching_deduplication_entry_may_have_no_key() -> None:
    profile = profile_with_source()
    entries: Any = [{}, {"deduplication_key": "7"}]
    for _ in range(2):
        assert aggregatable(profile, aggregatable_deduplication_keys=entries) == "success"
    filtered: Any = [{"deduplication_key": "7", "filters": {"source_type": ["navigation"]}}]
    assert aggregatable(profile, aggregatable_deduplication_keys=filtered) == "success"


def test_budget_is_all_or_nothing_and_shared_with_debug_reports() -> None:
    profile = profile_with_source(
        aggregatable_debug_reporting={"budget": 36, "key_piece": "0x1", "debug_data": []}
    )
    assert aggregatable(profile, value=65000) == "success"
    outcome = profile.trigger(aggregatable_values={"a": 501}, debug_reporting=True)
    assert outcome.aggregatable == "insufficientBudget"
    assert verbose(outcome)[0][1]["limit"] == "65536"
    assert aggregatable(profile, value=500) == "success"
    assert outcome.odometer is not None
    assert (outcome.odometer.aggregatable_budget.left, outcome.odometer.aggregatable_budget.of) == (
        500,
        65500,
    )


def test_named_budgets() -> None:
    profile = profile_with_source(named_budgets={"x": 100, "y": 10})
    entries: Any = [{"name": "y", "filters": {"source_type": ["navigation"]}}, {"name": "x"}]
    assert aggregatable(profile, value=60, named_budgets=entries) == "success"
    outcome = profile.trigger(
        aggregatable_values={"a": 41}, named_budgets=entries, debug_reporting=True
    )
    assert outcome.aggregatable == "insufficientNamedBudget"
    body = verbose(outcome)[0][1]
    assert (body["name"], body["limit"]) == ("x", "100")
    assert aggregatable(profile, value=41, named_budgets=[{"name": "unknown"}]) == "success"
    assert aggregatable(profile, value=41, named_budgets=[{}]) == "success"
    assert aggregatable(profile, value=40, named_budgets=entries) == "success"
    assert aggregatable(profile, value=41, named_budgets=entries[:1]) == "success"


def test_report_quota_does_not_count_reports_with_context() -> None:
    profile = Profile(max_aggregatable_reports_per_source=1)
    profile.source(0, **KEYS)
    assert aggregatable(profile, **CONTEXT) == "success"
    assert aggregatable(profile) == "success"
    outcome = profile.trigger(aggregatable_values={"a": 1}, debug_reporting=True)
    assert outcome.aggregatable == "excessiveReports"
    assert verbose(outcome)[0][1]["limit"] == "1"
    assert aggregatable(profile, **CONTEXT) == "success"


def test_attribution_limits() -> None:
    profile = Profile(max_attributions=1, max_attribution_reporting_origins=1)
    profile.source(0, **KEYS)
    profile.source(0, reporter="https://r2.example", **KEYS)
    assert aggregatable(profile) == "success"
    outcome = profile.trigger(aggregatable_values={"a": 1}, debug_reporting=True)
    assert outcome.aggregatable == "excessiveAttributions"
    assert verbose(outcome)[0][1]["limit"] == "1"
    other: Any = profile.trigger(
        reporter="https://r2.example", aggregatable_values={"a": 1}, debug_reporting=True
    )
    assert other.aggregatable == "excessiveReportingOrigins"
    assert verbose(other)[0][1]["limit"] == "1"


def test_reports_with_context_count_against_the_attribution_limits() -> None:
    profile = Profile(max_attributions=1, max_attribution_reporting_origins=1)
    profile.source(0, **KEYS)
    profile.source(0, reporter="https://r2.example", **KEYS)
    assert aggregatable(profile, **CONTEXT) == "success"
    assert aggregatable(profile, **CONTEXT) == "excessiveAttributions"
    other: Any = profile.trigger(reporter="https://r2.example", aggregatable_values={"a": 1})
    assert other.aggregatable == "excessiveReportingOrigins"


def test_storage_of_a_destination_depends_on_random_delays() -> None:
    profile = Profile(max_aggregatable_reports_per_destination=1)
    profile.source(0, **KEYS)
    assert aggregatable(profile, 100) == "success"
    at_once = profile.trigger(100, aggregatable_values={"a": 1}, debug_reporting=True)
    assert at_once.aggregatable == "noCapacityForAttributionDestination"
    assert is_undecidable(at_once.trace.aggregatable)
    assert verbose(at_once)[0][1]["limit"] == "1"
    later = profile.trigger(101, aggregatable_values={"a": 1})
    assert later.aggregatable == "success"
    assert is_undecidable(later.trace.aggregatable)
    surely = profile.trigger(800, aggregatable_values={"a": 1})
    assert not is_undecidable(surely.trace.aggregatable)


def test_local_testing_has_no_delay_and_no_random_reports() -> None:
    profile = Profile(local_testing=True)
    profile.source(0, **KEYS)
    outcome = profile.trigger(aggregatable_values={"a": 1})
    assert outcome.reports[0].latest == moment(HOUR)
    assert not profile.trigger(aggregatable_values={"zz": 1}).possibilities


def test_null_reports_are_possible_where_nothing_was_attributed() -> None:
    outcome = Profile().trigger(aggregatable_values={"a": 1})
    (possibility,) = outcome.possibilities
    assert possibility.kind is PossibilityKind.NULL_REPORT
    assert (possibility.probability, possibility.trials) == (0.05, 1)
    assert not outcome.reports


def test_null_reports_for_every_day_with_the_sources_day() -> None:
    outcome = Profile().trigger(
        aggregatable_values={"a": 1}, aggregatable_source_registration_time="include"
    )
    (possibility,) = outcome.possibilities
    assert (possibility.probability, possibility.trials) == (0.008, 31)


@pytest.mark.parametrize(
    "header", [{}, {"filters": {"source_type": ["navigation"]}}, {"aggregatable_values": {"b": 1}}]
)
def test_a_context_id_makes_a_null_report_certain(header: dict[str, Any]) -> None:
    profile = Profile() if not header else profile_with_source(aggregation_keys={"a": "0x1"})
    outcome = profile.trigger(**({"aggregatable_values": {"a": 1}} | CONTEXT | header))
    (report,) = reports(outcome, "aggregatable")
    assert (report.null, report.contributions, report.latest) == (True, (), moment(HOUR))
    assert report.body["trigger_context_id"] == "c"
    assert not outcome.possibilities


def test_without_aggregatable_data_there_are_no_null_reports() -> None:
    outcome = Profile().trigger(event_trigger_data=[{}], **CONTEXT)
    assert not outcome.reports
    assert not outcome.possibilities
