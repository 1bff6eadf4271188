"""Telling what made a request."""

from __future__ import annotations

import pytest

from ara_inspector.records import replace
from ara_inspector.registrations import RequestKind, concerns_api, read_request
from exchanges import exchanges

PAGE = "page https://b.example/\n\n"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("page https://a.example/", RequestKind.NAVIGATION),
        ("frame https://a.example/", RequestKind.FRAME),
        ("frame https://a.example/\n> Sec-Fetch-Dest: embed", RequestKind.FRAME),
        ("ad https://a.example/", RequestKind.ELEMENT),
        ("image https://a.example/\n> Sec-Fetch-Dest: style", RequestKind.ELEMENT),
        ("click-background https://a.example/", RequestKind.BACKGROUND),
        ("background https://a.example/", RequestKind.BACKGROUND),
        (f"{PAGE}background https://a.example/", RequestKind.BACKGROUND),
        (
            "page https://b.example/\n\nbackground https://a.example/\n> Sec-Fetch-Storage-Access:",
            RequestKind.FETCH,
        ),
        (
            "fetch https://a.example/\n> Attribution-Reporting-Eligible: trigger",
            RequestKind.FETCH,
        ),
        (
            "cors https://a.example/\n> Attribution-Reporting-Eligible: trigger, event-source",
            RequestKind.FETCH,
        ),
        ("fetch https://a.example/", RequestKind.FETCH),
        ("fetch https://a.example/\n> Accept:", RequestKind.FETCH),
        ("beacon https://a.example/", RequestKind.BEACON),
        ("ad https://a.example/\n> Sec-Fetch-Dest: empty", RequestKind.ELEMENT),
        ("preflight https://a.example/", RequestKind.PREFLIGHT),
        (
            "report https://a.example/.well-known/attribution-reporting/debug/verbose",
            RequestKind.REPORT,
        ),
        (
            "fetch https://a.example/.well-known/aggregation-service/v1/public-keys",
            RequestKind.KEYS,
        ),
        ("page http://a.example/", RequestKind.NAVIGATION),
        ("request http://a.example/\n> Upgrade-Insecure-Requests: 1", RequestKind.NAVIGATION),
        ("ad http://a.example/", RequestKind.ELEMENT),
        ("click-background http://a.example/", RequestKind.BACKGROUND),
        ("background http://a.example/", RequestKind.UNKNOWN),
        ("request https://a.example/", RequestKind.UNKNOWN),
    ],
)
def test_kinds(text: str, kind: RequestKind) -> None:
    *_, exchange = exchanges(text)
    request = read_request(exchange)
    assert request.kind is kind
    assert request.ground
    assert request.is_navigation == (kind in {RequestKind.NAVIGATION, RequestKind.FRAME})


@pytest.mark.parametrize(
    ("value", "keys"),
    [
        ("trigger=navigation-source, event-source", ("event-source", "trigger")),
        ("not-navigation-source, trigger, event-source", ("event-source", "trigger")),
        ("navigation-source;event-source, not-trigger", ("navigation-source",)),
        ("not-trigger", ()),
        ("((", ()),
    ],
)
def test_eligibility_is_the_bare_keys(value: str, keys: tuple[str, ...]) -> None:
    (exchange,) = exchanges(f"ad https://a.example/\n> Attribution-Reporting-Eligible: {value}")
    assert read_request(exchange).eligibility == keys


def test_no_eligible_header_is_not_an_empty_one() -> None:
    (exchange,) = exchanges("image https://a.example/")
    assert read_request(exchange).eligibility is None
    lines = (*exchange.request_lines, (b"Attribution-Reporting-Eligible", b""))
    assert read_request(replace(exchange, request_lines=lines)).eligibility == ()


def test_of_a_repeated_header_the_first_counts() -> None:
    (exchange,) = exchanges("image https://a.example/\n> Referer: https://one.example/")
    lines = (*exchange.request_lines, (b"REFERER", b"https://two.example/"))
    assert read_request(replace(exchange, request_lines=lines)).referer == "https://one.example/"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("image https://a.example/", False),
        ("image https://a.example/\n< Accept-Ranges: none", False),
        ("ad https://a.example/", True),
        ("page https://a.example/", True),
        ("page http://a.example/", True),
        ("image https://a.example/\n< ATTRIBUTION-REPORTING-INFO: x", True),
        ("report https://a.example/.well-known/attribution-reporting/debug/verbose", True),
    ],
)
def test_what_concerns_the_api(text: str, expected: bool) -> None:
    (exchange,) = exchanges(text)
    assert concerns_api(exchange) is expected
