"""The sentence that comes first."""

from __future__ import annotations

from collections import Counter

import pytest

from ara_inspector.exchange import Exchange
from ara_inspector.findings import Severity
from ara_inspector.session import Session
from ara_inspector.session.summary import counted
from exchanges import exchanges, watched

TRIGGER = "\n< Attribution-Reporting-Register-Trigger: {}"
OLD = "\n> User-Agent: Chrome/114.0"
GONE = "\n> User-Agent: Chrome/152.0"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "No Attribution Reporting traffic: no Eligible header, no Register header."),
        ("page https://a.example/", "No Attribution Reporting traffic"),
        (f"page https://a.example/{OLD}", "Chrome 114: no Eligible header was seen so far."),
        (f"page https://a.example/{GONE}", "The API cannot work here: Chrome 152 has no"),
        (f"image https://a.example/{TRIGGER}", "1 registration: 1 registered (1 likely)."),
        (f"image https://a.example/{OLD}{TRIGGER}", "1 registered. Chrome 114: no Eligible"),
        ("ad https://a.example/", "1 eligible request, none answered with a Register header."),
        (f"ad https://a.example/{TRIGGER}\n\nimage https://b.example/{TRIGGER}{GONE}", "2 reg"),
    ],
)
def test_sentence(text: str, words: str) -> None:
    assert words in watched(text).summary().sentence


def test_what_is_likely_is_counted_as_it_is_now() -> None:
    text = (
        "page https://pub.example/\n\nclick-background https://r.example/\n"
        '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example"}'
    )
    awaited = Session()
    for exchange in exchanges(text):
        awaited.recorded(exchange)
    assert awaited.summary().sentence == "1 registration: 1 registered (1 likely)."
    followed = watched(f"{text}\n\nclick https://shop.example/")
    assert followed.summary().sentence == "1 registration: 1 registered."
    dropped = watched(f"{text}\n\nimage https://pub.example/x.png\n@ 20")
    assert dropped.summary().sentence == "1 registration: 1 ignored (1 likely)."


def test_what_entries_count_to() -> None:
    session = watched(
        "page https://pub.example/\n\nad https://a.example/\n< 302\n"
        "< Location: https://b.example/\n< Attribution-Reporting-Register-Source: {\n\n"
        f"ad https://b.example/{TRIGGER}\n< Attribution-Reporting-Redirect: https://c.example/"
    )
    found = counted(session.timeline)
    assert (found.registrations, found.shared_chains) == (2, 1)
    assert found.reporting_origins == ("https://a.example", "https://b.example")
    assert found.severities == Counter(
        finding.severity for entry in session.timeline for finding in entry.findings
    )
    assert found.severities[Severity.ERROR] == 2
    assert session.summary().started == min(e.time for e in session.timeline if e.time is not None)


def test_who_only_gets_reports_is_a_reporting_origin_but_a_coordinator_is_none() -> None:
    at = "/.well-known/attribution-reporting/debug/verbose"
    keys = "/.well-known/aggregation-service/v1/public-keys"
    session = Session()
    for number, url in enumerate((f"http://localhost:9190{at}", f"https://keys.example{keys}")):
        method = "GET" if "keys" in url else "POST"
        session.recorded(
            Exchange(
                flow_id=str(number),
                url=url,
                method=method,
                status=200,
                started=1_800_000_000.0,
                request_lines=(),
            )
        )
    assert counted(session.timeline).reporting_origins == ("http://localhost:9190",)
