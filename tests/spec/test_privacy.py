from __future__ import annotations

import itertools
import math

import pytest

from ara_inspector.spec import privacy, vendor
from ara_inspector.spec.effective import SourceType


def enumerated(trigger_data: int, windows: int, max_reports: int) -> int:
    """The specification's own way: build the set, then count."""
    pairs = list(itertools.product(range(trigger_data), range(windows)))
    return sum(
        sum(1 for _ in itertools.combinations_with_replacement(pairs, reports))
        for reports in range(max_reports + 1)
    )


@pytest.mark.parametrize("trigger_data", [0, 1, 2, 4])
@pytest.mark.parametrize("windows", [1, 2, 3])
@pytest.mark.parametrize("max_reports", [0, 1, 2, 4])
def test_states_are_those_the_specification_enumerates(
    trigger_data: int, windows: int, max_reports: int
) -> None:
    assert privacy.count_trigger_states(
        trigger_data=trigger_data, windows=windows, max_reports=max_reports
    ) == enumerated(trigger_data, windows, max_reports)


def test_states_of_the_defaults_and_of_the_largest_source() -> None:
    count = privacy.count_trigger_states
    assert count(trigger_data=2, windows=1, max_reports=1) == 3
    assert count(trigger_data=8, windows=3, max_reports=3) == 2925
    assert count(trigger_data=32, windows=5, max_reports=20) == math.comb(180, 20)


@pytest.mark.parametrize(
    ("states", "rate"), [(3, "0.0000025"), (2925, "0.0024263"), (1, "0.0000008")]
)
def test_pick_rate_is_what_chrome_writes_into_reports(states: int, rate: str) -> None:
    assert f"{privacy.randomized_response_pick_rate(states, 14):.7f}" == rate


def test_pick_rate_without_privacy_budget_is_certainty() -> None:
    assert privacy.randomized_response_pick_rate(2925, 0) == 1


@pytest.mark.parametrize(("x", "bits"), [(0, 0), (1, 0), (0.5, 1), (0.11, 0.499915958)])
def test_binary_entropy(x: float, bits: float) -> None:
    assert privacy.binary_entropy(x) == pytest.approx(bits)


@pytest.mark.parametrize(
    ("states", "epsilon", "bits"),
    [
        (1, 14, 0),
        (2925, 0, 0),
        (2, math.log(3), 1 - privacy.binary_entropy(0.25)),
        (3, 14, 1.584926511508231),
        (2925, 14, 11.461727965384876),
    ],
)
def test_channel_capacity(states: int, epsilon: float, bits: float) -> None:
    assert privacy.channel_capacity(states, epsilon) == pytest.approx(bits, abs=1e-12)


def test_scopes_channel_capacity() -> None:
    capacity = privacy.scopes_channel_capacity
    assert capacity(3, scope_limit=3, max_event_states=4) == pytest.approx(math.log2(11))
    assert capacity(2925, scope_limit=1, max_event_states=4) == math.log2(2925)


def test_the_defaults_of_both_types_fit_chromium() -> None:
    for kind, states in ((SourceType.EVENT, 3), (SourceType.NAVIGATION, 2925)):
        bits = privacy.channel_capacity(states, vendor.MAX_SETTABLE_EVENT_LEVEL_EPSILON)
        assert bits <= vendor.MAX_EVENT_LEVEL_CHANNEL_CAPACITY[kind]


@pytest.mark.parametrize(
    ("states", "capacity", "epsilon"),
    [
        (2925, 11.5, 14),
        (1, 0, 14),
        (2, 0, 0),
    ],
)
def test_highest_fitting_epsilon(states: int, capacity: float, epsilon: float) -> None:
    found = privacy.highest_fitting_epsilon(states, capacity=capacity, highest=14)
    assert found == pytest.approx(epsilon, abs=1e-7)


@pytest.mark.parametrize("states", [60, 5545, 24895, 84121, 2**32 - 1])
@pytest.mark.parametrize("capacity", [6.5, 11.5])
def test_nothing_above_the_highest_fitting_epsilon_fits(states: int, capacity: float) -> None:
    found = privacy.highest_fitting_epsilon(states, capacity=capacity, highest=14)
    assert privacy.channel_capacity(states, found) <= capacity
    if found < 14:
        above = math.nextafter(found, math.inf)
        assert privacy.channel_capacity(states, above) > capacity
