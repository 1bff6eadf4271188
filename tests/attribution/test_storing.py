from __future__ import annotations

from typing import Any

import pytest

from ara_inspector.attribution.effects import PossibilityKind, RemovalReason
from ara_inspector.attribution.registered import Noise
from ara_inspector.attribution.trace import Verdict
from profiles import DAY, HOUR, Profile, fakes, moment, reports, verbose


def shops(*numbers: int) -> list[str]:
    return [f"https://shop{number}.example" for number in numbers]


def test_a_stored_source_passed_every_check_and_may_be_noised() -> None:
    outcome = Profile().source()
    assert outcome.result == "success"
    assert outcome.stored is not None
    assert [check.name for check in outcome.checks] == [
        "trigger-state-cardinality",
        "channel-capacity",
        "source-storage",
        "reporting-origin-per-site",
        "destinations-per-minute",
        "destinations-per-day",
        "unexpired-destinations",
        "destinations-per-minute-over-all-sites",
        "source-reporting-origins",
        "randomized-response",
    ]
    assert [check.verdict for check in outcome.checks[:-1]] == [Verdict.PASSED] * 9
    assert outcome.checks[-1].verdict is Verdict.UNDECIDABLE
    (noise,) = outcome.possibilities
    assert noise.kind is PossibilityKind.NOISE
    assert noise.probability == pytest.approx(0.0000025, rel=0.01)


@pytest.mark.parametrize(
    ("header", "source_type", "result", "limit"),
    [
        (
            {"trigger_data": list(range(32)), "max_event_level_reports": 20},
            "event",
            "exceedsMaxTriggerStateCardinality",
            "4294967295",
        ),
        (
            {"trigger_data": list(range(8)), "max_event_level_reports": 4},
            "event",
            "exceedsMaxChannelCapacity",
            6.5,
        ),
        (
            {"attribution_scopes": {"limit": 1, "values": ["a"], "max_event_states": 2}},
            "event",
            "exceedsMaxEventStatesLimit",
            "2",
        ),
        (
            {"attribution_scopes": {"limit": 20, "values": ["a"], "max_event_states": 1000}},
            "navigation",
            "exceedsMaxScopesChannelCapacity",
            11.55,
        ),
    ],
)
def test_privacy_limits(
    header: dict[str, Any], source_type: str, result: str, limit: str | float
) -> None:
    outcome = Profile().source(0, source_type, debug_reporting=True, **header)
    assert outcome.result == result
    assert outcome.stored is None
    ((kind, body),) = verbose(outcome)
    assert kind == outcome.debug_type
    assert body["limit"] == limit


def test_navigation_sources_are_not_held_to_max_event_states() -> None:
    scopes = {"limit": 1, "values": ["a"], "max_event_states": 1}
    assert Profile().source(0, "navigation", attribution_scopes=scopes).result == "success"


def test_sources_of_a_source_origin_are_limited_until_they_expire() -> None:
    profile = Profile(max_pending_sources_per_source_origin=1)
    profile.source(0, expiry=DAY)
    refused = profile.source(DAY - 1, debug_reporting=True)
    assert refused.result == "insufficientSourceCapacity"
    assert verbose(refused)[0][1]["limit"] == "1"
    assert profile.source(DAY).result == "success"


def test_one_reporting_origin_per_site_and_day() -> None:
    profile = Profile()
    profile.source(0, reporter="https://a.r1.example")
    refused = profile.source(1, reporter="https://b.r1.example", debug_reporting=True)
    assert refused.result == "reportingOriginsPerSiteLimitReached"
    assert verbose(refused)[0][1]["limit"] == "1"
    assert profile.source(2, reporter="https://r2.example").result == "success"
    assert profile.source(3, reporter="https://b.r1.example", page="https://news.example").stored


@pytest.mark.parametrize(("after", "stored"), [(DAY - 0.000001, False), (DAY, True)])
def test_the_other_reporting_origin_is_free_after_exactly_a_day(
    after: float, *, stored: bool
) -> None:
    profile = Profile()
    profile.source(0, reporter="https://a.r1.example")
    assert (profile.source(after, reporter="https://b.r1.example").stored is not None) is stored


