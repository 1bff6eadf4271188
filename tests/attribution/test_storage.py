from __future__ import annotations

from typing import TYPE_CHECKING

from ara_inspector.attribution import storage as module
from ara_inspector.attribution.effects import RemovalReason
from ara_inspector.attribution.storage import ANY
from profiles import DAY, HOUR, REPORTER, SHOP, Profile, moment, reports

if TYPE_CHECKING:
    import pytest


def test_sources_are_found_by_either_side_newest_first() -> None:
    profile = Profile()
    profile.source(0)
    profile.source(1, destination="https://b.example")
    profile.source(2, reporter="https://r2.example")
    storage = profile.storage
    assert [source.id for source in storage.newest(REPORTER, ANY)] == ["source@1", "source@0"]
    assert [source.id for source in storage.newest(ANY, SHOP)] == ["source@2", "source@0"]
    assert [source.id for source in storage.matching(REPORTER, SHOP)] == ["source@0"]
    assert storage.matching(REPORTER, "https://c.example") == []
    assert len(list(storage.sources())) == 3


def test_expired_sources_go_everywhere() -> None:
    profile = Profile()
    stored = profile.source(0, expiry=DAY).stored
    assert stored is not None
    profile.storage.advance(moment(DAY))
    assert profile.storage.source(stored.number) is None
    assert not list(profile.storage.newest(REPORTER, ANY))
    assert profile.storage.sources_of_origin("https://pub.example") == 0
    (gone,) = profile.storage.gone(REPORTER, SHOP)
    assert gone.removal.reason == "expired"


def test_memory_of_gone_sources_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REMEMBERED_KEYS", 2)
    profile = Profile()
    for number in range(3):
        profile.source(number, destination=f"https://shop{number}.example", expiry=DAY)
    profile.storage.advance(moment(2 * DAY))
    known = [len(profile.storage.gone(REPORTER, f"https://shop{n}.example")) for n in range(3)]
    assert known == [0, 1, 1]


def test_sources_expire_in_time_whatever_went_before() -> None:
    profile = Profile()
    days = (9, 3, 7, 1, 8, 2, 6, 4, 5)
    stored = {day: profile.source(n, expiry=day * DAY).stored for n, day in enumerate(days)}
    for day in (1, 4, 5, 6, 7, 8):
        source = stored[day]
        assert source is not None
        profile.storage.remove(source, RemovalReason.NOT_KEPT, cause_id="", now=moment(HOUR))
    left = []
    for day in range(1, 11):
        profile.storage.advance(moment(day * DAY + HOUR))
        left.append(len(profile.storage))
    assert left == [3, 2, 1, 1, 1, 1, 1, 1, 0, 0]


def test_sources_expire_to_the_second() -> None:
    profile = Profile()
    for second in (0, 1, 2):
        profile.source(second, expiry=DAY)
    left = []
    for second in (-1, 0, 1, 2):
        profile.storage.advance(moment(DAY + second))
        left.append([source.id for source in profile.storage.sources()])
    assert left == [
        ["source@0", "source@1", "source@2"],
        ["source@1", "source@2"],
        ["source@2"],
        [],
    ]


def test_a_flush_sends_everything_pending_once() -> None:
    profile = Profile()
    profile.source(0, aggregation_keys={"a": "0x1"})
    first = profile.trigger(1, event_trigger_data=[{}], aggregatable_values={"a": 1})
    second = profile.trigger(2, event_trigger_data=[{"priority": "1"}])
    (replacing,) = reports(second, "event-level")
    (aggregatable,) = reports(first, "aggregatable")
    assert len(profile.storage.reports) == 2
    sent = [pending.report for pending in profile.storage.reports.flush()]
    assert sent == [aggregatable, replacing]
    assert len(profile.storage.reports) == 0
    assert profile.storage.reports.flush() == []


def test_a_replaced_report_is_not_sent() -> None:
    profile = Profile()
    profile.source(0)
    profile.event_trigger(1)
    profile.event_trigger(2, priority="1")
    assert profile.storage.reports.event_level(SHOP) == 1
    profile.storage.advance(moment(30 * DAY))
    assert profile.storage.reports.event_level(SHOP) == 0


def test_reports_leave_the_cache_when_they_are_due() -> None:
    profile = Profile()
    stored = profile.source(0, event_report_window=HOUR).stored
    assert stored is not None
    profile.event_trigger(1)
    assert len(profile.storage.reports.of_source(stored.number)) == 1
    profile.storage.advance(moment(HOUR) - 1)
    assert profile.storage.reports.event_level(SHOP) == 1
    profile.storage.advance(moment(HOUR))
    assert profile.storage.reports.event_level(SHOP) == 0
    assert profile.storage.reports.of_source(stored.number) == []
