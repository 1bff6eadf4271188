"""What stays of a session that is shown to others: the words of the API, and nothing else.

May live here: the names and words that the specification gives, and where it leaves names to the
ad-tech. Making pseudonyms of the rest is the work of `pseudonyms`, going through a session that
of `redaction`.

The lists say what is harmless, not what is secret: whatever nobody thought of is replaced.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ara_inspector.records import field_names
from ara_inspector.registrations.registration import HEADERS
from ara_inspector.registrations.request import REPORT_PATH
from ara_inspector.reports import VERBOSE_TYPES, bodies
from ara_inspector.reports.endpoints import PUBLIC_KEYS_PATH, REPORT_PATHS
from ara_inspector.spec import effective
from ara_inspector.spec.constants import ALLOWED_AGGREGATABLE_BUDGET_PER_SOURCE
from ara_inspector.spec.filters import LOOKBACK_KEY
from ara_inspector.spec.headers import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def _names() -> Iterator[str]:
    for module, base in ((effective, effective.Effective), (bodies, bodies.Body)):
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, base):
                yield from field_names(kind)


FIELDS: Final = frozenset(_names()) | {
    LOOKBACK_KEY,
    "aggregation_service_payloads",
    "body",
    "data",
    "debug_cleartext_payload",
    "event_report_window",
    "id",
    "key",
    "keys",
    "operation",
    "payload",
    "type",
}
"""The names of the fields of headers and reports."""
WORDS: Final = frozenset(
    {
        *VERBOSE_TYPES,
        *HEADERS.values(),
        *NAMES.values(),
        *effective.SourceType,
        *effective.TriggerDataMatching,
        *effective.SourceRegistrationTime,
        "attribution-reporting",
        "attribution-reporting-debug",
        "debug-reporting",
        "enabled",
        "event-source",
        "false",
        "histogram",
        "navigation-source",
        "null",
        "os",
        "preferred-platform",
        "report-header-errors",
        "source",
        "trigger",
        "true",
        "unspecified",
        "web",
        # Chrome puts these in at random, so that nobody relies on the others alone.
        "not-event-source",
        "not-navigation-source",
        "not-os",
        "not-trigger",
        "not-web",
    }
)
"""What the API has as values, keys of structured fields and names of headers."""
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})

WELL_KNOWN: Final = "/.well-known/"
PLACES: Final = frozenset(
    segment
    for path in (*(REPORT_PATH + end for end in REPORT_PATHS), PUBLIC_KEYS_PATH)
    for segment in path.split("/")
)
"""The segments of the paths that are the API's own: the same at every reporting origin."""

MEANT: Final = FIELDS - {
    "attribution_scopes",
    "bucket",
    "data",
    "debug_key",
    "deduplication_key",
    "filtering_id",
    "id",
    "key",
    "key_id",
    "key_piece",
    "keys",
    "name",
    "payload",
    "report_id",
    "source_debug_key",
    "source_event_id",
    "source_keys",
    "trigger_context_id",
    "trigger_debug_key",
    "values",
}
"""Fields whose values say what the API does, and nothing about who it is done to."""
NAMING: Final = frozenset(
    {"aggregation_keys", "filter_data", "filters", "named_budgets", "not_filters", "values"}
)
"""Fields whose members have names of the ad-tech's own."""
NAMING_UNLESS_LISTED: Final = frozenset({"aggregatable_values", "named_budgets"})
"""Fields with such members, unless they are lists: what is in those has the API's names."""
RESERVED: Final = frozenset({"_lookback_window", "source_type"})
"""Names that mean something among the ad-tech's own."""
SITES: Final = frozenset(
    {
        "aggregation_coordinator_origin",
        "attribution_destination",
        "context_site",
        "destination",
        "reporting_origin",
        "source_site",
    }
)
"""Fields that hold sites and origins."""
WORDED: Final = SITES | {
    "aggregatable_source_registration_time",
    "source_type",
    "trigger_data_matching",
    "type",
    "types",
}
"""Fields that want words, and never a number."""
FILTERING: Final = frozenset({"filter_data", "filters", "not_filters"})
"""Fields below which everything is the ad-tech's own."""
COUNTED: Final = frozenset({"aggregatable_values", "named_budgets", "values"})
"""Fields below which small numbers are contributions and budgets."""
NAMES_OF_THESE: Final = frozenset({"filtering_id", "name"})
LONGEST: Final = 10
"""Digits of a number that stays where the API wants a number: times in seconds have so many."""
NUMBER: Final = re.compile(r"[+-]?[0-9]{1,10}(?:\.[0-9]{1,20})?")


def is_name(name: str, above: Sequence[str | int]) -> bool:
    """Whether the API gave this name to a member of what stands at `above` (names, indexes)."""
    if name in RESERVED:
        return True
    if name not in FIELDS:
        return False
    holder = next((step for step in reversed(above) if isinstance(step, str)), None)
    is_listed = bool(above) and isinstance(above[-1], int)
    if holder in NAMING_UNLESS_LISTED:
        return is_listed
    return holder not in NAMING


def is_harmless(value: str | int, path: Sequence[str | int]) -> bool:
    """Whether this value at `path` is the API's, or a number that it wants there."""
    names = [step for step in path if isinstance(step, str)]
    last = names[-1] if names else None
    number = value if isinstance(value, int) else None
    if isinstance(value, str):
        if value in WORDS:
            return last in MEANT or last == "source_type"
        if not NUMBER.fullmatch(value):
            return False
        number = int(float(value))
    small = number is not None and abs(number) < 10**LONGEST and last not in WORDED
    if last in RESERVED:
        return small
    if not FILTERING.isdisjoint(names):
        return False
    if not COUNTED.isdisjoint(names) and "attribution_scopes" not in names:
        return (
            number is not None
            and abs(number) <= ALLOWED_AGGREGATABLE_BUDGET_PER_SOURCE
            and last not in NAMES_OF_THESE
        )
    return small and last in MEANT
