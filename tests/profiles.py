"""A browser profile for tests of the attribution engine: registrations as headers, in seconds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ara_inspector.attribution.registered import (
    SECOND,
    Noise,
    SourceRegistration,
    TriggerRegistration,
    TriggerState,
)
from ara_inspector.attribution.storage import AttributionStorage
from ara_inspector.attribution.storing import SourceOutcome, process_attribution_source
from ara_inspector.attribution.trace import Verdict
from ara_inspector.attribution.triggering import TriggerOutcome, trigger_attribution
from ara_inspector.records import replace
from ara_inspector.reports.endpoints import ReportKind
from ara_inspector.spec import urls
from ara_inspector.spec.effective import SourceType
from ara_inspector.spec.source import read_source
from ara_inspector.spec.trigger import read_trigger
from ara_inspector.spec.vendor import CHROMIUM_LIMITS

if TYPE_CHECKING:
    from ara_inspector.attribution.delivery import ExpectedReport
    from ara_inspector.attribution.trace import Level

START = 1_704_103_200
"""2024-01-01, 10:00 UTC."""
HOUR = 3600
DAY = 86_400
PUBLISHER = "https://pub.example"
SHOP = "https://shop.example"
REPORTER = "https://r1.example"


def moment(t: float) -> int:
    """Seconds since the start as the engine's time."""
    return START * SECOND + round(t * SECOND)


def source_registration(
    t: float = 0,
    source_type: str = "event",
    *,
    page: str = PUBLISHER,
    reporter: str = REPORTER,
    noise: Noise | None = None,
    **header: Any,
) -> SourceRegistration:
    """A source for the shop unless the header says otherwise."""
    reading = read_source(json.dumps({"destination": SHOP} | header), SourceType(source_type))
    assert reading.value is not None, [finding.message for finding in reading.findings]
    context, origin = urls.place(page), urls.place(reporter)
    assert context is not None
    assert origin is not None
    return SourceRegistration(
        id=f"source@{t}",
        time=moment(t),
        source_type=SourceType(source_type),
        source_origin=context.origin,
        source_site=context.site,
        reporting_origin=origin.origin,
        reporting_site=origin.site,
        source=reading.value,
        noise=noise,
    )


def trigger_registration(
    t: float = HOUR, *, page: str = SHOP, reporter: str = REPORTER, **header: Any
) -> TriggerRegistration:
    """A trigger on the shop."""
    reading = read_trigger(json.dumps(header))
    assert reading.value is not None, [finding.message for finding in reading.findings]
    context, origin = urls.place(page), urls.place(reporter)
    assert context is not None
    assert origin is not None
    return TriggerRegistration(
        id=f"trigger@{t}",
        time=moment(t),
        attribution_destination=context.site,
        reporting_origin=origin.origin,
        reporting_site=origin.site,
        trigger=reading.value,
    )


class Profile:
    """A fresh browser profile, with other limits where a test wants to reach them."""

    def __init__(self, *, local_testing: bool = False, **limits: Any) -> None:
        self.storage = AttributionStorage(
            replace(CHROMIUM_LIMITS, **limits), local_testing=local_testing
        )

    def source(self, t: float = 0, source_type: str = "event", **options: Any) -> SourceOutcome:
        """Register a source."""
        return process_attribution_source(
            self.storage, source_registration(t, source_type, **options)
        )

    def trigger(self, t: float = HOUR, **options: Any) -> TriggerOutcome:
        """Register a trigger."""
        return trigger_attribution(self.storage, trigger_registration(t, **options))

    def event_trigger(
        self, t: float = HOUR, trigger_data: str = "1", *, reporter: str = REPORTER, **datum: Any
    ) -> TriggerOutcome:
        """Register a trigger with one entry of event_trigger_data."""
        data = [{"trigger_data": trigger_data} | datum]
        return self.trigger(t, reporter=reporter, event_trigger_data=data)

    def results(self, t: float = HOUR, **options: Any) -> tuple[str, str]:
        """Register a trigger; both result words."""
        outcome = self.trigger(t, **options)
        return outcome.event_level.value, outcome.aggregatable.value


def reports(outcome: SourceOutcome | TriggerOutcome, kind: str) -> list[ExpectedReport]:
    """The outcome's reports of one kind."""
    return [report for report in outcome.reports if report.kind is ReportKind(kind)]


def verbose(outcome: SourceOutcome | TriggerOutcome) -> list[tuple[str, dict[str, Any]]]:
    """Type and body of each item of the outcome's verbose debug report."""
    return [
        (datum["type"], datum["body"])
        for report in reports(outcome, "verbose")
        for datum in report.data
    ]


def fakes(*states: tuple[int, int]) -> Noise:
    """Noise with these fake reports: trigger data and window."""
    return Noise(tuple(TriggerState(data, window) for data, window in states))


def is_undecidable(level: Level[Any]) -> bool:
    """Whether a result rests on something the wire cannot show."""
    return any(check.verdict is Verdict.UNDECIDABLE for check in level.checks)
