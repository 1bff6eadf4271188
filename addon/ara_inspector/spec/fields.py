"""Fields of an object that are not there, and members that are no fields.

May live here: what can be said about the names in an object, whatever the values are.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from ara_inspector.findings import Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

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
