"""Which top-level page a request belongs to.

May live here: remembering documents and frames, climbing from a request to its page, and what
reports prove afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ara_inspector.findings import Finding


@dataclass(frozen=True, slots=True)
class ContextNews:
    """What a report proved about the site of an earlier registration."""

    entry: int
    """The number of the registration's entry."""
    inferred: str | None
    proven: str
    findings: tuple[Finding, ...] = ()
