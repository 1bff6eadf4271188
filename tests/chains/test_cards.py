"""What a chain is told as."""

from __future__ import annotations

import pytest

from ara_inspector.chains import ChainCard, SilentHop
from ara_inspector.findings import Verdict
from ara_inspector.session import Limits, Session
from exchanges import entries, exchanges

PAGE = "page https://pub.example/\n\n"
SOURCE = '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example"}'
OTHER = '< Attribution-Reporting-Register-Source: {"destination": "https://other.example"}'


def hop(name: str, target: str | None, *lines: str) -> str:
    redirect = () if target is None else ("< 302", f"< Location: https://{target}.example/")
    return "\n".join((f"ad https://{name}.example/", *redirect, *lines))


def card(*paragraphs: str) -> ChainCard:
    (found,) = (
        entry.about
        for entry in entries(PAGE + "\n\n".join(paragraphs))
        if isinstance(entry.about, ChainCard)
    )
    return found


def test_a_card_tells_the_hops_and_the_totals() -> None:
    found = card(hop("one", "two", SOURCE), hop("two", "three"), hop("three", None, SOURCE))
    assert found.totals == "3 reporters, 2 registered, 1 silent; ended at hop 3: 200"
    assert (found.reporters, found.registered, found.silent) == (3, 2, 1)
    assert [row.number for row in found.hops] == [1, 2, 3]
    assert [row.reporting_origin for row in found.hops] == [
        "https://one.example",
        "https://two.example",
        "https://three.example",
    ]
    assert found.hops[0].milliseconds == 50.0
    assert found.hops[0].eligibility == ("event-source", "trigger")
    assert [row.verdict for row in found.hops[0].registrations] == [Verdict.REGISTERED]
    assert found.findings == ()


@pytest.mark.parametrize(
    ("paragraphs", "ended", "codes"),
    [
        ((hop("one", "two", SOURCE), hop("two", None)), "ended at hop 2: 200", []),
        (
            (hop("one", "two", SOURCE),),
            "broke off at hop 1: https://two.example/ was not requested",
            ["CHN004"],
        ),
        (
            (hop("one", "two", SOURCE), hop("two", None, "! connection refused")),
            "failed at hop 2: connection refused",
            ["CHN006"],
        ),
        (
            (hop("one", "two", SOURCE), hop("two", None, SOURCE, "! broke off")),
            "ended at hop 2: 200",
            [],
        ),
        (
            (hop("one", "two", SOURCE), hop("two", "one"), hop("one", None)),
            "ended at hop 3: 200",
            ["CHN005"],
        ),
        (
            (hop("one", "two", SOURCE), hop("two", None, OTHER)),
            "ended at hop 2: 200",
            ["CHN001"],
        ),
    ],
)
def test_how_chains_end(paragraphs: tuple[str, ...], ended: str, codes: list[str]) -> None:
    found = card(*paragraphs)
    assert found.ended == ended
    assert [finding.rule.code for finding in found.findings] == codes


def test_a_reporter_that_registers_once_is_not_silent_elsewhere() -> None:
    found = card(
        "ad https://one.example/a\n< 302\n< Location: https://one.example/b",
        f"ad https://one.example/b\n{SOURCE}",
    )
    assert found.totals == "1 reporter, 1 registered, 0 silent; ended at hop 2: 200"


def test_while_the_next_hop_may_come_the_card_waits() -> None:
    session = Session()
    page, one, two = exchanges(f"{PAGE}{hop('one', 'two', SOURCE)}\n\n{hop('two', None)}")
    session.recorded(page)
    session.recorded(one)

    def told() -> ChainCard:
        (found,) = (e.about for e in session.timeline if isinstance(e.about, ChainCard))
        return found

    assert told().ended == "waiting for https://two.example/"
    session.requested(two)
    session.complete(two)
    assert told().ended == "ended at hop 2: 200"


def test_the_answer_of_a_hop_is_waited_for() -> None:
    session = Session()
    page, one, two, later = exchanges(
        f"{PAGE}{hop('one', 'two', SOURCE)}\n\n{hop('two', 'three')}\n\n{hop('four', None)}"
    )
    for exchange in (page, one):
        session.recorded(exchange)
    session.requested(two)
    (entry,) = (e for e in session.timeline if isinstance(e.about, ChainCard))
    assert isinstance(entry.about, ChainCard)
    assert entry.about.ended == "waiting for the answer of hop 2"
    session.recorded(later)


def test_a_registration_dropped_from_the_timeline_is_dropped_from_the_card() -> None:
    session = Session(Limits(entries=2))
    for exchange in exchanges(f"{PAGE}{hop('one', 'two', SOURCE)}\n\n{hop('two', None, SOURCE)}"):
        session.recorded(exchange)
    (found,) = (e.about for e in session.timeline if isinstance(e.about, ChainCard))
    assert [len(row.registrations) for row in found.hops] == [0, 1]


@pytest.mark.parametrize(
    ("text", "silent"),
    [
        ("ad https://r.example/", True),
        ("click https://r.example/", True),
        ("image https://r.example/", False),
        ("fetch https://r.example/\n> Attribution-Reporting-Eligible: not-trigger", False),
        ("frame https://r.example/\n> Attribution-Reporting-Eligible: navigation-source", False),
        ("ad https://r.example/\n! no answer", False),
        (f"ad https://r.example/\n{SOURCE}", False),
    ],
)
def test_silent_hops(text: str, silent: bool) -> None:
    found = [e.about for e in entries(PAGE + text) if isinstance(e.about, SilentHop)]
    assert bool(found) is silent
    if found:
        assert found[0].reporting_origin == "https://r.example"
        assert [finding.rule.code for finding in found[0].findings] == ["CHN009"]


def test_a_hop_without_times_has_no_milliseconds() -> None:
    from ara_inspector.records import replace  # noqa: PLC0415 - only here

    session = Session()
    for exchange in exchanges(f"{PAGE}{hop('one', 'two', SOURCE)}"):
        session.recorded(replace(exchange, started=None, answered=None))
    (found,) = (e.about for e in session.timeline if isinstance(e.about, ChainCard))
    assert found.hops[0].milliseconds is None
