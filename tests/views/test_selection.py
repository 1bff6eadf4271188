from __future__ import annotations

import pytest

from ara_inspector.timeline import EntryKind
from ara_inspector.views.selection import (
    FilterError,
    Selection,
    is_of_host,
    read_filter,
    read_typed_filter,
    reporting_origins,
)
from exchanges import entries
from filter_cases import REFUSED, SHOWN, TRAFFIC


def shown(text: str) -> set[str]:
    found = Selection(read_filter(text)).of(entries(TRAFFIC))
    return {
        str(getattr(entry.about, "url", entry.kind)).rpartition("/")[2].partition("?")[0]
        for entry in found
        if entry.kind is not EntryKind.BROWSER
    }


@pytest.mark.parametrize(("text", "wanted"), SHOWN)
def test_what_a_filter_shows(text: str, wanted: set[str]) -> None:
    assert shown(text) == wanted


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_a_filter_that_cannot_be_read_says_what_could_stand_there(text: str, message: str) -> None:
    with pytest.raises(FilterError) as error:
        read_filter(text)
    assert str(error.value) == message


def test_a_typed_filter_knows_rules_by_name_and_no_others() -> None:
    typed = read_typed_filter("kind:source -code:src,number-for-string")
    assert typed == read_filter("kind:source -code:SRC,REG010")
    with pytest.raises(FilterError, match="no rule's code begins with 'SRC0004', did you mean"):
        read_typed_filter("code:SRC,SRC0004")


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
