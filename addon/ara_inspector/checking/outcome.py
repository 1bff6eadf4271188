"""What a run of `check` comes to: an exit status, and the lines that say so.

May live here: putting together what the gate, the expectations and the state of the captures say.
Both come from one place, so that neither can contradict the other.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.checking.gate import FailOn
from ara_inspector.findings import Severity, printable
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


class Failing(Struct, frozen=True, gc=False):
    """One of several captures that make a check fail, and by what: for reading."""

    name: str
    why: str

    def __str__(self) -> str:
        return f"{printable(self.name)}: {self.why}"


class Outcome(Struct, frozen=True, gc=False):
    """Counts of all that decides; `str()` of it is one line, after one for each failing capture."""

    failing: int
    """Findings that fail the check."""
    fail_on: FailOn = FailOn.ERROR
    known: int | None = None
    """Findings worse than a note that are known, if there is a baseline."""
    comparison: Comparison | None = None
    broken: int = 0
    """Captures that could not be read, or not to their end."""
    unchecked: bool = False
    """Whether no entry is looked at, though there are some."""
    captures: int = 1
    failing_captures: tuple[Failing, ...] = ()
    """Where there are several captures."""
    failing_in: int = 1
    """Captures that have findings which fail the check."""

    @property
    def status(self) -> int:
        """The exit status."""
        if self.broken or self.unchecked:
            return UNUSABLE
        unmet = self.comparison is not None and self.comparison.unmet
        return FOUND if self.failing or unmet else CLEAN

    def __str__(self) -> str:
        line = f"check {WORDS[self.status]}: {'; '.join(self._reasons())}"
        return "\n".join([*map(str, self.failing_captures), line])

    def _reasons(self) -> Iterator[str]:
        if self.broken:
            yield f"{count(self.broken, 'capture')} that cannot be read to the end"
        if self.unchecked:
            yield "nothing was checked"
        if self.failing:
            places = ""
            if self.captures > 1:
                places = f" in {self.failing_in:,} of {self.captures:,} captures"
            yield f"{count(self.failing, 'finding')} at or above {self.fail_on}{places}"
        elif self.fail_on is not FailOn.NEVER:
            yield f"no {'new ' if self.known else ''}finding at or above {self.fail_on}"
        elif self.comparison is None:
            yield "no finding fails it"
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
    found = [
        Counter(finding.severity for _, finding in gate.failures(each.timeline))
        for each in inspections
    ]
    several = len(inspections) > 1
    return Outcome(
        failing=sum(each.total() for each in found),
        fail_on=gate.fail_on,
        known=known,
        comparison=comparison,
        broken=sum(each.damage is not None for each in inspections),
        unchecked=unchecked,
        captures=len(inspections),
        failing_captures=tuple(_failing(inspections, found)) if several else (),
        failing_in=sum(bool(each) for each in found),
    )


def _failing(
    inspections: Sequence[Inspection], found: Sequence[Mapping[Severity, int]]
) -> Iterator[Failing]:
    for inspection, severities in zip(inspections, found, strict=True):
        why = [count(severities[each], each) for each in Severity if each in severities]
        if not inspection.is_readable:
            why.append("cannot be read")
        elif inspection.damage is not None:
            why.append("cannot be read to the end")
        if why:
            yield Failing(inspection.name, ", ".join(why))
