"""One header judged, as contract 1 promises it: what `validate` prints as JSON.

May live here: the shape, and making it from a reading. Plain dictionaries: a stream of headers
should not pay for models; `ara-inspector schema validation` prints the schema of this shape.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypedDict

from ara_inspector.findings import Severity
from ara_inspector.spec.headers import effective_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ara_inspector.findings import Finding
    from ara_inspector.spec.reading import Reading


class Issue(TypedDict):
    """A finding. `path` leads into the header's value; [] is the whole value."""

    code: str
    path: list[str | int]
    message: str


class Judgement(TypedDict):
    """A header judged. `ok`: the browser would store or use it.

    `effective` is the value the browser keeps, defaults filled in: an object for the JSON
    headers, the text of the header for the structured ones, null where it cannot be read.
    """

    id: Any
    ok: bool
    errors: list[Issue]
    warnings: list[Issue]
    notes: list[Issue]
    effective: dict[str, Any] | str | None


class Unusable(TypedDict):
    """The answer to a line that asks for nothing that can be judged."""

    id: Any
    unusable: str
    """Why."""


def writable(identity: object) -> object:
    """The same, if JSON can write it: Python reads numbers that JSON lacks. Raises ValueError."""
    json.dumps(identity, allow_nan=False)
    return identity


def judgement(identity: object, reading: Reading[Any]) -> Judgement:
    """`reading` in the contract's shape; `identity` is handed back as it came."""
    value = reading.value
    return {
        "id": identity,
        "ok": reading.ok,
        "errors": _issues(reading.findings, Severity.ERROR),
        "warnings": _issues(reading.findings, Severity.WARNING),
        "notes": _issues(reading.findings, Severity.NOTE),
        "effective": None if value is None else effective_json(value),
    }


def _issues(findings: Sequence[Finding], severity: Severity) -> list[Issue]:
    return [
        {"code": finding.rule.code, "path": list(finding.path), "message": finding.message}
        for finding in findings
        if finding.severity is severity
    ]
