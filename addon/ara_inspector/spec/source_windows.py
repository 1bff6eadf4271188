"""Times of a source: expiry and report windows.

May live here: reading those fields, which depend on each other. All times are whole seconds
after the source's own time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ara_inspector.findings import Rule, Severity, Words
from ara_inspector.spec.constants import (
    DAY,
    DEFAULT_EARLY_REPORT_WINDOWS,
    MAX_EVENT_REPORT_WINDOWS,
    MAX_SOURCE_EXPIRY,
    MIN_REPORT_WINDOW,
    MIN_SOURCE_EXPIRY,
)
from ara_inspector.spec.effective import EventReportWindows, SourceType
from ara_inspector.spec.fields import MISSING_FIELD, known_fields
from ara_inspector.spec.values import (
    ABSENT,
    DEPENDS_ON_BROKEN,
    EMPTY_LIST,
    NOT_AN_INTEGER,
    TOO_MANY,
    Reader,
    integer,
    listed,
    mapped,
    uint64,
)

if TYPE_CHECKING:
    from ara_inspector.findings import Path

EXPIRY_CLAMPED = Rule(
    "SRC004",
    "expiry-clamped",
    Severity.WARNING,
    "{given} {unit} is outside {minimum} to {maximum} (1 to 30 days): Chrome keeps {kept}",
    "valid-source-expiry-range",
)
EXPIRY_ROUNDED = Rule(
    "SRC005",
    "expiry-rounded",
    Severity.WARNING,
    "the expiry of an event source is rounded to whole days: {given} becomes {kept} seconds",
    "parse-source-registration-json",
)
WINDOW_CLAMPED = Rule(
    "SRC006",
    "report-window-clamped",
    Severity.WARNING,
    "{given} seconds are not within {minimum} and the expiry of {maximum}: Chrome keeps {kept}",
    "parse-top-level-report-windows",
)
START_AFTER_EXPIRY = Rule(
    "SRC007",
    "start-after-expiry",
    Severity.ERROR,
    "the start time of {given} seconds is not within 0 and the expiry of {maximum}",
    "parse-report-windows",
)
WINDOW_NOT_LATER = Rule(
    "SRC008",
    "window-not-later",
    Severity.ERROR,
    "a window that ends at {given} seconds has to end after {previous}",
    "parse-report-windows",
)
BOTH_WINDOW_FIELDS = Rule(
    "SRC009",
    "both-window-fields",
    Severity.ERROR,
    "event_report_window and event_report_windows exclude each other",
    "parse-top-level-report-windows",
)

_WINDOWS_FIELDS: Final = frozenset({"start_time", "end_times"})


def _duration(reader: Reader, value: object, path: Path) -> int:
    """Seconds as a number or as a decimal string.

    https://wicg.github.io/attribution-reporting-api/#parse-a-duration
    """
    if isinstance(value, str):
        return uint64(reader, value, path)
    if type(value) is int or type(value) is float:
        return integer(reader, value, path, 0)
    reader.wrong_type(value, path, "number or string")
    return 0


def _shown(seconds: int) -> int | float:
    # 1e300 as an integer would fill the line.
    return seconds if seconds < 10**15 else float(seconds)


def _unit(seconds: int) -> Words:
    """The word after a number of seconds, and what they are in days, if they are whole ones."""
    unit = Words.counted(seconds, "second")
    days = Words.counted(seconds // DAY, "day")
    whole = 0 < seconds < 10**15 and not seconds % DAY
    return Words(f"{unit} ({seconds // DAY} {days})") if whole else unit


def expiry(reader: Reader, value: object, source_type: SourceType) -> int | None:
    """How long a source lives; None where the field is broken."""
    low, high = MIN_SOURCE_EXPIRY, MAX_SOURCE_EXPIRY
    if value is ABSENT:
        return high
    path = ("expiry",)
    failures = reader.failures
    given = _duration(reader, value, path)
    if reader.failures > failures:
        return None
    kept = min(max(given, low), high)
    if kept != given:
        reader.report(
            EXPIRY_CLAMPED,
            path,
            given=_shown(given),
            unit=_unit(given),
            minimum=low,
            maximum=high,
            kept=kept,
        )
    if source_type is SourceType.EVENT and kept % DAY:
        rounded = (kept + DAY // 2) // DAY * DAY
        reader.report(EXPIRY_ROUNDED, path, given=kept, kept=rounded)
        return rounded
    return kept


def aggregatable_report_window(reader: Reader, value: object, source_expiry: int | None) -> int:
    """Until when a trigger can make aggregatable reports; the expiry if not given."""
    if value is ABSENT:
        return source_expiry or 0
    return _single_window(reader, value, ("aggregatable_report_window",), source_expiry)


def _single_window(reader: Reader, value: object, path: Path, source_expiry: int | None) -> int:
    failures = reader.failures
    given = _duration(reader, value, path)
    if reader.failures > failures:
        return 0
    if source_expiry is None:
        reader.report(DEPENDS_ON_BROKEN, path, field="expiry")
        return 0
    return _clamped(reader, given, path, source_expiry)


def _clamped(reader: Reader, given: int, path: Path, source_expiry: int) -> int:
    kept = min(max(given, MIN_REPORT_WINDOW), source_expiry)
    if kept != given:
        reader.report(
            WINDOW_CLAMPED,
            path,
            given=_shown(given),
            minimum=MIN_REPORT_WINDOW,
            maximum=source_expiry,
            kept=kept,
        )
    return kept


def event_report_windows(
    reader: Reader, members: dict[str, Any], source_type: SourceType, source_expiry: int | None
) -> EventReportWindows:
    """The windows in which triggers can make event-level reports.

    https://wicg.github.io/attribution-reporting-api/#parse-top-level-report-windows
    """
    single = members.get("event_report_window", ABSENT)
    several = members.get("event_report_windows", ABSENT)
    windows = _default_windows(source_type, source_expiry or 0)
    if single is not ABSENT:
        end = _single_window(reader, single, ("event_report_window",), source_expiry)
        windows = _default_windows(source_type, end)
    if several is not ABSENT:
        windows = _listed_windows(reader, several, source_expiry)
        if single is not ABSENT:
            reader.report(BOTH_WINDOW_FIELDS, ())
    return windows


def _default_windows(source_type: SourceType, end: int) -> EventReportWindows:
    """https://wicg.github.io/attribution-reporting-api/#obtain-default-effective-windows ."""
    early = DEFAULT_EARLY_REPORT_WINDOWS[source_type]
    return EventReportWindows(
        start_time=0, end_times=(*(time for time in early if time < end), end)
    )


