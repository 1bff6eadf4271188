from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ara_inspector.attribution.filters import first_match, match_filter_pair, seconds
from profiles import DAY, HOUR, Profile, moment, trigger_registration

if TYPE_CHECKING:
    from ara_inspector.attribution.sources import StoredSource


def stored(**header: Any) -> StoredSource:
    source = Profile().source(**header).stored
    assert source is not None
    return source


def mismatch(source: StoredSource, t: float = HOUR, **filters: Any) -> Any:
    trigger = trigger_registration(t, **filters).trigger
    return match_filter_pair(source, trigger, moment(t))


DATA: dict[str, Any] = {"k": ["a", "b"], "empty": []}


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"filters": {"k": ["b", "z"]}},
        {"filters": {"unknown": ["z"]}},
        {"filters": {"empty": []}},
        {"filters": [{"k": ["z"]}, {"k": ["a"]}]},
        {"filters": {"source_type": ["event"]}},
        {"filters": [{}, {}]},
        {"not_filters": {"k": ["z"]}},
        {"not_filters": {"k": []}},
        {"not_filters": {"unknown": ["z"]}},
        {"not_filters": [{"k": ["a"]}, {"k": ["z"]}]},
    ],
)
def test_matches(filters: dict[str, Any]) -> None:
    assert mismatch(stored(filter_data=DATA), **filters) is None


@pytest.mark.parametrize(
    ("filters", "key", "has"),
    [
        ({"filters": {"k": ["z"]}}, "k", ("a", "b")),
        ({"filters": {"k": []}}, "k", ("a", "b")),
        ({"filters": {"empty": ["z"]}}, "empty", ()),
        ({"filters": {"source_type": ["navigation"]}}, "source_type", ("event",)),
        ({"not_filters": {"k": ["a", "z"]}}, "k", ("a", "b")),
        ({"not_filters": {"empty": []}}, "empty", ()),
    ],
)
def test_tells_what_does_not_match(filters: dict[str, Any], key: str, has: tuple[str, ...]) -> None:
    (name,) = filters
    told = mismatch(stored(filter_data=DATA), **filters)
    assert told == {name: ({"key": key, "source": has, "trigger": tuple(filters[name][key])},)}


def test_every_set_of_a_list_is_told() -> None:
    told = mismatch(stored(filter_data=DATA), filters=[{"k": ["y"]}, {"k": ["z"]}])
    assert [entry["trigger"] for entry in told["filters"]] == [("y",), ("z",)]


@pytest.mark.parametrize("filters", [[{}, {"k": ["z"]}], [{"k": ["z"]}, {}]])
def test_chrome_drops_empty_sets_beside_others(filters: list[Any]) -> None:
    assert mismatch(stored(filter_data=DATA), filters=filters) is not None


@pytest.mark.parametrize(("after", "matches"), [(DAY, True), (DAY + 0.000001, False)])
def test_lookback_window_includes_its_end(after: float, *, matches: bool) -> None:
    source = stored()
    lookback = {"_lookback_window": DAY}
    assert (mismatch(source, after, filters=lookback) is None) is matches
    assert (mismatch(source, after, not_filters=lookback) is None) is not matches


def test_lookback_mismatch_tells_the_age() -> None:
    told = mismatch(stored(), 1.5, filters={"_lookback_window": 1})
    entry = {"key": "_lookback_window", "source": 1.5, "trigger": 1}
    assert told == {"filters": (entry,)}


def test_a_set_with_only_a_lookback_window_is_not_empty() -> None:
    filters = [{"_lookback_window": 1}, {"k": ["z"]}]
    assert mismatch(stored(filter_data=DATA), filters=filters) is not None


def test_first_match_tells_what_was_tried() -> None:
    data = [{"filters": {"k": ["z"]}}, {"filters": {"k": ["a"]}}, {}]
    pairs = trigger_registration(event_trigger_data=data).trigger.event_trigger_data
    source = stored(filter_data=DATA)
    index, tried = first_match(source, pairs, moment(HOUR))
    assert (index, len(tried)) == (1, 1)
    index, tried = first_match(source, pairs[:1], moment(HOUR))
    assert (index, len(tried)) == (None, 1)


def test_seconds_are_whole_where_they_are() -> None:
    assert repr(seconds(3_000_000)) == "3"
    assert repr(seconds(3_500_000)) == "3.5"
