from __future__ import annotations

import re
from typing import TYPE_CHECKING

import hostile
from ara_inspector.flows import exchange_of
from ara_inspector.records import replace
from ara_inspector.reports import read_report
from ara_inspector.session import Session
from ara_inspector.timeline import Entry, EntryKind
from ara_inspector.views.account import RAW_SHOWN, alone_text, entry_text, flow_text
from exchanges import entries
from fake_session import a_session, report_exchange, source

if TYPE_CHECKING:
    from ara_inspector.registrations import Registration


def told(number: int) -> str:
    entry = a_session().timeline.get(number)
    assert entry is not None
    return entry_text(entry)


def entry_of(about: Registration) -> Entry:
    return Entry(7, about.time, EntryKind.REGISTRATION, about.reporting_origin, about)


def test_a_registration_in_full() -> None:
    text = told(2)
    for part in (
        "#2  REGISTERED  source (event)  for a.example",
        "because           certain: an eligible answer with a valid header",
        "site              news.example?  (likely: the Referer header)",
        "for               shop.example",
        "eligible for      event-source, trigger",
        "WARNING SRC004 expiry-clamped at expiry:",
        "What the browser does:",
        "Attribution-Reporting-Register-Source:",
        '"source_event_id": "17"',
    ):
        assert part in text


def test_alone_a_flow_tells_only_what_is_certain() -> None:
    timeline = list(a_session().timeline)
    by_number = {entry.number: alone_text([entry]) for entry in timeline}
    assert by_number[2].startswith(
        "SOURCE (EVENT)  for a.example\n\n  WARNING SRC004 expiry-clamped"
    )
    assert '"source_event_id": "17"' in by_number[2]
    assert by_number[3] == "NOTHING REGISTERED\n  eligible for      event-source, trigger"
    assert by_number[9].startswith("REPORT\n  report            event-level to a.example\n")
    assert '"trigger_data": "3"' in by_number[9]
    # Of the browser, chains, actions and pages no single flow tells anything for certain.
    assert [by_number[number] for number in (1, 6, 7, 10)] == [""] * 4
    told = alone_text(timeline)
    for guess in (r"#\d", "news.example", "CHAIN", "chain  ", "likely", "REGISTERED  "):
        assert not re.search(guess, told), guess


def test_what_is_missing_is_said() -> None:
    assert "effective value: none, nothing is kept" in told(5)
    assert "eligible for      no Eligible header" in told(8)
    assert "DevTools issue    SourceIgnored" in told(4)


def test_every_other_kind_says_what_it_is_about() -> None:
    assert "Chrome 138 has the API and uses it" in told(1)
    assert "could have been registered: event-source, trigger" in told(3)
    assert "2. b.example  302  nothing" in told(6)
    assert "one click: a navigation and a background request" in told(7)
    report = told(9)
    assert "event-level to a.example" in report
    assert "refused, 500" in report
    assert "trigger           #8, likely: the trigger data" in report
    assert '"trigger_data": "3"' in report
    assert "proven site       other.example" in told(10)
    assert "https://d.example/" in told(11)


def test_a_redirected_report_says_where_to() -> None:
    posted = replace(
        report_exchange(), status=302, response_lines=((b"location", b"https://z.example/"),)
    )
    report = read_report(posted)
    assert report is not None
    text = entry_text(Entry(1, None, EntryKind.REPORT, "https://a.example", report))
    assert "redirected to     https://z.example/" in text


def test_an_empty_and_a_long_header() -> None:
    assert "    (empty)" in entry_text(entry_of(source("")))
    text = entry_text(entry_of(source("x" * 5_000_000)))
    assert "... (5,000,000 characters)" in text
    assert len(text) < 2 * RAW_SHOWN


def test_a_flow_is_told_with_its_chain_last() -> None:
    entries = [e for e in a_session().timeline if e.number in {2, 6, 7}]
    text = flow_text([entries[2], entries[1], entries[0]])
    assert text.index("#2  REGISTERED") < text.index("CHAIN c1") < text.index("#7  ACTION")
    assert "flow flow-2" in text
    assert text.count("CHAIN c1") == 1


def test_what_is_found_about_a_chain_stands_below_it() -> None:
    text = "page https://pub.example/\n\nclick https://a.example/\n< 302\n< Location: tel:1\n"
    text += '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example"}'
    told = flow_text(entry for entry in entries(text) if entry.kind is EntryKind.CHAIN)
    assert told.startswith("CHAIN c1  1 reporter")
    assert told.count("WARNING CHN015 redirect-not-followed") == 1


def test_hostile_texts_are_escaped_and_break_no_line() -> None:
    session = Session()
    for flow in hostile.flows():
        session.recorded(exchange_of(flow))
    session.finish()
    text = "\n".join(entry_text(entry) for entry in session.timeline)
    assert all(line.isprintable() for line in text.splitlines())
    for fragment in hostile.FRAGMENTS[2:]:
        assert fragment not in text
