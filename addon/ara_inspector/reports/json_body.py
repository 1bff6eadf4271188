"""JSON of a report's body: text in, value out, whatever the text is.

May live here: decoding JSON as lenient as a reader may be, strict about what the browser writes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ara_inspector.findings import Rule, Severity

if TYPE_CHECKING:
    from ara_inspector.findings import Path
    from ara_inspector.reports.body_fields import Notes

NOT_JSON = Rule(
    "RPT004",
    "report-not-json",
    Severity.WARNING,
    "the report's body is not JSON: {reason}",
    "serialize-report-body",
)


class _Unreadable:
    """The type of UNREADABLE: equal to no JSON value."""


UNREADABLE: Final = _Unreadable()


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def read_json(text: str, notes: Notes, path: Path = ()) -> Any:
    """The JSON value of `text`; `UNREADABLE` and a finding where it has none."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        reason = "it is nested too deeply"
    except ValueError as error:
        reason = str(error)
    notes.add(NOT_JSON.at(path, reason=reason))
    return UNREADABLE
