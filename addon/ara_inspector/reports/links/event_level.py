"""An event-level report to its source and trigger.

May live here: what an event-level report says, against what was registered. It names its source
by event id; of the trigger it tells a few bits, so the trigger is found by windows and times.
"""

from __future__ import annotations

import math
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Final

from ara_inspector.reports.links.candidates import (
    SCHEDULE_SECONDS,
    before,
    is_told,
    reported_data,
    trigger_rate,
)
from ara_inspector.reports.links.pairs import (
    MAX_CANDIDATES,
    Pair,
    can_attribute,
    fresh_first,
    keys_agree,
    links_of,
    pair_rank,
)
from ara_inspector.reports.links.weighing import Fit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ara_inspector.reports.bodies import EventLevelReport
    from ara_inspector.reports.links.pairs import Sent
    from ara_inspector.reports.links.values import Known, Link
    from ara_inspector.spec.effective import Source

MAX_RIVALS: Final = 5
"""Sources that are tried with the triggers: an event id is meant to name one."""


def link_event_level(
    report: EventLevelReport, sent: Sent, known: Sequence[Known]
) -> tuple[Link, ...]:
    """The source an event-level report names, and the trigger that fits it best."""
    earlier = before(known, sent.time)
    triggers = fresh_first(sent, [each for each in earlier if each.trigger is not None])
    named = (fit for each in earlier if (fit := _source_fit(report, each)) is not None)
    fits = sorted(islice(named, MAX_CANDIDATES), key=lambda fit: fit.rank, reverse=True)
    pairs = [
        pair
        for fit in fits[:MAX_RIVALS]
        for pair in islice(_pairs(report, sent, fit, triggers), MAX_CANDIDATES)
    ]
    return links_of(pairs, fits, named=True, keyed=report.trigger_debug_key is not None)


def _source_fit(report: EventLevelReport, known: Known) -> Fit | None:
    """Whether an event-level report can come from a source: everything it says must agree."""
    source = known.source
    # The event id first: of all sources of an origin it leaves few.
    if source is None or source.source_event_id != report.source_event_id:
        return None
    if not _names(report, known, source):
        return None
    shared: tuple[str, ...] = ("reporting origin", "source_event_id", "attribution_destination")
    if report.source_debug_key is not None:
        shared += ("source_debug_key",)
    same_rate = trigger_rate(source) == report.randomized_trigger_rate
    if same_rate:
        shared += ("randomized_trigger_rate",)
    scheduled = report.scheduled_report_time or 0
    ends = source.event_report_windows.end_times
    on_time = any(abs(known.moment + end - scheduled) <= SCHEDULE_SECONDS for end in ends)
    if on_time:
        shared += ("report window",)
    rank = (float(is_told(known)), float(same_rate), float(on_time), known.moment)
    return Fit(known, shared, rank)


def _names(report: EventLevelReport, known: Known, source: Source) -> bool:
    return (
        set(source.destination) == set(report.attribution_destination or ())
        and report.source_debug_key in {None, source.debug_key}
        and known.source_type in {None, report.source_type}
    )


def _pairs(report: EventLevelReport, sent: Sent, fit: Fit, triggers: list[Known]) -> Iterator[Pair]:
    """The source of `fit` with each trigger the report can come from."""
    source = fit.known.source
    keys = (report.source_debug_key, report.trigger_debug_key)
    shared: tuple[str, ...] = ("reporting origin", "trigger_data", "report time")
    if report.trigger_debug_key is not None:
        shared += ("trigger_debug_key",)
    scheduled = report.scheduled_report_time
    spans = [] if source is None else _spans(scheduled, fit.known.moment, source)
    for known in triggers:
        fired, trigger = known.moment, known.trigger
        if (
            any(first <= fired <= last for first, last in spans)
            and source is not None
            and trigger is not None
            and can_attribute(fit.known, source, known)
            and report.trigger_data in reported_data(source, trigger)
            and keys_agree(keys, source, trigger)
        ):
            told, fresh, prompt, *chosen = pair_rank(sent, fit.known, known)
            apart = SCHEDULE_SECONDS if scheduled is None else abs(scheduled - fired)
            near = -min(apart, SCHEDULE_SECONDS)
            yield Pair(
                fit.known,
                known,
                shared,
                (told, fresh, prompt, *fit.rank[:-1], *chosen, near, fired),
            )


def _spans(scheduled: int | None, born: float, source: Source) -> list[tuple[float, float]]:
    """When a trigger can have fired whose report is scheduled for this moment.

    In the report window that ends then - or just then: local testing mode does not delay.
    """
    if scheduled is None:
        return [(-math.inf, math.inf)]
    windows = source.event_report_windows
    slack = SCHEDULE_SECONDS
    return [
        (scheduled - slack, scheduled + slack),
        *(
            (born + start - slack, born + end + slack)
            for start, end in pairwise((windows.start_time, *windows.end_times))
            if abs(born + end - scheduled) <= slack
        ),
    ]
