"""What is not ASCII in a header: who reads it decides what it comes to.

The names in brackets are the scenarios in which Chromium 138 was seen to do so.
"""

from __future__ import annotations

import pytest

from ara_inspector.findings import Certainty, Severity, Verdict
from ara_inspector.registrations.encoding import as_latin_1
from ara_inspector.spec.effective import Source
from exchanges import registrations

PAGE = "page https://pub.example/\n\n"
NAME = "< Attribution-Reporting-Register-Source:"
BOOKS = f'{NAME} {{"destination": "https://bücher.example"}}'
ESCAPED = f'{NAME} {{"destination": "https://b\\u00fccher.example"}}'
MARKED = f'{NAME} \ufeff{{"destination": "https://shop.example"}}'
BROKEN = f'{NAME} {{"destination": "https://shop.example", "x": "\udce9"}}'
LONG = f'{NAME} {{"destination": "https://shop.example", "filter_data": {{"{"é" * 12}": ["x"]}}}}'
ASIDE = f'{NAME} {{"destination": "https://shop.example", "x": "é"}}'
OS = '< Attribution-Reporting-Register-OS-Source: "https://bücher.example"'
EVENT = "> Attribution-Reporting-Eligible: event-source"
LINK = "click https://r.example/"
ELEMENT, FETCH = "ad https://r.example/", f"fetch https://r.example/\n{EVENT}"
XHR = f"cors https://r.example/\n{EVENT}\n< Access-Control-Allow-Origin: *"
BACKGROUND = "background https://r.example/"
CLICK = f"click-background https://r.example/\n{BOOKS}\n\nclick https://shop.example/"
AS_UTF_8, AS_LATIN_1 = "https://xn--bcher-kva.example", "https://xn--b14cher-xwa2143e.example"
REGISTERED, REJECTED = Verdict.REGISTERED, Verdict.REJECTED
CERTAIN, LIKELY = Certainty.CERTAIN, Certainty.LIKELY


def destination(effective: object) -> str:
    assert isinstance(effective, Source)
    (only,) = effective.destination
    return only


@pytest.mark.parametrize(
    ("name", "text", "expected", "certainty", "told"),
    [
        ("enc_img", ELEMENT, AS_LATIN_1, CERTAIN, True),
        ("enc_fetch", FETCH, AS_LATIN_1, LIKELY, True),
        ("enc_more: XHR", XHR, AS_LATIN_1, LIKELY, True),
        ("enc_bg, but a fetch() may look the same", BACKGROUND, AS_UTF_8, LIKELY, True),
        ("enc_nav", LINK, AS_UTF_8, CERTAIN, False),
    ],
)
def test_a_host(name: str, text: str, expected: str, certainty: Certainty, told: bool) -> None:
    (about,) = registrations(f"{PAGE}{text}\n{BOOKS}")
    assert destination(about.effective) == expected, name
    assert (about.verdict, about.certainty) == (REGISTERED, certainty)
    found = [finding for finding in about.findings if finding.rule.code == "RSP070"]
    assert [finding.certainty for finding in found] == [certainty] * told
    assert "bücher" in about.raw


def test_the_background_request_of_a_link_is_read_by_the_browser() -> None:
    (about,) = registrations(PAGE + CLICK)
    assert destination(about.effective) == AS_UTF_8
    assert "RSP070" not in {finding.rule.code for finding in about.findings}


@pytest.mark.parametrize("hop", ["ad", "background"])
def test_every_hop_is_read_as_the_first(hop: str) -> None:
    found = registrations(
        f"{PAGE}{hop} https://r.example/\n{BOOKS}\n< 302\n< Location: https://s.example/\n\n"
        f"{hop} https://s.example/\n{BOOKS}"
    )
    wanted = AS_LATIN_1 if hop == "ad" else AS_UTF_8
    assert [destination(about.effective) for about in found] == [wanted, wanted]


@pytest.mark.parametrize(
    ("name", "header", "of_page", "of_browser"),
    [
        ("a byte order mark", MARKED, REJECTED, REGISTERED),
        ("bytes that are no UTF-8", BROKEN, REGISTERED, REJECTED),
        ("a key of 24 bytes, of 48 if read as Latin-1", LONG, REJECTED, REGISTERED),
    ],
)
def test_what_only_one_reader_takes(
    name: str, header: str, of_page: Verdict, of_browser: Verdict
) -> None:
    (element,) = registrations(f"{PAGE}{ELEMENT}\n{header}")
    (click,) = registrations(f"{PAGE}{LINK}\n{header}")
    (fetch,) = registrations(f"{PAGE}{FETCH}\n{header}")
    (background,) = registrations(f"{PAGE}{BACKGROUND}\n{header}")
    assert (element.verdict, element.certainty) == (of_page, CERTAIN), name
    assert (click.verdict, click.certainty) == (of_browser, CERTAIN), name
    assert (fetch.verdict, fetch.certainty) == (of_page, LIKELY), name
    assert (background.verdict, background.certainty) == (of_browser, LIKELY), name


def test_a_refusal_in_doubt_says_why() -> None:
    (about,) = registrations(f"{PAGE}{FETCH}\n{MARKED}")
    refusal = about.findings[0]
    assert (refusal.rule.code, refusal.certainty) == ("RSP029", LIKELY)
    assert refusal.ground == about.ground == about.findings[1].ground
    assert about.ground.startswith("the wire does not tell")


def test_a_beacon_is_read_by_the_browser_as_far_as_can_be_told() -> None:
    trigger = "< Attribution-Reporting-Register-Trigger: \ufeff{}"
    (about,) = registrations(f"{PAGE}beacon https://r.example/\n{trigger}")
    assert (about.verdict, about.certainty) == (REGISTERED, LIKELY)
    (told,) = [finding for finding in about.findings if finding.rule.code == "RSP070"]
    assert told.severity is Severity.WARNING
    assert told.message == (
        "what is not ASCII is read as UTF-8 here, as Latin-1 elsewhere: write \\uXXXX escapes"
    )


@pytest.mark.parametrize("header", [ASIDE, ESCAPED, OS])
@pytest.mark.parametrize("text", [ELEMENT, FETCH, BACKGROUND])
def test_what_comes_to_the_same_is_not_told(text: str, header: str) -> None:
    (about,) = registrations(f"{PAGE}{text}\n{header}")
    assert "RSP070" not in {finding.rule.code for finding in about.findings}


def test_bytes_are_kept_on_the_way() -> None:
    sent = bytes(range(256))
    assert as_latin_1(sent.decode("utf-8", "surrogateescape")) == sent.decode("latin-1")
