"""Section `attribution`: the engine under many sources and triggers."""

from __future__ import annotations

import json
import time
import tracemalloc
from functools import partial
from typing import TYPE_CHECKING, Final

from ara_inspector.attribution.registered import SECOND, SourceRegistration, TriggerRegistration
from ara_inspector.attribution.storage import AttributionStorage
from ara_inspector.attribution.storing import process_attribution_source
from ara_inspector.attribution.triggering import trigger_attribution
from ara_inspector.records import replace
from ara_inspector.spec.effective import Source, SourceType, Trigger
from ara_inspector.spec.source import read_source
from ara_inspector.spec.trigger import read_trigger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COUNT: Final = 10_000
SHOPS: Final = 40
SPREAD_PAGES: Final = 50
SPREAD_REPORTERS: Final = 20
CROWD: Final = 2000
SOURCE_HEADER: Final = {
    "destination": "https://shop.example",
    "filter_data": {"campaign": ["summer", "autumn"]},
    "aggregation_keys": {"counts": "0x159", "value": "0x5"},
    "debug_reporting": True,
    "debug_key": "1",
}
TRIGGER_HEADER: Final = {
    "event_trigger_data": [
        {"trigger_data": "2", "filters": {"campaign": ["winter"]}},
        {"trigger_data": "1", "priority": "7"},
    ],
    "aggregatable_trigger_data": [{"key_piece": "0x400", "source_keys": ["counts", "value"]}],
    "aggregatable_values": {"counts": 3276, "value": 166},
    "debug_reporting": True,
    "debug_key": "2",
}


def attribution() -> Iterator[str]:
    """Seconds for 10,000 sources and 10,000 triggers, in three shapes of traffic."""
    source = read_source(json.dumps(SOURCE_HEADER), SourceType.NAVIGATION).value
    trigger = read_trigger(json.dumps(TRIGGER_HEADER)).value
    misses = read_trigger(json.dumps(TRIGGER_HEADER | {"filters": {"campaign": ["x"]}})).value
    if source is None or trigger is None or misses is None:
        raise ValueError("the section's own headers are invalid")
    yield _measured(
        f"{COUNT:,} sources, then {COUNT:,} triggers, {SPREAD_PAGES} pages, "
        f"{SPREAD_REPORTERS} reporters, {SHOPS} shops",
        partial(_spread, source, trigger),
    )
    yield _measured(
        f"{COUNT:,} sources and triggers in turn, one page, reporter and shop",
        partial(_in_turn, source, trigger),
    )
    yield _measured(
        f"{CROWD:,} sources of one key, then 100 triggers whose filters spare them all",
        partial(_crowd, source, misses),
    )


def _measured(name: str, work: Callable[[AttributionStorage], None]) -> str:
    storage = AttributionStorage()
    start = time.perf_counter()
    work(storage)
    taken = time.perf_counter() - start
    tracemalloc.start()
    storage = AttributionStorage()
    work(storage)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return f"{name}: {taken:.2f} s, {held / 1e6:.0f} MB in storage"


def _source(number: int, source: Source, page: int, reporter: int, shop: int) -> SourceRegistration:
    origin = f"https://r{reporter}.example"
    site = f"https://pub{page}.example"
    destination = f"https://shop{shop}.example"
    return SourceRegistration(
        id=str(number),
        time=number * SECOND,
        source_type=SourceType.NAVIGATION,
        source_origin=site,
        source_site=site,
        reporting_origin=origin,
        reporting_site=origin,
        source=replace(source, destination=(destination,)),
    )


def _trigger(number: int, trigger: Trigger, reporter: int, shop: int) -> TriggerRegistration:
    origin = f"https://r{reporter}.example"
    return TriggerRegistration(
        id=str(number),
        time=number * SECOND,
        attribution_destination=f"https://shop{shop}.example",
        reporting_origin=origin,
        reporting_site=origin,
        trigger=trigger,
    )


def _spread(source: Source, trigger: Trigger, storage: AttributionStorage) -> None:
    for number in range(COUNT):
        page, reporter = number % SPREAD_PAGES, number // SPREAD_PAGES % SPREAD_REPORTERS
        shop = number * 7919 % SHOPS
        process_attribution_source(storage, _source(number, source, page, reporter, shop))
    for number in range(COUNT):
        reporter, shop = number % SPREAD_REPORTERS, number * 7919 % SHOPS
        trigger_attribution(storage, _trigger(COUNT + number, trigger, reporter, shop))


def _in_turn(source: Source, trigger: Trigger, storage: AttributionStorage) -> None:
    for number in range(COUNT):
        process_attribution_source(storage, _source(2 * number, source, 0, 0, 0))
        trigger_attribution(storage, _trigger(2 * number + 1, trigger, 0, 0))


def _crowd(source: Source, trigger: Trigger, storage: AttributionStorage) -> None:
    for number in range(CROWD):
        process_attribution_source(storage, _source(number, source, 0, 0, 0))
    for number in range(100):
        trigger_attribution(storage, _trigger(CROWD + number, trigger, 0, 0))
