from __future__ import annotations

from typing import Any

import pytest

from ara_inspector.attribution import rate_limits as module
from ara_inspector.attribution.rate_limits import RateLimitScope, Recency
from profiles import DAY, HOUR, SHOP, Profile, moment


def test_recency_counts_what_is_younger_than_its_window() -> None:
    recent = Recency(10)
    recent.seen("a", 0)
    recent.seen("b", 5)
    assert recent.names(9) == {"a", "b"}
    assert recent.names(10) == {"b"}
    recent.seen("a", 11)
    assert recent.names(14) == {"a", "b"}
    assert recent.names(15) == {"a"}
    recent.seen("c", 40)
    assert len(recent) == 1


def shop(number: int) -> str:
    return f"https://shop{number}.example"


def test_the_best_destinations_stay_by_priority_then_time_then_name() -> None:
    profile = Profile(max_destinations_covered_by_unexpired_sources=2)
    profile.source(0, destination=shop(1), destination_limit_priority="1")
    profile.source(1, destination=shop(2))
    third = profile.source(1, destination=shop(3))
    assert [removal.source_id for removal in third.removals] == ["source@1"]
    assert [source.id for source in profile.storage.sources()] == ["source@0", "source@1"]


def test_destinations_expire_in_time_whatever_went_before() -> None:
    profile = Profile()
    days = (9, 3, 7, 1, 8)
    stored = [profile.source(n, destination=shop(n), expiry=d * DAY).stored
              for n, d in enumerate(days)]  # fmt: skip
    last = stored[-1]
    assert last is not None
    unexpired = profile.storage.rate_limits.unexpired(last)
    for source in (stored[0], stored[2], stored[3]):
        assert source is not None
        unexpired.deactivate(source.number)
    left = []
    for day in range(1, 10):
        unexpired.expire(moment(day * DAY + HOUR))
        left.append(len(unexpired))
    assert left == [2, 2, 1, 1, 1, 1, 1, 0, 0]


def test_so_many_sources_count_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RECORDS", 2)
    profile = Profile()
    profile.source(0, destination=shop(1))
    profile.source(1, destination=shop(2), page="https://news.example")
    first = profile.storage.rate_limits.unexpired
    source = profile.source(2, destination=shop(3)).stored
    assert source is not None
    assert first(source).union(()) == 1
    profile.source(3, destination=shop(4))
    assert first(source).union(()) == 2


def test_what_has_expired_takes_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RECORDS", 2)
    profile = Profile()
    profile.source(0, destination=shop(1), expiry=DAY)
    profile.source(2 * DAY, destination=shop(2))
    source = profile.source(2 * DAY + 1, destination=shop(3)).stored
    assert source is not None
    assert profile.storage.rate_limits.unexpired(source).union(()) == 2


def test_so_many_attributions_count_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RECORDS", 2)
    profile = Profile()
    source = profile.source(0, "navigation").stored
    assert source is not None
    for number in range(3):
        profile.event_trigger(HOUR + number, deduplication_key=str(number))
    limits = profile.storage.rate_limits
    assert limits.attributions(RateLimitScope.EVENT_ATTRIBUTION, source, SHOP) == 2


def test_a_source_goes_as_soon_as_one_of_its_destinations_does() -> None:
    profile = Profile(max_destinations_covered_by_unexpired_sources=2)
    profile.source(0, destination=[shop(1), shop(2)])
    profile.source(1, destination=shop(2))
    outcome = profile.source(2, destination=shop(3))
    assert [removal.source_id for removal in outcome.removals] == ["source@0"]


def test_attribution_records_of_old_sources_are_dropped_when_one_is_added() -> None:
    profile = Profile(max_attributions=1)
    profile.source(0, event_report_window=HOUR)
    profile.event_trigger(1)
    profile.source(20 * DAY, expiry=20 * DAY, priority="1")
    assert profile.event_trigger(31 * DAY).event_level == "excessiveAttributions"
    profile.source(31 * DAY, page="https://news.example")
    assert profile.event_trigger(31 * DAY).event_level == "success"


@pytest.mark.parametrize(("t", "result"), [(299, "excessiveAttributions"), (300, "success")])
def test_old_attribution_records_are_dropped_every_five_minutes(t: int, result: str) -> None:
    profile = Profile(max_attributions=1)
    profile.source(0, event_report_window=HOUR)
    profile.event_trigger(1)
    profile.source(20 * DAY, expiry=20 * DAY, priority="1")
    # At this moment the record is a microsecond too young.
    profile.source(30 * DAY - 0.000001, page="https://news.example")
    profile.source(30 * DAY - 0.000001 + t, page="https://news.example")
    assert profile.event_trigger(30 * DAY + 310).event_level == result


def test_attribution_records_as_old_as_the_window_are_dropped() -> None:
    profile = Profile(max_attributions=1)
    profile.source(0, event_report_window=HOUR)
    profile.event_trigger(1)
    profile.source(20 * DAY, expiry=20 * DAY, priority="1")
    profile.source(30 * DAY, page="https://news.example")
    assert profile.event_trigger(30 * DAY).event_level == "success"


def test_attribution_records_are_dropped_after_both_levels_of_a_trigger() -> None:
    profile = Profile(max_attributions=1)
    profile.source(0, aggregation_keys={"a": "0x1"})
    profile.trigger(1, aggregatable_values={"a": 1})
    profile.source(20 * DAY, expiry=20 * DAY, priority="1", aggregation_keys={"a": "0x1"})
    header: dict[str, Any] = {"event_trigger_data": [{}], "aggregatable_values": {"a": 1}}
    assert profile.results(31 * DAY, **header) == ("success", "excessiveAttributions")
    assert profile.results(31 * DAY, **header)[1] == "success"


def test_reporting_origins_are_counted_over_both_levels() -> None:
    profile = Profile()
    source = profile.source(0, aggregation_keys={"a": "0x1"}).stored
    assert source is not None
    profile.trigger(1, aggregatable_values={"a": 1})
    other = profile.source(2, reporter="https://r2.example").stored
    assert other is not None
    limits = profile.storage.rate_limits
    assert limits.attribution_reporting_origins(other, SHOP) == 2
    assert limits.attribution_reporting_origins(other, "https://b.example") == 1
    assert limits.attributions(RateLimitScope.EVENT_ATTRIBUTION, source, SHOP) == 0
    assert limits.attributions(RateLimitScope.AGGREGATABLE_ATTRIBUTION, source, SHOP) == 1


def test_removing_an_unknown_record_changes_nothing() -> None:
    profile = Profile()
    profile.storage.rate_limits.remove_attribution(99)
    source = profile.source(0).stored
    assert source is not None
    profile.storage.rate_limits.deactivate(source, {99})
    assert len(profile.storage.rate_limits.unexpired(source)) == 1


def test_a_long_life_leaves_nothing_behind() -> None:
    profile = Profile()
    for day in range(100):
        page = f"https://pub{day}.example"
        profile.source(day * DAY, page=page, destination=shop(day), expiry=DAY)
        profile.trigger(day * DAY + HOUR, page=shop(day), event_trigger_data=[{}])
    limits = vars(profile.storage.rate_limits)
    indexes = {name: value for name, value in limits.items() if isinstance(value, dict)}
    assert {name: len(value) <= 33 for name, value in indexes.items()} == dict.fromkeys(
        indexes, True
    )
