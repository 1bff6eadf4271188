"""Entries in words: one wording each, escaped, what is inferred marked."""

from __future__ import annotations

import time

import pytest

from ara_inspector.findings import Certainty, Finding, Rule, Severity
from ara_inspector.records import replace
from ara_inspector.registrations import ContextSite
from ara_inspector.reports import Delivery, Outcome, Report, ReportKind
from ara_inspector.reports.bodies import (
    AggregatableReport,
    Contribution,
    EventLevelReport,
    Histogram,
    Payload,
    PublicKeys,
    ReportBody,
    VerboseDatum,
    VerboseReport,
)
from ara_inspector.reports.json_body import NOT_JSON
from ara_inspector.views import words
from exchanges import registrations

IMPRESSION = """
page https://news.example/

ad https://r.example/i
< Attribution-Reporting-Register-Source: {"destination":["https://b.example","http://localhost"]}
"""
CONVERSION = """
page https://shop.example/

ad https://r.example/c
< Attribution-Reporting-Register-Trigger: {"event_trigger_data":[{"trigger_data":"1"},{}],EXTRA}
"""
VALUES = '"aggregatable_values":{"a":1,"\\u202e":2}'
ERROR = Rule("TST002", "an-error", Severity.ERROR, "broken {what}")
NOTE = Rule("TST001", "a-note", Severity.NOTE, "fine")


def test_moments_are_relative_or_absolute() -> None:
    assert words.moment(12.5, 10.0) == "+2.500"
    assert words.moment(8.0, 10.0) == "-2.000"
    assert words.moment(1_767_323_045.5, None) == "2026-01-02 03:04:05.500Z"
    assert words.moment(None, 1.0) == "-"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (3599.5, "+3599.500"),
        (3600, "+1:00:00.000"),
        (86_399.9994, "+23:59:59.999"),
        (86_399.9996, "+1d 00:00:00.000"),
        (2_600_399.899, "+30d 02:19:59.899"),
        (-90_061.25, "-1d 01:01:01.250"),
    ],
)
def test_long_spans_are_told_in_days(seconds: float, told: str) -> None:
    assert words.moment(seconds, 0.0) == told


def test_the_clock_is_the_same_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    assert words.clock(None) == "-"
    assert words.clock(1_767_323_045.5) == "03:04:05.500Z"
    monkeypatch.undo()
    time.tzset()


def test_a_source() -> None:
    (source,) = registrations(IMPRESSION)
    assert words.what_of(source) == "source (event)"
    assert words.purpose_of(source) == "http://localhost, b.example"
    assert words.route_of(source).startswith("news.example")


def test_a_trigger() -> None:
    (trigger,) = registrations(CONVERSION.replace("EXTRA", VALUES))
    assert words.what_of(trigger) == "trigger"
    assert words.purpose_of(trigger) == r"data 1/0, histogram a, \u202e"


def test_a_trigger_without_values_or_with_nothing() -> None:
    data = '"aggregatable_trigger_data":[{"key_piece":"0x1"}]'
    (trigger,) = registrations(CONVERSION.replace("EXTRA", data))
    assert words.purpose_of(trigger) == "data 1/0, histogram no values"
    (nothing,) = registrations(CONVERSION.partition("Trigger:")[0] + "Trigger: {}")
    assert words.purpose_of(nothing) == ""
    assert words.route_of(nothing) == words.site_of(nothing.context_site)


@pytest.mark.parametrize(
    ("certainty", "shown"), [(Certainty.CERTAIN, "a.example"), (Certainty.LIKELY, "a.example?")]
)
def test_an_inferred_site_is_marked(certainty: Certainty, shown: str) -> None:
    assert words.site_of(ContextSite("https://a.example", certainty, "")) == shown


def test_an_untold_site() -> None:
    assert words.site_of(ContextSite(None, Certainty.UNKNOWN, "")) == "page not known"


def report(body: ReportBody | None, delivery: Delivery | None = None) -> Report:
    return Report(
        flow_id="f",
        time=None,
        url="https://r.example/",
        kind=ReportKind.VERBOSE,
        reporting_origin="https://r.example",
        delivery=delivery or Delivery(Outcome.ACCEPTED, 200),
        body=body,
        raw="",
        findings=(),
    )


def histogram(*values: int) -> Histogram:
    contributions = tuple(Contribution(bucket=1, value=value, filtering_id=0) for value in values)
    return Histogram(contributions=contributions, padding=0, id_bytes=1)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            VerboseReport(data=(VerboseDatum(type="source-success"), VerboseDatum())),
            "source-success, -",
        ),
        (
            EventLevelReport(trigger_data=3, attribution_destination=("https://s.example",)),
            "data 3 for s.example",
        ),
        (EventLevelReport(), "data - for -"),
        (AggregatableReport(payloads=(Payload(cleartext=histogram(5, 6)),)), "histogram 5, 6"),
        (
            AggregatableReport(payloads=(Payload(decrypted=histogram()),)),
            "no contributions (null report)",
        ),
        (AggregatableReport(payloads=(Payload(),)), "encrypted payload"),
        (AggregatableReport(), "no payload"),
        (PublicKeys(keys=()), "0 keys"),
        (None, "body not read"),
    ],
)
def test_reports(body: ReportBody | None, told: str) -> None:
    assert words.report_of(report(body)) == told


def test_a_body_that_was_read_and_is_no_json() -> None:
    broken = replace(report(None), findings=(NOT_JSON.at(reason="a value is missing"),))
    assert words.report_of(broken) == "no JSON"


def test_a_delivery_that_went_wrong_is_told() -> None:
    assert words.report_of(report(None, Delivery(Outcome.REFUSED, 500))).endswith("(refused 500)")
    assert words.report_of(report(None, Delivery(Outcome.FAILED))).endswith("(failed)")


def test_every_kind_of_report_has_a_short_name() -> None:
    assert set(words.REPORT_KINDS) == set(ReportKind)
    assert max(map(len, words.REPORT_KINDS.values())) <= 19


def test_codes_come_worst_first_and_once() -> None:
    findings = [NOTE.at(), ERROR.at(what=1), ERROR.at(what=2)]
    assert words.codes_of(findings) == "TST002"
    assert words.codes_of(findings, notes=True) == "TST002 TST001"


def test_a_finding_is_one_line_with_its_place_and_ground() -> None:
    assert words.sentence_of(ERROR.at(("a", 0, "\x1b"), what="\n")) == (
        r'TST002 an-error at a[0].\x1b: broken "\n"'
    )
    inferred = Finding(NOTE, certainty=Certainty.LIKELY, ground="a guess")
    assert words.sentence_of(inferred) == "TST001 a-note: fine (likely: a guess)"


def test_numbers_in_a_row_are_a_span() -> None:
    assert words.numbers([2, *range(4, 23), 30, 31]) == "2,4-22,30,31"
    assert words.numbers([7]) == "7"