def test_destinations_per_minute_of_a_reporting_site() -> None:
    profile = Profile(max_destinations_per_rate_limit_window=3)
    profile.source(0, destination=shops(1, 2))
    assert profile.source(1, destination=shops(2, 3)).stored
    refused = profile.source(2, destination=shops(4), debug_reporting=True)
    assert refused.result == "destinationReportingLimitReached"
    assert verbose(refused) == [
        (
            "source-destination-rate-limit",
            {
                "attribution_destination": "https://shop4.example",
                "source_event_id": "0",
                "source_site": "https://pub.example",
                "limit": "3",
            },
        )
    ]
    assert profile.source(60, destination=shops(4)).stored


def test_both_destination_limits_of_a_minute() -> None:
    profile = Profile(
        max_destinations_per_rate_limit_window=1, max_destinations_per_rate_limit_window_total=1
    )
    profile.source(0, destination=shops(1))
    outcome = profile.source(1, destination=shops(2))
    assert outcome.result == "destinationBothLimitsReached"
    assert outcome.debug_type == "source-destination-rate-limit"


def test_destinations_per_minute_over_all_sites_are_refused_in_secret() -> None:
    profile = Profile(max_destinations_per_rate_limit_window_total=1)
    profile.source(0, destination=shops(1))
    debugging = {
        "budget": 10,
        "key_piece": "0x1",
        "debug_data": [
            {"types": ["source-destination-global-rate-limit"], "key_piece": "0x2", "value": 5},
        ],
    }
    refused = profile.source(
        1,
        destination=shops(2),
        reporter="https://r2.example",
        debug_reporting=True,
        aggregatable_debug_reporting=debugging,
    )
    assert refused.result == "destinationGlobalLimitReached"
    assert refused.stored is None
    assert [kind for kind, _ in verbose(refused)] == ["source-success"]
    (report,) = reports(refused, "aggregatable-debug")
    assert [entry.value for entry in report.contributions] == [5]


def test_a_secret_refusal_of_a_noised_source_says_noised() -> None:
    profile = Profile(max_destinations_per_rate_limit_window_total=1)
    profile.source(0, destination=shops(1))
    refused = profile.source(1, destination=shops(2), reporter="https://r2.example", noise=Noise())
    assert (refused.result, refused.debug_type) == (
        "destinationGlobalLimitReached",
        "source-noised",
    )


def test_destinations_per_day() -> None:
    profile = Profile(max_destinations_per_day=2)
    profile.source(0, destination=shops(1))
    profile.source(HOUR, destination=shops(2))
    refused = profile.source(2 * HOUR, destination=shops(3), debug_reporting=True)
    assert refused.result == "destinationPerDayReportingLimitReached"
    assert verbose(refused)[0][1]["limit"] == "2"
    assert profile.source(DAY, destination=shops(3)).stored


def test_reporting_origins_of_page_and_destination_are_limited_in_secret() -> None:
    profile = Profile(max_source_reporting_origins=1)
    profile.source(0)
    refused = profile.source(1, reporter="https://r2.example", debug_reporting=True)
    assert refused.result == "excessiveReportingOrigins"
    assert [kind for kind, _ in verbose(refused)] == ["source-success"]
    assert profile.source(30 * DAY, reporter="https://r2.example").stored


def test_unexpired_destinations_push_out_the_oldest() -> None:
    profile = Profile(max_destinations_covered_by_unexpired_sources=2)
    first = profile.source(0, destination=shops(1))
    profile.source(HOUR, destination=shops(2))
    third = profile.source(2 * HOUR, destination=shops(3), debug_reporting=True)
    assert third.result == "success"
    (removal,) = third.removals
    assert first.stored is not None
    assert removal.source_id == first.stored.id
    assert removal.reason is RemovalReason.DESTINATION_LIMIT
    assert verbose(third)[0][1]["source_destination_limit"] == "2"
    assert profile.results(page="https://shop1.example", t=3 * HOUR, event_trigger_data=[{}]) == (
        "noMatchingSources",
        "notRegistered",
    )


def test_a_source_of_low_priority_is_refused_instead() -> None:
    profile = Profile(max_destinations_covered_by_unexpired_sources=1)
    profile.source(0, destination=shops(1))
    refused = profile.source(
        1, destination=shops(2), destination_limit_priority="-1", debug_reporting=True
    )
    assert refused.result == "insufficientUniqueDestinationCapacity"
    assert verbose(refused)[0][1]["limit"] == "1"
    assert not refused.removals


