"""Colour only where it is wanted, and never around nothing."""

from __future__ import annotations

from ara_inspector.findings import Severity, Verdict
from ara_inspector.views.style import Style, encodable


def test_plain_is_plain() -> None:
    assert Style.PLAIN.bold("x") == "x"
    assert Style.PLAIN.verdict("x", Verdict.REJECTED) == "x"


def test_colour() -> None:
    assert Style.COLOUR.bold("x") == "\x1b[1mx\x1b[0m"
    assert Style.COLOUR.dim("") == ""
    for verdict in Verdict:
        assert Style.COLOUR.verdict("x", verdict).endswith("x\x1b[0m")
    for severity in Severity:
        assert Style.COLOUR.severity("x", severity).endswith("x\x1b[0m")
    assert Style.COLOUR.verdict("x", None) == Style.COLOUR.severity("x", None) == "x"


def test_what_an_encoding_lacks_is_escaped() -> None:
    assert encodable("a…\udc80", "ascii") == "a\\u2026\\udc80"
    assert encodable("a…\udc80", None) == "a…\\udc80"
