"""The objects within a registration: what they have to have, and what is no field of theirs.

May live here: reading objects that stand in a list, the fields that several kinds of object have
to have, and what can be said of names whatever the values are.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from ara_inspector.findings import Rule, Severity
from ara_inspector.spec.constants import ALLOWED_AGGREGATABLE_BUDGET_PER_SOURCE
from ara_inspector.spec.values import ABSENT, hex128, integer, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ara_inspector.findings import Path
    from ara_inspector.spec.values import Reader

MAX_SUGGESTIONS: Final = 8
"""Unknown fields of one object that are compared with the known ones: the search is slow."""
MAX_SUGGESTED_LENGTH: Final = 60

MISSING_FIELD = Rule(
    "REG002",
    "missing-field",
    Severity.ERROR,
    "the required field {field} is missing",
)
UNKNOWN_FIELD = Rule(
    "REG003",
    "unknown-field",
    Severity.WARNING,
    "Chrome knows no field {field} here and ignores it",
)
MISSPELLED_FIELD = Rule(
    "REG004",
    "misspelled-field",
    Severity.WARNING,
    "Chrome knows no field {field} here and ignores it: is {meant} meant?",
)


def objects(
    reader: Reader, value: object, path: Path, known: frozenset[str]
) -> Iterator[tuple[dict[str, Any], Path]]:
    """The objects of a list, each with its path; others are reported and left out.

    Fields beyond `known` are warned of when the caller comes back for the next entry.
    """
    if value is ABSENT:
        return
    for index, entry in enumerate(listed(reader, value, path)):
        place = (*path, index)
        if isinstance(entry, dict):
            yield entry, place
            known_fields(reader, entry, place, known)
        else:
            reader.wrong_type(entry, place, "object")


def required_key_piece(reader: Reader, members: Mapping[str, Any], path: Path) -> int:
    """The `key_piece` of an object, which has to have one."""
    piece = members.get("key_piece", ABSENT)
    if piece is ABSENT:
        reader.report(MISSING_FIELD, (*path, "key_piece"), field="key_piece")
        return 0
    return hex128(reader, piece, (*path, "key_piece"))


def required_amount(reader: Reader, members: Mapping[str, Any], path: Path, name: str) -> int:
    """The `amount` under `name` in an object, which has to have one."""
    given = members.get(name, ABSENT)
    if given is ABSENT:
        reader.report(MISSING_FIELD, (*path, name), field=name)
        return 1
    return amount(reader, given, (*path, name))


def amount(reader: Reader, value: object, path: Path) -> int:
    """A part of a source's budget for aggregatable reports, at least 1.

    https://wicg.github.io/attribution-reporting-api/#validate-aggregatable-key-values-value
    """
    return integer(reader, value, path, 1, ALLOWED_AGGREGATABLE_BUDGET_PER_SOURCE)


def known_fields(
    reader: Reader, members: Mapping[str, Any], path: Path, known: frozenset[str]
) -> None:
    """Warn of members of an object that Chrome does not look at."""
    if members.keys() <= known:
        return
    suggestions = MAX_SUGGESTIONS
    for key in members:
        if key in known:
            continue
        meant = None
        if suggestions:
            suggestions -= 1
            meant = _meant(key, known)
        if meant is None:
            reader.report(UNKNOWN_FIELD, (*path, key), field=key)
        else:
            reader.report(MISSPELLED_FIELD, (*path, key), field=key, meant=meant)


def _meant(key: str, known: frozenset[str]) -> str | None:
    if len(key) > MAX_SUGGESTED_LENGTH:
        return None
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])|[-\s.]+", "_", key).lower()
    close = get_close_matches(plain, known, n=1, cutoff=0.85)
    return close[0] if close else None
