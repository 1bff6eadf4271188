"""Clicks that come to nothing after a redirect, as Chromium 138 was seen to take them.

`fixtures/flows/clicks_read_twice` has most of these.
"""

from __future__ import annotations

import pytest

from ara_inspector.attribution.fates import SourceFate
from ara_inspector.chains import ChainCard
from ara_inspector.findings import Certainty, Verdict
from ara_inspector.registrations import Registration
from ara_inspector.session import Session
from exchanges import entries, exchanges, registrations

PAGE = "page https://pub.example/\n\n"
SOURCE = '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example"}'
TRIGGER = '< Attribution-Reporting-Register-Trigger: {"event_trigger_data": [{}]}'
ONE = f"click https://one.example/\n< 302\n< Location: https://two.example/\n{SOURCE}\n\n"
CUT = "click https://two.example/\n! Connection killed."


def leading(location: str) -> str:
    return f"< 302\n< Location: {location}\n{SOURCE}"


def again(text: str) -> list[tuple[str, str]]:
    """Of what is read again: the hosts of the reporting origin and of the answer."""
    return [
        ((about.reporting_origin or "").removeprefix("https://"), about.url.split("/")[2])
        for about in registrations(text)
        if about.findings and about.findings[0].rule.code == "CHN016"
    ]


ONE_AGAIN = [("one.example", "one.example")]
TWO_AGAIN = [("two.example", "two.example")]
TWO_FOR_ONE = [("one.example", "two.example")]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        # It goes where no request is made.
        (leading("mailto:a@b.example"), TWO_AGAIN),
        (leading("intent://x#Intent;end"), TWO_AGAIN),
        (leading("https://three.example:6000/"), TWO_AGAIN),
        # The browser refuses the redirect.
        (leading("javascript:1"), TWO_FOR_ONE),
        (leading("view-source:https://three.example/"), TWO_FOR_ONE),
        (leading("chrome-error://chromewebdata/"), TWO_FOR_ONE),
        # The network refuses it, or the whole answer.
        (leading("data:text/html,x"), ONE_AGAIN),
        (leading("https://"), ONE_AGAIN),
        (f"{leading('/a')}\n< Location: /b", ONE_AGAIN),
        (f"< 407\n{SOURCE}", ONE_AGAIN),
        (f"< 304\n{SOURCE}", ONE_AGAIN),
        # There is no answer, for the browser.
        ("! Connection killed.", ONE_AGAIN),
        ("! Client disconnected.", ONE_AGAIN),
        ("! stream reset by client (CANCEL)", ONE_AGAIN),
        ("! net::ERR_NAME_NOT_RESOLVED", ONE_AGAIN),
        # In the server's place, the proxy answers.
        ("! server closed connection", []),
        # It comes to something.
        (SOURCE, []),
        ("< 204", []),
        (f"< 500\n{SOURCE}", []),
        (f"{SOURCE}\n! Client disconnected.", []),
        (leading("https://three.example/"), []),
    ],
)
def test_the_last_answer_is_read_again(answer: str, expected: list[tuple[str, str]]) -> None:
    assert again(f"{PAGE}{ONE}click https://two.example/\n{answer}") == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (leading("mailto:x"), [("two.example", "two.example")]),
        # There is no hop before it.
        (leading("javascript:1"), []),
        (leading("data:text/html,x"), []),
        ("! Connection killed.", []),
        (f"< 407\n{SOURCE}", []),
    ],
)
def test_of_a_single_hop(answer: str, expected: list[tuple[str, str]]) -> None:
    assert again(f"{PAGE}click https://two.example/\n{answer}") == expected


def test_of_three_hops_the_last_two_matter() -> None:
    two = "click https://two.example/\n" + leading("https://three.example/")
    refused = "click https://three.example/\n" + leading("javascript:1")
    assert again(f"{PAGE}{ONE}{two}\n\n{refused}") == [("two.example", "three.example")]


