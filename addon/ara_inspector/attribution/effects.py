"""What a registration did besides its own result: reports made and withdrawn, sources removed.

May live here: the values and the list the algorithms append to while they run.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from ara_inspector.attribution.delivery import ExpectedReport


class RemovalReason(StrEnum):
    """Why a source is no longer there."""

    EXPIRED = "expired"
    LOST_TO_ANOTHER_SOURCE = "lost-to-another-source"
    """A trigger was attributed to another source of the reporting origin and destination."""
    UNSCOPED = "unscoped"
    """It has no attribution scopes, and a newer source has."""
    SCOPES_INCOMPATIBLE = "scopes-incompatible"
    """A newer source has another max_event_states or a greater limit."""
    SCOPE_NOT_SELECTED = "scope-not-selected"
    """Newer scopes fill the limit."""
    DESTINATION_LIMIT = "destination-limit"
    """Destinations of newer or more important sources fill the limit."""
    CLEARED_BY_SITE = "cleared-by-site"
    """Its reporting origin sent Clear-Site-Data."""
    NOT_KEPT = "not-kept"
    """The inspector keeps no more: the browser may still have it."""
    REFUSED_BY_BROWSER = "refused-by-browser"
    """A report of the browser's own says that it was never stored."""


class Removal(Struct, frozen=True, gc=False, kw_only=True):
    """One source that left the browser's storage, and the registration that caused it."""

    source_id: str
    reason: RemovalReason
    cause_id: str | None
    time: int


class PossibilityKind(StrEnum):
    """What the browser does at random."""

    NOISE = "noise"
    """The source is answered at random: no real event-level report, fake ones instead."""
    NULL_REPORT = "null-report"
    """An aggregatable report without contributions that hides whether there was a match."""


class Possibility(Struct, frozen=True, gc=False, kw_only=True):
    """A random act of the browser: `trials` independent draws of `probability` each."""

    kind: PossibilityKind
    probability: float
    trials: int = 1
    registration_id: str


class Effects(Struct):
    """Everything one registration caused, in order."""

    reports: list[ExpectedReport] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)
    """Numbers of pending reports that will not be sent after all."""
    removals: list[Removal] = field(default_factory=list)
    possibilities: list[Possibility] = field(default_factory=list)
