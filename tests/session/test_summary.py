"""The sentence that comes first."""

from __future__ import annotations

import pytest

from exchanges import watched

TRIGGER = "\n< Attribution-Reporting-Register-Trigger: {}"
OLD = "\n> User-Agent: Chrome/114.0"
GONE = "\n> User-Agent: Chrome/152.0"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "No Attribution Reporting traffic: no Eligible header, no Register header."),
        ("page https://a.example/", "No Attribution Reporting traffic"),
        (f"page https://a.example/{OLD}", "Chrome 114: no Eligible header was seen so far."),
        (f"page https://a.example/{GONE}", "The API cannot work here: Chrome 152 has no"),
        (f"image https://a.example/{TRIGGER}", "1 registration: 1 registered."),
        (f"image https://a.example/{OLD}{TRIGGER}", "1 registered. Chrome 114: no Eligible"),
        ("ad https://a.example/", "1 eligible request, none answered with a Register header."),
        (f"ad https://a.example/{TRIGGER}\n\nimage https://b.example/{TRIGGER}{GONE}", "2 reg"),
    ],
)
def test_sentence(text: str, words: str) -> None:
    assert words in watched(text).summary().sentence
