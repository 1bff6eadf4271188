"""Inspected captures from texts in the language of `exchanges`, and what becomes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ara_inspector.checking.candidates import candidates
from ara_inspector.checking.expectation_file import read_expectations
from ara_inspector.checking.expectations import compare
from ara_inspector.checking.inspection import Inspection
from exchanges import watched

if TYPE_CHECKING:
    from ara_inspector.checking.candidates import Candidate

PUB = "\npage https://pub.example/\n"
SHOP = "\npage https://shop.example/\n"
VERBOSE = "/.well-known/attribution-reporting/debug/verbose"
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
KEYED = ', "aggregation_keys": {"a": "0x1"}'
"""A source's members, more than the usual ones."""
BOTH = (
    '"event_trigger_data": [{}], "aggregatable_trigger_data": [{"source_keys": ["a"], '
    '"key_piece": "0x1"}], "aggregatable_values": {"a": 1}, "debug_reporting": true'
)
"""A trigger's members for both levels."""


def source(members: str = "", *, host: str = "r1.example", how: str = "ad") -> str:
    header = '{"destination": "https://shop.example", "source_event_id": "5"' + members + "}"
    return f"\n{how} https://{host}/i\n< Attribution-Reporting-Register-Source: {header}\n"


def trigger(members: str = '"event_trigger_data": [{}]') -> str:
    return f"\nad https://r1.example/c\n< Attribution-Reporting-Register-Trigger: {{{members}}}\n"


def verbose(*types: str) -> str:
    body = '{"attribution_destination": "https://shop.example", "source_event_id": "5", '
    body += '"source_site": "https://pub.example"}'
    data = ", ".join(f'{{"type": "{name}", "body": {body}}}' for name in types)
    return f"\nreport https://r1.example{VERBOSE}\n= [{data}]\n"


def inspected(text: str, name: str = "a.flows") -> Inspection:
    session = watched(text)
    return Inspection(name, tuple(session.timeline), session.summary())


def offered(what: str, text: str) -> list[Candidate]:
    return candidates(what, [inspected(text)])


def failures(expectations: str, *captures: Inspection) -> list[str]:
    """What a file of expectations finds missing in captures."""
    return [each.text for each in compare(read_expectations(expectations), captures).unmet]
