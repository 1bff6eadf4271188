from __future__ import annotations

import json
from pathlib import Path

import pytest

from ara_inspector.checking.baseline import (
    BaselineError,
    baseline_text,
    fingerprint,
    read_baseline,
    url_pattern,
)
from ara_inspector.checking.gate import FailOn, Gate
from ara_inspector.checking.inspection import inspect_capture
from exchanges import entries

FLOWS = Path(__file__).parents[2] / "fixtures" / "flows"

TRAFFIC = """
page https://news.example/article/{n}

ad https://a.example/imp/{n}77/pixel.gif?click={n}&user=u{n}
< Attribution-Reporting-Register-Source: {{"destination":"https://shop.example","source_event_id":{n}1}}

ad https://b.example/
< Attribution-Reporting-Register-Source: {{"destination":"https://shop.example","expiry":"{n}"}}
"""


@pytest.mark.parametrize(
    ("url", "pattern"),
    [
        ("https://a.example/", "https://a.example/"),
        ("https://a.example:8443/pixel.gif?b=1&a=&b=2", "https://a.example:8443/pixel.gif?a&b"),
        ("https://a.example/v2/12345/x", "https://a.example/v2/*/x"),
        ("https://a.example/u/deadbeef/", "https://a.example/u/*/"),
        ("https://a.example/?1234567=x", "https://a.example/?*"),
        ("https://[::1/", "*"),
    ],
)
def test_what_differs_from_run_to_run_is_left_out_of_a_url(url: str, pattern: str) -> None:
    assert url_pattern(url) == pattern


def test_a_re_recording_finds_the_same() -> None:
    first, second = (
        {
            fingerprint(entry, finding)
            for entry in entries(TRAFFIC.format(n=number))
            for finding in entry.findings
        }
        for number in (12, 345)
    )
    assert first == second
    assert (
        "REG010 error source (event) https://a.example/imp/*/pixel.gif?click&user "
        "on https://news.example at source_event_id"
    ) in first


def test_other_kinds_of_entries_have_names_as_well() -> None:
    found = inspect_capture(FLOWS / "realistic_session.flows").timeline
    names = [fingerprint(entry, finding) for entry in found for finding in entry.findings]
    assert any(" silent " in name for name in names)


def test_only_what_is_new_fails() -> None:
    known = read_baseline(baseline_text(entries(TRAFFIC.format(n=12))))
    again = entries(TRAFFIC.format(n=77))
    assert not list(Gate(FailOn.WARNING, known).failures(again))
    other = entries(TRAFFIC.format(n=77).replace("https://b.example/", "https://c.example/"))
    failing = {entry.reporting_origin for entry, _ in Gate(FailOn.WARNING, known).failures(other)}
    assert failing == {"https://c.example"}


def test_notes_are_not_kept_and_the_file_is_sorted() -> None:
    names = json.loads(baseline_text(entries(TRAFFIC.format(n=12))))["findings"]
    assert names == sorted(names)
    assert all(name.split()[1] in {"error", "warning"} for name in names)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "it is not JSON"),
        ("[]", 'its "schema" is not ara-inspector/baseline/1'),
        ('{"schema":"ara-inspector/baseline/2"}', 'its "schema" is not'),
        ('{"schema":"ara-inspector/baseline/1"}', 'its "findings" is not a list'),
        ('{"schema":"ara-inspector/baseline/1","findings":[1]}', 'its "findings" is not a list'),
    ],
)
def test_a_file_that_is_no_baseline_says_why(text: str, message: str) -> None:
    with pytest.raises(BaselineError, match=message):
        read_baseline(text)
