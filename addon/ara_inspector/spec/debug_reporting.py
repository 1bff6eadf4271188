"""What sources and triggers share about debugging: debug key, verbose and aggregatable reports.

May live here: reading those fields. Chrome never refuses a registration over them: a broken
one is dropped alone, so every error in here is softened to a warning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ara_inspector.findings import Rule, Severity
from ara_inspector.spec.constants import SOURCE_DEBUG_TYPES, TRIGGER_DEBUG_TYPES
from ara_inspector.spec.destinations import coordinator
from ara_inspector.spec.effective import DebugDatum, SourceDebugReporting, TriggerDebugReporting
from ara_inspector.spec.fields import (
    MISSING_FIELD,
    known_fields,
    required_amount,
    required_key_piece,
)
from ara_inspector.spec.values import (
    ABSENT,
    EMPTY_LIST,
    NOT_DISTINCT,
    Reader,
    boolean,
    listed,
    mapped,
    string,
    uint64,
)

if TYPE_CHECKING:
    from ara_inspector.findings import Path

UNKNOWN_DEBUG_TYPE = Rule(
    "REG029",
    "unknown-debug-type",
    Severity.WARNING,
    "Chrome makes no debug report of type {entry} here: this entry stays without effect",
    "parse-aggregatable-debug-reporting-data",
)
DEBUG_TYPE_TWICE = Rule(
    "REG030",
    "debug-type-twice",
    Severity.ERROR,
    "the type {entry} stands in several entries, and each type may have one value only",
    "parse-aggregatable-debug-reporting-data",
)
ABOVE_DEBUG_BUDGET = Rule(
    "SRC003",
    "above-debug-budget",
    Severity.ERROR,
    "the value {value} exceeds the budget of {budget}",
    "parse-a-source-aggregatable-debug-reporting-config",
)

_DATUM_FIELDS: Final = frozenset({"key_piece", "types", "value"})
_TRIGGER_FIELDS: Final = frozenset({"aggregation_coordinator_origin", "debug_data", "key_piece"})
_SOURCE_FIELDS: Final = _TRIGGER_FIELDS | {"budget"}


class _Softened:
    """While it lasts, errors are warnings and do not count as failures of the registration."""

    __slots__ = ("failures", "reader")

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def __enter__(self) -> None:
        self.failures = self.reader.failures
        self.reader.softened = Severity.WARNING

    def __exit__(self, *_: object) -> None:
        self.reader.softened = None
        self.reader.failures = self.failures


def debug_key(reader: Reader, value: object) -> int | None:
    """The `debug_key` of a registration, None where it is absent or broken."""
    if value is ABSENT:
        return None
    failures = reader.failures
    with _Softened(reader):
        key = uint64(reader, value, ("debug_key",))
        broken = reader.failures > failures
    return None if broken else key


def debug_reporting(reader: Reader, value: object) -> bool:
    """Whether verbose debug reports are wanted; a broken value wants none."""
    if value is ABSENT:
        return False
    with _Softened(reader):
        return boolean(reader, value, ("debug_reporting",))


class _Config(NamedTuple):
    key_piece: int
    coordinator: str
    data: tuple[DebugDatum, ...]


def source_config(reader: Reader, value: object) -> SourceDebugReporting | None:
    """The `aggregatable_debug_reporting` of a source, None where it is absent or broken.

    https://wicg.github.io/attribution-reporting-api/#parse-a-source-aggregatable-debug-reporting-config
    """
    if value is ABSENT:
        return None
    path = ("aggregatable_debug_reporting",)
    before = reader.failures
    with _Softened(reader):
        members = mapped(reader, value, path)
        if reader.failures > before:
            return None
        budget = required_amount(reader, members, path, "budget")
        config = _config(reader, members, path, SOURCE_DEBUG_TYPES)
        known_fields(reader, members, path, _SOURCE_FIELDS)
        if reader.failures == before:
            highest = max((datum.value for datum in config.data), default=0)
            if highest > budget:
                reader.report(ABOVE_DEBUG_BUDGET, path, value=highest, budget=budget)
        if reader.failures > before:
            return None
    return SourceDebugReporting(
        key_piece=config.key_piece,
        aggregation_coordinator_origin=config.coordinator,
        debug_data=config.data,
        budget=budget,
    )


def trigger_config(reader: Reader, value: object) -> TriggerDebugReporting | None:
    """The `aggregatable_debug_reporting` of a trigger, None where it is absent or broken.

    https://wicg.github.io/attribution-reporting-api/#parse-an-aggregatable-debug-reporting-config
    """
    if value is ABSENT:
        return None
    path = ("aggregatable_debug_reporting",)
    before = reader.failures
    with _Softened(reader):
        members = mapped(reader, value, path)
        if reader.failures > before:
            return None
        config = _config(reader, members, path, TRIGGER_DEBUG_TYPES)
        known_fields(reader, members, path, _TRIGGER_FIELDS)
        if reader.failures > before:
            return None
    return TriggerDebugReporting(
        key_piece=config.key_piece,
        aggregation_coordinator_origin=config.coordinator,
        debug_data=config.data,
    )


def _config(reader: Reader, members: dict[str, Any], path: Path, types: frozenset[str]) -> _Config:
    data = members.get("debug_data", ABSENT)
    origin = members.get("aggregation_coordinator_origin", ABSENT)
    return _Config(
        data=() if data is ABSENT else _debug_data(reader, data, (*path, "debug_data"), types),
        coordinator=coordinator(reader, origin, (*path, "aggregation_coordinator_origin")),
        key_piece=required_key_piece(reader, members, path),
    )


def _debug_data(
    reader: Reader, value: object, path: Path, types: frozenset[str]
) -> tuple[DebugDatum, ...]:
    """The entries of `debug_data`.

    https://wicg.github.io/attribution-reporting-api/#parse-aggregatable-debug-reporting-data
    """
    before = reader.failures
    data = tuple(
        _datum(reader, entry, (*path, index), types)
        for index, entry in enumerate(listed(reader, value, path))
    )
    if reader.failures == before:
        seen: set[str] = set()
        for datum in data:
            repeated = seen.intersection(datum.types)
            if repeated:
                reader.report(DEBUG_TYPE_TWICE, path, entry=min(repeated))
                break
            seen.update(datum.types)
    return data


def _datum(reader: Reader, value: object, path: Path, types: frozenset[str]) -> DebugDatum:
    before = reader.failures
    members = mapped(reader, value, path)
    if reader.failures > before:
        return DebugDatum(key_piece=0, types=(), value=1)
    datum = DebugDatum(
        value=required_amount(reader, members, path, "value"),
        types=_types(reader, members, (*path, "types"), types),
        key_piece=required_key_piece(reader, members, path),
    )
    known_fields(reader, members, path, _DATUM_FIELDS)
    return datum


def _types(
    reader: Reader, members: dict[str, Any], path: Path, types: frozenset[str]
) -> tuple[str, ...]:
    value = members.get("types", ABSENT)
    if value is ABSENT:
        reader.report(MISSING_FIELD, path, field="types")
        return ()
    before = reader.failures
    entries: dict[str, None] = {}
    for index, entry in enumerate(listed(reader, value, path)):
        if not isinstance(entry, str):
            string(reader, entry, (*path, index))
            continue
        if entry not in types:
            reader.report(UNKNOWN_DEBUG_TYPE, (*path, index), entry=entry)
        if entry in entries:
            reader.report(NOT_DISTINCT, (*path, index), entry=entry)
        entries[entry] = None
    if not entries and reader.failures == before:
        reader.report(EMPTY_LIST, path)
    return tuple(entries)
