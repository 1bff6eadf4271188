"""Triggering event-level attribution: one report, one replacement, or the reason for neither.

May live here: the checks of
https://wicg.github.io/attribution-reporting-api/#trigger-event-level-attribution in Chrome's
order, and fake reports of noised sources.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from ara_inspector.attribution.attribution_limits import (
    require_attributions_left,
    require_reporting_origin_allowed,
)
from ara_inspector.attribution.delivery import (
    ExpectedReport,
    event_level_report_body,
    event_level_report_delivery_time,
)
from ara_inspector.attribution.filters import first_match, seconds
from ara_inspector.attribution.rate_limits import RateLimitScope
from ara_inspector.attribution.registered import SECOND
from ara_inspector.attribution.results import EVENT_LEVEL_DEBUG_TYPES, EventLevelResult
from ara_inspector.attribution.storage import PendingReport
from ara_inspector.attribution.trace import NOISE_CHECK, Checks, Level, RefusalError, Verdict
from ara_inspector.records import replace
from ara_inspector.reports.endpoints import ReportKind
from ara_inspector.spec.effective import TriggerDataMatching

if TYPE_CHECKING:
    from collections.abc import Callable

    from ara_inspector.attribution.effects import Effects
    from ara_inspector.attribution.registered import TriggerRegistration, TriggerState
    from ara_inspector.attribution.sources import StoredSource
    from ara_inspector.attribution.storage import AttributionStorage
    from ara_inspector.spec.effective import EventTriggerDatum


class EventLevelOutcome(Struct, frozen=True, gc=False):
    """The level's trace; with the dropped report for the two verbose types that show it."""

    level: Level[EventLevelResult]
    dropped: ExpectedReport | None = None


def find_matching_trigger_data(source: StoredSource, trigger_data: int) -> int | None:
    """https://wicg.github.io/attribution-reporting-api/#find-matching-trigger-data ."""
    known = source.source.trigger_data
    if source.source.trigger_data_matching is TriggerDataMatching.EXACT:
        return trigger_data if trigger_data in known else None
    return known[trigger_data % len(known)] if known else None


def trigger_event_level_attribution(
    storage: AttributionStorage,
    registration: TriggerRegistration,
    source: StoredSource,
    effects: Effects,
) -> EventLevelOutcome:
    """https://wicg.github.io/attribution-reporting-api/#trigger-event-level-attribution ."""
    if not registration.trigger.event_trigger_data:
        return EventLevelOutcome(Level(EventLevelResult.NOT_REGISTERED))
    attempt = _Attempt(storage, registration, source, effects)
    try:
        result = attempt.run()
    except RefusalError as refused:
        result = EventLevelResult(refused.result)
    level = Level(result, attempt.checks.made, EVENT_LEVEL_DEBUG_TYPES.get(result))
    shown = {EventLevelResult.EXCESSIVE_REPORTS, EventLevelResult.PRIORITY_TOO_LOW}
    return EventLevelOutcome(level, attempt.report if result in shown else None)


