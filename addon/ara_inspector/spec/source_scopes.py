"""Attribution scopes of a source.

May live here: reading `attribution_scopes`. Choosing sources by scope is attribution's work.
"""

from __future__ import annotations

from typing import Final

from ara_inspector.findings import Rule, Severity
from ara_inspector.spec.constants import (
    DEFAULT_MAX_EVENT_STATES,
    MAX_ATTRIBUTION_SCOPE,
    MAX_ATTRIBUTION_SCOPES,
    UINT32_MAX,
)
from ara_inspector.spec.effective import AttributionScopes
from ara_inspector.spec.fields import MISSING_FIELD, known_fields
from ara_inspector.spec.values import (
    ABSENT,
    DEPENDS_ON_BROKEN,
    EMPTY_LIST,
    TOO_MANY,
    Reader,
    integer,
    mapped,
    string_set,
)
from ara_inspector.spec.vendor import MAX_TRIGGER_STATE_CARDINALITY

MORE_THAN_LIMIT = Rule(
    "SRC013",
    "more-scopes-than-limit",
    Severity.ERROR,
    "{count} scopes exceed the limit of {limit} given beside them",
    "parse-attribution-scope-values-for-source",
)

_FIELDS: Final = frozenset({"limit", "values", "max_event_states"})
_PATH: Final = ("attribution_scopes",)


def attribution_scopes(reader: Reader, value: object) -> AttributionScopes | None:
    """The scopes of a source, None where it has none.

    https://wicg.github.io/attribution-reporting-api/#parse-attribution-scopes
    """
    if value is ABSENT:
        return None
    failures = reader.failures
    members = mapped(reader, value, _PATH)
    if reader.failures > failures:
        return None
    limit: int | None = None
    if (given := members.get("limit", ABSENT)) is ABSENT:
        reader.report(MISSING_FIELD, (*_PATH, "limit"), field="limit")
    else:
        limit = integer(reader, given, (*_PATH, "limit"), 1, UINT32_MAX)
        if reader.failures > failures:
            limit = None
    values = _values(reader, members.get("values", ABSENT), limit)
    if (given := members.get("max_event_states", ABSENT)) is ABSENT:
        states = DEFAULT_MAX_EVENT_STATES
    else:
        path = (*_PATH, "max_event_states")
        states = integer(reader, given, path, 1, MAX_TRIGGER_STATE_CARDINALITY)
    known_fields(reader, members, _PATH, _FIELDS)
    return AttributionScopes(limit=limit or 0, values=values, max_event_states=states)


def _values(reader: Reader, value: object, limit: int | None) -> tuple[str, ...]:
    """The scopes themselves.

    https://wicg.github.io/attribution-reporting-api/#parse-attribution-scope-values-for-source
    """
    path = (*_PATH, "values")
    if value is ABSENT:
        reader.report(MISSING_FIELD, path, field="values")
        return ()
    failures = reader.failures
    scopes = string_set(reader, value, path, longest=MAX_ATTRIBUTION_SCOPE)
    if reader.failures > failures:
        return scopes
    if limit is None:
        reader.report(DEPENDS_ON_BROKEN, path, field="limit")
    elif not scopes:
        reader.report(EMPTY_LIST, path)
    elif len(scopes) > MAX_ATTRIBUTION_SCOPES:
        reader.report(TOO_MANY, path, count=len(scopes), maximum=MAX_ATTRIBUTION_SCOPES)
    elif len(scopes) > limit:
        reader.report(MORE_THAN_LIMIT, path, count=len(scopes), limit=limit)
    return scopes
