"""An aggregatable report to the registrations behind it, and its buckets to their key pieces.

May live here: aggregatable attribution reports and aggregatable debug reports. In clear they
say only destination and time; debug keys, a context id or an opened payload say more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ara_inspector.reports.links.buckets import Lender, explain_contributions, explain_debug
from ara_inspector.reports.links.candidates import (
    MAX_DELAY,
    SCHEDULE_SECONDS,
    before,
    is_prompt,
    site_agrees,
)
from ara_inspector.reports.links.pairs import (
    MAX_CANDIDATES,
    Pair,
    best_pair,
    can_attribute,
    fresh_first,
    keys_agree,
    links_of,
    pair_rank,
)
from ara_inspector.reports.links.values import BucketLink, Role
from ara_inspector.reports.links.weighing import Fit, best_link
from ara_inspector.spec.constants import DAY
from ara_inspector.spec.effective import Source, SourceDebugReporting, SourceRegistrationTime

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ara_inspector.reports.bodies import AggregatableReport, SharedInfo
    from ara_inspector.reports.links.pairs import Sent
    from ara_inspector.reports.links.values import Known, Link
    from ara_inspector.spec.effective import Trigger, TriggerDebugReporting

type Linked = tuple[tuple[Link, ...], tuple[BucketLink, ...]]


def link_aggregatable(report: AggregatableReport, sent: Sent, known: Sequence[Known]) -> Linked:
    """The trigger of an aggregatable attribution report, the source behind it, its buckets."""
    info = report.shared_info
    if info is None:
        return (), ()
    earlier = before(known, sent.time)
    sources = [each for each in earlier if _lends(info, each)][:MAX_CANDIDATES]
    triggers = fresh_first(sent, [each for each in earlier if _makes(report, info, each)])
    pairs = [
        pair for each in triggers[:MAX_CANDIDATES] for pair in _pairs(report, sent, each, sources)
    ]
    if not pairs:
        return (), ()
    best = best_pair(pairs)
    shared: tuple[str, ...] = ("reporting origin", "attribution_destination")
    if best.buckets:
        shared += ("buckets",)
    fits = [
        Fit(pair.source, shared, pair.rank)
        for pair in pairs
        if pair.source is not None and pair.trigger == best.trigger
    ]
    keyed = report.trigger_context_id is not None or report.trigger_debug_key is not None
    # Sealed and without debug keys a report names no source: a null report looks the same.
    named = bool(best.buckets) or report.source_debug_key is not None
    return links_of(pairs, fits, named=named, keyed=keyed), best.buckets


def _makes(report: AggregatableReport, info: SharedInfo, known: Known) -> bool:
    """Whether a trigger can have made an aggregatable report: everything it says must agree."""
    trigger = known.trigger
    if trigger is None or not (trigger.aggregatable_trigger_data or trigger.aggregatable_values):
        return False
    included = info.source_registration_time is not None
    wants = trigger.aggregatable_source_registration_time is SourceRegistrationTime.INCLUDE
    delay = (info.scheduled_report_time or 0) - known.moment
    latest = 0 if trigger.trigger_context_id is not None else MAX_DELAY
    return (
        site_agrees(known, [info.attribution_destination or ""]) is not False
        and trigger.aggregation_coordinator_origin == report.aggregation_coordinator_origin
        and trigger.trigger_context_id == report.trigger_context_id
        and report.trigger_debug_key in {None, trigger.debug_key}
        and wants is included
        and -SCHEDULE_SECONDS <= delay <= latest + SCHEDULE_SECONDS
    )


def _lends(info: SharedInfo, known: Known) -> bool:
    """Whether a source can be behind an aggregatable report."""
    source = known.source
    if source is None or info.attribution_destination not in source.destination:
        return False
    day = info.source_registration_time
    return day is None or abs(known.moment - day - DAY / 2) <= DAY / 2 + SCHEDULE_SECONDS


def _pairs(
    report: AggregatableReport, sent: Sent, trigger_known: Known, sources: list[Known]
) -> Iterator[Pair]:
    """The trigger with each source it can go with, and alone if the report may be a null one."""
    shared: tuple[str, ...] = ("reporting origin", "attribution_destination", "report time")
    if report.trigger_context_id is not None:
        shared += ("trigger_context_id",)
    if report.trigger_debug_key is not None:
        shared += ("trigger_debug_key",)
    histogram = report.histogram
    if histogram is None or histogram.is_null:
        rank = (0.0, *pair_rank(sent, None, trigger_known), trigger_known.moment)
        yield Pair(None, trigger_known, shared, rank)
    for source_known in sources if histogram is None or not histogram.is_null else ():
        buckets = _common(report, source_known, trigger_known)
        if buckets is not None:
            rank = (1.0, *pair_rank(sent, source_known, trigger_known), trigger_known.moment)
            yield Pair(source_known, trigger_known, shared, rank, buckets)


def _common(
    report: AggregatableReport, source_known: Known, trigger_known: Known
) -> tuple[BucketLink, ...] | None:
    """The buckets as the pair explains them, none if they are not known; None if it cannot be."""
    source, trigger = source_known.source, trigger_known.trigger
    keys = (report.source_debug_key, report.trigger_debug_key)
    if (
        source is None
        or trigger is None
        or not can_attribute(source_known, source, trigger_known)
        or not keys_agree(keys, source, trigger)
    ):
        return None
    if report.histogram is None:
        return () if _shares_a_key(source, trigger) else None
    contributions = report.histogram.contributions
    lenders = Lender(source_known.entry, source), Lender(trigger_known.entry, trigger)
    buckets = explain_contributions(contributions, *lenders)
    return buckets if len(buckets) == len(contributions) else None


def _shares_a_key(source: Source, trigger: Trigger) -> bool:
    named = {name for values in trigger.aggregatable_values for name in values.values}
    return not named.isdisjoint(source.aggregation_keys)


def link_debug(report: AggregatableReport, sent: Sent, known: Sequence[Known]) -> Linked:
    """The registration an aggregatable debug report was sent for, at once, and its buckets."""
    info = report.shared_info
    if info is None:
        return (), ()
    earlier = before(known, sent.time)
    partners: list[Lender[TriggerDebugReporting] | None] = [None]
    for each in earlier:
        source = each.source
        if source is not None and source.aggregatable_debug_reporting is not None:
            partners.append(Lender(each.entry, source.aggregatable_debug_reporting))
    fits, buckets = [], {}
    for each in earlier:
        cause = _configured(report, info, each)
        explained = None if cause is None else _debug_buckets(report, cause, partners)
        if explained is None:
            continue
        buckets[each.entry] = explained
        shared = ("reporting origin", "attribution_destination", "report time")
        fresh = sent.kind not in each.spent
        prompt = is_prompt(each, sent.time)
        fits.append(Fit(each, shared, (float(fresh), float(prompt), each.moment)))
    link = best_link(fits, Role.CAUSE, sure=True)
    return ((link,), buckets[link.entry]) if link is not None else ((), ())


def _configured(
    report: AggregatableReport, info: SharedInfo, known: Known
) -> Lender[TriggerDebugReporting] | None:
    """How a registration asks for debug reports, if it can be for this one."""
    registered = known.source or known.trigger
    config = None if registered is None else registered.aggregatable_debug_reporting
    if registered is None or config is None or not config.debug_data:
        return None
    # A source names its first destination, a trigger the site it is on.
    if isinstance(registered, Source):
        agrees: bool | None = info.attribution_destination == registered.destination[0]
    else:
        agrees = site_agrees(known, [info.attribution_destination or ""])
    scheduled = info.scheduled_report_time
    fits = (
        agrees is not False
        and config.aggregation_coordinator_origin == report.aggregation_coordinator_origin
        and (scheduled is None or abs(scheduled - known.moment) <= SCHEDULE_SECONDS)
    )
    return Lender(known.entry, config) if fits else None


def _debug_buckets(
    report: AggregatableReport,
    cause: Lender[TriggerDebugReporting],
    partners: list[Lender[TriggerDebugReporting] | None],
) -> tuple[BucketLink, ...] | None:
    """The buckets as this registration explains them, None if it cannot explain one.

    A trigger is tried without a source, then with each: which one was attributed is not told.
    """
    if report.histogram is None:
        return ()
    contributions = report.histogram.contributions
    alone = isinstance(cause.value, SourceDebugReporting)
    for partner in partners[: 1 if alone else 1 + MAX_CANDIDATES]:
        buckets = explain_debug(contributions, cause, partner)
        if len(buckets) == len(contributions):
            return buckets
    return None
