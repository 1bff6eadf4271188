"""Processing an attribution source: every check before it is stored, and storing it.

May live here: https://wicg.github.io/attribution-reporting-api/#process-an-attribution-source
in Chrome's order. Limits are counted in `rate_limits`, scopes are in `scopes`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from ara_inspector.attribution import aggregatable_debug, debug_reports
from ara_inspector.attribution.effects import (
    Effects,
    Possibility,
    PossibilityKind,
    Removal,
    RemovalReason,
)
from ara_inspector.attribution.event_level import fake_report, store_event_level_report
from ara_inspector.attribution.rate_limits import RateLimitScope
from ara_inspector.attribution.registered import Noise, SourceRegistration
from ara_inspector.attribution.results import SourceResult
from ara_inspector.attribution.scopes import remove_or_update_sources_for_attribution_scopes
from ara_inspector.attribution.sources import StoredSource, stored_source
from ara_inspector.attribution.trace import NOISE_CHECK, Check, Checks, RefusalError, Verdict
from ara_inspector.spec import vendor
from ara_inspector.spec.effective import SourceType
from ara_inspector.spec.privacy import scopes_channel_capacity
from ara_inspector.spec.source_capacity import capacity_of

if TYPE_CHECKING:
    from ara_inspector.attribution.delivery import ExpectedReport
    from ara_inspector.attribution.storage import AttributionStorage


class SourceOutcome(Struct, frozen=True, gc=False, kw_only=True):
    """What became of a source, why, and what else happened."""

    registration: SourceRegistration
    result: SourceResult
    checks: tuple[Check, ...]
    debug_type: str
    """What a verbose debug report says; two refusals are disguised as success."""
    stored: StoredSource | None
    reports: tuple[ExpectedReport, ...]
    withdrawn: tuple[int, ...]
    removals: tuple[Removal, ...]
    possibilities: tuple[Possibility, ...]


def process_attribution_source(
    storage: AttributionStorage, registration: SourceRegistration
) -> SourceOutcome:
    """https://wicg.github.io/attribution-reporting-api/#process-an-attribution-source ."""
    storage.advance(registration.time)
    attempt = _Attempt(storage, registration)
    stored: StoredSource | None = attempt.source
    try:
        result = attempt.run()
    except RefusalError as refused:
        result = SourceResult(refused.result)
        stored = None
    effects = attempt.effects
    noised = attempt.source.noise is not None
    effects.reports[:0] = [
        *debug_reports.on_source_registration(
            storage,
            result,
            attempt.source,
            noised=noised,
            destination_limit_replaced=attempt.destination_limit_replaced,
        ),
        *aggregatable_debug.on_source_registration(
            storage,
            result,
            attempt.source,
            destination_limit_replaced=attempt.destination_limit_replaced,
        ),
    ]
    return SourceOutcome(
        registration=registration,
        result=result,
        checks=attempt.checks.made,
        debug_type=debug_reports.source_debug_type(result, noised=noised),
        stored=stored,
        reports=tuple(effects.reports),
        withdrawn=tuple(effects.withdrawn),
        removals=tuple(effects.removals),
        possibilities=tuple(effects.possibilities),
    )


