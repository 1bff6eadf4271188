from __future__ import annotations

import pytest

from ara_inspector.timeline import EntryKind
from ara_inspector.views.selection import (
    FilterError,
    Selection,
    is_of_host,
    read_filter,
    reporting_origins,
)
from exchanges import entries

TRAFFIC = """
page https://news.example/

ad https://a.example/one?campaign=Summer
< 302
< Location: https://sub.b.example/two
< Attribution-Reporting-Register-Source: {"destination":"https://shop.example","expiry":"1"}

ad https://sub.b.example/two
< Attribution-Reporting-Register-Source: {"destination":"https://shop.example"

page https://shop.example/

ad https://a.example/conversion
< Attribution-Reporting-Register-Trigger: {}

ad https://c.example/nothing
"""


def shown(text: str) -> set[str]:
    found = Selection(read_filter(text)).of(entries(TRAFFIC))
    return {
        str(getattr(entry.about, "url", entry.kind)).rpartition("/")[2].partition("?")[0]
        for entry in found
        if entry.kind is not EntryKind.BROWSER
    }


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", {"one", "two", "conversion", "nothing", "chain"}),
        ("kind:registration", {"one", "two", "conversion"}),
        ("kind:trigger,silent", {"conversion", "nothing"}),
        ("verdict:rejected", {"two"}),
        ("-verdict:registered kind:registration", {"two"}),
        ("origin:https://a.example kind:registration", {"one", "conversion"}),
        ("origin:https://a.example/ kind:trigger", {"conversion"}),
        ("origin:b.example", {"two", "chain"}),
        ("origin:example.b", set()),
        ("site:news.example", {"one", "two"}),
        ("severity:error", {"two"}),
        ("severity:warning", {"one", "two", "conversion"}),
        ("code:src004", {"one"}),
        ("code:SRC -severity:error", {"one"}),
        ("summer", {"one"}),
        ('text:"Summer"', {"one"}),
        ('"no such text"', set()),
        ("kind:silent nothing", {"nothing"}),
    ],
)
def test_what_a_filter_shows(text: str, wanted: set[str]) -> None:
    assert shown(text) == wanted


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sort:time", "sort: is no filter; there are origin:, site:, kind:"),
        ("kind:click", "kind:click: kind is one of registration, silent"),
        ("verdict:ok", "verdict:ok: verdict is one of registered, rejected"),
        ("severity:fatal", "severity:fatal: severity is one of error, warning, note"),
    ],
)
def test_a_filter_that_cannot_be_read_says_what_could_stand_there(text: str, message: str) -> None:
    with pytest.raises(FilterError) as error:
        read_filter(text)
    assert str(error.value).startswith(message)


def test_findings_of_ignored_codes_are_left_out_of_the_entry() -> None:
    kept = list(Selection(ignored=frozenset({"SRC004"})).of(entries(TRAFFIC)))
    assert len(kept) == len(entries(TRAFFIC))
    codes = {finding.rule.code for entry in kept for finding in entry.findings}
    assert codes
    assert "SRC004" not in codes


def test_a_chain_has_the_origins_of_its_hops() -> None:
    chain = next(entry for entry in entries(TRAFFIC) if entry.kind is EntryKind.CHAIN)
    assert reporting_origins(chain) == ("https://a.example", "https://sub.b.example")


def test_a_host_is_told_from_the_end_of_another() -> None:
    assert is_of_host("https://a.example:8443", "A.example")
    assert not is_of_host("https://nota.example", "a.example")
