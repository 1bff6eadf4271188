"""Clicks whose answers call client hints critical, as Chromium 138 was seen to take them.

`fixtures/flows/clicks_started_anew` has some of these.
"""

from __future__ import annotations

import pytest

from ara_inspector.chains import ActionCard, ChainCard
from ara_inspector.findings import Certainty, Severity, Verdict
from exchanges import entries, registrations

PAGE = "page https://pub.example/\n\n"
SOURCE = '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example"}'
MODEL = "Sec-CH-UA-Model"
HINTS = f"< Accept-CH: {MODEL}\n< Critical-CH: {MODEL}"
SENT = f'> {MODEL}: ""'
ON = "< 302\n< Location: https://two.example/"
THROWN = [Verdict.IGNORED]
TAKEN = [Verdict.REGISTERED]


def verdicts(text: str) -> list[Verdict]:
    return [about.verdict for about in registrations(PAGE + text)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (HINTS, THROWN),
        (f"{HINTS}\n{ON}", THROWN),
        (f"{HINTS}\n{SENT}", TAKEN),
        (f"< Accept-CH: {MODEL}", TAKEN),
        (f"< Critical-CH: {MODEL}", TAKEN),
        (f"< Accept-CH: Sec-CH-UA-Arch\n< Critical-CH: {MODEL}", TAKEN),
        ("< Accept-CH: dpr\n< Critical-CH: DPR", THROWN),
        (f"< Accept-CH: a, {MODEL};x\n< Accept-CH: b\n< Critical-CH: c, {MODEL}", THROWN),
        # Chrome sends none of these with a navigation, or always does.
        ("< Accept-CH: Width\n< Critical-CH: Width", TAKEN),
        ("< Accept-CH: Sec-CH-UA\n< Critical-CH: Sec-CH-UA", TAKEN),
        ("< Accept-CH: X\n< Critical-CH: X", TAKEN),
        # No list of tokens.
        (f'< Accept-CH: {MODEL}\n< Critical-CH: "{MODEL}"', TAKEN),
        (f"< Accept-CH: {MODEL}\n< Critical-CH: {MODEL},,", TAKEN),
    ],
)
def test_an_answer_without_its_critical_hints_is_thrown_away(
    lines: str, expected: list[Verdict]
) -> None:
    assert verdicts(f"click https://one.example/\n{lines}\n{SOURCE}") == expected


@pytest.mark.parametrize("kind", ["ad", "background"])
def test_only_navigations_are_started_anew(kind: str) -> None:
    assert verdicts(f"{kind} https://one.example/\n{HINTS}\n{SOURCE}") == TAKEN


def test_not_over_http() -> None:
    text = f"page http://pub.example/\n\nclick http://one.example/\n{HINTS}\n{SOURCE}"
    (about,) = registrations(text)
    assert about.findings[0].rule.code == "RSP006"


def test_what_is_thrown_away_is_told_as_inferred_and_no_error() -> None:
    (about,) = registrations(f"{PAGE}click https://one.example/\n{HINTS}\n{SOURCE}")
    assert about.certainty is Certainty.LIKELY
    assert [f.rule.code for f in about.findings] == ["RSP065"]
    assert about.severity is Severity.NOTE


ONE = f"click https://one.example/\n{ON}\n{SOURCE}"
LANDING = f"click https://two.example/\n{HINTS}"
FROM_PAGE = "> Referer: https://pub.example/"
SECOND_TIME = f"{ONE}\n{FROM_PAGE}\n\n{LANDING}\n{FROM_PAGE}\n{SENT}"
AGAIN = f"{ONE}\n\n{LANDING}\n\n{SECOND_TIME}"


def test_the_hops_before_register_twice() -> None:
    assert verdicts(AGAIN) == TAKEN * 2
    found = [entry.about for entry in entries(PAGE + AGAIN)]
    cards = [about for about in found if isinstance(about, ChainCard)]
    assert [card.ended for card in cards] == ["started anew at hop 2: 200", "ended at hop 2: 200"]
    assert [[f.rule.code for f in card.findings] for card in cards] == [["CHN017"], []]
    assert cards[0].findings[0].params == {
        "hop": 2,
        "hints": "sec-ch-ua-model",
        "url": "https://one.example/",
    }


def test_it_is_one_click() -> None:
    background = f"click-background https://bg.example/\n{SOURCE}"
    found = entries(f"{PAGE}{background}\n\n{AGAIN}")
    (card,) = (entry.about for entry in found if isinstance(entry.about, ActionCard))
    assert card.navigation == "https://one.example/"
    assert len(card.chains) == 3
    # Another click is not part of it.
    other = SECOND_TIME.replace("one.example", "else.example")
    found = entries(f"{PAGE}{background}\n\n{ONE}\n\n{LANDING}\n\n{other}")
    (card,) = (entry.about for entry in found if isinstance(entry.about, ActionCard))
    assert len(card.chains) == 2


def test_the_redirect_of_an_answer_that_is_thrown_away_is_not_awaited() -> None:
    hinting = f"click https://one.example/\n{HINTS}\n{ON}\n{SOURCE}"
    found = entries(f"{PAGE}{hinting}\n\n{hinting}\n{SENT}\n\nclick https://two.example/")
    cards = [entry.about for entry in found if isinstance(entry.about, ChainCard)]
    assert [[hop.url for hop in card.hops] for card in cards] == [
        ["https://one.example/", "https://two.example/"]
    ]


@pytest.mark.parametrize(
    ("first", "certainty"), [(SENT, Certainty.LIKELY), ("> X: y", Certainty.CERTAIN)]
)
def test_hints_may_have_come_along_with_a_redirect(first: str, certainty: Certainty) -> None:
    two = f"click https://two.example/\n{HINTS}\n{SENT}\n{SOURCE}"
    *_, about = registrations(f"{PAGE}{ONE}\n{first}\n\n{two}")
    assert (about.verdict, about.certainty) == (Verdict.REGISTERED, certainty)
