"""Origins and sites as Chrome sees them, beyond what destinations show."""

from __future__ import annotations

from pathlib import Path

import pytest
from ada_url import URL
from hypothesis import example, given
from hypothesis import strategies as st
from publicsuffixlist import PSLFILE, PublicSuffixList

from ara_inspector.spec import urls


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Shop.example/x?y#z", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("http://shop.example:8080/", "http://shop.example:8080"),
        ("https://user:word@shop.example:8443", "https://shop.example:8443"),
        ("blob:https://shop.example:8443/1", "https://shop.example:8443"),
        ("filesystem:http://shop.example/temporary/", "http://shop.example"),
        ("https://shop .example:8443/a b", "https://shop%20.example:8443"),
        ("https://[::1]:8443", "https://[::1]:8443"),
        ("data:text/plain,x", None),
        ("about:blank", None),
        ("wss://shop.example", None),
        ("/x", None),
        ("https://\udce9", None),
    ],
)
def test_origin(url: str, origin: str | None) -> None:
    assert urls.origin(url) == origin


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://a.b.shop.example:8443/x", "https://shop.example"),
        ("http://shop.co.uk", "http://shop.co.uk"),
        ("http://www.shop.co.uk", "http://shop.co.uk"),
        ("https://co.uk", "https://co.uk"),
        ("https://www.shop.github.io", "https://shop.github.io"),
        ("https://www.shop.example.", "https://shop.example."),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://10.0.0.1:8443", "https://10.0.0.1"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]"),
        ("http://localhost:8080", "http://localhost"),
        ("null", None),
        ("https://" + "a." * 300 + "shop.example", "https://shop.example"),
        # As Chromium 138 stored them as destinations.
        ("https://a..example", "https://.example"),
        ("https://a.b..c...example", "https://.example"),
        ("https://a..example.", "https://.example."),
        ("https://a..co.uk", "https://.co.uk"),
        ("https://a..b.example", "https://b.example"),
        ("https://a..x-empty.example", "https://x-empty.example"),
        ("https://a..ck", "https://a..ck"),
        ("https://a..x.ck", "https://.x.ck"),
        ("https://a..www.ck", "https://www.ck"),
        ("https://..a.example", "https://a.example"),
        ("https://..example", "https://..example"),
        ("https://.co.uk", "https://.co.uk"),
        ("https://a.example..", "https://a.example.."),
        ("https://a..", "https://a.."),
    ],
)
def test_site(url: str, site: str | None) -> None:
    assert urls.site(url) == site


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://adtech.example/register?x", "https://adtech.example"),
        ("http://localhost:8080/register", "http://localhost:8080"),
        ("http://adtech.example/register", None),
        ("data:,", None),
    ],
)
def test_reporting_origin(url: str, origin: str | None) -> None:
    assert urls.reporting_origin(url) == origin


@pytest.mark.parametrize(
    ("origin", "trusted"),
    [
        ("https://shop.example", True),
        ("wss://shop.example", True),
        ("http://shop.example", False),
        ("http://localhost", True),
        ("http://localhost:8080", True),
        ("http://localhost.", True),
        ("http://a.b.localhost:8080", True),
        ("http://alocalhost", False),
        ("http://localhost.example", False),
        ("ws://localhost", True),
        ("ftp://localhost", False),
        ("http://127.0.0.1:8080", True),
        ("http://127.255.1.2", True),
        ("http://127.example", False),
        ("http://128.0.0.1", False),
        ("http://[::1]:8080", True),
        ("http://[::2]", False),
        ("null", False),
        ("", False),
    ],
)
def test_is_potentially_trustworthy(origin: str, *, trusted: bool) -> None:
    assert urls.is_potentially_trustworthy(origin) is trusted


