"""Aggregatable debug reports: who may have one, what it counts against, and its body.

May live here: the budget per day and site, and the reports on source and trigger
registration. https://wicg.github.io/attribution-reporting-api/#obtaining-and-delivering-aggregatable-debug-report

Chrome counts a day's budget without what was used exactly 24 hours ago; the specification
includes it.
"""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.attribution.delivery import (
    Contribution,
    ExpectedReport,
    aggregatable_shared_info,
)
from ara_inspector.attribution.registered import SECOND
from ara_inspector.attribution.results import SOURCE_DEBUG_TYPES, SourceResult
from ara_inspector.reports.endpoints import ReportKind
from ara_inspector.spec import constants
from ara_inspector.spec.constants import (
    AGGREGATABLE_DEBUG_RATE_LIMIT_WINDOW,
    ALLOWED_AGGREGATABLE_BUDGET_PER_SOURCE,
    MAX_AGGREGATABLE_DEBUG_BUDGET_PER_CONTEXT_SITE,
    MAX_AGGREGATABLE_DEBUG_BUDGET_PER_REPORTING_SITE,
    MAX_CONTRIBUTIONS_PER_AGGREGATABLE_DEBUG_REPORT,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ara_inspector.attribution.registered import SourceRegistration, TriggerRegistration
    from ara_inspector.attribution.sources import StoredSource
    from ara_inspector.attribution.storage import AttributionStorage
    from ara_inspector.spec.effective import DebugDatum, TriggerDebugReporting

UNSPECIFIED: Final = "unspecified"
"""Stands for every debug type the registration does not name."""
_ORIGIN_LIMIT: Final = "trigger-reporting-origin-limit"
_NEWER_TYPES: Final = (
    "trigger-event-report-window-not-started",
    "trigger-event-no-matching-trigger-data",
    "trigger-event-attributions-per-source-destination-limit",
    "trigger-aggregate-attributions-per-source-destination-limit",
    "trigger-aggregate-insufficient-named-budget",
)
"""Debug types Chrome numbered after all others."""
DESTINATION_LIMIT_REPLACED: Final = "source-destination-limit-replaced"
_WINDOW: Final = AGGREGATABLE_DEBUG_RATE_LIMIT_WINDOW * SECOND


class _Day:
    """What one context site used in the last day."""

    __slots__ = ("by_reporting_site", "records", "total")

    def __init__(self) -> None:
        self.records: deque[tuple[int, str, int]] = deque()
        self.by_reporting_site: Counter[str] = Counter()
        self.total = 0

    def forget(self, now: int) -> None:
        while self.records and self.records[0][0] <= now - _WINDOW:
            _, site, consumed = self.records.popleft()
            self.total -= consumed
            self.by_reporting_site[site] -= consumed
            if not self.by_reporting_site[site]:
                del self.by_reporting_site[site]


class AggregatableDebugRateLimits:
    """https://wicg.github.io/attribution-reporting-api/#aggregatable-debug-rate-limit-cache ."""

    def __init__(self) -> None:
        self._days: dict[str, _Day] = {}
        self._swept = 0

    def __len__(self) -> int:
        return len(self._days)

    def allows(self, context_site: str, reporting_site: str, budget: int, now: int) -> bool:
        """Check if aggregatable debug reporting should be blocked by rate limit.

        https://wicg.github.io/attribution-reporting-api/#check-if-aggregatable-debug-reporting-should-be-blocked-by-rate-limit
        """
        day = self._days.get(context_site)
        if day is None:
            return True
        day.forget(now)
        if not day.records:
            del self._days[context_site]
        site_budget = day.by_reporting_site[reporting_site] + budget
        return (
            day.total + budget <= MAX_AGGREGATABLE_DEBUG_BUDGET_PER_CONTEXT_SITE
            and site_budget <= MAX_AGGREGATABLE_DEBUG_BUDGET_PER_REPORTING_SITE
        )

    def consume(self, context_site: str, reporting_site: str, budget: int, now: int) -> None:
        """Record a report's budget."""
        if now - self._swept >= _WINDOW:
            self._sweep(now)
        day = self._days.setdefault(context_site, _Day())
        day.records.append((now, reporting_site, budget))
        day.by_reporting_site[reporting_site] += budget
        day.total += budget

    def _sweep(self, now: int) -> None:
        # Bounds memory over a long life: of most sites nobody asks again.
        self._swept = now
        for context_site, day in list(self._days.items()):
            day.forget(now)
            if not day.records:
                del self._days[context_site]


class _Occasion(Struct, frozen=True, gc=False, kw_only=True):
    """What an aggregatable debug report is about."""

    context_site: str
    reporting_origin: str
    reporting_site: str
    destination: str
    coordinator: str
    time: int
    source_id: str | None
    trigger_id: str | None


def known_debug_data(config: TriggerDebugReporting, known: frozenset[str]) -> dict[str, DebugDatum]:
    """What is wanted of each debug type; the browser forgets those it does not know.

    Where it knows none, Chromium 138 was measured to send no report, not even a null one.
    """
    return {name: datum for datum in config.debug_data for name in datum.types if name in known}


def _place(debug_type: str) -> int:
    """Where a trigger's debug type stands among Chrome's, coarsely: contributions are in order.

    By the specification the event-level problem comes first. Measured in Chromium 138.
    """
    if debug_type == _ORIGIN_LIMIT:
        return 0
    if debug_type in _NEWER_TYPES:
        return 3 + _NEWER_TYPES.index(debug_type)
    return 1 if debug_type.startswith("trigger-event-") else 2


def debug_contributions(
    values: Mapping[str, DebugDatum], types: Iterable[str], key_piece: int
) -> tuple[Contribution, ...]:
    """A contribution for each debug type the registration gave a value, or all the rest."""
    found = (values.get(name, values.get(UNSPECIFIED)) for name in types)
    return tuple(Contribution(key_piece | datum.key_piece, datum.value) for datum in found if datum)


def on_source_registration(
    storage: AttributionStorage,
    result: SourceResult,
    source: StoredSource,
    *,
    destination_limit_replaced: bool,
) -> list[ExpectedReport]:
    """Obtain and deliver an aggregatable debug report on source registration.

    https://wicg.github.io/attribution-reporting-api/#obtain-and-deliver-an-aggregatable-debug-report-on-source-registration
    """
    registration: SourceRegistration = source.registration
    config = registration.source.aggregatable_debug_reporting
    values = known_debug_data(config, constants.SOURCE_DEBUG_TYPES) if config is not None else {}
    if config is None or not values:
        return []
    types = [SOURCE_DEBUG_TYPES[result]]
    if destination_limit_replaced:
        types.append(DESTINATION_LIMIT_REPLACED)
    occasion = _Occasion(
        context_site=registration.source_site,
        reporting_origin=registration.reporting_origin,
        reporting_site=registration.reporting_site,
        destination=source.destinations[0],
        coordinator=config.aggregation_coordinator_origin,
        time=registration.time,
        source_id=source.id,
        trigger_id=None,
    )
    contributions = debug_contributions(values, types, config.key_piece)
    return [_on_registration(storage, contributions, source, occasion)]


def on_trigger_registration(
    storage: AttributionStorage,
    types: Iterable[str],
    registration: TriggerRegistration,
    source: StoredSource | None,
) -> list[ExpectedReport]:
    """Obtain and deliver an aggregatable debug report on trigger registration.

    https://wicg.github.io/attribution-reporting-api/#obtain-and-deliver-an-aggregatable-debug-report-on-trigger-registration

    Also without anything to report: then a report without contributions.
    """
    config = registration.trigger.aggregatable_debug_reporting
    values = known_debug_data(config, constants.TRIGGER_DEBUG_TYPES) if config is not None else {}
    if config is None or not values:
        return []
    key_piece = config.key_piece
    source_config = source.source.aggregatable_debug_reporting if source is not None else None
    if source_config is not None:
        key_piece |= source_config.key_piece
    occasion = _Occasion(
        context_site=registration.attribution_destination,
        reporting_origin=registration.reporting_origin,
        reporting_site=registration.reporting_site,
        destination=registration.attribution_destination,
        coordinator=config.aggregation_coordinator_origin,
        time=registration.time,
        source_id=source.id if source is not None else None,
        trigger_id=registration.id,
    )
    contributions = debug_contributions(values, sorted(types, key=_place), key_piece)
    return [_on_registration(storage, contributions, source, occasion)]


def _on_registration(
    storage: AttributionStorage,
    contributions: tuple[Contribution, ...],
    source: StoredSource | None,
    occasion: _Occasion,
) -> ExpectedReport:
    """Obtain and deliver an aggregatable debug report on registration.

    https://wicg.github.io/attribution-reporting-api/#obtain-and-deliver-an-aggregatable-debug-report-on-registration

    Over a limit the report is still sent, without its contributions.
    """
    required = sum(contribution.value for contribution in contributions)
    if not contributions or not _affordable(storage, source, required, occasion):
        return _report(storage, (), occasion)
    if source is not None:
        source.debug_budget -= required
        source.debug_reports += 1
    storage.debug_rate_limits.consume(
        occasion.context_site, occasion.reporting_site, required, occasion.time
    )
    return _report(storage, contributions, occasion)


def _affordable(
    storage: AttributionStorage, source: StoredSource | None, required: int, occasion: _Occasion
) -> bool:
    budget = ALLOWED_AGGREGATABLE_BUDGET_PER_SOURCE
    made = 0
    if source is not None:
        budget, made = source.debug_budget, source.debug_reports
    return (
        required <= budget
        and made < storage.limits.max_aggregatable_debug_reports_per_source
        and storage.debug_rate_limits.allows(
            occasion.context_site, occasion.reporting_site, required, occasion.time
        )
    )


def _report(
    storage: AttributionStorage, contributions: tuple[Contribution, ...], occasion: _Occasion
) -> ExpectedReport:
    """Obtain and deliver an aggregatable debug report.

    https://wicg.github.io/attribution-reporting-api/#obtain-and-deliver-an-aggregatable-debug-report
    """
    return ExpectedReport(
        number=storage.next_number(),
        kind=ReportKind.AGGREGATABLE_DEBUG,
        reporting_origin=occasion.reporting_origin,
        body={"aggregation_coordinator_origin": occasion.coordinator},
        earliest=occasion.time,
        latest=occasion.time,
        report_time=occasion.time,
        latest_report_time=occasion.time,
        source_id=occasion.source_id,
        trigger_id=occasion.trigger_id,
        contributions=contributions,
        shared_info=aggregatable_shared_info(
            debug=True,
            destination=occasion.destination,
            reporting_origin=occasion.reporting_origin,
            report_time=occasion.time,
        ),
        null=not contributions,
        padded_to=MAX_CONTRIBUTIONS_PER_AGGREGATABLE_DEBUG_REPORT,
    )
