from __future__ import annotations

from typing import Any

from ara_inspector.attribution.registered import SECOND
from ara_inspector.records import replace
from ara_inspector.reports.endpoints import ReportKind
from ara_inspector.session.edges import at_an_edge, widened
from profiles import DAY, HOUR, Profile, moment

HEADER: dict[str, Any] = {"event_report_windows": {"end_times": [HOUR, DAY]}, "debug_key": "1"}


def attributed() -> Profile:
    profile = Profile()
    profile.source(0, **HEADER)
    return profile


def test_a_report_near_the_end_of_a_window_may_be_of_the_next() -> None:
    for t in (HOUR - 0.5, HOUR + 0.5):
        outcome = attributed().trigger(t, event_trigger_data=[{}], debug_key="2")
        assert outcome.source is not None
        assert at_an_edge(outcome.source, moment(t))
        made = [widened(report, outcome.source, moment(t)) for report in outcome.reports]
        (real,) = (report for report in made if report.kind is ReportKind.EVENT_LEVEL)
        assert (real.earliest, real.latest) == (moment(HOUR), moment(DAY))
        (copy,) = (report for report in made if report.kind is ReportKind.DEBUG_EVENT_LEVEL)
        assert copy.earliest == copy.latest == moment(t)
        assert copy.latest_report_time == moment(DAY)


def test_the_last_window_has_no_next() -> None:
    t = DAY - 0.5
    outcome = attributed().trigger(t, event_trigger_data=[{}])
    assert outcome.source is not None
    (report,) = (widened(r, outcome.source, moment(t)) for r in outcome.reports)
    assert (report.earliest, report.latest) == (moment(DAY), moment(DAY))


def test_elsewhere_nothing_changes() -> None:
    outcome = attributed().trigger(10, event_trigger_data=[{}], debug_reporting=True)
    assert outcome.source is not None
    assert not at_an_edge(outcome.source, moment(10))
    (report,) = outcome.reports
    assert widened(report, outcome.source, moment(10)) is report
    assert widened(report, outcome.source, moment(HOUR)) is not report
    at_once = replace(report, report_time=moment(HOUR) - SECOND)
    assert widened(at_once, outcome.source, moment(HOUR)) is at_once
    verbose = replace(report, kind=ReportKind.VERBOSE)
    assert widened(verbose, outcome.source, moment(HOUR)) is verbose


def test_other_windows_have_edges_too() -> None:
    profile = Profile()
    profile.source(0, aggregatable_report_window=2 * HOUR, expiry=3 * DAY, **HEADER)
    (source,) = profile.storage.sources()
    assert at_an_edge(source, moment(2 * HOUR))
    assert at_an_edge(source, moment(3 * DAY))
    assert not at_an_edge(source, moment(5 * HOUR))
