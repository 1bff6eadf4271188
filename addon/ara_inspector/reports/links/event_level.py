"""An event-level report to its source and trigger.

May live here: what an event-level report says, against what was registered. It names its source
by event id; of the trigger it tells a few bits, so the trigger is found by windows and times.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ara_inspector.reports.links.candidates import (
    SCHEDULE_SECONDS,
    before,
    is_told,
    moment,
    reported_data,
    source_of,
    trigger_of,
    trigger_rate,
    window_ends,
)
from ara_inspector.reports.links.pairs import (
    MAX_CANDIDATES,
    Pair,
    can_attribute,
    keys_agree,
    links_of,
    pair_rank,
)
from ara_inspector.reports.links.weighing import Fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ara_inspector.reports.bodies import EventLevelReport
    from ara_inspector.reports.links.pairs import Sent
    from ara_inspector.reports.links.values import Known, Link
    from ara_inspector.spec.effective import Source


def link_event_level(
    report: EventLevelReport, sent: Sent, known: Sequence[Known]
) -> tuple[Link, ...]:
    """The source an event-level report names, and the trigger that fits it best."""
    earlier = before(known, sent.time)
    fits = [fit for each in earlier if (fit := _source_fit(report, each)) is not None]
    fits = fits[:MAX_CANDIDATES]
    triggers = [each for each in earlier if trigger_of(each) is not None][:MAX_CANDIDATES]
    pairs = [
        pair
        for fit in fits
        for trigger in triggers
        if (pair := _pair(report, sent, fit, trigger)) is not None
    ]
    return links_of(pairs, fits, named=True, keyed=report.trigger_debug_key is not None)


def _source_fit(report: EventLevelReport, known: Known) -> Fit | None:
    """Whether an event-level report can come from a source: everything it says must agree."""
    source = source_of(known)
    if source is None or not _names(report, known, source):
        return None
    shared: tuple[str, ...] = ("reporting origin", "source_event_id", "attribution_destination")
    if report.source_debug_key is not None:
        shared += ("source_debug_key",)
    same_rate = trigger_rate(source) == report.randomized_trigger_rate
    if same_rate:
        shared += ("randomized_trigger_rate",)
    scheduled = report.scheduled_report_time or 0
    ends = source.event_report_windows.end_times
    on_time = any(abs(moment(known) + end - scheduled) <= SCHEDULE_SECONDS for end in ends)
    if on_time:
        shared += ("report window",)
    rank = (float(is_told(known)), float(same_rate), float(on_time), moment(known))
    return Fit(known, shared, rank)


def _names(report: EventLevelReport, known: Known, source: Source) -> bool:
    return (
        source.source_event_id == report.source_event_id
        and set(source.destination) == set(report.attribution_destination or ())
        and report.source_debug_key in {None, source.debug_key}
        and known.registration.source_type in {None, report.source_type}
    )


def _pair(report: EventLevelReport, sent: Sent, fit: Fit, trigger_known: Known) -> Pair | None:
    source, trigger = source_of(fit.known), trigger_of(trigger_known)
    keys = (report.source_debug_key, report.trigger_debug_key)
    if (
        source is None
        or trigger is None
        or not can_attribute(fit.known, source, trigger_known)
        or report.trigger_data not in reported_data(source, trigger)
        or not keys_agree(keys, source, trigger)
    ):
        return None
    gap = _schedule_gap(report.scheduled_report_time, fit.known, source, trigger_known)
    if gap > SCHEDULE_SECONDS:
        return None
    shared: tuple[str, ...] = ("reporting origin", "trigger_data", "report time")
    if report.trigger_debug_key is not None:
        shared += ("trigger_debug_key",)
    told, fresh, prompt, *chosen = pair_rank(sent, fit.known, trigger_known)
    rank = (told, fresh, prompt, *fit.rank[:-1], *chosen, -gap, moment(trigger_known))
    return Pair(fit.known, trigger_known, shared, rank)


def _schedule_gap(
    scheduled: int | None, source_known: Known, source: Source, trigger_known: Known
) -> float:
    """Seconds between the report's time and what the pair lets expect.

    The end of the window the trigger falls into, or the trigger's own time: local testing mode
    sends reports without delay.
    """
    if scheduled is None:
        return 0.0
    born, fired = moment(source_known), moment(trigger_known)
    ends = window_ends(source, fired - born)
    return min(abs(scheduled - fired), *(abs(scheduled - born - end) for end in ends), math.inf)
