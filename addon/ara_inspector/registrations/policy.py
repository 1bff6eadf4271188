"""What a document's Permissions-Policy says about the API.

May live here: the feature `attribution-reporting` and nothing else of that header. A frame's
`allow` attribute is markup, not on the wire as a header, and is not read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import http_sf
from msgspec import Struct

from ara_inspector.findings import Finding
from ara_inspector.spec.structured import read_dictionary

if TYPE_CHECKING:
    from collections.abc import Iterable

FEATURE: Final = "attribution-reporting"


class Allowlist(Struct, frozen=True, gc=False):
    """Who may use the API in a document and its frames. The API's default is everybody."""

    everybody: bool
    itself: bool = False
    origins: frozenset[str] = frozenset()

    def allows(self, origin: str | None, own: str | None) -> bool:
        """Whether a document of `origin` may, where the policy's own document is `own`."""
        if self.everybody:
            return True
        if self.itself and origin is not None and origin == own:
            return True
        return origin in self.origins


DEFAULT: Final = Allowlist(everybody=True)
"""https://wicg.github.io/attribution-reporting-api/#permission-policy-integration ."""


def read_policy(lines: Iterable[str]) -> Allowlist:
    """The API's allowlist in the Permissions-Policy header; the default where it is silent."""
    parsed = read_dictionary(", ".join(lines))
    if isinstance(parsed, Finding):
        return DEFAULT
    member = parsed[0].get(FEATURE)
    if member is None:
        return DEFAULT
    values = member.value if isinstance(member.value, list) else [(member.value, {})]
    tokens = {str(value) for value, _ in values if isinstance(value, http_sf.Token)}
    strings = {
        value.rstrip("/")
        for value, _ in values
        if isinstance(value, str) and not isinstance(value, http_sf.Token)
    }
    return Allowlist(everybody="*" in tokens, itself="self" in tokens, origins=frozenset(strings))
