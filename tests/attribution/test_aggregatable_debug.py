from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ara_inspector.attribution.aggregatable_debug import AggregatableDebugRateLimits
from profiles import DAY, HOUR, SHOP, Profile, moment, reports

if TYPE_CHECKING:
    from ara_inspector.attribution.delivery import ExpectedReport
    from ara_inspector.attribution.storing import SourceOutcome
    from ara_inspector.attribution.triggering import TriggerOutcome


def config(
    *data: tuple[list[str], str, int], budget: int | None = None, key_piece: str = "0x1"
) -> dict[str, Any]:
    entries = [{"types": types, "key_piece": key, "value": value} for types, key, value in data]
    reporting: dict[str, Any] = {"key_piece": key_piece, "debug_data": entries}
    if budget is not None:
        reporting["budget"] = budget
    return {"aggregatable_debug_reporting": reporting}


SUCCESS = (["source-success"], "0x2", 65)
REST = (["unspecified"], "0x4", 66)
NO_SOURCE = (["trigger-no-matching-source"], "0x2", 60000)


def debug_report(outcome: SourceOutcome | TriggerOutcome) -> ExpectedReport:
    (report,) = reports(outcome, "aggregatable-debug")
    return report


def told(outcome: SourceOutcome | TriggerOutcome) -> list[tuple[int, int]]:
    return [(entry.key, entry.value) for entry in debug_report(outcome).contributions]


