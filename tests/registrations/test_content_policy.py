"""Where a Content-Security-Policy lets redirects go."""

from __future__ import annotations

import pytest

from ara_inspector.findings import Verdict
from ara_inspector.registrations.content_policy import forbidding, read_policies
from exchanges import registrations

OWN = "https://pub.example"


@pytest.mark.parametrize(
    ("policy", "dest", "url", "directive"),
    [
        ("connect-src https://a.example", "empty", "https://a.example/x", None),
        ("connect-src https://a.example", "empty", "https://b.example/x", "connect-src"),
        ("connect-src https://a.example/only/this", "empty", "https://a.example/x", None),
        ("default-src 'none'", "empty", "https://a.example/", "default-src"),
        ("default-src 'none'; connect-src *", "empty", "https://a.example/", None),
        ("connect-src *", "empty", "data:,x", "connect-src"),
        ("connect-src", "empty", "https://a.example/", "connect-src"),
        ("img-src 'self'", "image", "https://pub.example/x", None),
        ("img-src 'self'", "image", "https://sub.pub.example/x", "img-src"),
        ("img-src 'self'", "image", "https://pub.example:8443/x", "img-src"),
        ("script-src https:", "script", "https://a.example/x", None),
        ("script-src http:", "script", "https://a.example/x", None),
        ("script-src https:", "script", "http://a.example/x", "script-src"),
        ("script-src-elem 'none'; script-src *", "script", "https://a.example/", "script-src-elem"),
        ("connect-src *.a.example", "empty", "https://x.a.example/", None),
        ("connect-src *.a.example", "empty", "https://a.example/", "connect-src"),
        ("connect-src a.example:8443", "empty", "https://a.example:8443/", None),
        ("connect-src a.example:*", "empty", "https://a.example:8443/", None),
        ("connect-src a.example", "empty", "https://a.example:8443/", "connect-src"),
        ("connect-src https://*:8443", "empty", "https://a.example:8443/", None),
        ("connect-src 'unsafe-inline'", "empty", "https://a.example/", "connect-src"),
        ("CONNECT-SRC HTTPS://A.EXAMPLE", "empty", "https://a.example/", None),
        ("connect-src *, connect-src 'none'", "empty", "https://a.example/", "connect-src"),
        ("connect-src *; connect-src 'none'", "empty", "https://a.example/", None),
        ("img-src 'none'", "empty", "https://a.example/", None),
        ("img-src 'none'", None, "https://a.example/", None),
        ("; ,", "empty", "https://a.example/", None),
    ],
)
def test_forbidding(policy: str, dest: str | None, url: str, directive: str | None) -> None:
    assert forbidding(read_policies([policy]), dest, url, OWN) == directive


def test_self_of_an_http_page_includes_https() -> None:
    policies = read_policies(["img-src 'self'"])
    assert forbidding(policies, "image", "https://a.example/", "http://a.example") is None
    assert forbidding(policies, "image", "http://a.example/", "http://a.example") is None


@pytest.mark.parametrize(
    ("kind", "policy", "lost"),
    [
        ("background", "connect-src https://one.example", True),
        ("background", "img-src https://one.example", False),
        ("ad", "img-src https://one.example", True),
        ("ad", "connect-src https://one.example", False),
        ("click", "connect-src 'none'; img-src 'none'", False),
    ],
)
def test_a_forbidden_redirect_takes_the_hop_with_it(kind: str, policy: str, lost: bool) -> None:
    (about,) = registrations(
        f"page https://pub.example/\n< Content-Security-Policy: {policy}\n\n"
        f"{kind} https://one.example/\n< 302\n< Location: https://two.example/\n"
        '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example"}'
    )
    assert about.verdict is (Verdict.IGNORED if lost else Verdict.REGISTERED)
    assert ("RSP047" in {finding.rule.code for finding in about.findings}) is lost


def test_the_policy_is_that_of_the_frame_the_request_came_from() -> None:
    (about,) = registrations(
        "page https://pub.example/\n\n"
        "frame https://frame.example/\n"
        "< Content-Security-Policy: img-src https://one.example\n\n"
        "ad https://one.example/\n< 302\n< Location: https://two.example/\n"
        '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example"}'
    )
    assert about.findings[0].rule.code == "RSP047"


SOURCE = '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example"}'


@pytest.mark.parametrize(
    ("kind", "policy", "lost"),
    [
        # One that forbids the first request is another document's, or has let it through by nonce.
        ("ad", "img-src 'nonce-a'", False),
        ("ad", "img-src 'none', img-src https://one.example", True),
        # Images are upgraded before the policy is asked, with this directive all else.
        ("ad", "img-src https:", False),
        ("script", "script-src https:; upgrade-insecure-requests", False),
        ("script", "upgrade-insecure-requests", False),
        ("script", "script-src https:", True),
        ("ad", "img-src https://one.example", True),
    ],
)
def test_what_is_upgraded_and_which_policy_decides(kind: str, policy: str, *, lost: bool) -> None:
    (about,) = registrations(
        f"page https://pub.example/\n< Content-Security-Policy: {policy}\n\n"
        f"{kind} https://one.example/\n< 302\n< Location: http://two.example/\n{SOURCE}"
    )
    assert about.verdict is (Verdict.IGNORED if lost else Verdict.REGISTERED)
