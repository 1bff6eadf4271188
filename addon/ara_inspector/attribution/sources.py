"""The attribution source as the browser keeps it, and how much is left of it.

May live here: the stored source with its counters and budgets, built from a registration,
and the odometer. Who stores, finds and removes sources is the other modules' business.
"""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.attribution.registered import SECOND, Noise, SourceRegistration
from ara_inspector.spec.constants import ALLOWED_AGGREGATABLE_BUDGET_PER_SOURCE
from ara_inspector.spec.filters import SOURCE_TYPE_KEY
from ara_inspector.spec.sharing import shared

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ara_inspector.spec.effective import AttributionScopes, Source, SourceType
    from ara_inspector.spec.vendor import AttributionLimits

FILTER_DATA_KEPT: Final = 64
"""Filter data remembered to be shared; of a source they have at most 50 keys of 50 values."""
NO_KEYS: Final[frozenset[int]] = frozenset()


class StoredSource(Struct, eq=False):
    """https://wicg.github.io/attribution-reporting-api/#attribution-source .

    `number` is the internal ID: later registered sources have greater ones.
    """

    number: int
    registration: SourceRegistration
    randomized_trigger_rate: float
    noise: Noise | None
    destinations: tuple[str, ...]
    scopes: AttributionScopes | None
    filter_data: Mapping[str, frozenset[str]]
    attributable: bool
    event_level_reports: int
    aggregatable_budget: int
    named_budgets: dict[str, int]
    debug_budget: int
    dedup_keys: frozenset[int] = NO_KEYS
    aggregatable_dedup_keys: frozenset[int] = NO_KEYS
    aggregatable_reports: int = 0
    debug_reports: int = 0

    @property
    def source(self) -> Source:
        """What the header said."""
        return self.registration.source

    @property
    def id(self) -> str:
        """The caller's id of the registration."""
        return self.registration.id

    @property
    def time(self) -> int:
        """The source time."""
        return self.registration.time

    @property
    def expiry_time(self) -> int:
        """https://wicg.github.io/attribution-reporting-api/#attribution-source-expiry-time ."""
        return self.registration.time + self.registration.source.expiry * SECOND

    @property
    def window_ends(self) -> tuple[int, ...]:
        """The moments at which the event-level report windows end."""
        return tuple(self.time + end * SECOND for end in self.source.event_report_windows.end_times)


def stored_source(
    number: int, registration: SourceRegistration, *, trigger_rate: float, noise: Noise | None
) -> StoredSource:
    """The attribution source a registration becomes, before anything happened to it."""
    source = registration.source
    states = noise.states if noise is not None else ()
    debug_budget = (
        source.aggregatable_debug_reporting.budget if source.aggregatable_debug_reporting else 0
    )
    return StoredSource(
        number=number,
        registration=registration,
        randomized_trigger_rate=trigger_rate,
        noise=noise,
        destinations=shared(tuple(sorted(source.destination))),
        scopes=source.attribution_scopes,
        filter_data=_filter_data(tuple(source.filter_data.items()), registration.source_type),
        attributable=noise is None or noise.never,
        event_level_reports=source.max_event_level_reports if states is None else len(states),
        aggregatable_budget=ALLOWED_AGGREGATABLE_BUDGET_PER_SOURCE - debug_budget,
        named_budgets=dict(source.named_budgets),
        debug_budget=debug_budget,
    )


@lru_cache(FILTER_DATA_KEPT)
def _filter_data(
    items: tuple[tuple[str, tuple[str, ...]], ...], source_type: SourceType
) -> Mapping[str, frozenset[str]]:
    """The filter data with the source type; one for all sources of a campaign."""
    data = {key: frozenset(values) for key, values in items}
    data[SOURCE_TYPE_KEY] = frozenset({source_type.value})
    return MappingProxyType(data)


class Meter(Struct, frozen=True, gc=False, kw_only=True):
    """One budget: what is left of what there was."""

    left: int
    of: int


class Odometer(Struct, frozen=True, gc=False, kw_only=True):
    """What a source still has to give. Budgets never become negative."""

    source_id: str
    expires: int
    event_level_reports: Meter
    exhausted: bool
    """The browser will make no further event-level report for it, whatever the priority."""
    aggregatable_budget: Meter
    named_budgets: Mapping[str, Meter]
    aggregatable_reports: Meter
    debug_budget: Meter
    debug_reports: Meter

    def repeats_left(self, required: int, name: str | None = None) -> int:
        """How many more aggregatable reports of `required` budget each would pass.

        Without trigger context ID: reports with one do not count against the report quota.
        """
        budgets = [self.aggregatable_budget.left]
        if name is not None and name in self.named_budgets:
            budgets.append(self.named_budgets[name].left)
        by_budget = min(budgets) // required if required else self.aggregatable_reports.left
        return min(self.aggregatable_reports.left, by_budget)


def odometer(source: StoredSource, limits: AttributionLimits) -> Odometer:
    """How much is left of every limit and budget of one source."""
    header = source.source
    debug_budget = (
        header.aggregatable_debug_reporting.budget if header.aggregatable_debug_reporting else 0
    )
    return Odometer(
        source_id=source.id,
        expires=source.expiry_time,
        event_level_reports=Meter(
            left=header.max_event_level_reports - source.event_level_reports,
            of=header.max_event_level_reports,
        ),
        exhausted=not source.attributable,
        aggregatable_budget=Meter(
            left=source.aggregatable_budget,
            of=ALLOWED_AGGREGATABLE_BUDGET_PER_SOURCE - debug_budget,
        ),
        named_budgets={
            name: Meter(left=left, of=header.named_budgets[name])
            for name, left in source.named_budgets.items()
        },
        aggregatable_reports=Meter(
            left=limits.max_aggregatable_reports_per_source - source.aggregatable_reports,
            of=limits.max_aggregatable_reports_per_source,
        ),
        debug_budget=Meter(left=source.debug_budget, of=debug_budget),
        debug_reports=Meter(
            left=limits.max_aggregatable_debug_reports_per_source - source.debug_reports,
            of=limits.max_aggregatable_debug_reports_per_source,
        ),
    )
