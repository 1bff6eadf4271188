"""What every view of a whole session is given: its entries and its summary.

May live here: the protocol, and the excerpt that fulfils it. A live session does so too, and so
does an inspected capture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

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


class Excerpt(Struct, frozen=True, gc=False):
    """What a session told, changed: filtered (its summary says so) or redacted."""

    timeline: tuple[Entry, ...]
    told: Summary

    def summary(self) -> Summary:
        """The session's summary."""
        return self.told
