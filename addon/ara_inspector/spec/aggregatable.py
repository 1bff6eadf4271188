"""What a trigger gives to aggregatable reports: key pieces, values, deduplication, budgets.

May live here: reading those fields of a trigger and how they fit each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ara_inspector.findings import Rule, Severity, Words
from ara_inspector.spec.effective import (
    AggregatableDeduplicationKey,
    AggregatableTriggerDatum,
    AggregatableValue,
    AggregatableValues,
    NamedBudget,
)
from ara_inspector.spec.fields import (
    MISSING_FIELD,
    amount,
    known_fields,
    objects,
    required_amount,
    required_key_piece,
)
from ara_inspector.spec.filters import FILTER_FIELDS, filter_pair
from ara_inspector.spec.sharing import shared_mapping
from ara_inspector.spec.values import (
    ABSENT,
    DEPENDS_ON_BROKEN,
    NOT_UINT64,
    NUMBER_FOR_STRING,
    Reader,
    string,
    string_set,
    uint64,
    unsigned,
)

if TYPE_CHECKING:
    from ara_inspector.findings import Path

FILTERING_ID_TOO_LARGE = Rule(
    "TRG002",
    "filtering-id-too-large",
    Severity.ERROR,
    "the filtering ID {text} does not fit {bytes} {unit}, its maximum is {maximum}:"
    " aggregatable_filtering_id_max_bytes sets the size",
    "parse-aggregatable-key-values",
)
KEY_WITHOUT_VALUE = Rule(
    "TRG003",
    "source-key-without-value",
    Severity.WARNING,
    "the key {key} has no entry in aggregatable_values: it never makes a contribution",
    "create-aggregatable-contributions",
)
VALUE_WITHOUT_KEY = Rule(
    "TRG004",
    "value-without-key-piece",
    Severity.WARNING,
    "the key {key} stands in no source_keys: only the source's own key piece is used for it",
    "create-aggregatable-contributions",
)

_TRIGGER_DATUM_FIELDS: Final = FILTER_FIELDS | {"key_piece", "source_keys"}
_VALUE_FIELDS: Final = frozenset({"value", "filtering_id"})
_VALUES_FIELDS: Final = FILTER_FIELDS | {"values"}
_DEDUPLICATION_FIELDS: Final = FILTER_FIELDS | {"deduplication_key"}
_BUDGET_FIELDS: Final = FILTER_FIELDS | {"name"}


def trigger_data(reader: Reader, value: object, path: Path) -> tuple[AggregatableTriggerDatum, ...]:
    """Key pieces for the source's keys.

    https://wicg.github.io/attribution-reporting-api/#parse-aggregatable-trigger-data
    """
    data = []
    for members, place in objects(reader, value, path, _TRIGGER_DATUM_FIELDS):
        keys = members.get("source_keys", ABSENT)
        source_keys = () if keys is ABSENT else string_set(reader, keys, (*place, "source_keys"))
        filters, not_filters = filter_pair(reader, members, place)
        data.append(
            AggregatableTriggerDatum(
                filters=filters,
                not_filters=not_filters,
                key_piece=required_key_piece(reader, members, place),
                source_keys=source_keys,
            )
        )
    return tuple(data)


def values(
    reader: Reader, value: object, path: Path, max_bytes: int | None
) -> tuple[AggregatableValues, ...]:
    """What each key contributes, in either form.

    https://wicg.github.io/attribution-reporting-api/#parse-aggregatable-values
    """
    if isinstance(value, dict):
        key_values = _key_values(reader, value, path, max_bytes)
        return (AggregatableValues(values=shared_mapping(key_values)),)
    if value is not ABSENT and not isinstance(value, list):
        reader.wrong_type(value, path, "object or list")
        return ()
    configurations = []
    for members, place in objects(reader, value, path, _VALUES_FIELDS):
        given = members.get("values", ABSENT)
        if isinstance(given, dict):
            key_values = _key_values(reader, given, (*place, "values"), max_bytes)
        else:
            key_values = {}
            if given is ABSENT:
                reader.report(MISSING_FIELD, (*place, "values"), field="values")
            else:
                reader.wrong_type(given, (*place, "values"), "object")
        filters, not_filters = filter_pair(reader, members, place)
        configurations.append(
            AggregatableValues(filters=filters, not_filters=not_filters, values=key_values)
        )
    return tuple(configurations)


def _key_values(
    reader: Reader, members: dict[str, Any], path: Path, max_bytes: int | None
) -> dict[str, AggregatableValue]:
    """https://wicg.github.io/attribution-reporting-api/#parse-aggregatable-key-values ."""
    key_values: dict[str, AggregatableValue] = {}
    for key, given in members.items():
        place = (*path, key)
        filtering_id = 0
        if isinstance(given, dict):
            contributed = required_amount(reader, given, place, "value")
            if (wanted := given.get("filtering_id", ABSENT)) is not ABSENT:
                filtering_id = _filtering_id(reader, wanted, (*place, "filtering_id"), max_bytes)
            known_fields(reader, given, place, _VALUE_FIELDS)
        elif type(given) in {int, float, str}:
            contributed = amount(reader, given, place)
        else:
            reader.wrong_type(given, place, "number or object")
            contributed = 1
        key_values[key] = AggregatableValue(value=contributed, filtering_id=filtering_id)
    return key_values