class _Attempt:
    """One source on its way into storage; the steps of the algorithm in order."""

    def __init__(self, storage: AttributionStorage, registration: SourceRegistration) -> None:
        self.storage = storage
        self.registration = registration
        self.checks = Checks()
        self.effects = Effects()
        self.destination_limit_replaced = False
        self.states, self.bits, rate = capacity_of(registration.source)
        self.source = stored_source(
            storage.next_number(), registration, trigger_rate=rate, noise=self._noise(rate)
        )

    def _noise(self, rate: float) -> Noise | None:
        """Noise that is known or certain; any other is told as a possibility.

        A source that can only ever say nothing says nothing at random as well: Chromium 138 was
        measured to go on to `noMatchingTriggerData` or `excessiveReports`.
        """
        if self.registration.noise is not None:
            return self.registration.noise
        if rate < 1 or self.storage.local_testing:
            return None
        return Noise(()) if self.states == 1 else Noise()

    def run(self) -> SourceResult:
        self._check_channel_capacity()
        self._check_scopes_capacity()
        self._check_source_origin()
        self._check_reporting_origin_per_site()
        over_all_sites = self._check_destinations_per_minute()
        self._check_destinations_per_day()
        self._make_room_for_destinations()
        remove_or_update_sources_for_attribution_scopes(self.storage, self.source, self.effects)
        self._check_destinations_per_minute_over_all_sites(over_all_sites)
        self._check_reporting_origins()
        return self._store()

    def _check_channel_capacity(self) -> None:
        most = vendor.MAX_TRIGGER_STATE_CARDINALITY
        self.checks.require(
            "trigger-state-cardinality",
            self.states <= most,
            SourceResult.EXCEEDS_MAX_TRIGGER_STATE_CARDINALITY,
            given=self.states,
            wanted=most,
        )
        allowed = vendor.MAX_EVENT_LEVEL_CHANNEL_CAPACITY[self.registration.source_type]
        self.checks.require(
            "channel-capacity",
            self.bits <= allowed,
            SourceResult.EXCEEDS_MAX_CHANNEL_CAPACITY,
            given=self.bits,
            wanted=allowed,
        )

    def _check_scopes_capacity(self) -> None:
        scopes, source_type = self.source.scopes, self.registration.source_type
        if scopes is None:
            return
        if source_type is SourceType.EVENT:
            self.checks.require(
                "max-event-states",
                self.states <= scopes.max_event_states,
                SourceResult.EXCEEDS_MAX_EVENT_STATES_LIMIT,
                given=self.states,
                wanted=scopes.max_event_states,
            )
        capacity = scopes_channel_capacity(
            self.states, scope_limit=scopes.limit, max_event_states=scopes.max_event_states
        )
        allowed = vendor.MAX_EVENT_LEVEL_SCOPES_CHANNEL_CAPACITY[source_type]
        self.checks.require(
            "scopes-channel-capacity",
            capacity <= allowed,
            SourceResult.EXCEEDS_MAX_SCOPES_CHANNEL_CAPACITY,
            given=capacity,
            wanted=allowed,
        )

    def _check_source_origin(self) -> None:
        most = self.storage.limits.max_pending_sources_per_source_origin
        stored = self.storage.sources_of_origin(self.registration.source_origin)
        self.checks.require(
            "source-storage",
            stored < most,
            SourceResult.INSUFFICIENT_SOURCE_CAPACITY,
            given=stored,
            wanted=most,
        )

    def _check_reporting_origin_per_site(self) -> None:
        most = self.storage.limits.max_source_reporting_origins_per_reporting_site
        others = self.storage.rate_limits.other_origins_per_site(self.source)
        self.checks.require(
            "reporting-origin-per-site",
            len(others) < most,
            SourceResult.REPORTING_ORIGINS_PER_SITE_LIMIT_REACHED,
            given=(*sorted(others), self.registration.reporting_origin),
            wanted=most,
        )

    def _check_destinations_per_minute(self) -> int:
        """Checks the reporting site's own limit; returns the count over all reporting sites."""
        limits = self.storage.limits
        total, own = self.storage.rate_limits.destinations_in_window(self.source)
        both = total > limits.max_destinations_per_rate_limit_window_total
        self.checks.require(
            "destinations-per-minute",
            own <= limits.max_destinations_per_rate_limit_window,
            SourceResult.DESTINATION_BOTH_LIMITS_REACHED
            if both
            else SourceResult.DESTINATION_REPORTING_LIMIT_REACHED,
            given=own,
            wanted=limits.max_destinations_per_rate_limit_window,
        )
        return total

    def _check_destinations_per_day(self) -> None:
        most = self.storage.limits.max_destinations_per_day
        count = self.storage.rate_limits.destinations_in_day(self.source)
        self.checks.require(
            "destinations-per-day",
            count <= most,
            SourceResult.DESTINATION_PER_DAY_REPORTING_LIMIT_REACHED,
            given=count,
            wanted=most,
        )

    def _make_room_for_destinations(self) -> None:
        most = self.storage.limits.max_destinations_covered_by_unexpired_sources
        unexpired = self.storage.rate_limits.unexpired(self.source)
        losers = unexpired.sources_to_delete(self.source, most)
        self.checks.require(
            "unexpired-destinations",
            self.source.number not in losers,
            SourceResult.INSUFFICIENT_UNIQUE_DESTINATION_CAPACITY,
            given=unexpired.union(self.source.destinations),
            wanted=most,
        )
        self.destination_limit_replaced = bool(losers)
        self._delete_sources_for_unexpired_destination_limit(losers)

    def _delete_sources_for_unexpired_destination_limit(self, losers: set[int]) -> None:
        """Delete sources for unexpired destination limit.

        https://wicg.github.io/attribution-reporting-api/#delete-sources-for-unexpired-destination-limit
        """
        now = self.source.time
        for number in sorted(losers):
            self.storage.withdraw(number, self.effects, since=now, aggregatable=True)
            loser = self.storage.source(number)
            if loser is not None:
                self.effects.removals.append(
                    self.storage.remove(
                        loser, RemovalReason.DESTINATION_LIMIT, cause_id=self.source.id, now=now
                    )
                )
        self.storage.rate_limits.deactivate(self.source, losers)

    def _check_destinations_per_minute_over_all_sites(self, total: int) -> None:
        most = self.storage.limits.max_destinations_per_rate_limit_window_total
        self.checks.require(
            "destinations-per-minute-over-all-sites",
            total <= most,
            SourceResult.DESTINATION_GLOBAL_LIMIT_REACHED,
            given=total,
            wanted=most,
        )

    def _check_reporting_origins(self) -> None:
        """Should block processing for reporting origin limit.

        https://wicg.github.io/attribution-reporting-api/#should-block-processing-for-reporting-origin-limit
        """
        most = self.storage.limits.max_source_reporting_origins
        for destination in self.source.destinations:
            count = self.storage.rate_limits.source_reporting_origins(self.source, destination)
            self.checks.require(
                "source-reporting-origins",
                count <= most,
                SourceResult.EXCESSIVE_REPORTING_ORIGINS,
                given=count,
                wanted=most,
            )

    def _store(self) -> SourceResult:
        storage, source = self.storage, self.source
        storage.rate_limits.add_source(source)
        storage.add(source)
        if source.noise is not None:
            self._store_noise(source.noise)
            return SourceResult.SUCCESS_NOISED
        if not storage.local_testing:
            rate = source.randomized_trigger_rate
            self.checks.note(NOISE_CHECK, Verdict.UNDECIDABLE, None, rate)
            self.effects.possibilities.append(
                Possibility(kind=PossibilityKind.NOISE, probability=rate, registration_id=source.id)
            )
        return SourceResult.SUCCESS

    def _store_noise(self, noise: Noise) -> None:
        for state in noise.states or ():
            report = fake_report(self.storage, self.source, state)
            store_event_level_report(self.storage, report, self.effects)
        for destination in self.source.destinations:
            self.storage.rate_limits.add_attribution(
                RateLimitScope.EVENT_ATTRIBUTION,
                self.source,
                destination,
                number=self.storage.next_number(),
            )
