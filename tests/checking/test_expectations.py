from __future__ import annotations

import tomllib

import pytest

from ara_inspector.checking.blessing import blessing
from ara_inspector.checking.expectations import (
    Count,
    ExpectationError,
    read_expectations,
    unmet,
)
from exchanges import entries

TRAFFIC = """
page https://news.example/

click https://a.example/click
< 302
< Location: https://b.example/click
< Attribution-Reporting-Register-Source: {"destination":["https://shop.example","https://other.example"]}

click https://b.example/click
< 302
< Location: https://shop.example/
< Attribution-Reporting-Register-Source: {"destination":"https://shop.example","expiry":"1"}

click https://shop.example/

ad https://c.example/
< Attribution-Reporting-Register-Trigger: {"event_trigger_data":7}

report https://a.example/.well-known/attribution-reporting/report-event-attribution
= {"attribution_destination":"https://shop.example","source_event_id":"1","trigger_data":"0"}
"""
CLICK = """
[[registrations]]
name = "the click on news.example"
kind = "source"
source_type = "navigation"
site = "https://news.example"
destination = "https://shop.example"
reporting_origins = ["https://a.example", "https://b.example"]
"""


def failures(text: str) -> list[str]:
    return unmet(read_expectations(text), entries(TRAFFIC))


@pytest.mark.parametrize(
    "text",
    [
        "",
        CLICK,
        '[[registrations]]\nverdict = "rejected"\nkind = "trigger"\ncount = 1',
        '[[registrations]]\nkind = "source"\nat_most = 2',
        '[[registrations]]\nkind = "os-source"\ncount = 0',
        '[[reports]]\nkind = "event-level"\nreporting_origin = "https://a.example"',
        '[findings]\nnone_of = ["HDR", "SRC001"]\nerrors = 5\nwarnings = 9',
    ],
)
def test_what_holds(text: str) -> None:
    assert failures(text) == []


MISSING = """\
"the click on news.example": at least 1 registration expected, 0 found
  - kind = source
  - source_type = navigation
  - site = https://news.example
  - destination = https://shop.example
  - verdict = registered
  - reporting_origin = https://d.example
  + #2 reporting_origin = https://a.example
  + #4 reporting_origin = https://b.example (SRC004)"""
TOO_MANY = """\
exactly 1 registration expected, 2 found
  - kind = source
  - verdict = registered
  = #2
  = #4"""


def test_what_is_missing_is_shown_beside_what_comes_closest() -> None:
    assert failures(CLICK.replace("https://b.example", "https://d.example")) == [MISSING]


def test_too_many_are_numbered() -> None:
    assert failures('[[registrations]]\nkind = "source"\ncount = 1') == [TOO_MANY]


def test_nothing_of_the_kind() -> None:
    text = '[[reports]]\nkind = "verbose"'
    assert unmet(read_expectations(text), []) == [
        "at least 1 report expected, 0 found\n  - kind = verbose\n  + no report at all"
    ]


def test_findings_that_must_not_be() -> None:
    (text,) = failures('[findings]\nnone_of = ["SRC004"]')
    head, line = text.split("\n")
    assert head == "findings: none of SRC004 expected"
    assert line.startswith("  + #4 SRC004 expiry-clamped at expiry")


def test_more_findings_than_allowed() -> None:
    (text,) = failures("[findings]\nwarnings = 0")
    head, *lines = text.split("\n")
    assert head == f"findings: at most 0 warnings expected, {len(lines)} found"
    assert any("SRC004" in line for line in lines)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[", "it is not TOML"),
        ("[registration]", "the file: 'registration' is not one of findings, registrations"),
        ("registrations = 1", r"registrations: write \[\[registrations\]\]"),
        ("[[registrations]]\norigin = 1", r"\[\[registrations\]\] 1: 'origin' is not one of"),
        ("[[registrations]]\nkind = 1", r"\[\[registrations\]\] 1 kind: a string is wanted"),
        ('[[registrations]]\nkind = "click"', "kind: one of source, trigger, os-source"),
        ("[[registrations]]\ncount = -1", "count: a number, 0 or more, is wanted"),
        ("[[registrations]]\ncount = true", "count: a number"),
        ('[[reports]]\nreporting_origins = "x"', "reporting_origins: a list of strings is wanted"),
        ("findings = 1", r"findings: write \[findings\]"),
        ("[findings]\ncodes = []", r"\[findings\]: 'codes' is not one of errors, none_of"),
    ],
)
def test_a_file_that_cannot_be_used_says_where(text: str, message: str) -> None:
    with pytest.raises(ExpectationError, match=message):
        read_expectations(text)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (Count(), "at least 1"),
        (Count(2, 2), "exactly 2"),
        (Count(0, 3), "at most 3"),
        (Count(1, 3), "1 to 3"),
    ],
)
def test_counts_in_words(count: Count, text: str) -> None:
    assert str(count) == text


def test_a_blessed_capture_fulfils_what_was_written_from_it() -> None:
    text = blessing(entries(TRAFFIC))
    assert failures(text) == []
    value = tomllib.loads(text)
    assert value["registrations"][1]["reporting_origins"] == ["https://b.example"]
    assert value["reports"] == [{"kind": "event-level", "reporting_origin": "https://a.example"}]
    assert value["findings"]["warnings"] > 0


def test_a_blessed_capture_notices_what_is_gone() -> None:
    fewer = entries(TRAFFIC.replace("Register-Source", "Registered-Source", 1))
    texts = unmet(read_expectations(blessing(entries(TRAFFIC))), fewer)
    assert texts[0].startswith("at least 1 registration expected, 0 found")
