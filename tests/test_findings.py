"""Wire text in messages: escaped, shortened, never lost without saying so."""

from __future__ import annotations

import json

import pytest

from ara_inspector.findings import Certainty, Finding, Rule, Severity, Words, printable, shown

RULE = Rule("TST001", "a-test", Severity.ERROR, "{given} is not {wanted}", "some-anchor")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("\x1b[31m", r"\x1b[31m"),
        ("a\nb", r"a\x0ab"),
        ("\u202eevil", r"\u202eevil"),
        ("\udcff", r"\udcff"),
        ("\U000e0001", r"\U000e0001"),
        ("bücher 広告", "bücher 広告"),
    ],
)
def test_printable(text: str, expected: str) -> None:
    assert printable(text) == expected


def test_shown_cuts_long_text_and_says_so() -> None:
    assert shown("x" * 100, limit=10) == '"xxxxxxxxxx"... (100 characters)'
    assert shown('say "hi"') == r'"say \"hi\""'
    assert shown(None) == "null"
    assert shown(1.5) == "1.5"


def test_finding_reads_from_its_rule() -> None:
    finding = RULE.at(("a", 0), given="\x1b", wanted=2)
    assert finding.message == r'"\u001b" is not 2'
    assert finding.severity is Severity.ERROR
    assert finding.certainty is Certainty.CERTAIN
    assert RULE.url.endswith("#some-anchor")
    assert Rule("T", "t", Severity.NOTE, "").url.endswith("/")


def test_the_place_of_a_finding_is_its_path_in_words() -> None:
    assert RULE.at(("a", 0, "b\x1b")).place == r"a[0].b\x1b"
    assert RULE.at((1, "q")).place == "[1].q"
    assert RULE.at().place == ""


def test_a_place_can_soften_the_severity() -> None:
    assert Finding(RULE, softened=Severity.WARNING).severity is Severity.WARNING


def test_words_of_ours_are_not_quoted_but_what_they_quote_is() -> None:
    finding = RULE.at(given=Words("a comma"), wanted=Words.quoting("like {}", "\x1b"))
    assert finding.message == r'a comma is not like "\u001b"'
    assert shown(Words("\x1b" + "x" * 100)) == r"\x1b" + "x" * 100
    assert json.dumps(finding.params["given"]) == '"a comma"'
    assert Words.quoting("{}", "{0}{}") == '"{0}{}"'
