"""What the source expressions of Content-Security-Policy and Permissions-Policy have in common.

May live here: whether a pattern's host and port fit those of an origin. Schemes are compared
differently in the two, and read there.
"""

from __future__ import annotations

from typing import Final

PORTS: Final = {"http": "80", "https": "443"}
"""The ports that go without saying."""


def host_fits(pattern: str, host: str) -> bool:
    """Whether `pattern` names the host: `*` every one, `*.` in front every subdomain."""
    if pattern.startswith("*."):
        return host.endswith(pattern[1:])
    return pattern in {"*", host}


def port_fits(pattern: str | None, scheme: str, port: str | None) -> bool:
    """Whether `pattern` names the port: `*` every one; None is the one usual for `scheme`."""
    usual = PORTS.get(scheme)
    return pattern == "*" or (pattern or usual) == (port or usual)