@pytest.mark.parametrize(
    ("base", "reference", "url"),
    [
        ("https://a.example/x/y?z", "../w", "https://a.example/w"),
        ("https://a.example/x", "//b.example", "https://b.example/"),
        ("https://a.example/x", "http://b.example/y", "http://b.example/y"),
        ("https://a.example/x", "?q", "https://a.example/x?q"),
        ("https://a.example/x", "https://b .example/y", "https://b%20.example/y"),
        ("https://a.example/x", " //b .example/y", "https://b%20.example/y"),
        ("http://a.example/x", "\\\\b .example", "http://b%20.example/"),
        ("https://a.example/x", "//", None),
        ("https://a.example/x", "https://", None),
        ("not a base", "https://b.example/y", "https://b.example/y"),
        ("not a base", "/y", None),
    ],
)
def test_resolve(base: str, reference: str, url: str | None) -> None:
    assert urls.resolve(base, reference) == url


@pytest.mark.parametrize(
    ("url", "requested"),
    [
        ("https://a.example/x?y#z", "https://a.example/x?y"),
        ("https://me:secret@a.example/", "https://a.example/"),
        ("https://a.example/?mail=me@b.example", "https://a.example/?mail=me@b.example"),
        ("mailto:me@b.example", "mailto:me@b.example"),
    ],
)
def test_requested(url: str, requested: str) -> None:
    assert urls.requested(url) == requested


@pytest.mark.parametrize(
    ("url", "absolute"),
    [("https://a.example", True), ("app:x", True), ("https://a .example", True), ("x", False)],
)
def test_is_absolute(url: str, *, absolute: bool) -> None:
    assert urls.is_absolute(url) is absolute


def test_place_tells_what_of_a_url_counts() -> None:
    whole = urls.place("https://www.shop.example:8443")
    assert whole == urls.Place(
        origin="https://www.shop.example:8443",
        site="https://shop.example",
        is_bare_origin=True,
        is_bare_site=False,
        is_public_suffix=False,
    )


HOSTS = st.sampled_from(
    ["a.example", "www.a.example", "xn--bcher-kva.example", "xn--a", "A.example", "1.2.3.4", "a.1",
     "0x1", "a.0x1", "localhost", "a_b.example", "a..example", ".example", "a.example.", "[::1]",
     "co.uk", "a.co.uk", "bücher.example", "a%2eexample", "user@a.example", "-a-.example", ""]
)  # fmt: skip
PORTS = st.sampled_from(["", ":", ":443", ":80", ":8080", ":08080", ":65535", ":65536", ":99999"])
SEGMENTS = st.sampled_from(
    ["", ".", "..", "a", "a.gif", "%2e", ".%2E", "a b", "\t.", "a\\..\\", "_", "-", "~",
     ".well-known", "é", "a%2e"]
)  # fmt: skip
TAILS = st.sampled_from(["", "/", "?", "#", "?a=/../b", "#/..", "\\", " ", "\n", "/?"])


@given(
    st.sampled_from(["http", "https", "HTTPS", " https", "ftp", "blob:https"]),
    HOSTS,
    PORTS,
    st.lists(SEGMENTS, max_size=3),
    TAILS,
)
@example("https", "a.example", "", ["a", ".."], "")
@example("https", "a.example", ":443", ["a"], "/")
@example("http", "localhost", ":08080", ["_"], "?x")
def test_an_ordinary_url_is_told_by_its_beginning_and_all_else_is_read_whole(
    scheme: str, host: str, port: str, path: list[str], tail: str
) -> None:
    url = f"{scheme}://{host}{port}{''.join(f'/{segment}' for segment in path)}{tail}"
    # A leading tab means nothing in a URL, but makes it one to be read whole.
    assert urls.place(url) == urls.place(f"\t{url}")
    assert urls.origin(url) == urls.origin(f"\t{url}")


def test_every_rule_of_the_list_is_known() -> None:
    suffixes = PublicSuffixList()
    with Path(PSLFILE).open(encoding="utf-8") as lines:
        rules = [line.split()[0] for line in lines if line.strip() and not line.startswith("//")]
    assert any(not rule.isascii() for rule in rules)
    for rule in rules:
        host = URL(f"https://a.b.{rule.lstrip('!').replace('*', 'any')}/").hostname
        registrable = suffixes.privatesuffix(host)
        assert urls.site(f"https://{host}/") == f"https://{registrable}", rule
