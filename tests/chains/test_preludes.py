"""Redirects that have nothing of the API, until what they lead to has."""

from __future__ import annotations

import pytest

from ara_inspector.chains import ChainCard, Preludes
from ara_inspector.records import replace
from ara_inspector.session import Limits, Session
from exchanges import entries, exchanges, watched

PAGE = "page https://shop.example/\n\n"
TRIGGER = "< Attribution-Reporting-Register-Trigger: {}"
ONE = "image https://one.example/a\n< 302\n< Location: https://two.example/b\n\n"
TWO = "image https://two.example/b\n< 302\n< Location: https://three.example/c\n\n"
THREE = f"image https://three.example/c\n{TRIGGER}"


def hops(session: Session) -> list[list[str]]:
    found = (entry.about for entry in session.timeline)
    return [[hop.url for hop in card.hops] for card in found if isinstance(card, ChainCard)]


def test_they_are_the_first_hops_of_what_they_lead_to() -> None:
    session = watched(PAGE + ONE + TWO + THREE)
    assert hops(session) == [
        ["https://one.example/a", "https://two.example/b", "https://three.example/c"]
    ]
    assert session.summary().exchanges == 4


def test_live_they_are_so_while_their_bodies_are_still_to_come() -> None:
    text = PAGE + ONE + TWO + THREE
    page, *chain = exchanges(text)
    session = Session()
    session.recorded(page)
    for exchange in chain:
        session.requested(replace(exchange, status=None, response_lines=(), response_body=None))
        session.headers(replace(exchange, response_body=None, finished=None))
    for exchange in chain:
        session.complete(exchange)
    session.finish()
    assert [entry.about for entry in session.timeline] == [entry.about for entry in entries(text)]
    assert session.summary().exchanges == 4


def test_told_in_two_steps_they_count_once() -> None:
    page, one, two, three = exchanges(PAGE + ONE + TWO + THREE)
    session = Session()
    for exchange in (page, one, two, three):
        session.headers(exchange)
        session.complete(exchange)
    assert session.summary().exchanges == 4
    assert len(hops(session)[0]) == 3


def test_without_anything_after_them_they_are_only_counted() -> None:
    session = watched(PAGE + ONE + TWO)
    assert not list(session.timeline)
    assert session.summary().exchanges == 3


LEADS = ONE + ONE.replace("one.", "uno.")
LAST = f"image https://two.example/b\n{TRIGGER}"


def test_of_several_the_first_answered_is_taken() -> None:
    session = watched(PAGE + LEADS + LAST)
    assert hops(session) == [["https://one.example/a", "https://two.example/b"]]
    (card,) = [e.about for e in session.timeline if isinstance(e.about, ChainCard)]
    assert "CHN007" in [finding.rule.code for finding in card.findings]


def test_of_several_those_of_long_ago_are_not() -> None:
    """The browser has followed them to requests that did not matter, which nobody looked at."""
    one, uno = LEADS.strip().split("\n\n")
    session = watched(f"{PAGE}{one}\n\n{uno}\n@ 10\n\n{LAST}")
    assert hops(session) == [["https://uno.example/a", "https://two.example/b"]]
    (card,) = [e.about for e in session.timeline if isinstance(e.about, ChainCard)]
    assert not [finding for finding in card.findings if finding.rule.code == "CHN007"]


def test_chrome_upgrades_http_on_its_own_account() -> None:
    upgraded = ONE.replace("https://two", "http://two")
    session = watched(f"{PAGE}{upgraded}{THREE.replace('three.example/c', 'two.example/b')}")
    assert hops(session) == [["https://one.example/a", "https://two.example/b"]]


@pytest.mark.parametrize(("at", "joined"), [(119.0, True), (121.0, False)])
def test_what_comes_too_late_is_no_next_hop(at: float, joined: bool) -> None:
    session = watched(f"{PAGE}{TWO}{THREE}\n@ {at}")
    assert bool(hops(session)) is joined


def test_circles_come_to_an_end() -> None:
    back = "image https://two.example/b\n< 302\n< Location: https://one.example/a\n\n"
    again = f"image https://one.example/a\n{TRIGGER}"
    session = watched(PAGE + ONE + back + ONE + back + again)
    assert [len(urls) for urls in hops(session)] == [5]


def test_a_thousand_hops_are_no_trouble() -> None:
    many = "".join(
        f"image https://x.example/{n}\n< 302\n< Location: /{n + 1}\n\n" for n in range(1_000)
    )
    session = watched(f"{PAGE}{many}image https://x.example/1000\n{TRIGGER}")
    assert [len(urls) for urls in hops(session)] == [1_001]


class TestTheStore:
    def test_it_keeps_so_many(self) -> None:
        preludes = Preludes(limit=2, seconds=60)
        one, two, more, last = exchanges(ONE + TWO + TWO.replace("/b", "/d") + THREE)
        for exchange in (one, two, more):
            preludes.add(exchange, whole=True)
        assert (len(preludes), preludes.dropped) == (2, 1)
        assert [each.exchange for each in preludes.before(last)] == [two, more]
        assert len(preludes) == 0

    def test_it_forgets_the_overdue(self) -> None:
        preludes = Preludes(limit=9, seconds=60)
        one, two = exchanges(f"{ONE}{TWO.strip()}\n@ 100")
        preludes.add(one, whole=True)
        preludes.add(two, whole=True)
        assert (len(preludes), preludes.dropped) == (1, 0)

    @pytest.mark.parametrize("limit", [0, 9])
    def test_times_that_are_none_and_no_room_at_all_are_no_trouble(self, limit: int) -> None:
        preludes = Preludes(limit=limit, seconds=60)
        for exchange in exchanges(ONE + TWO):
            preludes.add(replace(exchange, answered=float("nan")), whole=True)
        assert len(preludes) == 0

    @pytest.mark.parametrize("location", ["mailto:me@shop.example", "https://", ""])
    def test_it_keeps_none_that_lead_to_no_request(self, location: str) -> None:
        preludes = Preludes(limit=9, seconds=60)
        (nowhere,) = exchanges(f"image https://one.example/a\n< 302\n< Location: {location}")
        preludes.add(nowhere, whole=True)
        assert len(preludes) == 0

    def test_told_again_it_keeps_the_place_and_what_is_new(self) -> None:
        preludes = Preludes(limit=9, seconds=60)
        one, uno, last = exchanges(f"{LEADS}image https://two.example/b")
        preludes.add(one, whole=False)
        preludes.add(uno, whole=True)
        preludes.add(one, whole=True)
        found = preludes.before(last)
        assert [(each.exchange, each.whole) for each in found] == [(one, True), (uno, True)]


def test_the_session_bounds_them() -> None:
    session = Session(Limits(chains=3))
    redirects = "".join(ONE.replace("/a", f"/{n}").replace("/b", f"/{n}") for n in range(5))
    *plain, first, last = exchanges(
        f"{PAGE}{redirects}image https://two.example/0\n{TRIGGER}\n\n"
        f"image https://two.example/4\n{TRIGGER}"
    )
    for exchange in (*plain, first, last):
        session.recorded(exchange)
    assert hops(session) == [["https://one.example/4", "https://two.example/4"]]
    assert session.summary().dropped == {"chains waiting": 2}