def _listed_windows(reader: Reader, value: object, source_expiry: int | None) -> EventReportWindows:
    """https://wicg.github.io/attribution-reporting-api/#parse-report-windows ."""
    path = ("event_report_windows",)
    failures = reader.failures
    members = mapped(reader, value, path)
    if reader.failures > failures:
        return EventReportWindows(start_time=0, end_times=())
    start_time = _start_time(
        reader, members.get("start_time", ABSENT), (*path, "start_time"), source_expiry
    )
    value = members.get("end_times", ABSENT)
    end_times: tuple[int, ...] = ()
    if value is ABSENT:
        reader.report(MISSING_FIELD, (*path, "end_times"), field="end_times")
    elif start_time is None:
        reader.report(DEPENDS_ON_BROKEN, (*path, "end_times"), field="start_time")
    elif source_expiry is None:
        reader.report(DEPENDS_ON_BROKEN, (*path, "end_times"), field="expiry")
    else:
        end_times = _end_times(reader, value, (*path, "end_times"), start_time, source_expiry)
    known_fields(reader, members, path, _WINDOWS_FIELDS)
    return EventReportWindows(start_time=start_time or 0, end_times=end_times)


def _start_time(reader: Reader, value: object, path: Path, source_expiry: int | None) -> int | None:
    if value is ABSENT:
        return 0
    if type(value) is float and value.is_integer():
        value = int(value)
    if type(value) is not int:
        if type(value) is float:
            reader.report(NOT_AN_INTEGER, path, number=value)
        else:
            reader.wrong_type(value, path, "number")
        return None
    if source_expiry is None:
        reader.report(DEPENDS_ON_BROKEN, path, field="expiry")
        return None
    if not 0 <= value <= source_expiry:
        given = value if value < 0 else _shown(value)
        reader.report(START_AFTER_EXPIRY, path, given=given, maximum=source_expiry)
        return None
    return value


def _end_times(
    reader: Reader, value: object, path: Path, start_time: int, source_expiry: int
) -> tuple[int, ...]:
    failures = reader.failures
    times = listed(reader, value, path)
    if reader.failures > failures:
        return ()
    if not times:
        reader.report(EMPTY_LIST, path)
        return ()
    if len(times) > MAX_EVENT_REPORT_WINDOWS:
        reader.report(TOO_MANY, path, count=len(times), maximum=MAX_EVENT_REPORT_WINDOWS)
        return ()
    kept: list[int] = []
    previous = start_time
    for index, time in enumerate(times):
        place = (*path, index)
        given = integer(reader, time, place, 1)
        if reader.failures == failures:
            end = _clamped(reader, given, place, source_expiry)
            if end <= previous:
                reader.report(WINDOW_NOT_LATER, place, given=end, previous=previous)
        if reader.failures > failures:
            # What follows depends on this one; judging it would only repeat the failure.
            return ()
        kept.append(end)
        previous = end
    return tuple(kept)
