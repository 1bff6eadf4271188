"""A source and a trigger together: whether they can make a report, and which pair is likeliest.

May live here: what holds for event-level and aggregatable attribution reports alike. Filters
are not looked at, and which source wins is attribution's work: this says what fits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct

from ara_inspector.reports.links.candidates import (
    SCHEDULE_SECONDS,
    is_prompt,
    is_told,
    site_agrees,
)
from ara_inspector.reports.links.values import BucketLink, Role
from ara_inspector.reports.links.weighing import Fit, best_link

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ara_inspector.reports.endpoints import ReportKind
    from ara_inspector.reports.links.values import Known, Link
    from ara_inspector.spec.effective import Source, Trigger

MAX_CANDIDATES: Final = 30
"""Sources, and triggers, that are weighed for one report: the latest that can be it."""


class Sent(NamedTuple):
    """When a report went out, and as what."""

    kind: ReportKind
    time: float | None


class Pair(Struct, frozen=True, gc=False):
    """A source and a trigger a report may come from; the source is None for a null report."""

    source: Known | None
    trigger: Known
    shared: tuple[str, ...]
    """What report and trigger have in common."""
    rank: tuple[float, ...]
    buckets: tuple[BucketLink, ...] = ()


def fresh_first(sent: Sent, triggers: list[Known]) -> list[Known]:
    """Triggers that have not caused such a report yet, then the others."""
    spent = [each for each in triggers if sent.kind in each.spent]
    return [each for each in triggers if sent.kind not in each.spent] + spent


def can_attribute(source_known: Known, source: Source, trigger_known: Known) -> bool:
    """Whether time and sites let a trigger be attributed to a source."""
    if site_agrees(trigger_known, source.destination) is False:
        return False
    age = trigger_known.moment - source_known.moment
    return -SCHEDULE_SECONDS <= age <= source.expiry + SCHEDULE_SECONDS


def keys_agree(keys: tuple[int | None, int | None], source: Source, trigger: Trigger) -> bool:
    """Debug keys: both in the report if both sides have one, else none.

    https://wicg.github.io/attribution-reporting-api/#serialize-an-attribution-debug-info
    """
    ours = (source.debug_key, trigger.debug_key)
    return keys == (ours if None not in ours else (None, None))


def pair_rank(sent: Sent, source: Known | None, trigger: Known) -> tuple[float, ...]:
    """Better first: registered, not yet used for such a report, at once if it is for debugging.

    Then the order in which the browser chooses a source: by priority, then the latest.
    """
    effective = None if source is None else source.source
    return (
        float(is_told(trigger)) + float(source is None or is_told(source)),
        float(sent.kind not in trigger.spent),
        float(not sent.kind.is_debug or is_prompt(trigger, sent.time)),
        float(trigger.site is not None),
        0.0 if effective is None else float(effective.priority),
        0.0 if source is None else source.moment,
    )


def links_of(
    pairs: Sequence[Pair], fits: Sequence[Fit], *, named: bool, keyed: bool
) -> tuple[Link, ...]:
    """The links of the best pair; of the best source alone where there is no pair.

    `fits` are the sources the report can come from. `named` and `keyed` say that the report
    itself points out the source and the trigger.
    """
    if not pairs:
        alone = best_link(fits, Role.SOURCE, sure=named)
        return () if alone is None else (alone,)
    best = best_pair(pairs)
    links = []
    if best.source is not None:
        # The winner of the pairs stands first, whatever its rank alone.
        won = best.source.entry
        ranked = [Fit(fit.known, fit.shared, (float(fit.known.entry == won),)) for fit in fits]
        links.append(best_link(ranked, Role.SOURCE, sure=named))
    rivals = [Fit(p.trigger, p.shared, p.rank) for p in pairs if p.source == best.source]
    links.append(best_link(rivals, Role.TRIGGER, sure=keyed))
    return tuple(link for link in links if link is not None)


def best_pair(pairs: Sequence[Pair]) -> Pair:
    """The pair of the highest rank; of equal ones that of the latest trigger."""
    return max(pairs, key=lambda pair: (pair.rank, pair.trigger.entry))
