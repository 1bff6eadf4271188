"""Where a page's Content-Security-Policy lets its requests be redirected to.

May live here: the few directives that stop a redirect, matched as browsers match redirects: by
scheme, host and port, never by path. Reports-only policies and markup are not looked at.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ada_url import URL

from ara_inspector.registrations.source_expressions import PORTS, host_fits, port_fits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

type Policy = Mapping[str, tuple[str, ...]]
"""One policy: directives in lower case with their source expressions."""

FALLBACKS: Final = {
    "empty": ("connect-src", "default-src"),
    "image": ("img-src", "default-src"),
    "script": ("script-src-elem", "script-src", "default-src"),
    "style": ("style-src-elem", "style-src", "default-src"),
    "font": ("font-src", "default-src"),
    "audio": ("media-src", "default-src"),
    "video": ("media-src", "default-src"),
}
"""The directives a Sec-Fetch-Dest is judged by: the first that a policy has."""
EXPRESSION: Final = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?(?P<host>\*|(?:\*\.)?[a-z0-9_.-]+)"
    r"(?::(?P<port>\*|[0-9]+))?(?:/.*)?"
)
SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*):")
KEPT: Final = ("allow-same-origin",)
"""As if this stood where a policy has no sandbox: the document keeps its origin."""


def read_policies(lines: Iterable[str]) -> tuple[Policy, ...]:
    """The policies of the Content-Security-Policy lines of a document."""
    policies = []
    for serialized in ",".join(lines).split(","):
        policy: dict[str, tuple[str, ...]] = {}
        for directive in serialized.split(";"):
            name, *sources = directive.lower().split()[:1] + directive.split()[1:] or [""]
            policy.setdefault(name, tuple(source.lower() for source in sources))
        policies.append(policy)
    return tuple(policies)


def upgrades(policies: Iterable[Policy]) -> bool:
    """Whether the document's requests go over https instead of http, whatever they are for."""
    return any("upgrade-insecure-requests" in policy for policy in policies)


def isolates(policies: Iterable[Policy]) -> bool:
    """Whether the document is sandboxed so that it has no origin of its own."""
    return any("allow-same-origin" not in policy.get("sandbox", KEPT) for policy in policies)


def forbidding(policies: Iterable[Policy], dest: str | None, url: str, own: str) -> str | None:
    """The directive that forbids a request for `dest` to go to `url`; None if none does.

    `own` is the origin of the document.
    """
    for policy in policies:
        name = next((name for name in FALLBACKS.get(dest or "", ()) if name in policy), None)
        if name is not None and not any(_matches(source, url, own) for source in policy[name]):
            return name
    return None


def _matches(source: str, url: str, own: str) -> bool:
    """https://w3c.github.io/webappsec-csp/#match-url-to-source-expression , for redirects."""
    target = URL(url)
    if source == "*":
        return target.protocol.removesuffix(":") in PORTS
    if source == "'self'":
        return _same_or_upgraded(target, URL(own))
    scheme = SCHEME.fullmatch(source)
    if scheme is not None:
        return _scheme_fits(f"{scheme[1]}:", target)
    found = EXPRESSION.fullmatch(source)
    if found is None:
        return False
    wanted = f"{found['scheme']}:" if found["scheme"] else URL(own).protocol
    return (
        _scheme_fits(wanted, target)
        and host_fits(found["host"], target.hostname)
        and port_fits(found["port"], target.protocol.removesuffix(":"), target.port)
    )


def _same_or_upgraded(target: URL, own: URL) -> bool:
    return target.hostname == own.hostname and (
        target.origin == own.origin or (own.protocol == "http:" and target.protocol == "https:")
    )


def _scheme_fits(wanted: str, target: URL) -> bool:
    return target.protocol == wanted or (wanted, target.protocol) == ("http:", "https:")
