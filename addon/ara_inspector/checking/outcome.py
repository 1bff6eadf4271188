"""What a run of `check` comes to: an exit status, and the line that says so.

May live here: putting together what the gate, the expectations and the state of the captures say.
Both come from one place, so that neither can contradict the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.findings import Severity
from ara_inspector.views.words import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ara_inspector.checking.expectations import Comparison
    from ara_inspector.checking.gate import Gate
    from ara_inspector.checking.inspection import Inspection

CLEAN: Final = 0
FOUND: Final = 1
UNUSABLE: Final = 2
WORDS: Final[Mapping[int, str]] = {CLEAN: "passed", FOUND: "failed", UNUSABLE: "incomplete"}


class Outcome(Struct, frozen=True, gc=False):
    """Counts of all that decides; `str()` of it is one line."""

    failing: int
    """Findings that fail the check."""
    known: int | None = None
    """Findings worse than a note that are known, if there is a baseline."""
    comparison: Comparison | None = None
    broken: int = 0
    """Captures that could not be read, or not to their end."""
    unchecked: bool = False
    """Whether no entry is looked at, though there are some."""

    @property
    def status(self) -> int:
        """The exit status."""
        if self.broken or self.unchecked:
            return UNUSABLE
        unmet = self.comparison is not None and self.comparison.unmet
        return FOUND if self.failing or unmet else CLEAN

    def __str__(self) -> str:
        return f"check {WORDS[self.status]}: {'; '.join(self._reasons())}"

    def _reasons(self) -> Iterator[str]:
        if self.broken:
            yield f"{count(self.broken, 'capture')} that cannot be read to the end"
        if self.unchecked:
            yield "nothing was checked"
        yield f"{count(self.failing, 'finding')} that fail{'s' if self.failing == 1 else ''} it"
        if self.comparison is not None:
            yield self.comparison.sentence
        if self.known is not None:
            yield f"{self.known:,} known from the baseline"


def outcome_of(
    inspections: Sequence[Inspection],
    gate: Gate,
    comparison: Comparison | None = None,
    *,
    unchecked: bool = False,
) -> Outcome:
    """What it comes to."""
    entries = [entry for inspection in inspections for entry in inspection.timeline]
    known = None
    if gate.known:
        known = sum(
            gate.is_known(entry, finding)
            for entry in entries
            for finding in entry.findings
            if finding.severity is not Severity.NOTE
        )
    return Outcome(
        failing=sum(1 for _ in gate.failures(entries)),
        known=known,
        comparison=comparison,
        broken=sum(each.damage is not None for each in inspections),
        unchecked=unchecked,
    )
