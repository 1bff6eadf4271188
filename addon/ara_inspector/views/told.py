"""What every view of a whole session is given: its entries and its summary.

May live here: the protocol alone. A live session is one, an inspected capture is another, and
so is either of them filtered or redacted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ara_inspector.session import Summary
    from ara_inspector.timeline import Entry


class Told(Protocol):
    """Something with a timeline and a summary."""

    @property
    def timeline(self) -> Iterable[Entry]:
        """The entries, in order."""

    def summary(self) -> Summary:
        """Where things stand."""
