"""Filter data of a source and filters of a trigger.

May live here: reading these fields. Matching one against the other is attribution's work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ara_inspector.findings import Rule, Severity
from ara_inspector.spec.constants import (
    MAX_FILTER_DATA_KEYS,
    MAX_FILTER_DATA_VALUES,
    MAX_FILTER_STRING,
)
from ara_inspector.spec.effective import FilterConfig, SourceType
from ara_inspector.spec.values import (
    ABSENT,
    RESERVED_KEY,
    Reader,
    integer,
    mapped,
    short_enough,
    string_set,
)

if TYPE_CHECKING:
    from ara_inspector.findings import Path

UNKNOWN_SOURCE_TYPE = Rule(
    "TRG001",
    "unknown-source-type",
    Severity.WARNING,
    "no source has the type {entry}: source_type is event or navigation",
    "parse-filter-values",
)
EMPTY_FILTER_SET = Rule(
    "TRG007",
    "empty-filter-set",
    Severity.NOTE,
    "Chrome leaves an empty filter set out of a list with others: it does not match every source",
    "parse-filters",
)
SOURCE_TYPE_KEY: Final = "source_type"
"""The filter data entry every source has without writing it."""
LOOKBACK_KEY: Final = "_lookback_window"
"""What filters may ask for beside filter data: how old the source may be."""
FILTER_FIELDS: Final = frozenset({"filters", "not_filters"})
_SOURCE_TYPES: Final = frozenset(SourceType)

type Filters = tuple[FilterConfig, ...]


def filter_data(reader: Reader, value: object, path: Path) -> dict[str, tuple[str, ...]]:
    """The `filter_data` of a source.

    https://wicg.github.io/attribution-reporting-api/#parse-filter-data
    """
    data: dict[str, tuple[str, ...]] = {}
    if value is ABSENT:
        return data
    members = mapped(reader, value, path, most=MAX_FILTER_DATA_KEYS)
    for key, entries in members.items():
        if key == SOURCE_TYPE_KEY or key.startswith("_"):
            reader.report(RESERVED_KEY, (*path, key), key=key)
        elif short_enough(reader, key, (*path, key), MAX_FILTER_STRING):
            data[key] = string_set(
                reader,
                entries,
                (*path, key),
                longest=MAX_FILTER_STRING,
                most=MAX_FILTER_DATA_VALUES,
            )
    return data


def filter_pair(reader: Reader, members: dict[str, Any], path: Path) -> tuple[Filters, Filters]:
    """`filters` and `not_filters` of a trigger or of one of its parts.

    https://wicg.github.io/attribution-reporting-api/#parse-a-filter-pair
    """
    positive = members.get("filters", ABSENT)
    negative = members.get("not_filters", ABSENT)
    return (
        () if positive is ABSENT else _filters(reader, positive, (*path, "filters")),
        () if negative is ABSENT else _filters(reader, negative, (*path, "not_filters")),
    )


def _filters(reader: Reader, value: object, path: Path) -> Filters:
    if isinstance(value, list):
        if {} in value and any(value):
            # The specification lets such a set match everything. Which sets take part in
            # matching is attribution's decision; the effective value keeps them as written.
            reader.report(EMPTY_FILTER_SET, (*path, value.index({})))
        return tuple(
            _filter_config(reader, mapped(reader, config, (*path, index)), (*path, index))
            for index, config in enumerate(value)
        )
    if isinstance(value, dict):
        return (_filter_config(reader, value, path),)
    reader.wrong_type(value, path, "object or list")
    return ()


def _filter_config(reader: Reader, members: dict[str, Any], path: Path) -> FilterConfig:
    """https://wicg.github.io/attribution-reporting-api/#parse-filter-config ."""
    values: dict[str, tuple[str, ...]] = {}
    lookback_window: int | None = None
    for key, entries in members.items():
        if key == LOOKBACK_KEY:
            lookback_window = integer(reader, entries, (*path, key), 1)
        elif key.startswith("_"):
            reader.report(RESERVED_KEY, (*path, key), key=key)
        else:
            values[key] = string_set(reader, entries, (*path, key))
    if SOURCE_TYPE_KEY in values and not _SOURCE_TYPES.issuperset(values[SOURCE_TYPE_KEY]):
        for index, entry in enumerate(members[SOURCE_TYPE_KEY]):
            if isinstance(entry, str) and entry not in _SOURCE_TYPES:
                reader.report(UNKNOWN_SOURCE_TYPE, (*path, SOURCE_TYPE_KEY, index), entry=entry)
    return FilterConfig(values=values, lookback_window=lookback_window)
