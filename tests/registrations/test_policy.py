"""The API's allowlist in Permissions-Policy and Feature-Policy."""

from __future__ import annotations

import pytest

from ara_inspector.registrations.policy import read_policy

OWN = "https://a.example"
OTHER = "https://b.example"


@pytest.mark.parametrize(
    ("lines", "itself", "other"),
    [
        (["attribution-reporting=()"], False, False),
        (["attribution-reporting=(self)"], True, False),
        (["attribution-reporting=self"], True, False),
        (["attribution-reporting=*"], True, True),
        (["attribution-reporting=(*)"], True, True),
        (['attribution-reporting=("https://b.example")'], False, True),
        (['attribution-reporting=(self "https://b.example/")'], True, True),
        (['attribution-reporting=(5 "https://c.example")'], False, False),
        (["geolocation=()"], True, True),
        (["geolocation=()", "attribution-reporting=()"], False, False),
        (["what?!"], True, True),
        (["attribution-reporting=(), x=@1"], True, True),
        (["attribution-reporting=none"], False, False),
        (["attribution-reporting=\"'Self'\""], True, False),
        (['attribution-reporting="*"'], True, True),
        ([], True, True),
    ],
)
def test_allowlist(lines: list[str], itself: bool, other: bool) -> None:
    allowlist = read_policy(lines)
    assert allowlist.allows(OWN, OWN) is itself
    assert allowlist.allows(OTHER, OWN) is other


def test_an_opaque_origin_is_nobody() -> None:
    assert not read_policy(["attribution-reporting=(self)"]).allows(None, None)


@pytest.mark.parametrize(
    ("entry", "origin"),
    [
        ("https://*.example", "https://news.example"),
        ("https://*.news.example", "https://a.b.news.example"),
        ("https://*", "https://[::1]"),
        ("https://*:*", "https://news.example:8443"),
        ("https:", "https://news.example:8443"),
        ("https://news.example/path?q", "https://news.example"),
        ("https://news.example:443", "https://news.example"),
        ("https://news.example:8443", "https://news.example:8443"),
        ("http://localhost:80/", "http://localhost"),
        ("HTTPS://NEWS.example", "https://news.example"),
    ],
)
def test_source_expression_matches(entry: str, origin: str) -> None:
    assert read_policy([f'attribution-reporting=("{entry}")']).allows(origin, OWN)


@pytest.mark.parametrize(
    ("entry", "origin"),
    [
        ("https://*.news.example", "https://news.example"),
        ("https://*.news.example", "https://othernews.example"),
        ("https://*.example:8443", "https://news.example"),
        ("http://*.example", "https://news.example"),
        ("http:", "https://news.example"),
        ("https://news.example", "http://news.example"),
        ("https://news.example", "https://news.example:8443"),
        ("https://news.example", "https://www.news.example"),
        ("https://news.example", "null"),
        ("news.example", "https://news.example"),
        ("https://news.*", "https://news.example"),
        ("'none'", "https://news.example"),
    ],
)
def test_source_expression_does_not_match(entry: str, origin: str) -> None:
    assert not read_policy([f'attribution-reporting=("{entry}")']).allows(origin, OWN)


@pytest.mark.parametrize(
    ("old", "itself", "other"),
    [
        (["attribution-reporting 'none'"], False, False),
        (["attribution-reporting 'self'"], True, False),
        (["attribution-reporting"], True, False),
        (["camera 'none'; attribution-reporting https://b.example"], False, True),
        (["attribution-reporting *; attribution-reporting 'none'"], True, True),
        (["camera *, attribution-reporting 'none'"], False, False),
        (["camera *", "attribution-reporting 'self' https://b.example/"], True, True),
        (["attribution-reporting https://*.example https: https://b.example:*"], False, False),
        (["attribution-reporting https://b\u00e9.example"], False, False),
        (["camera 'none';;"], True, True),
    ],
)
def test_feature_policy(old: list[str], itself: bool, other: bool) -> None:
    for lines in ([], ["camera=()"], ["what?!"]):
        allowlist = read_policy(lines, old)
        assert allowlist.allows(OWN, OWN) is itself
        assert allowlist.allows(OTHER, OWN) is other


def test_a_permissions_policy_that_names_the_api_wins() -> None:
    old = ["attribution-reporting 'none'"]
    assert read_policy(["attribution-reporting=*"], old).allows(OTHER, OWN)
    assert not read_policy(["attribution-reporting=()"], ["attribution-reporting *"]).everybody
