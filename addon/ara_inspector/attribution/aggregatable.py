"""Triggering aggregatable attribution: contributions, budgets, and null reports.

May live here: the checks of
https://wicg.github.io/attribution-reporting-api/#trigger-aggregatable-attribution in Chrome's
order, and what is sent where nothing was attributed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ara_inspector.attribution.attribution_limits import (
    require_attributions_left,
    require_reporting_origin_allowed,
)
from ara_inspector.attribution.delivery import (
    Contribution,
    ExpectedReport,
    aggregatable_shared_info,
    debug_info,
    is_unconditional,
    rounded_source_time,
)
from ara_inspector.attribution.effects import Possibility, PossibilityKind
from ara_inspector.attribution.event_level import debug_copy
from ara_inspector.attribution.filters import first_match, match_filter_pair, seconds
from ara_inspector.attribution.rate_limits import RateLimitScope
from ara_inspector.attribution.registered import SECOND
from ara_inspector.attribution.results import AGGREGATABLE_DEBUG_TYPES, AggregatableResult
from ara_inspector.attribution.storage import PendingReport
from ara_inspector.attribution.trace import Checks, Level, RefusalError, Verdict
from ara_inspector.reports.endpoints import ReportKind
from ara_inspector.spec.constants import DAY, MAX_SOURCE_EXPIRY
from ara_inspector.spec.effective import SourceRegistrationTime

if TYPE_CHECKING:
    from ara_inspector.attribution.effects import Effects
    from ara_inspector.attribution.registered import TriggerRegistration
    from ara_inspector.attribution.sources import StoredSource
    from ara_inspector.attribution.storage import AttributionStorage
    from ara_inspector.spec.effective import Trigger

_NULL_REPORT_DAYS: Final = MAX_SOURCE_EXPIRY // DAY + 1


def contains_aggregatable_data(trigger: Trigger) -> bool:
    """Check if an attribution trigger contains aggregatable data.

    https://wicg.github.io/attribution-reporting-api/#check-if-an-attribution-trigger-contains-aggregatable-data
    """
    return bool(trigger.aggregatable_trigger_data) or any(
        entry.values for entry in trigger.aggregatable_values
    )


def create_aggregatable_contributions(
    source: StoredSource, trigger: Trigger, moment: int
) -> tuple[Contribution, ...]:
    """https://wicg.github.io/attribution-reporting-api/#create-aggregatable-contributions .

    In the order of the source's key names, as Chrome keeps them; never merged.
    """
    keys = dict(source.source.aggregation_keys)
    for datum in trigger.aggregatable_trigger_data:
        if match_filter_pair(source, datum, moment) is None:
            for name in datum.source_keys:
                if name in keys:
                    keys[name] |= datum.key_piece
    index, _ = first_match(source, trigger.aggregatable_values, moment)
    if index is None:
        return ()
    values = trigger.aggregatable_values[index].values
    return tuple(
        Contribution(keys[name], values[name].value, values[name].filtering_id)
        for name in sorted(keys)
        if name in values
    )


def trigger_aggregatable_attribution(
    storage: AttributionStorage,
    registration: TriggerRegistration,
    source: StoredSource,
    effects: Effects,
) -> Level[AggregatableResult]:
    """https://wicg.github.io/attribution-reporting-api/#trigger-aggregatable-attribution ."""
    if not contains_aggregatable_data(registration.trigger):
        return Level(AggregatableResult.NOT_REGISTERED)
    attempt = _Attempt(storage, registration, source, effects)
    try:
        result = attempt.run()
    except RefusalError as refused:
        result = AggregatableResult(refused.result)
    return Level(result, attempt.checks.made, AGGREGATABLE_DEBUG_TYPES.get(result))


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
        self.trigger = registration.trigger
        self.source = source
        self.effects = effects
        self.checks = Checks(source.id)

    def run(self) -> AggregatableResult:
        self._check_window()
        dedup_key = self._check_dedup_keys()
        contributions = self._contributions()
        self._check_capacity()
        for require in (require_attributions_left, require_reporting_origin_allowed):
            require(
                self.storage,
                self.checks,
                RateLimitScope.AGGREGATABLE_ATTRIBUTION,
                self.source,
                self.registration.attribution_destination,
            )
        self._check_quota()
        required = sum(contribution.value for contribution in contributions)
        budget_name = self._check_budgets(required)
        self._consume(required, budget_name, dedup_key)
        self._finish(contributions)
        return AggregatableResult.SUCCESS

    def _check_window(self) -> None:
        window = self.source.source.aggregatable_report_window
        age = self.registration.time - self.source.time
        self.checks.require(
            "aggregatable-report-window",
            age < window * SECOND,
            AggregatableResult.REPORT_WINDOW_PASSED,
            given=seconds(age),
            wanted=window,
        )

    def _check_dedup_keys(self) -> int | None:
        entries = self.trigger.aggregatable_deduplication_keys
        index, _ = first_match(self.source, entries, self.registration.time)
        key = entries[index].deduplication_key if index is not None else None
        if key is not None:
            self.checks.require(
                "aggregatable-deduplication-key",
                key not in self.source.aggregatable_dedup_keys,
                AggregatableResult.DEDUPLICATED,
                given=str(key),
                wanted=tuple(map(str, sorted(self.source.aggregatable_dedup_keys))),
            )
        return key

    def _contributions(self) -> tuple[Contribution, ...]:
        contributions = create_aggregatable_contributions(
            self.source, self.trigger, self.registration.time
        )
        self.checks.require(
            "aggregatable-contributions",
            bool(contributions),
            AggregatableResult.NO_HISTOGRAMS,
            given=tuple(sorted(self.source.source.aggregation_keys)),
            wanted=tuple(tuple(entry.values) for entry in self.trigger.aggregatable_values),
        )
        return contributions

    def _check_capacity(self) -> None:
        """How many reports are pending depends on random delays: between none and `most`."""
        limit = self.storage.limits.max_aggregatable_reports_per_destination
        most, likely = self.storage.reports.aggregatable(
            self.registration.attribution_destination, self.registration.time
        )
        name = "aggregatable-report-storage"
        if most < limit:
            self.checks.note(name, Verdict.PASSED, most, limit)
            return
        self.checks.note(name, Verdict.UNDECIDABLE, round(likely, 1), limit)
        if likely >= limit:
            raise RefusalError(AggregatableResult.NO_CAPACITY_FOR_ATTRIBUTION_DESTINATION)

    def _check_quota(self) -> None:
        if self.trigger.trigger_context_id is not None:
            return
        quota = self.storage.limits.max_aggregatable_reports_per_source
        self.checks.require(
            "aggregatable-report-quota",
            self.source.aggregatable_reports < quota,
            AggregatableResult.EXCESSIVE_REPORTS,
            given=self.source.aggregatable_reports,
            wanted=quota,
        )

    def _check_budgets(self, required: int) -> str | None:
        """The total budget, then the named one; returns the name that is to be charged."""
        left = self.source.aggregatable_budget
        self.checks.require(
            "aggregatable-budget",
            required <= left,
            AggregatableResult.INSUFFICIENT_BUDGET,
            given=left,
            wanted=required,
        )
        name = find_matching_budget_name(self.source, self.trigger, self.registration.time)
        if name is None or name not in self.source.named_budgets:
            return None
        left = self.source.named_budgets[name]
        self.checks.require(
            "named-budget",
            required <= left,
            AggregatableResult.INSUFFICIENT_NAMED_BUDGET,
            given=(left, name),
            wanted=required,
        )
        return name

    def _consume(self, required: int, budget_name: str | None, dedup_key: int | None) -> None:
        self.source.aggregatable_budget -= required
        if budget_name is not None:
            self.source.named_budgets[budget_name] -= required
        if dedup_key is not None:
            self.source.aggregatable_dedup_keys |= {dedup_key}

    def _finish(self, contributions: tuple[Contribution, ...]) -> None:
        storage, registration, source = self.storage, self.registration, self.source
        report = aggregatable_attribution_report(storage, registration, source, contributions)
        self.effects.reports.append(report)
        if report.latest > registration.time:
            storage.reports.add(
                PendingReport(
                    report=report,
                    source_number=source.number,
                    due=report.latest,
                    trigger_time=registration.time,
                    destinations=(registration.attribution_destination,),
                )
            )
        if self.trigger.trigger_context_id is None:
            source.aggregatable_reports += 1
        # Chrome 138 was measured to count every one, as attribution and for its reporting origin;
        # the specification none with a trigger context ID.
        storage.rate_limits.add_attribution(
            RateLimitScope.AGGREGATABLE_ATTRIBUTION,
            source,
            registration.attribution_destination,
            number=report.number,
        )
        if report.cleartext:
            self.effects.reports.append(debug_copy(storage, report, registration.time))


