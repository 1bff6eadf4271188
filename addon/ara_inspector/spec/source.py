"""The header Attribution-Reporting-Register-Source.

May live here: the registration as a whole and the fields that belong to no family of their
own. https://wicg.github.io/attribution-reporting-api/#parse-source-registration-json
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ara_inspector.findings import Rule, Severity
from ara_inspector.records import field_names
from ara_inspector.spec import debug_reporting
from ara_inspector.spec.aggregatable_source import aggregation_keys, named_budgets
from ara_inspector.spec.constants import (
    DEFAULT_EVENT_LEVEL_REPORTS,
    DEFAULT_TRIGGER_DATA,
    MAX_SETTABLE_EVENT_LEVEL_REPORTS,
    MAX_TRIGGER_DATA,
    UINT32_MAX,
)
from ara_inspector.spec.destinations import destinations
from ara_inspector.spec.effective import Source, SourceType, TriggerDataMatching
from ara_inspector.spec.fields import known_fields
from ara_inspector.spec.filters import filter_data
from ara_inspector.spec.json_text import in_document_order, parse
from ara_inspector.spec.reading import Reading
from ara_inspector.spec.sharing import shared, shared_mapping
from ara_inspector.spec.source_capacity import judge_capacity
from ara_inspector.spec.source_scopes import attribution_scopes
from ara_inspector.spec.source_windows import (
    aggregatable_report_window,
    event_report_windows,
    expiry,
)
from ara_inspector.spec.values import (
    ABSENT,
    NOT_DISTINCT,
    OUT_OF_RANGE,
    STRING_FOR_NUMBER,
    TOO_MANY,
    Reader,
    choice,
    int64,
    integer,
    listed,
    uint64,
)
from ara_inspector.spec.vendor import MAX_SETTABLE_EVENT_LEVEL_EPSILON

if TYPE_CHECKING:
    from ara_inspector.findings import Path

NOT_CONTIGUOUS = Rule(
    "SRC010",
    "trigger-data-not-contiguous",
    Severity.ERROR,
    "with modulus matching, trigger_data has to be 0, 1, 2 and so on without a gap",
    "parse-trigger-data-into-a-trigger-data-set",
)
NO_TRIGGER_DATA = Rule(
    "SRC011",
    "no-trigger-data",
    Severity.WARNING,
    "{reports} event-level reports are allowed, but without trigger data none is ever made",
    "trigger-event-level-attribution",
)
NO_EVENT_REPORTS = Rule(
    "SRC012",
    "no-event-reports",
    Severity.WARNING,
    "there is trigger data, but with max_event_level_reports 0 no report is ever made",
    "trigger-event-level-attribution",
)

FIELDS: Final = frozenset(field_names(Source)) | {"event_report_window"}
_PLAIN_NUMBER: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_MATCHING_MODES: Final = tuple(TriggerDataMatching)


def read_source(text: str, source_type: SourceType) -> Reading[Source]:
    """What Chrome makes of a Register-Source header from a source of `source_type`."""
    document = parse(text)
    members = document.root
    if members is None:
        return Reading(None, document.findings)
    reader = Reader()
    reader.findings.extend(document.findings)
    source = _source(reader, members, source_type)
    known_fields(reader, members, (), FIELDS)
    if source is not None:
        judge_capacity(reader, source, source_type)
        _warn_of_idle_event_reports(reader, source)
    return Reading(source, in_document_order(members, reader.findings))


_SHARED_PARTS: Final = ("destination", "event_report_windows", "trigger_data")
_SHARED_MAPPINGS: Final = ("filter_data", "aggregation_keys", "named_budgets")


def _source(reader: Reader, members: dict[str, Any], source_type: SourceType) -> Source | None:
    get = members.get
    source_expiry = expiry(reader, get("expiry", ABSENT), source_type)
    trigger_data = _trigger_data(reader, get("trigger_data", ABSENT), source_type)
    matching = _matching(reader, get("trigger_data_matching", ABSENT))
    if matching is TriggerDataMatching.MODULUS and trigger_data is not None:
        _check_contiguous(reader, trigger_data)
    windows = event_report_windows(reader, members, source_type, source_expiry)
    source_event_id = get("source_event_id", ABSENT)
    priority = get("priority", ABSENT)
    limit_priority = get("destination_limit_priority", ABSENT)
    # A broken field gives anything of its type, or None: with failures nothing comes of it.
    source: dict[str, Any] = {
        "source_event_id": (
            0
            if source_event_id is ABSENT
            else uint64(reader, source_event_id, ("source_event_id",))
        ),
        "destination": destinations(reader, get("destination", ABSENT), ("destination",)),
        "expiry": source_expiry,
        "event_report_windows": windows,
        "aggregatable_report_window": aggregatable_report_window(
            reader, get("aggregatable_report_window", ABSENT), source_expiry
        ),
        "priority": 0 if priority is ABSENT else int64(reader, priority, ("priority",)),
        "filter_data": filter_data(reader, get("filter_data", ABSENT), ("filter_data",)),
        "debug_key": debug_reporting.debug_key(reader, get("debug_key", ABSENT)),
        "debug_reporting": debug_reporting.debug_reporting(reader, get("debug_reporting", ABSENT)),
        "aggregation_keys": aggregation_keys(
            reader, get("aggregation_keys", ABSENT), ("aggregation_keys",)
        ),
        "named_budgets": named_budgets(reader, get("named_budgets", ABSENT), ("named_budgets",)),
        "trigger_data": trigger_data,
        "trigger_data_matching": matching,
        "max_event_level_reports": _max_reports(
            reader, get("max_event_level_reports", ABSENT), source_type
        ),
        "event_level_epsilon": _epsilon(reader, get("event_level_epsilon", ABSENT)),
        "destination_limit_priority": (
            0
            if limit_priority is ABSENT
            else int64(reader, limit_priority, ("destination_limit_priority",))
        ),
        "aggregatable_debug_reporting": debug_reporting.source_config(
            reader, get("aggregatable_debug_reporting", ABSENT)
        ),
        "attribution_scopes": attribution_scopes(reader, get("attribution_scopes", ABSENT)),
    }
    if reader.failures:
        return None
    source |= {name: shared(source[name]) for name in _SHARED_PARTS}
    source |= {name: shared_mapping(source[name]) for name in _SHARED_MAPPINGS}
    return Source(**source)


def _trigger_data(reader: Reader, value: object, source_type: SourceType) -> tuple[int, ...] | None:
    """The distinct trigger data, sorted; None where the field is broken.

    https://wicg.github.io/attribution-reporting-api/#parse-trigger-data-into-a-trigger-data-set
    """
    if value is ABSENT:
        return DEFAULT_TRIGGER_DATA[source_type]
    path: Path = ("trigger_data",)
    failures = reader.failures
    data: set[int] = set()
    for index, entry in enumerate(listed(reader, value, path)):
        before = reader.failures
        datum = integer(reader, entry, (*path, index), 0, UINT32_MAX)
        if reader.failures == before:
            if datum in data:
                reader.report(NOT_DISTINCT, (*path, index), entry=datum)
            data.add(datum)
    if reader.failures == failures and len(data) > MAX_TRIGGER_DATA:
        reader.report(TOO_MANY, path, count=len(data), maximum=MAX_TRIGGER_DATA)
    return tuple(sorted(data)) if reader.failures == failures else None


def _matching(reader: Reader, value: object) -> TriggerDataMatching | None:
    if value is ABSENT:
        return TriggerDataMatching.MODULUS
    failures = reader.failures
    word = choice(reader, value, ("trigger_data_matching",), _MATCHING_MODES)
    return TriggerDataMatching(word) if reader.failures == failures else None


def _check_contiguous(reader: Reader, trigger_data: tuple[int, ...]) -> None:
    # The data are distinct and sorted, so the last one tells.
    if trigger_data and trigger_data[-1] != len(trigger_data) - 1:
        reader.report(NOT_CONTIGUOUS, ("trigger_data_matching",))


def _max_reports(reader: Reader, value: object, source_type: SourceType) -> int:
    if value is ABSENT:
        return DEFAULT_EVENT_LEVEL_REPORTS[source_type]
    path = ("max_event_level_reports",)
    return integer(reader, value, path, 0, MAX_SETTABLE_EVENT_LEVEL_REPORTS)


def _epsilon(reader: Reader, value: object) -> float:
    highest = MAX_SETTABLE_EVENT_LEVEL_EPSILON
    if value is ABSENT:
        return highest
    path = ("event_level_epsilon",)
    if type(value) is int or type(value) is float:
        if 0 <= value <= highest:
            return float(value)
        reader.report(OUT_OF_RANGE, path, number=value, minimum=0, maximum=highest)
    elif isinstance(value, str) and (number := _plain_number(value)) is not None:
        reader.report(STRING_FOR_NUMBER, path, text=value, written=number)
    else:
        reader.wrong_type(value, path, "number")
    return highest


def _plain_number(text: str) -> float | None:
    return float(text) if _PLAIN_NUMBER.fullmatch(text) else None


def _warn_of_idle_event_reports(reader: Reader, source: Source) -> None:
    if source.max_event_level_reports > 0 and not source.trigger_data:
        reader.report(NO_TRIGGER_DATA, (), reports=source.max_event_level_reports)
    elif source.trigger_data and not source.max_event_level_reports:
        reader.report(NO_EVENT_REPORTS, ())