class _Attempt:
    """One trigger against one source; the steps of the algorithm in order."""

    def __init__(
        self,
        storage: AttributionStorage,
        registration: TriggerRegistration,
        source: StoredSource,
        effects: Effects,
    ) -> None:
        self.storage = storage
        self.registration = registration
        self.source = source
        self.effects = effects
        self.checks = Checks(source.id)
        self.report: ExpectedReport | None = None

    def run(self) -> EventLevelResult:
        self._check_noise()
        config = self._matched_config()
        self._check_dedup_key(config)
        trigger_data = self._matched_trigger_data(config)
        self._check_window()
        report = self._obtain_report(config, trigger_data)
        # Chrome looks at the reporting origins of both levels before it stores either; the
        # specification only after the quota. What replaces a report takes its place everywhere,
        # be there too many. Both measured in Chromium 138.
        self._check_limit(require_reporting_origin_allowed)
        replaced = self._maybe_replace(config, report)
        if replaced is None:
            self._check_limit(require_attributions_left)
            self._check_capacity()
        return self._finish(config, report, replaced=replaced)

    def _check_limit(
        self,
        require: Callable[[AttributionStorage, Checks, RateLimitScope, StoredSource, str], None],
    ) -> None:
        destination = self.registration.attribution_destination
        require(
            self.storage, self.checks, RateLimitScope.EVENT_ATTRIBUTION, self.source, destination
        )

    def _check_noise(self) -> None:
        """Whether the source's answer was drawn at random; the wire rarely shows it."""
        noise, rate = self.source.noise, self.source.randomized_trigger_rate
        if noise is None:
            if not self.storage.local_testing:
                self.checks.note(NOISE_CHECK, Verdict.UNDECIDABLE, None, rate)
            return
        if noise.states is None:
            # A random answer is "no report" as rarely as any other one.
            self.checks.note(NOISE_CHECK, Verdict.UNDECIDABLE, None, rate)
            raise RefusalError(EventLevelResult.FALSELY_ATTRIBUTED_SOURCE)
        self.checks.require(
            NOISE_CHECK,
            noise.never,
            EventLevelResult.FALSELY_ATTRIBUTED_SOURCE,
            given=len(noise.states),
            wanted=0,
        )

    def _matched_config(self) -> EventTriggerDatum:
        data = self.registration.trigger.event_trigger_data
        index, tried = first_match(self.source, data, self.registration.time)
        self.checks.require(
            "event-trigger-data-filters",
            index is not None,
            EventLevelResult.NO_MATCHING_CONFIGURATIONS,
            given=index,
            wanted=tried,
        )
        return data[index or 0]

    def _check_dedup_key(self, config: EventTriggerDatum) -> None:
        key = config.deduplication_key
        if key is not None:
            self.checks.require(
                "deduplication-key",
                key not in self.source.dedup_keys,
                EventLevelResult.DEDUPLICATED,
                given=str(key),
                wanted=tuple(map(str, sorted(self.source.dedup_keys))),
            )

    def _matched_trigger_data(self, config: EventTriggerDatum) -> int:
        trigger_data = find_matching_trigger_data(self.source, config.trigger_data)
        self.checks.require(
            "trigger-data",
            trigger_data is not None,
            EventLevelResult.NO_MATCHING_TRIGGER_DATA,
            given=str(config.trigger_data),
            wanted=self.source.source.trigger_data,
        )
        return trigger_data or 0

    def _check_window(self) -> None:
        windows = self.source.source.event_report_windows
        age = self.registration.time - self.source.time
        self.checks.require(
            "event-report-window-start",
            age >= windows.start_time * SECOND,
            EventLevelResult.REPORT_WINDOW_NOT_STARTED,
            given=seconds(age),
            wanted=windows.start_time,
        )
        self.checks.require(
            "event-report-window-end",
            age < windows.end_times[-1] * SECOND,
            EventLevelResult.REPORT_WINDOW_PASSED,
            given=seconds(age),
            wanted=windows.end_times[-1],
        )

    def _obtain_report(self, config: EventTriggerDatum, trigger_data: int) -> PendingReport:
        registration, source = self.registration, self.source
        pending = event_level_report(
            self.storage,
            source,
            trigger_data=trigger_data,
            trigger_time=registration.time,
            trigger=registration,
        )
        pending.priority = config.priority
        self.report = pending.report
        return pending

    def _maybe_replace(
        self, config: EventTriggerDatum, report: PendingReport
    ) -> PendingReport | None:
        """https://wicg.github.io/attribution-reporting-api/#maybe-replace-event-level-report ."""
        source, quota = self.source, self.source.source.max_event_level_reports
        self.checks.require(
            "event-level-attributable",
            source.attributable,
            EventLevelResult.EXCESSIVE_REPORTS,
            given=source.event_level_reports,
            wanted=quota,
        )
        if source.event_level_reports < quota:
            self.checks.note(
                "event-level-report-quota", Verdict.PASSED, source.event_level_reports, quota
            )
            return None
        due = report.report.report_time
        rivals = [
            pending
            for pending in self.storage.reports.of_source(source.number)
            if pending.report.kind is ReportKind.EVENT_LEVEL and pending.report.report_time == due
        ]
        source.attributable = bool(rivals)
        self.checks.require(
            "event-level-report-quota",
            bool(rivals),
            EventLevelResult.EXCESSIVE_REPORTS,
            given=source.event_level_reports,
            wanted=quota,
        )
        lowest = min(rivals, key=lambda rival: (rival.priority, -rival.trigger_time))
        # At the same priority the newer report is the lower one. At the same microsecond as
        # well the specification would replace; Chrome keeps the older report.
        self.checks.require(
            "event-level-priority",
            config.priority > lowest.priority,
            EventLevelResult.PRIORITY_TOO_LOW,
            given=str(config.priority),
            wanted=str(lowest.priority),
        )
        self.storage.reports.remove(lowest)
        self.storage.rate_limits.remove_attribution(lowest.report.number)
        self.effects.withdrawn.append(lowest.report.number)
        source.event_level_reports -= 1
        return lowest

    def _check_capacity(self) -> None:
        most = self.storage.limits.max_event_level_reports_per_destination
        pending = self.storage.reports.event_level(self.registration.attribution_destination)
        self.checks.require(
            "event-level-report-storage",
            pending < most,
            EventLevelResult.NO_CAPACITY_FOR_ATTRIBUTION_DESTINATION,
            given=pending,
            wanted=most,
        )

    def _finish(
        self, config: EventTriggerDatum, report: PendingReport, *, replaced: PendingReport | None
    ) -> EventLevelResult:
        source = self.source
        source.event_level_reports += 1
        if config.deduplication_key is not None:
            source.dedup_keys |= {config.deduplication_key}
        if source.noise is not None:
            return EventLevelResult.NEVER_ATTRIBUTED_SOURCE
        store_event_level_report(self.storage, report, self.effects)
        self.storage.rate_limits.add_attribution(
            RateLimitScope.EVENT_ATTRIBUTION,
            source,
            self.registration.attribution_destination,
            number=report.report.number,
        )
        if "trigger_debug_key" in report.report.body:
            self.effects.reports.append(
                debug_copy(self.storage, report.report, self.registration.time)
            )
        if replaced is not None:
            return EventLevelResult.SUCCESS_DROPPED_LOWER_PRIORITY
        return EventLevelResult.SUCCESS