def find_matching_budget_name(source: StoredSource, trigger: Trigger, moment: int) -> str | None:
    """https://wicg.github.io/attribution-reporting-api/#find-matching-budget-name ."""
    index, _ = first_match(source, trigger.named_budgets, moment)
    return trigger.named_budgets[index].name if index is not None else None


def aggregatable_attribution_report(
    storage: AttributionStorage,
    registration: TriggerRegistration,
    source: StoredSource | None,
    contributions: tuple[Contribution, ...] = (),
) -> ExpectedReport:
    """https://wicg.github.io/attribution-reporting-api/#obtain-an-aggregatable-attribution-report .

    Without `source` it is a null report (#obtain-a-null-attribution-report).
    """
    trigger = registration.trigger
    time = registration.time
    keys = debug_info(source.source.debug_key, trigger.debug_key) if source is not None else {}
    shared_info = aggregatable_shared_info(
        debug=False,
        destination=registration.attribution_destination,
        reporting_origin=registration.reporting_origin,
        report_time=time,
    )
    if keys:
        shared_info["debug_mode"] = "enabled"
    if trigger.aggregatable_source_registration_time is SourceRegistrationTime.INCLUDE:
        source_time = source.time if source is not None else time
        shared_info["source_registration_time"] = str(rounded_source_time(source_time))
    body = {"aggregation_coordinator_origin": trigger.aggregation_coordinator_origin, **keys}
    if trigger.trigger_context_id is not None:
        body["trigger_context_id"] = trigger.trigger_context_id
    latest = time if is_unconditional(trigger) else time + storage.aggregatable_delay
    return ExpectedReport(
        number=storage.next_number(),
        kind=ReportKind.AGGREGATABLE,
        reporting_origin=registration.reporting_origin,
        body=body,
        earliest=time,
        latest=latest,
        report_time=time,
        latest_report_time=latest,
        source_id=source.id if source is not None else None,
        trigger_id=registration.id,
        contributions=contributions,
        shared_info=shared_info,
        null=source is None,
        padded_to=storage.limits.aggregatable_report_contributions,
        filtering_id_max_bytes=trigger.aggregatable_filtering_id_max_bytes,
        cleartext=bool(keys),
    )


