"""The values a field of a report can have, and reading an object by a table of fields.

May live here: what holds for single fields of any report, and the rules (RPT) about shape.
Which fields a report has is in `body_readers`.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ara_inspector.findings import Rule, Severity, Words
from ara_inspector.spec.constants import UINT64_MAX
from ara_inspector.spec.effective import SourceType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ara_inspector.findings import Finding, Path

MAX_FINDINGS: Final = 100
"""Findings kept of one report: a hostile body has no end of mistakes."""
MIN_LISTED: Final = 2
"""A list of destinations has at least two; one is a plain string."""

WRONG_VALUE = Rule(
    "RPT005",
    "report-field-invalid",
    Severity.WARNING,
    "{field} of the report is not {expected}",
    "serialize-report-body",
)
MISSING = Rule(
    "RPT006",
    "report-field-missing",
    Severity.WARNING,
    "the report has no {field}",
    "serialize-report-body",
)
UNKNOWN_FIELD = Rule(
    "RPT007",
    "report-field-unknown",
    Severity.NOTE,
    "the report has a field {field} that no browser we know writes there",
    "serialize-report-body",
)

_UINT: Final = re.compile(r"0|[1-9][0-9]{0,19}")
_NUMBER: Final = re.compile(r"(?:0|[1-9][0-9]{0,19})(?:\.[0-9]{1,20})?")
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ORIGIN: Final = re.compile(r"https?://[^\s/?#@\\]+")


class Field(Struct, frozen=True, gc=False):
    """How to read one field: `read` gives None for a value the browser does not write."""

    read: Callable[[Any], Any]
    expected: str
    required: bool = True

    def optional(self) -> Field:
        """The same field, where a report may leave it out."""
        return Field(self.read, self.expected, required=False)


class Notes:
    """The findings of one report while it is read, bounded."""

    def __init__(self) -> None:
        self._kept: list[Finding] = []

    def add(self, finding: Finding) -> None:
        """Keep a finding, if there is still room."""
        if len(self._kept) < MAX_FINDINGS:
            self._kept.append(finding)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, in document order."""
        return tuple(self._kept)


def read_fields(
    value: Mapping[str, Any], fields: Mapping[str, Field], path: Path, notes: Notes
) -> dict[str, Any]:
    """The readable fields of `value`; what is missing, unknown or unfit becomes a finding."""
    read = {}
    for name, field in fields.items():
        if name in value:
            result = field.read(value[name])
            if result is None:
                notes.add(WRONG_VALUE.at((*path, name), field=name, expected=Words(field.expected)))
            else:
                read[name] = result
        elif field.required:
            notes.add(MISSING.at(path, field=name))
    for name in value:
        if name not in fields:
            notes.add(UNKNOWN_FIELD.at((*path, name), field=name))
    return read


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _matching(pattern: re.Pattern[str]) -> Callable[[Any], str | None]:
    def read(value: Any) -> str | None:
        return value if isinstance(value, str) and pattern.fullmatch(value) else None

    return read


def _uint64(value: Any) -> int | None:
    if not isinstance(value, str) or not _UINT.fullmatch(value):
        return None
    number = int(value)
    return number if number <= UINT64_MAX else None


def _limit(value: Any) -> str | None:
    """Nearly always a string; the two channel capacities come as a bare number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = repr(value)
    return value if isinstance(value, str) and _NUMBER.fullmatch(value) else None


def _rate(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= 1 else None


def _source_type(value: Any) -> SourceType | None:
    return next((known for known in SourceType if known.value == value), None)


def _destinations(value: Any) -> tuple[str, ...] | None:
    listed = value if isinstance(value, list) and len(value) >= MIN_LISTED else [value]
    if all(isinstance(site, str) and _ORIGIN.fullmatch(site) for site in listed):
        return tuple(listed)
    return None


def base64_bytes(value: Any) -> bytes | None:
    """The bytes of a base64 string, None if it is not one."""
    try:
        return base64.b64decode(value, validate=True) if isinstance(value, str) else None
    except ValueError:
        return None


TEXT: Final = Field(_text, "a text")
UINT64: Final = Field(_uint64, "a 64-bit unsigned integer written as a string")
UUID: Final = Field(_matching(_UUID), "a UUID")
ORIGIN: Final = Field(_matching(_ORIGIN), "an origin or a site")
DESTINATIONS: Final = Field(_destinations, "a site or a list of several")
LIMIT: Final = Field(_limit, "a number")
RATE: Final = Field(_rate, "a number from 0 to 1")
SOURCE_TYPE: Final = Field(_source_type, '"navigation" or "event"')


def literal(*allowed: str) -> Field:
    """A field that has one of a few fixed texts."""

    def read(value: Any) -> str | None:
        return value if isinstance(value, str) and value in allowed else None

    return Field(read, " or ".join(f'"{text}"' for text in allowed))
