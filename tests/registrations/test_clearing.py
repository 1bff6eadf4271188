"""Which answers delete what their origin has registered, as Chromium 138 was seen to do.

`fixtures/flows/clear_site_data` has most of these.
"""

from __future__ import annotations

import pytest

from ara_inspector.registrations import cleared_origin, concerns_api, read_request
from exchanges import exchanges

URL = "https://ads.example/c?x=1"
ORIGIN = "https://ads.example"
CLEARING = '< Clear-Site-Data: "storage"'


def cleared(text: str) -> str | None:
    *_, exchange = exchanges(f"page https://pub.example/\n\n{text}")
    return cleared_origin(exchange, read_request(exchange))


@pytest.mark.parametrize(
    ("lines", "clears"),
    [
        ('"storage"', True),
        ('"*"', True),
        ('"cookies",\t "storage" ,', True),
        ('"cache"\n< clear-site-data: "storage"', True),
        ('"Storage"', False),
        ("storage, *", False),
        ("'storage'", False),
        ('"storage";a=1', False),
        ('"storage" "cookies"', False),
        ('"cookies", "cache", "executionContexts"', False),
        ("", False),
    ],
)
def test_what_the_header_has_to_say(lines: str, *, clears: bool) -> None:
    assert cleared(f"page {URL}\n< Clear-Site-Data: {lines}") == (ORIGIN if clears else None)


@pytest.mark.parametrize(
    ("request_lines", "clears"),
    [
        (f"page {URL}", True),
        (f"click {URL}", True),
        (f"image {URL}", True),
        (f"background {URL}", True),
        (f"beacon {URL}", True),
        (f"image {URL}\n> Sec-Fetch-Mode: cors", False),
        (f"image {URL}\n> Sec-Fetch-Mode: cors\n> Cookie: a=b", True),
        (f"fetch {URL}", False),
        (f"fetch {URL}\n> Cookie: a=b", True),
        (f"fetch {URL}\n> Sec-Fetch-Storage-Access: none", True),
        (f"fetch {URL}\n> Sec-Fetch-Site: same-origin", True),
        (f"frame {URL}", False),
        (f"frame {URL}\n> Cookie: a=b", False),
        (f"frame {URL}\n> Sec-Fetch-Site: same-origin", True),
        (f"preflight {URL}", False),
        (f"report {ORIGIN}/.well-known/attribution-reporting/report-event-attribution", False),
    ],
)
def test_whose_answer_clears(request_lines: str, *, clears: bool) -> None:
    assert cleared(f"{request_lines}\n{CLEARING}") == (ORIGIN if clears else None)


@pytest.mark.parametrize("status", [204, 302, 404, 500])
def test_the_status_does_not_matter(status: int) -> None:
    assert cleared(f"page {URL}\n< {status}\n{CLEARING}") == ORIGIN


def test_not_over_http() -> None:
    assert cleared(f"page http://ads.example/\n{CLEARING}") is None
    assert cleared(f"page http://localhost/\n{CLEARING}") == "http://localhost"


def test_such_answers_are_looked_at() -> None:
    found = [
        concerns_api(exchange)
        for exchange in exchanges(f"image {URL}\n{CLEARING}\n\nimage {URL}\n< Content-Length: 0")
    ]
    assert found == [True, False]
