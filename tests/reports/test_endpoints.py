from __future__ import annotations

import pytest

from ara_inspector.reports.endpoints import REPORT_PATHS, Endpoint, ReportKind, endpoint_of

PREFIX = "/.well-known/attribution-reporting/"
KEYS = "/.well-known/aggregation-service/v1/public-keys"


@pytest.mark.parametrize(("name", "kind"), REPORT_PATHS.items())
def test_each_path_is_one_kind(name: str, kind: ReportKind) -> None:
    found = endpoint_of("POST", f"https://r1.example{PREFIX}{name}")
    assert found == Endpoint(kind, "https://r1.example", PREFIX + name)


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("GET", f"https://r1.example{PREFIX}debug/verbose"),
        ("OPTIONS", f"https://r1.example{PREFIX}debug/verbose"),
        ("POST", "https://r1.example/collect"),
        ("POST", f"https://r1.example/x?next={PREFIX}debug/verbose"),
        ("POST", f"https://r1.example/elsewhere{PREFIX}debug/verbose"),
        ("POST", f"https://r1.example{PREFIX}register-redirect?302_url=x"),
        ("POST", f"https://c.example{KEYS}"),
        ("GET", f"https://c.example/x?{KEYS}"),
        ("GET", "https://c.example/"),
        ("GET", "https://c.example"),
    ],
)
def test_anything_else_is_no_report(method: str, url: str) -> None:
    assert endpoint_of(method, url) is None


def test_an_unknown_place_below_the_path_is_kept() -> None:
    found = endpoint_of("POST", f"https://r1.example:8443{PREFIX}report-new?x=1")
    assert found == Endpoint(ReportKind.UNKNOWN, "https://r1.example:8443", PREFIX + "report-new")


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://r1.example:443", "https://r1.example"),
        ("http://localhost:80", "http://localhost"),
        ("http://localhost:443", "http://localhost:443"),
    ],
)
def test_the_default_port_is_no_part_of_an_origin(url: str, origin: str) -> None:
    found = endpoint_of("GET", url + KEYS)
    assert found == Endpoint(ReportKind.PUBLIC_KEYS, origin, KEYS)


def test_kinds_tell_what_their_bodies_are() -> None:
    assert {kind for kind in ReportKind if kind.is_event_level} == {
        ReportKind.EVENT_LEVEL,
        ReportKind.DEBUG_EVENT_LEVEL,
    }
    assert not ReportKind.EVENT_LEVEL.is_debug
    assert ReportKind.VERBOSE.is_debug
