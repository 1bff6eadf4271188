"""Every flow is looked at once: those that can matter pass, the hops of a chain among them."""

from __future__ import annotations

import pytest
from mitmproxy import http

from ara_inspector.interest import LED_TO, Interest
from made_flows import flow

REPORT = "/.well-known/attribution-reporting/debug/verbose"
TRIGGER = {"attribution-reporting-register-trigger": "{}"}


@pytest.mark.parametrize(
    ("made", "interesting"),
    [
        (flow(), False),
        (flow(request={"Attribution-Reporting-Eligible": ""}), True),
        (flow(request={"sec-fetch-mode": "navigate"}), True),
        (flow(request={"sec-fetch-mode": "cors"}), False),
        (flow(response={"attribution-reporting-register-trigger": "{}"}), True),
        (flow(response={"content-type": "text/html; charset=utf-8"}), True),
        (flow(response={"Clear-Site-Data": '"storage"'}), True),
        (flow(response={"x-frame-options": "DENY"}), False),
        (flow(path=REPORT), True),
        (flow(path="/.well-known/aggregation-service/v1/public-keys"), True),
    ],
)
def test_what_is_of_interest(made: http.HTTPFlow, *, interesting: bool) -> None:
    assert Interest().in_flow(made) is interesting


def test_redirects_are_of_interest_and_requests_without_an_answer_are_judged_alone() -> None:
    redirect = flow()
    redirect.response = http.Response.make(302, b"", {"location": "/y"})
    assert Interest().in_flow(redirect)
    waiting = flow()
    waiting.response = None
    assert not Interest().in_flow(waiting)


def redirect(path: str, location: str | None, headers: dict[str, str]) -> http.HTTPFlow:
    made = flow(path, response=headers)
    assert made.response is not None
    made.response.status_code = 302
    if location is not None:
        made.response.headers["location"] = location
    return made


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("/next?a=1", "/next?a=1"),
        ("next#part", "/next"),
        ("https://other.example/b c", "/b%20c"),
        ("https://other.example", "/"),
        # Chrome escapes such bytes before it reads a URL, be they UTF-8 or not.
        ("/caf\u00e9", "/caf%C3%A9"),
        ("/caf\udce9", "/caf%E9"),
    ],
)
def test_the_next_hop_of_an_answer_that_registers_is_of_interest(location: str, path: str) -> None:
    interest = Interest()
    assert interest.in_flow(redirect("/first", location, TRIGGER))
    assert interest.in_request(flow(path).request)
    assert interest.in_flow(flow(path))
    assert not interest.in_flow(flow("/elsewhere"))


def test_so_are_those_after_it() -> None:
    interest = Interest()
    for here, there in (("/1", "/2"), ("/2", "/3")):
        headers = TRIGGER if here == "/1" else {}
        assert interest.in_answer(redirect(here, there, headers))
    assert interest.in_flow(flow("/3"))


@pytest.mark.parametrize(
    ("location", "headers"), [("/next", {}), (None, TRIGGER), ("https://", TRIGGER)]
)
def test_other_redirects_lead_to_nothing_of_interest(
    location: str | None, headers: dict[str, str]
) -> None:
    interest = Interest()
    assert interest.in_flow(redirect("/first", location, headers))
    assert not interest.in_flow(flow("/next"))


def test_the_oldest_targets_are_forgotten() -> None:
    interest = Interest()
    for number in range(LED_TO + 1):
        interest.in_flow(redirect("/first", f"/{number}", TRIGGER))
    assert not interest.in_flow(flow("/0"))
    assert interest.in_flow(flow(f"/{LED_TO}"))
