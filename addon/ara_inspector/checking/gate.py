"""Whether what was found is bad enough to fail, and what of it was known before.

May live here: the decision that becomes an exit status. Which findings are shown is decided by
the selection before it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.checking.baseline import fingerprint
from ara_inspector.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ara_inspector.findings import Finding
    from ara_inspector.timeline import Entry


class FailOn(StrEnum):
    """The mildest severity that fails a run."""

    ERROR = "error"
    WARNING = "warning"
    NEVER = "never"


FAILING: Final[Mapping[FailOn, frozenset[Severity]]] = {
    FailOn.ERROR: frozenset({Severity.ERROR}),
    FailOn.WARNING: frozenset({Severity.ERROR, Severity.WARNING}),
    FailOn.NEVER: frozenset(),
}


class Gate(Struct, frozen=True, gc=False):
    """Fails on findings of `fail_on` or worse that are not among the `known` of a baseline."""

    fail_on: FailOn = FailOn.ERROR
    known: frozenset[str] = frozenset()
    named: Callable[[Entry, Finding], str] = fingerprint
    """The name under which a finding is known."""

    def is_known(self, entry: Entry, finding: Finding) -> bool:
        """Whether the baseline has this finding."""
        return bool(self.known) and self.named(entry, finding) in self.known

    def fails(self, entry: Entry, finding: Finding) -> bool:
        """Whether this finding fails the run."""
        return finding.severity in FAILING[self.fail_on] and not self.is_known(entry, finding)

    def failures(self, entries: Iterable[Entry]) -> Iterator[tuple[Entry, Finding]]:
        """Every finding that fails the run."""
        for entry in entries:
            for finding in entry.findings:
                if self.fails(entry, finding):
                    yield entry, finding
