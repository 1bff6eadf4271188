"""Local testing mode: the browser adds no delays and no noise, and its reports give it away.

May live here: inferring the mode from a report and the registrations it goes back to, and the
rule. What follows for the simulation is in `profiles`.
https://wicg.github.io/attribution-reporting-api/#automation-local-testing-mode
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ara_inspector.attribution.delivery import is_unconditional
from ara_inspector.findings import Certainty, Rule, Severity, Words
from ara_inspector.reports import ReportKind
from ara_inspector.reports.bodies import AggregatableReport, EventLevelReport
from ara_inspector.reports.links import Role
from ara_inspector.spec.effective import Source, Trigger

if TYPE_CHECKING:
    from collections.abc import Callable

    from ara_inspector.findings import Finding
    from ara_inspector.registrations import Registration
    from ara_inspector.reports import Report
    from ara_inspector.reports.links import Explanation, Link

    type RegistrationOf = Callable[[int], Registration | None]

LOCAL_TESTING = Rule(
    "ATT050",
    "local-testing-mode",
    Severity.NOTE,
    "{browser} seems to be in local testing mode: a report ({kind}) was due {seconds} s after its "
    "{role}; expect neither delays nor noise",
    "automation-local-testing-mode",
)
CLOCKS_APART: Final = 5
"""Seconds the clocks of browser and proxy may be apart."""
AT_ONCE: Final = 1
"""Seconds; a real aggregatable report is due so early once in some 600 times."""


def gives_away(
    report: Report, explanation: Explanation, registration: RegistrationOf, browser: str
) -> Finding | None:
    """That a report shows its browser to be in local testing mode."""
    match report.body:
        case EventLevelReport(scheduled_report_time=int() as due):
            return _too_early(report, due, _link(explanation, Role.SOURCE), registration, browser)
        case AggregatableReport(shared_info=info) if (
            info is not None
            and info.scheduled_report_time is not None
            and report.kind is not ReportKind.AGGREGATABLE_DEBUG
        ):
            link = _link(explanation, Role.TRIGGER)
            return _at_once(report, info.scheduled_report_time, link, registration, browser)
        case _:
            return None


def _link(explanation: Explanation, role: Role) -> Link | None:
    return next((link for link in explanation.links if link.role is role), None)


def _too_early(
    report: Report, due: int, link: Link | None, registration: RegistrationOf, browser: str
) -> Finding | None:
    """Event-level reports are due when a window of the source ends, an hour on at the least."""
    about = registration(link.entry) if link is not None else None
    if link is None or about is None or about.time is None:
        return None
    source = about.effective
    if not isinstance(source, Source):
        return None
    if due >= about.time + source.event_report_windows.end_times[0] - CLOCKS_APART:
        return None
    found = LOCAL_TESTING.at(
        browser=browser,
        kind=Words(report.kind.value),
        seconds=_after(due, about.time),
        role=Words("source"),
    )
    if link.certainty is Certainty.CERTAIN:
        return found
    return found.inferred(link.ground)


def _at_once(
    report: Report, due: int, link: Link | None, registration: RegistrationOf, browser: str
) -> Finding | None:
    """Aggregatable reports are due up to ten minutes after the trigger, at random."""
    about = registration(link.entry) if link is not None else None
    if about is None or about.time is None or not isinstance(about.effective, Trigger):
        return None
    at_once = -CLOCKS_APART <= due - about.time <= AT_ONCE
    if is_unconditional(about.effective) or not at_once:
        return None
    found = LOCAL_TESTING.at(
        browser=browser,
        kind=Words(report.kind.value),
        seconds=_after(due, about.time),
        role=Words("trigger"),
    )
    return found.inferred("chance does so once in 600 times")


def _after(due: int, time: float) -> int:
    return max(0, round(due - time))