@pytest.mark.parametrize("kind", ["ad", "background", "click-background", "link", "frame"])
def test_only_of_clicks_that_may_register(kind: str) -> None:
    first = ONE.replace("click", kind)
    assert again(f"{PAGE}{first}{CUT.replace('click', kind)}") == []
    assert again(f"{PAGE}{kind} https://one.example/\n" + leading("mailto:x")) == []


@pytest.mark.parametrize(
    "header",
    [
        TRIGGER,
        '< Attribution-Reporting-Register-OS-Source: "https://os.example/"',
        "< Attribution-Reporting-Register-Source: {}",
    ],
)
def test_only_sources_that_register(header: str) -> None:
    assert again(f"{PAGE}click https://one.example/\n< 302\n< Location: tel:1\n{header}") == []


def test_not_for_a_hop_over_http() -> None:
    over_http = "click http://one.example/\n< 302\n< Location: https://two.example/\n\n"
    refused = "click https://two.example/\n> Referer:\n" + leading("javascript:1")
    assert again(f"page http://pub.example/\n\n{over_http}{refused}") == []


def test_the_20th_redirect_of_a_click_is_lost_and_the_19th_read_again() -> None:
    hops = (
        f"click https://{n}.one.example/\n{leading(f'https://{n + 1}.one.example/')}"
        for n in range(1, 21)
    )
    found = registrations(PAGE + "\n\n".join(hops))
    assert [about.verdict for about in found] == [
        *[Verdict.REGISTERED] * 19,
        Verdict.IGNORED,
        Verdict.REGISTERED,
    ]
    assert [found[-2].findings[0].rule.code, found[-1].findings[0].rule.code] == [
        "RSP035",
        "CHN016",
    ]
    assert found[-1].url == "https://19.one.example/"


def test_what_is_inferred_is_only_likely() -> None:
    certainties = [about.certainty for about in registrations(PAGE + ONE + CUT)]
    assert certainties == [Certainty.CERTAIN, Certainty.LIKELY]
    found = registrations(f"{PAGE}click https://one.example/\n" + leading("tel:1"))
    assert [about.certainty for about in found] == [Certainty.CERTAIN] * 2


def test_the_card_of_the_chain_has_both() -> None:
    found = entries(f"{PAGE}click https://one.example/\n" + leading("tel:1"))
    (card,) = (entry.about for entry in found if isinstance(entry.about, ChainCard))
    numbers = [entry.number for entry in found if isinstance(entry.about, Registration)]
    assert [row.entry for row in card.hops[0].registrations] == numbers


def test_it_is_told_once_however_often_the_answer_is_looked_at() -> None:
    session = Session()
    for exchange in exchanges(f"{PAGE}click https://one.example/\n" + leading("tel:1")):
        session.requested(exchange)
        session.headers(exchange)
        session.complete(exchange)
        session.complete(exchange)
    session.finish()
    told = [entry for entry in session.timeline if isinstance(entry.about, Registration)]
    assert len(told) == 2
    assert session.summary().verdicts == {"registered": 2}


def test_it_is_stored_twice() -> None:
    text = f"{PAGE}click https://one.example/\n" + leading("tel:1")
    fates = [entry.fate for entry in entries(text) if isinstance(entry.about, Registration)]
    assert [isinstance(fate, SourceFate) and fate.stored for fate in fates] == [True, True]


def test_the_first_has_set_the_scopes_of_the_click() -> None:
    scoped = (
        '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example",'
        ' "attribution_scopes": {"limit": 2, "max_event_states": 3, "values": ["%s"]}}'
    )
    one = f"click https://one.example/\n< 302\n< Location: https://two.example/\n{scoped % 'a'}\n\n"
    two = f"click https://two.example/\n< 302\n< Location: javascript:1\n{scoped % 'b'}"
    found = registrations(PAGE + one + two)
    assert [about.findings[0].rule.code for about in found[1:]] == ["RSP050", "CHN014"]
    assert [about.verdict for about in found[1:]] == [Verdict.IGNORED] * 2
