"""What a browser is, and whether the API can work in it."""

from __future__ import annotations

import pytest

from ara_inspector.browser import Sightings, account, identify
from ara_inspector.findings import Certainty
from ara_inspector.registrations import read_request
from exchanges import CHROME, exchanges, watched

BRANDS = '"Not)A;Brand";v="8", "Chromium";v="138", "HeadlessChrome";v="138"'
SAFARI = "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15"


@pytest.mark.parametrize(
    ("agent", "brands", "name", "ara", "code"),
    [
        (CHROME, None, "Chrome 138", True, None),
        ("Mozilla/5.0 HeadlessChrome/138.0.1 Safari/537.36", None, "Chrome 138", True, None),
        (None, BRANDS, "Chrome 138", True, None),
        ("Mozilla/5.0 Chrome/114.0 Safari", None, "Chrome 114", None, "BRW005"),
        ("Mozilla/5.0 Chrome/144.0 Safari", None, "Chrome 144", True, "BRW002"),
        ("Mozilla/5.0 Chrome/150.0 Safari", None, "Chrome 150", None, "BRW004"),
        ("Mozilla/5.0 Chrome/152.0 Safari", None, "Chrome 152", False, "BRW001"),
        ("Mozilla/5.0 Chrome/138.0 Edg/138.0", None, "Edge 138", None, None),
        ("Mozilla/5.0 Chrome/138.0 OPR/124.0", None, "Opera 138", None, None),
        ("Mozilla/5.0 Chrome/138.0 Vivaldi/7.0", None, "Vivaldi 138", None, None),
        ("Mozilla/5.0 Gecko/20100101 Firefox/140.0", None, "Firefox 140", False, "BRW003"),
        (SAFARI, None, "Safari 18", False, "BRW003"),
        ("Mozilla/5.0 (iPhone) CriOS/138.0 Mobile", None, "CriOS 138", False, "BRW003"),
        ("curl/8.5.0", None, "curl", False, "BRW003"),
        ("", None, "an unnamed client", None, None),
        (None, None, "an unnamed client", None, None),
    ],
)
def test_identity(
    agent: str | None, brands: str | None, name: str, ara: bool | None, code: str | None
) -> None:
    found = identify(agent, brands)
    assert (found.text, found.ara) == (name, ara)
    assert (found.rule.code if found.rule is not None else None) == code


@pytest.mark.parametrize(
    ("agent", "seen", "works", "certainty", "words"),
    [
        (CHROME, Sightings(eligible=1, support="web"), True, Certainty.CERTAIN, "with: web"),
        ("Chrome/152.0", Sightings(eligible=1), True, Certainty.CERTAIN, "has the API; no Support"),
        ("curl/8.5.0", Sightings(eligible=1), True, Certainty.CERTAIN, "judged as a Chrome"),
        (
            "Chrome/152.0",
            Sightings(answers=9),
            False,
            Certainty.LIKELY,
            "nothing can be registered",
        ),
        (CHROME, Sightings(answers=20, requests=50), None, Certainty.LIKELY, "seems to be off"),
        (CHROME, Sightings(answers=1), True, Certainty.LIKELY, "no Eligible header was seen"),
        ("Chrome/150.0", Sightings(), None, Certainty.UNKNOWN, "no Eligible header was seen"),
    ],
)
def test_account(
    agent: str, seen: Sightings, works: bool | None, certainty: Certainty, words: str
) -> None:
    found = account(identify(agent, None), seen)
    assert (found.works, found.certainty) == (works, certainty)
    assert words in found.sentence


def test_an_error_about_the_name_is_dropped_once_the_browser_shows_otherwise() -> None:
    found = account(identify("Chrome/152.0", None), Sightings(eligible=1))
    assert found.findings == ()


def sightings(text: str) -> Sightings:
    seen = Sightings()
    for exchange in exchanges(text):
        seen.saw(read_request(exchange))
    return seen


def test_sightings() -> None:
    seen = sightings(
        "ad https://a.example/\n\nimage https://b.example/\n\n"
        "report https://a.example/.well-known/attribution-reporting/debug/verbose"
    )
    assert seen == Sightings(requests=2, eligible=1, support="web")
    assert (
        sightings("ad https://a.example/\n> Attribution-Reporting-Support: x").support == "nothing"
    )


def test_one_clear_sentence_when_the_api_cannot_work() -> None:
    summary = watched(
        "page https://a.example/\n> User-Agent: Chrome/152.0\n\n"
        "image https://b.example/\n> User-Agent: Chrome/152.0\n"
        "< Attribution-Reporting-Register-Trigger: {}"
    ).summary()
    assert summary.sentence.startswith("The API cannot work here: Chrome 152 has no Attribution")
    (browser,) = summary.browsers
    assert browser.works is False
