"""URLs, origins and sites as Chrome 138 reads them.

May live here: everything that takes a URL apart, with ada (the WHATWG parser of Node.js) and
the Public Suffix List behind it. Where Chrome departs from the URL standard it is said at the
place: it escapes a space in a host instead of refusing it, and a `filesystem:` URL has the
origin of the URL inside.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from ada_url import URL, check_url, join_url
from publicsuffixlist import PublicSuffixList

CACHED_URLS: Final = 1_024
CACHED_LENGTH: Final = 512
"""Longer texts are read afresh each time, so that the cache stays below a few megabytes."""

_DEFAULT_HOST_LABELS: Final = 2
_EMPTY_LABEL: Final = "x-empty"
"""Stands for an empty label, which the list does not take."""
_WEB_SCHEMES: Final = frozenset({"http:", "https:"})
_SECURE_SCHEMES: Final = frozenset({"https", "wss"})
_AUTHORITY: Final = re.compile(
    r"(?P<head>[\x00-\x20]*https?:[/\\]*(?:[^/\\?#]*@)?)(?P<host>[^/\\?#@]*)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_HOST_SPACE: Final = re.compile(r" |%20")
_STAND_IN: Final = re.compile(r"x-space-([0-9]{1,9})", re.IGNORECASE)
_SCHEME_RELATIVE: Final = re.compile(r"[\x00-\x20]*[/\\]{2}")
_BLOCKED_PORTS: Final = frozenset(
    {
        *(0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95),
        *(101, 102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179),
        *(389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601),
        *(636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 5060, 5061, 6000, 6566),
        *(6665, 6666, 6667, 6668, 6669, 6697, 10080),
    }
)
"""Measured in Chromium 138 up to port 1023 and around those above; the standard's list has 4190
and 6679 as well."""
_CREDENTIALS: Final = re.compile(r"(?<=://)[^/?#]*@")
_FILESYSTEM: Final = "filesystem:"
_IPV4: Final = re.compile(r"[0-9]+(?:\.[0-9]+){3}")
_ORDINARY: Final = re.compile(
    r"(https?://(?:(?!xn--)[a-z0-9-]+\.)*(?!xn--)[a-z][a-z0-9-]*(?::[0-9]{1,5})?)"
    r"(?:/[A-Za-z0-9_][^\x00-\x20/\\?#]*)+/?(?:[?#]|\Z)"
)
"""A URL whose host is in its final form, with a path no part of which can vanish: its place is
that of its beginning, of which a capture has few."""


class Place(NamedTuple):
    """Where a URL points to."""

    origin: str
    site: str
    is_bare_origin: bool
    """The URL says the origin and nothing more."""
    is_bare_site: bool
    """The URL says the site and nothing more."""
    is_public_suffix: bool
    """The host has no registrable domain: it is a public suffix, or a single label."""


class _Parts(NamedTuple):
    protocol: str
    host: str
    """With the port, unless it is the scheme's default."""
    hostname: str
    href: str


@cache
def _public_suffixes() -> PublicSuffixList:
    # Only who asks for a site pays. The list's own reader writes each rule in ASCII as well,
    # even those that are: that takes most of its 32 ms, and this 14.
    text = files("publicsuffixlist").joinpath("public_suffix_list.dat").read_text("utf-8")
    rules = [line for line in text.splitlines() if line and not line.startswith("//")]
    rules += [_ascii_rule(rule) for rule in rules if not rule.isascii()]
    return PublicSuffixList(rules, accept_encoded_idn=False)


def _ascii_rule(rule: str) -> str:
    """A rule as URLs have its labels, whatever it begins with ("!", "*.")."""
    labels = rule.split(".")
    return ".".join(x if x.isascii() else URL(f"https://{x}/").hostname for x in labels)


def origin(url: str) -> str | None:
    """The serialized origin of `url`; None where it cannot be parsed or the origin is opaque.

    https://url.spec.whatwg.org/#concept-url-origin
    """
    found = place(url)
    return None if found is None else found.origin


def site(url: str) -> str | None:
    """The serialized schemeful site of a URL or serialized origin, None where it has none.

    https://html.spec.whatwg.org/#obtain-a-site
    """
    found = place(url)
    return None if found is None else found.site


def reporting_origin(url: str) -> str | None:
    """The origin of `url` if it may register and get reports.

    https://wicg.github.io/attribution-reporting-api/#check-if-an-origin-is-suitable
    """
    found = suitable_place(url)
    return None if found is None else found.origin


def resolve(base: str, reference: str) -> str | None:
    """`reference` (as in a Location header) against `base`, None where it cannot be parsed."""
    try:
        return join_url(base, reference)
    except ValueError:
        if _SCHEME_RELATIVE.match(reference):
            reference = f"{base.partition(':')[0]}:{reference.lstrip()}"
        parts = _parts(reference)
        return None if parts is None else parts.href


def requested(url: str) -> str:
    """A resolved `url` as a request for it has it: without fragment and credentials."""
    return _CREDENTIALS.sub("", url.partition("#")[0], count=1)


