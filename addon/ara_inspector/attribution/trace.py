"""The why-not trace: what the engine compared, in the browser's order, as plain data.

May live here: the trace's values and the `Checks` the engine records them with. The engine
decides by calling `require`, so there is no second implementation that could disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from msgspec import Struct

if TYPE_CHECKING:
    from ara_inspector.attribution.results import (
        AggregatableResult,
        EventLevelResult,
        Result,
    )

type Value = str | int | float | bool | tuple[Value, ...] | Mapping[str, Value] | None
"""What a check compares: plain JSON."""


NOISE_CHECK: Final = "randomized-response"
"""The name of the check for noise: it is there wherever the browser may answer at random."""


class Verdict(StrEnum):
    """How one check went."""

    PASSED = "passed"
    FAILED = "failed"
    UNDECIDABLE = "undecidable"
    """The wire cannot show it; the engine went on with the likelier answer."""


class Check(Struct, frozen=True, gc=False):
    """One comparison the browser makes: `given` (what is there) against `wanted`."""

    name: str
    verdict: Verdict
    given: Value = None
    wanted: Value = None
    source_id: str | None = None
    """The source's registration the check is about, where it is about one."""


class Candidate(Struct, frozen=True, gc=False):
    """One source the browser looked at for a trigger, or a near miss it never looked at."""

    source_id: str
    checks: tuple[Check, ...]
    chosen: bool = False


class Level[R: (EventLevelResult, AggregatableResult)](Struct, frozen=True, gc=False):
    """One level of a trigger: every check up to the first that failed, and the result."""

    result: R
    checks: tuple[Check, ...] = ()
    debug_type: str | None = None
    """The verbose debug type Chrome reports this as; None for success and nothing to do."""


class TriggerTrace(Struct, frozen=True, gc=False):
    """How the browser came to its answer for one trigger."""

    candidates: tuple[Candidate, ...]
    """Unexpired sources of this reporting origin and destination, newest first; the chosen
    one is always among them."""
    untold: int
    """How many older ones are left out."""
    near_misses: tuple[Candidate, ...]
    """Only where no source matched: sources of another reporting origin or destination, and
    sources that would have matched but are gone; each with what keeps it out."""
    filters: tuple[Check, ...]
    """The trigger's top-level filters against the chosen source."""
    event_level: Level[EventLevelResult]
    aggregatable: Level[AggregatableResult]


class RefusalError(Exception):
    """The browser stops here with `result`; caught by the algorithm that began the checks."""

    def __init__(self, result: Result) -> None:
        super().__init__(result)
        self.result = result


class Checks:
    """Records checks while the engine makes them."""

    __slots__ = ("_made", "source_id")

    def __init__(self, source_id: str | None = None) -> None:
        self._made: list[Check] = []
        self.source_id = source_id

    @property
    def made(self) -> tuple[Check, ...]:
        """The checks so far."""
        return tuple(self._made)

    def note(self, name: str, verdict: Verdict, given: Value = None, wanted: Value = None) -> None:
        """Record a check whose answer does not stop the algorithm."""
        self._made.append(Check(name, verdict, given, wanted, self.source_id))

    def require(
        self,
        name: str,
        passed: bool,
        otherwise: Result,
        *,
        given: Value = None,
        wanted: Value = None,
    ) -> None:
        """Record a check and stop with `otherwise` where it failed."""
        self.note(name, Verdict.PASSED if passed else Verdict.FAILED, given, wanted)
        if not passed:
            raise RefusalError(otherwise)
