"""What enters the engine: one valid registration, at a moment, on a top-level site.

May live here: the two input values and what may be known of a source's noise. Origins and
sites are serialized text; the caller has derived them, and knows how sure it is of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

if TYPE_CHECKING:
    from ara_inspector.spec.effective import Source, SourceType, Trigger

SECOND: Final = 1_000_000
"""Microseconds."""


class TriggerState(Struct, frozen=True, gc=False):
    """https://wicg.github.io/attribution-reporting-api/#trigger-state .

    `window` is an index into the source's event-level report windows.
    """

    trigger_data: int
    window: int


class Noise(Struct, frozen=True, gc=False):
    """That the browser answered at random for a source (a non-null randomized response).

    `states` are its fake reports; None where only the fact is known: from a `source-noised`
    verbose debug report, or because the source's epsilon makes it certain.
    """

    states: tuple[TriggerState, ...] | None = None

    @property
    def never(self) -> bool:
        """Whether the random answer was "no report at all"."""
        return self.states == ()


class SourceRegistration(Struct, frozen=True, gc=False, kw_only=True):
    """A Register-Source header the browser parsed. `id` is the caller's, for the answers."""

    id: str
    time: int
    source_type: SourceType
    source_origin: str
    source_site: str
    reporting_origin: str
    reporting_site: str
    source: Source
    noise: Noise | None = None
    """Noise the caller has seen proof of."""


class TriggerRegistration(Struct, frozen=True, gc=False, kw_only=True):
    """A Register-Trigger header the browser parsed. `id` is the caller's, for the answers."""

    id: str
    time: int
    attribution_destination: str
    """The top-level site of the page with the trigger."""
    reporting_origin: str
    reporting_site: str
    trigger: Trigger
