from __future__ import annotations

from typing import Any

import pytest

from ara_inspector.attribution.registered import Noise
from ara_inspector.attribution.sources import Meter, odometer
from profiles import DAY, HOUR, Profile, fakes, moment

DEBUG: dict[str, Any] = {
    "aggregatable_debug_reporting": {
        "budget": 536,
        "key_piece": "0x1",
        "debug_data": [{"types": ["source-success"], "key_piece": "0x1", "value": 36}],
    }
}


def test_odometer_of_a_fresh_source() -> None:
    profile = Profile()
    stored = profile.source(0, "navigation", named_budgets={"x": 10}, **DEBUG).stored
    assert stored is not None
    left = odometer(stored, profile.storage.limits)
    assert left.source_id == "source@0"
    assert left.expires == moment(30 * DAY)
    assert left.event_level_reports == Meter(left=3, of=3)
    assert not left.exhausted
    assert left.aggregatable_budget == Meter(left=65000, of=65000)
    assert left.named_budgets == {"x": Meter(left=10, of=10)}
    assert left.aggregatable_reports == Meter(left=20, of=20)
    assert left.debug_budget == Meter(left=500, of=536)
    assert left.debug_reports == Meter(left=4, of=5)


def test_odometer_runs_down() -> None:
    profile = Profile()
    profile.source(0, aggregation_keys={"a": "0x1"}, named_budgets={"x": 100})
    outcome = profile.trigger(
        HOUR,
        event_trigger_data=[{}],
        aggregatable_values={"a": 30},
        named_budgets=[{"name": "x"}],
    )
    left = outcome.odometer
    assert left is not None
    assert left.event_level_reports.left == 0
    assert left.aggregatable_budget.left == 65506
    assert left.named_budgets["x"].left == 70
    assert left.repeats_left(30, "x") == 2
    assert left.repeats_left(30, "unknown") == left.repeats_left(30) == 19
    assert left.repeats_left(30000) == 2
    assert left.repeats_left(0) == 19


@pytest.mark.parametrize(("noise", "left"), [(fakes(), 3), (fakes((0, 0)), 2), (Noise(), 0)])
def test_noise_takes_event_level_reports(noise: Noise, left: int) -> None:
    profile = Profile()
    stored = profile.source(0, "navigation", noise=noise).stored
    assert stored is not None
    found = odometer(stored, profile.storage.limits)
    assert found.event_level_reports.left == left
    assert found.exhausted is not noise.never
