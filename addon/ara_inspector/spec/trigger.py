"""The header Attribution-Reporting-Register-Trigger.

May live here: the registration as a whole and the fields that belong to no family of their
own. https://wicg.github.io/attribution-reporting-api/#create-an-attribution-trigger
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ara_inspector.findings import Rule, Severity
from ara_inspector.records import field_names
from ara_inspector.spec import aggregatable, debug_reporting
from ara_inspector.spec.constants import (
    DEFAULT_FILTERING_ID_MAX_BYTES,
    MAX_FILTERING_ID_MAX_BYTES,
    MAX_TRIGGER_CONTEXT_ID,
)
from ara_inspector.spec.destinations import coordinator
from ara_inspector.spec.effective import EventTriggerDatum, SourceRegistrationTime, Trigger
from ara_inspector.spec.fields import known_fields, objects
from ara_inspector.spec.filters import FILTER_FIELDS, filter_pair
from ara_inspector.spec.json_text import in_document_order, parse
from ara_inspector.spec.reading import Reading
from ara_inspector.spec.sharing import shared
from ara_inspector.spec.values import (
    ABSENT,
    DEPENDS_ON_BROKEN,
    Reader,
    choice,
    int64,
    integer,
    short_enough,
    string,
    string_set,
    uint64,
)

if TYPE_CHECKING:
    from ara_inspector.findings import Path

MAX_BYTES_WITH_TIME = Rule(
    "TRG005",
    "filtering-id-size-with-registration-time",
    Severity.ERROR,
    "a size of {bytes} bytes is not allowed with aggregatable_source_registration_time include",
    "create-an-attribution-trigger",
)
CONTEXT_ID_WITH_TIME = Rule(
    "TRG006",
    "context-id-with-registration-time",
    Severity.ERROR,
    "is not allowed with aggregatable_source_registration_time include",
    "create-an-attribution-trigger",
)

FIELDS: Final = frozenset(field_names(Trigger))
_EVENT_FIELDS: Final = FILTER_FIELDS | {"trigger_data", "priority", "deduplication_key"}
_TIMES: Final = tuple(SourceRegistrationTime)
_TIME: Final = "aggregatable_source_registration_time"
_MAX_BYTES: Final = "aggregatable_filtering_id_max_bytes"


def read_trigger(text: str) -> Reading[Trigger]:
    """What Chrome makes of a Register-Trigger header."""
    document = parse(text)
    members = document.root
    if members is None:
        return Reading(None, document.findings)
    reader = Reader()
    reader.findings.extend(document.findings)
    trigger = _trigger(reader, members)
    known_fields(reader, members, (), FIELDS)
    return Reading(trigger, in_document_order(members, reader.findings))


def _trigger(reader: Reader, members: dict[str, Any]) -> Trigger | None:
    get = members.get
    time = _registration_time(reader, get(_TIME, ABSENT))
    max_bytes = _filtering_id_max_bytes(reader, get(_MAX_BYTES, ABSENT), time)
    data = aggregatable.trigger_data(
        reader, get("aggregatable_trigger_data", ABSENT), ("aggregatable_trigger_data",)
    )
    values = aggregatable.values(
        reader, get("aggregatable_values", ABSENT), ("aggregatable_values",), max_bytes
    )
    filters, not_filters = filter_pair(reader, members, ())
    scopes = get("attribution_scopes", ABSENT)
    # A broken field gives anything of its type, or None: with failures nothing comes of it.
    trigger: dict[str, Any] = {
        "filters": filters,
        "not_filters": not_filters,
        "debug_key": debug_reporting.debug_key(reader, get("debug_key", ABSENT)),
        "debug_reporting": debug_reporting.debug_reporting(reader, get("debug_reporting", ABSENT)),
        "event_trigger_data": _event_trigger_data(reader, get("event_trigger_data", ABSENT)),
        "aggregatable_trigger_data": shared(data),
        "aggregatable_values": values,
        "aggregatable_deduplication_keys": aggregatable.deduplication_keys(
            reader,
            get("aggregatable_deduplication_keys", ABSENT),
            ("aggregatable_deduplication_keys",),
        ),
        "aggregatable_filtering_id_max_bytes": max_bytes,
        "aggregatable_source_registration_time": time,
        "aggregation_coordinator_origin": coordinator(
            reader,
            get("aggregation_coordinator_origin", ABSENT),
            ("aggregation_coordinator_origin",),
        ),
        "trigger_context_id": _context_id(reader, get("trigger_context_id", ABSENT), time),
        "aggregatable_debug_reporting": debug_reporting.trigger_config(
            reader, get("aggregatable_debug_reporting", ABSENT)
        ),
        "attribution_scopes": (
            () if scopes is ABSENT else string_set(reader, scopes, ("attribution_scopes",))
        ),
        "named_budgets": aggregatable.named_budgets(
            reader, get("named_budgets", ABSENT), ("named_budgets",)
        ),
    }
    if reader.failures:
        return None
    aggregatable.check_keys(reader, data, values)
    return Trigger(**trigger)


def _registration_time(reader: Reader, value: object) -> SourceRegistrationTime | None:
    if value is ABSENT:
        return SourceRegistrationTime.EXCLUDE
    failures = reader.failures
    word = choice(reader, value, (_TIME,), _TIMES)
    return SourceRegistrationTime(word) if reader.failures == failures else None


def _filtering_id_max_bytes(
    reader: Reader, value: object, time: SourceRegistrationTime | None
) -> int | None:
    """How many bytes a filtering ID takes; None where the field is broken.

    https://wicg.github.io/attribution-reporting-api/#parse-aggregatable-filtering-id-max-bytes
    """
    if value is ABSENT:
        return DEFAULT_FILTERING_ID_MAX_BYTES
    path = (_MAX_BYTES,)
    failures = reader.failures
    size = integer(reader, value, path, 1, MAX_FILTERING_ID_MAX_BYTES)
    if reader.failures == failures:
        if time is None:
            reader.report(DEPENDS_ON_BROKEN, path, field=_TIME)
        elif time is SourceRegistrationTime.INCLUDE and size != DEFAULT_FILTERING_ID_MAX_BYTES:
            reader.report(MAX_BYTES_WITH_TIME, path, bytes=size)
    return size if reader.failures == failures else None


def _context_id(reader: Reader, value: object, time: SourceRegistrationTime | None) -> str | None:
    if value is ABSENT:
        return None
    path = ("trigger_context_id",)
    failures = reader.failures
    text = string(reader, value, path)
    if reader.failures == failures and short_enough(reader, text, path, MAX_TRIGGER_CONTEXT_ID):
        if time is None:
            reader.report(DEPENDS_ON_BROKEN, path, field=_TIME)
        elif time is SourceRegistrationTime.INCLUDE:
            reader.report(CONTEXT_ID_WITH_TIME, path)
    return text


def _event_trigger_data(reader: Reader, value: object) -> tuple[EventTriggerDatum, ...]:
    """https://wicg.github.io/attribution-reporting-api/#parse-event-triggers ."""
    data = []
    path: Path = ("event_trigger_data",)
    for members, place in objects(reader, value, path, _EVENT_FIELDS):
        datum = members.get("trigger_data", ABSENT)
        priority = members.get("priority", ABSENT)
        filters, not_filters = filter_pair(reader, members, place)
        data.append(
            EventTriggerDatum(
                filters=filters,
                not_filters=not_filters,
                trigger_data=(
                    0 if datum is ABSENT else uint64(reader, datum, (*place, "trigger_data"))
                ),
                priority=0 if priority is ABSENT else int64(reader, priority, (*place, "priority")),
                deduplication_key=aggregatable.deduplication_key(reader, members, place),
            )
        )
    return tuple(data)
