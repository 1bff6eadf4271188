"""Header lines, joined as Chrome joins them."""

from __future__ import annotations

from ara_inspector.records import replace
from ara_inspector.registrations import Kind, has_ara_lines
from ara_inspector.registrations.lines import read_lines
from exchanges import exchanges, findings


def test_lines_are_joined() -> None:
    (exchange,) = exchanges(
        "ad https://r.example/\n"
        "< Attribution-Reporting-Register-Source: {}\n"
        "< attribution-reporting-register-source: {}\n"
        "< Attribution-Reporting-Info: report-header-errors\n"
        "< Attribution-Reporting-Redirect: https://a.example/\n"
        "< Attribution-Reporting-Redirect: https://b.example/"
    )
    lines = read_lines(exchange)
    assert lines.registrations == {Kind.SOURCE: "{}, {}"}
    assert lines.info == "report-header-errors"
    assert lines.redirects == ("https://a.example/", "https://b.example/")
    assert list(lines.findings) == ["attribution-reporting-register-source"]


def test_devtools_writes_repeated_lines_with_line_ends() -> None:
    (exchange,) = exchanges("ad https://r.example/")
    line = (b"attribution-reporting-register-trigger", b"{}\n{}")
    assert read_lines(replace(exchange, response_lines=(line,))).registrations == {
        Kind.TRIGGER: "{}, {}"
    }


def test_undecodable_names_and_values_are_no_trouble() -> None:
    (exchange,) = exchanges("ad https://r.example/")
    odd = replace(exchange, response_lines=((b"", b""), (b"attribution-reporting-\xff", b"\xff")))
    assert has_ara_lines(odd)
    assert not read_lines(odd).registrations


def test_lines_that_register_nothing_are_still_told() -> None:
    codes = {
        finding.rule.code
        for finding in findings(
            "image https://r.example/\n"
            "< Attribution-Reporting-Eligible: trigger\n"
            "< Attribution-Reporting-Regsiter-Source: {}\n"
            "< Attribution-Reporting-Redirect: https://a.example/"
        )
    }
    assert {"HDR011", "HDR012", "RSP036"} <= codes
