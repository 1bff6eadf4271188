"""What reading a header gives: the effective value, and everything found on the way.

May live here: the result type that every header's reader returns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from ara_inspector.findings import Severity

if TYPE_CHECKING:
    from ara_inspector.findings import Finding


class Reading[T](Struct, frozen=True, gc=False):
    """A header as the browser reads it.

    `value` is the effective value, None where the browser cannot parse the header. It can be
    there although `ok` is false: Chrome parses the header, then refuses to store it (channel
    capacity, event states). `findings` are in document order.
    """

    value: T | None
    findings: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the browser would store or use it."""
        return self.value is not None and not any(
            finding.severity is Severity.ERROR for finding in self.findings
        )