def has_blocked_port(url: str) -> bool:
    """Whether `url` names a port that Chrome makes no http(s) request to.

    https://fetch.spec.whatwg.org/#port-blocking
    """
    port = (origin(url) or "").rpartition(":")[2]
    return port.isdigit() and int(port) in _BLOCKED_PORTS


def is_absolute(url: str) -> bool:
    """Whether `url` can be parsed without a base, whatever its scheme."""
    return check_url(url) or _parts(url) is not None


def is_potentially_trustworthy(origin: str) -> bool:
    """Whether the browser sees the serialized `origin` as secure enough.

    https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy
    """
    scheme, separator, host = origin.partition("://")
    if not separator:
        return False
    if scheme in _SECURE_SCHEMES:
        return True
    return scheme in {"http", "ws"} and is_loopback(host)


def is_loopback(host: str) -> bool:
    """Whether a serialized host (with or without port) is this machine by name or number."""
    if host.startswith("["):
        return host.startswith("[::1]")
    name = host.partition(":")[0].removesuffix(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    return name.startswith("127.") and _IPV4.fullmatch(name) is not None


def suitable_place(url: str) -> Place | None:
    """Where `url` points, if its origin is suitable: http or https, and trustworthy."""
    found = place(url)
    return found if found is not None and is_potentially_trustworthy(found.origin) else None


def place(url: str) -> Place | None:
    """Where an http, https, blob or filesystem URL points; None for all others."""
    return _cached_place(url) if len(url) <= CACHED_LENGTH else _found_place(url)


def _found_place(url: str) -> Place | None:
    ordinary = _ORDINARY.match(url)
    return _place(url) if ordinary is None else _place_below(ordinary[1])


def _place(url: str) -> Place | None:
    parts = _parts(url)
    if parts is None:
        return None
    name = parts.hostname
    registrable = None if _is_address(name) else _registrable_domain(name)
    found_site = f"{parts.protocol}//{registrable or name}"
    found_origin = f"{parts.protocol}//{parts.host}"
    return Place(
        origin=found_origin,
        site=found_site,
        is_bare_origin=parts.href == f"{found_origin}/",
        is_bare_site=parts.href == f"{found_site}/",
        is_public_suffix=registrable is None and not _is_address(name),
    )


_cached_place = lru_cache(CACHED_URLS)(_found_place)


@lru_cache(CACHED_URLS)
def _place_below(beginning: str) -> Place | None:
    """Where a URL points that begins so and goes on with a path."""
    found = _place(beginning)
    return found and found._replace(is_bare_origin=False, is_bare_site=False)


def _is_address(hostname: str) -> bool:
    return hostname.startswith("[") or _IPV4.fullmatch(hostname) is not None


@lru_cache(CACHED_URLS)
def _registrable_domain(hostname: str) -> str | None:
    # A trailing dot is kept, as Chrome keeps it; the list knows no such names.
    name = hostname.removesuffix(".")
    labels = name.split(".")
    if len(labels) < _DEFAULT_HOST_LABELS:
        return None
    # Empty labels would hide the suffix from the list. Chrome looks from the end only, and before
    # a suffix takes an empty label as it takes any other.
    start = _last_empty(labels) + 1
    tail = ".".join(labels[start:])
    if not tail:
        return None
    below = f"{_EMPTY_LABEL}.{tail}" if any(labels[:start]) else tail
    registrable = _public_suffixes().privatesuffix(below)
    if registrable is None:
        return None
    if registrable == below != tail:
        registrable = f".{tail}"
    return registrable + hostname[len(name) :]


def _last_empty(labels: list[str]) -> int:
    return max((index for index, label in enumerate(labels) if not label), default=-1)


def _parts(url: str) -> _Parts | None:
    try:
        parsed = URL(url)
    except ValueError:
        return _with_space_in_host(url)
    if parsed.protocol in _WEB_SCHEMES:
        return _Parts(parsed.protocol, parsed.host, parsed.hostname, parsed.href)
    if parsed.protocol == _FILESYSTEM:
        inner = parsed.href.removeprefix(_FILESYSTEM)
    elif parsed.protocol == "blob:" and parsed.origin != "null":
        inner = parsed.origin
    else:
        return None
    parts = None if inner.startswith(_FILESYSTEM) else _parts(inner)
    return None if parts is None else parts._replace(href=parsed.href)


def _with_space_in_host(url: str) -> _Parts | None:
    match = _AUTHORITY.match(url)
    if match is None or _HOST_SPACE.search(match["host"]) is None:
        return None
    # Letters that stand for the space while the rest of the host goes through the standard.
    taken = (int(number) for number in _STAND_IN.findall(url))
    stand_in = f"x-space-{max(taken, default=0) + 1}"
    host = _HOST_SPACE.sub(stand_in, match["host"])
    try:
        parsed = URL(f"{match['head']}{host}{match['rest']}")
    except ValueError:
        return None
    return _Parts(
        parsed.protocol,
        parsed.host.replace(stand_in, "%20"),
        parsed.hostname.replace(stand_in, "%20"),
        parsed.href.replace(stand_in, "%20"),
    )
