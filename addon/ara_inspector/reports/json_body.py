"""JSON of a report's body: text in, value out, whatever the text is.

May live here: decoding what browsers write. `spec.json_text` is the other way round: what they
read of a header, where the value is always an object and every quirk of their parser counts.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from ara_inspector.findings import Rule, Severity, Words
from ara_inspector.spec.json_text import syntax_problem

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
REPEATED_KEY = Rule(
    "RPT015",
    "report-key-repeated",
    Severity.WARNING,
    "the report has the key {key} twice in one object: the first is lost",
    "serialize-report-body",
)


class _Unreadable:
    """The type of UNREADABLE: equal to no JSON value."""


UNREADABLE: Final = _Unreadable()


class _ConstantError(ValueError):
    """NaN or an infinity, which Python would take."""


def _no_constant(name: str) -> None:
    raise _ConstantError(f"{name} is no JSON number")


def read_json(text: str, notes: Notes, path: Path = ()) -> Any:
    """The JSON value of `text`; `UNREADABLE` and a finding where it has none."""

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        read = dict(pairs)
        if len(read) < len(pairs):
            for key, count in Counter(key for key, _ in pairs).items():
                if count > 1:
                    notes.add(REPEATED_KEY.at(path, key=key))
        return read

    try:
        return json.loads(text, parse_constant=_no_constant, object_pairs_hook=members)
    except RecursionError:
        reason = Words("it is nested too deeply")
    except json.JSONDecodeError as error:
        problem, position = syntax_problem(text, error)
        reason = Words(f"{problem}, character {position}")
    except _ConstantError as error:
        reason = Words(error)
    except ValueError:
        reason = Words("a number has more digits than anybody reads")
    notes.add(NOT_JSON.at(path, reason=reason))
    return UNREADABLE
