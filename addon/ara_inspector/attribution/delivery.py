"""Reports as Chrome will write them: kind, URL, body, when they go out.

May live here: the expected report, the bodies of attribution reports and the delivery times.
Report ids, the encrypted payload and the random part of a delay are not predictable and not
written; everything else is as on the wire.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ara_inspector.attribution.registered import SECOND
from ara_inspector.registrations.request import REPORT_PATH
from ara_inspector.reports.endpoints import REPORT_PATHS, ReportKind
from ara_inspector.spec.constants import DAY, DEFAULT_FILTERING_ID_MAX_BYTES
from ara_inspector.spec.privacy import reported_rate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ara_inspector.attribution.sources import StoredSource
    from ara_inspector.spec.effective import Trigger

_PATHS: Final = {kind: f"{REPORT_PATH}{name}" for name, kind in REPORT_PATHS.items()}


class Contribution(Struct, frozen=True, gc=False):
    """https://wicg.github.io/attribution-reporting-api/#aggregatable-contribution ."""

    key: int
    value: int
    filtering_id: int = 0


class ExpectedReport(Struct, frozen=True, gc=False, kw_only=True):
    """A report the browser has sent or will send, as far as it can be known beforehand.

    It goes out between `earliest` and `latest`; both are the same moment where the browser
    adds no random delay. `body` lacks the ids and, for aggregatable kinds, the payloads and
    `shared_info`, which stands beside it with the earliest report time.
    """

    number: int
    kind: ReportKind
    reporting_origin: str
    body: Mapping[str, Any]
    earliest: int
    latest: int
    report_time: int
    """What the body says: for debug copies later than the moment it is sent."""
    latest_report_time: int
    """What it says at the latest: later where the browser adds a random delay."""
    source_id: str | None = None
    trigger_id: str | None = None
    data: tuple[Mapping[str, Any], ...] = ()
    """Of a verbose debug report: the list that is its whole body."""
    contributions: tuple[Contribution, ...] = ()
    shared_info: Mapping[str, str] | None = None
    null: bool = False
    padded_to: int = 0
    filtering_id_max_bytes: int = DEFAULT_FILTERING_ID_MAX_BYTES
    cleartext: bool = False
    """Whether the payload is there in clear as well."""

    @property
    def url(self) -> str:
        """Where it is sent."""
        return f"{self.reporting_origin}{_PATHS[self.kind]}"


def whole_seconds(moment: int) -> str:
    """A moment as reports tell it: seconds since the epoch, rounded down, in decimal."""
    return str(moment // SECOND)


def serialized_destinations(destinations: tuple[str, ...]) -> str | list[str]:
    """https://wicg.github.io/attribution-reporting-api/#serialize-attribution-destinations ."""
    return destinations[0] if len(destinations) == 1 else list(destinations)


def debug_info(source_key: int | None, trigger_key: int | None) -> dict[str, str]:
    """https://wicg.github.io/attribution-reporting-api/#serialize-an-attribution-debug-info .

    Both keys or none: one side alone shows neither.
    """
    if source_key is None or trigger_key is None:
        return {}
    return {"source_debug_key": str(source_key), "trigger_debug_key": str(trigger_key)}


def event_level_report_body(
    source: StoredSource, *, trigger_data: int, report_time: int, trigger_debug_key: int | None
) -> dict[str, Any]:
    """https://wicg.github.io/attribution-reporting-api/#obtain-an-event-level-report-body ."""
    return {
        "attribution_destination": serialized_destinations(source.destinations),
        "randomized_trigger_rate": reported_rate(source.randomized_trigger_rate),
        "scheduled_report_time": whole_seconds(report_time),
        "source_event_id": str(source.source.source_event_id),
        "source_type": source.registration.source_type.value,
        "trigger_data": str(trigger_data),
        **debug_info(source.source.debug_key, trigger_debug_key),
    }


def event_level_report_delivery_time(source: StoredSource, trigger_time: int) -> int:
    """When the report of a trigger inside the total window is due.

    https://wicg.github.io/attribution-reporting-api/#obtain-an-event-level-report-delivery-time :
    the end of the window the trigger falls into; a trigger at an end belongs to the next one.
    """
    return next(end for end in source.window_ends if trigger_time < end)


def is_unconditional(trigger: Trigger) -> bool:
    """Whether an aggregatable report goes out in any case, and without delay.

    https://wicg.github.io/attribution-reporting-api/#should-send-a-report-unconditionally
    """
    return (
        trigger.trigger_context_id is not None
        or trigger.aggregatable_filtering_id_max_bytes != DEFAULT_FILTERING_ID_MAX_BYTES
    )


def aggregatable_shared_info(
    *, debug: bool, destination: str, reporting_origin: str, report_time: int
) -> dict[str, str]:
    """https://wicg.github.io/attribution-reporting-api/#aggregatable-report-shared-info .

    Without `report_id`; the caller adds what attribution reports alone carry.
    """
    return {
        "api": "attribution-reporting-debug" if debug else "attribution-reporting",
        "attribution_destination": destination,
        "reporting_origin": reporting_origin,
        "scheduled_report_time": whole_seconds(report_time),
        "version": "1.0",
    }


def rounded_source_time(source_time: int) -> int:
    """https://wicg.github.io/attribution-reporting-api/#obtain-rounded-source-time , seconds."""
    return source_time // SECOND // DAY * DAY