def event_level_report(
    storage: AttributionStorage,
    source: StoredSource,
    *,
    trigger_data: int,
    trigger_time: int,
    trigger: TriggerRegistration | None,
) -> PendingReport:
    """https://wicg.github.io/attribution-reporting-api/#obtain-an-event-level-report .

    Without `trigger` it is a fake report: it never carries debug keys.
    """
    due = event_level_report_delivery_time(source, trigger_time)
    if storage.local_testing:
        due = trigger_time
    report = ExpectedReport(
        number=storage.next_number(),
        kind=ReportKind.EVENT_LEVEL,
        reporting_origin=source.registration.reporting_origin,
        body=event_level_report_body(
            source,
            trigger_data=trigger_data,
            report_time=due,
            trigger_debug_key=trigger.trigger.debug_key if trigger is not None else None,
        ),
        earliest=due,
        latest=due,
        report_time=due,
        latest_report_time=due,
        source_id=source.id,
        trigger_id=trigger.id if trigger is not None else None,
    )
    return PendingReport(
        report=report,
        source_number=source.number,
        due=due,
        trigger_time=trigger_time,
        destinations=source.destinations,
    )


def fake_report(
    storage: AttributionStorage, source: StoredSource, state: TriggerState
) -> PendingReport:
    """https://wicg.github.io/attribution-reporting-api/#obtain-a-fake-report ."""
    windows = source.source.event_report_windows
    starts = (windows.start_time, *windows.end_times)
    return event_level_report(
        storage,
        source,
        trigger_data=state.trigger_data,
        trigger_time=source.time + starts[state.window] * SECOND,
        trigger=None,
    )


def store_event_level_report(
    storage: AttributionStorage, pending: PendingReport, effects: Effects
) -> None:
    """Put an event-level report into the cache and tell that it will come."""
    storage.reports.add(pending)
    effects.reports.append(pending.report)


def debug_copy(storage: AttributionStorage, report: ExpectedReport, now: int) -> ExpectedReport:
    """https://wicg.github.io/attribution-reporting-api/#attempt-to-deliver-a-debug-report .

    Sent at once with the original's body, its future report time included.
    """
    kinds = {
        ReportKind.EVENT_LEVEL: ReportKind.DEBUG_EVENT_LEVEL,
        ReportKind.AGGREGATABLE: ReportKind.DEBUG_AGGREGATABLE,
    }
    return replace(
        report, number=storage.next_number(), kind=kinds[report.kind], earliest=now, latest=now
    )