def test_a_source_reports_its_fate_with_the_joined_key() -> None:
    outcome = Profile().source(0, **config(SUCCESS, REST, budget=1024))
    assert told(outcome) == [(0x3, 65)]
    report = debug_report(outcome)
    assert report.url.endswith("/debug/report-aggregate-debug")
    assert report.padded_to == 2
    assert report.shared_info == {
        "api": "attribution-reporting-debug",
        "attribution_destination": SHOP,
        "reporting_origin": "https://r1.example",
        "scheduled_report_time": str(moment(0) // 1_000_000),
        "version": "1.0",
    }
    assert outcome.stored is not None
    assert (outcome.stored.debug_budget, outcome.stored.debug_reports) == (959, 1)


def test_types_without_a_value_of_their_own_take_the_unspecified_one() -> None:
    assert told(Profile().source(0, noise=None, **config(REST, budget=100))) == [(0x5, 66)]


def test_a_type_without_any_value_makes_a_report_without_contributions() -> None:
    outcome = Profile().source(0, **config((["source-noised"], "0x2", 1), budget=1))
    assert debug_report(outcome).null


def test_the_limit_per_day_has_a_type_of_its_own() -> None:
    profile = Profile(max_destinations_per_day=0)
    day = (["source-destination-per-day-rate-limit"], "0x8", 7)
    assert told(profile.source(0, **config(day, budget=100))) == [(9, 7)]


def test_replaced_destinations_add_a_contribution() -> None:
    profile = Profile(max_destinations_covered_by_unexpired_sources=1)
    profile.source(0, destination="https://shop1.example")
    replaced = (["source-destination-limit-replaced"], "0x8", 7)
    assert told(profile.source(1, **config(SUCCESS, replaced, budget=100))) == [(3, 65), (9, 7)]


@pytest.mark.parametrize("header", [{}, config(), config(budget=10)])
def test_without_values_there_is_no_report(header: dict[str, Any]) -> None:
    if "aggregatable_debug_reporting" in header:
        header["aggregatable_debug_reporting"].setdefault("budget", 10)
    assert not reports(Profile().source(0, **header), "aggregatable-debug")


def test_types_the_browser_does_not_know_are_no_values() -> None:
    unknown = (["trigger-event-noise"], "0x2", 1)
    assert not reports(Profile().source(0, **config(unknown, budget=10)), "aggregatable-debug")
    unknown = (["source-success", "nope"], "0x2", 1)
    outcome = Profile().trigger(event_trigger_data=[{}], **config(unknown))
    assert not reports(outcome, "aggregatable-debug")


@pytest.mark.parametrize(
    ("event_trigger_data", "first"),
    [
        ({"trigger_data": "9"}, "trigger-aggregate-no-contributions"),
        ({"filters": {"source_type": ["navigation"]}}, "trigger-event-no-matching-configurations"),
    ],
)
def test_contributions_are_in_the_order_of_chromes_debug_types(
    event_trigger_data: dict[str, Any], first: str
) -> None:
    profile = Profile()
    profile.source(0, trigger_data_matching="exact", **config(budget=100))
    outcome = profile.trigger(
        event_trigger_data=[event_trigger_data],
        aggregatable_values={"a": 1},
        **config(([first], "0x2", 3), REST),
    )
    assert told(outcome) == [(3, 3), (5, 66)]


def test_too_many_reporting_origins_contribute_first() -> None:
    profile = Profile(max_attribution_reporting_origins=1)
    header: dict[str, Any] = {"aggregation_keys": {"a": "0x1"}, "event_report_window": HOUR}
    profile.source(0, **header)
    profile.source(0, reporter="https://r2.example", **header, **config(budget=100))
    profile.event_trigger(1)
    limit = (["trigger-reporting-origin-limit"], "0x2", 3)
    outcome = profile.trigger(
        DAY,
        reporter="https://r2.example",
        event_trigger_data=[{}],
        aggregatable_values={"a": 1},
        **config(limit, REST),
    )
    assert outcome.event_level == "reportWindowPassed"
    assert told(outcome) == [(3, 3), (5, 66)]


def test_a_trigger_joins_the_sources_key_piece() -> None:
    profile = Profile()
    profile.source(0, **config(budget=100, key_piece="0x10"))
    outcome = profile.trigger(
        event_trigger_data=[{"filters": {"source_type": ["navigation"]}}],
        aggregatable_values={"a": 1},
        **config(
            (["trigger-event-no-matching-configurations"], "0x2", 3),
            (["trigger-aggregate-no-contributions"], "0x4", 4),
        ),
    )
    assert told(outcome) == [(0x13, 3), (0x15, 4)]


def test_a_successful_trigger_reports_nothing_in_a_report() -> None:
    profile = Profile()
    profile.source(0, **config(budget=100))
    assert debug_report(profile.trigger(event_trigger_data=[{}], **config(REST))).null


def test_a_source_without_budget_gets_empty_reports() -> None:
    profile = Profile()
    profile.source(0)
    outcome = profile.trigger(aggregatable_values={"a": 1}, **config(REST))
    assert debug_report(outcome).null


def test_reports_per_source_are_limited() -> None:
    profile = Profile()
    profile.source(0, **config(budget=1000))
    header = {"aggregatable_values": {"a": 1}} | config(REST)
    made = [debug_report(profile.trigger(**header)).null for _ in range(6)]
    assert made == [False] * 5 + [True]


def test_the_day_of_a_reporting_site_ends_after_exactly_24_hours() -> None:
    profile = Profile()
    header = {"event_trigger_data": [{}]} | config(NO_SOURCE)
    assert not debug_report(profile.trigger(0, **header)).null
    assert debug_report(profile.trigger(DAY - 0.000001, **header)).null
    assert not debug_report(profile.trigger(DAY, **header)).null
    assert not debug_report(profile.trigger(DAY, page="https://b.example", **header)).null
    assert not debug_report(profile.trigger(DAY, reporter="https://r2.example", **header)).null


def test_the_day_of_a_page_is_limited_over_all_reporting_sites() -> None:
    limits = AggregatableDebugRateLimits()
    for number in range(16):
        assert limits.allows("page", f"site{number}", 65536, HOUR)
        limits.consume("page", f"site{number}", 65536, HOUR)
    assert not limits.allows("page", "site16", 1, HOUR)
    assert limits.allows("other page", "site16", 1, HOUR)


def test_used_up_days_are_forgotten_one_by_one() -> None:
    limits = AggregatableDebugRateLimits()
    limits.consume("page", "site", 1, 0)
    limits.consume("page", "site", 1, 10 * 1_000_000)
    assert limits.allows("page", "site", 65535, DAY * 1_000_000)
    assert not limits.allows("page", "site", 65536, DAY * 1_000_000)
    assert limits.allows("page", "site", 65536, (DAY + 10) * 1_000_000)


def test_sites_that_never_come_again_are_forgotten_after_a_day() -> None:
    limits = AggregatableDebugRateLimits()
    for number in range(100):
        limits.consume(f"page{number}", "site", 1, (DAY + number) * 1_000_000)
    assert len(limits) == 100
    limits.consume("page", "site", 1, (2 * DAY + 50) * 1_000_000)
    assert len(limits) == 50