def test_expired_and_pushed_out_sources_no_longer_cover_destinations() -> None:
    profile = Profile(max_destinations_covered_by_unexpired_sources=1)
    profile.source(0, destination=shops(1), expiry=DAY)
    assert not profile.source(DAY, destination=shops(2)).removals
    assert profile.source(2 * DAY, destination=shops(3)).removals
    assert not profile.source(2 * DAY + 1, destination=shops(3)).removals


def test_a_pushed_out_source_that_lost_before_is_not_removed_again() -> None:
    profile = Profile(max_destinations_covered_by_unexpired_sources=1)
    profile.source(0, destination=shops(1))
    profile.source(1, destination=shops(1))
    lost = profile.trigger(2, page="https://shop1.example", event_trigger_data=[{}])
    assert len(lost.removals) == 1
    assert len(profile.source(3, destination=shops(2)).removals) == 1


def test_pushed_out_sources_lose_aggregatable_reports_only() -> None:
    profile = Profile(max_destinations_covered_by_unexpired_sources=1)
    profile.source(0, destination=shops(1), aggregation_keys={"a": "0x1"})
    made = profile.trigger(
        1, page="https://shop1.example", event_trigger_data=[{}], aggregatable_values={"a": 1}
    )
    (aggregatable,) = reports(made, "aggregatable")
    outcome = profile.source(5, destination=shops(2))
    assert outcome.withdrawn == (aggregatable.number,)
    assert profile.storage.reports.event_level("https://shop1.example") == 1


def test_an_aggregatable_report_past_half_its_delay_is_taken_for_sent() -> None:
    profile = Profile(max_destinations_covered_by_unexpired_sources=1)
    profile.source(0, destination=shops(1), aggregation_keys={"a": "0x1"})
    profile.trigger(1, page="https://shop1.example", aggregatable_values={"a": 1})
    assert profile.source(302, destination=shops(2)).withdrawn == ()


def test_certain_noise_is_told_without_its_reports() -> None:
    outcome = Profile().source(0, event_level_epsilon=0, debug_reporting=True)
    assert outcome.result == "successNoised"
    assert not outcome.possibilities
    assert [kind for kind, _ in verbose(outcome)] == ["source-noised"]
    assert not reports(outcome, "event-level")


@pytest.mark.parametrize(
    ("header", "result"),
    [
        ({"trigger_data": []}, "noMatchingTriggerData"),
        ({"max_event_level_reports": 0}, "excessiveReports"),
    ],
)
def test_a_source_of_one_state_is_noised_with_no_reports(
    header: dict[str, Any], result: str
) -> None:
    profile = Profile()
    outcome = profile.source(0, event_level_epsilon=0, **header)
    assert outcome.result == "successNoised"
    assert profile.event_trigger().event_level == result


def test_local_testing_draws_no_noise() -> None:
    outcome = Profile(local_testing=True).source(0, event_level_epsilon=0)
    assert (outcome.result, outcome.possibilities) == ("success", ())


def test_known_noise_makes_its_fake_reports() -> None:
    outcome = Profile().source(0, "navigation", noise=fakes((3, 0), (5, 2)), debug_key="7")
    fake_reports = reports(outcome, "event-level")
    assert [(r.body["trigger_data"], r.earliest) for r in fake_reports] == [
        ("3", moment(2 * DAY)),
        ("5", moment(30 * DAY)),
    ]
    assert all("source_debug_key" not in report.body for report in fake_reports)


def test_noise_counts_as_an_attribution_for_each_destination() -> None:
    profile = Profile(max_attributions=1)
    profile.source(0, destination=shops(1, 2), noise=fakes())
    profile.source(1, destination=shops(2), priority="1")
    outcome = profile.trigger(2, page="https://shop2.example", event_trigger_data=[{}])
    assert outcome.event_level == "excessiveAttributions"


def test_fake_reports_ahead_go_with_a_pushed_out_source() -> None:
    profile = Profile(max_destinations_covered_by_unexpired_sources=1)
    noised = profile.source(0, "navigation", destination=shops(1), noise=fakes((0, 0), (0, 1)))
    near, far = reports(noised, "event-level")
    outcome = profile.source(1, destination=shops(2))
    assert outcome.withdrawn == (far.number,)
    assert near.number not in outcome.withdrawn
