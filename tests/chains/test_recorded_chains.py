"""In recordings of a real Chrome, each redirect that was followed is joined to its next hop."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from ara_inspector.chains import ChainCard
from ara_inspector.exchange import REDIRECTS, Exchange, header_lines, header_text
from ara_inspector.flows import read_capture
from ara_inspector.session import Session
from ara_inspector.spec.urls import requested, resolve
from chrome_account import ROOT

FLOWS = ROOT / "fixtures" / "flows"
RECORDINGS = (
    *("chain_of_three_reporters", "answers_that_come_back", "cors_redirects"),
    *("pages_side_by_side", "referrer_of_a_chain"),
)
"""Those in which nothing is asked for that a redirect leads to as well."""


def led_to(exchange: Exchange) -> str | None:
    """Where its answer redirects."""
    locations = header_lines(exchange.response_lines, b"location")
    if exchange.status not in REDIRECTS or not locations:
        return None
    target = resolve(exchange.url, header_text(locations[0]))
    return None if target is None else requested(target)


@pytest.mark.parametrize("name", RECORDINGS)
def test_followed_redirects_are_joined(name: str) -> None:
    session, asked = Session(), list(read_capture(FLOWS / f"{name}.flows"))
    for exchange in asked:
        session.recorded(exchange)
    session.finish()
    urls = {exchange.url for exchange in asked}
    followed: Counter[tuple[str, str]] = Counter()
    for exchange in asked:
        target = led_to(exchange)
        if target is not None and target in urls:
            followed[exchange.url, target] += 1
    joined: Counter[tuple[str, str]] = Counter()
    for entry in session.timeline:
        if isinstance(entry.about, ChainCard):
            hops = [hop.url for hop in entry.about.hops]
            joined.update(pairwise(hops))
    assert joined == followed != Counter()
