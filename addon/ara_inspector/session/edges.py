"""Moments so near an edge that the proxy's clock cannot tell the side.

May live here: which window ends a trigger is at, and what may be of the report then. The wire
shows when an answer passed the proxy; the browser reads its own clock a moment later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ara_inspector.attribution.registered import SECOND
from ara_inspector.records import replace
from ara_inspector.reports import ReportKind

if TYPE_CHECKING:
    from ara_inspector.attribution.delivery import ExpectedReport
    from ara_inspector.attribution.sources import StoredSource

NEAR: Final = SECOND


def at_an_edge(source: StoredSource, moment: int) -> bool:
    """Whether a trigger at `moment` may be on either side of an end of the source's windows."""
    aggregatable = source.time + source.source.aggregatable_report_window * SECOND
    edges = (*source.window_ends, aggregatable, source.expiry_time)
    return any(abs(edge - moment) <= NEAR for edge in edges)


def widened(report: ExpectedReport, source: StoredSource, moment: int) -> ExpectedReport:
    """An event-level report with both times it may go out at, where the trigger is at an edge."""
    if report.kind not in {ReportKind.EVENT_LEVEL, ReportKind.DEBUG_EVENT_LEVEL}:
        return report
    ends = source.window_ends
    near = [index for index, end in enumerate(ends) if abs(end - moment) <= NEAR]
    if not near or report.report_time not in ends:
        return report
    earliest, latest = ends[near[0]], ends[min(near[-1] + 1, len(ends) - 1)]
    if report.kind is ReportKind.DEBUG_EVENT_LEVEL:
        return replace(report, report_time=earliest, latest_report_time=latest)
    return replace(
        report,
        earliest=earliest,
        latest=latest,
        report_time=earliest,
        latest_report_time=latest,
    )