def generate_null_attribution_reports(
    storage: AttributionStorage,
    registration: TriggerRegistration,
    attributed: StoredSource | None,
    effects: Effects,
) -> None:
    """https://wicg.github.io/attribution-reporting-api/#generate-null-attribution-reports .

    Unconditional ones are told as reports, random ones as possibilities. `attributed` is the
    source of a report that was made.
    """
    trigger, limits = registration.trigger, storage.limits
    if trigger.aggregatable_source_registration_time is SourceRegistrationTime.EXCLUDE:
        if attributed is not None:
            return
        if is_unconditional(trigger):
            effects.reports.append(aggregatable_attribution_report(storage, registration, None))
            return
        rate, trials = limits.null_report_rate_excluding_source_registration_time, 1
    else:
        rate = limits.null_report_rate_including_source_registration_time
        trials = _NULL_REPORT_DAYS
        if attributed is not None:
            today = rounded_source_time(registration.time)
            oldest = today - MAX_SOURCE_EXPIRY
            # The day of the attributed source is left out: its report is there already.
            trials -= oldest <= rounded_source_time(attributed.time) <= today
    if not storage.local_testing:
        effects.possibilities.append(
            Possibility(
                kind=PossibilityKind.NULL_REPORT,
                probability=rate,
                trials=trials,
                registration_id=registration.id,
            )
        )
