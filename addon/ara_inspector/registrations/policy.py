"""What a document's Permissions-Policy and Feature-Policy say about the API.

May live here: the feature `attribution-reporting` and nothing else of those headers. A frame's
`allow` attribute is markup, not on the wire as a header, and is not read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import http_sf
from msgspec import Struct

from ara_inspector.findings import Finding
from ara_inspector.registrations.source_expressions import host_fits, port_fits
from ara_inspector.spec.structured import read_dictionary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ara_inspector.spec.structured import Bare

FEATURE: Final = "attribution-reporting"
EVERYBODY: Final = "*"
ITSELF: Final = "'self'"
SOURCE: Final = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*):"
    r"(?://(?P<host>\*|(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)"
    r"(?::(?P<port>\*|[0-9]+))?(?:/.*)?)?",
    re.DOTALL,
)
"""A source expression in lower case; its path means nothing."""
ORIGIN: Final = re.compile(r"(?P<scheme>[^:]+)://(?P<host>.+?)(?::(?P<port>[0-9]+))?")


class Source(NamedTuple):
    """Whose documents an entry names."""

    scheme: str
    host: str
    """`*` for every host, `*.` in front for every subdomain."""
    port: str | None
    """`*` for every port, None for the scheme's own."""

    def matches(self, origin: str) -> bool:
        """Whether the entry names a serialized `origin`: no scheme or port stands for another."""
        found = ORIGIN.fullmatch(origin)
        return (
            found is not None
            and found["scheme"] == self.scheme
            and host_fits(self.host, found["host"])
            and port_fits(self.port, self.scheme, found["port"])
        )


class Allowlist(Struct, frozen=True, gc=False):
    """Who may use the API in a document and its frames. The API's default is everybody."""

    everybody: bool
    itself: bool = False
    sources: tuple[Source, ...] = ()

    def allows(self, origin: str | None, own: str | None) -> bool:
        """Whether a document of `origin` may, where the policy's own document is `own`."""
        if self.everybody:
            return True
        if origin is None:
            return False
        return (self.itself and origin == own) or any(
            source.matches(origin) for source in self.sources
        )


DEFAULT: Final = Allowlist(everybody=True)
"""https://wicg.github.io/attribution-reporting-api/#permission-policy-integration ."""


def read_policy(lines: Iterable[str], old_lines: Iterable[str] = ()) -> Allowlist:
    """The API's allowlist in the Permissions-Policy header; the default where it is silent.

    Where that header does not name the API, Chrome still obeys the old Feature-Policy.
    """
    entries = _entries(", ".join(lines))
    if entries is not None:
        return _allowlist(entries, wildcards=True)
    old = _old_entries(",".join(old_lines))
    return DEFAULT if old is None else _allowlist(old, wildcards=False)


def _entries(text: str) -> list[str] | None:
    """What Permissions-Policy lists for the API, in the old spelling; None where it is silent."""
    parsed = read_dictionary(text)
    if isinstance(parsed, Finding):
        return None
    member = parsed[0].get(FEATURE)
    if member is None:
        return None
    values = member.value if isinstance(member.value, list) else [(member.value, {})]
    return [entry for value, _ in values if (entry := _entry(value)) is not None]


def _entry(value: Bare) -> str | None:
    if isinstance(value, http_sf.Token):
        return {"*": EVERYBODY, "self": ITSELF}.get(str(value))
    return value if isinstance(value, str) else None


def _old_entries(text: str) -> list[str] | None:
    """What Feature-Policy lists for the API the first time; None where it is silent."""
    for directive in text.replace(",", ";").split(";"):
        name, *entries = directive.split() or [""]
        if name == FEATURE:
            return entries or [ITSELF]
    return None


def _allowlist(entries: Iterable[str], *, wildcards: bool) -> Allowlist:
    """The list the entries make; those that cannot be read name nobody, as 'none' does."""
    lowered = [entry.lower() for entry in entries if entry.isascii()]
    sources = (_source(entry, wildcards=wildcards) for entry in lowered)
    return Allowlist(
        everybody=EVERYBODY in lowered,
        itself=ITSELF in lowered,
        sources=tuple(source for source in sources if source is not None),
    )


def _source(entry: str, *, wildcards: bool) -> Source | None:
    """The source expression; the old header knows none but origins."""
    found = SOURCE.fullmatch(entry)
    if found is None:
        return None
    scheme, host, port = found.groups()
    source = Source(scheme, host, port) if host else Source(scheme, "*", "*")
    is_wild = source.host.startswith("*") or source.port == "*"
    return None if is_wild and not wildcards else source