def _filtering_id(reader: Reader, value: object, path: Path, max_bytes: int | None) -> int:
    if not isinstance(value, str):
        if type(value) is int and value >= 0:
            reader.report(NUMBER_FOR_STRING, path, number=value, written=str(value))
        else:
            reader.wrong_type(value, path, "string")
        return 0
    number = unsigned(value)
    if number is None:
        reader.report(NOT_UINT64, path, text=value)
        return 0
    if max_bytes is None:
        reader.report(DEPENDS_ON_BROKEN, path, field="aggregatable_filtering_id_max_bytes")
        return 0
    maximum = 256**max_bytes - 1
    if number > maximum:
        unit = Words.counted(max_bytes, "byte")
        reader.report(
            FILTERING_ID_TOO_LARGE, path, text=value, bytes=max_bytes, unit=unit, maximum=maximum
        )
        return 0
    return number


def deduplication_keys(
    reader: Reader, value: object, path: Path
) -> tuple[AggregatableDeduplicationKey, ...]:
    """https://wicg.github.io/attribution-reporting-api/#parse-aggregatable-dedup-keys ."""
    keys = []
    for members, place in objects(reader, value, path, _DEDUPLICATION_FIELDS):
        filters, not_filters = filter_pair(reader, members, place)
        keys.append(
            AggregatableDeduplicationKey(
                filters=filters,
                not_filters=not_filters,
                deduplication_key=deduplication_key(reader, members, place),
            )
        )
    return tuple(keys)


def deduplication_key(reader: Reader, members: dict[str, Any], path: Path) -> int | None:
    """The `deduplication_key` of one entry, None where it has none."""
    key = members.get("deduplication_key", ABSENT)
    return None if key is ABSENT else uint64(reader, key, (*path, "deduplication_key"))


def named_budgets(reader: Reader, value: object, path: Path) -> tuple[NamedBudget, ...]:
    """Which of the source's budgets a trigger draws on.

    https://wicg.github.io/attribution-reporting-api/#parse-named-budgets-for-trigger
    """
    budgets = []
    for members, place in objects(reader, value, path, _BUDGET_FIELDS):
        name = members.get("name", ABSENT)
        filters, not_filters = filter_pair(reader, members, place)
        budgets.append(
            NamedBudget(
                filters=filters,
                not_filters=not_filters,
                name=None if name is ABSENT else string(reader, name, (*place, "name")),
            )
        )
    return tuple(budgets)


def check_keys(
    reader: Reader,
    data: tuple[AggregatableTriggerDatum, ...],
    configurations: tuple[AggregatableValues, ...],
) -> None:
    """Warn of keys that stand in only one of the two fields that have to name them."""
    if not data and not configurations:
        return
    contributing = {key: None for config in configurations for key in config.values}
    named: set[str] = set()
    for index, datum in enumerate(data):
        named.update(datum.source_keys)
        for key in datum.source_keys:
            if key not in contributing:
                path = ("aggregatable_trigger_data", index, "source_keys")
                reader.report(KEY_WITHOUT_VALUE, path, key=key)
    for key in contributing:
        if key not in named:
            reader.report(VALUE_WITHOUT_KEY, ("aggregatable_values",), key=key)
