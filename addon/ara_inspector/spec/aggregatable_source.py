"""Aggregation keys and named budgets of a source.

May live here: reading the fields of a source that only aggregatable reports use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ara_inspector.spec.constants import (
    ALLOWED_AGGREGATABLE_BUDGET_PER_SOURCE,
    MAX_AGGREGATION_KEY_ID,
    MAX_AGGREGATION_KEYS,
    MAX_BUDGET_NAME,
    MAX_NAMED_BUDGETS,
)
from ara_inspector.spec.values import (
    ABSENT,
    Reader,
    hex128,
    integer,
    mapped,
    short_enough,
)

if TYPE_CHECKING:
    from ara_inspector.findings import Path


def aggregation_keys(reader: Reader, value: object, path: Path) -> dict[str, int]:
    """The key pieces of a source by name.

    https://wicg.github.io/attribution-reporting-api/#parse-aggregation-keys
    """
    keys: dict[str, int] = {}
    if value is ABSENT:
        return keys
    members = mapped(reader, value, path, most=MAX_AGGREGATION_KEYS)
    for name, piece in members.items():
        if short_enough(reader, name, (*path, name), MAX_AGGREGATION_KEY_ID):
            keys[name] = hex128(reader, piece, (*path, name))
    return keys


def named_budgets(reader: Reader, value: object, path: Path) -> dict[str, int]:
    """The parts of its budget that a source names.

    https://wicg.github.io/attribution-reporting-api/#parse-named-budgets-for-source
    """
    budgets: dict[str, int] = {}
    if value is ABSENT:
        return budgets
    members = mapped(reader, value, path, most=MAX_NAMED_BUDGETS)
    for name, budget in members.items():
        if short_enough(reader, name, (*path, name), MAX_BUDGET_NAME):
            budgets[name] = integer(
                reader, budget, (*path, name), 0, ALLOWED_AGGREGATABLE_BUDGET_PER_SOURCE
            )
    return budgets
