"""Requests that Chromium 138 was seen to make twice: st_img, st_nav, st_nav2, st_chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ara_inspector.findings import Certainty, Verdict
from ara_inspector.records import replace
from ara_inspector.registrations import read_request
from ara_inspector.session.retries import KEPT, Retries
from exchanges import exchanges, registrations

if TYPE_CHECKING:
    from ara_inspector.exchange import Exchange

PAGE = "page https://pub.example/\n\n"
SOURCE = '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example"}'
IGNORED, REGISTERED = Verdict.IGNORED, Verdict.REGISTERED


def tried(*tries: str) -> list[Verdict]:
    found = registrations(PAGE + "\n\n".join(f"{one}\n{SOURCE}" for one in tries))
    return [about.verdict for about in found]


@pytest.mark.parametrize("status", [421, 425])
@pytest.mark.parametrize("what", ["ad", "background", "click"])
def test_of_two_tries_the_second_registers(what: str, status: int) -> None:
    one = f"{what} https://r.example/\n< {status}"
    assert tried(one) == [IGNORED]
    assert tried(one, one) == [IGNORED, REGISTERED]
    assert tried(one, f"{what} https://r.example/") == [IGNORED, REGISTERED]


def test_the_first_answer_is_likely_to_count_for_nothing() -> None:
    (about,) = registrations(f"{PAGE}ad https://r.example/\n< 421\n{SOURCE}")
    assert about.certainty is Certainty.LIKELY
    assert about.findings[0].rule.code == "RSP063"


@pytest.mark.parametrize(
    "other",
    [
        "ad https://r.example/other\n< 421",
        "ad https://r.example/\n> Referer: https://else.example/\n< 421",
        "ad https://r.example/\n> User-Agent: another\n< 421",
        "ad https://r.example/\n@ 60\n< 421",
    ],
)
def test_another_request_is_no_second_try(other: str) -> None:
    assert tried("ad https://r.example/\n< 421", other) == [IGNORED, IGNORED]


def test_a_third_request_is_a_first_try_again() -> None:
    one = "ad https://r.example/\n< 425"
    assert tried(one, one, one) == [IGNORED, REGISTERED, IGNORED]


def test_the_last_hop_of_a_chain_is_asked_for_again() -> None:
    first = "ad https://one.example/\n< 302\n< Location: https://r.example/"
    last = "ad https://r.example/\n< 421"
    assert tried(first, last, last) == [REGISTERED, IGNORED, REGISTERED]


def an_ad(status: int) -> Exchange:
    (exchange,) = exchanges(f"ad https://r.example/\n< {status}")
    return exchange


def test_without_a_time_it_is_told_by_its_lines_alone() -> None:
    retries, ad = Retries(), an_ad(421)
    request = read_request(ad)
    retries.answered(ad, request)
    untimed = replace(ad, started=None)
    assert retries.take(untimed, request)
    assert not retries.take(untimed, request)


def test_a_request_made_before_the_answer_is_another_first_try() -> None:
    retries, ad = Retries(), an_ad(421)
    request = read_request(ad)
    retries.answered(replace(ad, answered=(ad.started or 0.0) + 5.0), request)
    assert not retries.take(ad, request)


def test_other_statuses_are_not_asked_again() -> None:
    retries, ad = Retries(), an_ad(408)
    retries.answered(ad, read_request(ad))
    assert not retries.take(ad, read_request(ad))


def test_only_so_many_first_tries_are_remembered() -> None:
    retries, ad = Retries(), an_ad(421)
    request = read_request(ad)
    retries.answered(ad, request)
    for number in range(KEPT):
        retries.answered(replace(ad, url=f"https://r.example/{number}"), request)
    assert not retries.take(replace(ad, started=None), request)
